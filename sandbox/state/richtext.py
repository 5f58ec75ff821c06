"""Blocks that Slack completes or makes itself: missing block ids, and the rich text of what people type."""

import re
from collections.abc import Iterator

from sandbox.ids import Ids
from sandbox.state.model import Json

_PIECE = re.compile(r"<([^<>]+)>|:([a-z0-9_+'-]+):")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # in this order (protocol.md, section 10)


def with_block_ids(blocks: list[Json], ids: Ids) -> list[Json]:
    """The blocks, each with a block_id and each interactive element with an action_id, as Slack stores them."""
    return [_with_action_ids({"block_id": ids.word(5)} | block, ids) for block in blocks]


def rich_text(text: str, ids: Ids) -> list[Json]:
    """The rich_text block Slack makes of a person's typed message."""
    if not text:
        return []
    section = {"type": "rich_text_section", "elements": list(_pieces(text))}
    return [{"type": "rich_text", "block_id": ids.word(5), "elements": [section]}]


# The elements that carry an action_id (blocks.json: elements; an image inside a context block has none).
_INTERACTIVE = re.compile(
    r"button|overflow|datepicker|timepicker|datetimepicker|checkboxes|.*_select|.*_input|.*buttons"
)


def _with_action_ids(block: Json, ids: Ids) -> Json:
    for part in ("accessory", "element"):
        if isinstance(block.get(part), dict):
            block[part] = _with_action_id(block[part], ids)
    if block.get("type") in ("actions", "context_actions"):
        block["elements"] = [_with_action_id(element, ids) for element in block["elements"]]
    return block


def _with_action_id(element: Json, ids: Ids) -> Json:
    if "action_id" in element or not _INTERACTIVE.fullmatch(str(element.get("type"))):
        return element
    return element | {"action_id": ids.word(5)}


def _pieces(text: str) -> Iterator[Json]:
    end = 0
    for match in _PIECE.finditer(text):
        if match.start() > end:
            yield {"type": "text", "text": _unescape(text[end : match.start()])}
        yield _special(match.group(1)) if match.group(1) else {"type": "emoji", "name": match.group(2)}
        end = match.end()
    if end < len(text):
        yield {"type": "text", "text": _unescape(text[end:])}


def _special(inside: str) -> Json:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    link: Json = {"type": "link", "url": _unescape(target)}
    return link | ({"text": _unescape(label)} if label else {})


def _unescape(text: str) -> str:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
