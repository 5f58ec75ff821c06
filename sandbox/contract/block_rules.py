"""The rules of Block Kit that hold between fields of one block or element (blocks.json: cross_rules and notes)."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.contract.schema import Checker

Rule = Callable[[Checker, Mapping[str, Any], str], None]


def initial_is_an_option(checker: Checker, element: Mapping[str, Any], pointer: str) -> None:
    """An initial option equals one of the options exactly."""
    options = [*element.get("options", ())]
    for group in element.get("option_groups", ()):
        options += group["options"]
    if "initial_option" in element and element["initial_option"] not in options:
        checker.fail("must match one of the options", f"{pointer}/initial_option")
    for index, initial in enumerate(element.get("initial_options", ())):
        if initial not in options:
            checker.fail("must match one of the options", f"{pointer}/initial_options/{index}")


def ordered(low: str, high: str) -> Rule:
    """The rule that one field is not above another."""

    def rule(checker: Checker, element: Mapping[str, Any], pointer: str) -> None:
        if low in element and high in element and float(element[low]) > float(element[high]):
            checker.fail(f"`{low}` must not be more than `{high}`", f"{pointer}/{low}")

    return rule


def no_dispatch_with_files(checker: Checker, block: Mapping[str, Any], pointer: str) -> None:
    """A file input does not dispatch actions."""
    if block.get("dispatch_action") and block["element"]["type"] == "file_input":
        checker.fail("`dispatch_action` cannot be used with `file_input`", f"{pointer}/dispatch_action")


def plain_header_and_even_rows(checker: Checker, block: Mapping[str, Any], pointer: str) -> None:
    """The rows of a data table are of one length, and no header cell is rich text."""
    for index, row in enumerate(block["rows"]):
        if len(row) != len(block["rows"][0]):
            checker.fail("must have as many cells as the first row", f"{pointer}/rows/{index}")
    for index, cell in enumerate(block["rows"][0]):
        if cell["type"] == "rich_text":
            checker.fail("unsupported type: rich_text", f"{pointer}/rows/0/{index}/type")


def one_icon(checker: Checker, block: Mapping[str, Any], pointer: str) -> None:
    """A card has an image or one of Slack's icons, not both."""
    if "icon" in block and "slack_icon" in block:
        checker.fail("must define only one of `icon` or `slack_icon`", f"{pointer}/type")


ELEMENT_RULES: dict[str, tuple[Rule, ...]] = {
    "static_select": (initial_is_an_option,),
    "multi_static_select": (initial_is_an_option,),
    "radio_buttons": (initial_is_an_option,),
    "checkboxes": (initial_is_an_option,),
    "number_input": (ordered("min_value", "max_value"),),
    "plain_text_input": (ordered("min_length", "max_length"),),
    "rich_text_input": (ordered("min_lines", "max_lines"),),
}

BLOCK_RULES: dict[str, tuple[Rule, ...]] = {
    "input": (no_dispatch_with_files,),
    "data_table": (plain_header_and_even_rows,),
    "card": (one_icon,),
}
