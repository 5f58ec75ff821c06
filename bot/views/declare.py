"""The declare form: what is wrong, how bad, and who leads."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    StaticMultiSelectElement,
)
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.text import escape
from bot.commands.adoptable import ExistingChannel, adoptable
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, choice, field, form, option, person, view_request, words
from bot.views.redraw import redraw
from workflows.commands import DeclareIncident
from workflows.incidents import declare_incident
from workflows.process import NOT_SURE, Process
from workflows.process_parts import Level

TITLE_LIMIT = 120
"""Fits a header with its reference before it."""
DESCRIPTION_LIMIT = 3000
"""Slack's longest input; a title that is too long is kept here."""
SERVICE_NAME_LIMIT = 40
AS_USUAL, OPEN, PRIVATE = "as_usual", "open", "private"


def declare_modal(
    *,
    process: Process,
    declarer: str,
    title: str = "",
    impact: str = NOT_SURE,
    urgency: str = NOT_SURE,
    type_: str | None = None,
    visibility: str = AS_USUAL,
    answer_url: str | None = None,
    existing: ExistingChannel | None = None,
) -> View:
    """The form, with the severity that the present choices give; `existing` is a channel to be adopted."""
    type_ = type_ or next(iter(process.types))
    blocks: list[Block] = [
        words(
            ids.TITLE,
            "Title",
            value=title,
            limit=TITLE_LIMIT,
            multiline=False,
            focus=True,
            placeholder="What is wrong, in a few words",
        ),
        words(
            ids.DESCRIPTION,
            "What is happening?",
            value=title if len(title) > TITLE_LIMIT else "",
            limit=DESCRIPTION_LIMIT,
            optional=True,
            hint="What people see, since when, what was changed before. You can add it later.",
        ),
        choice(
            ids.IMPACT,
            "Impact",
            levels(process.impact),
            chosen=impact,
            action_id=ids.DECLARE_CHOICE,
            hint="Who is hit?",
        ),
        choice(
            ids.URGENCY,
            "Urgency",
            levels(process.urgency),
            chosen=urgency,
            action_id=ids.DECLARE_CHOICE,
            hint="How long can it wait?",
        ),
        choice(ids.TYPE, "Type", types(process), chosen=type_, action_id=ids.DECLARE_CHOICE),
        *_visibility(visibility, existing),
        outlook(process, impact=impact, urgency=urgency, type_=type_, visibility=visibility, existing=existing),
        *_services(process),
        person(
            ids.LEAD, "Lead", chosen=declarer, hint="Who decides and keeps the overview; may stay empty.", optional=True
        ),
    ]
    return form(
        "Adopt this channel" if existing else "Declare an incident",
        callback_id=ids.DECLARE_MODAL,
        submit="Adopt" if existing else "Declare",
        blocks=blocks,
        private_metadata=json.dumps({"answer_url": answer_url, "existing": asdict(existing) if existing else None}),
    )


def _remembered(view: Mapping[str, Any]) -> dict[str, Any]:
    """What a form was opened with; one from before an update may know less."""
    return {"answer_url": None, "existing": None, **json.loads(view["private_metadata"] or "{}")}


def _existing(view: Mapping[str, Any]) -> ExistingChannel | None:
    existing = _remembered(view)["existing"]
    return ExistingChannel(**existing) if existing else None


def _visibility(chosen: str, existing: ExistingChannel | None) -> list[Block]:
    """A question only where there is no channel yet: whoever is in it sees the incident."""
    if existing:
        return []
    return [choice(ids.VISIBILITY, "Who may see it", visibilities(), chosen=chosen, action_id=ids.DECLARE_CHOICE)]


def levels(known: Mapping[str, Level]) -> list[Option]:
    """Impact or urgency as a menu, with help text for each choice and a way out."""
    listed = [option(key, level.name, level.help) for key, level in known.items()]
    return [*listed, option(NOT_SURE, "Not sure", "Takes the worse case; you can lower it later")]


def types(process: Process) -> list[Option]:
    """The types of incident as a menu."""
    return [option(key, kind.name, kind.help) for key, kind in process.types.items()]


def visibilities() -> list[Option]:
    """Who may see it, as a menu."""
    return [
        option(AS_USUAL, "As usual for its type"),
        option(OPEN, "Everybody", "An open channel, and an entry in the digest"),
        option(PRIVATE, "Only those invited", "A private channel, and nothing of it elsewhere"),
    ]


def outlook(
    process: Process, *, impact: str, urgency: str, type_: str, visibility: str, existing: ExistingChannel | None = None
) -> ContextBlock:
    """What these choices make of it."""
    severity = process.severities[process.severity_for(impact, urgency)]
    assumed = " (assumed, as long as you are not sure)" if NOT_SURE in (impact, urgency) else ""
    private = existing.private if existing else is_private(visibility)
    hidden = process.types[type_].private if private is None else private
    channel = "private channel" if hidden else "open channel"
    if existing:
        channel = f"this channel, which is {'private' if hidden else 'open to everybody'}"
    text = f"{severity.emoji} *{severity.name}*{assumed} · {channel}\n{escape(severity.help)}"
    return ContextBlock(block_id="outlook", elements=[MarkdownTextObject(text=text)])


