from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.engine import Database
from storage.ledger import list_entries
from storage.tables import DeliveryKind, EntryKind, Status, Update
from storage.updates import count_promises
from tests.builders import NOON
from tests.workflows.asking import ask, do, incident_now, newest_entry, opened, owed_by, refused, status_now
from workflows.commands import PublishUpdate
from workflows.errors import AlreadyEnded, PersonNeeded, ReasonNeeded, StepNotAllowed
from workflows.updates import promises_kept

HALF_AN_HOUR = timedelta(minutes=30)


async def test_an_update_keeps_its_words_and_the_promise_of_the_next(database: Database) -> None:
    incident = await opened(database)

    await do(database, ask(PublishUpdate, incident, words="We found it", next_update_in=HALF_AN_HOUR, by="UBOB"))

    now = await incident_now(database)
    assert (now.last_update, now.last_update_at) == ("We found it", NOON)
    assert now.next_update_due_at == NOON + HALF_AN_HOUR
    async with database.read() as session:
        (update,) = await _updates(session)
    assert (update.words, update.status, update.published_by) == ("We found it", Status.TRIAGE, "UBOB")
    assert (await newest_entry(database)).data == {
        "words": "We found it",
        "actions": "",
        "needs": "",
        "needed": None,
        "affected": None,
        "from": "triage",
        "to": "triage",
        "next_update_due_at": "2026-03-04T12:30:00+00:00",
    }


