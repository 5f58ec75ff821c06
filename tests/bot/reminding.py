"""Plain values for messages about action items: items that were never written, and briefings about them."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from slack_sdk.models.views import View

from bot import ids
from bot.views.about_item import AboutItem
from bot.views.item_done import item_done_modal
from bot.views.item_reason import reason_modal
from bot.views.reassign import reassign_modal
from bot.views.snooze import snooze_modal
from storage.tables import ActionItem, Horizon, ItemKind, ItemState, Reminder, ReminderKind, ReminderState, Source
from storage.tables.columns import JsonObject
from tests.bot.values import a_situation
from tests.builders import NOON
from workflows.briefings import Briefing, Row
from workflows.reminders import People, Standing
from workflows.situation import Situation

TODAY = date(2026, 3, 16)
"""A Monday."""


def an_item_row(number: int = 7, **changes: Any) -> ActionItem:
    """ACT-7 of INC-7: Ann has given it to Bo, and it is due today."""
    values: dict[str, Any] = {
        "id": number,
        "incident_id": 7,
        "title": "Alert on refused cards",
        "owner": "UBO",
        "horizon": Horizon.AFTER,
        "state": ItemState.OPEN,
        "kind": ItemKind.MONITORING,
        "due_on": TODAY,
        "links": [],
        "created_by": "UANN",
        "created_at": NOON,
        "source": Source.COMMAND,
        "assigned_by": "UANN",
        "assigned_at": NOON,
        "state_changed_at": NOON,
        "planned_since": NOON,
        "snoozes": 0,
    }
    return ActionItem(**{**values, **changes})


def a_standing(item: ActionItem, about: Situation | None = None) -> Standing:
    """How it stands, with everybody reachable."""
    return Standing(about or a_situation(), People({}), item=item)


def a_row(
    kind: ReminderKind = ReminderKind.DUE,
    item: ActionItem | None = None,
    *,
    to: str = "UBO",
    data: JsonObject | None = None,
    about: Situation | None = None,
    sent: bool = False,
    number: int | None = None,
    **extra: Any,
) -> Row:
    """One thing to say about an item; `sent`: it was said an hour ago."""
    item = item or an_item_row()
    reminder = Reminder(
        id=number or item.number,
        key=f"{kind}/{item.number}",
        kind=kind,
        item_id=item.number,
        to=to,
        on=TODAY,
        due_at=NOON,
        state=ReminderState.SENT if sent else ReminderState.PLANNED,
        sent_at=NOON - timedelta(hours=1) if sent else None,
        data=data or {},
    )
    return Row(reminder, a_standing(item, about), extra)


def a_briefing(*rows: Row, **changes: Any) -> Briefing:
    """What Bo hears on this Monday."""
    values: dict[str, Any] = {"to": "UBO", "today": TODAY, "rows": rows}
    return Briefing(**{**values, **changes})


def weekly_of(items: Sequence[ActionItem], about: Situation | None = None) -> list[Standing]:
    """The list of everything somebody has to do."""
    return [a_standing(item, about) for item in items]


def item_questions(words: str) -> Iterator[View]:
    """Every form that a button of an item with these words opens."""
    item, about = an_item_row(title=words, snoozes=100), AboutItem(7, "C0123456789", "1772625600.000100")
    for callback_id in (
        ids.ITEM_DROP_MODAL,
        ids.ITEM_BLOCKED_MODAL,
        ids.ITEM_REOPEN_MODAL,
        ids.ITEM_DECLINE_MODAL,
        ids.ITEM_HELP_MODAL,
    ):
        yield reason_modal(item, about, callback_id=callback_id)
    yield reassign_modal(item, about)
    yield snooze_modal(item, about, until=TODAY, needs_reason=True)
    yield item_done_modal(item, about)
