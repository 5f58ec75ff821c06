"""What a digest says is what is so when it is sent, and nothing of a private incident."""

from datetime import UTC, date, datetime, timedelta

from storage.deliveries import Claim
from storage.engine import Database
from storage.kept import keep
from storage.tables import DeliveryKind, ItemState, Proposal, Status, Theme
from tests.builders import PROCESS, an_incident, an_opened_incident, request
from tests.workflows.digesting import MADE, MONDAY, a_person, an_item_row, titles, totals, weekly
from workflows.digest_contents import TOLD_UNTIL, TrendReport, read_trend, said
from workflows.digest_numbers import Rise
from workflows.kudos import ChoosePraise, GiveKudos, choose_praise, give_kudos

DAY = timedelta(days=1)


async def test_the_week_lists_what_is_overdue_due_done_and_oldest_by_date_and_counts_all_of_it(
    database: Database,
) -> None:
    async with database.transaction() as session:
        incident = await an_opened_incident(session)
        for title, due_on in [("late", date(2026, 3, 6)), ("later", date(2026, 2, 27)), ("today", MONDAY.date())]:
            await an_item_row(session, incident, title=title, due_on=due_on)
        await an_item_row(session, incident, title="sunday", owner="UANN", due_on=date(2026, 3, 15))
        await an_item_row(session, incident, title="in a week", due_on=date(2026, 3, 16), created_at=MADE - DAY)
        for title, days in [("done", 1), ("done before", 8), ("done in time", 7)]:
            at = MONDAY - days * DAY + timedelta(minutes=1)
            await an_item_row(session, incident, title=title, state=ItemState.DONE, done_at=at)
        await an_item_row(session, incident, title="dropped", state=ItemState.WONT_DO)

    digest = await weekly(database)

    assert titles(digest.overdue) == ["later", "late"]
    assert titles(digest.due) == ["today", "sunday"]
    assert titles(digest.done) == ["done in time", "done"]
    assert titles(digest.oldest) == ["in a week", "late", "later"]
    assert totals(digest) == {"open": 5, "overdue": 2, "due": 2, "done": 2}
    assert [(load.owner, load.open) for load in digest.loads] == [("UANN", 1), ("UBO", 4)]
    assert not digest.late


async def test_no_digest_says_anything_of_a_private_incident(database: Database) -> None:
    async with database.transaction() as session:
        incident = await an_opened_incident(session, private=True, title="Keys leaked")
        theme = Theme(name="Keys", owner="UANN", created_by="UANN", created_at=MADE)
        session.add(theme)
        await session.flush()
        for state in (ItemState.OPEN, ItemState.DONE):
            await an_item_row(
                session,
                incident,
                state=state,
                done_at=MONDAY - DAY if state is ItemState.DONE else None,
                due_on=date(2026, 3, 6),
                proposal=Proposal.TOOL,
                theme_id=theme.number,
            )
        session.add(a_person("UBO", "Bo"))
        thanks = {"incident_id": incident.number, "asked_in": incident.channel_id, "to": "UANN", "text": "well done"}
        await give_kudos(session, GiveKudos(**{**request(), **thanks, "by": "UBO"}), now=MONDAY - DAY)

    digest = await weekly(database)

    assert digest.is_silent
    assert (digest.overdue, digest.done, digest.oldest, digest.proposals, digest.kudos) == ([], [], [], [], [])
    assert [(one.theme.name, one.open, one.done) for one in digest.themes] == [("Keys", 0, 0)]


async def test_with_nothing_to_do_or_to_thank_for_there_is_nothing_to_say(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        await an_item_row(session, await an_opened_incident(session), state=ItemState.WONT_DO)

    assert (await weekly(sqlite)).is_silent


async def test_a_digest_thanks_for_what_was_done_since_the_one_before_and_says_when_it_is_late(
    database: Database,
) -> None:
    async with database.transaction() as session:
        incident = await an_opened_incident(session)
        await keep(session, TOLD_UNTIL, (MONDAY - 10 * DAY).isoformat())
        for title, days in [("thanked", 11), ("not yet", 9), ("yesterday", -1)]:
            at = MONDAY - days * DAY
            await an_item_row(session, incident, title=title, state=ItemState.VERIFIED, done_at=at)

    digest = await weekly(database, now=MONDAY + 2 * DAY)

    assert titles(digest.done) == ["not yet", "yesterday"]
    assert digest.since == date(2026, 2, 27)
    assert digest.late
    assert not (await weekly(database, now=MONDAY + timedelta(hours=2))).late


async def test_a_proposal_is_in_the_digest(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        incident = await an_opened_incident(session)
        await an_item_row(session, incident, title="Page the vendor first", proposal=Proposal.ESCALATION)

    digest = await weekly(sqlite)

    assert titles(digest.proposals) == ["Page the vendor first"]
    assert [load.proposals for load in digest.loads] == [1]


async def test_kudos_of_the_week_are_in_the_digest_but_not_to_whom_has_since_asked_not_to_be_thanked(
    database: Database,
) -> None:
    async with database.transaction() as session:
        incident = await an_opened_incident(session)
        for to, text, at in [("UBO", "old", MONDAY - 8 * DAY), ("UBO", "for the graph", MONDAY - DAY)]:
            command = GiveKudos(**request(), incident_id=incident.number, to=to, text=text)
            await give_kudos(session, command, now=at)
        another = GiveKudos(**request(), incident_id=incident.number, to="UCY", text="for the fix")
        await give_kudos(session, another, now=MONDAY)

    assert [said(entry) for entry in (await weekly(database)).kudos] == ["for the graph", "for the fix"]

    async with database.transaction() as session:
        await choose_praise(session, ChoosePraise(by="UCY", request_id="no praise", wanted=False), now=MONDAY)

    assert [said(entry) for entry in (await weekly(database)).kudos] == ["for the graph"]


async def _trend(database: Database) -> TrendReport:
    due_at = datetime(2026, 4, 1, 9, tzinfo=UTC)
    claim = Claim(1, DeliveryKind.TREND, None, {"on": "2026-04-01"}, "trend", due_at, 1, look_first=False)
    async with database.read() as session:
        return await read_trend(session, claim, PROCESS, due_at)


async def test_a_service_that_rises_from_one_quarter_to_the_next_is_named_and_no_other(database: Database) -> None:
    in_autumn, in_winter = datetime(2025, 11, 3, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC)
    async with database.transaction() as session:
        for at, services in [
            *[(in_autumn, ("search", "mail"))] * 4,
            (in_autumn, ("checkout",)),
            *[(in_winter, ("search",))] * 4,
            *[(in_winter, ("checkout",))] * 3,
            (datetime(2026, 4, 1, tzinfo=UTC), ("mail",)),
        ]:
            await an_incident(session, now=at, services=services)
        for status in (Status.DECLINED, Status.MERGED, Status.RESOLVED):
            for _ in range(8):
                incident = await an_incident(session, now=in_winter, services=("mail",))
                incident.status = status
                incident.private = status is Status.RESOLVED

    report = await _trend(database)

    assert report.quarter == date(2026, 1, 1)
    assert list(report.rises) == [Rise("service", "checkout", 1, 3)]