async def test_an_update_without_a_promise_takes_back_the_one_before(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await do(sqlite, ask(PublishUpdate, incident, words="One", next_update_in=HALF_AN_HOUR))

    await do(sqlite, ask(PublishUpdate, incident, words="Two"))

    assert (await incident_now(sqlite)).next_update_due_at is None
    async with sqlite.read() as session:
        assert [update.words for update in await _updates(session)] == ["One", "Two"]


async def test_a_new_status_in_an_update_is_one_message_and_two_entries(sqlite: Database) -> None:
    incident = await opened(sqlite)

    owed = await owed_by(sqlite, ask(PublishUpdate, incident, words="It is real", status=Status.INVESTIGATING))

    assert await status_now(sqlite) is Status.INVESTIGATING
    assert [row.kind.value for row in owed] == ["tell_channel", "refresh_card", "set_topic", "digest_entry"]
    async with sqlite.read() as session:
        entries = await list_entries(session, 1)
    assert [entry.kind for entry in entries[2:]] == [EntryKind.STATUS_CHANGED, EntryKind.UPDATE]
    assert (entries[-1].data["from"], entries[-1].data["to"]) == ("triage", "investigating")


@pytest.mark.parametrize("status", [None, Status.TRIAGE])
async def test_an_update_with_the_same_status_and_promise_leaves_the_topic_alone(
    sqlite: Database, status: Status | None
) -> None:
    incident = await opened(sqlite, impact="low", urgency="low")

    owed = await owed_by(sqlite, ask(PublishUpdate, incident, words="Still looking", status=status))

    assert [row.kind.value for row in owed] == ["tell_channel", "refresh_card", "digest_entry"]


async def test_an_update_with_another_promise_changes_the_topic(sqlite: Database) -> None:
    incident = await opened(sqlite)

    owed = await owed_by(sqlite, ask(PublishUpdate, incident, words="Still looking"))

    assert DeliveryKind.SET_TOPIC in [row.kind for row in owed]


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
async def test_there_may_be_news_of_what_is_over(sqlite: Database, status: Status) -> None:
    incident = await opened(sqlite, status=status)

    await do(sqlite, ask(PublishUpdate, incident, words="Refunds are out"))

    assert (await incident_now(sqlite)).last_update == "Refunds are out"


@pytest.mark.parametrize(
    ("before", "changes", "refusal", "sentence"),
    [
        (
            Status.DECLINED,
            {},
            AlreadyEnded,
            "INC-1 is already declined, so nobody waits for news of it. Reopen it to change that.",
        ),
        (
            Status.MERGED,
            {},
            AlreadyEnded,
            "INC-1 is already merged, so nobody waits for news of it. Turn to the one it was merged into.",
        ),
        (
            Status.TRIAGE,
            {"status": Status.MITIGATING},
            ReasonNeeded,
            "Leaving out Investigating needs a reason, so INC-1 was left as it is. Say why in a few words.",
        ),
        (
            Status.MONITORING,
            {"status": Status.RESOLVED},
            StepNotAllowed,
            "INC-1 is monitoring and cannot become resolved from there. Resolve it; that asks how it was checked.",
        ),
        (
            Status.RESOLVED,
            {"status": Status.INVESTIGATING},
            StepNotAllowed,
            "INC-1 is resolved and cannot become investigating from there. Reopen it first.",
        ),
    ],
)
async def test_an_update_that_cannot_be_is_refused_with_a_reason_why(
    sqlite: Database, before: Status, changes: dict[str, Any], refusal: type[Any], sentence: str
) -> None:
    incident = await opened(sqlite, status=before)

    assert await refused(sqlite, ask(PublishUpdate, incident, words="x", **changes), refusal) == sentence


async def test_a_status_may_be_left_out_in_an_update_with_a_reason(sqlite: Database) -> None:
    incident = await opened(sqlite)

    await do(sqlite, ask(PublishUpdate, incident, words="x", status=Status.MITIGATING, reason="Known cause"))

    async with sqlite.read() as session:
        assert (await list_entries(session, 1))[2].data["reason"] == "Known cause"


async def test_needs_that_nobody_is_asked_for_are_refused(sqlite: Database) -> None:
    incident = await opened(sqlite)

    sentence = await refused(sqlite, ask(PublishUpdate, incident, words="x", needs="A decision"), PersonNeeded)

    assert sentence == "The update of INC-1 was not published: say who is asked for what is needed."


async def test_actions_needs_and_the_promise_it_answers_are_kept_with_an_update(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await do(sqlite, ask(PublishUpdate, incident, words="One", next_update_in=HALF_AN_HOUR))

    said = {"actions": "Rolling back", "needs": "A decision", "needed": "UBOB"}
    await do(sqlite, ask(PublishUpdate, incident, words="Two", **said))

    async with sqlite.read() as session:
        first, second = await _updates(session)
    assert (first.actions, first.needs, first.needed) == (None, None, None)
    assert (second.actions, second.needs, second.needed) == ("Rolling back", "A decision", "UBOB")
    assert second.promised_at == NOON + HALF_AN_HOUR


async def test_an_update_says_who_is_affected_and_the_card_is_drawn_anew(sqlite: Database) -> None:
    incident = await opened(sqlite)

    owed = await owed_by(sqlite, ask(PublishUpdate, incident, words="x", affected="All shops in Spain"))

    assert (await incident_now(sqlite)).affected == "All shops in Spain"
    assert DeliveryKind.REFRESH_CARD in {row.kind for row in owed}
    await do(sqlite, ask(PublishUpdate, incident, words="y"))
    assert (await incident_now(sqlite)).affected == "All shops in Spain"
    await do(sqlite, ask(PublishUpdate, incident, words="z", affected=""))
    assert (await incident_now(sqlite)).affected is None


async def test_a_secret_in_an_update_is_masked_before_it_is_kept(sqlite: Database) -> None:
    incident = await opened(sqlite)
    secret = "AKIA" + "IOSFODNN7EXAMPLE"

    typed = {"words": f"Found {secret}", "actions": f"Revoking {secret}", "affected": f"All with {secret}"}
    await do(sqlite, ask(PublishUpdate, incident, **typed))

    assert secret not in str((await newest_entry(sqlite)).data)
    assert secret not in str((await incident_now(sqlite)).affected)


def test_promises_are_kept_by_updates_that_come_in_time() -> None:
    def update(promised: int | None, published: int) -> Update:
        due_at = None if promised is None else NOON + timedelta(minutes=promised)
        return Update(
            incident_id=1,
            words="x",
            status=Status.TRIAGE,
            promised_at=due_at,
            published_by="UANN",
            published_at=NOON + timedelta(minutes=published),
        )

    promises = promises_kept([update(None, 0), update(30, 29), update(60, 60), update(90, 91), update(120, 119)])

    assert (promises.kept, promises.missed, promises.kept_rate) == (3, 1, 0.75)
    assert promises_kept([update(None, 5)]).kept_rate is None


async def _updates(session: AsyncSession) -> Sequence[Update]:
    return (await session.execute(select(Update).order_by(col(Update.id)))).scalars().all()


async def test_kept_and_missed_promises_are_counted_over_all_incidents(database: Database) -> None:
    incident = await opened(database)
    for minutes in (10, 50, 55):  # promised: half an hour by its severity, then each time half an hour more
        command = ask(PublishUpdate, incident, words="x", next_update_in=HALF_AN_HOUR)
        await do(database, command, now=NOON + timedelta(minutes=minutes))

    async with database.read() as session:
        assert await count_promises(session) == (2, 1)
