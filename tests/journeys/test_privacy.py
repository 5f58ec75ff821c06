"""No word of a private incident reaches anybody who may not see it, whatever the rules, and whoever comes and goes."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.commands import Reply
from sandbox.people.person import Person
from storage.notices import list_notices
from tests.bot.mail_host import MailHost, a_mail_host
from tests.bot.test_webhook import Receiver
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.telling import all_done, declare, minutes_pass
from tests.journeys.test_mail_and_webhook import smtp_url
from workflows.process import Process, parse_process

PEOPLE = ("ann", "bo", "chidi", "dee")
OTHERS = PEOPLE[1:]
TOKEN = "Zeppelin"
"""Stands in every text that is typed about the private incident."""
OPEN_TITLE = "Search is slow"
_NUMBER = re.compile(r"\bINC-1\b")

# What a process may say, and what may happen

AUDIENCES = st.fixed_dictionaries(
    {
        "name": st.just("Some"),
        "kind": st.sampled_from(["responders", "decision_makers", "internal", "external"]),
        "channels": st.lists(st.sampled_from(["#exec", "#incidents", "#secret"]), max_size=2, unique=True),
        "groups": st.lists(st.just("@sre"), max_size=1),
        "people": st.lists(st.sampled_from([f"{name}@example.com" for name in PEOPLE]), max_size=3, unique=True),
        "emails": st.lists(
            st.sampled_from(["board@example.com", *(f"{name}@example.com" for name in PEOPLE)]), min_size=1, max_size=3
        ),
        "webhooks": st.lists(st.just("status"), max_size=1),
    }
)
SOMEBODY = st.sampled_from(PEOPLE)
DEEDS = st.one_of(
    st.tuples(st.sampled_from(["joins", "leaves"]), SOMEBODY),
    st.tuples(st.sampled_from(["subscribes to all", "subscribes to it", "opens home", "looks around"]), SOMEBODY),
    st.tuples(
        st.sampled_from(["updates", "raises", "moves on", "notes", "asks", "gives a role"]), st.sampled_from(OTHERS)
    ),
    st.tuples(st.just("waits"), st.sampled_from(["6", "20", "200"])),
)


@dataclass
class Story:
    """One workspace with the bot in it, a private incident and an open one."""

    slack: Sandbox
    bot: Service
    host: MailHost
    webhook: Receiver
    channel: str = ""
    seen_calls: int = 0
    seen_mails: int = 0
    leaks: list[str] = field(default_factory=list)

    def person(self, name: str) -> Person:
        return self.slack.person(name)

    @property
    def members(self) -> set[str]:
        """The people in the private channel now, by id."""
        return set(self._place.members) - {self.slack.workspace.bot.id}

    @property
    def _place(self) -> Any:
        return next(each for each in self.slack.workspace.channels.values() if each.name == self.channel)

    async def settle(self, actor: Person | None = None, replies: tuple[Reply, ...] = ()) -> None:
        """Let everything happen that is owed, and see whom it reached."""
        await self.slack.events_settled()
        await all_done(self.bot, within=30)
        for reply in replies:
            self._look(str(reply.text) + str(reply.blocks) + str(reply.messages), actor, "a reply")
        log = self.slack.calls.log
        for call in log[self.seen_calls :]:
            self._look_at_call(call.method, call.arguments, actor)
        self.seen_calls = len(log)
        for mail in self.host.received[self.seen_mails :]:
            if TOKEN in mail.as_string():
                self._look(TOKEN, self._owner(mail["To"]), f"mail to {mail['To']}")
        self.seen_mails = len(self.host.received)
        self.leaks += ["webhook" for _, body in self.webhook.received if TOKEN in body.decode()]

    def _look_at_call(self, method: str, arguments: dict[str, Any], actor: Person | None) -> None:
        text = json.dumps(arguments, default=str)
        if method in ("chat.postMessage", "chat.update") and _NUMBER.search(text):
            text += TOKEN  # that there is such an incident is a word of it
        if TOKEN not in text or method.startswith("conversations.") or method.startswith("bookmarks."):
            return  # what is done to the incident's own channel; it is private
        if method == "views.publish":
            self._look(text, arguments["user_id"], "a home tab")
        elif "channel" in arguments and method != "chat.postEphemeral":
            self._look_at_place(text, str(arguments["channel"]))
        elif method == "chat.postEphemeral":
            self._look(text, arguments["user"], "a whisper")
        else:
            self._look(text, actor, method)

    def _look_at_place(self, text: str, channel_id: str) -> None:
        if channel_id == self._place.id:
            return
        if channel_id.startswith("U"):
            self._look(text, channel_id, "a direct message")
            return
        place = self.slack.workspace.channels[channel_id]
        if not place.is_direct:
            self.leaks.append(f"#{place.name}: {text}")
        for user_id in set(place.members) - {self.slack.workspace.bot.id}:
            self._look(text, user_id, "a direct message")

    def _look(self, text: str, reader: Person | str | None, where: str) -> None:
        reader_id = reader.id if isinstance(reader, Person) else reader
        if TOKEN in text and reader_id not in self.members:
            self.leaks.append(f"{where} to {reader_id}: {text[:300]}")

    def _owner(self, address: str) -> str | None:
        owners = [user.id for user in self.slack.workspace.users.values() if user.email == address]
        return owners[0] if owners else None


async def joins(story: Story, who: str) -> None:
    inside = [name for name in PEOPLE if story.person(name).id in story.members]
    if inside and who not in inside:
        await story.person(inside[0]).invites(who, story.channel)
    await story.settle()


async def leaves(story: Story, who: str) -> None:
    if story.person(who).id in story.members:
        await story.person(who).leaves(story.channel)
    await story.settle()


def _saying(*lines: str, where: str = "") -> Callable[[Story, str], Awaitable[None]]:
    """They type these commands: in the incident's channel if they are in it and nothing else is named."""

    async def say(story: Story, who: str) -> None:
        person = story.person(who)
        inside = person.id in story.members and not where
        for line in lines:
            about = "" if inside or not line.endswith("…") else " INC-1"
            verb, _, rest = line.rstrip("…").partition(" ")
            place = story.channel if inside else "general"
            words = rest if inside else rest.replace(TOKEN, "this")  # what they say themselves is no leak
            reply = await person.command(f"/incident {verb}{about} {words}".rstrip(), channel=place)
            await story.settle(person, (reply,))
            form = person.open_form()
            if form is not None:
                story._look(form.text(), person, "a form")
                await form.close(all_of_them=True)

    return say


