"""An action item is to be put into a tracker outside."""

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.actions.items import Pressed, answered
from bot.services import Services
from workflows.commands import TrackItem
from workflows.tracking import track_item


async def on_track_chosen(slack: AsyncArgs, services: Services) -> None:
    """A tracker was chosen, or the button of the only one was pressed."""
    await answered(slack, services, _track)


async def _track(pressed: Pressed) -> None:
    await pressed.change(track_item, TrackItem(**pressed.request(), tracker=pressed.choice))
