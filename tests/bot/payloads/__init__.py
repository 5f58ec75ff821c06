"""Recorded payloads of Slack's, by name."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def payload(name: str) -> dict[str, Any]:
    """A payload as Slack sends it."""
    content: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text("utf-8"))
    return content


def submitted(form: str, **answers: Any) -> dict[str, Any]:
    """A submitted form with some answers changed, by block_id; None leaves a field empty, `gone` takes it away."""
    body = payload(form)
    values = body["view"]["state"]["values"]
    for block_id, answer in answers.items():
        if answer == GONE:
            del values[block_id]
            continue
        element = next(iter(values[block_id].values()))
        element.update(_answered(element["type"], answer))
    return body


GONE = "gone"


def _answered(kind: str, answer: Any) -> dict[str, Any]:
    match kind:
        case "plain_text_input":
            return {"value": answer}
        case "users_select":
            return {"selected_user": answer}
        case "datetimepicker":
            return {"selected_date_time": answer}
        case "multi_static_select":
            return {"selected_options": [_option(value) for value in answer]}
        case _:
            return {"selected_option": _option(answer) if answer else None}


def _option(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}
