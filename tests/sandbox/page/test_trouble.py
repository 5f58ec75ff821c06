"""The page's switches for trouble, and its clock."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.clock import Clock
from sandbox.page.trouble import OperatorState
from tests.builders import NOON
from tests.sandbox.apps import MANIFEST
from tests.sandbox.page.test_routes import ELSEWHERE, told

NOTHING = {"slow": 0, "throttle": 0, "down": False, "lost_answers": 0, "twice": False, "reorder": False, "app": None}


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(MANIFEST, clock=Clock(lambda: NOON)) as sandbox:
        yield sandbox


class Puppet:
    """An app's process that does as it is told, or does not start."""

    def __init__(self, *, starts: bool = True) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.state: OperatorState = "running"
        self._starts = starts

    async def start(self) -> None:
        self._become("starting")
        if not self._starts:
            self._become("killed")
            raise OSError("It does not start.")
        self._become("running")

    async def kill(self) -> None:
        self._become("killed")

    def _become(self, state: OperatorState) -> None:
        self.state = state
        self.on_change()


async def test_every_window_hears_of_trouble_wherever_it_was_switched_on(
    slack: Sandbox, browser: aiohttp.ClientSession
) -> None:
    switches = {"slow": 3, "throttle": 5, "down": True, "lose_answer": True, "twice": True, "reorder": True}
    async with browser.ws_connect("/page/socket?as=ann") as socket:
        before = (await told(socket, "trouble"))["trouble"]
        await browser.post("/page/trouble", json=switches)
        for _ in switches:
            on = (await told(socket, "trouble"))["trouble"]
        await browser.post("/page/trouble", json={"clear": True})
        after = (await told(socket, "trouble"))["trouble"]
        await browser.post("/control/faults", json={"throttle": 9})
        elsewhere = (await told(socket, "trouble"))["trouble"]

    assert (before, after) == (NOTHING, NOTHING)
    assert on == NOTHING | {"slow": 3, "throttle": 5, "down": True, "lost_answers": 1, "twice": True, "reorder": True}
    assert elsewhere == NOTHING | {"throttle": 9}


async def test_an_answer_that_got_lost_is_no_trouble_any_more(slack: Sandbox, web: AsyncWebClient) -> None:
    await slack.trouble.change({"lose_answer": True})

    with pytest.raises(aiohttp.ClientError):
        await web.auth_test()

    assert slack.trouble.shown() == NOTHING


async def test_a_method_is_accepted_once_in_so_many_seconds(slack: Sandbox, browser: aiohttp.ClientSession) -> None:
    slack.faults.throttle(5)
    headers = {"Authorization": f"Bearer {slack.bot_token}"}

    async def call(method: str) -> tuple[int, str | None]:
        async with browser.post(f"/api/{method}", headers=headers) as answer:
            return answer.status, answer.headers.get("Retry-After")

    at_first = [await call("auth.test"), await call("auth.test"), await call("users.list")]
    slack.clock.advance(2)
    later = await call("auth.test")
    slack.clock.advance(3)

    assert at_first == [(200, None), (429, "5"), (200, None)]
    assert later == (429, "3")
    assert await call("auth.test") == (200, None)


async def test_the_apps_process_is_killed_and_started_again(slack: Sandbox, browser: aiohttp.ClientSession) -> None:
    slack.operator = Puppet()
    async with browser.ws_connect("/page/socket?as=ann") as socket:
        await browser.post("/page/trouble", json={"app": "kill"})
        states = [(await told(socket, "trouble"))["trouble"]["app"] for _ in range(2)]
        await browser.post("/control/app", json={"do": "start"})
        states += [(await told(socket, "trouble"))["trouble"]["app"] for _ in range(2)]

    assert states == ["running", "killed", "starting", "running"]


