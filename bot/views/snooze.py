"""The form to put an action item off until a day, and why."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.text import plural
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.about_item import AboutItem, item_form, item_request, submit_item_form
from bot.views.form import Answers, day, words
from bot.views.item_reason import REASON_LIMIT
from storage.tables import ActionItem
from workflows.commands import SnoozeItem
from workflows.snoozing import snooze_item


def snooze_modal(item: ActionItem, about: AboutItem, *, until: date, needs_reason: bool) -> View:
    """The form, with the day that was chosen; `needs_reason` when it was put off often already."""
    hint = f"It was put off {plural(item.snoozes, 'time')} already." if needs_reason else ""
    blocks: list[Block] = [
        day(ids.UNTIL, "Remind again on", chosen=until, hint="Its due date stays as it is."),
        words(ids.REASON, "Why?", limit=REASON_LIMIT, optional=not needs_reason, hint=hint, focus=needs_reason),
    ]
    return item_form("Snooze", item, about, callback_id=ids.ITEM_SNOOZE_MODAL, submit="Snooze", blocks=blocks)


def parse_snooze(body: Mapping[str, Any]) -> SnoozeItem:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers = Answers(body["view"])
    until = answers.day(ids.UNTIL)
    if until is None:
        raise InvalidInput({ids.UNTIL: "Choose the day on which to remind again."})
    return SnoozeItem(**item_request(body), until=until, reason=answers.text(ids.REASON))


async def on_snooze_submitted(slack: AsyncArgs, services: Services) -> None:
    """It is put off."""
    await submit_item_form(slack, services, snooze_item, parse_snooze(slack.body))
