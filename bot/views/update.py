"""The update form: condition, actions, needs, and when the next words come; it shows whom it will reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block, ContextBlock, MarkdownTextObject, Option, SectionBlock
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import (
    Answers,
    Remembered,
    choice,
    form,
    incident_request,
    option,
    person,
    remembered,
    words,
)
from bot.views.reach import reach_of_update
from bot.views.redraw import redraw
from storage.tables import Incident, Status
from workflows.access import see_incident
from workflows.commands import PublishUpdate
from workflows.lifecycle import MEANING, choices
from workflows.process import Process
from workflows.promises import usual_promise
from workflows.public import outside
from workflows.updates import publish_update

NO_PROMISE = "none"
ACTIONS_LIMIT = 1500
NEEDS_LIMIT = 1000
PUBLIC_LIMIT = 2000
AFFECTED_LIMIT = 300
READ_AT_ONCE = 500
"""Characters that somebody takes in at a glance; more than these are questioned once."""


@dataclass(frozen=True)
class Draft:
    """What stands in the form."""

    words: str = ""
    actions: str = ""
    needs: str = ""
    needed: str | None = None
    affected: str = ""
    status: str | None = None
    reason: str = ""
    next_update: str | None = None
    public_text: str = ""

    @property
    def length(self) -> int:
        """Of all that readers read."""
        return len(self.words) + len(self.actions) + len(self.needs)


def update_modal(
    incident: Incident,
    *,
    process: Process,
    asked_in: str | None,
    text: str = "",
    draft: Draft | None = None,
    reach: str = "",
    warned: bool = False,
) -> View:
    """The form, with what was typed before, or with the promise that is usual."""
    shown = draft or Draft(words=text, affected=incident.affected or "", next_update=_usual(incident, process))
    blocks: list[Block] = [
        *(_too_long(shown) if warned else []),
        *_words(shown),
        *(_status(incident, shown) if choices(incident.status) else []),
        choice(ids.NEXT_UPDATE, "Next update in", promises(process, shown.next_update), chosen=shown.next_update),
        *(_public(shown) if outside(incident, process) and not incident.private else []),
        *([ContextBlock(block_id="reach", elements=[MarkdownTextObject(text=reach)])] if reach else []),
    ]
    return form(
        f"Update {incident.ref}",
        callback_id=ids.UPDATE_MODAL,
        submit="Publish",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def _usual(incident: Incident, process: Process) -> str:
    if not choices(incident.status):
        return NO_PROMISE
    return str(int(usual_promise(incident, process).total_seconds() // 60))


def _too_long(draft: Draft) -> list[Block]:
    text = (
        f":straight_ruler: This is {draft.length:,} characters long; {READ_AT_ONCE} are read at a glance. "
        "Nothing was published yet: shorten it, or press Publish again to send it as it is."
    )
    return [SectionBlock(block_id=ids.TOO_LONG, text=MarkdownTextObject(text=text))]


def _words(draft: Draft) -> list[Block]:
    return [
        words(ids.WORDS, "Condition", value=draft.words, focus=True, hint="What is the case? Everybody reads this."),
        words(
            ids.ACTIONS,
            "Actions",
            value=draft.actions,
            limit=ACTIONS_LIMIT,
            optional=True,
            hint="What is being done about it.",
        ),
        words(
            ids.NEEDS,
            "Needs",
            value=draft.needs,
            limit=NEEDS_LIMIT,
            optional=True,
            hint="What is needed to go on: a decision, an answer, somebody's hands.",
        ),
        person(ids.NEEDED, "Who is needed?", chosen=draft.needed, optional=True, hint="Is asked, and can answer."),
        words(
            ids.AFFECTED,
            "Who is affected?",
            value=draft.affected,
            limit=AFFECTED_LIMIT,
            multiline=False,
            optional=True,
            hint="Who, and how many. It is on the card; correct it when it changes.",
        ),
    ]


def _status(incident: Incident, draft: Draft) -> list[Block]:
    return [
        choice(
            ids.STATUS,
            "New status",
            status_options(incident),
            chosen=draft.status,
            optional=True,
            action_id=ids.UPDATE_STATUS,
            hint=f"Now: {incident.status.capitalize()}. Leave it empty to keep it so.",
        ),
        words(
            ids.REASON,
            "Why is a step left out?",
            value=draft.reason,
            multiline=False,
            limit=300,
            optional=True,
            hint="Needed only if the new status is more than one step ahead.",
        ),
    ]


def _public(draft: Draft) -> list[Block]:
    return [
        words(
            ids.PUBLIC_TEXT,
            "Text for people outside",
            value=draft.public_text,
            limit=PUBLIC_LIMIT,
            optional=True,
            hint="Only this reaches them, once it is approved; never a word of the above.",
        )
    ]


def status_options(incident: Incident) -> list[Option]:
    """The statuses it may have next, with what each means."""
    return [option(status, status.capitalize(), MEANING[status]) for status in choices(incident.status)]


def promises(process: Process, usual: str | None = None) -> list[Option]:
    """When the next update may be promised for; the usual one is always among them."""
    minutes = {*process.update_minutes, *([int(usual)] if usual and usual != NO_PROMISE else [])}
    listed = [option(str(each), f"{each} minutes") for each in sorted(minutes)]
    return [*listed, option(NO_PROMISE, "No promise")]


def read_draft(view: Mapping[str, Any]) -> Draft:
    """What stands in a form that was submitted, or in which a choice was made."""
    answers = Answers(view)
    return Draft(
        words=answers.text(ids.WORDS),
        actions=answers.text(ids.ACTIONS),
        needs=answers.text(ids.NEEDS),
        needed=answers.person(ids.NEEDED),
        affected=answers.text(ids.AFFECTED),
        status=answers.chosen(ids.STATUS),
        reason=answers.text(ids.REASON),
        next_update=answers.chosen(ids.NEXT_UPDATE),
        public_text=answers.text(ids.PUBLIC_TEXT),
    )


def parse_publish_update(body: Mapping[str, Any]) -> PublishUpdate:
    """The submitted form as a command.

    Raises InvalidInput, also for needs that nobody is asked for.
    """
    draft = read_draft(body["view"])
    faults = {}
    if not draft.words:
        faults[ids.WORDS] = "Write what is the case; a sentence is enough."
    if draft.needs and not draft.needed:
        faults[ids.NEEDED] = "Say who is asked for what you need; nobody in particular means nobody."
    if draft.needed and not draft.needs:
        faults[ids.NEEDS] = "Say what you need from them."
    if faults:
        raise InvalidInput(faults)
    minutes = draft.next_update
    return PublishUpdate(
        **incident_request(body),
        words=draft.words,
        actions=draft.actions,
        needs=draft.needs,
        needed=draft.needed,
        affected=draft.affected if ids.AFFECTED in body["view"]["state"]["values"] else None,
        status=Status(draft.status) if draft.status else None,
        reason=draft.reason,
        public_text=draft.public_text,
        next_update_in=timedelta(minutes=int(minutes)) if minutes and minutes != NO_PROMISE else None,
    )


async def on_update_submitted(slack: AsyncArgs, services: Services) -> None:
    """The update form was submitted; a long one comes back once, with everything that was typed."""
    command = parse_publish_update(slack.body)
    view = slack.body["view"]
    if read_draft(view).length > READ_AT_ONCE and not _was_warned(view):
        await slack.ack(response_action="update", view=(await _anew(services, slack.body, warned=True)).to_dict())
        return
    await services.refuse_ourselves(command.needed)
    async with services.transaction() as session:
        await publish_update(session, command, process=services.process, now=services.now())
    await slack.ack()


async def on_update_status_chosen(slack: AsyncArgs, services: Services) -> None:
    """A status was chosen in the update form: show whom it will reach now."""
    body = slack.body
    redrawn = await _anew(services, body, warned=_was_warned(body["view"]))
    await slack.ack()
    await redraw(services, body["view"], redrawn, chosen_at=body["actions"][0]["action_ts"])


def _was_warned(view: Mapping[str, Any]) -> bool:
    return any(block["block_id"] == ids.TOO_LONG for block in view["blocks"])


async def _anew(services: Services, body: Mapping[str, Any], *, warned: bool) -> View:
    """The same form with what stands in it."""
    kept, draft = remembered(body["view"]), read_draft(body["view"])
    async with services.read() as session:
        incident = await see_incident(session, kept.incident_id, body["user"]["id"], asked_in=kept.asked_in)
    status = Status(draft.status) if draft.status else None
    reach = await reach_of_update(services, incident, status=status)
    return update_modal(
        incident, process=services.process, asked_in=kept.asked_in, draft=draft, reach=reach, warned=warned
    )
