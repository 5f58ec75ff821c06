"""Which messages belong on the timeline: those that are marked, bring files or a meeting link, or come from other bots.

A message has at most one entry. Whatever changes of it later amends that entry.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from storage.ledger import record, record_amendment
from storage.messages import AnyMessage, list_entries_of, was_said_lately
from storage.tables import DeliveryKind, EntryKind, Incident, Mark, TimelineEntry
from storage.tables.columns import JsonObject
from workflows.categories import ALERT, FILE, MEETING, ON_CARD
from workflows.effects import US, owe_for, owe_shown_state
from workflows.heard import SaidFile
from workflows.process import Process

BY_ITSELF = (FILE, ALERT, MEETING)
"""Reasons that need nobody's mark."""

MarksOf = Mapping[str, Mapping[tuple[str, str], Mark]]
"""Marks by message, then by mark and person."""

_ADDRESS = re.compile(r"https?://[^\s<>|\"'\[\]]+")


@dataclass(frozen=True)
class _Reasons:
    """Why a message is on the timeline now, and who marked it."""

    why: list[str]
    marked_by: list[str]

    @property
    def category(self) -> str:
        """What it stands for: a mark that says more than “timeline” first, then any, then what it brings."""
        return next((one for one in self.why if one != "timeline"), "timeline")

    @property
    def is_marked(self) -> bool:
        """Whether a person put it there."""
        return bool(self.marked_by)


async def put_on_timeline(
    session: AsyncSession,
    incident: Incident,
    messages: Sequence[AnyMessage],
    *,
    marks: MarksOf,
    files: Mapping[str, Sequence[SaidFile]],
    process: Process,
    now: datetime,
) -> None:
    """Bring the entries of these messages in line with what they are now; the caller holds the incident."""
    known = [message.entry for message in messages if message.entry is not None]
    entries = await list_entries_of(session, incident.number, known) if known else {}
    heard: set[tuple[str, str]] = set()
    for message in messages:
        shown = entries.get(message.entry) if message.entry is not None else None
        by_itself = await _by_itself(session, incident, message, shown, files.get(message.ts, ()), process, heard)
        reasons = _reasons(marks.get(message.ts, {}), by_itself, process)
        if shown is not None:
            _amend(session, incident, message, shown, reasons, files.get(message.ts, ()), now=now)
        elif reasons.why:
            _begin(session, incident, message, reasons, files.get(message.ts, ()), now=now)


async def _by_itself(
    session: AsyncSession,
    incident: Incident,
    message: AnyMessage,
    shown: TimelineEntry | None,
    files: Sequence[SaidFile],
    process: Process,
    heard: set[tuple[str, str]],
) -> list[str]:
    """What puts it there without a mark; once there for such a reason, it stays."""
    before = [one for one in (shown.data["why"] if shown else ()) if one in BY_ITSELF]
    if FILE not in before and files:
        before.append(FILE)
    if shown is None and await _is_alert(session, incident, message, heard):
        before.append(ALERT)
    link = meeting_link(message.text, process)
    is_news = MEETING not in before or (shown is not None and shown.data["text"] != message.text)
    if link and is_news and link != incident.meeting_url:
        incident.meeting_url = link
        before.append(MEETING)
    return [one for one in BY_ITSELF if one in before]


async def _is_alert(
    session: AsyncSession, incident: Incident, message: AnyMessage, heard: set[tuple[str, str]]
) -> bool:
    """What another bot says for the first time, and not in a thread; repetitions of an alert are only noise.

    `heard` is what bots said in this transaction.
    """
    said = (message.author, message.text)
    if not message.by_bot or message.thread_ts or not all(said) or said in heard:
        return False
    heard.add(said)
    return not await was_said_lately(session, incident.number, author=message.author, text=message.text)


def meeting_link(text: str, process: Process) -> str | None:
    """The first link to a meeting in a text."""
    for address in _ADDRESS.findall(text):
        host = _host(address)
        if any(host == known or host.endswith(f".{known}") for known in process.meeting_hosts):
            return str(address).rstrip(".,;:!?)*~`")
    return None


