"""The nouns of a workspace, as plain records; `shapes.py` writes them as Slack's JSON."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["public", "private", "im", "mpim"]

SLACKBOT = "USLACKBOT"


@dataclass
class Team:
    id: str
    name: str
    domain: str


@dataclass
class App:
    """The one installed app: its identity, its credentials and what was granted to it."""

    id: str
    name: str
    bot_id: str
    bot_user_id: str
    bot_token: str
    app_token: str
    client_id: str
    signing_secret: str
    verification_token: str
    scopes: frozenset[str]
    app_level_scopes: frozenset[str] = frozenset({"connections:write"})


@dataclass(frozen=True)
class Integration:
    """What posts as an app: with a bot user, or as an incoming webhook without one."""

    bot_id: str
    name: str
    app_id: str
    user_id: str | None

    @property
    def author(self) -> str:
        """The id that its messages are by: its bot user's, or for want of one its own."""
        return self.user_id or self.bot_id


@dataclass
class User:
    id: str
    name: str
    real_name: str
    tz: str = "UTC"
    email: str | None = None
    title: str = ""
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    bot_id: str | None = None
    locale: str = "en-US"
    presence: Literal["active", "away"] = "active"
    dnd: bool = False
    updated: int = 0


@dataclass
class Words:
    """A topic or a purpose."""

    value: str = ""
    creator: str = ""
    last_set: int = 0


@dataclass
class Reaction:
    name: str
    users: list[str]


@dataclass
class Message:
    """One message; `ephemeral_to` names the only reader of an ephemeral one."""

    channel_id: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    subtype: str | None = None
    thread_ts: str | None = None
    parent_user_id: str | None = None
    broadcast: bool = False
    bot_id: str | None = None
    username: str | None = None
    icons: Json | None = None
    metadata: Json | None = None
    edited: Json | None = None
    client_msg_id: str | None = None
    reactions: list[Reaction] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    repliers: dict[str, int] = field(default_factory=dict)  # who replied, and how often
    extra: Json = field(default_factory=dict)
    ephemeral_to: str | None = None
    pinned: bool = False
    entered: dict[str, Json] = field(default_factory=dict)  # what each person has chosen on it, as `state.values`

    @property
    def is_reply(self) -> bool:
        """Whether it lives in a thread that another message started."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class Pin:
    ts: str
    created: int
    created_by: str


@dataclass
class Bookmark:
    id: str
    channel_id: str
    title: str
    link: str | None
    emoji: str | None
    type: str
    rank: str
    date_created: int
    date_updated: int
    updated_by: str


@dataclass
class Channel:
    """Any conversation: a public or private channel, a DM, a group DM."""

    id: str
    kind: Kind
    name: str
    creator: str
    created: int
    members: dict[str, None] = field(default_factory=dict)  # in the order they joined
    topic: Words = field(default_factory=Words)
    purpose: Words = field(default_factory=Words)
    is_archived: bool = False
    is_general: bool = False
    previous_names: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)  # by ts, oldest first
    ephemerals: list[Message] = field(default_factory=list)
    pins: dict[str, Pin] = field(default_factory=dict)
    bookmarks: dict[str, Bookmark] = field(default_factory=dict)
    open_for: set[str] = field(default_factory=set)
    last_read: dict[str, str] = field(default_factory=dict)
    last_micros: int = 0

    @property
    def is_direct(self) -> bool:
        """Whether it is a DM or a group DM."""
        return self.kind in ("im", "mpim")

    def next_ts(self, now: datetime) -> str:
        """A ts for a message written now: unique in this channel and later than every earlier one."""
        micros = max(int(now.timestamp() * 1_000_000), self.last_micros + 1)
        self.last_micros = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


@dataclass
class File:
    id: str
    name: str
    user: str
    created: int
    size: int = 0
    title: str = ""
    alt_txt: str = ""
    snippet_type: str | None = None
    content: bytes | None = None  # None until the bytes were sent to the upload address
    completed: bool = False
    deleted: bool = False
    shares: dict[str, str] = field(default_factory=dict)  # channel id -> ts of the message that shares it


@dataclass
class UserGroup:
    id: str
    name: str
    handle: str
    description: str = ""
    users: list[str] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    deleted: bool = False


@dataclass
class View:
    """A modal on a person's screen, or a person's Home tab; `values` is what they have put in."""

    id: str
    user_id: str
    type: Literal["modal", "home"]
    payload: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    external_id: str = ""
    values: Json = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, ids filled in."""
        blocks: list[Json] = self.payload["blocks"]
        return blocks


@dataclass
class Trigger:
    """Leave to open one view for one person, within three seconds (protocol.md, section 6)."""

    id: str
    user_id: str
    issued_at: datetime
    view_id: str | None = None  # the modal whose interaction issued it
    used: bool = False


@dataclass
class ResponseUrl:
    """Leave to answer one interaction, five times within thirty minutes (protocol.md, section 5)."""

    id: str
    channel_id: str
    user_id: str
    issued_at: datetime
    message_ts: str | None = None  # the message that hosted the interaction
    uses: int = 0


@dataclass
class ScheduledMessage:
    id: str
    channel_id: str
    post_at: int
    created: int
    draft: Json
    by: str
