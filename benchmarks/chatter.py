"""A channel in which much was said before anybody looks at it."""

from typing import Any

from sandbox import Sandbox
from sandbox.state.model import Channel

CARD_EVERY = 10
WORDS = (
    "Error rate of checkout is at 3 % and rising, *pods* restart in `eu-west`, see https://example.com/runbook :fire:"
)

Json = dict[str, Any]


def fill_channel(slack: Sandbox, *, name: str, messages: int, members: int) -> Json:
    """Make a channel of so many members and messages, each tenth a card of the app; its id, and how both ends read."""
    workspace, owner = slack.workspace, slack.person("person1")
    channel = workspace.conversations.create(name, by=owner.id)
    for number in range(1, members):
        workspace.conversations.admit_quietly(channel, workspace.add_user(f"{name}{number}").id)
    workspace.conversations.admit_quietly(channel, workspace.bot.id)
    for number in range(1, messages + 1):
        _say(slack, channel, number, owner.id)
    return {"channel": channel.id, "oldest": _mark(1), "newest": _mark(messages)}


def _say(slack: Sandbox, channel: Channel, number: int, person: str) -> None:
    draft: Json = {"text": f"{_mark(number)} {WORDS}"}
    if number % CARD_EVERY == 0:
        draft["blocks"] = _card(draft["text"])
    by = slack.workspace.bot.id if "blocks" in draft else person
    slack.workspace.chat.post(channel, by=by, draft=draft)


def _mark(number: int) -> str:
    return f"Said as number {number}."


def _card(words: str) -> list[Json]:
    """What a card of an app is commonly made of."""
    fields = [{"type": "mrkdwn", "text": f"*Fact {number}*\nas it is now"} for number in range(6)]
    buttons = [
        {"type": "button", "action_id": f"do{number}", "text": {"type": "plain_text", "text": f"Do {number}"}}
        for number in range(4)
    ]
    return [
        {"type": "section", "block_id": "words", "text": {"type": "mrkdwn", "text": words}},
        {"type": "section", "block_id": "facts", "fields": fields},
        {"type": "actions", "block_id": "deeds", "elements": buttons},
    ]