async def updates(story: Story, who: str) -> None:
    """Ann, or whoever of them is in it, says how it stands."""
    if story.person(who).id not in story.members:
        await _saying("update…")(story, who)
        return
    person = story.person(who)
    await person.command("/incident update", channel=story.channel)
    form = await person.form()
    await form.fill({"Condition": f"{TOKEN} is spreading", "Actions": TOKEN, "Who is affected?": TOKEN})
    assert (await form.submit()).closed
    await story.settle(person)


async def opens_home(story: Story, who: str) -> None:
    await story.person(who).opens_home()
    await story.settle(story.person(who))


async def waits(story: Story, minutes: str) -> None:
    await minutes_pass(story.slack, story.bot, float(minutes))
    await story.settle()


DO: dict[str, Callable[[Story, str], Awaitable[None]]] = {
    "joins": joins,
    "leaves": leaves,
    "updates": updates,
    "opens home": opens_home,
    "waits": waits,
    "subscribes to all": _saying("subscribe all", where="general"),
    "subscribes to it": _saying("subscribe INC-1", where="general"),
    "looks around": _saying("list", "list all", "", "status…", "who…", "timeline…", "catchup…", "unsubscribe"),
    "raises": _saying(f"severity sev1 {TOKEN}…"),
    "moves on": _saying(f"status mitigating {TOKEN}…"),
    "notes": _saying(f"note {TOKEN}…", f"theory {TOKEN}…"),
    "asks": _saying(f"ask @dee is it {TOKEN}? in 15m…"),
    "gives a role": _saying("role scribe me…"),
}


@asynccontextmanager
async def a_story(audiences: dict[str, Any]) -> AsyncIterator[Story]:
    """A workspace where the bot knows these audiences; Ann has declared an open incident and a private one."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/in", receiver.take)
    async with (
        a_mail_host(auth_require_tls=False) as host,
        TestServer(app) as server,
        Sandbox(manifest=MANIFEST) as slack,
    ):
        slack.add_usergroup("sre", ["bo", "chidi"])
        for name, private in (("exec", False), ("secret", True)):
            await slack.person("ann").creates(name, private=private)
            await slack.person("ann").invites("sitrep", name)
        process = _process(audiences, str(server.make_url("/in")))
        with TemporaryDirectory() as folder:
            address = f"sqlite:///{Path(folder)}/sitrep.db"
            async with a_bot(slack, address, process=process, now=slack.clock.now, smtp_url=smtp_url(host)) as bot:
                story = Story(slack, bot, host, receiver)
                story.channel = await declare(slack, f"{TOKEN} leaked", answers={"Type": "Security"})
                await story.settle(slack.person("ann"))
                await declare(slack, OPEN_TITLE)
                await story.settle(slack.person("ann"))
                yield story


def _process(audiences: dict[str, Any], url: str) -> Process:
    return parse_process(
        {
            "audiences": audiences,
            "webhooks": {"status": {"url": url, "secret_env": "STATUS_SECRET"}},
            "escalation": ["chidi@example.com", "dee@example.com"],
        }
    )


@given(
    audiences=st.dictionaries(st.sampled_from(["one", "two"]), AUDIENCES, min_size=1, max_size=2),
    deeds=st.lists(DEEDS, min_size=4, max_size=9),
)
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # a whole workspace an example: making one smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_no_word_of_a_private_incident_reaches_anybody_who_may_not_see_it(
    audiences: dict[str, Any], deeds: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATUS_SECRET", "of the status page")
    async with a_story(audiences) as story:
        for deed, who in deeds:
            await DO[deed](story, who)

        assert story.leaks == []


async def test_the_story_would_notice_a_leak_and_people_who_may_see_it_do_hear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STATUS_SECRET", "of the status page")
    everybody = {
        "name": "Everybody",
        "channels": ["#exec"],
        "people": ["bo@example.com"],
        "emails": ["ann@example.com"],
        "webhooks": ["status"],
    }
    async with a_story({"one": everybody}) as story:
        await joins(story, "bo")
        await updates(story, "bo")
        async with story.bot.database.read() as session:
            told = {(row.kind.value, row.to) for row in await list_notices(session, 1, limit=20)}
        assert told == {("notice", story.person("bo").id), ("mail", "ann@example.com")}
        assert any(TOKEN in mail.as_string() for mail in story.host.received)
        assert story.webhook.received  # of the open incident
        assert story.leaks == []

        await story.slack.person("ann").types("hello", channel="exec")
        await story.bot.slack.call("chat.postMessage", channel=story.person("dee").id, text=f"{TOKEN} leaked")
        await story.settle()
        assert len(story.leaks) == 1
