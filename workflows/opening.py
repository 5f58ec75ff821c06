"""What follows when an incident's channel, its card or its digest entry is there."""

from storage.deliveries import list_given_up, wait_again
from storage.incidents import list_roles
from storage.ledger import record
from storage.tables import DeliveryKind, EntryKind, LedgerEntry
from workflows.audiences import announce
from workflows.effects import NO_CHANNEL, US, owe_for, owe_invitation
from workflows.happened import Happened
from workflows.notices import Transition
from workflows.people import meet
from workflows.quiet import posted


async def channel_opened(it: Happened) -> None:
    """A channel was made for it."""
    data = {"name": it.answer["name"]}
    opened = record(it.session, it.incident, EntryKind.CHANNEL_OPENED, by=US, at=it.now, data=data)
    await channel_is_there(it, opened)
    owe_for(it.session, it.incident, DeliveryKind.SET_PURPOSE, lane="purpose", at=it.now)


async def channel_is_there(it: Happened, opened: LedgerEntry) -> None:
    """The declarer is invited before anything optional, then whoever got a role meanwhile; all runs side by side."""
    session, incident, payload, answer, now = it.session, it.incident, it.payload, it.answer, it.now
    incident.channel_id, incident.channel_name = answer["channel_id"], answer["name"]
    for stopped in await list_given_up(session, incident.number):
        if stopped.last_error == NO_CHANNEL:
            wait_again(session, stopped)
    holders = [role.user_id for role in await list_roles(session, [incident.number])]
    for user_id in dict.fromkeys([*payload["invited"], *holders]):
        owe_invitation(session, incident, user_id, at=now)
    if not incident.private:
        owe_for(session, incident, DeliveryKind.DIGEST_ENTRY, lane="digest", at=now)
    owe_for(session, incident, DeliveryKind.SET_TOPIC, lane="topic", at=now)
    if payload["answer_url"]:
        owe_for(
            session,
            incident,
            DeliveryKind.ANSWER_DECLARER,
            lane="answer",
            at=now,
            payload={"answer_url": payload["answer_url"]},
        )
    await meet(session, [*payload["invited"], *holders], now=now)
    await announce(session, incident, Transition.DECLARED, opened, process=it.process, now=now)


async def card_posted(it: Happened) -> None:
    """The card is there: pin it, and draw it anew if something changed meanwhile."""
    session, incident, answer, now = it.session, it.incident, it.answer, it.now
    if answer["ts"] == incident.card_ts:
        return  # the same card, drawn anew
    incident.card_ts = answer["ts"]
    await posted(it)
    owe_for(session, incident, DeliveryKind.PIN_CARD, lane="pin", at=now, name=answer["ts"])
    owe_for(session, incident, DeliveryKind.ADD_BOOKMARK, lane="bookmark", at=now, name=answer["ts"])
    if incident.ledger_length > answer["drawn_at"]:
        owe_for(session, incident, DeliveryKind.REFRESH_CARD, lane="card", at=now, name=str(incident.ledger_length))


async def digest_posted(it: Happened) -> None:
    """The digest entry is there: draw it anew if something changed meanwhile."""
    session, incident, answer, now = it.session, it.incident, it.answer, it.now
    first = incident.digest_ts is None
    incident.digest_channel_id, incident.digest_ts = answer["channel_id"], answer["ts"]
    if first and incident.ledger_length > answer["drawn_at"]:
        owe_for(session, incident, DeliveryKind.DIGEST_ENTRY, lane="digest", at=now, name=str(incident.ledger_length))
