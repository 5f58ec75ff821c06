"""Messages written now and posted later (methods.json: chat.scheduleMessage)."""

from datetime import UTC, datetime

from sandbox.clock import Timer
from sandbox.state.chat import Chat
from sandbox.state.core import State
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, Json, ScheduledMessage

_FARTHEST = 120 * 24 * 3600
_WINDOW, _MOST_IN_WINDOW = 300, 30


class Schedule:
    """The app's scheduled messages."""

    def __init__(self, state: State, chat: Chat) -> None:
        self._state = state
        self._chat = chat
        self._waiting: dict[str, tuple[ScheduledMessage, Timer]] = {}

    def add(self, channel: Channel, *, by: str, post_at: int, draft: Json) -> ScheduledMessage:
        """Have a message posted at a time within 120 days."""
        now = self._state.clock.seconds()
        if post_at <= now:
            raise SlackError("time_in_past")
        if post_at > now + _FARTHEST:
            raise SlackError("time_too_far")
        near = [s for s in self.list() if s.channel_id == channel.id and abs(s.post_at - post_at) < _WINDOW]
        if len(near) >= _MOST_IN_WINDOW:
            raise SlackError("restricted_too_many")
        scheduled = ScheduledMessage(self._state.ids.new("Q"), channel.id, post_at, now, draft, by)
        self.restore(scheduled)
        self._state.changed(channel)
        return scheduled

    def restore(self, scheduled: ScheduledMessage) -> None:
        """Have it posted at its time, or at once where that has passed."""
        due_at = datetime.fromtimestamp(scheduled.post_at, UTC)
        timer = self._state.clock.call_at(due_at, lambda: self._post(scheduled))
        self._waiting[scheduled.id] = (scheduled, timer)

    def list(self) -> list[ScheduledMessage]:
        """What is still to be posted, soonest first."""
        return sorted((scheduled for scheduled, _ in self._waiting.values()), key=lambda s: (s.post_at, s.id))

    def remove(self, channel: Channel, scheduled_id: str) -> None:
        """Call a scheduled message off; invalid_scheduled_message_id when it was sent or never existed."""
        scheduled, timer = self._waiting.get(scheduled_id, (None, None))
        if scheduled is None or timer is None or scheduled.channel_id != channel.id:
            raise SlackError("invalid_scheduled_message_id")
        timer.cancel()
        del self._waiting[scheduled_id]
        self._state.changed(channel)

    def _post(self, scheduled: ScheduledMessage) -> None:
        del self._waiting[scheduled.id]
        channel, by = self._state.channels[scheduled.channel_id], scheduled.by
        if scheduled.draft.get("metadata"):
            # Slack's own page warns that such messages are not posted (methods.json: chat.scheduleMessage).
            self._state.complain("chat.scheduleMessage: a scheduled message with metadata is never posted")
        elif not channel.is_archived and by in channel.members:
            self._chat.post(channel, by=by, draft=scheduled.draft)