def _host(address: str) -> str:
    """Its host; nothing where what people typed is not an address after all."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _reasons(marks: Mapping[tuple[str, str], Mark], by_itself: list[str], process: Process) -> _Reasons:
    held = [mark for mark in marks.values() if mark.is_set]
    names = {mark.mark for mark in held}
    ordered = [name for name in process.marks if name in names]
    others = sorted(names.difference(process.marks))
    first = sorted(held, key=lambda mark: (mark.changed_at, mark.user_id))
    return _Reasons([*ordered, *others, *by_itself], list(dict.fromkeys(mark.user_id for mark in first)))


def _begin(
    session: AsyncSession,
    incident: Incident,
    message: AnyMessage,
    reasons: _Reasons,
    files: Sequence[SaidFile],
    *,
    now: datetime,
) -> None:
    data: JsonObject = {
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "author_name": message.author_name,
        "text": message.text,
        "files": _listed(files),
        "why": reasons.why,
        "marked_by": reasons.marked_by[:1],
        "category": reasons.category,
        "state": first_state(reasons.category),
    }
    if message.deleted_at:
        data["deleted"] = True
    entry = record(
        session, incident, EntryKind.MESSAGE, by=message.author, at=now, data=data, happened_at=message.posted_at
    )
    message.entry = entry.sequence
    _owe_files(session, incident, message, files, now=now)
    _show(session, incident, message, before=False, after=reasons.is_marked, now=now)
    _redraw(session, incident, {reasons.category}, now=now)


def first_state(category: str) -> str | None:
    """The state in which an entry of this category begins; None for one that has none."""
    begins = {"theory": "open", "workaround": "in_place", "evidence": "new", "question": "open", "concern": "open"}
    return begins.get(category)


def _amend(
    session: AsyncSession,
    incident: Incident,
    message: AnyMessage,
    shown: TimelineEntry,
    reasons: _Reasons,
    files: Sequence[SaidFile],
    *,
    now: datetime,
) -> None:
    by = reasons.marked_by[0] if reasons.marked_by else US
    _amend_words(session, incident, message, shown, files, now=now)
    # Who else marks it adds nothing: only the reasons count.
    if shown.data["why"] != reasons.why:
        was_marked, before = not set(shown.data["why"]) <= set(BY_ITSELF), shown.category
        marks: JsonObject = {
            "why": reasons.why,
            "marked_by": reasons.marked_by[:1],
            "category": reasons.category,
            "state": shown.state if shown.category == reasons.category else first_state(reasons.category),
        }
        record_amendment(session, incident, shown, EntryKind.MESSAGE_MARKED, by=by, at=now, data=marks)
        _show(session, incident, message, before=was_marked, after=reasons.is_marked, now=now)
        _redraw(session, incident, {str(before), reasons.category}, now=now)


def _amend_words(
    session: AsyncSession,
    incident: Incident,
    message: AnyMessage,
    shown: TimelineEntry,
    files: Sequence[SaidFile],
    *,
    now: datetime,
) -> None:
    """What its author made of the message: other words, more files, or nothing any more."""
    known = shown.data["files"]
    more = [file for file in files if file.id not in {one["id"] for one in known}]
    said: JsonObject = {"text": message.text} if shown.data["text"] != message.text and not message.dropped_at else {}
    if more:
        said = {"text": shown.data["text"], **said, "files": [*known, *_listed(more)]}
        _owe_files(session, incident, message, more, now=now)
    if said:
        record_amendment(session, incident, shown, EntryKind.MESSAGE_EDITED, by=message.author, at=now, data=said)
    gone = message.deleted_at and not shown.data.get("deleted")
    if gone:
        record_amendment(session, incident, shown, EntryKind.MESSAGE_DELETED, by=message.author, at=now)
    if shown.data.get("deleted") and not message.deleted_at:
        record_amendment(session, incident, shown, EntryKind.MESSAGE_RESTORED, by=US, at=now)
    if said or gone:
        _redraw(session, incident, {str(shown.category), *shown.data["why"]}, now=now)


def _listed(files: Sequence[SaidFile]) -> list[JsonObject]:
    return [{"id": file.id, "name": file.name, "mimetype": file.mimetype, "size": file.size} for file in files]


def _owe_files(
    session: AsyncSession, incident: Incident, message: AnyMessage, files: Sequence[SaidFile], *, now: datetime
) -> None:
    for file in files:
        if file.unavailable is None:
            owe_for(
                session,
                incident,
                DeliveryKind.FETCH_FILE,
                lane="files",
                at=now,
                name=f"{message.ts}/{file.id}",
                payload={"file_id": file.id, "ts": message.ts, "name": file.name, "size": file.size},
            )


def _show(
    session: AsyncSession, incident: Incident, message: AnyMessage, *, before: bool, after: bool, now: datetime
) -> None:
    """Our own ✅ on a message says that a mark has arrived; it goes when the last mark goes."""
    if before != after:
        name = f"{message.ts}/{incident.ledger_length}"
        payload = {"ts": message.ts, "marked": after}
        owe_for(session, incident, DeliveryKind.SHOW_MARKED, lane="marks", at=now, name=name, payload=payload)


def _redraw(session: AsyncSession, incident: Incident, categories: set[str], *, now: datetime) -> None:
    """What the card shows of the timeline is drawn anew."""
    if categories & {*ON_CARD, MEETING}:
        owe_shown_state(session, incident, at=now)
