"""What Slack's client checks before it sends a form (protocol.md, section 4.2; blocks.json: input elements).

The wording is this workspace's own: Slack's is not documented.
"""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from sandbox.people.inputs import Input
from sandbox.state.model import Json

REQUIRED = "Please complete this required field."
# blocks.json: plain_text_input, max_length at most 3000.
LONGEST_TEXT = 3000
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


def complaints_about(inputs: Iterable[Input], values: Json) -> list[tuple[Input, str]]:
    """Each input that keeps the form from being sent, and what is wrong with it."""
    asked = [field for field in inputs if field.block.get("type") == "input"]
    found = ((field, _wrong_with(field, field.value_in(values))) for field in asked)
    return [(field, wrong) for field, wrong in found if wrong]


def _wrong_with(field: Input, value: object) -> str | None:
    if value is None or value == [] or (isinstance(value, str) and not value.strip()):
        return REQUIRED if field.is_required else None
    if isinstance(value, str) and field.kind in _TEXT_CHECKS:
        return _TEXT_CHECKS[field.kind](field.element, value)
    most = field.element.get("max_selected_items") or field.element.get("max_files")
    if isinstance(value, list) and most is not None and len(value) > most:
        return f"Please select at most {most}."
    return None


def _plain_text(element: Json, value: str) -> str | None:
    most = element.get("max_length") or LONGEST_TEXT
    if len(value) > most:
        return f"Please enter at most {most} characters."
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    return None


def _email(element: Json, value: str) -> str | None:
    return None if _EMAIL.fullmatch(value) else "Please enter a valid email address."


def _url(element: Json, value: str) -> str | None:
    return None if _URL.fullmatch(value) else "Please enter a valid URL."


def _number(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return None


_TEXT_CHECKS = {
    "plain_text_input": _plain_text,
    "email_text_input": _email,
    "url_text_input": _url,
    "number_input": _number,
}
