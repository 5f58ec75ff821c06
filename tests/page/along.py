"""A bot in the same process as the workspace, at every time that the workspace's clock is moved to."""

from datetime import datetime

from bot.service import Service
from sandbox.travel import Companion
from storage.deliveries import next_due_at
from tests.journeys.telling import all_done


class Along(Companion):
    """The bot lives through the time that is passed over, as the demo's does."""

    def __init__(self, bot: Service) -> None:
        self._bot = bot

    async def next_moment(self) -> datetime | None:
        async with self._bot.database.read() as session:
            return await next_due_at(session, now=self._bot.now())

    async def catch_up(self) -> None:
        self._bot.dispatcher.wake()
        await all_done(self._bot)
