"""The transcript: what was said in incidents' channels, and which of it belongs on the timeline.

What is heard late, twice or out of order ends as if it had been heard once and in order: messages are known by their
ts, words by when they were written, marks by who set them and when they changed.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import owe_unless_owed
from storage.engine import add_late, insert_new
from storage.messages import (
    AnyMessage,
    NewMessage,
    add_message,
    list_marks,
    list_messages,
    lock_incidents_of_channels,
)
from storage.tables import DeliveryKind, Incident, Mark, MessageVersion, SharedFile
from workflows.belonging import put_on_timeline
from workflows.heard import Deleted, Heard, Marked, Said
from workflows.marked_items import keep_items_of, marked_as_work
from workflows.masking import mask
from workflows.process import Process
from workflows.prompts import replan, take_back
from workflows.replies import replied


async def capture(session: AsyncSession, heard: Sequence[Heard], *, process: Process, now: datetime) -> None:
    """Keep what was heard in incidents' channels, in the order it comes; of other channels nothing is kept."""
    incidents = await lock_incidents_of_channels(session, {one.channel_id for one in heard})
    of_channel: defaultdict[str, list[Heard]] = defaultdict(list)
    for one in heard:
        of_channel[one.channel_id].append(one)
    for channel_id, incident in incidents.items():
        await _Hearing(session, incident, process, now).keep(of_channel[channel_id])


