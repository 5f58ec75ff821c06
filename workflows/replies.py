"""Replies in the thread of what we ask: a draft of the update, the answer to the question, or a choice in words."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import owe_unless_owed
from storage.engine import part_of
from storage.prompts import find_prompts_by_ts, list_live_or_named
from storage.requests import receive
from storage.tables import DeliveryKind, Incident, Prompt, PromptKind, PromptState
from workflows.answers import answer_prompt, hold_prompt, refuse_if_over
from workflows.choices import CHOICES, QUESTIONS, UPDATES, Choice, meant_by
from workflows.commands import AnswerPrompt, AnswerQuestion
from workflows.errors import AlreadyReceived, Declined
from workflows.heard import Said
from workflows.masking import mask
from workflows.process import Process
from workflows.prompts import ask_now
from workflows.questions import answer_question

LONGEST_UPDATE = 2500
"""As many characters as the update form takes."""


class Hint(Declined):
    """A reply that answers nothing yet; its text says what would."""


async def replied(
    session: AsyncSession, incident: Incident, replies: Sequence[Said], *, process: Process, now: datetime
) -> None:
    """Take replies newly heard in the incident's channel as answers, where they stand under a question of ours.

    The caller holds the incident. One that cannot be taken changes nothing, and its author is told privately.
    """
    if not replies:
        return
    threads = {reply.thread_ts for reply in replies if reply.thread_ts}
    prompts = await find_prompts_by_ts(session, replies[0].channel_id, threads)
    keys = {ts: prompt.key for ts, prompt in prompts.items()}  # the rows may be undone with a reply that is declined
    for reply in replies:
        key = keys.get(reply.thread_ts or "")
        if key is not None and not reply.by_bot:
            await _take(session, incident, key, reply, process=process, now=now)


async def replied_in_person(session: AsyncSession, reply: Said, *, process: Process, now: datetime) -> None:
    """Take a reply in somebody's direct messages with us as an answer; of any other nothing is kept."""
    prompts = await find_prompts_by_ts(session, reply.channel_id, {reply.thread_ts} if reply.thread_ts else ())
    for key in [prompt.key for prompt in prompts.values()]:
        try:
            incident, _ = await hold_prompt(session, key, by=reply.author)
        except Declined:
            return  # it is not theirs to see any more, so nothing is said of it
        await _take(session, incident, key, reply, process=process, now=now)


async def _take(
    session: AsyncSession, incident: Incident, key: str, reply: Said, *, process: Process, now: datetime
) -> None:
    """All that a reply brings about, or nothing of it and a word to its author."""
    try:
        async with part_of(session):
            _, prompt = await hold_prompt(session, key, by=reply.author, asked_in=reply.channel_id)
            await _understand(session, incident, prompt, reply, process=process, now=now)
    except AlreadyReceived:
        return
    except Declined as refusal:
        await session.refresh(incident)
        await _whisper(session, incident, key, reply, refusal, now=now)


async def _understand(
    session: AsyncSession, incident: Incident, prompt: Prompt, reply: Said, *, process: Process, now: datetime
) -> None:
    if prompt.kind in QUESTIONS:
        await _as_answer(session, incident, prompt, reply, process=process, now=now)
        return
    choice = meant_by(prompt.kind, reply.text)
    if choice is not None:
        await _as_choice(session, incident, prompt, choice, reply, process=process, now=now)
    elif prompt.kind in UPDATES:
        await _as_draft(session, incident, prompt, reply, process=process, now=now)
    elif prompt.state in (PromptState.PLANNED, PromptState.ASKED):  # people talk on under what is over
        raise Hint(_how(prompt.kind))


async def _as_choice(
    session: AsyncSession,
    incident: Incident,
    prompt: Prompt,
    choice: Choice,
    reply: Said,
    *,
    process: Process,
    now: datetime,
) -> None:
    if choice.opens_form:
        refuse_if_over(incident, prompt)
        raise Hint(f"“{choice.label}” needs a little more: press the button, and a form asks for it.")
    await _choose(session, prompt.key, choice.key, reply, process=process, now=now)


