"""The buttons of an action item, wherever they stand: a message, a list, the item's own view, the home tab."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.item_buttons import A_DATE, SNOOZES
from bot.commands.ask import Ask, ask_of_button
from bot.services import Services
from bot.views.about_item import AboutItem, Workflow, about_button, change_item_at, owe_message_anew
from bot.views.item_done import item_done_modal
from bot.views.item_reason import reason_modal
from bot.views.items import redraw_items
from bot.views.reassign import reassign_modal
from bot.views.snooze import snooze_modal
from storage.tables import ActionItem, Horizon, ItemState
from workflows.action_items import calendar_of, change_item
from workflows.calendars import Calendar
from workflows.commands import AcceptItem, AssignItem, ChangeItem, ItemCommand, MoveItem, SnoozeItem
from workflows.errors import Declined
from workflows.item_details import find_seen
from workflows.item_errors import STATE_NAMES, AlreadySo, EvidenceNeeded, ItemNotFound, ItemSettled, NotTheirItem
from workflows.item_owners import accept_item, assign_item
from workflows.item_rights import refuse_if_not_theirs, standing_of
from workflows.item_states import move_item
from workflows.snoozing import snooze_item

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Pressed:
    """Who pressed a button about which item, and where it stands."""

    ask: Ask
    about: AboutItem
    choice: str = ""
    """What was chosen, where it is a menu."""

    @property
    def services(self) -> Services:
        """What a handler may reach."""
        return self.ask.services

    def request(self) -> dict[str, Any]:
        """For a command about the item."""
        return {**self.ask.request(), "item_id": self.about.item_id, "asked_in": self.about.asked_in}

    async def change(self, workflow: Workflow, command: ItemCommand) -> None:
        """Do it; then what the button stood in shows it."""
        services = self.services
        async with services.transaction() as session:
            await change_item_at(session, workflow, command, self.about, process=services.process, now=services.now())
        if self.about.kept:
            await redraw_items(self.ask.slack, services)
        await self.ask.done()

    async def open(self, view: View) -> None:
        """Open a form; on top of a list where the button stands in one."""
        body = self.ask.slack.body
        method = "views.push" if (body.get("view") or {}).get("type") == "modal" else "views.open"
        await self.services.slack.call(method, trigger_id=body["trigger_id"], view=view.to_dict())
        await self.ask.done()


async def on_done_clicked(slack: AsyncArgs, services: Services) -> None:
    """Done was pressed; for what a link has to show, the form asks for it."""
    await answered(slack, services, _done)


async def on_in_progress_clicked(slack: AsyncArgs, services: Services) -> None:
    """In progress was pressed."""
    await answered(slack, services, _in_progress)


async def on_snooze_chosen(slack: AsyncArgs, services: Services) -> None:
    """A time was chosen until which it is put off."""
    await answered(slack, services, _snooze)


async def on_reassign_clicked(slack: AsyncArgs, services: Services) -> None:
    """Reassign was pressed."""
    await answered(slack, services, _reassign)


async def on_take_clicked(slack: AsyncArgs, services: Services) -> None:
    """Take it over was pressed."""
    await answered(slack, services, _take)


async def on_accept_clicked(slack: AsyncArgs, services: Services) -> None:
    """Accept was pressed."""
    await answered(slack, services, _accept)


async def on_horizon_clicked(slack: AsyncArgs, services: Services) -> None:
    """It is to become a task of the response, or work for afterwards."""
    await answered(slack, services, _turn)


async def on_reason_clicked(slack: AsyncArgs, services: Services) -> None:
    """A button was pressed whose form asks for words: Won’t do, Blocked, Need help, Decline or Open it again."""
    await answered(slack, services, _ask_why)


async def answered(slack: AsyncArgs, services: Services, act: Callable[[Pressed], Awaitable[None]]) -> None:
    """Do it; or say privately what is the case, and show that in what the button stood in."""
    pressed = _pressed(slack, services)
    try:
        await act(pressed)
    except Declined as refusal:
        async with services.transaction() as session:
            await owe_message_anew(session, pressed.about, now=services.now())
        if not pressed.about.kept:
            raise
        await redraw_items(slack, services, notice=str(refusal))
        await slack.ack()


def _pressed(slack: AsyncArgs, services: Services) -> Pressed:
    action = slack.body["actions"][0]
    value = (action.get("selected_option") or action)["value"]
    item_id, _, choice = str(value).partition("/")
    return Pressed(ask_of_button(slack, services), about_button(slack.body, int(item_id)), choice)


async def _done(pressed: Pressed) -> None:
    try:
        await pressed.change(move_item, MoveItem(**pressed.request(), state=ItemState.DONE))
    except EvidenceNeeded:
        await pressed.open(item_done_modal(await _look(pressed), pressed.about))


async def _in_progress(pressed: Pressed) -> None:
    await pressed.change(move_item, MoveItem(**pressed.request(), state=ItemState.IN_PROGRESS))


async def _accept(pressed: Pressed) -> None:
    await pressed.change(accept_item, AcceptItem(**pressed.request()))


async def _take(pressed: Pressed) -> None:
    await pressed.change(assign_item, AssignItem(**pressed.request(), to=pressed.ask.user_id))


async def _reassign(pressed: Pressed) -> None:
    item = await _look(pressed)
    if not item.is_open:
        raise ItemSettled(item)
    await pressed.open(reassign_modal(item, pressed.about))


async def _snooze(pressed: Pressed) -> None:
    """At once, unless a day is to be chosen or it takes a reason by now."""
    item = await _look(pressed, to_settle=True)
    async with pressed.services.read() as session:
        calendar = await calendar_of(session, item.owner, pressed.services.process)
    until = _until(pressed.choice, calendar, today=calendar.today(pressed.services.now()))
    needs_reason = item.snoozes >= pressed.services.process.reminders.reason_after
    if needs_reason or pressed.choice not in SNOOZES or pressed.choice == A_DATE:
        await pressed.open(snooze_modal(item, pressed.about, until=until, needs_reason=needs_reason))
    else:
        await pressed.change(snooze_item, SnoozeItem(**pressed.request(), until=until))


def _until(choice: str, calendar: Calendar, *, today: date) -> date:
    """The day that was chosen, on its owner's calendar; a working day of theirs where none was named."""
    if choice.isdecimal():
        return today + timedelta(days=int(choice))
    return calendar.working_day(today + WEEK - timedelta(days=today.weekday()))


