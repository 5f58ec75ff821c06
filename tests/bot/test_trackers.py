"""Trackers outside, called on real servers: what is put there once, what is tried again, and what is given up."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from pydantic import SecretStr

from bot.messenger import pace
from bot.messenger.github import plain
from bot.messenger.messenger import SlackMessenger
from bot.messenger.trackers import AT_ONCE, LOOKS_AT_ONCE, REST, Trackers
from storage.deliveries import Claim
from storage.tables import ActionItem, DeliveryKind, ItemState, Person
from tests.bot.github_host import DOWN, LOST, TOKEN, GitHubHost, a_github_host, in_words
from tests.bot.reminding import an_item_row
from tests.bot.scripted_slack import ScriptedSlack, a_claim
from tests.bot.test_mail import Clock
from tests.bot.test_webhook import Receiver
from tests.bot.values import HARD_WORDS, a_situation
from tests.builders import NOON, PROCESS
from workflows.ports import GiveUp, Outcome, Sent, TryAgain
from workflows.process_parts import Tracker
from workflows.reminders import People, Standing

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
IT_IS_THERE = {
    "url": "https://github.com/example/operations/issues/1",
    "ref": "#1",
    "state": "open",
    "incidents": [7],
}


class Desk:
    """The messenger, one tracker, and a clock that a test moves."""

    def __init__(self, session: aiohttp.ClientSession, tracker: Tracker) -> None:
        self.clock = Clock()
        trackers = Trackers(session, {"github": tracker}, {"github": SecretStr(TOKEN)})
        self.messenger = SlackMessenger(ScriptedSlack().slack(now=self.clock), PROCESS, trackers=trackers)

    async def put(self, item: ActionItem | None = None, claim: Claim | None = None, **incident: Any) -> Outcome:
        """Put an item there, or do what the claim says."""
        about = a_situation(channel_id="C0123456789", **incident)
        bo = Person(user_id="UBO", name="Bo", seen_at=NOON)
        standing = Standing(about, People({"UBO": bo}), item=item or _item())
        return await self.messenger.deliver(claim or a_putting(), about, standing)


def _item(**changes: Any) -> ActionItem:
    return an_item_row(**{"due_on": date(2026, 3, 13), **changes})


def a_putting(*, do: str = "create", again: bool = False, due_at: datetime = NOON) -> Claim:
    """An item that is owed its place in the tracker, or its issue what became of it."""
    payload = {"item": 7, "tracker": "github", "do": do, "since": due_at.isoformat()}
    return replace(a_claim(DeliveryKind.TRACK, payload=payload), look_first=again, due_at=due_at, dedupe_key=do)


def a_look() -> Claim:
    """It is time to look what became of it."""
    return a_claim(DeliveryKind.LOOK_UP_TRACKED, payload={"item": 7, "tracker": "github", "since": NOON.isoformat()})


@asynccontextmanager
async def _with_github(**how: Any) -> AsyncIterator[tuple[GitHubHost, Desk]]:
    async with a_github_host(**how) as host, aiohttp.ClientSession() as session:
        yield host, Desk(session, host.tracker())


async def test_an_item_becomes_an_issue_that_says_what_and_why_who_until_when_and_where_it_comes_from() -> None:
    async with _with_github() as (host, desk):
        outcome = await desk.put(_item(why="Nobody saw it for an hour"))

    (issue,) = host.issues
    assert outcome == Sent(IT_IS_THERE)
    assert issue["title"] == "Alert on refused cards"
    said, facts, marker = issue["body"].split("\n\n")
    assert said == "Nobody saw it for an hour"
    assert facts == (
        "Owner: Bo. Due: Fri 13 Mar 2026. ACT-7 of [INC-7](https://example.slack.com/archives/C0123456789)."
    )
    assert marker.startswith("<!-- sitrep:")


async def test_one_whose_answer_was_lost_is_found_and_not_made_again_however_many_came_since() -> None:
    async with _with_github() as (host, desk):
        host.faults = [LOST]
        lost = await desk.put()
        for _ in range(250):
            host.add(body="Somebody else’s <!-- sitrep:0 -->")
        host.add(created_at=in_words(NOON - timedelta(days=2)), updated_at=in_words(NOON + MINUTE))
        desk.clock.time += REST
        found = await desk.put(claim=a_putting(again=True))

    assert isinstance(lost, TryAgain)
    assert lost.in_doubt
    assert found == Sent(IT_IS_THERE)
    assert len(host.issues) == 252
    assert host.calls == ["POST /issues"] + ["GET /issues"] * 3


async def test_one_that_was_never_made_is_made_after_a_look_that_ends_where_it_cannot_be() -> None:
    async with _with_github() as (host, desk):
        long_ago = in_words(NOON - timedelta(days=2))
        for _ in range(250):  # changed since, so they are listed
            host.add(created_at=long_ago)
        host.faults = [DOWN]
        down = await desk.put()
        desk.clock.time += REST
        made = await desk.put(claim=a_putting(again=True))

    assert isinstance(down, TryAgain)
    assert down.in_doubt
    assert isinstance(made, Sent)
    assert host.calls == ["POST /issues", "GET /issues", "POST /issues"]


async def test_a_done_item_closes_its_issue_and_one_that_wont_be_done_says_so_and_twice_is_once() -> None:
    async with _with_github() as (host, desk):
        host.add()
        host.add()
        done = _item(state=ItemState.DONE, tracker="github", tracker_ref="#1")
        dropped = _item(state=ItemState.WONT_DO, tracker="github", tracker_ref="#2")
        for item in (done, dropped, done, dropped):
            await desk.put(item, a_putting(do="follow"))
        closed = [(one["state"], one["state_reason"]) for one in host.issues]
        again = await desk.put(_item(tracker="github", tracker_ref="#1"), a_putting(do="follow"))

    assert closed == [("closed", "completed"), ("closed", "not_planned")]
    assert again == Sent(IT_IS_THERE)
    assert host.issues[0]["state_reason"] == "reopened"


async def test_what_became_of_an_issue_is_seen_also_that_it_is_gone() -> None:
    async with _with_github() as (host, desk):
        host.add(state="closed")
        closed = await desk.put(_item(tracker="github", tracker_ref="#1"), a_look())
        gone = await desk.put(_item(tracker="github", tracker_ref="#9"), a_look())
        host.faults = [DOWN, DOWN]  # a look goes out again by itself when its connection breaks
        unseen = await desk.put(_item(tracker="github", tracker_ref="#1"), a_look())

    assert closed == Sent({**IT_IS_THERE, "state": "closed"})
    assert gone == Sent({"url": None, "ref": None, "state": "deleted", "incidents": [7]})
    assert unseen == Sent({"incidents": [7]})


@pytest.mark.parametrize(
    ("status", "because", "mend"),
    [
        (401, "does not accept the token", "GITHUB_TOKEN"),
        (403, "does not let the token in GITHUB_TOKEN write issues in example/operations", "permission"),
        (404, "shows the token in GITHUB_TOKEN no example/operations", "trackers.github of sitrep.toml"),
        (410, "there are no issues in example/operations", "Switch them on"),
        (422, "does not take it (Validation Failed)", "reword"),
        (301, "example/operations has moved", "trackers.github of sitrep.toml"),
        (418, "answers 418", "trackers.github of sitrep.toml"),
    ],
)
async def test_what_github_refuses_for_good_is_given_up_with_what_to_do(status: int, because: str, mend: str) -> None:
    async with _with_github() as (host, desk):
        host.faults = [web.json_response({"message": "Validation Failed"}, status=status)]
        outcome = await desk.put()

    assert isinstance(outcome, GiveUp)
    assert because in outcome.because
    assert mend in outcome.hint
    assert TOKEN not in outcome.because + outcome.hint


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {"Retry-After": "90"}, timedelta(seconds=90)),
        (403, {"Retry-After": "90"}, timedelta(seconds=90)),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int((NOON + HOUR).timestamp()))}, HOUR),
        (429, {}, MINUTE),
        (503, {"Retry-After": "30"}, timedelta(seconds=30)),
        (500, {}, timedelta(seconds=5)),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9" * 30}, HOUR),
    ],
)
async def test_what_github_asks_us_to_wait_is_waited(status: int, headers: dict[str, str], wait: timedelta) -> None:
    async with _with_github() as (host, desk):
        host.faults = [web.Response(status=status, headers=headers)]
        outcome = await desk.put()

    assert isinstance(outcome, TryAgain)
    assert outcome.at - NOON == wait
    assert outcome.in_doubt is (status >= 500)


async def test_a_limit_that_github_gives_in_words_alone_is_waited_too() -> None:
    said = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}
    async with _with_github() as (host, desk):
        host.faults = [web.json_response(said, status=403)]
        outcome = await desk.put()

    assert isinstance(outcome, TryAgain)
    assert outcome.at - NOON == MINUTE


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_takes_the_token_nowhere_else(status: int) -> None:
    async with a_github_host() as elsewhere, _with_github() as (host, desk):
        host.faults = [web.Response(status=status, headers={"Location": elsewhere.url})]
        outcome = await desk.put()

    assert isinstance(outcome, GiveUp)
    assert outcome.because == "example/operations has moved on GitHub"
    assert elsewhere.calls == []


async def test_an_answer_that_cannot_be_read_leaves_it_in_doubt() -> None:
    async with _with_github() as (host, desk):
        host.faults = [web.Response(status=201, text="<html>", content_type="application/json")]
        outcome = await desk.put()

    assert isinstance(outcome, TryAgain)
    assert outcome.in_doubt


async def test_a_tracker_that_cannot_be_reached_is_left_alone_for_a_moment_and_then_asked_again() -> None:
    async with aiohttp.ClientSession() as session:
        desk = Desk(session, GitHubHost(url=f"http://127.0.0.1:{unused_port()}").tracker())
        first = await desk.put()
        resting = await desk.put()
        desk.clock.time += REST
        again = await desk.put()

    assert [one.because for one in (first, resting, again) if isinstance(one, TryAgain)] == [
        "GitHub cannot be reached",
        "the tracker github could not be reached a moment ago",
        "GitHub cannot be reached",
    ]


async def test_a_tracker_that_hangs_keeps_few_places_from_everything_else() -> None:
    async with _with_github(hold=asyncio.Event()) as (host, desk):
        under_way = [asyncio.create_task(desk.put()) for _ in range(AT_ONCE)]
        await host.called("POST /issues", times=AT_ONCE)
        one_more = await desk.put()
        assert host.hold is not None
        host.hold.set()
        await asyncio.gather(*under_way)

    assert isinstance(one_more, TryAgain)
    assert one_more.because == "it waits for its turn"


async def test_a_crowd_that_a_hanging_tracker_turns_away_comes_back_one_by_one() -> None:
    async with _with_github(hold=asyncio.Event()) as (host, desk):
        under_way = [asyncio.create_task(desk.put()) for _ in range(AT_ONCE)]
        await host.called("POST /issues", times=AT_ONCE)
        turned_away = [await desk.put() for _ in range(4)]
        desk.clock.time += MINUTE
        turned_away.append(await desk.put())
        assert host.hold is not None
        host.hold.set()
        await asyncio.gather(*under_way)

    assert [(one.at - NOON).total_seconds() for one in turned_away if isinstance(one, TryAgain)] == [1, 1.5, 2, 2.5, 61]


async def test_looks_at_a_tracker_that_hangs_leave_places_to_the_mornings_and_are_not_skipped() -> None:
    async with _with_github(hold=asyncio.Event()) as (host, desk):
        there = _item(tracker="github", tracker_ref="#1", tracker_state="open")
        under_way = [asyncio.create_task(desk.put(there, a_look())) for _ in range(LOOKS_AT_ONCE)]
        await host.called("GET /issues/1", times=LOOKS_AT_ONCE)
        turned_away = [await desk.put(there, a_look()) for _ in range(2)]
        assert host.hold is not None
        host.hold.set()
        await asyncio.gather(*under_way)

    assert LOOKS_AT_ONCE < pace.AT_ONCE
    assert [(one.at - NOON).total_seconds() for one in turned_away if isinstance(one, TryAgain)] == [1, 3]


async def test_nothing_of_a_private_incident_leaves_also_where_it_has_become_private_since() -> None:
    async with _with_github() as (host, desk):
        outcomes = [await desk.put(private=True), await desk.put(claim=a_putting(do="follow"), private=True)]
        outcomes.append(await desk.put(claim=a_look(), private=True))

    assert outcomes == [Sent({})] * 3
    assert host.calls == []


async def test_an_item_that_went_into_another_tracker_is_not_put_into_this_one() -> None:
    async with _with_github() as (host, desk):
        outcome = await desk.put(_item(tracker="desk"))

    assert outcome == Sent({})
    assert host.calls == []


async def test_without_its_tracker_in_the_settings_it_is_given_up() -> None:
    outcome = await SlackMessenger(ScriptedSlack().slack(), PROCESS).deliver(
        a_putting(), None, Standing(a_situation(), People({}), item=_item())
    )

    assert isinstance(outcome, GiveUp)
    assert "Put it back" in outcome.hint


async def test_what_people_type_mentions_nobody_and_forges_nothing_on_github() -> None:
    assert plain("@ann #12 <!-- sitrep:0 --> *x* `y` [z](u) a|b") == (
        "@\u200bann #\u200b12 &lt;!-- sitrep:0 --&gt; \\*x\\* \\`y\\` \\[z\\](u) a\\|b"
    )


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
async def test_any_words_become_an_issue(words: str) -> None:
    async with _with_github() as (host, desk):
        outcome = await desk.put(_item(title=words, why=words * 20))

    assert outcome == Sent(IT_IS_THERE)
    assert host.issues[0]["body"].count("<!--") == 1


@asynccontextmanager
async def _with_webhook(*answers: web.Response) -> AsyncIterator[tuple[Receiver, Desk]]:
    receiver = Receiver(answers=list(answers))
    app = web.Application()
    app.router.add_post("/in", receiver.take)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        tracker = Tracker(name="Desk", kind="webhook", url=str(server.make_url("/in")), secret_env="DESK_SECRET")
        yield receiver, Desk(session, tracker)


async def test_a_webhook_is_told_what_to_do_with_the_same_key_every_time() -> None:
    answer = {"url": "https://desk.example.com/4", "ref": 4, "state": "open"}
    async with _with_webhook(web.Response(status=503), web.json_response(answer)) as (receiver, desk):
        failed = await desk.put()
        desk.clock.time += REST
        made = await desk.put(claim=a_putting(again=True))
        await desk.put(_item(state=ItemState.WONT_DO, tracker_ref="4"), a_putting(do="follow"))
        await desk.put(_item(tracker_ref="4"), replace(a_putting(do="follow"), dedupe_key="follow again"))
        await desk.put(_item(tracker_ref="4"), a_look())

    said = [json.loads(body) for _, body in receiver.received]
    assert isinstance(failed, TryAgain)
    assert made == Sent({"url": "https://desk.example.com/4", "ref": "4", "state": "open", "incidents": [7]})
    assert [one["action"] for one in said] == ["create", "create", "close", "reopen", "look_up"]
    assert len({one["key"] for one in said}) == 1
    assert said[2]["reason"] == "not_planned"
    assert said[0]["item"] == {
        "ref": "ACT-7",
        "title": "Alert on refused cards",
        "why": "",
        "owner": "Bo",
        "due_on": "2026-03-13",
        "state": "open",
        "incident": "INC-7",
        "link": "https://example.slack.com/archives/C0123456789",
    }
    assert all(headers["X-Sitrep-Signature"].startswith("v1=") for headers, _ in receiver.received)
    calls = [headers["X-Sitrep-Delivery"] for headers, _ in receiver.received]
    assert calls[0] == calls[1]
    assert len(set(calls)) == 4


@pytest.mark.parametrize(
    "answer",
    [
        web.Response(status=204),
        web.Response(text="thanks"),
        web.json_response(["no object"]),
        web.json_response({"url": "javascript:alert(1)", "ref": {"a": 1}}),
        web.json_response({"url": "https://x|<!channel>"}),
        web.Response(text=f'{{"ref": "{"x" * 100_000}"}}'),
    ],
)
async def test_a_webhook_may_say_nothing_and_nothing_bad_is_believed(answer: web.Response) -> None:
    async with _with_webhook(answer) as (_, desk):
        outcome = await desk.put()

    assert outcome == Sent({"url": None, "ref": None, "state": None, "incidents": [7]})
