"""Everything about one action item, and what the reader can do with it."""

from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    DividerBlock,
    InteractiveElement,
    MarkdownTextObject,
    SectionBlock,
)

from bot import ids
from bot.blocks.entries import entry_text, named
from bot.blocks.item_buttons import open_button, press, snooze_menu, track_control
from bot.blocks.items import (
    ON_THE_DAY,
    day_words,
    due_words,
    incident_words,
    item_title,
    rank_words,
    state_words,
    tracker_link,
)
from bot.blocks.parts import button, section, small
from bot.blocks.text import DAY_AND_TIME, clip, escape, mention, moment, prose
from storage.tables import ActionItem, CheckState, EffectivenessCheck, Horizon, ItemKind, ItemState, LedgerEntry
from workflows.item_details import ItemDetails
from workflows.process import Process
from workflows.reminders import deciders

FACT_LIMIT = 600
WHY_LIMIT = 2500
WORDS_LIMIT = 300
MOST_LINKS, LINK_LIMIT = 10, 250
MOST_FOLLOWING, MOST_DECIDERS = 5, 10
FIELDS = 10
"""A section holds ten (blocks: section, `fields`)."""


def item_details_blocks(details: ItemDetails, *, process: Process) -> list[Block]:
    """What it is, where it stands, what can be done, what shows it, what followed, and what happened to it."""
    item = details.listed.item
    lock = " :lock:" if details.listed.standing.about.incident.private else ""
    facts = [MarkdownTextObject(text=clip(fact, FACT_LIMIT)) for fact in _facts(details, process)]
    blocks: list[Block] = [section(f"{item_title(item)}{lock}")]
    blocks += [SectionBlock(fields=facts[first : first + FIELDS]) for first in range(0, len(facts), FIELDS)]
    blocks += [section(text) for text in _words(item)]
    rows = (_deciding(details, process), _settling(details), _shaping(details, process))
    blocks += [ActionsBlock(elements=list(buttons)) for buttons in rows if buttons]
    blocks += _checks(details)
    blocks += _related(details)
    return [*blocks, *_history(details.history, process)]


def _facts(details: ItemDetails, process: Process) -> Iterator[str]:
    """A label and a value each."""
    item, about = details.listed.item, details.listed.standing.about
    yield f"*State*\n{_capital(state_words(item))}"
    yield f"*Owner*\n{mention(item.owner)}{_accepted(item)}"
    yield f"*Due*\n{due_words(item.due_on, today=details.today)}"
    yield f"*Incident*\n{incident_words(about)}"
    yield f"*For*\n{'now: a task of the response' if item.horizon is Horizon.NOW else 'afterwards'}"
    yield f"*Kind*\n{_kind(item)}"
    yield f"*Assigned*\nby {named(item.assigned_by)}, {moment(item.assigned_at, form=ON_THE_DAY)}"
    if item.kind is ItemKind.INVESTMENT:
        yield f"*Decision*\n{_decision(details, process)}"
    if item.rank:
        yield f"*Priority*\n{_rank(item)}"
    if details.theme:
        yield f"*Theme*\n{escape(details.theme.name)}"
    if item.snoozed_until and item.is_open and item.snoozed_until > details.today:
        yield f"*Put off until*\n{day_words(item.snoozed_until, today=details.today)}"
    if item.approved is not None:
        yield f"*Decision*\n{'approved' if item.approved else 'declined'} by {named(item.decided_by or '')}"
    if item.vendor_contact:
        yield f"*Vendor contact*\n{prose(item.vendor_contact)}"
    if item.tracker:
        yield f"*{_tracker_name(item, process)}*\n{_tracked(item)}"


def _accepted(item: ActionItem) -> str:
    return "" if item.accepted_at or not item.is_open else ", not accepted yet"


def _kind(item: ActionItem) -> str:
    aim = f"to {item.aim}, " if item.aim and item.aim != "process" else "process, " if item.aim else ""
    proposal = f", proposes another {item.proposal}" if item.proposal else ""
    return f"{aim}{item.kind}{proposal}"


def _rank(item: ActionItem) -> str:
    product = f"impact {item.impact} × feasibility {item.feasibility}" if item.impact and item.feasibility else ""
    words = rank_words(item).removeprefix("priority ")
    if item.priority is None:
        return f"{words} ({product})"
    return f"{words} (instead of {product})" if product else words


def _decision(details: ItemDetails, process: Process) -> str:
    item = details.listed.item
    if item.approved is not None:
        return f"{'approved' if item.approved else 'not approved'} by {named(item.decided_by or '')}"
    asked = [mention(person) for person in deciders(details.listed.standing, process)]
    return f"waits for {' or '.join(asked[:MOST_DECIDERS]) or 'a decision-maker'}"


def _tracker_name(item: ActionItem, process: Process) -> str:
    tracker = process.trackers.get(item.tracker or "")
    return escape(tracker.name if tracker else item.tracker or "")


def _tracked(item: ActionItem) -> str:
    return " · ".join(filter(None, (tracker_link(item), escape(item.tracker_state or "")))) or "sent"


def _words(item: ActionItem) -> Iterator[str]:
    """What people wrote about it, at length."""
    if item.why:
        yield clip(prose(item.why), WHY_LIMIT)
    if item.success_measure:
        yield f"*It has worked when*\n{clip(prose(item.success_measure), WHY_LIMIT)}"
    links = [f"• {clip(escape(link), LINK_LIMIT)}" for link in item.links[:MOST_LINKS]]
    if links:
        yield "*Links*\n" + "\n".join(links)
    if item.evidence:
        yield f"*What shows that it is done*\n{clip(escape(item.evidence), WHY_LIMIT)}"


