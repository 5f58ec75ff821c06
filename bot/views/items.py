"""Action items in a modal: drawn anew at every turn of a page, and after every change made from it."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.commands.ask import Ask
from bot.services import Services
from storage.tables.columns import JsonObject
from workflows.item_lists import ListAsked


async def open_items(ask: Ask, asked: ListAsked) -> None:
    """Open a list."""
    raise NotImplementedError


async def redraw_items(slack: AsyncArgs, services: Services, *, notice: str = "") -> None:
    """After a button in a list or in an item's own view: show what is so now, there and in the view below it.

    `notice` is said above it: what was declined, since nobody can be answered beside a button in a modal.
    """
    raise NotImplementedError


def kept_of(body: Mapping[str, Any]) -> JsonObject | None:
    """What a form that is put on top of a list or an item's view keeps of it, to have it drawn anew afterwards.

    Nothing where the button stood elsewhere.
    """
    raise NotImplementedError


async def redraw_below(services: Services, body: Mapping[str, Any], kept: JsonObject | None) -> None:
    """After such a form was submitted: show what it changed in the views below it."""
    raise NotImplementedError
