"""An incident in the browser: what people do on the page reaches the real bot, and what it does is on the page."""

import pytest
from playwright.async_api import expect

from bot.service import Service
from sandbox import Sandbox
from tests.journeys.reminding import an_item
from tests.journeys.telling import all_done, declare
from tests.page.along import Along
from tests.page.conftest import OpenWindow
from tests.page.doing import goes_to, message, reacts, types

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_declaration_by_keyboard_alone_ends_in_a_channel_that_is_ready(
    slack: Sandbox, bot: Service, window: OpenWindow
) -> None:
    async with window("ann") as page:
        field = page.get_by_role("textbox", name="Message")
        await field.focus()
        await page.keyboard.type("/incident declare Checkout is down")
        await page.keyboard.press("Escape")
        await page.keyboard.press("Enter")
        form = page.get_by_role("dialog", name="Declare an incident")
        await expect(form.get_by_role("textbox", name="Title")).to_have_value("Checkout is down")
        await form.get_by_role("combobox", name="Impact").click()
        await form.get_by_role("option", name="Everyone").click()
        await expect(form).to_contain_text("SEV1")
        await form.get_by_role("button", name="Declare", exact=True).press("Enter")
        await expect(form).to_have_count(0)
        await goes_to(page, "inc-1-checkout-is-down")

        await expect(message(page, "Nobody has said")).to_be_visible()


async def test_a_prompt_is_answered_in_its_thread_and_the_answer_is_there_for_everybody(
    slack: Sandbox, bot: Service, window: OpenWindow
) -> None:
    channel = await declare(slack, answers={"Impact": "Everyone", "Urgency": "Now"})
    slack.travel.take_along(Along(bot))
    async with window("ann", slack.person("ann").screen.channel(channel).id) as page:
        await slack.travel.by(12 * 60)
        asked = message(page, "The next update is promised")
        await asked.hover()
        await asked.get_by_role("button", name="Reply in thread").click()
        await types(page, "Rolled back; card payments go through again.", where="Reply")
        draft = message(page, "Publish", where="Thread")
        await draft.get_by_role("button", name="Publish").click()

        await expect(message(page, "card payments go through again")).to_be_visible()


async def test_a_mark_puts_what_was_said_on_the_timeline(slack: Sandbox, bot: Service, window: OpenWindow) -> None:
    channel = await declare(slack)
    async with window("bo", slack.person("bo").screen.channel(channel).id) as page:
        await page.get_by_role("button", name="Join channel").click()
        await types(page, "Rolled the 02:40 deploy back")
        said = message(page, "Rolled the 02:40 deploy back")
        await reacts(page, said, "hammer")
        await expect(said.get_by_role("button", name="white check mark")).to_be_visible()
        await types(page, "/incident timeline")

        await expect(page.get_by_role("dialog", name="Timeline")).to_contain_text("Rolled the 02:40 deploy back")


async def test_two_people_in_two_windows_see_each_other_at_once(
    slack: Sandbox, bot: Service, window: OpenWindow
) -> None:
    async with window("ann") as anns, window("bo") as bos:
        await goes_to(bos, "general")
        await types(anns, "is checkout slow for you too, @bo?")
        await goes_to(bos, "random")
        await types(anns, "it is *really* slow, @bo")
        general = bos.get_by_role("navigation", name="Conversations").get_by_role("link", name="general")
        await expect(general).to_contain_text("1")
        await goes_to(bos, "general")
        await reacts(bos, message(bos, "is checkout slow"), "eyes")

        await expect(message(anns, "is checkout slow").get_by_role("button", name="eyes")).to_be_visible()
        await expect(message(bos, "it is really slow")).to_be_visible()


async def test_a_private_incident_is_not_there_for_others_until_they_are_let_in(
    slack: Sandbox, bot: Service, window: OpenWindow
) -> None:
    async with window("bo") as bos:
        channel = await declare(slack, "Keys leaked", answers={"Type": "Security"})
        await all_done(bot)
        await slack.person("ann").types("nobody else knows", channel="general")
        await expect(message(bos, "nobody else knows")).to_be_visible()
        await expect(bos.get_by_text("leaked")).to_have_count(0)
        await slack.person("ann").invites("bo", channel)
        await goes_to(bos, "leaked")

        await expect(message(bos, "Take a role")).to_be_visible()


async def test_an_old_button_says_what_has_become_of_what_it_was_for(
    slack: Sandbox, bot: Service, window: OpenWindow
) -> None:
    channel = await declare(slack)
    await an_item(slack, bot, channel, title="Alert on refused cards")
    bo = slack.person("bo")
    async with window("bo") as page:
        await goes_to(page, "sitrep")
        await page.get_by_role("tab", name="Messages").click()
        given = message(page, "has given you")
        await expect(given.get_by_role("button", name="Accept")).to_be_visible()
        slack.faults.fail("chat.update", error="internal_error", times=1000)  # the message stays as it was
        await bo.press("Done", bo.dm()[-1])
        await given.get_by_role("button", name="Accept").click()

        await expect(message(page, "Only visible to you")).to_contain_text("ACT-1 is")


async def test_next_monday_is_a_button_away_and_brings_the_mornings_message(
    slack: Sandbox, bot: Service, window: OpenWindow
) -> None:
    channel = await declare(slack)
    await an_item(slack, bot, channel, title="Alert on refused cards")
    slack.travel.take_along(Along(bot))
    async with window("bo") as page:
        await page.get_by_role("button", name="Time", exact=True).click()
        await page.get_by_role("button", name="Next Monday").click()
        await goes_to(page, "sitrep")
        await page.get_by_role("tab", name="Messages").click()
        morning = message(page, "Good morning")
        await expect(morning).to_contain_text("Alert on refused cards")
        await expect(page.get_by_role("complementary", name="Time")).to_contain_text("Monday")
        await morning.get_by_role("button", name="Open").click()
        item = page.get_by_role("dialog", name="ACT-1")
        await item.get_by_role("button", name="Done").click()

        await expect(item).to_contain_text("Done")
        await expect(morning).to_contain_text("done today, says @bo")
