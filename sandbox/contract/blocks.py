"""Whether Slack would take these blocks, this view, this message."""

import json
from typing import Any

from sandbox.contract.block_kit import BlockChecker, Surface
from sandbox.contract.facts import facts
from sandbox.contract.messages import check_message
from sandbox.contract.schema import Checked, Field, Shape

__all__ = ["Checked", "Surface", "check_blocks", "check_message", "check_view"]

VIEWS = {name: Shape.from_facts(fact) for name, fact in facts("blocks.json")["views"].items()}

# blocks.json: limits.view_json_kb; taken as thousands of bytes, the stricter reading.
VIEW_BYTES = facts("blocks.json")["limits"]["view_json_kb"]["value"] * 1000


def check_blocks(blocks: object, *, surface: Surface) -> Checked:
    """Check a list of blocks; the code is invalid_blocks_format, invalid_blocks, or invalid_arguments in a view."""
    invalid = "invalid_blocks" if surface == "message" else "invalid_arguments"
    if not isinstance(blocks, list):
        code = "invalid_blocks_format" if surface == "message" else invalid
        return Checked(["[ERROR] must provide an array [json-pointer:/blocks]"], code=code)
    checker = BlockChecker(surface)
    checker.check_blocks(blocks, "/blocks")
    return Checked(checker.errors, checker.warnings, invalid if checker.errors else None)


def check_view(view: object, *, type_: str | None = None) -> Checked:
    """Check a modal or a home tab, where `type_` says which it must be; view_too_large or invalid_arguments."""
    kind = view.get("type") if isinstance(view, dict) else None
    if not isinstance(view, dict) or not isinstance(kind, str) or kind not in VIEWS:
        return Checked([_unknown_view(view)], code="invalid_arguments")
    if len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode()) > VIEW_BYTES:
        return Checked(code="view_too_large")
    checker = BlockChecker("modal" if kind == "modal" else "home")
    checker.check(view, Field("object", shape=VIEWS[kind]), "/view")
    if kind == "modal" and "submit" not in view:
        _require_submit(checker, view)
    if type_ is not None and kind != type_:
        checker.fail(f"must be {type_}", "/view/type")
    return Checked(checker.errors, checker.warnings, "invalid_arguments" if checker.errors else None)


def _unknown_view(view: object) -> str:
    if not isinstance(view, dict):
        return "[ERROR] must provide an object [json-pointer:/view]"
    if "type" not in view:
        return "[ERROR] missing required field: type [json-pointer:/view]"
    return f"[ERROR] unsupported type: {view['type']} [json-pointer:/view/type]"


def _require_submit(checker: BlockChecker, view: dict[str, Any]) -> None:
    blocks = view.get("blocks")
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        if isinstance(block, dict) and block.get("type") == "input":
            place = f"/view/blocks/{index}/input"
            checker.fail("must define `submit` to use an `input` block in modals", place)
