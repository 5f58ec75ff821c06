"""Action items in a modal: drawn anew at every turn of a page, and after every change made from it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import PlainTextObject
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.item_list import item_list_blocks
from bot.blocks.parts import section
from bot.blocks.text import prose
from bot.commands.ask import Ask, ask_of_button
from bot.events.home import show_home
from bot.messenger.slack import Held
from bot.services import Services
from bot.views.form import message
from bot.views.item_details import draw_item
from bot.views.redraw import redraw
from storage.tables.columns import JsonObject
from workflows.errors import Declined
from workflows.item_lists import ItemList, ListAsked, look_at_items

log = structlog.get_logger()

TITLE = "Action items"
FAULTS = (SlackApiError, ClientError, TimeoutError, Held)


async def open_items(ask: Ask, asked: ListAsked) -> None:
    """Open a list. Raises IncidentNotFound."""
    await ask.open(await _draw_list(ask.services, asked, viewer=ask.user_id))


async def on_items_clicked(slack: AsyncArgs, services: Services) -> None:
    """A button asked for a list; its value says which."""
    ask = ask_of_button(slack, services)
    kept = json.loads(slack.body["actions"][0]["value"])
    await open_items(ask, replace(asked_from_json(kept), asked_in=ask.channel_id))


async def on_list_chosen(slack: AsyncArgs, services: Services) -> None:
    """Another list was chosen from the menu."""
    which, _, theme = slack.body["actions"][0]["selected_option"]["value"].partition("/")
    asked = replace(_asked(slack.body), which=ItemList(which), theme_id=int(theme) if theme else None, page=0)
    await _turn(slack, services, asked)


async def on_person_chosen(slack: AsyncArgs, services: Services) -> None:
    """Somebody was chosen, whose items are to be listed."""
    person = slack.body["actions"][0]["selected_user"]
    await _turn(slack, services, replace(_asked(slack.body), which=ItemList.OF, person=person, page=0))


async def on_page_clicked(slack: AsyncArgs, services: Services) -> None:
    """Next or Previous was pressed."""
    await _turn(slack, services, replace(_asked(slack.body), page=int(slack.body["actions"][0]["value"])))


async def on_item_clicked(slack: AsyncArgs, services: Services) -> None:
    """Open was pressed beside an item: its own view goes on top of a list, and takes the place of another item's."""
    body, item_id = slack.body, int(slack.body["actions"][0]["value"])
    pressed_in = (body.get("view") or {}).get("callback_id")
    if pressed_in == ids.ITEM_VIEW:
        await _show(slack, services, {**_metadata(body), "item": item_id})
        await slack.ack()
        return
    below = _metadata(body) if pressed_in == ids.ITEMS_VIEW else None
    asked_in = below["asked_in"] if below else (body.get("channel") or {}).get("id")
    kept = {"item": item_id, "asked_in": asked_in, "below": below}
    await _open(slack, services, kept, method="views.push" if below else "views.open")


async def _open(slack: AsyncArgs, services: Services, kept: JsonObject, *, method: str) -> None:
    """Open an item; where it is not theirs to see any more, what is below says so. Raises ItemNotFound elsewhere."""
    try:
        view = await draw_item(services, kept, viewer=slack.body["user"]["id"])
    except Declined as refusal:
        if "view" not in slack.body:
            raise
        await redraw_items(slack, services, notice=str(refusal))
    else:
        await services.slack.call(method, trigger_id=slack.body["trigger_id"], view=view.to_dict())
    await slack.ack()


async def redraw_items(slack: AsyncArgs, services: Services, *, notice: str = "") -> None:
    """After a button in a list, in an item's own view or on the home tab: show what is so now, also in the view below.

    `notice` is said above it: what was declined, since nobody can be answered beside a button in a modal. What was
    asked for is done, so a view that cannot be drawn anew is no fault of it.
    """
    body = slack.body
    if body["view"]["type"] == "home":
        await _redraw_home(slack, services, notice)
        return
    kept = _metadata(body)
    await _show(slack, services, kept, notice=notice)
    below = body["view"].get("previous_view_id")
    if below and kept.get("below"):
        await _update(services, below, await _drawn(services, kept["below"], viewer=body["user"]["id"]))


