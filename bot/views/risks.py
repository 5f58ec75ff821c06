"""The register of accepted risks in a modal: drawn anew after every change made from it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import structlog
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, PlainTextObject
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.checks import review_buttons, risk_blocks, signing_buttons
from bot.blocks.parts import button, section, small
from bot.blocks.text import prose
from bot.services import Services
from bot.views.items import FAULTS
from bot.views.redraw import redraw
from workflows.action_items import calendar_of
from workflows.process import Process
from workflows.reminders import Standing, deciders
from workflows.risks import list_register

log = structlog.get_logger()

MOST_SHOWN = 20
"""Two blocks each stay below Slack's hundred, and more would not be read."""


@dataclass(frozen=True)
class Register:
    """Which register it is: of one incident, or of all that its reader may see."""

    incident_id: int | None = None
    asked_in: str | None = None


def register_view(
    asked: Register, found: Sequence[Standing], *, viewer: str, today: date, process: Process, notice: str = ""
) -> View:
    """The register, first to be looked at first; each with what its reader can do with it."""
    blocks: list[Block] = [section(f":warning: {prose(notice)}")] if notice else []
    if asked.incident_id is not None:
        add = button("Accept a risk", ids.ADD_RISK, str(asked.incident_id))
        blocks.append(ActionsBlock(elements=[add]))
    if not found:
        blocks.append(section("No risk is accepted here now. `/incident risk` and a few words accept one."))
    for standing in found[:MOST_SHOWN]:
        blocks += risk_blocks(standing, today=today, buttons=_buttons(standing, viewer=viewer, process=process))
    if len(found) > MOST_SHOWN:
        blocks.append(small("There are more; those that are to be looked at first are shown."))
    if asked.incident_id is not None:
        blocks.append(small("Outside an incident’s channel `/incident risk` lists those of all incidents you can see."))
    return View(
        type="modal",
        callback_id=ids.RISKS_VIEW,
        title=PlainTextObject(text=f"Risks of INC-{asked.incident_id}" if asked.incident_id else "Accepted risks"),
        close=PlainTextObject(text="Close"),
        blocks=blocks,
        private_metadata=json.dumps(asdict(asked)),
    )


def _buttons(standing: Standing, *, viewer: str, process: Process) -> list[ButtonElement]:
    risk = standing.risk
    if risk is None:
        return []
    decides = viewer in deciders(standing, process)
    if risk.signed_at is None:
        return signing_buttons(risk) if decides else []
    return review_buttons(risk) if decides or viewer in (risk.owner, standing.lead) else []


async def draw_register(services: Services, asked: Register, *, viewer: str, notice: str = "") -> View:
    """The register as it is now."""
    process = services.process
    async with services.read() as session:
        today = (await calendar_of(session, viewer, process)).today(services.now())
        found = await list_register(
            session, viewer, process=process, incident_id=asked.incident_id, limit=MOST_SHOWN + 1
        )
    return register_view(asked, found, viewer=viewer, today=today, process=process, notice=notice)


def kept_of(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the register keeps in which a button was pressed; nothing where the button stood elsewhere."""
    view = body.get("view") or {}
    if view.get("callback_id") != ids.RISKS_VIEW:
        return None
    found: dict[str, Any] = json.loads(view["private_metadata"])
    return found


async def redraw_register(slack: AsyncArgs, services: Services, *, notice: str = "") -> None:
    """After a button in it: show what is so now; `notice` is said above, since nobody can be answered beside it."""
    kept = kept_of(slack.body)
    if kept is None:
        return
    view = await draw_register(services, Register(**kept), viewer=slack.body["user"]["id"], notice=notice)
    try:
        await redraw(services, slack.body["view"], view, chosen_at=slack.body["actions"][0]["action_ts"])
    except FAULTS as fault:
        log.info("the register of risks was not drawn anew", exc_info=fault)


async def redraw_register_below(services: Services, body: Mapping[str, Any], kept: dict[str, Any] | None) -> None:
    """After a form on top of it was submitted."""
    below = body["view"].get("previous_view_id")
    if kept is None or not below:
        return
    view = await draw_register(services, Register(**kept), viewer=body["user"]["id"])
    try:
        await services.slack.call("views.update", view_id=below, view=view.to_dict())
    except FAULTS as fault:
        # It was closed meanwhile; what was asked for is done.
        log.info("the register of risks was not drawn anew", exc_info=fault)
