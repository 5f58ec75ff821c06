"""What a handler may reach."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blocks.text import plain_moments
from bot.capture import Capture
from bot.messenger.slack import Held, Slack, read_person
from bot.metrics import Metrics
from bot.requests import Requests
from bot.turns import Turns
from bot.views.latest import LatestClicks
from storage.engine import Database
from storage.people import list_names
from workflows.errors import NotAPerson
from workflows.process import Process

PATIENCE = 0.8
"""Seconds for names: a form can be opened for three after the command, and they are not all that it waits for."""

_PERSON = re.compile(r"\{@([UW][A-Z0-9]+)\}")


@dataclass
class Services:
    """The database, the process, Slack, the counters and the clock."""

    database: Database
    process: Process
    slack: Slack
    metrics: Metrics
    requests: Requests
    now: Callable[[], datetime]
    clicks: LatestClicks = field(default_factory=LatestClicks)
    homes: Turns = field(default_factory=Turns)
    capture: Capture = field(init=False)

    def __post_init__(self) -> None:
        self.capture = Capture(self.database, self.process, now=self.now)

    def transaction(self) -> AbstractAsyncContextManager[AsyncSession]:
        """All of it or nothing; deliveries it owes are on their way when it ends."""
        return self.database.transaction()

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A look at what was committed."""
        return self.database.read()

    async def with_names(self, sentence: str, *, sign: str = "") -> str:
        """A sentence with people by name, for places that show no mentions; `sign` goes before each name."""
        sentence = plain_moments(sentence)
        user_ids = set(_PERSON.findall(sentence))
        if not user_ids:
            return sentence
        async with self.read() as session:
            names = await list_names(session, user_ids)
        unseen = user_ids - names.keys()
        names |= zip(unseen, await asyncio.gather(*map(self._name_of, unseen)), strict=True)
        return _PERSON.sub(lambda match: sign + names[match.group(1)], sentence)

    async def refuse_ourselves(self, user_id: str | None, *, cannot: str = "hold a role") -> None:
        """Raise NotAPerson for our own id: people choose from menus in which the bot stands too."""
        if user_id is not None and user_id == (await self.slack.identity()).user_id:
            raise NotAPerson(cannot)

    async def _name_of(self, user_id: str) -> str:
        """The name of somebody we have not seen yet; a sentence is worth more in time than complete."""
        try:
            async with asyncio.timeout(PATIENCE):
                return read_person((await self.slack.call("users.info", user=user_id))["user"])["name"]
        except (SlackApiError, ClientError, TimeoutError, Held):
            return "Somebody else"
