"""Buttons that open a form: the card's, and those of private answers."""

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.commands.ask import Ask, ask_of_button
from bot.commands.declare import on_declare
from bot.commands.verbs import ABOUT_ONE
from bot.services import Services
from bot.views.status import status_modal
from storage.tables import Incident
from workflows.access import see_incident
from workflows.errors import AlreadyEnded
from workflows.lifecycle import choices


async def on_update_clicked(slack: AsyncArgs, services: Services) -> None:
    """Update was pressed."""
    await _as_if_typed("update", slack, services)


async def on_take_role_clicked(slack: AsyncArgs, services: Services) -> None:
    """Take a role was pressed."""
    await _as_if_typed("role", slack, services)


async def on_severity_clicked(slack: AsyncArgs, services: Services) -> None:
    """Severity was pressed."""
    await _as_if_typed("severity", slack, services)


async def on_facts_clicked(slack: AsyncArgs, services: Services) -> None:
    """Facts was pressed."""
    await _as_if_typed("facts", slack, services)


async def on_note_clicked(slack: AsyncArgs, services: Services) -> None:
    """Note was pressed."""
    await _as_if_typed("note", slack, services)


async def on_resolve_clicked(slack: AsyncArgs, services: Services) -> None:
    """Resolve was pressed."""
    await _as_if_typed("resolve", slack, services)


async def on_reopen_clicked(slack: AsyncArgs, services: Services) -> None:
    """Reopen was pressed."""
    await _as_if_typed("reopen", slack, services)


async def on_change_status_clicked(slack: AsyncArgs, services: Services) -> None:
    """Change status was pressed."""
    ask, incident = await _pressed(slack, services)
    if not choices(incident.status):
        raise AlreadyEnded(incident, so="its status stays")
    await ask.open(status_modal(incident, asked_in=ask.channel_id))


async def on_declare_clicked(slack: AsyncArgs, services: Services) -> None:
    """Declare an incident was pressed."""
    await on_declare(ask_of_button(slack, services))


async def _as_if_typed(verb: str, slack: AsyncArgs, services: Services) -> None:
    """A button does what its verb does without words."""
    ask, incident = await _pressed(slack, services)
    await ABOUT_ONE[verb](ask, incident)


async def _pressed(slack: AsyncArgs, services: Services) -> tuple[Ask, Incident]:
    """Who pressed, and on which incident, as it is now.

    Raises IncidentNotFound.
    """
    ask = ask_of_button(slack, services)
    async with services.read() as session:
        incident = await see_incident(
            session, int(slack.body["actions"][0]["value"]), ask.user_id, asked_in=ask.channel_id
        )
    return ask, incident
