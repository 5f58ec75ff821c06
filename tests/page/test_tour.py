"""The tour on the page: watched while it is played, and followed by hand."""

import asyncio

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.demo.guide import sitrep_guide
from bot.service import Service
from sandbox import Sandbox
from sandbox.page.guide import Guide, Step, Telling, Walk
from tests.journeys.telling import all_done
from tests.page.along import Along
from tests.page.conftest import OpenWindow
from tests.page.doing import message, reacts, types

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def guided(slack: Sandbox, bot: Service) -> None:
    """The tour handed to the workspace, its pauses too short to see anything in."""
    slack.travel.take_along(Along(bot))
    slack.guide = sitrep_guide(slack, pace=0.02)


async def test_who_watches_the_tour_sees_it_to_its_end_through_the_eyes_of_whoever_acts(
    slack: Sandbox, window: OpenWindow
) -> None:
    async with window("ann") as page:
        tour = page.get_by_role("region", name="Tour")
        await tour.get_by_role("button", name="Play all").click()

        await expect(tour).to_contain_text("That was one incident")
        await expect(page.get_by_role("log")).to_contain_text("Done today, says @bo")
        assert "as=bo" in page.url
        assert (slack.guide and slack.guide.shown()["fault"]) == ""


async def test_who_follows_the_tour_by_hand_is_led_from_step_to_step(
    slack: Sandbox, bot: Service, window: OpenWindow
) -> None:
    async with window("ann") as page:
        await expect(_step(page)).to_have_text("Declare an incident")
        await types(page, "/incident declare Checkout is down")
        await page.get_by_role("dialog").get_by_role("button", name="Declare", exact=True).click()

        await expect(_step(page)).to_have_text("Open its channel")
        await all_done(bot)  # also the card, which nobody has seen yet
        assert slack.guide
        assert slack.guide.shown()["at"] == 1
        await (
            page.get_by_role("region", name="Tour").get_by_role("button", name="Go to #inc-1-checkout-is-down").click()
        )

        await expect(_step(page)).to_have_text("Mark a message")
        await types(page, "Rolled the deploy back", where="Message inc-1")
        await reacts(page, message(page, "Rolled the deploy back"), "hammer")

        await expect(_step(page)).to_have_text("Miss an update")
        await page.get_by_role("button", name="Hide the tour").click()
        await expect(_step(page)).to_have_count(0)
        await page.get_by_role("button", name="Tour", exact=True).click()
        await expect(_step(page)).to_be_visible()


async def test_who_becomes_somebody_else_in_the_middle_stays_so_and_is_told_what_went_wrong(
    slack: Sandbox, window: OpenWindow
) -> None:
    is_over = asyncio.Event()

    async def play(tell: Telling) -> None:
        await tell("Ann looks for it")
        await is_over.wait()
        raise LookupError("there is no :hammer:")

    step = Step("Find it", "Find it.", "ann", lambda: "general", lambda: False, play)
    slack.guide = Walk(slack, Guide("Tour", [step], "That was all.", lambda: None), pace=0)
    async with window("ann") as page:
        tour = page.get_by_role("region", name="Tour")
        await tour.get_by_role("button", name="Show me").click()
        await expect(tour).to_contain_text("Ann looks for it")
        await page.goto(page.url.replace("as=ann", "as=bo"))
        await expect(tour).to_contain_text("Ann looks for it")
        is_over.set()

        await expect(tour.get_by_role("alert")).to_contain_text("This got stuck: there is no 🔨.")
        assert "as=bo" in page.url


def _step(page: Page) -> Locator:
    return page.get_by_role("region", name="Tour").get_by_role("heading")
