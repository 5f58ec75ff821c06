"""People who declare, ask, come and go in a sandbox, and how long the app took to acknowledge each of them."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, cycle
from typing import Any

from sandbox import Sandbox
from sandbox.calls import Call, Step
from sandbox.link.payload import Payload
from sandbox.people.payloads import command_payload, event_payload
from sandbox.people.person import Person

Json = dict[str, Any]
Deed = Callable[[], Coroutine[Any, Any, None]]

QUIET = timedelta(seconds=0.5)
"""The app is done when it has made no call for so long, and everything is there that a declaration brings."""
ALERTS_AT_ONCE = 100
READERS = "readers"
"""The handle of the user group that is told of updates."""
WORKERS = {"command": 20, "event": 20, "message": 100}
"""How many of a kind are under way at once where as many as possible are wanted; each waits to be acknowledged."""


@dataclass
class Crowd:
    """Everyone in the workspace, and the log of what the app did for them."""

    sandbox: Sandbox
    names: list[str]
    acknowledged: list[float] = field(default_factory=list)
    """Milliseconds of each payload of a load."""
    failures: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _stamps: Iterator[int] = field(default_factory=lambda: count(1))
    _under_way: int = 0

    def __post_init__(self) -> None:
        for name in self.names:
            self.sandbox.workspace.add_user(name)
        self.sandbox.calls.on_call = self._on_call

    # Declaring

    async def declare(self, at_once: int, *, timeout: float) -> Json:  # noqa: ASYNC109
        """So many people submit the declare form at the same moment; times in milliseconds after it."""
        titles = [f"checkout fails in region r{next(self._numbers)}" for _ in range(at_once)]
        people = [self.sandbox.person(name) for name in self.names[:at_once]]
        forms = [await self._open(person, title) for person, title in zip(people, titles, strict=True)]
        before = len(self.sandbox.calls.log)
        begun = self.sandbox.clock.now()
        answered = await asyncio.gather(*(self._submit(form) for form in forms))
        complete = await self._settled(people, titles, timeout=timeout)
        calls = self.sandbox.calls.log[before:]
        return {
            "acknowledged": [_ms(end - start) for start, end in answered],
            "card": [
                _ms(self._card_at(title, calls) - start) for title, (start, _) in zip(titles, answered, strict=True)
            ],
            "done": _ms(max(call.ended_at for call in calls if call.ended_at) - begun),
            "calls": len(calls),
            "refused": sum(call.status == 429 for call in calls),
            "complete": complete,
        }

    async def _open(self, person: Person, title: str) -> Any:
        await person.command(f"/incident declare {title}", channel="general")
        return await person.form()

    async def _submit(self, form: Any) -> tuple[datetime, datetime]:
        start = self.sandbox.clock.now()
        outcome = await form.submit()
        if not outcome.ok:
            raise AssertionError(f"the form was not taken: {outcome.errors or outcome.trouble}")
        return start, self.sandbox.clock.now()

    async def _settled(self, people: list[Person], titles: list[str], *, timeout: float) -> bool:  # noqa: ASYNC109
        try:
            async with asyncio.timeout(timeout):
                while not (self._is_quiet() and all(map(self._is_complete, people, titles))):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        except TimeoutError:
            return False
        return True

    def _is_quiet(self) -> bool:
        last = self.sandbox.calls.log[-1].ended_at
        return not self._under_way and last is not None and self.sandbox.clock.now() - last >= QUIET

    def _is_complete(self, declarer: Person, title: str) -> bool:
        """Card pinned and bookmarked, topic, purpose, and the declarer in it."""
        channel = next((c for c in self.sandbox.workspace.channels.values() if c.name.endswith(_slug(title))), None)
        if channel is None or declarer.id not in channel.members:
            return False
        return bool(channel.pins and channel.bookmarks and channel.topic.value and channel.purpose.value)

    def _card_at(self, title: str, calls: list[Call]) -> datetime:
        """When the app was told that its first message is in the channel."""
        made = next(c for c in calls if c.method == "conversations.create" and _made(c, title))
        channel = (made.answer or {})["channel"]["id"]
        posts = (c for c in calls if c.method == "chat.postMessage" and c.arguments["channel"] == channel and _ok(c))
        return min(call.ended_at for call in posts if call.ended_at)

    # A load

    async def load(self, kind: str, *, channel: str, per_second: int | None, seconds: float) -> Json:
        """One kind at a steady pace, or as many as the app takes from some that each wait for it."""
        self.acknowledged, self.failures = [], 0
        deed = {"command": self._command, "event": self._coming_and_going, "message": self._saying}[kind](channel)
        began = asyncio.get_running_loop().time()
        if per_second:
            await self._at_pace(deed, per_second, seconds)
        else:
            await asyncio.gather(*(self._one_after_another(deed, until=began + seconds) for _ in range(WORKERS[kind])))
        took = asyncio.get_running_loop().time() - began
        return {"acknowledged": self.acknowledged, "failures": self.failures, "seconds": took}

    async def _at_pace(self, deed: Deed, per_second: int, seconds: float) -> None:
        """Nobody waits for anybody, so an app that falls behind is seen to."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.TaskGroup() as everyone:
            for number in range(int(per_second * seconds)):
                await asyncio.sleep(max(0.0, began + number / per_second - loop.time()))
                everyone.create_task(deed())

    async def _one_after_another(self, deed: Deed, *, until: float) -> None:
        while asyncio.get_running_loop().time() < until:
            await deed()

    def _command(self, channel_name: str) -> Deed:
        """`/incident list`, as sent by Slack; what it shows is not drawn, which would be the sandbox's own time."""
        workspace, people = self.sandbox.workspace, cycle(self.names)
        channel = self._channel(channel_name)

        async def type_it() -> None:
            user = workspace.user_named(next(people))
            url = f"{self.sandbox.url}/response/{workspace.response_urls.issue(channel, user.id)}"
            trigger = workspace.triggers.issue(user.id)
            body = command_payload(
                workspace, user, channel, command="/incident", text="list", trigger_id=trigger, response_url=url
            )
            await self._deliver(Payload("slash_commands", body))

        return type_it

    def _coming_and_going(self, channel_name: str) -> Deed:
        """`member_joined_channel` and `member_left_channel` in turn, as sent by Slack."""
        channel, members = self._channel(channel_name), cycle([(n, k) for k in ("joined", "left") for n in self.names])
        workspace, numbers = self.sandbox.workspace, count(1)

        async def come_or_go() -> None:
            name, what = next(members)
            event = {
                "type": f"member_{what}_channel",
                "user": workspace.user_named(name).id,
                "channel": channel.id,
                "channel_type": "C",
                "team": workspace.team.id,
                "event_ts": f"{self.sandbox.clock.seconds()}.{next(numbers):06}",
            }
            await self._deliver(Payload("events_api", event_payload(workspace, event)))

        return come_or_go

    def _saying(self, channel_name: str) -> Deed:
        """Messages of a few dozen words, as sent by Slack; they are not kept in the sandbox."""
        channel, people = self._channel(channel_name), cycle(self.names)

        async def say() -> None:
            await self._deliver(self._message(channel, next(people), self._next_ts()))

        return say

    async def mark_at_once(self, *, channel: str, marks: int) -> Json:
        """So many messages are said, then all marked at the same moment with a command in their midst.

        Times in milliseconds: until every mark was acknowledged, and until the command was.
        """
        room, stamps = self._channel(channel), [self._next_ts() for _ in range(marks)]
        for ts in stamps:
            await self._deliver(self._message(room, self.names[0], ts))
        self.acknowledged, self.failures = [], 0
        command = self._command(channel)
        begun = self.sandbox.clock.now()
        async with asyncio.TaskGroup() as everyone:
            for number, ts in enumerate(stamps):
                everyone.create_task(self._deliver(self._reaction(room, self.names[number % len(self.names)], ts)))
                if number == marks // 2:
                    asked = everyone.create_task(self._timed(command))
        done = _ms(self.sandbox.clock.now() - begun)
        return {"processed": done, "command": asked.result(), "failures": self.failures}

    async def _timed(self, deed: Deed) -> float:
        begun = self.sandbox.clock.now()
        await deed()
        return _ms(self.sandbox.clock.now() - begun)

    async def burst(self, *, channel: str, events: int) -> Json:
        """So many messages are said at the same moment; how many were acknowledged, and how long that took."""
        room = self._channel(channel)
        self.acknowledged, self.failures = [], 0
        begun = self.sandbox.clock.now()
        payloads = [self._message(room, self.names[0], self._next_ts()) for _ in range(events)]
        await asyncio.gather(*map(self._deliver, payloads))
        return {"done": _ms(self.sandbox.clock.now() - begun), "failures": self.failures, "events": events}

    async def alerts(self, *, channel: str, entries: int) -> Json:
        """A bot says so many different things, each of which is an entry of the timeline."""
        room = self._channel(channel)
        for start in range(0, entries, ALERTS_AT_ONCE):
            said = [self._alert(room, number) for number in range(start, min(start + ALERTS_AT_ONCE, entries))]
            await asyncio.gather(*map(self._deliver, said))
        return {"failures": self.failures}

    def _alert(self, channel: Any, number: int) -> Payload:
        payload = self._message(channel, self.names[0], self._next_ts())
        payload.body["event"] |= {"bot_id": "BALERTS", "text": f"Alert {number}: error rate of pod {number} is high"}
        return payload

    async def open_form(self, *, channel: str, words: str) -> Json:
        """Somebody types a command that opens a form; milliseconds until the app calls for it."""
        before, begun = len(self.sandbox.calls.log), self.sandbox.clock.now()
        await self.sandbox.person(self.names[0]).command(f"/incident {words}", channel=self._channel(channel).name)
        call = next(call for call in self.sandbox.calls.log[before:] if call.method == "views.open")
        return {"opened": _ms(call.started_at - begun), "complete": _ok(call)}

    def invite_readers(self, readers: int) -> None:
        """So many more people, in the user group that the benchmark's audience names."""
        names = [f"reader{number}" for number in range(1, readers + 1)]
        for name in names:
            self.sandbox.workspace.add_user(name)
        self.sandbox.add_usergroup(READERS, names)

    async def notify(self, *, channel: str, readers: int, per_second: int, seconds: float) -> Json:
        """An update is published while commands go on; milliseconds until everybody was told, and of each command."""
        author = self.sandbox.person(self.names[0])
        await author.command("/incident update", channel=self._channel(channel).name)
        form = await author.form()
        await form.fill({"Condition": "Half of the orders fail"})
        load = asyncio.create_task(self.load("command", channel=channel, per_second=per_second, seconds=seconds))
        before, begun = len(self.sandbox.calls.log), self.sandbox.clock.now()
        submitted = await form.submit()
        acknowledged = _ms(self.sandbox.clock.now() - begun)
        commands = await load
        told = [call for call in self.sandbox.calls.log[before:] if _is_notice(call)]
        return {
            "published": acknowledged,
            "told": _ms(max(call.ended_at for call in told if call.ended_at) - begun),
            "acknowledged": commands["acknowledged"],
            "failures": commands["failures"] + (not submitted.ok) + (len(told) != readers),
        }

    def add_people(self, people: int) -> list[str]:
        """So many more people, by id."""
        return [self.sandbox.workspace.add_user(f"owner{number}").id for number in range(people)]

    async def mornings(self, *, channel: str, people: int, begins_at: float, per_second: int, seconds: float) -> Json:
        """Everybody's morning begins while commands go on and somebody declares; milliseconds since it began."""
        before = len(self.sandbox.calls.log)
        await asyncio.sleep(max(0.0, begins_at - self.sandbox.clock.timestamp()))
        load = asyncio.create_task(self.load("command", channel=channel, per_second=per_second, seconds=seconds))
        declared = await self.declare(1, timeout=10)  # with mornings all around it never is as quiet as alone
        commands = await load
        while len(told := list(filter(_is_notice, self.sandbox.calls.log[before:]))) < people:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        calls = self.sandbox.calls.log[before:]
        await asyncio.sleep(1)  # the last answer is written down
        return {
            "told": max(call.ended_at.timestamp() for call in told if call.ended_at) * 1000 - begins_at * 1000,
            "refused": sum(call.status == 429 for call in calls),
            "card": declared["card"][0],
            "acknowledged": commands["acknowledged"],
            "failures": commands["failures"],
            "messages": len(told),
        }

    def _next_ts(self) -> str:
        return f"{self.sandbox.clock.seconds()}.{next(self._stamps):06}"

    def _message(self, channel: Any, name: str, ts: str) -> Payload:
        workspace = self.sandbox.workspace
        event = {
            "type": "message",
            "user": workspace.user_named(name).id,
            "channel": channel.id,
            "channel_type": "channel",
            "team": workspace.team.id,
            "text": "Error rate of checkout is at 3 % and rising, pods restart in eu-west. " * 4,
            "ts": ts,
            "event_ts": ts,
        }
        return Payload("events_api", event_payload(workspace, event))

    def _reaction(self, channel: Any, name: str, ts: str) -> Payload:
        workspace = self.sandbox.workspace
        event = {
            "type": "reaction_added",
            "user": workspace.user_named(name).id,
            "reaction": "pushpin",
            "item_user": workspace.user_named(self.names[0]).id,
            "item": {"type": "message", "channel": channel.id, "ts": ts},
            "event_ts": self._next_ts(),
        }
        return Payload("events_api", event_payload(workspace, event))

    async def _deliver(self, payload: Payload) -> None:
        start = self.sandbox.clock.now()
        answer = await self.sandbox.link.deliver(payload)
        self.acknowledged.append(_ms(self.sandbox.clock.now() - start))
        self.failures += not answer.ok

    def _channel(self, beginning: str) -> Any:
        return next(c for c in self.sandbox.workspace.channels.values() if c.name.startswith(beginning))

    async def _on_call(self, call: Call, step: Step) -> None:
        self._under_way += {"arrived": 1, "answered": -1}.get(step, 0)


def _is_notice(call: Call) -> bool:
    """Whether this tells somebody by direct message."""
    return call.method == "chat.postMessage" and _ok(call) and str(call.arguments["channel"]).startswith("U")


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower())


def _made(call: Call, title: str) -> bool:
    return _ok(call) and str(call.arguments["name"]).endswith(_slug(title))


def _ok(call: Call) -> bool:
    return bool(call.answer and call.answer["ok"])


def _ms(span: timedelta) -> float:
    return span.total_seconds() * 1000
