"""Blocks that Slack completes or makes itself: missing block ids, and the rich text of what people type."""

import re

from sandbox.ids import Ids
from sandbox.state.composed import composed
from sandbox.state.model import Json


def with_block_ids(blocks: list[Json], ids: Ids) -> list[Json]:
    """The blocks, each with a block_id and each interactive element with an action_id, as Slack stores them."""
    return [_with_action_ids({"block_id": ids.word(5)} | block, ids) for block in blocks]


def rich_text(text: str, ids: Ids) -> list[Json]:
    """The rich_text block Slack makes of a person's typed message."""
    if not text:
        return []
    return [{"type": "rich_text", "block_id": ids.word(5), "elements": composed(text)}]


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
