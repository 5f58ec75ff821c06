"""An incident's timeline, page by page: each entry as it stands now, on the reader's own clock."""

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
)

from bot import ids
from bot.blocks.categories import category_emoji, category_name, state_name
from bot.blocks.entries import entry_text, named, noted_words
from bot.blocks.parts import button, section, small
from bot.blocks.text import DAY_AND_TIME, SECTION_LIMIT, clip, escape, mention, moment, prose, quoted
from storage.tables import EntryKind, TimelineEntry
from storage.timeline import Place
from workflows import categories as c
from workflows.look import Page, Showing
from workflows.process import Process

WORDS_SHOWN = 700
"""Of each entry, so that a page stays short; its form shows all of them."""
MOST_FILES, FILE_NAME = 4, 60
LABELS = {
    Showing.ALL: "Everything",
    Showing.ACTIONS: "Actions",
    Showing.DECISIONS: "Decisions",
    Showing.THEORIES: "Theories",
    Showing.WORKAROUNDS: "Workarounds",
    Showing.EVIDENCE: "Evidence and files",
    Showing.CONCERNS: "Concerns",
    Showing.HIDDEN: "Hidden entries",
}


def timeline_blocks(page: Page, *, archive: str, process: Process) -> list[Block]:
    """A page: what is shown, the entries under their days, and the way to older and newer ones.

    `archive` is where the channel's messages are found, and ends with a slash.
    """
    blocks: list[Block] = [_controls(page.showing)]
    if not page.entries:
        blocks.append(section(_nothing(page)))
    zone = _zone(page.zone)
    day: date | None = None
    for entry in page.entries:
        if zone and entry.happened_at.astimezone(zone).date() != day:
            day = entry.happened_at.astimezone(zone).date()
            blocks.append(small(f"*{moment(entry.happened_at, form='{date_long_pretty}')}*"))
        blocks.append(_entry(entry, archive=archive, process=process, clock="{time}" if zone else DAY_AND_TIME))
    return [*blocks, *_turning(page)]


def _zone(name: str | None) -> ZoneInfo | None:
    """The reader's zone; without it nobody knows where their days begin, so each entry says its own day."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, KeyError, OSError):
        return None


def _controls(showing: Showing) -> Block:
    options = [Option(value=each, text=PlainTextObject(text=label)) for each, label in LABELS.items()]
    chosen = next(option for option in options if option.value == showing)
    return ActionsBlock(
        elements=[
            StaticSelectElement(
                action_id=ids.SHOW_ONLY,
                options=options,
                initial_option=chosen,
                placeholder=PlainTextObject(text="Show"),
            ),
            button("Add", ids.ADD_ENTRY, style="primary"),
        ]
    )


def _nothing(page: Page) -> str:
    if page.showing is Showing.ALL:
        return "Nothing is on the timeline yet."
    if page.showing is Showing.HIDDEN:
        return "No entry is hidden."
    return f"Nothing here yet. _{LABELS[page.showing]}_ come from marks on messages, from commands and from *Add*."


def _entry(entry: TimelineEntry, *, archive: str, process: Process, clock: str) -> Block:
    edit = button("Edit", ids.EDIT_ENTRY, str(entry.sequence))
    text = "\n".join(
        [f"{moment(entry.happened_at, form=clock)}  {_said(entry, process)}", *_small_print(entry, archive)]
    )
    return SectionBlock(text=MarkdownTextObject(text=clip(text, SECTION_LIMIT)), accessory=edit)


BY_PEOPLE = (EntryKind.NOTE, EntryKind.MESSAGE, EntryKind.QUESTION)
"""Kinds that stand for something: their head says what, who and how far; below it are the words."""


def _said(entry: TimelineEntry, process: Process) -> str:
    if entry.kind in BY_PEOPLE:
        return f"{entry_head(entry, process)}\n{quoted(clip(entry_words(entry), WORDS_SHOWN))}"
    if entry.words is not None:
        return f"{named(entry.by)}\n{quoted(clip(prose(entry.words), WORDS_SHOWN))}"
    return clip(entry_text(entry.kind, by=entry.by, data=entry.data, process=process), WORDS_SHOWN)


def entry_head(entry: TimelineEntry, process: Process) -> str:
    """What an entry stands for, whose it is, and its state."""
    category = entry.category or c.NOTE
    plain = category == c.NOTE
    emoji = ":memo:" if plain and entry.kind is EntryKind.NOTE else category_emoji(category, process)
    parts = ["" if plain else f"*{escape(category_name(category, process))}*", _who(entry)]
    if entry.state:
        parts.append(f"*{escape(state_name(entry.state))}*")
    if entry.state and entry.data.get("settled_by"):
        parts[-1] += f" by {named(entry.data['settled_by'])}"
    return f"{emoji} " + " · ".join(filter(None, parts))


def _who(entry: TimelineEntry) -> str:
    asked = f" → {mention(entry.data['to'])}" if entry.kind is EntryKind.QUESTION else ""
    return named(entry.by, entry.data.get("author_name")) + asked


def entry_words(entry: TimelineEntry) -> str:
    """What an entry of a person's says now."""
    if entry.words is None and entry.data.get("deleted"):
        return "_Deleted by its author._"
    if entry.kind is EntryKind.NOTE:
        return noted_words(entry.data, entry.words)
    return prose(entry.data.get("text", "") if entry.words is None else entry.words)


