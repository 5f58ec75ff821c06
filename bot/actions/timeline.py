"""What can be pressed on a timeline, and the buttons that open one."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot.services import Services
from bot.views.entry import entry_modal, own_words
from bot.views.note import note_modal
from bot.views.timeline import draw, look_from_json, place_from_text, redraw
from storage.timeline import Place, find_timeline_entry
from workflows.access import see_incident
from workflows.categories import ACTION, CONCERN, DECISION, EVIDENCE, NOTE, THEORY, WORKAROUND
from workflows.errors import Declined, NoSuchEntry
from workflows.look import Look, Showing

ADDED_TO = {
    Showing.ACTIONS: ACTION,
    Showing.DECISIONS: DECISION,
    Showing.THEORIES: THEORY,
    Showing.WORKAROUNDS: WORKAROUND,
    Showing.EVIDENCE: EVIDENCE,
    Showing.CONCERNS: CONCERN,
}
"""What is added where only some entries are shown."""


async def on_timeline_clicked(slack: AsyncArgs, services: Services) -> None:
    """Timeline was pressed on a message."""
    action = slack.body["actions"][0]
    asked = Look(incident_id=int(action["value"]), asked_in=(slack.body.get("channel") or {}).get("id"))
    view = await draw(services, asked, viewer=slack.body["user"]["id"])
    await services.slack.call("views.open", trigger_id=slack.body["trigger_id"], view=view.to_dict())
    await slack.ack()


async def on_showing_chosen(slack: AsyncArgs, services: Services) -> None:
    """Another kind of entries was chosen: begin with its newest."""
    showing = Showing(slack.body["actions"][0]["selected_option"]["value"])
    await _turn(slack, services, replace(_asked(slack), showing=showing, before=None))


async def on_older_clicked(slack: AsyncArgs, services: Services) -> None:
    """Older was pressed."""
    await _turn(slack, services, replace(_asked(slack), before=place_from_text(slack.body["actions"][0]["value"])))


async def on_newer_clicked(slack: AsyncArgs, services: Services) -> None:
    """Newer was pressed."""
    await _turn(slack, services, _asked(slack), above=place_from_text(slack.body["actions"][0]["value"]))


async def on_newest_clicked(slack: AsyncArgs, services: Services) -> None:
    """Newest was pressed."""
    await _turn(slack, services, replace(_asked(slack), before=None))


async def on_add_entry_clicked(slack: AsyncArgs, services: Services) -> None:
    """Add was pressed: the form goes on top of the timeline."""
    asked = _asked(slack)
    await _push(slack, services, asked, lambda: _add_form(services, asked, viewer=slack.body["user"]["id"]))


async def on_edit_entry_clicked(slack: AsyncArgs, services: Services) -> None:
    """Edit was pressed beside an entry: the form goes on top of the timeline."""
    asked, sequence = _asked(slack), int(slack.body["actions"][0]["value"])
    await _push(slack, services, asked, lambda: _edit_form(services, asked, sequence, viewer=slack.body["user"]["id"]))


def _asked(slack: AsyncArgs) -> Look:
    return look_from_json(json.loads(slack.body["view"]["private_metadata"]))


async def _turn(slack: AsyncArgs, services: Services, asked: Look, *, above: Place | None = None) -> None:
    await redraw(services, slack.body["view"]["id"], asked, viewer=slack.body["user"]["id"], above=above)
    await slack.ack()


async def _push(slack: AsyncArgs, services: Services, asked: Look, form: Callable[[], Awaitable[View]]) -> None:
    """Open a form on top; where that is declined the timeline shows how it is now."""
    try:
        view = await form()
    except Declined:
        await _turn(slack, services, asked)
        return
    await services.slack.call("views.push", trigger_id=slack.body["trigger_id"], view=view.to_dict())
    await slack.ack()


async def _add_form(services: Services, asked: Look, *, viewer: str) -> View:
    async with services.read() as session:
        incident = await see_incident(session, asked.incident_id, viewer, asked_in=asked.asked_in)
    category = ADDED_TO.get(asked.showing, NOTE)
    return note_modal(incident, process=services.process, asked_in=asked.asked_in, category=category, below=asked)


async def _edit_form(services: Services, asked: Look, sequence: int, *, viewer: str) -> View:
    async with services.read() as session:
        incident = await see_incident(session, asked.incident_id, viewer, asked_in=asked.asked_in)
        entry = await find_timeline_entry(session, asked.incident_id, sequence)
    if entry is None or entry.withdrawn:
        raise NoSuchEntry(incident)
    words = await services.with_names(own_words(entry), sign="@")
    return entry_modal(incident, entry, words=words, process=services.process, below=asked)
