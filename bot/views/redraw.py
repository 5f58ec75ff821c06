"""Drawing an open form anew after a choice in it."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View

from bot.services import Services


async def redraw(services: Services, view: Mapping[str, Any], redrawn: View, *, chosen_at: str) -> None:
    """Show the form anew; where another choice was drawn meanwhile, the one that was made last stays."""
    services.clicks.seen(view["id"], chosen_at)
    for known in ({"hash": view["hash"]}, {}):
        try:
            await services.slack.call("views.update", view_id=view["id"], view=redrawn.to_dict(), **known)
        except SlackApiError as fault:
            if fault.response["error"] == "not_found":  # it was closed meanwhile
                return
            if fault.response["error"] != "hash_conflict":
                raise
            if services.clicks.is_latest(view["id"], chosen_at):
                continue
        return
