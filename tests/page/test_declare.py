"""Declaring an incident on the page."""

import pytest

from bot.service import Service
from sandbox import Sandbox
from tests.page.conftest import OpenWindow

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_somebody_declares_an_incident_and_is_in_its_channel(
    slack: Sandbox, bot: Service, window: OpenWindow
) -> None:
    async with window("ann") as page:
        box = page.get_by_role("textbox", name="Message general")
        await box.fill("/incident declare Checkout is down")
        await box.press("Enter")
        form = page.get_by_role("dialog", name="Declare an incident")
        await form.get_by_role("button", name="Declare", exact=True).click()
        await form.wait_for(state="detached")
        await page.get_by_label("Conversations").get_by_text("inc-1-checkout-is-down").click()

        await page.get_by_text("Nobody has said what is affected").wait_for()
