"""The form for the link that shows that documentation was written, or a training held."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.about_item import AboutItem, item_form, item_request, submit_item_form
from bot.views.form import Answers, words
from storage.tables import ActionItem, ItemState
from workflows.commands import MoveItem
from workflows.item_states import move_item

LINK_LIMIT = 2000


def item_done_modal(item: ActionItem, about: AboutItem) -> View:
    """The form."""
    label, hint = "Link", "To what was written, or to where it says who was trained."
    field = words(ids.EVIDENCE, label, limit=LINK_LIMIT, multiline=False, focus=True, hint=hint, placeholder="https://")
    return item_form("Done", item, about, callback_id=ids.ITEM_DONE_MODAL, submit="Done", blocks=[field])


def parse_item_done(body: Mapping[str, Any]) -> MoveItem:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    link = Answers(body["view"]).text(ids.EVIDENCE)
    if not link:
        raise InvalidInput({ids.EVIDENCE: "Give the link that shows it."})
    return MoveItem(**item_request(body), state=ItemState.DONE, evidence=link)


async def on_item_done_submitted(slack: AsyncArgs, services: Services) -> None:
    """It is done, and here is the link."""
    await submit_item_form(slack, services, move_item, parse_item_done(slack.body))
