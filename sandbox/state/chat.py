"""Messages: posting, answering in threads, editing, deleting, and showing one person alone."""

import re

from sandbox.state import shapes
from sandbox.state.core import State
from sandbox.state.errors import SlackError
from sandbox.state.model import SLACKBOT, Channel, Json, Message
from sandbox.state.richtext import rich_text, with_block_ids

# Joins, leaves and their like cannot start a thread (protocol.md, section 11).
SYSTEM_SUBTYPES = frozenset(
    f"{kind}_{what}"
    for kind in ("channel", "group")
    for what in ("join", "leave", "topic", "purpose", "name", "archive", "unarchive")
)

MOST_WHISPERS = 100
"""Ephemeral messages in one conversation for one person."""


class Chat:
    """The messages of a workspace."""

    def __init__(self, state: State) -> None:
        self._state = state

    def post(self, channel: Channel, *, by: str, draft: Json, subtype: str | None = None) -> Message:
        """Put a message into the conversation; `draft` holds chat.postMessage's content arguments."""
        message = self._compose(channel, by=by, draft=draft)
        message.subtype = message.subtype or subtype
        parent = self._parent(channel, draft)
        if parent is not None:
            self._join_thread(message, parent, broadcast=bool(draft.get("reply_broadcast")))
        return self._append(channel, message, parent)

    def post_ephemeral(self, channel: Channel, *, by: str, to: str, draft: Json) -> Message:
        """Show a message to one person; it leaves no event and cannot be updated by the Web API."""
        message = self._compose(channel, by=by, draft=draft)
        message.ephemeral_to = to
        parent = self._parent(channel, draft)
        message.thread_ts = parent.ts if parent else None
        channel.ephemerals.append(message)
        self._state.changed(channel, message=message.ts)
        self._forget_whispers(channel, to)
        return message

    def say(self, channel: Channel, *, by: str, subtype: str, text: str, **extra: object) -> Message:
        """Put up a system message, such as that someone has joined."""
        prefix = "group" if channel.kind == "private" else "channel"
        ts = channel.next_ts(self._state.clock.now())
        subtype = f"{prefix}_{subtype}"
        message = Message(channel.id, ts, by, text=text, subtype=subtype, extra=dict(extra))
        return self._append(channel, message, None)

    def edit(self, channel: Channel, message: Message, *, by: str, changes: Json) -> Message:
        """Replace the given parts of a message (methods.json: chat.update, field retention)."""
        if message.user != by or message.subtype in SYSTEM_SUBTYPES:
            raise SlackError("cant_update_message")
        before = shapes.message_json(self._state, message)
        self._change(channel, message, by=by, changes=changes)
        self.announce_change(channel, message, before)
        return message

    def unfurl(self, channel: Channel, message: Message, preview: Json) -> None:
        """Add the preview of a link; the author, the words and `edited` stay (protocol.md, section 7.5)."""
        before = shapes.message_json(self._state, message)
        message.attachments = [*message.attachments, preview]
        self.announce_change(channel, message, before)

    def delete(self, channel: Channel, message: Message, *, by: str) -> None:
        """Remove a message; one with replies changes into a tombstone until they are gone (contract/README.md)."""
        deleter = self._state.users.get(by)
        if message.user != by and not (deleter and deleter.is_admin and not message.subtype):
            raise SlackError("cant_delete_message")
        before = shapes.message_json(self._state, message)
        channel.pins.pop(message.ts, None)
        if message.replies:
            self._bury(message)
            self.announce_change(channel, message, before)
        else:
            self._remove(channel, message, before)
            self._leave_thread(channel, message)

    def delete_ephemeral(self, channel: Channel, message: Message) -> None:
        """Take an ephemeral message off its reader's screen."""
        channel.ephemerals.remove(message)
        self._state.changed(channel, message=message.ts)

    def _forget_whispers(self, channel: Channel, reader: str) -> None:
        """Slack's client forgets ephemeral messages when it is loaded anew; here the newest stay."""
        theirs = [message for message in channel.ephemerals if message.ephemeral_to == reader]
        for message in theirs[:-MOST_WHISPERS]:
            self.delete_ephemeral(channel, message)

    def find(self, channel: Channel, ts: str) -> Message | None:
        """The message with this ts, ephemeral ones included, if it is still there."""
        ephemerals = (message for message in channel.ephemerals if message.ts == ts)
        return channel.messages.get(ts) or next(ephemerals, None)

    def replace(self, channel: Channel, message: Message, *, draft: Json) -> Message:
        """Give a message new content through a response URL; an ephemeral one stays ephemeral."""
        before = shapes.message_json(self._state, message)
        message.text = draft.get("text") or ""
        message.blocks = self._blocks(draft)
        message.attachments = draft.get("attachments") or []
        if message.ephemeral_to is None:
            self.announce_change(channel, message, before)
        else:
            self._state.changed(channel, message=message.ts)
        return message

    def announce_change(self, channel: Channel, message: Message, before: Json) -> None:
        """Emit the message_changed event (protocol.md, section 7.5): the outer ts is the change's own."""
        after = shapes.message_json(self._state, message)
        event = {"type": "message", "subtype": "message_changed", "hidden": True, "message": after}
        self._announce(channel, event | {"previous_message": before})

    def _announce(self, channel: Channel, event: Json) -> None:
        ts = channel.next_ts(self._state.clock.now())
        place = {"channel": channel.id, "channel_type": shapes.CHANNEL_TYPES[channel.kind]}
        self._state.emit(event | place | {"ts": ts, "event_ts": ts}, channel=channel)
        self._state.changed(channel, message=event["message"]["ts"] if "message" in event else event["deleted_ts"])

    def _compose(self, channel: Channel, *, by: str, draft: Json) -> Message:
        integration = self._state.integration_of(by)
        message = Message(
            channel_id=channel.id,
            ts=channel.next_ts(self._state.clock.now()),
            user=by,
            text=draft.get("text") or "",
            blocks=self._blocks(draft),
            attachments=draft.get("attachments") or [],
            metadata=draft.get("metadata"),
            files=list(draft.get("files") or []),
            bot_id=integration.bot_id if integration else None,
            client_msg_id=None if integration else self._state.ids.uuid(),
        )
        if not integration and not message.blocks:
            message.blocks = rich_text(message.text, self._state.ids)
        self._disguise(message, draft)
        return message

    def _disguise(self, message: Message, draft: Json) -> None:
        """Apply chat:write.customize; a message under another name is a bot_message (protocol.md, section 7.5)."""
        if draft.get("username"):
            message.username, message.subtype = draft["username"], "bot_message"
        if draft.get("icon_emoji"):
            message.icons = {"emoji": draft["icon_emoji"]}
        elif draft.get("icon_url"):
            message.icons = {"image_48": draft["icon_url"]}

    def _blocks(self, draft: Json) -> list[Json]:
        if draft.get("markdown_text"):
            return with_block_ids([{"type": "markdown", "text": draft["markdown_text"]}], self._state.ids)
        return with_block_ids(draft.get("blocks") or [], self._state.ids)

    def _parent(self, channel: Channel, draft: Json) -> Message | None:
        thread_ts = draft.get("thread_ts")
        if not thread_ts:
            return None
        parent = channel.messages.get(thread_ts)
        if parent is not None and parent.is_reply and parent.thread_ts is not None:
            self._state.complain(f"thread_ts {thread_ts} is a reply's ts; use its parent's")
            parent = channel.messages.get(parent.thread_ts)
        # What Slack does with a thread that does not exist is not documented; the strict reading refuses it.
        if parent is None or parent.subtype in SYSTEM_SUBTYPES:
            raise SlackError("cannot_reply_to_message")
        return parent

    def _join_thread(self, message: Message, parent: Message, *, broadcast: bool) -> None:
        message.thread_ts = parent.ts
        message.parent_user_id = parent.user if parent.user in self._state.users else None
        message.broadcast = broadcast
        if broadcast:
            message.subtype = "thread_broadcast"

    def _append(self, channel: Channel, message: Message, parent: Message | None) -> Message:
        channel.messages[message.ts] = message
        if parent is None:  # who replies in a thread may not have seen the channel since
            channel.last_read[message.user] = message.ts
        if channel.is_direct:
            channel.open_for.update(channel.members)
        self._state.emit(shapes.message_event(self._state, channel, message), channel=channel)
        self._mention(channel, message)
        self._state.changed(channel, message=message.ts)
        if parent is not None:
            self._count_reply(channel, message, parent)
        return message

    def _count_reply(self, channel: Channel, message: Message, parent: Message) -> None:
        """Add a reply to its parent, which is announced as a change of the parent (protocol.md, section 7.5)."""
        before = shapes.message_json(self._state, parent)
        parent.replies.append(message.ts)
        parent.repliers[message.user] = parent.repliers.get(message.user, 0) + 1
        self.announce_change(channel, parent, before)

    def _mention(self, channel: Channel, message: Message) -> None:
        """Emit app_mention beside the message when it names the bot (protocol.md, section 7.6); not in DMs."""
        bot = self._state.app.bot_user_id
        if channel.kind == "im" or message.user == bot or message.subtype in SYSTEM_SUBTYPES:
            return
        if re.search(rf"<@{bot}(\|[^>]*)?>", message.text):
            event = shapes.message_event(self._state, channel, message) | {"type": "app_mention"}
            event.pop("channel_type")
            self._state.emit(event, channel=channel)

    def _change(self, channel: Channel, message: Message, *, by: str, changes: Json) -> None:
        has_text, has_blocks = bool(changes.get("text")), changes.get("blocks") is not None
        if has_text:
            message.text = changes["text"]
        if changes.get("markdown_text") or has_blocks:
            message.blocks = self._blocks(changes)
        elif has_text:
            message.blocks = [] if message.bot_id else rich_text(message.text, self._state.ids)
        if changes.get("attachments") is not None:
            message.attachments = changes["attachments"]
        if changes.get("metadata") is not None:
            message.metadata = changes["metadata"] or None
        if not message.bot_id or not message.blocks:
            # An app's update with blocks does not show as edited (methods.json: chat.update).
            message.edited = {"user": by, "ts": channel.next_ts(self._state.clock.now())}

    def _bury(self, message: Message) -> None:
        message.subtype, message.user, message.text = "tombstone", SLACKBOT, "This message was deleted."
        message.blocks, message.attachments, message.files, message.reactions = [], [], [], []
        message.bot_id, message.metadata, message.edited, message.pinned = None, None, None, False
        message.username, message.icons, message.client_msg_id = None, None, None
        message.extra = {"hidden": True}

    def _remove(self, channel: Channel, message: Message, before: Json) -> None:
        del channel.messages[message.ts]
        event = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts}
        self._announce(channel, event | {"previous_message": before})

    def _leave_thread(self, channel: Channel, message: Message) -> None:
        parent = channel.messages.get(message.thread_ts or "")
        if parent is None:
            return
        before = shapes.message_json(self._state, parent)
        parent.replies.remove(message.ts)
        parent.repliers[message.user] -= 1
        if not parent.repliers[message.user]:
            del parent.repliers[message.user]
        if parent.subtype == "tombstone" and not parent.replies:
            self._remove(channel, parent, before)
        else:
            self.announce_change(channel, parent, before)
