"""Rows that ask whether it worked: verification, effectiveness, accepted risks and decisions."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    InteractiveElement,
    MarkdownTextObject,
    SectionBlock,
)

from bot import ids
from bot.blocks.entries import named
from bot.blocks.item_buttons import open_button, press
from bot.blocks.items import ON_THE_DAY, day_words, incident_words, item_title, state_words
from bot.blocks.parts import button, section
from bot.blocks.text import SECTION_LIMIT, channel_link, clip, escape, mention, moment, plural, prose
from storage.tables import AcceptedRisk, ActionItem, CheckState, EffectivenessCheck, ItemKind, ItemState
from workflows.briefings import Row
from workflows.check_commands import Effect
from workflows.check_errors import EFFECTS
from workflows.check_findings import check_of
from workflows.process import Process
from workflows.reminders import Standing

WORDS_LIMIT, TITLE_LIMIT, LINK_LIMIT = 500, 150, 300
"""Of somebody's own words, of another's title, and of a link that is shown."""
MARKS = {Effect.EFFECTIVE: ":white_check_mark:", Effect.PARTLY: ":large_orange_diamond:", Effect.NOT: ":x:"}


def verify_row(row: Row, process: Process) -> list[Block]:
    """It is said to be done: is it?"""
    item = row.standing.item
    if item is None:
        return []
    about = f"{incident_words(row.standing.about)}{_lock(row.standing)}"
    if item.state is not ItemState.DONE:
        mark = ":white_check_mark:" if item.state is ItemState.VERIFIED else ":leftwards_arrow_with_hook:"
        return _item_blocks(f"{item_title(item)}\n{mark} {_capital(state_words(item))} · {about}", item, [])
    # Half a link leads nowhere; the form has all of it.
    shown = f": {escape(item.evidence)}" if item.evidence and len(item.evidence) <= LINK_LIMIT else ""
    asked = f"{named(item.done_by or item.owner)} says that {item_title(item)} is done{shown}. Is it?"
    is_theirs = row.reminder.to in (item.owner, item.done_by)
    verify = [] if is_theirs else [press("Verify…", ids.ITEM_VERIFY, item, style="primary")]
    buttons = [*verify, press("Not yet…", ids.ITEM_REOPEN, item)]
    return _item_blocks(f"{asked}\n{_done(item)} · {about}", item, buttons)


def check_row(row: Row, process: Process) -> list[Block]:
    """It was done some time ago: did it work?"""
    item, check = row.standing.item, check_of(row.reminder, row.standing)
    if item is None:
        return []
    if check is None or check.state is CheckState.CANCELLED:
        return _item_blocks(f"{item_title(item)}\n{_capital(state_words(item))}, so this is not asked now.", item, [])
    answered = check.state is CheckState.ANSWERED
    lines = _answered(row, check) if answered else _asked(row, item, check)
    lines += [f":arrow_right: *ACT-{one['item']}* {_title(one)}" for one in row.extra.get("made", [])]
    buttons = [*([] if answered else _answers(check)), *_needs(check, row.extra.get("made", []))]
    return _item_blocks("\n".join(lines), item, buttons, title=item_title(item), lock=_lock(row.standing))


def risk_row(row: Row, process: Process) -> list[Block]:
    """An accepted risk is to be looked at again."""
    risk = row.standing.risk
    if risk is None:
        return []
    is_over = risk.ended_at is not None or risk.review_on > row.reminder.on
    return risk_blocks(row.standing, today=row.reminder.on, buttons=[] if is_over else review_buttons(risk))


def decision_row(row: Row, process: Process) -> list[Block]:
    """An investment waits for an answer, or a risk for a signature."""
    item, risk = row.standing.item, row.standing.risk
    if risk is not None:
        waits = risk.signed_at is None and risk.ended_at is None
        return risk_blocks(row.standing, today=row.reminder.on, buttons=signing_buttons(risk) if waits else [])
    return _investment(row.standing, item) if item is not None else []


def risk_blocks(standing: Standing, *, today: date, buttons: Sequence[InteractiveElement]) -> list[Block]:
    """A risk as it stands now."""
    risk = standing.risk
    if risk is None:
        return []
    lines = [
        f":warning: *Risk {risk.number}* {escape(clip(risk.title, TITLE_LIMIT))}{_lock(standing)}",
        _words(risk.why),
        f"{_when(risk, today)} · {_signature(risk)} · {mention(risk.owner)}’s · {incident_words(standing.about)}",
    ]
    said = section("\n".join(filter(None, lines)))
    return [said, ActionsBlock(elements=list(buttons))] if buttons else [said]


def review_buttons(risk: AcceptedRisk) -> list[ButtonElement]:
    """What can become of it on its day; it stays accepted only where somebody has signed for that."""
    number = str(risk.number)
    still = [button("Still accepted…", ids.RISK_STILL, number)] if risk.signed_at else []
    return [
        *still,
        button("Act on it", ids.RISK_ACT, number),
        button("No risk any more", ids.RISK_OVER, number),
    ]


def signing_buttons(risk: AcceptedRisk) -> list[ButtonElement]:
    """What a decision-maker can do with one that nobody has signed for."""
    number = str(risk.number)
    return [
        button("Sign for it", ids.RISK_SIGN, number, style="primary"),
        button("Act on it", ids.RISK_ACT, number),
        button("No risk any more", ids.RISK_OVER, number),
    ]


def _similar_words(extra: dict[str, Any]) -> str:
    """Incidents since then that look alike, as far as its reader may see them."""
    found = extra.get("similar", [])
    if not found:
        return "Since then no incident has looked like this one."
    lines = [f"• INC-{one['incident']} {_title(one)}{_way(one)}{' :lock:' if one['private'] else ''}" for one in found]
    more = f" and {extra['more']} more" if extra.get("more") else ""
    return "\n".join([f"Since then these look like it{more}:", *lines])


def _asked(row: Row, item: ActionItem, check: EffectivenessCheck) -> list[str]:
    measure = f"It was to achieve: {_words(item.success_measure)}" if item.success_measure else ""
    when = f"Done {moment(check.done_at, form=ON_THE_DAY)}, asked after {plural(check.days, 'day')}"
    about = f"{when} · {mention(item.owner)}’s · {incident_words(row.standing.about)}"
    return list(filter(None, ["Did it work?", measure, about, _similar_words(row.extra)]))


def _answered(row: Row, check: EffectivenessCheck) -> list[str]:
    said = EFFECTS[Effect(check.answer or Effect.EFFECTIVE)]
    at = f", {moment(check.answered_at, form=ON_THE_DAY)}" if check.answered_at else ""
    mark = MARKS[Effect(check.answer or Effect.EFFECTIVE)]
    lines = [f"{mark} {said}, says {named(check.answered_by or '')}{at}"]
    if check.side_effects:
        lines.append(f"Side effects: {_words(check.side_effects)}")
    if row.extra.get("named"):
        lines.append(f"It happened again: {', '.join(f'INC-{number}' for number in row.extra['named'])}")
    return lines


def _answers(check: EffectivenessCheck) -> Iterator[ButtonElement]:
    yield button("Effective", ids.CHECK_EFFECTIVE, str(check.number), style="primary")
    yield button("Partly…", ids.CHECK_PARTLY, str(check.number))
    yield button("Not…", ids.CHECK_NOT, str(check.number))


def _needs(check: EffectivenessCheck, made: Sequence[dict[str, Any]]) -> Iterator[ButtonElement]:
    """What is there already is not offered again."""
    kinds = {one["kind"] for one in made}
    if ItemKind.CONTROL not in kinds:
        yield button("Needs a control", ids.CHECK_CONTROL, str(check.number))
    if ItemKind.TRAINING not in kinds:
        yield button("Needs training", ids.CHECK_TRAINING, str(check.number))


def _investment(standing: Standing, item: ActionItem) -> list[Block]:
    about = f"{mention(item.owner)}’s · {incident_words(standing.about)}{_lock(standing)}"
    if item.approved is not None:
        mark, did = (":white_check_mark:", "Approved") if item.approved else (":no_entry_sign:", "Not approved")
        return _item_blocks(f"{item_title(item)}\n{mark} {did} by {named(item.decided_by or '')} · {about}", item, [])
    if not item.is_open:
        return _item_blocks(f"{item_title(item)}\n{_capital(state_words(item))} · {about}", item, [])
    buttons = [
        press("Approve", ids.ITEM_APPROVE, item, style="primary"),
        press("Do not approve…", ids.ITEM_REFUSE, item),
    ]
    asked = f":moneybag: An investment waits for your answer: {item_title(item)}"
    return _item_blocks("\n".join(filter(None, [asked, _words(item.why), about])), item, buttons)


def _item_blocks(
    text: str, item: ActionItem, buttons: Sequence[InteractiveElement], *, title: str = "", lock: str = ""
) -> list[Block]:
    """Words about an item, the way to everything about it, and what can be done there and then."""
    words = f"{title}{lock}\n{text}" if title else text
    said = SectionBlock(text=MarkdownTextObject(text=clip(words, SECTION_LIMIT)), accessory=open_button(item))
    return [said, ActionsBlock(elements=list(buttons))] if buttons else [said]


def _when(risk: AcceptedRisk, today: date) -> str:
    day = day_words(risk.review_on, today=today)
    if risk.ended_at is not None:
        return f":white_check_mark: Closed {moment(risk.ended_at, form=ON_THE_DAY)}"
    if risk.review_on > today:
        return f"Accepted until {day}"
    return f"*To be looked at since {day}*" if risk.review_on < today else "*To be looked at today*"


def _signature(risk: AcceptedRisk) -> str:
    return f"signed by {named(risk.signed_by)}" if risk.signed_by else "signed by nobody yet"


def _done(item: ActionItem) -> str:
    return f"done {moment(item.done_at, form=ON_THE_DAY)}" if item.done_at else "done"


def _way(one: dict[str, Any]) -> str:
    return f" {channel_link(one['channel_id'])}" if one.get("channel_id") else ""


def _title(one: dict[str, Any]) -> str:
    return escape(clip(str(one["title"]), TITLE_LIMIT))


def _words(text: str) -> str:
    return prose(clip(" ".join(text.split()), WORDS_LIMIT))


def _lock(standing: Standing) -> str:
    return " :lock:" if standing.about.incident.private else ""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
