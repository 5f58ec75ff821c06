"""The steps that stories about action items share: a workspace whose clock moves by days, and an item in it."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import col, select

from bot.service import Service
from sandbox import Sandbox
from sandbox.clock import Clock
from sandbox.people.form import Form
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from storage.action_items import find_item
from storage.incidents import find_incident_of_channel
from storage.tables import ActionItem, EntryKind, LedgerEntry
from tests.journeys.telling import all_done
from workflows.action_items import add_action_item
from workflows.commands import AddActionItem

AWAY = "I was away, so this comes late."


def clock_at(start: datetime) -> Clock:
    """The real clock, moved to this moment."""
    moved = start - datetime.now(UTC)
    return Clock(lambda: datetime.now(UTC) + moved)


async def an_item(
    slack: Sandbox,
    bot: Service,
    channel: str,
    *,
    title: str = "Alert on refused cards",
    by: str = "ann",
    owner: str | None = "bo",
    due_on: date | None = None,
    settled: bool = True,
    **values: object,
) -> ActionItem:
    """An action item of the channel's incident, as the process adds one; `settled` when all is done that it owes."""
    found = slack.workspace.channel_named(channel)
    assert found is not None
    async with bot.services.transaction() as session:
        incident = await find_incident_of_channel(session, found.id)
        assert incident is not None
        command = AddActionItem(
            by=slack.person(by).id,
            request_id=f"test/{title}",
            incident_id=incident.number,
            title=title,
            owner=slack.person(owner).id if owner else None,
            due_on=due_on,
            **values,  # type: ignore[arg-type]  # whatever a test states
        )
        item = await add_action_item(session, command, process=bot.process, now=bot.now())
    if settled:
        await all_done(bot)
    return item


async def days_pass(slack: Sandbox, bot: Service, days: int) -> None:
    """Let whole days pass, one after another, and do what each brings."""
    for _ in range(days):
        slack.clock.advance(timedelta(days=1).total_seconds())
        bot.dispatcher.wake()
        await all_done(bot)


def morning_of(person: Person) -> SeenMessage:
    """The newest message of a morning."""
    return [one for one in person.dm() if "Good morning." in one.text or AWAY in one.text][-1]


def as_it_is_now(person: Person, message: SeenMessage) -> SeenMessage:
    """The same message, as it reads by now."""
    return next(one for one in person.dm() if one.ts == message.ts)


async def item_of(bot: Service, number: int = 1) -> ActionItem:
    """The item as it stands."""
    async with bot.services.read() as session:
        item = await find_item(session, number)
    assert item is not None
    return item


async def recorded(bot: Service, *kinds: EntryKind) -> list[LedgerEntry]:
    """What the ledger has of these kinds."""
    async with bot.services.read() as session:
        statement = select(LedgerEntry).where(col(LedgerEntry.kind).in_(kinds)).order_by(col(LedgerEntry.sequence))
        return list((await session.execute(statement)).scalars())


async def submitted(form: Form, answers: dict[str, object]) -> None:
    """Fill in a form and send it."""
    await form.fill(answers)
    outcome = await form.submit()
    assert outcome.closed, outcome
