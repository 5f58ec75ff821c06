"""“Add to the timeline” in the menu of a message."""

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.events.messages import read_message
from bot.listener import answer
from bot.services import Services
from bot.shortcuts.channel import incident_of_channel
from bot.views.mark import mark_modal
from workflows.masking import mask

NO_INCIDENT = (
    "This channel is no incident's, so there is no timeline to add to. "
    "Add messages from an incident's own channel; `/incident list` shows which there are."
)
NOT_SAID = (
    "Only what people and other apps have said can be added, so nothing was. What I write is on the timeline already."
)


async def on_mark_shortcut(slack: AsyncArgs, services: Services) -> None:
    """Somebody wants a message on the timeline: keep it as it is, and ask as what."""
    body = slack.body
    incident = await incident_of_channel(services, body["channel"]["id"], viewer=body["user"]["id"])
    if incident is None:
        await answer(slack, NO_INCIDENT)
        return
    said = read_message(body["message"], channel_id=body["channel"]["id"], us=await services.slack.identity())
    if said is None:
        await answer(slack, NOT_SAID)
        return
    text = await services.with_names(mask(said.text), sign="@")
    view = mark_modal(incident, ts=said.ts, text=text, said_at=said.posted_at, process=services.process)
    await services.slack.call("views.open", trigger_id=body["trigger_id"], view=view.to_dict())
    await services.capture.keep(said)
    await slack.ack()