async def test_everything_works_again_also_starts_the_app(slack: Sandbox, browser: aiohttp.ClientSession) -> None:
    slack.operator = puppet = Puppet()
    await browser.post("/page/trouble", json={"app": "kill", "down": True})

    await browser.post("/page/trouble", json={"clear": True})

    assert (puppet.state, slack.faults.is_down) == ("running", False)


@pytest.mark.parametrize(
    ("switches", "words"),
    [
        ({"app": "start"}, "It does not start."),
        ({"slow": "very"}, "There is no switch “slow” that can be set to very."),
        ({"slow": 1e999}, "There is no switch “slow” that can be set to inf."),
        ({"throttle": 601}, "There is no switch “throttle” that can be set to 601."),
        ({"app": "restart"}, "There is no switch “app” that can be set to restart."),
    ],
)
async def test_what_cannot_be_switched_is_said(
    slack: Sandbox, browser: aiohttp.ClientSession, switches: dict[str, object], words: str
) -> None:
    slack.operator = Puppet(starts=False)

    answer = await browser.post("/page/trouble", json=switches)

    assert (answer.status, (await answer.json())["words"]) == (400, words)
    assert (slack.faults.delay("*"), slack.faults.least_interval) == (0, 0)


async def test_a_page_elsewhere_makes_no_trouble(slack: Sandbox, browser: aiohttp.ClientSession) -> None:
    answer = await browser.post("/page/trouble", json={"down": True}, headers=ELSEWHERE)

    assert (answer.status, slack.faults.is_down) == (403, False)


@pytest.mark.parametrize(
    ("wish", "moment"),
    [
        ({"by": 900}, NOON + timedelta(minutes=15)),
        ({"next": "morning"}, datetime(2026, 3, 4, 14, 0, tzinfo=UTC)),
        ({"next": "monday"}, datetime(2026, 3, 9, 13, 0, tzinfo=UTC)),
        ({"to": "2026-03-05T10:30"}, datetime(2026, 3, 5, 15, 30, tzinfo=UTC)),
    ],
)
async def test_time_moves_by_the_readers_clock(
    slack: Sandbox, browser: aiohttp.ClientSession, wish: dict[str, object], moment: datetime
) -> None:
    await browser.post("/page/clock", params={"as": "bo"}, json=wish)

    assert slack.clock.now() == moment


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"to": "2020-01-01T00:00"}, "Time only moves forward, and that moment has passed."),
        ({"by": -60}, "Time only moves forward, and that moment has passed."),
        ({"by": 1e300}, "That is too far: time moves by 1000 days at the most."),
        ({"to": "9999-12-31T00:00"}, "That is too far: time moves by 1000 days at the most."),
        ({"to": "soon"}, "“soon” is no moment."),
        ({}, "Say by how much, or until when, time should move."),
    ],
)
async def test_where_time_cannot_go_is_said(
    slack: Sandbox, browser: aiohttp.ClientSession, wish: dict[str, object], words: str
) -> None:
    answer = await browser.post("/page/clock", json=wish)

    assert (answer.status, (await answer.json())["words"]) == (400, words)
    assert slack.clock.now() == NOON


async def test_while_time_moves_every_window_hears_how_far_it_is(
    slack: Sandbox, browser: aiohttp.ClientSession
) -> None:
    class Dawdler:
        async def next_moment(self) -> datetime | None:
            return NOON + timedelta(hours=1) if slack.clock.now() < NOON + timedelta(hours=1) else None

        async def catch_up(self) -> None:
            pass

    slack.travel.take_along(Dawdler())
    async with browser.ws_connect("/page/socket?as=ann") as socket:
        before = (await told(socket, "clock"))["clock"]
        await browser.post("/page/clock", json={"by": 7200})
        stops = [(await told(socket, "clock"))["clock"] for _ in range(3)]

    heading = NOON.timestamp() + 7200
    assert [stop["ahead"] - before["ahead"] for stop in stops] == pytest.approx([3600, 7200, 7200], abs=10)
    assert [stop["heading"] for stop in [before, *stops]] == [None, heading, heading, None]