def is_private(visibility: str | None) -> bool | None:
    """What a choice means; None leaves it to the type."""
    return {OPEN: False, PRIVATE: True}.get(visibility or AS_USUAL)


def _services(process: Process) -> list[Block]:
    other = words(
        ids.OTHER_SERVICES,
        "Other services" if process.services else "Services",
        multiline=False,
        limit=300,
        optional=True,
        hint="What is affected, separated by commas.",
    )
    if not process.services:
        return [other]
    menu = StaticMultiSelectElement(
        action_id=ids.VALUE,
        options=[option(name, name) for name in process.services],
        placeholder=PlainTextObject(text="Which ones are affected?"),
    )
    return [field(ids.SERVICES, "Services", menu, optional=True), other]


def parse_declare_incident(body: Mapping[str, Any], *, process: Process) -> DeclareIncident:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers, existing = Answers(body["view"]), _existing(body["view"])
    title = " ".join(answers.text(ids.TITLE).split())
    faults = {}
    if not title:
        faults[ids.TITLE] = "Say in a few words what is wrong."
    services = named_services(answers)
    if any(len(name) > SERVICE_NAME_LIMIT for name in services):
        faults[ids.OTHER_SERVICES] = f"A service's name has {SERVICE_NAME_LIMIT} characters at most; use commas."
    impact, urgency, type_ = _parse_choices(answers, process)
    if _type_is_gone(answers, process):  # another in its place could show everybody what was private
        faults[ids.TYPE] = "This type was taken out of the settings; choose another one."
    if faults:
        raise InvalidInput(faults)
    return DeclareIncident(
        **view_request(body),
        title=title,
        description=answers.text(ids.DESCRIPTION),
        impact=impact,
        urgency=urgency,
        type=type_,
        services=services,
        lead=answers.person(ids.LEAD),
        nobody_leads=answers.person(ids.LEAD) is None,
        private=existing.private if existing else is_private(answers.chosen(ids.VISIBILITY)),
        answer_url=_remembered(body["view"])["answer_url"],
        channel_id=existing.channel_id if existing else None,
    )


def named_services(answers: Answers) -> tuple[str, ...]:
    """The services that were chosen, then those that were typed."""
    typed = (" ".join(name.split()) for name in answers.text(ids.OTHER_SERVICES).split(","))
    return tuple(dict.fromkeys([*answers.all_chosen(ids.SERVICES), *filter(None, typed)]))


def _parse_choices(answers: Answers, process: Process) -> tuple[str, str, str]:
    """The three choices; one that the process no longer has (a form from before a change) counts as not made.

    A type that is gone is asked for again (`_type_is_gone`).
    """
    impact, urgency = answers.chosen(ids.IMPACT) or NOT_SURE, answers.chosen(ids.URGENCY) or NOT_SURE
    type_ = answers.chosen(ids.TYPE) or ""
    return (
        impact if impact in process.impact else NOT_SURE,
        urgency if urgency in process.urgency else NOT_SURE,
        type_ if type_ in process.types else next(iter(process.types)),
    )


def _type_is_gone(answers: Answers, process: Process) -> bool:
    return answers.chosen(ids.TYPE) not in (None, *process.types)


async def on_declare_submitted(slack: AsyncArgs, services: Services) -> None:
    """The declare form was submitted."""
    command = parse_declare_incident(slack.body, process=services.process)
    await services.refuse_ourselves(command.lead)
    if command.channel_id:  # it may have become private since the form was opened
        existing = await adoptable(services, command.channel_id)
        command = replace(command, private=existing.private)
    async with services.transaction() as session:
        await declare_incident(session, command, process=services.process, now=services.now())
    await slack.ack()


async def on_declare_choice(slack: AsyncArgs, services: Services) -> None:
    """A choice was made in the declare form: show what it makes of the incident."""
    view = slack.body["view"]
    answers = Answers(view)
    if _type_is_gone(answers, services.process):  # drawn anew, the form would show the first type as if it were chosen
        await slack.ack()
        return
    impact, urgency, type_ = _parse_choices(answers, services.process)
    redrawn = declare_modal(
        process=services.process,
        declarer=slack.body["user"]["id"],
        impact=impact,
        urgency=urgency,
        type_=type_,
        visibility=answers.chosen(ids.VISIBILITY) or AS_USUAL,
        answer_url=_remembered(view)["answer_url"],
        existing=_existing(view),
    )
    await slack.ack()
    await redraw(services, view, redrawn, chosen_at=slack.body["actions"][0]["action_ts"])
