"""Once an effect has happened: which workflow writes down what it brought, and owes what follows."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import find_incident
from storage.tables import Delivery, DeliveryKind
from storage.tables.columns import JsonObject
from workflows.adopt import channel_adopted
from workflows.audiences import announced
from workflows.digests import digest_sent
from workflows.files import file_fetched
from workflows.happened import Follow, Happened
from workflows.history import history_read, message_found, thread_read
from workflows.opening import card_posted, channel_opened, digest_posted
from workflows.participants import members_seen
from workflows.people import person_seen
from workflows.process import Process
from workflows.prompts import asked
from workflows.quiet import posted
from workflows.reminding import morning_sent, told
from workflows.trackers import looked_up, tracked

FOLLOW: dict[DeliveryKind, Follow] = {
    DeliveryKind.OPEN_CHANNEL: channel_opened,
    DeliveryKind.ADOPT_CHANNEL: channel_adopted,
    DeliveryKind.POST_CARD: card_posted,
    DeliveryKind.REFRESH_CARD: card_posted,
    DeliveryKind.DIGEST_ENTRY: digest_posted,
    DeliveryKind.TELL_CHANNEL: posted,
    DeliveryKind.ASK: asked,
    DeliveryKind.ANNOUNCE: announced,
    DeliveryKind.READ_HISTORY: history_read,
    DeliveryKind.READ_THREAD: thread_read,
    DeliveryKind.LOOK_UP_MESSAGE: message_found,
    DeliveryKind.FETCH_FILE: file_fetched,
    DeliveryKind.TRACK: tracked,
    DeliveryKind.LOOK_UP_TRACKED: looked_up,
}
"""By kind; the caller holds the incident."""


async def delivered(
    session: AsyncSession, delivery: Delivery, answer: JsonObject, *, process: Process, now: datetime
) -> JsonObject:
    """Write down what an effect brought into being or found out, and owe what can only follow from it.

    What is to be kept of the answer comes back. The caller holds the delivery's incident.
    """
    follow = FOLLOW.get(delivery.kind)
    incident = await find_incident(session, delivery.incident_id) if follow and delivery.incident_id else None
    if follow and incident:
        happened = Happened(session, incident, delivery, answer, process, now)
        return await follow(happened) or answer
    match delivery.kind:
        case DeliveryKind.MORNING:
            return await morning_sent(session, delivery, answer, process=process, now=now)
        case DeliveryKind.TELL_OF_ITEM:
            return await told(session, delivery, answer, process=process, now=now)
        case DeliveryKind.WEEKLY_DIGEST | DeliveryKind.MONTHLY_DIGEST | DeliveryKind.TREND:
            return await digest_sent(session, delivery, answer, process=process, now=now)
        case DeliveryKind.LOOK_UP_PERSON:
            await person_seen(
                session,
                answer["user_id"],
                name=answer["name"],
                email=answer["email"],
                zone=answer["zone"],
                gone=answer.get("gone", False),
                process=process,
                now=now,
                as_of=delivery.due_at,
            )
        case DeliveryKind.LOOK_UP_PARTICIPANTS:
            began_at = datetime.fromisoformat(answer["began_at"])
            await members_seen(session, delivery.incident_id or 0, answer["members"], at=began_at)
        case _:
            pass
    return answer
