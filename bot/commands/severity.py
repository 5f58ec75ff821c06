"""`/incident severity [which] [why]`."""

from bot.commands.ask import Ask
from bot.commands.status import split
from bot.views.severity import severity_modal
from storage.tables import Incident
from workflows.commands import ChangeSeverity
from workflows.errors import NoSuchSeverity
from workflows.incidents import change_severity, refuse_if_ended
from workflows.process import Process


async def on_severity(ask: Ask, incident: Incident) -> None:
    """Change it when which and why were typed, otherwise ask for them in the form.

    Raises NoSuchSeverity, AlreadyEnded.
    """
    process = ask.services.process
    refuse_if_ended(incident, so=f"its severity stays {process.severity_name(incident.severity)}")
    word, why = split(ask.words)
    chosen = find_severity(process, word) if word else None
    if chosen is None or not why:
        await ask.open(severity_modal(incident, process=process, asked_in=ask.channel_id, chosen=chosen, reason=why))
        return
    command = ChangeSeverity(
        **ask.request(), incident_id=incident.number, asked_in=ask.channel_id, severity=chosen, reason=why
    )
    async with ask.services.transaction() as session:
        await change_severity(session, command, process=process, now=ask.services.now())
    await ask.done()


def find_severity(process: Process, word: str) -> str:
    """The severity somebody means: by key, by name, or by its number alone.

    Raises NoSuchSeverity.
    """
    wanted = word.lower()
    for key, severity in process.severities.items():
        if wanted in (key, severity.name.lower(), key.removeprefix("sev")):
            return key
    raise NoSuchSeverity(word, [severity.name for severity in process.severities.values()])
