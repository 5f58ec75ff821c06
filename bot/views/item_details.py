"""Everything about one action item, in a modal of its own."""

import json

from slack_sdk.models.blocks import PlainTextObject
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.item_details import item_details_blocks
from bot.blocks.text import MODAL_TITLE_LIMIT, clip
from bot.services import Services
from storage.tables.columns import JsonObject
from workflows.item_details import ItemDetails, look_at_item
from workflows.process import Process


def item_view(details: ItemDetails, kept: JsonObject, *, process: Process) -> View:
    """The modal; `kept` is what it remembers of itself and of the list below it."""
    return View(
        type="modal",
        callback_id=ids.ITEM_VIEW,
        title=PlainTextObject(text=clip(details.listed.item.ref, MODAL_TITLE_LIMIT)),
        close=PlainTextObject(text="Close"),
        blocks=item_details_blocks(details, process=process),
        private_metadata=json.dumps(kept),
    )


async def draw_item(services: Services, kept: JsonObject, *, viewer: str) -> View:
    """The item as it is now. Raises ItemNotFound."""
    async with services.read() as session:
        details = await look_at_item(
            session,
            kept["item"],
            viewer=viewer,
            asked_in=kept["asked_in"],
            process=services.process,
            now=services.now(),
        )
    return item_view(details, kept, process=services.process)
