"""Calls of Slack's Web API: who we are, what Slack asked us to wait for, and where the digest goes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.messenger.directory import Directory
from bot.settings import is_channel_id

OUR_TOKEN = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "team_access_not_granted",
        "org_login_required",
    }
)
"""Nothing can be done until an operator mends the token; then everything can, so nothing is given up."""

PAGE = 200
"""Slack recommends pages of 100 to 200."""
BOTH_KINDS = "public_channel,private_channel"
UNREADABLE = "unreadable_answer"
"""Our word for an answer that is not Slack's JSON, as an outage may give."""


class Held(Exception):
    """Slack asked us to wait before calling this method again, so we did not call."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__("waiting as long as Slack asked")


class DigestChannelHidden(Exception):
    """A private channel that we were not invited to has the digest channel's name, or an archived one has it."""


@dataclass(frozen=True)
class Identity:
    """Who we are in the workspace."""

    user_id: str
    bot_id: str
    team_url: str


class Slack:
    """One bot token's view of the workspace."""

    def __init__(self, client: AsyncWebClient, *, digest_channel: str, now: Callable[[], datetime]) -> None:
        self.client = client
        self.now = now
        self._digest_channel = digest_channel
        self._digest_channel_id: str | None = None
        self._finding_digest = asyncio.Lock()
        self._identity: Identity | None = None
        self._identifying = asyncio.Lock()
        self._held: dict[str, datetime] = {}
        self.directory = Directory(self)
        self.token_fault: str | None = None
        """Slack's code for what is wrong with our token, if it was refused last time."""

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method, unless Slack asked us to wait with it.

        Raises Held, SlackApiError, and what the connection raises.
        """
        key = _limited_by(method, arguments)
        until = self._held.get(key)
        if until is not None and until > self.now():
            raise Held(until)
        try:
            # The SDK's own method for it knows how this one takes its arguments: some do not take JSON.
            response = await getattr(self.client, method.replace(".", "_"))(**_without_none(arguments))
        except SlackApiError as fault:
            fault.response = _readable(fault.response)
            wait = retry_after(fault)
            if wait is not None:
                self._held[key] = self.now() + wait
            if code_of(fault) in OUR_TOKEN:
                self.token_fault = code_of(fault)
            raise
        self._held.pop(key, None)
        self.token_fault = None
        answer: dict[str, Any] = response.data
        return answer

    async def pages(self, method: str, member: str, **arguments: Any) -> AsyncIterator[dict[str, Any]]:
        """Everything a paged method lists."""
        cursor: str | None = None
        while True:
            answer = await self.call(method, limit=PAGE, cursor=cursor, **arguments)
            for item in answer[member]:
                yield item
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def identity(self) -> Identity:
        """Who we are; asked once."""
        async with self._identifying:
            if self._identity is None:
                answer = await self.call("auth.test")
                self._identity = Identity(answer["user_id"], answer["bot_id"], answer["url"])
        return self._identity

    @property
    def is_identified(self) -> bool:
        """Whether Slack has accepted our token since the start."""
        return self._identity is not None

    async def digest_channel_id(self) -> str:
        """The digest channel's id; found, joined or made when first needed."""
        async with self._finding_digest:
            if self._digest_channel_id is None:
                self._digest_channel_id = await self._find_digest_channel()
        return self._digest_channel_id

    def is_digest_channel(self, channel: Mapping[str, Any]) -> bool:
        """Whether this is where the digest goes, or will go."""
        return channel["id"] == self._digest_channel_id or self._digest_channel in (channel["id"], channel["name"])

    def forget_digest_channel(self) -> None:
        """It is not what it was: find it anew when it is next needed."""
        self._digest_channel_id = None

    async def _find_digest_channel(self) -> str:
        wanted = self._digest_channel
        async for channel in self.pages("users.conversations", "channels", types=BOTH_KINDS, exclude_archived=True):
            if wanted in (channel["name"], channel["id"]):
                return str(channel["id"])
        if is_channel_id(wanted):
            return str((await self.call("conversations.join", channel=wanted))["channel"]["id"])
        try:
            return str((await self.call("conversations.create", name=wanted))["channel"]["id"])
        except SlackApiError as fault:
            if fault.response["error"] != "name_taken":
                raise
        return await self._join_by_name(wanted)

    async def _join_by_name(self, name: str) -> str:
        async for channel in self.pages(
            "conversations.list", "channels", types="public_channel", exclude_archived=True
        ):
            if channel["name"] == name:
                return str((await self.call("conversations.join", channel=channel["id"]))["channel"]["id"])
        raise DigestChannelHidden(name)


def _limited_by(method: str, arguments: dict[str, Any]) -> str:
    """What a limit applies to: a method, and for posts the channel too (about one a second in each)."""
    return f"{method}/{arguments.get('channel')}" if method == "chat.postMessage" else method


def _without_none(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not None}


def code_of(fault: SlackApiError) -> str:
    """Slack's code for what was wrong; `unreadable_answer` where somebody else answered in its place."""
    return str(_readable(fault.response).get("error"))


def _readable(response: Any) -> Any:
    """An error's answer as Slack's JSON, also where a proxy or an outage sent a page of text instead."""
    if isinstance(response, dict) or isinstance(getattr(response, "data", None), dict):
        return response
    return AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": UNREADABLE},
        headers=dict(getattr(response, "headers", None) or {}),
        status_code=int(getattr(response, "status_code", 0) or getattr(response, "status", 500)),
    )


def retry_after(fault: SlackApiError) -> timedelta | None:
    """How long Slack asks us to wait, if it does."""
    status = getattr(fault.response, "status_code", None)
    if status != 429 and fault.response.get("error") not in ("ratelimited", "rate_limited"):
        return None
    headers = getattr(fault.response, "headers", {}) or {}
    seconds = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    return timedelta(seconds=max(int(seconds), 1))


class Seen(TypedDict):
    """What Slack shows us of somebody."""

    name: str
    email: str | None
    zone: str | None
    gone: bool
    """Whether nobody is there to write to: their account is switched off, or is an app's."""


def read_person(user: dict[str, Any]) -> Seen:
    """Name, address and zone of Slack's user object; the address is there only with its scope, and who has left has no
    zone any more."""
    profile = user.get("profile", {})
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user["name"]
    gone = bool(user.get("deleted") or user.get("is_bot"))
    return Seen(name=name, email=profile.get("email"), zone=user.get("tz"), gone=gone)
