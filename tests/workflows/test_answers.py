"""Answers to what we ask: each does what it says, once, and the next one is told who was faster."""

import asyncio

import pytest

from storage.engine import Database
from storage.incidents import add_role
from storage.tables import DeliveryKind, EntryKind, PromptKind, Status
from tests.builders import PROCESS, request
from tests.workflows.asking import ask, do, holders, incident_now, newest_entry, opened, status_now
from tests.workflows.prompting import after, answer, deliveries, states, the_prompt, time_passes
from workflows.answers import NOTHING_NEW, answer_prompt
from workflows.choices import CHOICES, meant_by
from workflows.commands import AnswerPrompt, AssignRole, ChangeStatus
from workflows.errors import AlreadyReceived, Declined, IncidentNotFound, PromptOver, PromptUnknown

K = PromptKind


async def test_a_quarter_of_an_hour_more_counts_from_the_promise_while_it_is_not_due(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 24)

    await answer(sqlite, K.UPDATE_SOON, "later", at=25)

    assert (await incident_now(sqlite)).next_update_due_at == after(45)
    moved = await newest_entry(sqlite)
    assert (moved.kind, moved.data) == (
        EntryKind.PROMISE_MOVED,
        {"from": after(30).isoformat(), "to": after(45).isoformat()},
    )
    assert await time_passes(sqlite, 40) == []
    assert await time_passes(sqlite, 41) == ["update_soon"]
    assert await time_passes(sqlite, 45) == ["update_due"]


async def test_a_quarter_of_an_hour_more_counts_from_now_when_the_promise_is_past(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 30)

    await answer(sqlite, K.UPDATE_DUE, "later", at=33)

    assert (await incident_now(sqlite)).next_update_due_at == after(48)
    assert await states(sqlite, K.UPDATE_OVERDUE) == ["moot", "planned"]


async def test_a_quarter_of_an_hour_more_is_quiet_for_most_of_it(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 100)

    await answer(sqlite, K.UPDATE_DUE, "later", at=100)

    assert await time_passes(sqlite, 111) == []
    assert await time_passes(sqlite, 112) == ["update_soon"]


async def test_nothing_new_is_said_as_an_update_with_the_usual_promise(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 30)

    await answer(sqlite, K.UPDATE_DUE, "nothing_new", at=31)

    incident = await incident_now(sqlite)
    assert incident.last_update == NOTHING_NEW
    assert incident.next_update_due_at == after(91)  # SEV2 promises an update an hour


async def test_who_presses_i_lead_leads(sqlite: Database) -> None:
    await opened(sqlite, nobody_leads=True)
    await time_passes(sqlite, 5)

    await answer(sqlite, K.NO_LEAD, "lead", at=6)

    assert await holders(sqlite) == {"lead": "UBOB"}
    assert await states(sqlite, K.NO_LEAD) == ["answered"]


async def test_facts_that_nobody_has_time_for_are_not_asked_for_again(sqlite: Database) -> None:
    await opened(sqlite, services=())
    await time_passes(sqlite, 10)

    await answer(sqlite, K.FACTS, "not_now", at=11)

    assert await states(sqlite, K.FACTS) == ["answered"]
    assert "facts" not in await time_passes(sqlite, 60)


async def test_triage_is_confirmed_by_a_button(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 15)

    await answer(sqlite, K.TRIAGE, "confirm", at=16)

    assert await status_now(sqlite) is Status.INVESTIGATING


async def test_a_watch_that_is_kept_up_is_asked_about_again_after_its_time(sqlite: Database) -> None:
    await _watched(sqlite)
    await time_passes(sqlite, 30)

    await answer(sqlite, K.WATCH, "keep_watching", at=31)

    assert await status_now(sqlite) is Status.MONITORING
    assert "watch" not in await time_passes(sqlite, 60)
    assert "watch" in await time_passes(sqlite, 61)


async def test_what_is_back_is_investigated_again_as_the_same_incident(database: Database) -> None:
    await _watched(database)
    assert await time_passes(database, 29) == ["update_soon"]
    assert await time_passes(database, 30) == ["update_due", "watch"]

    await answer(database, K.WATCH, "is_back", at=31)

    incident = await incident_now(database)
    assert (incident.ref, incident.status) == ("INC-1", Status.INVESTIGATING)


async def test_still_working_ends_the_silence(sqlite: Database) -> None:
    await opened(sqlite, impact="low", urgency="low", status=Status.MITIGATING)
    await time_passes(sqlite, 24 * 60)

    await answer(sqlite, K.SILENT, "still_working", at=24 * 60 + 5)

    assert await states(sqlite, K.SILENT) == ["answered", "planned"]
    assert (await the_prompt(sqlite, K.SILENT)).due_at == after(48 * 60 + 5)


async def test_the_question_says_who_answered_what(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 15)

    await answer(sqlite, K.TRIAGE, "confirm", at=16)

    (redrawn,) = await deliveries(sqlite, DeliveryKind.REFRESH_PROMPT)
    ended = {"by": "UBOB", "choice": "confirm", "at": after(16).isoformat(), "open": False}
    assert redrawn.payload["ended"] == ended


