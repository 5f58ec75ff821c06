"""The bot is killed at every step of a declaration, and what it began is completed once by its next run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import update

from sandbox import Sandbox
from sandbox.calls import Step
from sandbox.people.form import Form
from sandbox.people.person import Person
from storage.engine import Database
from storage.ledger import list_entries
from storage.tables import Delivery, EntryKind
from tests.journeys.assassin import Assassin, Wanted
from tests.journeys.conftest import MANIFEST
from tests.journeys.subprocess_bot import BotProcess, start_bot
from tests.journeys.telling import DIGEST, all_done, declare_form, ledger_of, mentioning, said_by_bot

MOST_CALLS = 40


class Life:
    """A workspace, and the runs of the bot in it on one database."""

    def __init__(self, slack: Sandbox, database_url: str, log: Path) -> None:
        self.slack = slack
        self.database = Database(database_url)
        self._database_url = database_url
        self._log = log
        self.bot: BotProcess | None = None
        self.declared = 0

    async def run(self) -> BotProcess:
        """The bot that runs, started if it does not."""
        if self.bot is None:
            self.bot = await start_bot(self.slack, self._database_url, self._log)
        return self.bot

    async def declare_and_kill(self, *, step: Step, wanted: Wanted) -> bool:
        """Declare, kill when it is wanted, start anew, and see that all is whole; False when it never came to it."""
        declarer = self._newcomer()
        form = await self._form(declarer)
        assassin = Assassin(self.slack, await self.run(), step=step, wanted=wanted)
        assert (await form.submit()).ok
        completed = asyncio.create_task(self._completed(declarer))
        killed = asyncio.create_task(assassin.has_killed.wait())
        await asyncio.wait({completed, killed}, return_when=asyncio.FIRST_COMPLETED)
        if assassin.has_killed.is_set():
            self.bot = None
            assassin.spare()
            if not self.database.is_sqlite:
                await self._leases_run_out()
            await self.run()
        await completed
        assassin.spare()
        killed.cancel()
        self._check(declarer)
        return assassin.has_killed.is_set()

    async def check_ledger(self) -> None:
        """Declared, lead assigned, channel opened: three entries an incident, all whole.

        That the lead has come is one more, where somebody lived to hear of it.
        """
        assert (await ledger_of(self.database))[1] is None
        async with self.database.read() as session:
            for number in range(1, self.declared + 1):
                kinds = [entry.kind for entry in await list_entries(session, number)]
                assert [kind for kind in kinds if kind is not EntryKind.JOINED] == [
                    EntryKind.DECLARED,
                    EntryKind.ROLE_ASSIGNED,
                    EntryKind.CHANNEL_OPENED,
                ]
                assert kinds.count(EntryKind.JOINED) <= 1

    async def _leases_run_out(self) -> None:
        """Let a minute pass for whatever the dead process held; on SQLite its successor does not wait for that."""
        async with self.database.transaction() as session:
            await session.execute(update(Delivery).values(claimed_until=None))

    async def close(self) -> None:
        """Let go."""
        if self.bot is not None:
            await self.bot.end()
        await self.database.close()

    def _newcomer(self) -> Person:
        self.declared += 1
        name = f"newcomer-{self.declared}"
        self.slack.workspace.add_user(name)
        return self.slack.person(name)

    async def _form(self, declarer: Person) -> Form:
        await self.run()
        form = await declare_form(declarer, f"Trouble {self.declared}")
        return await form.fill({"Lead": "bo"})

    async def _completed(self, declarer: Person) -> None:
        await declarer.until(lambda: self._is_whole(declarer), what="the incident became whole", timeout=30)
        await all_done(self.database, within=20)

    def _channel(self) -> str:
        return f"inc-{self.declared}-trouble-{self.declared}"

    def _is_whole(self, declarer: Person) -> bool:
        channel = self._channel()
        return (
            {declarer.name, "bo"} <= set(declarer.members(channel))
            and bool(declarer.pins(channel))
            and len(declarer.bookmarks(channel)) >= 1
            and "Lead @bo" in declarer.topic(channel)
            and bool(mentioning(declarer.sees(DIGEST), f"INC-{self.declared} "))
        )

    def _check(self, declarer: Person) -> None:
        """Everything is there, and nothing is there twice."""
        channel = self._channel()
        made = [c.name for c in self.slack.workspace.channels.values() if c.name.startswith(f"inc-{self.declared}-")]
        assert made == [channel]
        (card,) = said_by_bot(self.slack, declarer, channel)
        assert [pinned.ts for pinned in declarer.pins(channel)] == [card.ts]
        assert card.replies() == []
        assert [bookmark.title for bookmark in declarer.bookmarks(channel)] == ["Card"]
        assert len(mentioning(declarer.sees(DIGEST), f"INC-{self.declared} ")) == 1
        assert len(mentioning(declarer.sees("general"), f"INC-{self.declared} ")) <= 1
        assert declarer.dm() == []


@asynccontextmanager
async def a_life(database_url: str, log: Path) -> AsyncIterator[Life]:
    """A fresh workspace for the bot to be killed in."""
    async with Sandbox(manifest=MANIFEST) as slack:
        slack.server.ratelimits.enabled = False  # so many incidents in so little time are not the subject here
        life = Life(slack, database_url, log)
        try:
            yield life
        finally:
            await life.close()
        assert slack.complaints == []


async def _every_step(step: Step, folder: Path) -> int:
    """Kill at the first call of one declaration, at the second of the next, and so on; how many there were."""
    async with a_life(f"sqlite:///{folder}/{step}.db", folder / f"{step}.log") as life:
        for number in range(1, MOST_CALLS):
            if not await life.declare_and_kill(step=step, wanted=lambda _, count, number=number: count == number):
                await life.check_ledger()
                return number - 1
    raise AssertionError(f"a declaration takes more than {MOST_CALLS} calls")


async def _at(step: Step, method: str, database_url: str, log: Path, **arguments: str) -> None:
    """Kill at one call of a declaration in a fresh workspace."""
    async with a_life(database_url, log) as life:
        assert await life.declare_and_kill(step=step, wanted=_is(method, **arguments))
        await life.check_ledger()


def _is(method: str, **arguments: str) -> Wanted:
    return lambda call, _: call.method == method and arguments.items() <= call.arguments.items()


async def test_a_bot_killed_at_any_call_of_a_declaration_completes_it_once_when_it_runs_again(tmp_path: Path) -> None:
    before_the_deed, after_the_deed = await asyncio.gather(
        _every_step("arrived", tmp_path), _every_step("done", tmp_path)
    )

    assert before_the_deed >= 11
    assert after_the_deed >= 11


async def test_a_bot_killed_while_it_makes_the_digest_channel_makes_it_once(tmp_path: Path) -> None:
    await asyncio.gather(
        *(
            _at(step, "conversations.create", f"sqlite:///{tmp_path}/{step}.db", tmp_path / f"{step}.log", name=DIGEST)
            for step in ("arrived", "done")
        )
    )


@pytest.mark.parametrize(
    ("step", "method"), [("done", "conversations.create"), ("done", "chat.postMessage"), ("arrived", "pins.add")]
)
async def test_a_bot_killed_on_postgresql_leaves_its_work_to_the_next_once_its_leases_run_out(
    postgres_address: str, tmp_path: Path, step: Step, method: str
) -> None:
    await _at(step, method, postgres_address, tmp_path / "bot.log")
