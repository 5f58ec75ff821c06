"""A channel that was there before becomes an incident's channel, with its past."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import find_owed, owe_unless_owed
from storage.incidents import find_incident, find_incident_of_channel
from storage.ledger import record
from storage.tables import DeliveryKind, EntryKind, Incident
from workflows.access import may_see
from workflows.effects import owe_for
from workflows.errors import ChannelTaken
from workflows.happened import Happened
from workflows.opening import channel_is_there
from workflows.participants import owe_looking_who_is_in
from workflows.readings import owe_reading


async def owe_adoption(
    session: AsyncSession, incident: Incident, channel_id: str, *, invited: list[str], by: str, now: datetime
) -> None:
    """Owe a new incident this channel, with the card in it; once for every channel.

    Raises ChannelTaken where it is, or is about to become, another incident's.
    """
    key = f"{DeliveryKind.ADOPT_CHANNEL}/{channel_id}"
    holder = await find_incident_of_channel(session, channel_id)
    if holder is None and await owe_unless_owed(
        session,
        DeliveryKind.ADOPT_CHANNEL,
        lane=f"{incident.ref}/messages",
        key=key,
        due_at=now,
        payload={"channel_id": channel_id, "invited": invited, "answer_url": None},
        incident_id=incident.number,
    ):
        owe_for(session, incident, DeliveryKind.POST_CARD, lane="messages", at=now)
        return
    owed = await find_owed(session, key)
    if holder is None and owed is not None and owed.incident_id is not None:
        holder = await find_incident(session, owed.incident_id)
    seen = holder is not None and await may_see(session, holder, by, asked_in=channel_id)
    raise ChannelTaken(holder.ref if holder is not None and seen else None)


async def channel_adopted(it: Happened) -> None:
    """The channel is the incident's: all goes on as in one of its own, but for its purpose, and its past is read."""
    incident, answer = it.incident, it.answer
    incident.adopted = True
    incident.private = incident.private or answer["private"]  # it may have become so since the form was opened
    by, data = incident.declared_by, {"name": answer["name"]}
    adopted = record(it.session, incident, EntryKind.ADOPTED, by=by, at=it.now, data=data)
    await channel_is_there(it, adopted)
    if incident.private:
        await owe_looking_who_is_in(it.session, incident, now=it.now)
    await owe_reading(it.session, incident, now=it.now)
