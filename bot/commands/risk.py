"""`/incident risk [text] [until day]`: accept a risk; alone the register of those that are accepted."""

import asyncio

from bot.commands.ask import Ask
from bot.dates import split_day
from bot.views.about_question import AboutQuestion
from bot.views.risk import risk_modal
from bot.views.risks import Register, draw_register
from storage.tables import Incident
from workflows.action_items import calendar_of
from workflows.item_lists import incident_here
from workflows.masking import mask
from workflows.risks import USUAL


async def on_risks(ask: Ask) -> None:
    """Open the register of the incident whose channel this is; elsewhere that of all the asker may see."""
    async with ask.services.read() as session:
        incident = await incident_here(session, ask.channel_id, ask.user_id)
    asked = Register(incident.number if incident else None, ask.channel_id)
    await ask.open(await draw_register(ask.services, asked, viewer=ask.user_id))


async def on_risk(ask: Ask, incident: Incident) -> None:
    """Ask in the form for what one line cannot say: why it is accepted, and who looks after it."""
    if not ask.words:
        asked = Register(incident.number, ask.channel_id)
        await ask.open(await draw_register(ask.services, asked, viewer=ask.user_id))
        return
    async with ask.services.read() as session:
        today = (await calendar_of(session, ask.user_id, ask.services.process)).today(ask.services.now())
    # In a thread of its own: the first day in words waits for its library.
    title, review_on = await asyncio.to_thread(split_day, mask(await ask.plain_words()), today=today)
    about = AboutQuestion(incident.number, ask.channel_id)
    await ask.open(
        risk_modal(incident, title=title, owner=ask.user_id, review_on=review_on or today + USUAL, about=about)
    )
