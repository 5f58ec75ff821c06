"""“Make an action item” in the menu of a message."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.actions.item_forms import add_form
from bot.events.messages import words_of
from bot.listener import answer
from bot.services import Services
from bot.shortcuts.channel import incident_of_channel
from bot.views.item import Draft
from storage.tables import Source
from workflows.masking import mask
from workflows.titles import first_sentence

NO_INCIDENT = (
    "This channel is no incident’s, so nothing was made of this message. "
    "Action items belong to an incident: use its own channel, or `/incident action INC-7 …` from anywhere."
)


async def on_item_shortcut(slack: AsyncArgs, services: Services) -> None:
    """Somebody wants something done about a message: the form begins with its words and the way back to it."""
    body = slack.body
    who, where = body["user"]["id"], body["channel"]["id"]
    incident = await incident_of_channel(services, where, viewer=who)
    if incident is None:
        await answer(slack, NO_INCIDENT)
        return
    text = await services.with_names(mask(words_of(body["message"])), sign="@")
    draft = Draft(
        title=first_sentence(text),
        why=text,
        links=(_permalink(body, team_url=(await services.slack.identity()).team_url),),
        source=Source.MESSAGE,
        source_ref=body["message"]["ts"],
    )
    view = await add_form(services, incident, draft, by=who, asked_in=where)
    await services.slack.call("views.open", trigger_id=body["trigger_id"], view=view.to_dict())
    await slack.ack()


def _permalink(body: Mapping[str, Any], *, team_url: str) -> str:
    """The message's own address; a reply is found by that of its thread as well."""
    channel_id, ts = body["channel"]["id"], body["message"]["ts"]
    thread = body["message"].get("thread_ts", ts)
    reply = f"?thread_ts={thread}&cid={channel_id}" if thread != ts else ""
    return f"{team_url}archives/{channel_id}/p{ts.replace('.', '')}{reply}"
