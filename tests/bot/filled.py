"""A form filled in by somebody: the submission Slack makes of the form itself."""

from typing import Any

from slack_sdk.models.views import View

from bot import ids
from tests.bot.values import accepted_view

_HELD = {
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "datepicker": ("selected_date", "initial_date"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


def sent(view: View, **changed: Any) -> dict[str, Any]:
    """The form as Ann sends it, with these fields changed; the others hold what they held when it was opened."""
    shown = accepted_view(view)
    values = {}
    for block in shown["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            held, initial = _HELD[element["type"]]
            answer = changed.pop(block["block_id"], element.get(initial))
            values[block["block_id"]] = {ids.VALUE: {"type": element["type"], held: _answer(element, answer)}}
    assert not changed, f"no such fields: {changed}"
    return {
        "type": "view_submission",
        "user": {"id": "UANN"},
        "view": {**shown, "id": "VFORM", "state": {"values": values}},
    }


def _answer(element: dict[str, Any], answer: Any) -> Any:
    """An option by its value, as Slack sends it."""
    if element["type"] == "static_select" and isinstance(answer, str):
        return next(option for option in element["options"] if option["value"] == answer)
    if element["type"] == "multi_static_select" and answer and isinstance(answer[0], str):
        return [option for option in element["options"] if option["value"] in answer]
    return answer
