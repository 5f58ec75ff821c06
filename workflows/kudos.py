"""Kudos: thanks by name, in public, to whoever likes that; to whoever does not, in private."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import owe
from storage.ledger import record
from storage.people import find_person, list_people, set_praise
from storage.tables import DeliveryKind, EntryKind, Incident, TimelineEntry
from storage.tables.columns import JsonObject
from workflows.access import begin, begin_change, may_see
from workflows.commands import Command, IncidentCommand
from workflows.effects import owe_message
from workflows.errors import Declined, person
from workflows.masking import mask
from workflows.people import meet


@dataclass(frozen=True, kw_only=True)
class GiveKudos(IncidentCommand):
    """Thank somebody for what they did in an incident."""

    to: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ChoosePraise(Command):
    """Say whether one wants to be thanked in public."""

    wanted: bool


class ThanksToOneself(Declined):
    """Nobody thanks themselves."""

    def __init__(self) -> None:
        super().__init__("Kudos are for somebody else, so nothing was said. Name who helped.")


class HiddenFromThanked(Declined):
    """The incident is private, and they are not in its channel."""

    def __init__(self, incident: Incident, who: str) -> None:
        super().__init__(
            f"{incident.ref} is private and {person(who)} is not in its channel, so nothing was said. "
            "Thank them without naming it."
        )


async def give_kudos(session: AsyncSession, command: GiveKudos, *, now: datetime) -> bool:
    """Thank somebody under the incident's card, in its record and in the digest; whether it was in public.

    Who asked not to be thanked in public is told by direct message, and it is written down nowhere else.
    Raises AlreadyReceived, IncidentNotFound, ThanksToOneself, HiddenFromThanked.
    """
    incident = await begin_change(session, command, now=now)
    if command.to == command.by:
        raise ThanksToOneself
    if not await may_see(session, incident, command.to):
        raise HiddenFromThanked(incident, command.to)
    await meet(session, [command.by, command.to], now=now)
    said: JsonObject = {"to": command.to, "text": mask(command.text)}
    thanked = await find_person(session, command.to)
    if thanked is not None and thanked.no_praise:
        _owe_in_private(session, incident, command, said, now=now)
        return False
    entry = record(session, incident, EntryKind.KUDOS, by=command.by, at=now, data=said)
    incident.last_activity_at = now
    owe_message(session, incident, entry, in_thread=True)
    return True


def _owe_in_private(
    session: AsyncSession, incident: Incident, command: GiveKudos, said: JsonObject, *, now: datetime
) -> None:
    owe(
        session,
        DeliveryKind.TELL_PERSON,
        lane=f"person/{command.to}",
        key=f"{incident.marker}/{DeliveryKind.TELL_PERSON}/kudos/{command.request_id}",
        due_at=now,
        incident_id=incident.number,
        payload={"to": command.to, "by": command.by, "kudos": said["text"]},
    )


async def choose_praise(session: AsyncSession, command: ChoosePraise, *, now: datetime) -> None:
    """Keep whether somebody wants to be thanked in public; what they own stays theirs. Raises AlreadyReceived."""
    await begin(session, command, now=now)
    await set_praise(session, command.by, wanted=command.wanted, at=now)
    await meet(session, [command.by], now=now)


async def without_unwanted_thanks(session: AsyncSession, timeline: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    """A timeline without thanks to people who have since asked not to be thanked in public."""
    thanked = {entry.data["to"] for entry in timeline if entry.kind is EntryKind.KUDOS}
    people = await list_people(session, thanked)
    unwanted = {one.user_id for one in people.values() if one.no_praise}
    return [entry for entry in timeline if entry.kind is not EntryKind.KUDOS or entry.data["to"] not in unwanted]
