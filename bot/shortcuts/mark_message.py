"""“Add to the timeline” in the menu of a message."""

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.events.messages import read_message
from bot.listener import answer
from bot.services import Services
from bot.views.mark import mark_modal
from storage.incidents import find_incident_of_channel
from storage.tables import Incident
from workflows.access import may_see
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
    incident = await _incident(services, body["channel"]["id"], body["user"]["id"])
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


async def _incident(services: Services, channel_id: str, user_id: str) -> Incident | None:
    async with services.read() as session:
        incident = await find_incident_of_channel(session, channel_id)
        if incident is None or not await may_see(session, incident, user_id, asked_in=channel_id):
            return None
    return incident
