"""`/incident unsubscribe`."""

from bot.blocks.subscriptions import followed_list
from bot.commands.ask import Ask
from storage.incidents import find_incident_of_channel
from workflows.subscriptions import Unsubscribe, list_followed, unsubscribe


async def on_unsubscribe(ask: Ask) -> None:
    """In the channel of an incident they follow hear no more of it; elsewhere choose from what is followed."""
    async with ask.services.read() as session:
        here = await find_incident_of_channel(session, ask.channel_id or "")
        followed = await list_followed(session, ask.user_id, channel_id=ask.channel_id)
    kept = [
        each.subscription
        for each in followed
        if here is not None
        and each.subscription.incident_id == here.number
        and each.subscription.user_id == ask.user_id
    ]
    if not kept or here is None:
        await ask.answer(*followed_list(followed, process=ask.services.process))
        return
    command = Unsubscribe(**ask.request(), number=kept[0].number, asked_in=ask.channel_id)
    async with ask.services.transaction() as session:
        await unsubscribe(session, command, now=ask.services.now())
    await ask.answer(f"You follow {here.ref} no more.")
