"""Telling the browsers what is new: each open page hears of what its person may see, once it has changed."""

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.page.shown import conversation_shown, conversations_shown, is_for, message_shown, people_shown, view_shown
from sandbox.people.person import Person
from sandbox.state.core import Change
from sandbox.state.model import Json
from sandbox.workspace import Workspace

MOST_WAITING = 1000
"""Pushes kept for a page that does not take them; then it is cut off, and looks anew when it comes back."""

CLOSES_WITHIN = 0.5
"""Seconds that a page has to say goodbye."""


class Window:
    """One open page, seen through one person's eyes; what it is sent goes out in order."""

    def __init__(self, person: Person, *, cut: Callable[[], None]) -> None:
        """`cut` breaks the connection off."""
        self.person = person
        self._cut = cut
        self.watches: set[str] = set()  # further streams it asked for, such as "wire"
        self.shown: dict[str, Json | list[Json] | None] = {}  # what it was sent last, of what is sent whole
        self.conversations: dict[str, Json | None] = {}  # as it was told of them last
        self._waiting: asyncio.Queue[Json] = asyncio.Queue(MOST_WAITING)

    def tell(self, kind: str, **what: object) -> None:
        """Send this soon."""
        try:
            self._waiting.put_nowait({"type": kind, **what})
        except asyncio.QueueFull:
            self._cut()

    def tell_if_new(self, kind: str, value: "Json | list[Json] | None") -> None:
        """Send this under its own name, unless it is what was sent last."""
        if kind not in self.shown or self.shown[kind] != value:
            self.shown[kind] = value
            self.tell(kind, **{kind: value})

    async def next(self) -> Json:
        """What is to be sent next."""
        return await self._waiting.get()


class Hub:
    """All open pages of one workspace."""

    def __init__(self, workspace: Workspace, *, person: Callable[[str], Person]) -> None:
        self._workspace = workspace
        self._person = person
        self._windows: set[Window] = set()
        self._sockets: set[web.WebSocketResponse] = set()
        self._changes: list[Change] = []
        self._streams: dict[str, Callable[[], Json | list[Json]]] = {}
        workspace.on_change(self._note)

    def add_stream(self, name: str, whole: Callable[[], Json | list[Json]]) -> None:
        """Offer something that is sent whole whenever `refresh(name)` finds it changed."""
        self._streams[name] = whole

    def refresh(self, name: str) -> None:
        """Send a stream to every page, as it is now."""
        whole = self._streams[name]()
        for window in self._windows:
            window.tell_if_new(name, whole)

    def tell(self, kind: str, *, watched: bool = False, **what: object) -> None:
        """Send something to every page, or to those that watch this kind."""
        for window in self._windows:
            if not watched or kind in window.watches:
                window.tell(kind, **what)

    def is_watched(self, kind: str) -> bool:
        """Whether any page watches this kind."""
        return any(kind in window.watches for window in self._windows)

    async def serve(self, request: web.Request, name: str, hello: Json) -> web.StreamResponse:
        """Serve one page's WebSocket until it is closed; `name` is whose eyes it looks through."""
        socket = web.WebSocketResponse(heartbeat=20, compress=False, timeout=CLOSES_WITHIN)
        await socket.prepare(request)
        window = Window(self._person(name), cut=request.transport.abort if request.transport else lambda: None)
        self._greet(window, hello)
        self._windows.add(window)
        self._sockets.add(socket)
        sending = asyncio.create_task(_send_all(window, socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    window.watches = _watched(message.data)
        finally:
            self._windows.discard(window)
            self._sockets.discard(socket)
            sending.cancel()
        return socket

    async def close(self) -> None:
        """Nothing is told any more; every page hears that the workspace goes."""
        self._windows.clear()
        await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in list(self._sockets)))

    def _greet(self, window: Window, hello: Json) -> None:
        window.tell("hello", **hello, me=window.person.id)
        window.tell_if_new("people", people_shown(self._workspace))
        self._show_conversations(window)
        self._show_views(window)
        for name, whole in self._streams.items():
            window.tell_if_new(name, whole())

    def _note(self, change: Change) -> None:
        """Changes that come together are told together, on the loop's next turn."""
        if not self._windows:
            return
        self._changes.append(change)
        if len(self._changes) == 1:
            asyncio.get_running_loop().call_soon(self._tell_changes)

    def _tell_changes(self) -> None:
        changes, self._changes = self._changes, []
        for window in list(self._windows):
            if any(change.channel is None and change.user_id is None for change in changes):
                window.tell_if_new("people", people_shown(self._workspace))
            if any(change.user_id == window.person.id for change in changes):
                self._show_views(window)
            self._show_messages(window, changes)
            self._show_changed(window, {change.channel.id for change in changes if change.channel})

    def _show_messages(self, window: Window, changes: Iterable[Change]) -> None:
        person, touched = window.person, {(c.channel.id, c.ts) for c in changes if c.channel and c.ts}
        for channel_id in sorted({channel_id for channel_id, _ in touched}):
            channel = self._workspace.channels[channel_id]
            if not self._workspace.visible(channel, person.id):
                continue
            stamps = sorted(ts for other, ts in touched if other == channel_id)
            found = [(ts, self._workspace.chat.find(channel, ts)) for ts in stamps]
            messages = [message_shown(self._workspace, channel, m, person) for _, m in found if m and is_for(m, person)]
            gone = [ts for ts, m in found if m is None]
            if messages or gone:
                window.tell("messages", channel=channel_id, messages=messages, gone=gone)

    def _show_conversations(self, window: Window) -> None:
        window.conversations = conversations_shown(self._workspace, window.person)
        window.tell("conversations", conversations=window.conversations, whole=True)

    def _show_changed(self, window: Window, channel_ids: Iterable[str]) -> None:
        """Tell of these conversations where they are new, other than before, or not to be seen any more (null)."""
        fresh: dict[str, Json | None] = {}
        for channel_id in sorted(channel_ids):
            channel = self._workspace.channels[channel_id]
            is_seen = self._workspace.visible(channel, window.person.id)
            fresh[channel_id] = conversation_shown(self._workspace, channel, window.person) if is_seen else None
        changed = {key: shown for key, shown in fresh.items() if shown != window.conversations.get(key)}
        if changed:
            window.conversations |= changed
            window.tell("conversations", conversations=changed, whole=False)

    def _show_views(self, window: Window) -> None:
        views, person = self._workspace.views, window.person
        window.tell_if_new(
            "modals", [shown for v in views.stack(person.id) if (shown := view_shown(self._workspace, v))]
        )
        home = views.home(person.id)
        window.tell_if_new("home", view_shown(self._workspace, home) if home else None)


def _watched(words: str) -> set[str]:
    """What a page asks for; what is no such wish asks for nothing."""
    try:
        return {str(name) for name in json.loads(words)["watch"]}
    except (ValueError, LookupError, TypeError):
        return set()


async def _send_all(window: Window, socket: web.WebSocketResponse) -> None:
    with suppress(ConnectionError):  # a page may be gone before it has taken everything
        while True:
            await socket.send_json(await window.next())