def _deciding(details: ItemDetails, process: Process) -> list[InteractiveElement]:
    """An investment waits for an answer, which whoever decides can give here."""
    item = details.listed.item
    waits = item.kind is ItemKind.INVESTMENT and item.is_open and item.approved is None
    if not waits or details.viewer not in deciders(details.listed.standing, process):
        return []
    return [press("Approve", ids.ITEM_APPROVE, item, style="primary"), press("Do not approve…", ids.ITEM_REFUSE, item)]


def _settling(details: ItemDetails) -> list[InteractiveElement]:
    """Buttons that say how far it is."""
    item, viewer = details.listed.item, details.viewer
    if not item.is_open:
        return _settled(details)
    if not details.listed.is_theirs:
        return [press("Take it over", ids.ITEM_TAKE, item)]
    is_owner = viewer == item.owner
    found: list[InteractiveElement] = []
    if is_owner and item.accepted_at is None:
        found += [press("Accept", ids.ITEM_ACCEPT, item), press("Decline", ids.ITEM_DECLINE, item)]
    found.append(press("Done", ids.ITEM_DONE, item, style="primary"))
    if item.state is not ItemState.IN_PROGRESS:
        found.append(press("In progress", ids.ITEM_IN_PROGRESS, item))
    if item.state is not ItemState.BLOCKED:
        found.append(press("Blocked…", ids.ITEM_BLOCKED, item))
    found.append(snooze_menu(item))
    found.append(press("Need help", ids.ITEM_HELP, item) if is_owner else press("Take it over", ids.ITEM_TAKE, item))
    return [*found, press("Won’t do", ids.ITEM_DROP, item)]


def _settled(details: ItemDetails) -> list[InteractiveElement]:
    item = details.listed.item
    found: list[InteractiveElement] = []
    is_verified_later = item.state is ItemState.DONE and item.horizon is Horizon.AFTER
    if is_verified_later and details.viewer not in (item.owner, item.done_by):
        found.append(press("Verify", ids.ITEM_VERIFY, item, style="primary"))
    if details.listed.is_theirs:
        found.append(press("Open it again", ids.ITEM_REOPEN, item))
    return found


def _shaping(details: ItemDetails, process: Process) -> list[InteractiveElement]:
    """Buttons that say what it is and whose."""
    item = details.listed.item
    found: list[InteractiveElement] = []
    if item.is_open:
        found += [press("Reassign", ids.ITEM_REASSIGN, item), _turn_button(item)]
    found.append(press("Edit", ids.EDIT_ITEM, item))
    may_leave = not details.listed.standing.about.incident.private
    if process.trackers and may_leave and not item.tracker and item.is_open:
        found.append(track_control(item, process.trackers))
    return found


def _turn_button(item: ActionItem) -> ButtonElement:
    """Its value says what the work is to be for, so that a second press changes nothing."""
    is_task = item.horizon is Horizon.NOW
    label = "Keep it for afterwards" if is_task else "Make it a task for now"
    return button(label, ids.ITEM_HORIZON, f"{item.number}/{Horizon.AFTER if is_task else Horizon.NOW}")


def _checks(details: ItemDetails) -> list[Block]:
    checks = [check for check in details.listed.standing.checks if check.state is not CheckState.CANCELLED]
    lines = [_check(check, [number for number in check.similar if number in details.similar]) for check in checks]
    return [section("*Did it work?*\n" + "\n".join(lines))] if lines else []


def _check(check: EffectivenessCheck, seen: Sequence[int]) -> str:
    """An answer; of the incidents that looked alike, those that the reader may know of."""
    if check.answered_at is None:
        return f"• After {check.days} days: asked on {moment(check.due_at, form=ON_THE_DAY)}"
    answer = ANSWERS.get(check.answer or "", "answered")
    effects = f" Side effects: {clip(escape(check.side_effects), WORDS_LIMIT)}" if check.side_effects else ""
    similar = ", ".join(f"INC-{number}" for number in seen[:MOST_LINKS])
    alike = f" Alike since then: {similar}." if similar else ""
    return f"• After {check.days} days: *{answer}*, says {named(check.answered_by or '')}.{effects}{alike}"


ANSWERS = {"effective": "effective", "partly": "partly effective", "not": "not effective"}


def _related(details: ItemDetails) -> Iterator[Block]:
    """What it goes on with, and what goes on with it."""
    if details.follows:
        yield _link("Goes on with", details.follows)
    for item in details.following[:MOST_FOLLOWING]:
        yield _link("Gone on with in", item)


def _link(how: str, item: ActionItem) -> Block:
    text = f"{how} {item_title(item)} · {state_words(item)}"
    return SectionBlock(text=MarkdownTextObject(text=text), accessory=open_button(item))


def _history(entries: Sequence[LedgerEntry], process: Process) -> Iterator[Block]:
    """What happened to it, newest first."""
    if entries:
        yield DividerBlock()
    for entry in entries:
        data = {**entry.data, "similar": ()}  # not every incident that looks alike is for every reader: `_check`
        words = entry_text(entry.kind, by=entry.by, data=data, process=process)
        yield small(f"{moment(entry.happened_at, form=DAY_AND_TIME)}  {clip(words, WORDS_LIMIT)}")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
