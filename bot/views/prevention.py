"""The form of whoever lets a plan be in which nothing prevents the incident from happening again: why."""

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, form, view_request, words
from bot.views.item_reason import REASON_LIMIT
from bot.views.items import kept_of, redraw_below
from storage.tables import Incident
from storage.tables.columns import JsonObject
from workflows.access import see_incident
from workflows.prevention import GoWithoutPrevention, go_without_prevention


def prevention_modal(incident: Incident, *, below: JsonObject) -> View:
    """The form; `below` is what the list keeps on which it stands."""
    hint = "It goes into the record. An item whose aim is to prevent it is the better answer."
    return form(
        "Nothing prevents it",
        callback_id=ids.NO_PREVENTION_MODAL,
        submit="Go without",
        blocks=[words(ids.REASON, "Why does nothing prevent it?", limit=REASON_LIMIT, hint=hint, focus=True)],
        private_metadata=json.dumps({"incident_id": incident.number, "below": below}),
    )


async def on_no_prevention_clicked(slack: AsyncArgs, services: Services) -> None:
    """The button beside the warning was pressed."""
    body, below = slack.body, kept_of(slack.body) or {}
    number, asked_in = int(body["actions"][0]["value"]), below.get("asked_in")
    async with services.read() as session:
        incident = await see_incident(session, number, body["user"]["id"], asked_in=asked_in)
    view = prevention_modal(incident, below=below)
    await services.slack.call("views.push", trigger_id=body["trigger_id"], view=view.to_dict())
    await slack.ack()


def parse_no_prevention(body: Mapping[str, Any]) -> GoWithoutPrevention:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    kept, reason = json.loads(body["view"]["private_metadata"]), Answers(body["view"]).text(ids.REASON)
    if not reason:
        raise InvalidInput({ids.REASON: "Say in a few words why nothing prevents it."})
    asked_in, request = kept["below"].get("asked_in"), view_request(body)
    return GoWithoutPrevention(
        by=request["by"],
        request_id=request["request_id"],
        incident_id=kept["incident_id"],
        asked_in=asked_in,
        reason=reason,
    )


async def on_no_prevention_submitted(slack: AsyncArgs, services: Services) -> None:
    """It was said why; the list below has no warning any more."""
    command = parse_no_prevention(slack.body)
    async with services.transaction() as session:
        await go_without_prevention(session, command, now=services.now())
    await slack.ack()
    await redraw_below(services, slack.body, json.loads(slack.body["view"]["private_metadata"])["below"])
