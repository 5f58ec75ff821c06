"""Blocks as plain words: what someone reads on a message, a modal or a home tab."""

from collections.abc import Callable, Iterable, Mapping

from sandbox.text import Reader, read_date, read_mrkdwn, unescape

Json = Mapping[str, object]


def read_blocks(blocks: object, reader: Reader) -> str:
    """All words of these blocks, one line for each thing that stands on a line of its own."""
    return "\n".join(line for block in dicts(blocks) for line in _read_block(block, reader) if line)


def read_text(text: object, reader: Reader) -> str:
    """A text object: mrkdwn is read as markup, plain_text as it stands."""
    if not isinstance(text, Mapping):
        return ""
    words = str(text.get("text", ""))
    return read_mrkdwn(words, reader) if text.get("type") == "mrkdwn" else unescape(words)


def read_attachments(attachments: object, reader: Reader) -> str:
    """The words of legacy attachments, blocks within them included."""
    lines: list[str] = []
    for attachment in dicts(attachments):
        lines += [
            read_mrkdwn(str(attachment[key]), reader) for key in ("pretext", "title", "text") if key in attachment
        ]
        lines += [f"{field.get('title', '')}\n{field.get('value', '')}" for field in dicts(attachment.get("fields"))]
        lines.append(read_blocks(attachment.get("blocks"), reader))
    return "\n".join(line for line in lines if line)


def label_of(element: Json) -> str:
    """What an element is called by those who see it: its text, placeholder, or chosen option."""
    for key in ("text", "placeholder"):
        text = element.get(key)
        if isinstance(text, Mapping):
            return unescape(str(text.get("text", "")))
    return str(element.get("alt_text", ""))


def dicts(value: object) -> list[Json]:
    """The objects in a JSON array, and none where there is no array."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def options_of(element: Json) -> list[Json]:
    """Every option an element offers, groups laid open."""
    groups = [option for group in dicts(element.get("option_groups")) for option in dicts(group.get("options"))]
    return dicts(element.get("options")) + groups


def _read_block(block: Json, reader: Reader) -> list[str]:
    read = _READERS.get(str(block.get("type")))
    return read(block, reader) if read else list(_any_words(block, reader))


def _section(block: Json, reader: Reader) -> list[str]:
    lines = [read_text(block.get("text"), reader)]
    lines += [read_text(field, reader) for field in dicts(block.get("fields"))]
    accessory = block.get("accessory")
    return [*lines, _element(accessory, reader)] if isinstance(accessory, Mapping) else lines


def _context(block: Json, reader: Reader) -> list[str]:
    return [" ".join(_element(element, reader) for element in dicts(block.get("elements")))]


def _actions(block: Json, reader: Reader) -> list[str]:
    return [" ".join(_element(element, reader) for element in dicts(block.get("elements")))]


def _input(block: Json, reader: Reader) -> list[str]:
    element = block.get("element")
    shown = _element(element, reader) if isinstance(element, Mapping) else ""
    return [read_text(block.get("label"), reader), shown, read_text(block.get("hint"), reader)]


def _image(block: Json, reader: Reader) -> list[str]:
    return [read_text(block.get("title"), reader), str(block.get("alt_text", ""))]


def _markdown(block: Json, reader: Reader) -> list[str]:
    return [str(block.get("text", ""))]


def _rich_text(block: Json, reader: Reader) -> list[str]:
    return [_rich(element, reader) for element in dicts(block.get("elements"))]


def _table(block: Json, reader: Reader) -> list[str]:
    rows = block.get("rows")
    return [" | ".join(_cell(cell, reader) for cell in dicts(row)) for row in rows] if isinstance(rows, list) else []


def _cell(cell: Json, reader: Reader) -> str:
    if cell.get("type") == "rich_text":
        return " ".join(_rich_text(cell, reader))
    return str(cell.get("text", ""))


def _element(element: Json, reader: Reader) -> str:
    kind = element.get("type")
    if kind in ("mrkdwn", "plain_text"):
        return read_text(element, reader)
    if kind == "image":
        return str(element.get("alt_text", ""))
    if kind in ("checkboxes", "radio_buttons"):
        chosen = label_of(element)
        options = "\n".join(_option(option, reader) for option in options_of(element))
        return f"{options}\n[{chosen}]" if chosen else options
    if kind == "overflow":
        return "[…]"
    label = label_of(element)
    return f"[{label}]" if label else ""


def _option(option: Json, reader: Reader) -> str:
    described = read_text(option.get("description"), reader)
    words = read_text(option.get("text"), reader)
    return f"{words}\n{described}" if described else words


def _rich(element: Json, reader: Reader) -> str:
    children = dicts(element.get("elements"))
    if element.get("type") == "rich_text_list":
        return "\n".join(f"• {_rich(child, reader)}" for child in children)
    return "".join(_rich_leaf(child, reader) for child in children)


def _rich_leaf(leaf: Json, reader: Reader) -> str:
    kind = leaf.get("type")
    if kind == "user":
        user = str(leaf.get("user_id"))
        return f"@{reader.user_name(user) or user}"
    if kind == "channel":
        name = reader.channel_name(str(leaf.get("channel_id")))
        return f"#{name}" if name else "private channel"
    if kind == "usergroup":
        return f"@{reader.group_name(str(leaf.get('usergroup_id'))) or 'group'}"
    if kind == "emoji":
        return f":{leaf.get('name')}:"
    if kind == "broadcast":
        return f"@{leaf.get('range')}"
    if kind == "date":
        return read_date(_int(leaf.get("timestamp")), str(leaf.get("format")), str(leaf.get("fallback", "")), reader)
    return str(leaf.get("text") or leaf.get("url") or "")


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _any_words(value: object, reader: Reader) -> Iterable[str]:
    """Words of a block this reader has no form for: every text object in it, in order."""
    if isinstance(value, Mapping):
        if value.get("type") in ("mrkdwn", "plain_text"):
            yield read_text(value, reader)
            return
        for inner in value.values():
            yield from _any_words(inner, reader)
    elif isinstance(value, list):
        for inner in value:
            yield from _any_words(inner, reader)


_READERS: dict[str, Callable[[Json, Reader], list[str]]] = {
    "section": _section,
    "header": lambda block, reader: [read_text(block.get("text"), reader)],
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "table": _table,
    "divider": lambda block, reader: [],
}
