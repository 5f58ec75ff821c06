"""The form to give an action item to somebody."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.about_item import AboutItem, item_form, item_request, submit_item_form
from bot.views.form import Answers, person, words
from bot.views.item_reason import REASON_LIMIT
from storage.tables import ActionItem
from workflows.commands import AssignItem
from workflows.item_owners import assign_item


def reassign_modal(item: ActionItem, about: AboutItem) -> View:
    """The form."""
    blocks: list[Block] = [
        person(ids.PERSON, "Whose is it from now on?", hint="They are told, and can accept or decline."),
        words(ids.REASON, "Why?", limit=REASON_LIMIT, multiline=False, optional=True),
    ]
    return item_form("Reassign", item, about, callback_id=ids.ITEM_REASSIGN_MODAL, submit="Reassign", blocks=blocks)


def parse_reassign(body: Mapping[str, Any]) -> AssignItem:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers = Answers(body["view"])
    to = answers.person(ids.PERSON)
    if to is None:
        raise InvalidInput({ids.PERSON: "Choose whose it is; an action item always has an owner."})
    return AssignItem(**item_request(body), to=to, why=answers.text(ids.REASON))


async def on_reassign_submitted(slack: AsyncArgs, services: Services) -> None:
    """It is given to somebody."""
    command = parse_reassign(slack.body)
    await services.refuse_ourselves(command.to, cannot="own an action item")
    await submit_item_form(slack, services, assign_item, command)
