"""Audiences: who hears of a transition, each once."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.notices import Owed, owe_many_unless_owed
from storage.people import list_ids_of_addresses, list_names
from storage.subscriptions import list_fitting_subscriptions
from storage.tables import DeliveryKind, Incident, LedgerEntry
from storage.tables.columns import JsonObject
from storage.timeline import list_shown
from workflows.effects import owe_for
from workflows.faults import report_unknown
from workflows.happened import Happened
from workflows.notice_words import Turn, notice_of, people_in, public_notice
from workflows.notices import Notice, Transition
from workflows.process import Process
from workflows.recipients import Found, Recipient, followers, matching_rules, recipients_of
from workflows.situation import Situation, situation_of

ACTIONS = ("action", "containment")
"""Categories of timeline entries that say what was done."""


async def announce(
    session: AsyncSession,
    incident: Incident,
    transition: Transition,
    entry: LedgerEntry,
    *,
    process: Process,
    now: datetime,
) -> None:
    """Owe a transition's notices as one delivery, if anybody wants to hear; who that is in the world comes after it."""
    told = transitions_told(transition, entry)
    severity = _severity_told(incident, transition, entry, process)
    rules = matching_rules(incident, told, severity=severity, process=process)
    following = await subscribers(session, incident, transition, severity=severity, process=process)
    if not rules and not following:
        return
    resolved = transition is Transition.RESOLVED
    actions = await list_shown(session, incident.number, categories=ACTIONS) if resolved else ()
    turn = Turn(transition, entry, await situation_of(session, incident), process, actions)
    payload: JsonObject = {
        "notice": notice_of(turn).to_json(),
        "public": public_notice(turn).to_json() if transition is Transition.PUBLIC else None,
        "rules": {key: heard.value for key, heard in rules.items()},
        "followers": following,
        "once": {heard.value: _once(incident, heard, entry) for heard in told},
    }
    name = f"{entry.sequence}/{transition}"
    owe_for(session, incident, DeliveryKind.ANNOUNCE, lane="announce", at=now, name=name, payload=payload)


def transitions_told(transition: Transition, entry: LedgerEntry) -> tuple[Transition, ...]:
    """What one notice tells: an update that brings a new status tells of that too."""
    before, after = entry.data.get("from"), entry.data.get("to")
    if transition is Transition.UPDATE and after and before != after:
        return transition, Transition(after)
    return (transition,)


def _severity_told(incident: Incident, transition: Transition, entry: LedgerEntry, process: Process) -> str:
    """The worse of both when it is lowered: who heard how bad it was hears that it is less bad."""
    if transition is Transition.SEVERITY_LOWERED:
        return min(str(entry.data["from"]), incident.severity, key=process.rank)
    return incident.severity


async def subscribers(
    session: AsyncSession, incident: Incident, transition: Transition, *, severity: str, process: Process
) -> list[str]:
    """The people and channels that subscribed to this, each once; a text for people outside is not meant for them."""
    if transition is Transition.PUBLIC:
        return []
    fitting = await list_fitting_subscriptions(
        session,
        incident.number,
        severities=[key for key in process.severities if process.rank(key) >= process.rank(severity)],
        type_=incident.type,
        services=[service.lower() for service in incident.services],
    )
    return list(dict.fromkeys(wish.user_id or wish.channel_id or "" for wish in fitting))


def _once(incident: Incident, transition: Transition, entry: LedgerEntry) -> str:
    """What makes it the same transition when it comes again; every update is one of its own."""
    match transition:
        case Transition.UPDATE | Transition.PUBLIC:
            which = str(entry.sequence)
        case Transition.SEVERITY_RAISED | Transition.SEVERITY_LOWERED:
            which = str(entry.data["to"])
        case _:
            which = ""
    return "/".join(filter(None, (incident.marker, str(incident.reopened_times), transition, which)))


async def announced(it: Happened) -> JsonObject:
    """The names are looked up: owe each recipient who may hear their notice, and have unknown names reported."""
    situation = await situation_of(it.session, it.incident)
    notice = await _with_names(it, Notice.from_json(it.payload["notice"]))
    inside, outside = notice.to_json(), it.payload["public"]
    found = await _found(it)
    owed = [
        _owed(each, outside if each.external else inside, once=it.payload["once"][heard])
        for heard, each in _everybody(it, situation, found)
        if not each.external or outside  # an audience may have become one of people outside since it was announced
    ]
    new = await owe_many_unless_owed(it.session, owed, incident_id=it.incident.number, due_at=it.now)
    for unknown in it.answer["unknown"]:
        await report_unknown(it.session, it.incident, unknown, now=it.now)
    return {"recipients": len(owed), "new": new, "unknown": it.answer["unknown"]}


def _everybody(it: Happened, situation: Situation, found: Found) -> list[tuple[str, Recipient]]:
    """Each who hears, once, and of which transition; who hears of an update is told of its status by that."""
    heard_by: dict[tuple[DeliveryKind, str], tuple[str, Recipient]] = {}
    for heard in it.payload["once"]:
        rules = [key for key, transition in it.payload["rules"].items() if transition == heard]
        for each in recipients_of(rules, situation, found, it.process):
            heard_by.setdefault((each.road, each.to.lower()), (heard, each))
    first = next(iter(it.payload["once"]))
    for each in followers(it.payload["followers"], situation):
        heard_by.setdefault((each.road, each.to.lower()), (first, each))
    return list(heard_by.values())


def _owed(recipient: Recipient, notice: JsonObject, *, once: str) -> Owed:
    payload = {**recipient.payload, "transition": notice["transition"], "notice": notice}
    key = f"{once}/{recipient.road}/{recipient.to.lower()}"
    return Owed(recipient.road, recipient.lane, key, payload)


async def _found(it: Happened) -> Found:
    """What was found in the world, and who is behind an address where that decides who may hear."""
    people = dict(it.answer["people"])
    if it.incident.private:
        addresses = [address for key in it.payload["rules"] for address in _addresses(key, it.process)]
        people |= await list_ids_of_addresses(it.session, addresses)
    return Found(it.answer["channels"], it.answer["groups"], people)


def _addresses(key: str, process: Process) -> list[str]:
    return process.audiences[key].emails if key in process.audiences else []


async def _with_names(it: Happened, notice: Notice) -> Notice:
    """With the names of the people in its words, for media without mentions."""
    return replace(notice, names={**it.answer["names"], **await list_names(it.session, people_in(notice))})
