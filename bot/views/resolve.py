"""The resolve form: the gate before resolved."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, Remembered, choice, form, incident_request, option, person, words
from storage.tables import Incident, Status
from workflows.commands import ResolveIncident
from workflows.resolve import resolve_incident

NO, YES = "no", "yes"
SHORT = 500


def resolve_modal(incident: Incident, *, asker: str, asked_in: str | None) -> View:
    """The form; one more question where it was not watched first."""
    blocks: list[Block] = [
        words(
            ids.VERIFICATION,
            "How was it verified?",
            limit=SHORT * 2,
            focus=True,
            hint="What was checked, and what it showed. A link is good.",
        ),
        person(ids.VERIFIED_BY, "Verified by", chosen=asker),
        choice(ids.TEMPORARY_FIX, "Does a temporary fix stay?", _yes_or_no()),
        words(
            ids.TEMPORARY_FIX_WORDS,
            "Which one?",
            limit=SHORT,
            multiline=False,
            optional=True,
            hint="Only if one stays.",
        ),
        choice(ids.REMAINING, "Is anything left to do?", _yes_or_no()),
        words(
            ids.REMAINING_WORDS,
            "What is left?",
            limit=SHORT,
            multiline=False,
            optional=True,
            hint="Only if something is left.",
        ),
    ]
    if incident.status is not Status.MONITORING:
        blocks.append(
            words(
                ids.REASON,
                "Why need it not be watched first?",
                limit=SHORT,
                multiline=False,
                hint=f"It is {incident.status.capitalize()}, and Monitoring would come before.",
            )
        )
    return form(
        f"Resolve {incident.ref}",
        callback_id=ids.RESOLVE_MODAL,
        submit="Resolve",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def _yes_or_no() -> list[Option]:
    return [option(NO, "No"), option(YES, "Yes")]


def parse_resolve_incident(body: Mapping[str, Any]) -> ResolveIncident:
    """The submitted form as a command; what was not answered stays None, for the gate to name.

    Raises InvalidInput for a Yes without words and for words beside a No.
    """
    answers = Answers(body["view"])
    faults = {
        **_contradiction(answers, ids.TEMPORARY_FIX, ids.TEMPORARY_FIX_WORDS),
        **_contradiction(answers, ids.REMAINING, ids.REMAINING_WORDS),
    }
    if faults:
        raise InvalidInput(faults)
    return ResolveIncident(
        **incident_request(body),
        verification=answers.text(ids.VERIFICATION),
        verified_by=answers.person(ids.VERIFIED_BY),
        temporary_fix=_stays(answers, ids.TEMPORARY_FIX, ids.TEMPORARY_FIX_WORDS),
        remaining=_stays(answers, ids.REMAINING, ids.REMAINING_WORDS),
        reason=answers.text(ids.REASON),
    )


def _contradiction(answers: Answers, asked: str, in_words: str) -> dict[str, str]:
    chosen, text = answers.chosen(asked), answers.text(in_words)
    if chosen == YES and not text:
        return {in_words: "You chose Yes: say which, in a few words."}
    if chosen == NO and text:
        return {in_words: "You chose No above: clear this, or choose Yes."}
    return {}


def _stays(answers: Answers, asked: str, in_words: str) -> str | None:
    """Words where there are any; nothing where somebody said No; no answer for a Yes without words."""
    text = answers.text(in_words)
    if text:
        return text
    return "" if answers.chosen(asked) == NO else None


async def on_resolve_submitted(slack: AsyncArgs, services: Services) -> None:
    """The resolve form was submitted."""
    command = parse_resolve_incident(slack.body)
    async with services.transaction() as session:
        await resolve_incident(session, command, process=services.process, now=services.now())
    await slack.ack()
