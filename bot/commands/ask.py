"""One thing somebody asked for, by command or by button: who, where, about which incident, and how to answer."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.blocks.text import typed
from bot.listener import answer
from bot.services import Services


@dataclass(frozen=True)
class Ask:
    """A verb's words and their surroundings."""

    slack: AsyncArgs
    services: Services
    user_id: str
    channel_id: str | None
    words: str
    """What follows the verb, as typed."""
    request_id: str

    @property
    def answer_url(self) -> str | None:
        """Where the asker can be answered privately for half an hour."""
        return self.slack.body.get("response_url")

    async def plain_words(self) -> str:
        """The words as a field of a form shows them: people as @name."""
        return await self.services.with_names(self.words, sign="@")

    def request(self) -> dict[str, Any]:
        """Who asks and which request it is, for a command of the process."""
        return {"by": self.user_id, "request_id": self.request_id}

    async def answer(self, text: str, blocks: list[Block] | None = None) -> None:
        """Answer privately."""
        await answer(self.slack, text, blocks=blocks)

    async def open(self, view: View) -> None:
        """Open a form; the acknowledgement follows it."""
        await self.services.slack.call("views.open", trigger_id=self.slack.body["trigger_id"], view=view.to_dict())
        await self.slack.ack()

    async def done(self) -> None:
        """Acknowledge without words: what was done shows in the channel."""
        await self.slack.ack()


def ask_of_command(slack: AsyncArgs, services: Services, words: str) -> Ask:
    """What a slash command asks, without its verb."""
    body = slack.body
    return Ask(slack, services, body["user_id"], body.get("channel_id"), typed(words), f"command/{body['trigger_id']}")


def ask_of_button(slack: AsyncArgs, services: Services, words: str = "") -> Ask:
    """What a button asks."""
    body = slack.body
    action = body["actions"][0]
    request_id = f"click/{body['user']['id']}/{action['action_id']}/{action['action_ts']}"
    channel_id = (body.get("channel") or {}).get("id")
    return Ask(slack, services, body["user"]["id"], channel_id, words, request_id)
