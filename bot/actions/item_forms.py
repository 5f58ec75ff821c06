"""The buttons that add an action item and edit one: the form, on top of whatever modal they stand in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot.services import Services
from bot.views.item import Draft, draft_of, item_form
from bot.views.items import kept_of, redraw_items
from storage.action_items import find_item
from storage.incidents import find_incident
from storage.tables import Incident
from storage.tables.columns import JsonObject
from storage.themes import list_open_themes
from workflows.access import may_see, see_incident
from workflows.action_items import usual_owner
from workflows.errors import Declined
from workflows.item_errors import ItemNotFound


async def on_add_item_clicked(slack: AsyncArgs, services: Services) -> None:
    """Add was pressed."""
    await _show(slack, services, _new_item_form)


async def on_edit_item_clicked(slack: AsyncArgs, services: Services) -> None:
    """Edit was pressed."""
    await _show(slack, services, _edit_form)


async def add_form(
    services: Services,
    incident: Incident,
    draft: Draft,
    *,
    by: str,
    asked_in: str | None,
    below: JsonObject | None = None,
    notice: str = "",
) -> View:
    """The form for a new item, with its usual owner where the draft names nobody; `notice` says why it is open."""
    async with services.read() as session:
        themes = await list_open_themes(session)
        owner = draft.owner or await usual_owner(session, incident, besides=by)
    said = await services.with_names(notice)
    return item_form(incident, replace(draft, owner=owner), asked_in=asked_in, themes=themes, below=below, notice=said)


async def _new_item_form(body: Mapping[str, Any], services: Services) -> View:
    who, where, below = _pressed(body)
    async with services.read() as session:
        incident = await see_incident(session, int(body["actions"][0]["value"]), who, asked_in=where)
    return await add_form(services, incident, Draft(), by=who, asked_in=where, below=below)


async def _edit_form(body: Mapping[str, Any], services: Services) -> View:
    who, where, below = _pressed(body)
    number = int(body["actions"][0]["value"])
    async with services.read() as session:
        item = await find_item(session, number)
        incident = await find_incident(session, item.incident_id) if item else None
        if item is None or incident is None or not await may_see(session, incident, who, asked_in=where):
            raise ItemNotFound(number)
        themes = await list_open_themes(session)
    return item_form(incident, draft_of(item), item=item, asked_in=where, themes=themes, below=below)


def _pressed(body: Mapping[str, Any]) -> tuple[str, str | None, JsonObject | None]:
    """Who pressed, in which channel, and what is kept of the view in which the button stood."""
    below = kept_of(body)
    channel_id = (body.get("channel") or {}).get("id")
    return body["user"]["id"], channel_id or (below or {}).get("asked_in"), below


async def _show(
    slack: AsyncArgs, services: Services, form: Callable[[Mapping[str, Any], Services], Awaitable[View]]
) -> None:
    """Open a form, or put it on top of the modal in which the button stands; there a refusal is said as well."""
    try:
        view = await form(slack.body, services)
    except Declined as refusal:
        if kept_of(slack.body) is None:
            raise
        await slack.ack()
        await redraw_items(slack, services, notice=str(refusal))
        return
    is_modal = (slack.body.get("view") or {}).get("type") == "modal"
    method = "views.push" if is_modal else "views.open"
    await services.slack.call(method, trigger_id=slack.body["trigger_id"], view=view.to_dict())
    await slack.ack()
