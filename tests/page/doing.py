"""What somebody does on the page, by what stands there: places, messages, forms."""

from playwright.async_api import Locator, Page


async def goes_to(page: Page, name: str) -> None:
    """Press a conversation in the list."""
    await page.get_by_role("navigation", name="Conversations").get_by_role("link", name=name).first.click()


async def types(page: Page, words: str, *, where: str = "Message") -> None:
    """Write into the field of this name, and send."""
    field = page.get_by_role("textbox", name=where)
    await field.fill(words)
    await field.press("Escape")  # closes what may be offered for the words
    await field.press("Enter")


def message(page: Page, containing: str, *, where: str = "Messages") -> Locator:
    """The newest message that reads so, in the conversation or (where="Thread") in its thread."""
    return page.get_by_label(where, exact=True).get_by_role("article").filter(has_text=containing).last


async def reacts(page: Page, shown: Locator, emoji: str) -> None:
    """Put a reaction on a message by the menu that hovering shows."""
    await shown.hover()
    await shown.get_by_role("button", name="Add reaction").first.click()
    await page.get_by_role("searchbox").fill(emoji)
    await page.keyboard.press("Enter")


async def more(page: Page, shown: Locator, action: str) -> None:
    """Choose from the menu of a message."""
    await shown.hover()
    await shown.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name=action).click()