def kept_of(body: Mapping[str, Any]) -> JsonObject | None:
    """What a form that is put on top of a list or an item's view keeps of it, to have it drawn anew afterwards.

    Nothing where the button stood elsewhere.
    """
    view = body.get("view") or {}
    if view.get("type") == "home":
        return {"home": True}
    return _metadata(body) if view.get("callback_id") in (ids.ITEMS_VIEW, ids.ITEM_VIEW) else None


async def redraw_below(services: Services, body: Mapping[str, Any], kept: JsonObject | None) -> None:
    """After such a form was submitted: show what it changed in the views below it."""
    if not kept:
        return
    viewer, view = body["user"]["id"], body["view"]
    if kept.get("home"):
        await show_home(services, viewer)
        return
    below, root = view.get("previous_view_id"), view.get("root_view_id")
    if below:
        await _update(services, below, await _drawn(services, kept, viewer=viewer))
    if kept.get("below") and root and root != below:
        await _update(services, root, await _drawn(services, kept["below"], viewer=viewer))


def asked_to_json(asked: ListAsked) -> JsonObject:
    """What a button or a view remembers of a list."""
    return asdict(asked)


def asked_from_json(kept: Mapping[str, Any]) -> ListAsked:
    """The list it remembers."""
    return ListAsked(**{**kept, "which": ItemList(kept["which"])})


def _metadata(body: Mapping[str, Any]) -> JsonObject:
    found: JsonObject = json.loads(body["view"]["private_metadata"])
    return found


def _asked(body: Mapping[str, Any]) -> ListAsked:
    return asked_from_json(_metadata(body))


async def _turn(slack: AsyncArgs, services: Services, asked: ListAsked) -> None:
    await _show(slack, services, asked_to_json(asked))
    await slack.ack()


async def _draw_list(services: Services, asked: ListAsked, *, viewer: str) -> View:
    """The list as it is now. Raises IncidentNotFound."""
    async with services.read() as session:
        page = await look_at_items(session, asked, viewer=viewer, process=services.process, now=services.now())
    return View(
        type="modal",
        callback_id=ids.ITEMS_VIEW,
        title=PlainTextObject(text=TITLE),
        close=PlainTextObject(text="Close"),
        blocks=item_list_blocks(page),
        private_metadata=json.dumps(asked_to_json(page.asked)),
    )


async def _drawn(services: Services, kept: JsonObject, *, viewer: str) -> View:
    """A list or an item as it is now; who may not see it any more reads that there is nothing to see."""
    try:
        if "item" in kept:
            return await draw_item(services, kept, viewer=viewer)
        return await _draw_list(services, asked_from_json(kept), viewer=viewer)
    except Declined as refusal:
        return message(TITLE, prose(str(refusal)))


async def _show(slack: AsyncArgs, services: Services, kept: JsonObject, *, notice: str = "") -> None:
    """Draw the view anew in which a button was pressed; of two presses at once the later one is shown."""
    view = await _drawn(services, kept, viewer=slack.body["user"]["id"])
    if notice:
        view.blocks = [section(f":warning: {prose(notice)}"), *(view.blocks or [])]
    try:
        await redraw(services, slack.body["view"], view, chosen_at=slack.body["actions"][0]["action_ts"])
    except FAULTS as fault:
        log.info("a list of action items was not drawn anew", exc_info=fault)


async def _update(services: Services, view_id: str, view: View) -> None:
    try:
        await services.slack.call("views.update", view_id=view_id, view=view.to_dict())
    except FAULTS as fault:
        # It was closed meanwhile, or shows what was so before until it is opened again; what was asked for is done.
        log.info("a list of action items was not drawn anew", exc_info=fault)


async def _redraw_home(slack: AsyncArgs, services: Services, notice: str) -> None:
    await show_home(services, slack.body["user"]["id"])
    if notice:
        said = message(TITLE, prose(notice))
        await services.slack.call("views.open", trigger_id=slack.body["trigger_id"], view=said.to_dict())
