"""Who and what the names of sitrep.toml stand for in Slack, remembered for a while."""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from slack_sdk.errors import SlackApiError

from bot.settings import is_channel_id

if TYPE_CHECKING:
    from bot.messenger.slack import Slack

GROUPS_KEPT = timedelta(minutes=5)
"""Slack lets us ask for user groups twenty times a minute; who is in one changes rarely."""
PEOPLE_KEPT = timedelta(hours=1)
CHANNELS_KEPT = timedelta(minutes=5)
NOT_SOONER = timedelta(seconds=10)
"""A channel that is not among those we are in is looked for again, but not for each notice of a burst."""
BOTH_KINDS = "public_channel,private_channel"
NOBODY = frozenset({"users_not_found", "user_not_found"})
NO_GROUP = frozenset({"no_such_subteam", "plan_upgrade_required", "paid_teams_only"})
_PERSON_ID = re.compile(r"^[UW][A-Z0-9]{5,}$")
_GROUP_ID = re.compile(r"^S[A-Z0-9]{5,}$")

Value = TypeVar("Value")


class _Kept(Generic[Value]):
    """Answers by name, each until it is too old."""

    def __init__(self, kept: timedelta, now: Callable[[], datetime]) -> None:
        self._kept = kept
        self._now = now
        self._answers: dict[str, tuple[datetime, Value]] = {}

    def find(self, name: str, *, within: timedelta | None = None) -> Value | None:
        """What is remembered, if it is new enough."""
        at, value = self._answers.get(name, (None, None))
        return value if at is not None and self._now() - at < (within or self._kept) else None

    def keep(self, name: str, value: Value) -> Value:
        """Remember this from now on."""
        self._answers[name] = self._now(), value
        return value


class Directory:
    """Channels we are in by name, user groups by handle, people by address; each of them by its id too."""

    def __init__(self, slack: "Slack") -> None:
        self._slack = slack
        self._channels: _Kept[dict[str, str]] = _Kept(CHANNELS_KEPT, slack.now)
        self._groups: _Kept[dict[str, str]] = _Kept(GROUPS_KEPT, slack.now)
        self._members: _Kept[Sequence[str]] = _Kept(GROUPS_KEPT, slack.now)
        self._people: _Kept[str] = _Kept(PEOPLE_KEPT, slack.now)
        self._listing_channels = asyncio.Lock()
        self._listing_groups = asyncio.Lock()

    async def find_channel(self, name: str) -> str | None:
        """The id of a channel we are in; an id is taken as it is."""
        if is_channel_id(name):
            return name
        wanted = name.lstrip("#").lower()
        for within in (CHANNELS_KEPT, NOT_SOONER):
            found = (await self._our_channels(within)).get(wanted)
            if found:
                return found
        return None

    async def _our_channels(self, within: timedelta) -> dict[str, str]:
        async with self._listing_channels:  # who asks meanwhile takes the same answer
            kept = self._channels.find("", within=within)
            if kept is not None:
                return kept
            pages = self._slack.pages("users.conversations", "channels", types=BOTH_KINDS, exclude_archived=True)
            return self._channels.keep("", {channel["name"]: channel["id"] async for channel in pages})

    async def find_members(self, group: str) -> Sequence[str] | None:
        """The people in a user group; None where there is no such group."""
        known = self.known_members(group)
        if known is not None:
            return known
        try:
            group_id = group if _GROUP_ID.match(group) else (await self._handles()).get(group.lstrip("@").lower())
            if group_id is None:
                return None
            answer = await self._slack.call("usergroups.users.list", usergroup=group_id)
        except SlackApiError as fault:
            if fault.response["error"] in NO_GROUP:
                return None
            raise
        return self._members.keep(group, list(answer["users"]))

    def known_members(self, group: str) -> Sequence[str] | None:
        """The same, if it is remembered."""
        return self._members.find(group)

    async def _handles(self) -> dict[str, str]:
        async with self._listing_groups:
            kept = self._groups.find("", within=NOT_SOONER)
            if kept is not None:
                return kept
            groups = (await self._slack.call("usergroups.list"))["usergroups"]
            return self._groups.keep("", {group["handle"].lower(): group["id"] for group in groups})

    async def find_person(self, name: str) -> str | None:
        """The id of somebody by address; an id is taken as it is."""
        if _PERSON_ID.match(name):
            return name
        known = self._people.find(name.lower())
        if known is not None:
            return known
        try:
            answer = await self._slack.call("users.lookupByEmail", email=name)
        except SlackApiError as fault:
            if fault.response["error"] in NOBODY:
                return None
            raise
        return self._people.keep(name.lower(), str(answer["user"]["id"]))