async def test_who_answers_second_is_told_who_answered_first_and_changes_nothing(database: Database) -> None:
    await opened(database)
    await time_passes(database, 30)
    prompt = await the_prompt(database, K.UPDATE_DUE)
    await answer(database, K.UPDATE_DUE, "later", at=31)

    with pytest.raises(PromptOver) as told:
        await answer(database, K.UPDATE_DUE, "nothing_new", at=32, by="UDEE", prompt=prompt)

    assert str(told.value).startswith("{@UBOB} has answered this for INC-1 already, {at 1772627460}: “15 minutes more”")
    assert (await incident_now(database)).last_update is None


async def test_of_two_who_answer_at_once_one_has_an_effect(database: Database) -> None:
    await opened(database)
    await time_passes(database, 30)
    prompt = await the_prompt(database, K.UPDATE_DUE)

    ends = await asyncio.gather(
        *(answer(database, K.UPDATE_DUE, "later", at=32, by=who, prompt=prompt) for who in ("UBOB", "UDEE", "UANN")),
        return_exceptions=True,
    )

    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "PromptOver", "PromptOver"]
    assert (await incident_now(database)).next_update_due_at == after(47)


async def test_the_same_press_delivered_twice_is_done_once(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 30)
    prompt = await the_prompt(sqlite, K.UPDATE_DUE)
    command = AnswerPrompt(**request(), prompt=prompt.key, choice="later")
    async with sqlite.transaction() as session:
        await answer_prompt(session, command, process=PROCESS, now=after(31))

    with pytest.raises(AlreadyReceived):
        async with sqlite.transaction() as session:
            await answer_prompt(session, command, process=PROCESS, now=after(31))


async def test_what_is_idle_is_answered_by_nobody(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await time_passes(sqlite, 15)
    await do(sqlite, ask(ChangeStatus, incident, status=Status.INVESTIGATING), now=after(16))

    with pytest.raises(PromptOver) as told:
        await answer(sqlite, K.TRIAGE, "confirm", at=17)

    assert str(told.value) == (
        "This is no longer asked of INC-1: something has changed since, so nothing was done. "
        "`/incident status` shows how it stands."
    )


async def test_an_answer_whose_deed_is_declined_leaves_the_question_as_it_was(sqlite: Database) -> None:
    incident = await opened(sqlite, nobody_leads=True)
    await time_passes(sqlite, 5)
    async with sqlite.transaction() as session:  # as if the role were taken, and its planning yet to come
        add_role(session, incident, "lead", user_id="UDEE", by="UDEE", at=after(5))

    with pytest.raises(Declined):
        await answer(sqlite, K.NO_LEAD, "lead", at=6)

    assert await states(sqlite, K.NO_LEAD) == ["asked"]


async def test_only_who_may_see_a_private_incident_answers_for_it(sqlite: Database) -> None:
    await opened(sqlite, private=True)
    await time_passes(sqlite, 15)

    with pytest.raises(IncidentNotFound):
        await answer(sqlite, K.TRIAGE, "confirm", at=16, by="USTRANGER")

    assert await status_now(sqlite) is Status.TRIAGE


async def test_a_question_or_choice_we_do_not_know_is_refused(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 15)

    with pytest.raises(PromptUnknown):
        await answer(sqlite, K.TRIAGE, "explode", at=16)


async def test_a_promise_is_kept_by_whoever_holds_communications_by_then(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await do(sqlite, ask(AssignRole, incident, role="communications", to="UDEE"), now=after(32))

    await time_passes(sqlite, 35)

    assert (await the_prompt(sqlite, K.UPDATE_OVERDUE)).to == "UDEE"


@pytest.mark.parametrize(
    ("kind", "text", "choice"),
    [
        (K.WATCH, "Still good!", "keep_watching"),
        (K.WATCH, "keep watching", "keep_watching"),
        (K.WATCH, "It is back :fire:", "is_back"),
        (K.TRIAGE, "Yes.", "confirm"),
        (K.NO_LEAD, "I’ll lead", "lead"),
        (K.SILENT, "still on it", "still_working"),
        (K.TRIAGE, "yes, but only for a few", None),
        (K.WATCH, "", None),
    ],
)
def test_a_few_words_mean_a_choice_and_more_than_them_mean_none(
    kind: PromptKind, text: str, choice: str | None
) -> None:
    meant = meant_by(kind, text)

    assert (meant.key if meant else None) == choice


def test_every_kind_has_choices_and_no_word_means_two_of_them() -> None:
    assert CHOICES.keys() == set(PromptKind)
    for choices in CHOICES.values():
        words = [word for choice in choices for word in choice.words]
        assert len(words) == len(set(words))
        assert len({choice.key for choice in choices}) == len(choices)


async def _watched(database: Database) -> None:
    incident = await opened(database, status=Status.MITIGATING)
    await do(database, ask(ChangeStatus, incident, status=Status.MONITORING))
