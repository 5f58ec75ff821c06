"""The facts form: what is known of an incident, each field correctable at any time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block, Option, PlainTextObject, StaticMultiSelectElement
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.declare import DESCRIPTION_LIMIT, SERVICE_NAME_LIMIT, TITLE_LIMIT, named_services
from bot.views.form import (
    Answers,
    Remembered,
    choice,
    field,
    first_answers,
    form,
    incident_request,
    moment,
    option,
    words,
)
from storage.tables import Incident
from workflows.commands import ChangeFacts
from workflows.facts import DetectedBy, change_facts
from workflows.process import Process

FACT_LIMIT = 500
SERVICES_LIMIT = 3000

NOTICED_BY = {
    DetectedBy.MONITOR: "A monitor or an alert",
    DetectedBy.STAFF: "One of us",
    DetectedBy.CUSTOMER: "A customer or user",
    DetectedBy.AUDIT: "An audit or a review",
    DetectedBy.OTHER: "Somebody or something else",
}


def facts_modal(incident: Incident, *, process: Process, asked_in: str | None) -> View:
    """The form with everything that is known."""
    blocks = [
        words(ids.TITLE, "Title", value=incident.title, limit=TITLE_LIMIT, multiline=False),
        words(
            ids.DESCRIPTION,
            "What is happening?",
            value=incident.description,
            limit=DESCRIPTION_LIMIT,
            optional=True,
        ),
        *_services(incident, process),
        _fact(ids.AFFECTED, "Who is hit, and how many?", incident.affected),
        _fact(ids.PREVENTED, "What can they not do?", incident.prevented),
        _fact(ids.LOCATION, "Where?", incident.location, hint="A site, a region, a system."),
        _fact(ids.COST, "What does it cost?", incident.cost, hint="Money, or agreements that are touched."),
        *_times(incident),
        choice(ids.DETECTED_BY, "Who noticed it?", _noticed_by(), chosen=incident.detected_by, optional=True),
        _fact(ids.TRIGGER, "What set it off?", incident.trigger),
    ]
    return form(
        f"Facts of {incident.ref}",
        callback_id=ids.FACTS_MODAL,
        submit="Save",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def _fact(block_id: str, label: str, value: str | None, *, hint: str = "") -> Block:
    return words(block_id, label, value=value or "", limit=FACT_LIMIT, hint=hint, optional=True)


def _services(incident: Incident, process: Process) -> list[Block]:
    """A menu of the known ones, where there are any, and a field for others."""
    others = [name for name in incident.services if name not in process.services]
    typed = words(
        ids.OTHER_SERVICES,
        "Other services" if process.services else "Services",
        value=", ".join(others),
        limit=SERVICES_LIMIT,
        multiline=False,
        optional=True,
        hint="What is affected, separated by commas.",
    )
    if not process.services:
        return [typed]
    chosen = [option(name, name) for name in process.services if name in incident.services]
    menu = StaticMultiSelectElement(
        action_id=ids.VALUE,
        options=[option(name, name) for name in process.services],
        initial_options=chosen or None,
        placeholder=PlainTextObject(text="Which ones are affected?"),
    )
    return [field(ids.SERVICES, "Services", menu, optional=True), typed]


def _times(incident: Incident) -> list[Block]:
    ended = "Empty: when it was mitigated." if incident.impact_ended_at is None else ""
    return [
        moment(ids.IMPACT_STARTED_AT, "Since when are people hit?", chosen=incident.impact_started_at, optional=True),
        moment(ids.DETECTED_AT, "When was it noticed?", chosen=incident.detected_at, optional=True),
        moment(
            ids.IMPACT_ENDED_AT,
            "Until when were people hit?",
            chosen=incident.impact_ended_at,
            hint=ended,
            optional=True,
        ),
    ]


def _noticed_by() -> list[Option]:
    return [option(key, name) for key, name in NOTICED_BY.items()]


def parse_change_facts(body: Mapping[str, Any]) -> ChangeFacts:
    """The submitted form as a command with what its submitter has changed; what others changed meanwhile stays.

    Raises InvalidInput.
    """
    now, before = Answers(body["view"]), first_answers(body["view"])
    facts = {name: read(now) for name, read in _READ.items() if read(now) != read(before)}
    faults = {}
    if facts.get(ids.TITLE) == "":
        faults[ids.TITLE] = "Say in a few words what is wrong."
    if ids.SERVICES in facts and any(len(name) > SERVICE_NAME_LIMIT for name in named_services(now)):
        faults[ids.OTHER_SERVICES] = f"A service's name has {SERVICE_NAME_LIMIT} characters at most; use commas."
    if faults:
        raise InvalidInput(faults)
    return ChangeFacts(**incident_request(body), facts=facts)


Read = Callable[[Answers], str | datetime | list[str] | None]


def _text(block_id: str) -> Read:
    return lambda answers: answers.text(block_id) or None


def _moment(block_id: str) -> Read:
    return lambda answers: answers.moment(block_id)


_READ: dict[str, Read] = {
    ids.TITLE: lambda answers: " ".join(answers.text(ids.TITLE).split()),
    ids.DESCRIPTION: lambda answers: answers.text(ids.DESCRIPTION),
    ids.SERVICES: lambda answers: list(named_services(answers)),
    ids.DETECTED_BY: lambda answers: answers.chosen(ids.DETECTED_BY),
    **{name: _text(name) for name in (ids.LOCATION, ids.AFFECTED, ids.PREVENTED, ids.COST, ids.TRIGGER)},
    **{name: _moment(name) for name in (ids.IMPACT_STARTED_AT, ids.DETECTED_AT, ids.IMPACT_ENDED_AT)},
}
"""How each fact is read; a fact has the name of its field."""


async def on_facts_submitted(slack: AsyncArgs, services: Services) -> None:
    """The facts form was submitted."""
    command = parse_change_facts(slack.body)
    async with services.transaction() as session:
        await change_facts(session, command, process=services.process, now=services.now())
    await slack.ack()