def _small_print(entry: TimelineEntry, archive: str) -> Iterator[str]:
    """How it came to stand so, what belongs to it, and where it was said."""
    if entry.data.get("outcome"):
        yield f"Answer: {clip(prose(entry.data['outcome']), 300)}"
    if entry.data.get("links"):
        yield f"Evidence: {clip(escape(' · '.join(entry.data['links'])), 400)}"
    elif entry.category == c.THEORY and c.has_no_evidence(entry):
        yield "No evidence yet"
    if entry.data.get("files"):
        yield _files([file["name"] for file in entry.data["files"]])
    marked_by = [user_id for user_id in entry.data.get("marked_by", ()) if user_id != entry.by]
    notes = [
        f"marked by {named(marked_by[0])}" if marked_by else "",
        "edited" if entry.edited else "",
        f"<{message_link(archive, entry)}|message>" if entry.message_ts else "",
    ]
    if any(notes):
        yield " · ".join(filter(None, notes))


def _files(names: Sequence[str]) -> str:
    shown = ", ".join(escape(clip(name, FILE_NAME)) for name in names[:MOST_FILES])
    more = f" and {len(names) - MOST_FILES} more" if len(names) > MOST_FILES else ""
    return f":paperclip: {shown}{more}"


def message_link(archive: str, entry: TimelineEntry) -> str:
    """Where the message of an entry is, as Slack's own links have it; escaped."""
    ts, thread_ts = str(entry.message_ts), entry.data.get("thread_ts")
    link = f"{archive}p{ts.replace('.', '')}"
    return escape(f"{link}?thread_ts={thread_ts}&cid={archive.rstrip('/').rsplit('/', 1)[-1]}" if thread_ts else link)


def _turning(page: Page) -> list[Block]:
    top = place_to_text(page.top) if page.top else None
    bottom = place_to_text(page.bottom) if page.bottom else None
    newer = [button("Newest", ids.NEWEST_ENTRIES), button("Newer", ids.NEWER_ENTRIES, top)]
    older = [button("Older", ids.OLDER_ENTRIES, bottom)]
    shown = (newer if page.newer else []) + (older if page.older else [])
    return [ActionsBlock(elements=shown)] if shown else []


def place_to_text(place: Place) -> str:
    """A place as buttons and views carry it."""
    return f"{place.happened_at.isoformat()}|{place.sequence}"
