"""`/incident theme [name]`."""

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.blocks.themes import theme_list
from bot.commands.ask import Ask, ask_of_button
from bot.services import Services
from bot.views.theme import NAME_LIMIT, theme_modal
from storage.people import find_person
from storage.themes import find_theme, find_theme_named
from workflows.calendars import calendar_in
from workflows.themes import ThemeNotFound, list_roll_ups


async def on_theme(ask: Ask) -> None:
    """List the themes; with a name open the form of the theme that has it, or of a new one."""
    name = " ".join((await ask.plain_words()).split())
    if name:
        async with ask.services.read() as session:
            theme = await find_theme_named(session, name)
        await ask.open(theme_modal(theme, name=name[:NAME_LIMIT], owner=ask.user_id))
        return
    async with ask.services.read() as session:
        reader = await find_person(session, ask.user_id)
        today = calendar_in(reader.zone if reader else None, ask.services.process).today(ask.services.now())
        themes = await list_roll_ups(session, today=today, viewer=ask.user_id)
    await ask.answer(*theme_list(themes))


async def on_theme_clicked(slack: AsyncArgs, services: Services) -> None:
    """New theme, or Change beside one, was pressed.

    Raises ThemeNotFound.
    """
    ask, value = ask_of_button(slack, services), slack.body["actions"][0].get("value")
    theme = None
    if value:
        async with services.read() as session:
            theme = await find_theme(session, int(value))
        if theme is None:
            raise ThemeNotFound
    await ask.open(theme_modal(theme, owner=ask.user_id))
