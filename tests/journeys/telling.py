"""The steps most stories share: declare, wait until all is done, look at the whole."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from bot.service import Service, utc_now
from sandbox import Sandbox
from sandbox.people.form import Form
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from storage.engine import Database
from storage.ledger import BrokenEntry, verify
from storage.tables import Delivery

DIGEST = "incidents"
KNOWN = {"Impact": "Everyone", "Urgency": "Now", "Services": "checkout, payments"}
"""Answers that leave nothing assumed: SEV1."""


async def declare_form(person: Person, title: str = "Checkout is down", *, channel: str = "general") -> Form:
    """The declare form, opened by the command."""
    reply = await person.command(f"/incident declare {title}", channel=channel)
    assert reply.failed is None
    return await person.form()


async def declare(
    slack: Sandbox, title: str = "Checkout is down", *, who: str = "ann", answers: Mapping[str, object] | None = None
) -> str:
    """Declare by command and form; the name of the channel as soon as its declarer is in it and its card is pinned."""
    person = slack.person(who)
    before = set(person.channels())
    form = await declare_form(person, title)
    await form.fill(answers or {})
    outcome = await form.submit()
    assert outcome.ok, outcome
    return await new_channel(person, before)


async def new_channel(person: Person, before: set[str], *, named: str = "inc-", timeout: float = 20) -> str:  # noqa: ASYNC109
    """The incident's channel that this person has come into since, once its card is pinned."""
    found: list[str] = []

    def ready() -> bool:
        found[:] = [name for name in set(person.channels()) - before if name.startswith("inc-") and named in name]
        return bool(found) and person.name in person.members(found[0]) and bool(person.pins(found[0]))

    await person.until(ready, what=f"{person.name} came into no incident's channel", timeout=timeout)
    return found[0]


async def all_done(where: Service | Database, *, within: float = 10) -> None:
    """Wait until nothing is due any more; a commit tells nobody outside, so this looks again and again.

    What was put off for longer than this waits is not waited for: the next move of the clock may bring it.
    """
    database, now = (where, utc_now) if isinstance(where, Database) else (where.database, where.now)
    async with asyncio.timeout(within):
        while True:
            async with database.read() as session:
                if not await _is_any_due(session, now(), within):
                    return
            await asyncio.sleep(0.02)


async def _is_any_due(session: AsyncSession, now: datetime, within: float) -> bool:
    soon = or_(col(Delivery.retry_at).is_(None), col(Delivery.retry_at) <= now + timedelta(seconds=within))
    statement = select(Delivery.id).where(col(Delivery.done_at).is_(None), col(Delivery.due_at) <= now, soon)
    return (await session.execute(statement)).first() is not None


async def minutes_pass(slack: Sandbox, bot: Service, minutes: float) -> None:
    """The workspace's clock, which is the bot's too, moves on; then wait until all that is due by now is done."""
    slack.clock.advance(minutes * 60)
    bot.dispatcher.wake()
    await all_done(bot)


async def ledger_of(where: Service | Database) -> tuple[int, BrokenEntry | None]:
    """What `sitrep verify` finds."""
    database = where if isinstance(where, Database) else where.database
    async with database.read() as session:
        return await verify(session)


def card_of(person: Person, channel: str) -> SeenMessage:
    """The card; it is the one thing pinned."""
    (card,) = person.pins(channel)
    return card


def said_by_bot(slack: Sandbox, person: Person, channel: str) -> list[SeenMessage]:
    """The bot's own messages in a channel, without threads, Slack's lines and what only this person is shown."""
    bot = slack.workspace.bot.name
    return [m for m in person.sees(channel) if m.author == bot and not m.subtype and not m.ephemeral]


def mentioning(messages: list[SeenMessage], words: str) -> list[SeenMessage]:
    """Those that say so."""
    return [message for message in messages if words in message.text]
