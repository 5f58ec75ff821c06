"""The forms of an action item that ask for words: why it won't be done, what blocks it, why it is declined."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.about_item import AboutItem, Workflow, item_form, item_request, submit_item_form
from bot.views.form import Answers, words
from storage.tables import ActionItem, ItemState
from workflows.commands import AskForHelp, DeclineItem, ItemCommand, MoveItem
from workflows.item_owners import ask_for_help, decline_item
from workflows.item_states import move_item

REASON_LIMIT = 500


@dataclass(frozen=True)
class _Form:
    title: str
    label: str
    submit: str
    hint: str
    missing: str = ""
    """What is said where there are no words; nothing where none are needed."""


_FORMS = {
    ids.ITEM_DROP_MODAL: _Form(
        "Won’t do",
        "Why will it not be done?",
        "Won’t do",
        "The incident’s lead hears of it. It can be opened again.",
        "Say in a few words why it will not be done.",
    ),
    ids.ITEM_BLOCKED_MODAL: _Form(
        "Blocked",
        "What is it blocked on?",
        "Blocked",
        "Reminders go on; whoever can unblock it is worth naming.",
        "Say what it is blocked on.",
    ),
    ids.ITEM_REOPEN_MODAL: _Form(
        "Open it again",
        "Why is it not over?",
        "Open it again",
        "Its owner is told, and reminded of it again.",
        "Say in a few words why it is open again.",
    ),
    ids.ITEM_DECLINE_MODAL: _Form(
        "Decline",
        "Why can you not take it on?",
        "Decline",
        "It goes back to who gave it to you. Who could do it is good to know.",
        "Say in a few words why you cannot take it on.",
    ),
    ids.ITEM_HELP_MODAL: _Form(
        "Need help",
        "What do you need?",
        "Ask for help",
        "The incident’s channel is asked, or its lead where the channel is archived.",
    ),
}


def reason_modal(item: ActionItem, about: AboutItem, *, callback_id: str) -> View:
    """The form for one of them."""
    one = _FORMS[callback_id]
    field = words(ids.REASON, one.label, limit=REASON_LIMIT, hint=one.hint, focus=True, optional=not one.missing)
    return item_form(one.title, item, about, callback_id=callback_id, submit=one.submit, blocks=[field])


def parse_reason(body: Mapping[str, Any]) -> ItemCommand:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    callback_id, request = body["view"]["callback_id"], item_request(body)
    reason, missing = Answers(body["view"]).text(ids.REASON), _FORMS[callback_id].missing
    if missing and not reason:
        raise InvalidInput({ids.REASON: missing})
    match callback_id:
        case ids.ITEM_DECLINE_MODAL:
            return DeclineItem(**request, why=reason)
        case ids.ITEM_HELP_MODAL:
            return AskForHelp(**request, words=reason)
    return MoveItem(**request, state=_STATES[callback_id], reason=reason)


_STATES = {
    ids.ITEM_DROP_MODAL: ItemState.WONT_DO,
    ids.ITEM_BLOCKED_MODAL: ItemState.BLOCKED,
    ids.ITEM_REOPEN_MODAL: ItemState.OPEN,
}
_WORKFLOWS: dict[str, Workflow] = {ids.ITEM_DECLINE_MODAL: decline_item, ids.ITEM_HELP_MODAL: ask_for_help}


async def on_reason_submitted(slack: AsyncArgs, services: Services) -> None:
    """One of these forms was submitted."""
    workflow = _WORKFLOWS.get(slack.body["view"]["callback_id"], move_item)
    await submit_item_form(slack, services, workflow, parse_reason(slack.body))
