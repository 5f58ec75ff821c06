"""A guide that a workspace was handed: followed by hand, and played."""

import asyncio

import aiohttp

from sandbox import Sandbox
from sandbox.page.guide import Guide, Step, Telling, Walk
from tests.sandbox.apps import bolt_app, connected
from tests.sandbox.page.test_routes import told
from tests.sandbox.page.test_trouble import Puppet


def guide_of(slack: Sandbox, *words: str, begun: list[int] | None = None) -> Guide:
    """A guide in which Ann is to say these in #general, one after the other."""
    return Guide("Talking", [_step(slack, one) for one in words], "That was all.", lambda: (begun or []).append(1))


def _step(slack: Sandbox, words: str) -> Step:
    ann = slack.person("ann")

    async def play(tell: Telling) -> None:
        await tell(f"Ann says {words}")
        await ann.types(words, channel="general")

    def is_said() -> bool:
        return ann.finds("general", words) is not None

    return Step(words, f"Say {words}.", "ann", lambda: "general", is_said, play, "composer")


async def played(walk: Walk) -> None:
    """Once it plays no more."""
    async with asyncio.timeout(20):
        while walk.shown()["is_playing"]:  # noqa: ASYNC110  # only a page is told
            await asyncio.sleep(0)


async def test_what_is_done_by_hand_leads_on_by_itself(slack: Sandbox) -> None:
    walk = Walk(slack, guide_of(slack, "one", "two", "three"))

    await slack.person("ann").types("one", channel="general")
    await slack.person("ann").types("two", channel="general")
    await asyncio.sleep(0)

    shown = walk.shown()
    assert (shown["at"], shown["where"]) == (2, slack.person("ann").screen.channel("general").id)
    assert [step["is_done"] for step in shown["steps"]] == [True, True, False]


async def test_a_guide_is_played_to_its_end(slack: Sandbox) -> None:
    walk = Walk(slack, guide_of(slack, "one", "two"), pace=0)

    walk.do("play")
    await played(walk)

    assert (walk.shown()["at"], walk.shown()["fault"], walk.shown()["where"]) == (2, "", "")
    assert [seen.text for seen in slack.person("ann").sees("general")][-2:] == ["one", "two"]


async def test_one_step_is_shown_and_the_next_is_left_to_the_reader(slack: Sandbox) -> None:
    walk = Walk(slack, guide_of(slack, "one", "two"), pace=0)

    walk.do("step")
    await played(walk)

    assert walk.shown()["at"] == 1
    assert slack.person("ann").finds("general", "two") is None


async def test_a_guide_that_is_paused_waits_and_takes_what_is_done_by_hand_meanwhile(slack: Sandbox) -> None:
    walk = Walk(slack, guide_of(slack, "one", "two"), pace=0)

    walk.do("play")
    walk.do("pause")
    await slack.person("ann").types("one", channel="general")
    await asyncio.sleep(0.01)
    paused = walk.shown()
    walk.do("play")
    await played(walk)

    assert (paused["at"], paused["is_playing"]) == (1, False)
    assert walk.shown()["at"] == 2
    assert [seen.text for seen in slack.person("ann").sees("general")].count("one") == 1


async def test_a_step_that_cannot_be_played_says_why_and_can_be_skipped(slack: Sandbox) -> None:
    slack.person("ann").screen.channel("general").is_archived = True
    walk = Walk(slack, guide_of(slack, "one", "two"), pace=0)

    walk.do("play")
    await played(walk)
    fault = walk.shown()["fault"]
    walk.do("skip")

    assert fault == "is_archived"
    assert (walk.shown()["at"], walk.shown()["fault"]) == (1, "")


async def test_what_is_played_waits_for_an_app_that_is_starting(slack: Sandbox) -> None:
    slack.operator = puppet = Puppet()
    puppet.state = "starting"
    walk = Walk(slack, guide_of(slack, "one"), pace=0)

    walk.do("play")
    await asyncio.sleep(0.01)
    said_meanwhile = slack.person("ann").finds("general", "one")
    async with connected(slack, bolt_app(slack)):
        await played(walk)

    assert said_meanwhile is None
    assert (walk.shown()["at"], walk.shown()["fault"]) == (1, "")


async def test_nothing_is_played_to_an_app_that_was_killed(slack: Sandbox) -> None:
    slack.operator = puppet = Puppet()
    await puppet.kill()
    walk = Walk(slack, guide_of(slack, "one"), pace=0)

    walk.do("play")
    await played(walk)

    assert walk.shown()["fault"] == f"{slack.manifest.name} is killed; start it again under Trouble"
    assert slack.person("ann").finds("general", "one") is None


async def test_a_guide_begins_again(slack: Sandbox) -> None:
    begun: list[int] = [0]
    walk = Walk(slack, guide_of(slack, "one", begun=begun), pace=0)
    walk.do("skip")

    walk.do("restart")

    assert (walk.shown()["at"], begun) == (0, [0, 1, 1])


async def test_a_page_hears_of_the_guide_and_leads_it(slack: Sandbox) -> None:
    slack.guide = Walk(slack, guide_of(slack, "one", "two"))
    async with aiohttp.ClientSession(slack.url) as browser, browser.ws_connect("/page/socket?as=bo") as socket:
        skipped = await browser.post("/page/guide?as=bo", json={"do": "skip"})
        unknown = await browser.post("/page/guide?as=bo", json={"do": "dance"})
        pushes = [await told(socket, "guide") for _ in range(2)]

    assert (skipped.status, unknown.status) == (200, 400)
    assert [push["guide"]["at"] for push in pushes] == [0, 1]


async def test_a_workspace_without_a_guide_says_so(slack: Sandbox) -> None:
    async with aiohttp.ClientSession(slack.url) as browser:
        answer = await browser.post("/page/guide?as=bo", json={"do": "play"})

    assert (answer.status, (await answer.json())["words"]) == (400, "There is no guide through this workspace.")
