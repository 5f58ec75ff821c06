"""The form of a decision-maker who does not approve an investment: why."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.about_item import AboutItem, item_form, item_request, submit_item_form
from bot.views.form import Answers, words
from bot.views.item_reason import REASON_LIMIT
from storage.tables import ActionItem
from workflows.check_commands import DecideItem
from workflows.decisions import decide_item


def refuse_investment_modal(item: ActionItem, about: AboutItem) -> View:
    """The form."""
    hint = "It will not be done then, and its owner hears why."
    field = words(ids.REASON, "Why is it not approved?", limit=REASON_LIMIT, focus=True, hint=hint)
    return item_form(
        "Do not approve", item, about, callback_id=ids.REFUSE_INVESTMENT_MODAL, submit="Do not approve", blocks=[field]
    )


def parse_refuse_investment(body: Mapping[str, Any]) -> DecideItem:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    reason = Answers(body["view"]).text(ids.REASON)
    if not reason:
        raise InvalidInput({ids.REASON: "Say in a few words why it is not approved."})
    return DecideItem(**item_request(body), approved=False, reason=reason)


async def on_refuse_investment_submitted(slack: AsyncArgs, services: Services) -> None:
    """It is not approved, and why."""
    await submit_item_form(slack, services, decide_item, parse_refuse_investment(slack.body))
