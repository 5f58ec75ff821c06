"""The button under a report of something that could not be done."""

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.blocks.text import plural
from bot.commands.ask import ask_of_button
from bot.services import Services
from storage.requests import receive
from workflows.access import see_incident
from workflows.errors import AlreadyReceived
from workflows.faults import retry_given_up


async def on_try_again_clicked(slack: AsyncArgs, services: Services) -> None:
    """Everything of the incident that was given up is tried once more; pressed twice it does no harm."""
    ask = ask_of_button(slack, services)
    incident_id = int(slack.body["actions"][0]["value"])
    async with services.transaction() as session:
        if not await receive(session, ask.request_id, at=services.now()):
            raise AlreadyReceived(ask.request_id)
        incident = await see_incident(session, incident_id, ask.user_id)
        again = await retry_given_up(session, incident_id)
    if again:
        await ask.answer(
            f"Trying {plural(again, 'thing')} of {incident.ref} again. Notices that fail again are in "
            f"`/incident who {incident.ref}`; of anything else that fails you hear from me."
        )
    else:
        await ask.answer(f"Nothing of {incident.ref} is left to try again.")
