"""Questions: asked of one person, settled once, and how long they waited."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from storage.engine import Database
from storage.incidents import lock_incident
from storage.ledger import list_entries
from storage.prompts import list_live_or_named
from storage.tables import DeliveryKind, EntryKind, Incident, PromptKind, Status, TimelineEntry
from storage.timeline import list_open, list_shown
from tests.builders import NOON, PROCESS
from tests.workflows.asking import ask, contents, do, newest_entry, opened, owed_by, refused
from tests.workflows.prompting import a_reply, after, answer, deliveries, states, the_prompt, time_passes
from workflows.choices import QUESTIONS
from workflows.commands import AcceptQuestion, AnswerQuestion, AskQuestion, RefuseQuestion
from workflows.errors import AlreadyEnded, AlreadySettled, Declined, NoSuchEntry, NotTheirs, ReasonNeeded
from workflows.heard import Said
from workflows.participants import joined
from workflows.questions import Wait, waits
from workflows.replies import replied

MINUTE = timedelta(minutes=1)


async def _asked(database: Database, **changes: Any) -> tuple[Incident, int]:
    """Ann has asked Bob in INC-1; the sequence of her question."""
    incident = await opened(database)
    await do(database, _question(incident, **changes))
    return incident, (await newest_entry(database)).sequence


def _question(incident: Incident, **changes: Any) -> AskQuestion:
    values = {"to": "UBOB", "text": "Did you deploy?", "due_at": NOON + 15 * MINUTE, **changes}
    return ask(AskQuestion, incident, **values)


async def _shown(database: Database) -> TimelineEntry:
    async with database.read() as session:
        (question,) = await list_shown(session, 1, categories=["question"])
        return question


async def test_a_question_is_on_the_timeline_with_whom_it_asks_and_until_when(database: Database) -> None:
    await _asked(database)

    question = await _shown(database)
    assert (question.kind, question.by, question.state) == (EntryKind.QUESTION, "UANN", "open")
    assert (question.data["to"], question.data["text"]) == ("UBOB", "Did you deploy?")
    assert question.data["due_at"] == (NOON + 15 * MINUTE).isoformat()
    async with database.read() as session:
        assert [entry.sequence for entry in await list_open(session, [1])] == [question.sequence]


async def test_who_is_asked_is_asked_at_once_in_person_when_it_is_due_and_then_the_lead(sqlite: Database) -> None:
    incident = await opened(sqlite)

    await do(sqlite, _question(incident, by="UCAT"))

    async with sqlite.read() as session:
        planned = await list_live_or_named(session, 1, ())
    assert [(row.kind, row.due_at - NOON) for row in planned if row.kind in QUESTIONS] == [
        (PromptKind.QUESTION, 0 * MINUTE),
        (PromptKind.QUESTION_DUE, 15 * MINUTE),
        (PromptKind.QUESTION_UNANSWERED, 20 * MINUTE),
    ]


async def test_who_is_asked_is_invited_unless_they_are_there(sqlite: Database) -> None:
    incident = await opened(sqlite)
    async with sqlite.transaction() as session:
        await joined(session, "CINC1", "UDEE", at=NOON, now=NOON)

    await do(sqlite, _question(incident, to="UBOB"))
    await do(sqlite, _question(incident, to="UDEE"))

    assert [row.payload for row in await deliveries(sqlite, DeliveryKind.INVITE)] == [{"user_id": "UBOB"}]


async def test_a_question_that_nobody_leads_is_given_back_to_who_asked(sqlite: Database) -> None:
    incident = await opened(sqlite, nobody_leads=True)
    await do(sqlite, _question(incident, by="UCAT"))

    await time_passes(sqlite, 20)

    assert (await the_prompt(sqlite, PromptKind.QUESTION_UNANSWERED)).to == "UCAT"


async def test_what_was_settled_is_not_asked_again(sqlite: Database) -> None:
    incident, question = await _asked(sqlite)

    await do(sqlite, ask(AnswerQuestion, incident, question=question, text="Yes", by="UBOB"))

    async with sqlite.read() as session:
        planned = await list_live_or_named(session, 1, ())
    assert [row.kind for row in planned if row.kind in QUESTIONS] == []


@pytest.mark.parametrize("status", [Status.CLOSED, Status.DECLINED, Status.MERGED])
async def test_nothing_is_asked_about_what_is_over(sqlite: Database, status: Status) -> None:
    said = await refused(sqlite, _question(await opened(sqlite, status=status)), AlreadyEnded)

    assert said.startswith(f"INC-1 is already {status}, so nothing is asked about it any more.")


async def test_of_a_private_incident_only_those_are_asked_who_may_see_it(sqlite: Database) -> None:
    said = await refused(sqlite, _question(await opened(sqlite, private=True)), NotTheirs)

    assert said == "INC-1 is private and {@UBOB} is not in its channel, so they were not asked. Invite them first."


async def test_an_answer_settles_it_and_who_asked_hears_it(database: Database) -> None:
    incident, question = await _asked(database)

    answer = ask(AnswerQuestion, incident, question=question, text="Yes, at 11:50", by="UBOB")
    owed = await owed_by(database, answer, now=NOON + 4 * MINUTE)

    shown = await _shown(database)
    assert shown.state == "answered"
    assert (shown.data["outcome"], shown.data["settled_by"]) == ("Yes, at 11:50", "UBOB")
    (told,) = [row for row in owed if row.kind is DeliveryKind.TELL_PERSON]
    assert told.payload == {
        "to": "UANN",
        "question": "Did you deploy?",
        "state": "answered",
        "outcome": "Yes, at 11:50",
        "by": "UBOB",
    }


async def test_who_is_on_it_is_recorded_and_the_question_keeps_its_time(sqlite: Database) -> None:
    incident, question = await _asked(sqlite)

    await do(sqlite, ask(AcceptQuestion, incident, question=question, by="UBOB"))

    entry = await newest_entry(sqlite)
    assert (entry.kind, entry.by) == (EntryKind.ENTRY_STATE, "UBOB")
    assert entry.data == {"of": question, "state": "accepted", "outcome": "", "settled_by": "UBOB"}
    assert (await _shown(sqlite)).data["due_at"] == (NOON + 15 * MINUTE).isoformat()
    async with sqlite.read() as session:
        assert len(await list_open(session, [1])) == 1


async def test_who_cannot_says_why_and_it_is_settled(sqlite: Database) -> None:
    incident, question = await _asked(sqlite)

    await do(sqlite, ask(RefuseQuestion, incident, question=question, why="I was away; ask {@UCAT}", by="UBOB"))

    shown = await _shown(sqlite)
    assert (shown.state, shown.data["outcome"]) == ("refused", "I was away; ask {@UCAT}")


async def test_who_answers_their_own_question_is_not_told(sqlite: Database) -> None:
    incident, question = await _asked(sqlite)

    owed = await owed_by(sqlite, ask(AnswerQuestion, incident, question=question, text="Never mind"))

    assert [row for row in owed if row.kind is DeliveryKind.TELL_PERSON] == []


@pytest.mark.parametrize("late", [AcceptQuestion, AnswerQuestion, RefuseQuestion])
async def test_a_question_is_settled_once_and_the_next_one_hears_by_whom(sqlite: Database, late: Any) -> None:
    incident, question = await _asked(sqlite)
    await do(sqlite, ask(AnswerQuestion, incident, question=question, text="Yes", by="UBOB"))
    words = {AnswerQuestion: {"text": "No"}, RefuseQuestion: {"why": "Away"}}.get(late, {})

    said = await refused(sqlite, ask(late, incident, question=question, by="UCAT", **words), AlreadySettled)

    assert said == "{@UBOB} has answered this already, so nothing more was done in INC-1."


async def test_who_says_second_that_they_are_on_it_hears_who_is(sqlite: Database) -> None:
    incident, question = await _asked(sqlite)
    await do(sqlite, ask(AcceptQuestion, incident, question=question, by="UBOB"))

    said = await refused(sqlite, ask(AcceptQuestion, incident, question=question, by="UCAT"), AlreadySettled)

    assert said == "{@UBOB} is on this already, so nothing more was done in INC-1."


async def test_of_two_answers_at_once_one_is_kept(database: Database) -> None:
    incident, question = await _asked(database)

    answers = await asyncio.gather(
        *(do(database, ask(AnswerQuestion, incident, question=question, text=by, by=by)) for by in ("UBOB", "UCAT")),
        return_exceptions=True,
    )

    (loss,) = (answer for answer in answers if isinstance(answer, BaseException))
    winner = (await _shown(database)).data["settled_by"]
    assert isinstance(loss, AlreadySettled)
    assert str(loss).startswith(f"{{@{winner}}} has answered this already")


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (lambda incident, _: ask(AnswerQuestion, incident, question=1, text="x"), NoSuchEntry),
        (lambda incident, _: ask(AcceptQuestion, incident, question=99), NoSuchEntry),
        (lambda incident, question: ask(AnswerQuestion, incident, question=question, text=""), ReasonNeeded),
        (lambda incident, question: ask(RefuseQuestion, incident, question=question, why=""), ReasonNeeded),
    ],
    ids=["no question", "nothing", "no words", "no reason"],
)
async def test_what_is_no_answer_to_a_question_is_refused(
    sqlite: Database, command: Any, refusal: type[Declined]
) -> None:
    incident, question = await _asked(sqlite)

    await refused(sqlite, command(incident, question), refusal)


async def test_a_secret_in_a_question_or_its_answer_is_not_kept(sqlite: Database) -> None:
    key = "AKIA" + "Q" * 16
    incident, question = await _asked(sqlite, text=f"Is {key} yours?")

    await do(sqlite, ask(AnswerQuestion, incident, question=question, text=f"{key} is mine", by="UBOB"))

    assert key not in str(await contents(sqlite))


async def test_how_long_a_question_waited_is_computed_from_the_ledger(sqlite: Database) -> None:
    incident, first = await _asked(sqlite)
    await do(sqlite, _question(incident, to="UCAT"), now=NOON + 1 * MINUTE)
    second = (await newest_entry(sqlite)).sequence
    await do(sqlite, ask(AcceptQuestion, incident, question=first, by="UBOB"), now=NOON + 2 * MINUTE)
    await do(sqlite, ask(AnswerQuestion, incident, question=first, text="Yes", by="UBOB"), now=NOON + 9 * MINUTE)

    async with sqlite.read() as session:
        waited = waits(await list_entries(session, 1))

    assert waited == [
        Wait(first, "UBOB", NOON, 2 * MINUTE, 9 * MINUTE),
        Wait(second, "UCAT", NOON + MINUTE, None, None),
    ]


# Under the question itself


async def test_on_it_is_pressed_under_the_question_which_can_still_be_answered(sqlite: Database) -> None:
    await _asked(sqlite)
    await time_passes(sqlite, 0)

    await answer(sqlite, PromptKind.QUESTION, "on_it", at=1, by="UBOB")

    assert ((await _shown(sqlite)).state, (await _shown(sqlite)).data["settled_by"]) == ("accepted", "UBOB")
    assert await states(sqlite, PromptKind.QUESTION) == ["asked"]


async def test_a_reply_of_who_was_asked_is_the_answer_and_what_others_say_is_not(database: Database) -> None:
    await _asked(database)
    await time_passes(database, 0)
    prompt = await the_prompt(database, PromptKind.QUESTION)

    await _hears(database, a_reply(prompt, "I think he did", by="UCAT"))
    assert (await _shown(database)).state == "open"
    await _hears(database, a_reply(prompt, "Yes, at 11:50", by="UBOB"))

    shown = await _shown(database)
    assert (shown.state, shown.data["outcome"], shown.data["settled_by"]) == ("answered", "Yes, at 11:50", "UBOB")
    assert await states(database, PromptKind.QUESTION) == ["moot"]


async def test_talk_under_a_question_that_is_settled_changes_nothing(sqlite: Database) -> None:
    incident, question = await _asked(sqlite)
    await time_passes(sqlite, 0)
    prompt = await the_prompt(sqlite, PromptKind.QUESTION)
    await do(sqlite, ask(AnswerQuestion, incident, question=question, text="No", by="UCAT"))

    await _hears(sqlite, a_reply(prompt, "Yes", by="UBOB"))

    assert (await _shown(sqlite)).data["outcome"] == "No"


async def test_an_answer_too_long_to_keep_is_told_so(sqlite: Database) -> None:
    await _asked(sqlite)
    await time_passes(sqlite, 0)

    await _hears(sqlite, a_reply(await the_prompt(sqlite, PromptKind.QUESTION), "x" * 2501, by="UBOB"))

    assert (await _shown(sqlite)).state == "open"
    assert len(await deliveries(sqlite, DeliveryKind.WHISPER)) == 1


async def _hears(database: Database, reply: Said) -> None:
    async with database.transaction() as session:
        incident = await lock_incident(session, 1)
        assert incident is not None
        await replied(session, incident, [reply], process=PROCESS, now=after(2))
