"""The forms of questions: ask one, answer it, or say why one cannot."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block, MarkdownTextObject, Option, SectionBlock
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.text import SECTION_LIMIT, clip, mention, prose, quoted
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, Remembered, choice, form, incident_request, option, person, remembered, words
from storage.tables import Incident
from storage.tables.columns import JsonObject
from workflows.commands import AnswerQuestion, AskQuestion, RefuseQuestion
from workflows.questions import answer_question, ask_question, refuse_question

USUAL = 15
"""Minutes until an answer is expected, where nobody says otherwise."""
_MINUTES = {
    5: "5 minutes",
    15: "15 minutes",
    30: "30 minutes",
    60: "An hour",
    120: "2 hours",
    240: "4 hours",
    1440: "A day",
}
WHY_LIMIT = 300


def question_modal(incident: Incident, *, asked_in: str | None, to: str | None = None, text: str = "") -> View:
    """The form to ask somebody something."""
    blocks: list[Block] = [
        person(ids.PERSON, "Whom?", chosen=to),
        words(ids.WORDS, "What do you ask?", value=text, focus=True),
        choice(
            ids.DUE_IN,
            "Answer within",
            _times(),
            chosen=str(USUAL),
            hint="They are asked in the channel now, and by direct message when the time is up; then the lead hears.",
        ),
    ]
    return form(
        f"Ask about {incident.ref}",
        callback_id=ids.QUESTION_MODAL,
        submit="Ask",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def _times() -> list[Option]:
    return [option(str(minutes), name) for minutes, name in _MINUTES.items()]


def answer_modal(incident: Incident, asked: JsonObject, *, asked_in: str | None) -> View:
    """The form to answer a question; `asked` is what its prompt keeps of it."""
    field = words(ids.WORDS, "Your answer", focus=True)
    return _about(incident, asked, field, "Answer", callback_id=ids.ANSWER_MODAL, asked_in=asked_in)


def refuse_modal(incident: Incident, asked: JsonObject, *, asked_in: str | None) -> View:
    """The form to say why one cannot answer."""
    field = words(
        ids.REASON, "Why not?", limit=WHY_LIMIT, multiline=False, focus=True, hint="Who could answer is good to know."
    )
    return _about(incident, asked, field, "I can’t", callback_id=ids.REFUSE_MODAL, asked_in=asked_in)


def _about(
    incident: Incident, asked: JsonObject, field: Block, submit: str, *, callback_id: str, asked_in: str | None
) -> View:
    question = f"{mention(asked['by'])} asks {mention(asked['to'])}:\n{quoted(prose(asked['text']))}"
    return form(
        f"Question in {incident.ref}",
        callback_id=callback_id,
        submit=submit,
        blocks=[SectionBlock(text=MarkdownTextObject(text=clip(question, SECTION_LIMIT))), field],
        private_metadata=Remembered(incident.number, asked_in, entry=asked["entry"]).to_text(),
    )


def parse_ask_question(body: Mapping[str, Any], *, now: datetime) -> AskQuestion:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers = Answers(body["view"])
    to, text = answers.person(ids.PERSON), answers.text(ids.WORDS)
    faults = {
        ids.PERSON: "" if to else "Choose whom you ask; a question to nobody gets no answer.",
        ids.WORDS: "" if text else "Write what you ask.",
    }
    if to is None or not text:
        raise InvalidInput({field: sentence for field, sentence in faults.items() if sentence})
    minutes = int(answers.chosen(ids.DUE_IN) or USUAL)
    return AskQuestion(**incident_request(body), to=to, text=text, due_at=now + timedelta(minutes=minutes))


def parse_answer_question(body: Mapping[str, Any]) -> AnswerQuestion:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    text = Answers(body["view"]).text(ids.WORDS)
    if not text:
        raise InvalidInput({ids.WORDS: "Write your answer; a sentence is enough."})
    return AnswerQuestion(**incident_request(body), question=_question(body), text=text)


def parse_refuse_question(body: Mapping[str, Any]) -> RefuseQuestion:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    why = Answers(body["view"]).text(ids.REASON)
    if not why:
        raise InvalidInput({ids.REASON: "Say why in a few words."})
    return RefuseQuestion(**incident_request(body), question=_question(body), why=why)


def _question(body: Mapping[str, Any]) -> int:
    return remembered(body["view"]).entry or 0


async def on_question_submitted(slack: AsyncArgs, services: Services) -> None:
    """Somebody asks somebody something."""
    command = parse_ask_question(slack.body, now=services.now())
    await services.refuse_ourselves(command.to, cannot="answer a question")
    async with services.transaction() as session:
        await ask_question(session, command, process=services.process, now=services.now())
    await slack.ack()


async def on_answer_submitted(slack: AsyncArgs, services: Services) -> None:
    """A question was answered."""
    command = parse_answer_question(slack.body)
    async with services.transaction() as session:
        await answer_question(session, command, process=services.process, now=services.now())
    await slack.ack()


async def on_refuse_submitted(slack: AsyncArgs, services: Services) -> None:
    """Somebody cannot answer a question."""
    command = parse_refuse_question(slack.body)
    async with services.transaction() as session:
        await refuse_question(session, command, process=services.process, now=services.now())
    await slack.ack()
