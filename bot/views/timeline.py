"""The timeline in a modal: drawn anew at every turn of a page, and after every change made from it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import PlainTextObject
from slack_sdk.models.views import View

from bot.blocks.text import MODAL_TITLE_LIMIT, clip, prose
from bot.blocks.timeline import place_to_text, timeline_blocks
from bot.messenger.slack import Held
from bot.services import Services
from bot.views.form import message
from storage.timeline import Place
from workflows.errors import IncidentNotFound
from workflows.look import Look, Page, Showing, look, look_above
from workflows.process import Process

log = structlog.get_logger()


def timeline_view(page: Page, *, archive: str, asked_in: str | None, process: Process) -> View:
    """A page of the timeline."""
    kept = Look(incident_id=page.incident.number, asked_in=asked_in, showing=page.showing, before=page.before)
    return View(
        type="modal",
        title=PlainTextObject(text=clip(f"Timeline of {page.incident.ref}", MODAL_TITLE_LIMIT)),
        close=PlainTextObject(text="Close"),
        blocks=timeline_blocks(page, archive=archive, process=process),
        private_metadata=json.dumps(look_to_json(kept)),
    )


def look_to_json(kept: Look) -> dict[str, Any]:
    """What a view remembers of where it is."""
    before = place_to_text(kept.before) if kept.before else None
    return {"incident_id": kept.incident_id, "asked_in": kept.asked_in, "showing": kept.showing, "before": before}


def look_from_json(data: Mapping[str, Any]) -> Look:
    """Where a view was."""
    before = data.get("before")
    return Look(
        incident_id=data["incident_id"],
        asked_in=data["asked_in"],
        showing=Showing(data.get("showing", Showing.ALL)),
        before=place_from_text(before) if before else None,
    )


def place_from_text(text: str) -> Place:
    """A place as buttons and views carry it (`place_to_text`)."""
    happened_at, _, sequence = text.partition("|")
    return Place(datetime.fromisoformat(happened_at), int(sequence))


async def draw(services: Services, asked: Look, *, viewer: str, above: Place | None = None) -> View:
    """The page as it is now, or the one above a place.

    Raises IncidentNotFound.
    """
    async with services.read() as session:
        page = await (
            look_above(session, asked, above, viewer=viewer) if above else look(session, asked, viewer=viewer)
        )
    team_url = (await services.slack.identity()).team_url
    archive = f"{team_url}archives/{page.incident.channel_id}/"
    return timeline_view(page, archive=archive, asked_in=asked.asked_in, process=services.process)


async def redraw(services: Services, view_id: str, asked: Look, *, viewer: str, above: Place | None = None) -> None:
    """Show it in a view that is open; who may not see it any more reads that there is nothing to see."""
    try:
        view = await draw(services, asked, viewer=viewer, above=above)
    except IncidentNotFound as refusal:
        view = message("Timeline", prose(str(refusal)))
    try:
        await services.slack.call("views.update", view_id=view_id, view=view.to_dict())
    except (SlackApiError, ClientError, TimeoutError, Held) as fault:
        # It was closed meanwhile, or shows what was so before until it is opened again; what was asked for is done.
        log.info("a timeline was not drawn anew", exc_info=fault)


async def redraw_below(services: Services, body: Mapping[str, Any], asked: Look | None) -> None:
    """After a form that was opened from a timeline: show what it changed there."""
    below = body["view"].get("previous_view_id")
    if asked and below:
        await redraw(services, below, asked, viewer=body["user"]["id"])