class _Hearing:
    """What was heard of one incident at once."""

    def __init__(self, session: AsyncSession, incident: Incident, process: Process, now: datetime) -> None:
        self.session, self.incident, self.process, self.now = session, incident, process, now
        self.messages: dict[str, AnyMessage] = {}
        self.marks: dict[str, dict[tuple[str, str], Mark]] = {}
        self.new_files: dict[str, Said] = {}
        self._new: list[NewMessage] = []
        self._new_marks: list[Mark] = []
        self._touched: set[str] = set()
        self._replies: list[Said] = []
        self._was_silent = False
        self._taken_back: set[str] = set()

    async def keep(self, heard: Sequence[Heard]) -> None:
        """Keep all of it, then see what it makes of the timeline."""
        await self._load({one.ts for one in heard})
        for one in heard:
            match one:
                case Said():
                    await self._said(one)
                case Deleted():
                    self._deleted(one)
                case Marked():
                    await self._marked(one.ts, one.mark, one.user_id, is_set=one.is_set, at=one.at, by_hand=one.by_hand)
        await self._settle()
        await replied(self.session, self.incident, self._replies, process=self.process, now=self.now)
        if self._taken_back:
            names = {f"{self.incident.channel_id}-{ts}" for ts in self._taken_back}
            await take_back(self.session, self.incident, names, now=self.now)
        if self._was_silent:  # it may have been asked about, and the next silence is to be too
            await replan(self.session, self.incident, process=self.process, now=self.now)

    async def _load(self, ts: set[str]) -> None:
        self.messages.update(await list_messages(self.session, self.incident.number, ts))
        self.marks = {one: {} for one in ts}
        for mark in await list_marks(self.session, self.incident.number, ts):
            self.marks[mark.ts][mark.mark, mark.user_id] = mark

    async def _said(self, said: Said) -> None:
        message = self.messages.get(said.ts)
        text = mask(said.text)
        if message is None:
            message = self._add(said, text)
        elif not message.author:
            self._fill(message, said, text)
        else:
            await self._say_again(message, said, text)
            self._restore(message, said)
        if said.before:
            await self._keep_version(message, said.before[0], mask(said.before[1]))
        if said.marks:
            await self._marks_seen(message, said)

    def _add(self, said: Said, text: str) -> NewMessage:
        message = NewMessage(
            incident_id=self.incident.number,
            ts=said.ts,
            thread_ts=said.thread_ts,
            author=said.author,
            author_name=said.author_name,
            by_bot=said.by_bot,
            broadcast=said.broadcast,
            text=text,
            posted_at=said.posted_at,
            edited_ts=said.edited_ts,
        )
        self._new.append(message)
        self.messages[said.ts] = message
        self._heard_first(said)
        if self.marks[said.ts]:
            self._touched.add(said.ts)
        return message

    def _heard_first(self, said: Said) -> None:
        """What only the first hearing of a message brings: its files, and that somebody is at work."""
        self._add_files(said)
        if said.by_bot or "://" in said.text:
            self._touched.add(said.ts)
        if not said.by_bot:
            latest = self.incident.last_activity_at or said.posted_at
            silent_for = timedelta(minutes=self.process.prompts.silent_after)
            self._was_silent = self._was_silent or said.posted_at - latest >= silent_for
            self.incident.last_activity_at = max(latest, said.posted_at)
            if said.thread_ts:
                self._replies.append(said)

    def _add_files(self, said: Said) -> None:
        if said.files:
            self.new_files[said.ts] = said
            self._touched.add(said.ts)

    async def _keep_files(self) -> None:
        """What is shared once more is the file it was."""
        for said in self.new_files.values():
            for file in said.files:
                await insert_new(
                    self.session,
                    SharedFile,
                    incident_id=self.incident.number,
                    file_id=file.id,
                    ts=said.ts,
                    name=file.name,
                    mimetype=file.mimetype,
                    size=file.size,
                    not_stored_because=file.unavailable,
                )

    def _fill(self, message: AnyMessage, said: Said, text: str) -> None:
        """It was known only as deleted, or as edited by an event without its beginning."""
        message.author, message.author_name, message.by_bot = said.author, said.author_name, said.by_bot
        message.thread_ts, message.broadcast, message.text = said.thread_ts, said.broadcast, text
        message.edited_ts, message.posted_at = said.edited_ts, said.posted_at
        self._add_files(said)
        self._touched.add(said.ts)

    async def _say_again(self, message: AnyMessage, said: Said, text: str) -> None:
        """Keep newer words as the present ones, and older ones as a version; the same again changes nothing."""
        if message.dropped_at:
            return  # whatever it says now, its words were kept long enough
        edited_ts = said.edited_ts
        if said.marks and said.by_bot and not edited_ts and text != message.text:
            edited_ts = f"{said.marks.seen_at.timestamp():.6f}"  # what bots edit does not say when it was
        if edited_ts > message.edited_ts or _follows(message, said):
            if text != message.text:
                await self._keep_version(message, message.edited_ts, message.text, is_older=True)
                message.text = text
                self._touched.add(message.ts)
            message.edited_ts = edited_ts
            self._add_files(said)
        elif edited_ts < message.edited_ts:
            await self._keep_version(message, edited_ts, text)

    def _restore(self, message: AnyMessage, said: Said) -> None:
        """The channel's history may trail what was said: what was missing there, and shows later, is not gone."""
        if said.marks and message.deleted_at and message.deleted_at < said.marks.seen_at:
            message.deleted_at = None
            self._touched.add(message.ts)

    async def _keep_version(self, message: AnyMessage, edited_ts: str, text: str, *, is_older: bool = False) -> None:
        """Keep earlier words, once; words that were dropped stay dropped."""
        if message.dropped_at or not (is_older or (edited_ts < message.edited_ts and text != message.text)):
            return
        await insert_new(
            self.session, MessageVersion, incident_id=message.incident_id, ts=message.ts, edited_ts=edited_ts, text=text
        )

    def _deleted(self, deleted: Deleted) -> None:
        message = self.messages.get(deleted.ts)
        if message is None:
            message = self._add(deleted.said or _unknown(deleted), mask(deleted.said.text) if deleted.said else "")
        if message.deleted_at is None:
            message.deleted_at = deleted.at
            self._touched.add(deleted.ts)
            if message.thread_ts:
                self._taken_back.add(deleted.ts)
        self._replies = [reply for reply in self._replies if reply.ts != deleted.ts]

    async def _marks_seen(self, message: AnyMessage, said: Said) -> None:
        """Marks as they were when somebody looked: new ones are set, and missing ones taken away if all are named."""
        marks = said.marks
        if marks is None:
            return
        for mark, people in marks.by.items():
            for user_id in people:
                await self._marked(message.ts, mark, user_id, is_set=True, at=marks.seen_at)
        for (mark, user_id), known in list(self.marks[message.ts].items()):
            if marks.is_complete and known.is_set and not known.by_hand and user_id not in marks.by.get(mark, ()):
                await self._marked(message.ts, mark, user_id, is_set=False, at=marks.seen_at)

    async def _marked(
        self, ts: str, mark: str, user_id: str, *, is_set: bool, at: datetime, by_hand: bool = False
    ) -> None:
        known = self.marks[ts].get((mark, user_id))
        if known is None:
            known = Mark(
                incident_id=self.incident.number,
                ts=ts,
                mark=mark,
                user_id=user_id,
                is_set=is_set,
                changed_at=at,
                by_hand=by_hand,
            )
            self.marks[ts][mark, user_id] = known
            self._new_marks.append(known)
        elif known.changed_at >= at or known.is_set is is_set:
            known.changed_at = max(known.changed_at, at)
            return
        else:
            known.is_set, known.changed_at, known.by_hand = is_set, at, by_hand
        self._touched.add(ts)
        if ts not in self.messages and is_set:
            await self._look_up(ts)

    async def _look_up(self, ts: str) -> None:
        """A mark on something we have not heard: it may be older than us, or overtaken on its way."""
        await owe_unless_owed(
            self.session,
            DeliveryKind.LOOK_UP_MESSAGE,
            lane=f"{self.incident.ref}/history",
            key=f"{self.incident.marker}/{DeliveryKind.LOOK_UP_MESSAGE}/{ts}",
            due_at=self.now,
            payload={"ts": ts},
            incident_id=self.incident.number,
        )

    async def _settle(self) -> None:
        """See which messages belong on the timeline now, and write what is new just before the commit."""
        await self._keep_files()
        touched = [self.messages[ts] for ts in sorted(self._touched) if ts in self.messages]
        if touched:
            await put_on_timeline(
                self.session,
                self.incident,
                touched,
                marks=self.marks,
                files={ts: said.files for ts, said in self.new_files.items()},
                process=self.process,
                now=self.now,
            )
            work = marked_as_work(touched, self.marks)
            if work:
                await keep_items_of(
                    self.session, self.incident, work, marks=self.marks, process=self.process, now=self.now
                )
        for message in self._new:
            add_message(self.session, message)
        for mark in self._new_marks:
            add_late(self.session, Mark, **mark.model_dump())


def _follows(message: AnyMessage, said: Said) -> bool:
    """Whether these words took the place of the ones we have within a second: edits are counted no finer."""
    before = said.before
    return before is not None and (said.edited_ts, mask(before[1])) == (message.edited_ts, message.text)


def _unknown(deleted: Deleted) -> Said:
    """A message of which nothing is known but that it was deleted; its author is empty."""
    return Said(channel_id=deleted.channel_id, ts=deleted.ts, posted_at=deleted.at, author="", by_bot=True, text="")