async def _turn(pressed: Pressed) -> None:
    """What it is to be stands on the button, so that a second press changes nothing."""
    changes = {"horizon": Horizon(pressed.choice)}
    await pressed.change(change_item, ChangeItem(**pressed.request(), changes=changes))


async def _ask_why(pressed: Pressed) -> None:
    """Open the form, unless it is plain already that it would be declined."""
    button = pressed.ask.slack.body["actions"][0]["action_id"]
    item = await _look(pressed, to_settle=button in _TO_SETTLE)
    if button == ids.ITEM_DECLINE:
        _refuse_unless_owner(item, pressed.ask.user_id)
    if button == ids.ITEM_REOPEN and item.is_open:
        raise AlreadySo(item, STATE_NAMES[item.state])
    await pressed.open(reason_modal(item, pressed.about, callback_id=_FORM_OF[button]))


_TO_SETTLE = (ids.ITEM_DROP, ids.ITEM_BLOCKED, ids.ITEM_HELP)
_FORM_OF = {
    ids.ITEM_DROP: ids.ITEM_DROP_MODAL,
    ids.ITEM_BLOCKED: ids.ITEM_BLOCKED_MODAL,
    ids.ITEM_HELP: ids.ITEM_HELP_MODAL,
    ids.ITEM_DECLINE: ids.ITEM_DECLINE_MODAL,
    ids.ITEM_REOPEN: ids.ITEM_REOPEN_MODAL,
}


def _refuse_unless_owner(item: ActionItem, person: str) -> None:
    if not item.is_open:
        raise ItemSettled(item)
    if item.owner != person:
        raise NotTheirItem(item)


async def _look(pressed: Pressed, *, to_settle: bool = False) -> ActionItem:
    """The item as it is now.

    Raises ItemNotFound; and with `to_settle` ItemSettled and NotTheirItem.
    """
    by, process = pressed.ask.user_id, pressed.services.process
    async with pressed.services.read() as session:
        item = await find_seen(session, pressed.about.item_id, viewer=by, asked_in=pressed.about.asked_in)
        if item is None:
            raise ItemNotFound(pressed.about.item_id)
        if to_settle:
            if not item.is_open:
                raise ItemSettled(item)
            refuse_if_not_theirs(await standing_of(session, item, process=process), item, by=by, process=process)
    return item
