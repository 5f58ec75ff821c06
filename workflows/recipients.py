"""Who is behind the audiences of `sitrep.toml`, and who of them may hear. No I/O."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from storage.tables import DeliveryKind, Incident
from storage.tables.columns import JsonObject
from workflows.notices import Transition
from workflows.process import Process
from workflows.process_parts import Audience, AudienceKind
from workflows.situation import Situation

SUBSCRIPTION = "subscription"
"""Why somebody hears who asked for it; others hear because of a key of sitrep.toml."""


@dataclass(frozen=True)
class Found:
    """What the names of sitrep.toml stand for in the world, as far as they stand for anything."""

    channels: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The people in each."""
    people: Mapping[str, str] = field(default_factory=dict)
    """Also those behind the addresses that get mail, where the incident is private."""


@dataclass(frozen=True)
class Recipient:
    """One who hears, on which road, and why."""

    road: DeliveryKind
    to: str
    why: str
    external: bool = False
    reader: str | None = None
    """The person behind an address."""

    @property
    def lane(self) -> str:
        """What goes to one recipient arrives in order."""
        if self.road is DeliveryKind.NOTICE:
            return f"person/{self.to}" if is_person(self.to) else f"channel/{self.to}"
        return f"{self.road}/{self.to}"

    @property
    def payload(self) -> JsonObject:
        """For its delivery."""
        return {"to": self.to, "why": self.why, "reader": self.reader}


def is_person(recipient: str) -> bool:
    """Whether an id is somebody's, and not a channel's."""
    return recipient[:1] in ("U", "W")


def matching_rules(
    incident: Incident, told: Sequence[Transition], *, severity: str, process: Process
) -> dict[str, Transition]:
    """The audiences that hear of one of these, by key, and of which: every condition holds, by one of its values."""
    return {
        key: heard
        for key, rule in process.audiences.items()
        if _fits(rule, incident, severity, process)
        for heard in [next((each for each in told if _asks_for(rule, each)), None)]
        if heard is not None
    }


def _fits(rule: Audience, incident: Incident, severity: str, process: Process) -> bool:
    if rule.severity is not None and process.rank(severity) > process.rank(rule.severity):
        return False
    if rule.types and incident.type not in rule.types:
        return False
    named = {service.lower() for service in rule.services}
    return not named or bool(named & {service.lower() for service in incident.services})


def _asks_for(rule: Audience, transition: Transition) -> bool:
    if rule.kind is AudienceKind.EXTERNAL:
        return transition is Transition.PUBLIC  # and no word written for ourselves, whatever else it asks for
    return not rule.on or transition in rule.on


def recipients_of(rules: Collection[str], situation: Situation, found: Found, process: Process) -> list[Recipient]:
    """Everybody behind these rules who may hear, each once however many of the rules name them.

    Who is named as somebody outside is outside, whatever other rule names them too.
    """
    known = {key: process.audiences[key] for key in rules if key in process.audiences}
    in_order = sorted(known.items(), key=lambda rule: rule[1].kind is not AudienceKind.EXTERNAL)
    named = (each for key, rule in in_order for each in _named(key, rule, found))
    return only_who_may_hear(named, situation)


def followers(ids: Collection[str], situation: Situation) -> list[Recipient]:
    """Those of the people and channels that subscribed who may hear."""
    return only_who_may_hear((Recipient(DeliveryKind.NOTICE, each, SUBSCRIPTION) for each in ids), situation)


def only_who_may_hear(named: Iterator[Recipient], situation: Situation) -> list[Recipient]:
    """Each once; nothing goes to the incident's own channel, where it is told anyway."""
    once: dict[tuple[DeliveryKind, str], Recipient] = {}
    for each in named:
        if each.to != situation.incident.channel_id and may_hear(each, situation):
            once.setdefault((each.road, each.to.lower()), each)
    return list(once.values())


def may_hear(recipient: Recipient, situation: Situation) -> bool:
    """Of a private incident only people hear, and of those only who may see it."""
    if situation.viewers is None:
        return True
    if recipient.external:
        return False
    match recipient.road:
        case DeliveryKind.NOTICE:
            return is_person(recipient.to) and situation.visible_to(recipient.to)
        case DeliveryKind.MAIL:
            return recipient.reader is not None and situation.visible_to(recipient.reader)
        case _:
            return False


def _named(key: str, rule: Audience, found: Found) -> Iterator[Recipient]:
    external = rule.kind is AudienceKind.EXTERNAL
    for road, to, why, reader in _by_name(rule, found):
        yield Recipient(road, to, f"audiences.{key}.{why}", external, reader)


def _by_name(rule: Audience, found: Found) -> Iterator[tuple[DeliveryKind, str, str, str | None]]:
    notice = DeliveryKind.NOTICE
    yield from ((notice, found.channels[name], "channels", None) for name in rule.channels if name in found.channels)
    yield from ((notice, found.people[name], "people", None) for name in rule.people if name in found.people)
    for name in rule.groups:
        yield from ((notice, user_id, "groups", None) for user_id in found.groups.get(name, ()))
    for address in rule.emails:
        yield DeliveryKind.MAIL, address, "emails", found.people.get(address.lower())
    yield from ((DeliveryKind.WEBHOOK, name, "webhooks", None) for name in rule.webhooks)
