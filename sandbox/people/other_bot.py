"""Another app that posts in the workspace: an alert bot, a deploy bot, an incoming webhook."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.contract.messages import TEXT_LIMIT, check_message
from sandbox.people.seen import Screen, SeenMessage
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, Integration, Json, Message, User
from sandbox.workspace import Workspace


class OtherBot:
    """Posts as any app does, by Slack's rules; raises SlackError where Slack would refuse it."""

    def __init__(self, workspace: Workspace, integration: Integration) -> None:
        self._workspace = workspace
        self._integration = integration
        # A webhook is no user of the workspace, yet someone's eyes must see what it posted.
        self._user = workspace.users.get(integration.author) or User(integration.bot_id, integration.name, "")
        self._screen = Screen(workspace, self._user)

    @property
    def id(self) -> str:
        """Whom its messages are by: its bot user's id, a webhook's bot_id."""
        return self._integration.author

    @property
    def bot_id(self) -> str:
        return self._integration.bot_id

    @property
    def name(self) -> str:
        """What people call it, as when they invite it."""
        return self._user.name

    @property
    def is_webhook(self) -> bool:
        return self._integration.user_id is None

    async def joins(self, channel: str) -> None:
        """Join a public channel; a private one takes an invitation."""
        if self.is_webhook:
            raise SlackError("method_not_supported_for_channel_type")
        self._workspace.conversations.join(self._screen.channel(channel), by=self.id)

    async def posts(
        self,
        text: str = "",
        *,
        channel: str,
        attachments: Sequence[Mapping[str, Any]] = (),
        blocks: Sequence[Mapping[str, Any]] = (),
        thread: SeenMessage | None = None,
        broadcast: bool = False,
    ) -> SeenMessage:
        """Post a message; the text may be empty where there are attachments or blocks."""
        draft: Json = {"text": text[:TEXT_LIMIT], "attachments": [*attachments], "blocks": [*blocks]}
        if thread is not None:
            draft |= {"thread_ts": thread.thread_ts or thread.ts, "reply_broadcast": broadcast}
        _check(draft, "chat.postMessage")
        if self.is_webhook:
            draft["username"] = self._integration.name
        place = self._place(channel)
        return self._screen.see(place, self._workspace.chat.post(place, by=self.id, draft=draft))

    async def edits(
        self,
        message: SeenMessage,
        *,
        text: str | None = None,
        attachments: Sequence[Mapping[str, Any]] | None = None,
        blocks: Sequence[Mapping[str, Any]] | None = None,
    ) -> SeenMessage:
        """Change the given parts of a message of its own."""
        given = {"text": text, "attachments": attachments, "blocks": blocks}
        changes: Json = {name: value for name, value in given.items() if value is not None}
        _check(changes, "chat.update")
        channel, found = self._own(message, "cant_update_message")
        changed = self._workspace.chat.edit(channel, found, by=self.id, changes=changes)
        return self._screen.see(channel, changed)

    async def deletes(self, message: SeenMessage) -> None:
        """Delete a message of its own."""
        channel, found = self._own(message, "cant_delete_message")
        self._workspace.chat.delete(channel, found, by=self.id)

    def _place(self, name: str) -> Channel:
        """Where it may post: an app where it is a member, a webhook in the channel it was made for."""
        if not self.is_webhook:
            return self._workspace.active_channel(self._screen.channel(name).id, self.id)
        channel = self._workspace.channels.get(name) or self._workspace.channel_named(name)
        if channel is None:
            raise SlackError("channel_not_found")
        if channel.is_archived:
            raise SlackError("channel_is_archived")  # protocol.md, section 5
        return channel

    def _own(self, message: SeenMessage, refusal: str) -> tuple[Channel, Message]:
        """A message it may change: a webhook's are out of its reach once they are posted."""
        if self.is_webhook:
            raise SlackError(refusal)
        channel = self._workspace.channel(message.channel_id, self.id)
        return channel, self._workspace.message(channel, message.ts)


def _check(draft: Json, method: str) -> None:
    checked = check_message(draft, method=method)
    if checked.code:
        raise SlackError(checked.code, messages=checked.errors)
