"""`/incident role [which] [@someone | nobody]` and `/incident lead [@someone | nobody]`."""

from bot.blocks.text import mentioned, prose
from bot.commands.ask import Ask
from bot.views.role import give_role_modal, take_role_modal
from storage.tables import Incident
from workflows.commands import AssignRole, ReleaseRole
from workflows.errors import NoSuchRole
from workflows.incidents import refuse_if_ended
from workflows.process import Process
from workflows.roles import ROLES_STAY, assign_role, doubled, release_role
from workflows.situation import situation_of

ME = ("me", "myself", "@me", "@you")
NOBODY = ("nobody", "no one", "noone", "none", "-")


async def on_lead(ask: Ask, incident: Incident) -> None:
    """Give the lead to somebody, or ask to whom.

    Raises AlreadyEnded.
    """
    await _give(ask, incident, "lead", ask.words)


async def on_role(ask: Ask, incident: Incident) -> None:
    """Give a role to somebody, or ask which one and to whom.

    Raises NoSuchRole, AlreadyEnded.
    """
    refuse_if_ended(incident, so=ROLES_STAY)
    word, _, rest = ask.words.partition(" ")
    if not word:
        async with ask.services.read() as session:
            situation = await situation_of(session, incident)
        await ask.open(take_role_modal(situation, process=ask.services.process, asked_in=ask.channel_id))
        return
    await _give(ask, incident, find_role(ask.services.process, word), rest)


async def _give(ask: Ask, incident: Incident, role: str, words: str) -> None:
    refuse_if_ended(incident, so=ROLES_STAY)
    if words.strip().lower() in NOBODY:
        await _release(ask, incident, role)
        return
    to = ask.user_id if words.strip().lower() in ME else mentioned(words)
    if to is None:
        async with ask.services.read() as session:
            situation = await situation_of(session, incident)
        await ask.open(
            give_role_modal(situation, process=ask.services.process, asked_in=ask.channel_id, role=role, to=ask.user_id)
        )
        return
    await ask.services.refuse_ourselves(to)
    command = AssignRole(**ask.request(), incident_id=incident.number, asked_in=ask.channel_id, role=role, to=to)
    async with ask.services.transaction() as session:
        given = await assign_role(session, command, process=ask.services.process, now=ask.services.now())
        warning = doubled(await situation_of(session, given), ask.services.process)
    if warning:
        await ask.answer(f":information_source: {prose(warning)}")
    else:
        await ask.done()


async def _release(ask: Ask, incident: Incident, role: str) -> None:
    command = ReleaseRole(**ask.request(), incident_id=incident.number, asked_in=ask.channel_id, role=role)
    async with ask.services.transaction() as session:
        await release_role(session, command, process=ask.services.process, now=ask.services.now())
    await ask.done()


def find_role(process: Process, word: str) -> str:
    """The role somebody means, by the beginning of its key or name: `comms` is communications.

    Raises NoSuchRole.
    """
    wanted = word.lower().rstrip("s") if word.lower() not in process.roles else word.lower()
    for key, role in process.roles.items():
        if wanted and (key.startswith(wanted) or role.name.lower().startswith(wanted)):
            return key
    raise NoSuchRole(word, [role.name for role in process.roles.values()])
