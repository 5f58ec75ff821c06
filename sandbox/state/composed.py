"""What Slack's composer makes of what people type: the parts of a rich_text block (blocks.json: rich_text)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from sandbox.contract.emoji import is_emoji
from sandbox.state.model import Json
from sandbox.text import STYLES, fenced, inline, unescape

_DEEPEST = 8  # blocks.json: rich_text_list, indent
_QUOTE = re.compile(r"&gt; ?")
_POINT = re.compile(r"(?P<indent> *)(?:[-*•]|(?P<number>[0-9]{1,4})[.)]) +(?=\S)")


@dataclass(frozen=True)
class _Line:
    kind: str  # rich_text_section, rich_text_quote, bullet or ordered
    words: str
    depth: int = 0
    number: int = 1


def composed(text: str) -> list[Json]:
    """The sections, quotes, lists and blocks of code of a text as Slack stores it, in its order."""
    pieces = list(fenced(text))
    if len(pieces) == 1:
        return list(_prose(text))
    return [part for is_code, piece in pieces for part in ([_code(piece)] if is_code else _prose(piece.strip("\n")))]


def _code(text: str) -> Json:
    return {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": unescape(text)}] if text else []}


def _prose(text: str) -> Iterator[Json]:
    lines = [_line(line) for line in text.split("\n")]
    for (kind, depth), group in groupby(lines, key=lambda line: (line.kind, line.depth)):
        same = list(group)
        if kind in ("bullet", "ordered"):
            yield _list(kind, depth, same)
        elif words := "\n".join(line.words for line in same):
            yield {"type": kind, "elements": list(_leaves(words))}


def _line(line: str) -> _Line:
    if quote := _QUOTE.match(line):
        return _Line("rich_text_quote", line[quote.end() :])
    point = _POINT.match(line)
    if point is None:
        return _Line("rich_text_section", line)
    depth, words = min(len(point["indent"]) // 2, _DEEPEST), line[point.end() :]
    return _Line("ordered", words, depth, int(point["number"])) if point["number"] else _Line("bullet", words, depth)


def _list(style: str, depth: int, lines: Iterable[_Line]) -> Json:
    lines = list(lines)
    items = [{"type": "rich_text_section", "elements": list(_leaves(line.words))} for line in lines]
    shape: Json = {"type": "rich_text_list", "style": style, "indent": depth, "border": 0, "elements": items}
    return shape | ({"offset": lines[0].number - 1} if lines[0].number > 1 else {})


def _leaves(text: str, style: Json | None = None) -> Iterator[Json]:
    """The pieces of some words, each with the styles around it."""
    style = style or {}
    for kind, piece in inline(text):
        if kind in STYLES:
            yield from _leaves(piece, style | {kind: True})
        else:
            worn = style | ({"code": True} if kind == "code" else {})
            yield _leaf(kind, piece) | ({"style": worn} if worn else {})


def _leaf(kind: str, piece: str) -> Json:
    if kind == "sequence":
        return _special(piece)
    if kind == "emoji":
        return {"type": "emoji", "name": piece} if is_emoji(piece) else {"type": "text", "text": f":{piece}:"}
    return {"type": "text", "text": unescape(piece)}


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
    link: Json = {"type": "link", "url": unescape(target)}
    return link | ({"text": unescape(label)} if label else {})