async def _as_draft(
    session: AsyncSession, incident: Incident, prompt: Prompt, reply: Said, *, process: Process, now: datetime
) -> None:
    """Words under a question for an update are a draft of it; “publish” under one's own draft publishes it."""
    if meant_by(PromptKind.DRAFT, reply.text):
        draft = await _draft_meant(session, incident, prompt, reply)
        await _choose(session, draft.key, "publish", reply, process=process, now=now)
        return
    refuse_if_over(incident, prompt)
    words = mask(reply.text).strip()
    if len(words) > LONGEST_UPDATE:
        raise Hint(f"An update holds {LONGEST_UPDATE:,} characters and yours has {len(words):,}; please shorten it.")
    if words and await receive(session, _request_id(reply), at=now):
        data = {"words": words, "by": reply.author, "channel_id": reply.channel_id, "thread_ts": reply.thread_ts}
        ask_now(session, incident, PromptKind.DRAFT, name=f"{reply.channel_id}-{reply.ts}", data=data, now=now)


async def _draft_meant(session: AsyncSession, incident: Incident, prompt: Prompt, reply: Said) -> Prompt:
    """The newest draft in the thread by who says “publish”: a “yes” to somebody else may be meant for anything.

    Raises PromptOver, and Hint where there is none of theirs.
    """
    drafts = [
        draft
        for draft in await list_live_or_named(session, incident.number, ())
        if draft.kind is PromptKind.DRAFT
        and (draft.data["channel_id"], draft.data["thread_ts"]) == (reply.channel_id, reply.thread_ts)
    ]
    own = [draft for draft in drafts if draft.data["by"] == reply.author]
    if own:
        return own[-1]
    if drafts:
        raise Hint("That draft is somebody else’s, so I left it alone. Press “Publish” under it if it is to go out.")
    refuse_if_over(incident, prompt)
    raise Hint("There is no draft of yours here yet. Reply with the words of the update first.")


async def _as_answer(
    session: AsyncSession, incident: Incident, prompt: Prompt, reply: Said, *, process: Process, now: datetime
) -> None:
    """Words of whoever was asked are the answer; in the channel others may talk about the question."""
    is_theirs = prompt.kind is not PromptKind.QUESTION or reply.author == prompt.data["to"]
    if not is_theirs or prompt.state not in (PromptState.PLANNED, PromptState.ASKED):
        return
    words = mask(reply.text).strip()
    if len(words) > LONGEST_UPDATE:
        raise Hint(f"An answer holds {LONGEST_UPDATE:,} characters and yours has {len(words):,}; please shorten it.")
    if words:
        command = AnswerQuestion(
            by=reply.author,
            request_id=_request_id(reply),
            incident_id=incident.number,
            asked_in=reply.channel_id,
            question=prompt.data["entry"],
            text=words,
        )
        await answer_question(session, command, process=process, now=now)


async def _choose(
    session: AsyncSession, key: str, choice: str, reply: Said, *, process: Process, now: datetime
) -> None:
    command = AnswerPrompt(
        by=reply.author, request_id=_request_id(reply), prompt=key, choice=choice, asked_in=reply.channel_id
    )
    await answer_prompt(session, command, process=process, now=now)


def _request_id(reply: Said) -> str:
    return f"reply/{reply.channel_id}/{reply.ts}"


def _how(kind: PromptKind) -> str:
    """What answers a prompt, for somebody whose words do not."""
    buttons = ", ".join(f"“{choice.label}”" for choice in CHOICES[kind])
    said = [f"“{choice.words[0]}”" for choice in CHOICES[kind] if choice.words and not choice.opens_form]
    in_words = f" Or reply {' or '.join(said)}." if said else ""
    return f"I did not take that as an answer, and changed nothing. Press {buttons} above.{in_words}"


async def _whisper(
    session: AsyncSession, incident: Incident, key: str, reply: Said, refusal: Declined, *, now: datetime
) -> None:
    """Tell the author, and only them; the same about the same question only once."""
    await owe_unless_owed(
        session,
        DeliveryKind.WHISPER,
        lane=f"person/{reply.author}",
        key=f"{key}/{DeliveryKind.WHISPER}/{reply.author}/{type(refusal).__name__}",
        due_at=now,
        payload={
            "to": reply.author,
            "channel_id": reply.channel_id,
            "thread_ts": reply.thread_ts,
            "sentence": str(refusal),
        },
        incident_id=incident.number,
    )
