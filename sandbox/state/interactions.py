"""Leave to react to what a person did: trigger ids and response URLs (protocol.md, sections 5 and 6)."""

import re
from datetime import timedelta

from sandbox.lately import keep_latest_entries
from sandbox.state.chat import Chat
from sandbox.state.core import State
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, Json, Message, ResponseUrl, Trigger

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_URL_LIFE = timedelta(minutes=30)
RESPONSE_URL_USES = 5
MOST_ISSUED = 10_000
"""Far more than people can use within half an hour; older ones are as good as never issued."""
_TRIGGER_FORM = re.compile(r"\d+\.\d+\.[0-9a-f]+")


class Triggers:
    """The trigger ids of a workspace."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, *, view_id: str | None = None) -> str:
        """A trigger id for what a person just did, on the modal `view_id` if they did it there."""
        trigger = Trigger(self._state.ids.trigger(), user, self._state.clock.now(), view_id)
        self._issued[trigger.id] = trigger
        keep_latest_entries(self._issued, MOST_ISSUED)
        return trigger.id

    def check(self, trigger_id: str) -> Trigger:
        """The trigger, if it can still be used: three seconds, one use."""
        if not _TRIGGER_FORM.fullmatch(trigger_id) or trigger_id not in self._issued:
            raise SlackError("invalid_trigger_id")
        trigger = self._issued[trigger_id]
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._state.clock.now() - trigger.issued_at > TRIGGER_LIFE:
            raise SlackError("expired_trigger_id")
        return trigger


class ResponseUrls:
    """The response URLs of a workspace; what they do needs no token, no scope and no membership."""

    def __init__(self, state: State, chat: Chat) -> None:
        self._state = state
        self._chat = chat
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, channel: Channel, user: str, *, message_ts: str | None = None) -> str:
        """The id of a new response URL; the server adds its own address in front."""
        issued_at = self._state.clock.now()
        url = ResponseUrl(self._state.ids.word(24), channel.id, user, issued_at, message_ts)
        self._issued[url.id] = url
        keep_latest_entries(self._issued, MOST_ISSUED)
        return url.id

    def use(self, url_id: str, body: Json) -> None:
        """Do what the app asks for: post, replace or delete; used_url and expired_url when it may not any more."""
        url = self._take(url_id)
        channel = self._state.channels[url.channel_id]
        source = self._own_message(channel, url)
        if body.get("delete_original"):
            self._delete(channel, source)
        elif body.get("replace_original") and source is not None:
            self._chat.replace(channel, source, draft=body)
        else:
            self.answer(channel, url.user_id, body)

    def answer(self, channel: Channel, user: str, body: Json) -> Message:
        """Post what the app answers to someone's interaction; only they see it unless it says in_channel."""
        bot = self._state.app.bot_user_id
        if body.get("response_type") == "in_channel":
            return self._chat.post(channel, by=bot, draft=body)
        draft = {name: value for name, value in body.items() if name != "thread_ts"}
        return self._chat.post_ephemeral(channel, by=bot, to=user, draft=draft)

    def _take(self, url_id: str) -> ResponseUrl:
        url = self._issued.get(url_id)
        if url is None:
            raise SlackError("invalid_url")
        if self._state.clock.now() - url.issued_at > RESPONSE_URL_LIFE:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url

    def _own_message(self, channel: Channel, url: ResponseUrl) -> Message | None:
        """The app's message the URL came from; a person's, used by a message shortcut, is never the app's to change."""
        source = self._chat.find(channel, url.message_ts) if url.message_ts else None
        return source if source is not None and source.bot_id == self._state.app.bot_id else None

    def _delete(self, channel: Channel, source: Message | None) -> None:
        if source is None:
            return
        if source.ephemeral_to is not None:
            self._chat.delete_ephemeral(channel, source)
        else:
            self._chat.delete(channel, source, by=source.user)
