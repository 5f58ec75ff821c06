"""What people say while the bot is there or away, and what is kept of it, whoever's clock it was written down by."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlmodel import col, select

from bot.service import Service
from sandbox import Sandbox
from storage.engine import Database
from storage.tables import Mark, Message, MessageVersion, SharedFile, TimelineEntry


class Kept(NamedTuple):
    """One message as it is kept: the same for everybody who heard the same, however late."""

    text: str
    author: str
    by_bot: bool
    under: str | None
    """What the message says that it replies to."""
    broadcast: bool
    is_edited: bool
    is_deleted: bool
    before: tuple[str, ...]
    """Its earlier words, first ones first."""
    marks: tuple[tuple[str, str], ...]
    files: tuple[str, ...]


class Shown(NamedTuple):
    """One entry of the timeline that a message has."""

    text: str
    why: tuple[str, ...]
    marked_by: tuple[str, ...]
    category: str | None
    is_deleted: bool
    is_withdrawn: bool
    files: tuple[str, ...]


async def kept_by(where: Service | Database) -> list[Kept]:
    """The transcript of INC-1, in the order it was said."""
    database = where if isinstance(where, Database) else where.database
    messages: list[Message] = await _rows(database, Message, col(Message.ts))
    versions: list[MessageVersion] = await _rows(database, MessageVersion, col(MessageVersion.edited_ts))
    marks: list[Mark] = await _rows(database, Mark, col(Mark.mark), col(Mark.user_id))
    files: list[SharedFile] = await _rows(database, SharedFile, col(SharedFile.name))
    words = {message.ts: message.text for message in messages}
    return [
        Kept(
            message.text,
            message.author,
            message.by_bot,
            words.get(message.thread_ts, "our own") if message.thread_ts else None,
            message.broadcast,
            bool(message.edited_ts),
            message.deleted_at is not None,
            tuple(version.text for version in versions if version.ts == message.ts),
            tuple((mark.mark, mark.user_id) for mark in marks if mark.ts == message.ts and mark.is_set),
            tuple(f"{file.name} {file.sha256}" for file in files if file.ts == message.ts),
        )
        for message in messages
    ]


async def shown_by(where: Service | Database) -> list[Shown]:
    """Messages on the timeline of INC-1, in order of their own time, withdrawn ones too."""
    database = where if isinstance(where, Database) else where.database
    entries: list[TimelineEntry] = await _rows(database, TimelineEntry, col(TimelineEntry.happened_at))
    return [
        Shown(
            entry.data["text"],
            tuple(entry.data["why"]),
            tuple(entry.data["marked_by"]),
            entry.category,
            entry.data.get("deleted", False),
            entry.withdrawn,
            tuple(f"{file['name']} {file.get('sha256')}" for file in entry.data["files"]),
        )
        for entry in entries
        if entry.message_ts
    ]


async def _rows(database: Database, table: Any, *order: Any) -> list[Any]:
    async with database.read() as session:
        return list((await session.execute(select(table).order_by(*order))).scalars())


class Talk:
    """People talking in an incident's channel: some of it first, the rest while the bot may be away."""

    def __init__(self, slack: Sandbox, channel: str) -> None:
        self.slack, self.channel = slack, channel
        self.ann, self.bo = slack.person("ann"), slack.person("bo")

    async def first(self) -> None:
        """What is said while everybody is there."""
        if "bo" not in self.ann.members(self.channel):
            await self.ann.invites("bo", self.channel)
        say = self.ann.types
        self.plain = await say("Nothing more to say about this", channel=self.channel)
        self.to_edit = await say("Rolled back to 41", channel=self.channel)
        self.to_delete = await say("Never mind", channel=self.channel)
        self.to_mark = await say("The cache is cold", channel=self.channel)
        self.to_unmark = await say("It is DNS", channel=self.channel)
        await self.bo.reacts(self.to_unmark, "pushpin")
        self.parent = await say("Who has the logs?", channel=self.channel)
        self.reply = await self.bo.types("I do", channel=self.channel, thread=self.parent)
        self.reply_to_delete = await self.bo.types("No, I do not", channel=self.channel, thread=self.parent)
        self.bury = await say("A question nobody should see", channel=self.channel)
        self.under_bury = await self.bo.types("Too late", channel=self.channel, thread=self.bury)
        self.lone = await say("A thread that goes", channel=self.channel)
        self.under_lone = await self.bo.types("Goes with it", channel=self.channel, thread=self.lone)

    async def then(self) -> None:
        """What is said, edited, deleted and marked after that."""
        ann, bo = self.ann, self.bo
        await ann.edits(self.to_edit, "Rolled back to 40")
        await ann.deletes(self.to_delete)
        await bo.reacts(self.to_mark, "test_tube")
        await bo.unreacts(self.to_unmark, "pushpin")
        await bo.edits(self.reply, "I do, on host 7")
        await bo.deletes(self.reply_to_delete)
        await ann.deletes(self.bury)
        await bo.deletes(self.under_lone)
        await ann.deletes(self.lone)
        answer = await ann.types("Thank you", channel=self.channel, thread=self.parent)
        await bo.reacts(answer, "pushpin")
        await bo.types("Found it", channel=self.channel, thread=self.parent, broadcast=True)
        card = ann.pins(self.channel)[0]
        await bo.types("On the card: nice", channel=self.channel, thread=card)
        await ann.uploads("graph.png", b"a graph", channel=self.channel, words="Errors since noon")
        decided = await bo.types("We fail over now", channel=self.channel)
        await ann.reacts(decided, "scales")
        for text in ("Disk full on db-1", "Disk full on db-1"):
            await self.slack.other_bot("Alerts", webhook=True).posts(text, channel=self.channel)
        for room in ("1", "2"):
            await bo.types(f"Call: https://zoom.us/j/{room}", channel=self.channel)


def said_as(kept: Sequence[Kept]) -> list[str]:
    """The words of all messages."""
    return [one.text for one in kept]
