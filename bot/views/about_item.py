"""What forms about one action item have in common: what they carry, and what is drawn anew after them."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blocks.items import item_title
from bot.blocks.parts import section
from bot.services import Services
from bot.views.form import form, view_request
from bot.views.items import kept_of, redraw_below
from storage.tables import ActionItem
from storage.tables.columns import JsonObject
from workflows.commands import ItemCommand
from workflows.process import Process
from workflows.reminding import owe_redrawing


@dataclass(frozen=True)
class AboutItem:
    """Which item it is, and where the button stood that was pressed."""

    item_id: int
    asked_in: str | None = None
    ts: str | None = None
    """Of the message, in that channel."""
    kept: JsonObject | None = None
    """Of the list, the item's own view or the home tab."""

    def to_text(self) -> str:
        """For private_metadata."""
        return json.dumps(asdict(self))


def about_button(body: Mapping[str, Any], item_id: int) -> AboutItem:
    """Of a button that was pressed."""
    container = body.get("container") or {}
    ts = None if container.get("is_ephemeral") else container.get("message_ts")
    kept = kept_of(body)
    asked_in = (body.get("channel") or {}).get("id") or (kept or {}).get("asked_in")
    return AboutItem(item_id, asked_in, ts, kept)


def about_form(body: Mapping[str, Any]) -> AboutItem:
    """Of a form that was submitted."""
    return AboutItem(**json.loads(body["view"]["private_metadata"]))


def item_request(body: Mapping[str, Any]) -> dict[str, Any]:
    """Who submitted, which request it is, and about which item."""
    about = about_form(body)
    return {**view_request(body), "item_id": about.item_id, "asked_in": about.asked_in}


def item_form(
    title: str, item: ActionItem, about: AboutItem, *, callback_id: str, submit: str, blocks: Sequence[Block]
) -> View:
    """A form about an item, with its name on top."""
    return form(
        title,
        callback_id=callback_id,
        submit=submit,
        blocks=[section(item_title(item)), *blocks],
        private_metadata=about.to_text(),
    )


Workflow = Callable[..., Awaitable[ActionItem]]
"""One of those that change an item: session, command, process and now."""


async def submit_item_form(slack: AsyncArgs, services: Services, workflow: Workflow, command: ItemCommand) -> None:
    """Do what the form asks for; then what its button stood in shows it."""
    about = about_form(slack.body)
    async with services.transaction() as session:
        await change_item_at(session, workflow, command, about, process=services.process, now=services.now())
    await slack.ack()
    await redraw_below(services, slack.body, about.kept)


async def change_item_at(
    session: AsyncSession,
    workflow: Workflow,
    command: ItemCommand,
    about: AboutItem,
    *,
    process: Process,
    now: datetime,
) -> None:
    """Do it, and owe the very message that was pressed what is now true, however old it is."""
    await workflow(session, command, process=process, now=now)
    await owe_message_anew(session, about, now=now)


async def owe_message_anew(session: AsyncSession, about: AboutItem, *, now: datetime) -> None:
    """Owe the message in which a button was pressed a drawing of what is now true."""
    if about.asked_in and about.ts:
        await owe_redrawing(session, about.asked_in, about.ts, now=now)
