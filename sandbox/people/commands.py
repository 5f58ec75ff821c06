"""Slash commands and shortcuts, and what the person sees of the app's answer."""

from dataclasses import dataclass, field

from sandbox.contract.messages import check_message
from sandbox.link.payload import Answer
from sandbox.people.payloads import command_payload, message_shortcut_payload, shortcut_payload
from sandbox.people.seen import NotVisible, Screen, SeenMessage
from sandbox.people.typed import as_command_text
from sandbox.people.world import World, failure_shown
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, Json, Message

UNKNOWN_COMMAND = "unknown_command"
# What Slack shows for an acknowledgement it cannot post is not documented; this is our word for it.
INVALID_ANSWER = "invalid_command_response"


@dataclass(frozen=True)
class Reply:
    """What someone sees at once after a command, a shortcut or a click; `failed` is the error they are shown."""

    failed: str | None = None
    messages: list[SeenMessage] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of the first message that came back, and none where none did."""
        return self.messages[0].text if self.messages else ""

    @property
    def blocks(self) -> list[Json]:
        """The blocks of the first message that came back."""
        return self.messages[0].blocks if self.messages else []


async def run_command(world: World, screen: Screen, channel: Channel, line: str) -> Reply:
    """Type a slash command; only commands of the manifest exist (protocol.md, section 3)."""
    command, _, words = line.partition(" ")
    declared = world.manifest.slash_commands.get(command)
    if declared is None or "commands" not in world.workspace.app.scopes:
        return Reply(failed=UNKNOWN_COMMAND)
    known = screen.whispers(channel)
    text = as_command_text(world.workspace, screen, words.strip(), should_escape=declared.should_escape)
    issued = {"trigger_id": world.trigger(screen.user), "response_url": world.response_url(channel, screen.user)}
    body = command_payload(world.workspace, screen.user, channel, command=command, text=text, **issued)
    return _reply(world, screen, channel, command, await world.command(body), known)


async def run_shortcut(world: World, screen: Screen, name: str) -> Reply:
    """Use a global shortcut by the name the manifest gives it."""
    callback_id = _callback_id(world, name, "global")
    trigger = world.trigger(screen.user)
    answer = await world.interaction(shortcut_payload(world.workspace, screen.user, callback_id, trigger_id=trigger))
    return Reply(failed=failure_shown(answer))


async def run_message_shortcut(world: World, screen: Screen, channel: Channel, message: Message, name: str) -> Reply:
    """Use a message shortcut on a message."""
    callback_id = _callback_id(world, name, "message")
    known = screen.whispers(channel)
    url = world.response_url(channel, screen.user, message_ts=message.ts)
    issued = {"trigger_id": world.trigger(screen.user), "response_url": url}
    body = message_shortcut_payload(world.workspace, screen.user, channel, message, callback_id=callback_id, **issued)
    failed = failure_shown(await world.interaction(body))
    return Reply(failed, screen.whispers_since(channel, known))


def _reply(world: World, screen: Screen, channel: Channel, command: str, answer: Answer, known: set[str]) -> Reply:
    failed, shown = failure_shown(answer), None
    try:
        shown = _show(world, screen, channel, command, answer)
    except SlackError as refusal:
        failed = INVALID_ANSWER
        world.workspace.complain(f"{command} was answered with what Slack refuses: {refusal.code} {refusal.messages}")
    fresh = screen.whispers_since(channel, known)
    first = [message for message in fresh if message.ts == shown]
    if shown and not first:
        first = [screen.see(channel, channel.messages[shown])]
    return Reply(failed, [*first, *(message for message in fresh if message.ts != shown)])


def _show(world: World, screen: Screen, channel: Channel, command: str, answer: Answer) -> str | None:
    """Put up the message that an acknowledgement carried, if any, and give its ts; SlackError for a faulty one."""
    body = {"text": answer.content} if isinstance(answer.content, str) else answer.content
    if body is None or body == {}:
        return None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    # A bare response_type asks only that the typed command be shown.
    if set(body) == {"response_type"}:
        return None
    checked = check_message(body)
    if checked.code:
        raise SlackError(checked.code, messages=checked.errors)
    for warning in checked.warnings:
        world.workspace.complain(f"{command}: {warning.removeprefix('[WARN] ')}")
    return world.workspace.response_urls.answer(channel, screen.user.id, body).ts


def _callback_id(world: World, name: str, kind: str) -> str:
    for shortcut in world.manifest.shortcuts:
        if shortcut.name == name and shortcut.type == kind:
            return shortcut.callback_id
    raise NotVisible(f"the app has no {kind} shortcut called {name!r}")
