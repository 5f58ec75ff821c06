"""The form of whoever looks whether an item is done: the link that shows it."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.about_item import AboutItem, item_form, item_request, submit_item_form
from bot.views.form import Answers, words
from bot.views.item_done import LINK_LIMIT
from storage.tables import ActionItem, ItemState
from workflows.commands import MoveItem
from workflows.item_states import move_item


def verify_modal(item: ActionItem, about: AboutItem) -> View:
    """The form, with the link its owner gave."""
    field = words(
        ids.EVIDENCE,
        "Link that shows it",
        value=item.evidence or next(iter(item.links), ""),
        limit=LINK_LIMIT,
        multiline=False,
        focus=True,
        placeholder="https://",
        hint="What you looked at to see that it is done.",
    )
    return item_form("Verify", item, about, callback_id=ids.VERIFY_MODAL, submit="Verify", blocks=[field])


def parse_verify(body: Mapping[str, Any]) -> MoveItem:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    link = Answers(body["view"]).text(ids.EVIDENCE)
    if not link:
        raise InvalidInput({ids.EVIDENCE: "Give the link that shows it; without one nobody can look again."})
    return MoveItem(**item_request(body), state=ItemState.VERIFIED, evidence=link)


async def on_verify_submitted(slack: AsyncArgs, services: Services) -> None:
    """It is done, says somebody else."""
    await submit_item_form(slack, services, move_item, parse_verify(slack.body))
