"""Subscriptions: somebody, or a channel, wants to hear of one incident or of all that fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.subscriptions import (
    add_subscription,
    find_same_subscription,
    find_subscription,
    list_subscriptions,
    remove_subscription,
)
from storage.tables import Incident, Subscription
from workflows.access import begin, see_incident
from workflows.commands import Command
from workflows.errors import Declined, NoSuchSeverity
from workflows.process import Process
from workflows.situation import list_situations


@dataclass(frozen=True, kw_only=True)
class Wish(Command):
    """Hear of one incident, or of all that fit every condition that is given."""

    incident_id: int | None = None
    asked_in: str | None = None
    channel_id: str | None = None
    """A channel that is to hear; nothing: the asker, by direct message."""
    severity: str | None = None
    """At least as bad as this."""
    type: str | None = None
    service: str | None = None


@dataclass(frozen=True, kw_only=True)
class Unsubscribe(Command):
    """Hear no more of it."""

    number: int
    asked_in: str | None = None
    """Who is in a channel may end what that channel follows."""


class PrivateStaysPrivate(Declined):
    """A channel cannot follow a private incident."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(f"{incident.ref} is private, so no channel can follow it; subscribe for yourself instead.")


class NotYours(Declined):
    """The subscription is somebody else's."""

    def __init__(self) -> None:
        super().__init__("That subscription is somebody else's, so it was left as it is.")


async def subscribe(session: AsyncSession, wish: Wish, *, process: Process, now: datetime) -> tuple[Subscription, bool]:
    """Keep a wish, and say whether it is new: the same one twice is one.

    Raises IncidentNotFound for an incident they may not see, PrivateStaysPrivate, NoSuchSeverity.
    """
    await begin(session, wish, now=now)
    if wish.incident_id is not None:
        incident = await see_incident(session, wish.incident_id, wish.by, asked_in=wish.asked_in)
        if wish.channel_id is not None and incident.private:
            raise PrivateStaysPrivate(incident)
    if wish.severity is not None and wish.severity not in process.severities:
        raise NoSuchSeverity(wish.severity, [severity.name for severity in process.severities.values()])
    asked = {
        "user_id": None if wish.channel_id else wish.by,
        "channel_id": wish.channel_id,
        "incident_id": wish.incident_id,
        "severity": wish.severity,
        "type": wish.type,
        "service": wish.service.lower() if wish.service else None,
    }
    new = await add_subscription(session, asked, by=wish.by, at=now)
    return await find_same_subscription(session, asked), new


async def unsubscribe(session: AsyncSession, command: Unsubscribe, *, now: datetime) -> bool:
    """Let go of a wish; False when it had gone before.

    Raises NotYours.
    """
    await begin(session, command, now=now)
    kept = await find_subscription(session, command.number)
    if kept is None:
        return False
    theirs = command.by in (kept.user_id, kept.created_by)
    if not theirs and (kept.channel_id is None or kept.channel_id != command.asked_in):
        raise NotYours
    await remove_subscription(session, command.number)
    return True


@dataclass(frozen=True)
class Followed:
    """A subscription, and the incident it is to if it is to one."""

    subscription: Subscription
    incident: Incident | None


async def list_followed(session: AsyncSession, user_id: str, *, channel_id: str | None = None) -> Sequence[Followed]:
    """What somebody follows, had a channel follow, or finds followed by the channel they ask in; newest first.

    An incident that they may not see any more is not shown.
    """
    kept = await list_subscriptions(session, user_id, channel_id=channel_id)
    situations = await list_situations(session, {each.incident_id for each in kept if each.incident_id})
    shown = []
    for each in kept:
        situation = situations.get(each.incident_id or 0)
        if each.incident_id is None or (situation and situation.visible_to(user_id)):
            shown.append(Followed(each, situation.incident if situation else None))
    return shown
