"""The tables of `sitrep.toml`, each with its default."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from workflows.notices import Transition

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]
Minutes = Annotated[int, Field(gt=0, le=10_080)]
Emoji = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^:?[a-z0-9_+'-]{1,80}:?$")]
"""A reaction by its name in Slack, such as `pushpin`."""
Recipient = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
"""A channel or user group by name or id, a person by address or id."""
Address = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$", max_length=254)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Help = Annotated[str, StringConstraints(strip_whitespace=True, max_length=75)]
"""Shown under a choice in a form, where 75 characters fit."""


def zone_name(name: str) -> str:
    """The name of a zone that is there; raises ValueError for any other."""
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):  # OSError for the name of a folder of zones
        raise ValueError(f"there is no zone {name}; write one such as Europe/Berlin") from None
    return name


ZoneName = Annotated[str, AfterValidator(zone_name)]
"""An IANA name."""


class Part(BaseModel):
    """A table of the file; a key it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Severity(Part):
    """How bad it is."""

    name: Name
    help: Help = ""
    emoji: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] = "🔵"
    """A character, or a name such as `:fire:`."""
    lead_within: Minutes = 10
    """How long nobody may lead before it is asked, in minutes."""
    first_update_within: Minutes | None = None
    """The promise every declaration makes: minutes until the first update; nothing promises none."""
    updates_every: Minutes | None = None
    """The promise the update form proposes, in minutes."""
    accountable: Annotated[list[Recipient], Field(max_length=10)] = []
    """Whom the silence about an action item reaches in the end, and who decides: people, by address or id."""


Days = Annotated[int, Field(ge=0, le=1000)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WORKING_DAYS: list[Weekday] = ["monday", "tuesday", "wednesday", "thursday", "friday"]


class WorkingDays(Part):
    """When people in some time zones work, where it differs from [reminders]."""

    zones: Annotated[list[ZoneName], Field(min_length=1, max_length=100)]
    working_days: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = WORKING_DAYS
    holidays: Annotated[list[date], Field(max_length=1000)] = []


class Reminders(Part):
    """When people hear of their action items: days before (below 0) and after the due date, in their own morning."""

    ladder: Annotated[list[Annotated[int, Field(ge=-365, le=365)]], Field(min_length=1, max_length=30)] = [
        *(-7, -2, 0, 1, 3),
    ]
    every: Annotated[int, Field(gt=0, le=365)] = 7
    """After the ladder's last step, days between reminders."""
    at: time = time(9)
    working_days: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = WORKING_DAYS
    holidays: Annotated[list[date], Field(max_length=1000)] = []
    due_in: Annotated[int, Field(gt=0, le=1000)] = 14
    """The due date of an action item that is given none."""
    lead_after: Days = 3
    """Of silence after it was due: the lead is told."""
    accountable_after: Days = 7
    """Of silence after it was due: the severity's accountable people are told."""
    reason_after: Days = 2
    """Snoozes that need no reason."""
    checks: Annotated[list[Annotated[int, Field(gt=0, le=1000)]], Field(max_length=10)] = [30, 90]
    """Days after it was done on which it is asked whether it worked."""
    decision_after: Annotated[int, Field(gt=0, le=365)] = 14
    """An investment without an answer: the accountable people are asked."""

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if sorted(set(self.ladder)) != self.ladder:
            raise ValueError("ladder must go up, with no day twice")
        if self.at.tzinfo is not None:
            raise ValueError("at is a time on everybody's own clock; write it without a zone")
        return self


def _none_for_never(day: object) -> object:
    return None if day == "never" else day


class Digests(Part):
    """What the digest channel hears of action items, and what each owner does, once a week; in `timezone`."""

    day: Annotated[Weekday | None, BeforeValidator(_none_for_never)] = "monday"
    """`never` in the file, which knows no empty value: no weekly digest, and no weekly lists."""
    monthly: bool = True
    """Whether a month's roll-up follows on the first working day of the next."""
    quarterly: bool = True
    """Whether a quarter's rising services are named on the first working day of the next."""


class Team(Part):
    """People whose action items are counted together in the digest."""

    name: Name
    people: list[Recipient] = []
    groups: list[Recipient] = []

    @model_validator(mode="after")
    def _has_somebody(self) -> Self:
        if not (self.people or self.groups):
            raise ValueError("names nobody; give people or groups")
        return self


LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Tracker(Part):
    """An issue tracker outside, into which action items can be put."""

    name: Name
    kind: Literal["github", "webhook"]
    repository: Annotated[str, StringConstraints(pattern=r"^[\w.-]+/[\w.-]+$", max_length=200)] | None = None
    """For GitHub: owner/name."""
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=2000)] = "https://api.github.com"
    """Of the API, or the webhook's."""
    secret_env: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,80}$")]
    """The name of the environment variable with the token, or the secret; neither is ever written here."""
    automatic: bool = False
    """Whether every action item (no task, none of a private incident) is put there by itself."""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.kind == "github" and self.repository is None:
            raise ValueError("repository is missing; write owner/name")
        if self.kind == "webhook" and "url" not in self.model_fields_set:
            raise ValueError("url is missing")
        if self.kind == "github" and not (self.url.startswith("https://") or urlsplit(self.url).hostname in LOOPBACK):
            raise ValueError("url must begin with https://, since the token is sent there")
        return self


class Level(Part):
    """One step of impact or of urgency."""

    name: Name
    help: Help = ""


class Role(Part):
    """A job in the response."""

    name: Name
    duties: Annotated[str, StringConstraints(max_length=200)] = ""


class IncidentType(Part):
    """What sort of thing is wrong."""

    name: Name
    help: Help = ""
    private: bool = False
    """Whether an incident of this type is private unless its declarer says otherwise."""


class Mark(Part):
    """A reaction that puts a message on the timeline, as what it stands for."""

    name: Name
    emoji: Emoji


class Webhook(Part):
    """An address that takes notices as signed JSON."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=2000)]
    secret_env: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,80}$")]
    """The name of the environment variable with the secret; the secret itself is never written here."""


class AudienceKind(StrEnum):
    """What sort of reader an audience is."""

    RESPONDERS = "responders"
    DECISION_MAKERS = "decision_makers"
    INTERNAL = "internal"
    EXTERNAL = "external"
    """Outside: gets approved public texts, and never a word written for ourselves."""


class Audience(Part):
    """Who hears of what: every condition that is given must hold, and one of its values is enough."""

    name: Name
    kind: AudienceKind = AudienceKind.INTERNAL
    severity: Key | None = None
    """At least as bad as this."""
    types: list[Key] = []
    services: list[Name] = []
    on: list[Transition] = []
    """Empty: every transition."""
    channels: list[Recipient] = []
    groups: list[Recipient] = []
    people: list[Recipient] = []
    emails: list[Address] = []
    webhooks: list[Key] = []

    @model_validator(mode="after")
    def _reaches_somebody(self) -> Self:
        if not (self.channels or self.groups or self.people or self.emails or self.webhooks):
            raise ValueError("names no recipient; give channels, groups, people, emails or webhooks")
        return self


class Prompts(Part):
    """When the bot asks, in minutes."""

    warn_at_percent: Annotated[int, Field(ge=10, le=99)] = 80
    """Of the time until a promised update."""
    personal_after: Minutes = 5
    """After a promise was due: the communications role, or the lead, by direct message."""
    escalate_after: Minutes = 10
    """After a promise was due: the escalation people."""
    facts_after: Minutes = 10
    triage_after: Minutes = 15
    watch: Minutes = 30
    """How long it is watched that it stays good, before "still good?" is asked."""
    silent_after: Annotated[int, Field(gt=0, le=100_000)] = 1440
    """Of silence, on working days."""
    greet_after: Minutes = 10
    """Who joins a channel older than this is told what happened so far."""


class PublicTexts(Part):
    """Texts for people outside."""

    approval: bool = True
    """Whether somebody else than its author has to approve a text before it leaves."""
    severity: Key | None = "sev1"
    """From which severity on the clock of the first public message runs; nothing: never."""
    first_after: Minutes = 5
    every: Minutes = 20
    during: Minutes = 120
    templates: dict[Key, Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]] = {
        "investigating": "We are looking into a problem with {services}. We will tell you more as soon as we know it.",
        "identified": "We have found what is wrong with {services} and are working on it.",
        "monitoring": "{services} should work again. We are watching that it stays so.",
        "resolved": "The problem with {services} is resolved. We are sorry for the trouble.",
    }


class Retention(Part):
    """How long words are kept, in days. Timeline entries and files on the timeline stay."""

    transcript: Annotated[int, Field(gt=0, le=100_000)] = 365
    deleted: Annotated[int, Field(ge=0, le=100_000)] = 30
    """Of messages that their authors have deleted."""


SEVERITIES = {
    "sev1": Severity(
        name="SEV1",
        help="Critical: most people cannot work, or data is at risk",
        emoji="🔴",
        lead_within=5,
        first_update_within=15,
        updates_every=30,
    ),
    "sev2": Severity(
        name="SEV2",
        help="Major: a core function is down or badly slow",
        emoji="🟠",
        lead_within=5,
        first_update_within=30,
        updates_every=60,
    ),
    "sev3": Severity(
        name="SEV3",
        help="Minor: something is degraded, there is a way around it",
        emoji="🟡",
        first_update_within=60,
        updates_every=60,
    ),
    "sev4": Severity(name="SEV4", help="Low: little harm, can wait for working hours", emoji="🔵"),
}
IMPACT = {
    "high": Level(name="Everyone", help="Most users, or a core function is down"),
    "medium": Level(name="Many", help="Some users, or a core function is degraded"),
    "low": Level(name="A few", help="A few users, or there is a way around it"),
}
URGENCY = {
    "high": Level(name="Now", help="Getting worse, or work has stopped"),
    "medium": Level(name="Soon", help="Steady, but it will hurt within hours"),
    "low": Level(name="Can wait", help="Nothing is lost by waiting for working hours"),
}
MATRIX = {
    "high": {"high": "sev1", "medium": "sev2", "low": "sev3"},
    "medium": {"high": "sev2", "medium": "sev3", "low": "sev4"},
    "low": {"high": "sev3", "medium": "sev4", "low": "sev4"},
}
ROLES = {
    "lead": Role(name="Lead", duties="Decides, keeps the overview, hands out the work."),
    "communications": Role(name="Communications", duties="Writes the updates and keeps their promises."),
    "operations": Role(name="Operations", duties="Finds the cause and carries out the fix."),
    "scribe": Role(name="Scribe", duties="Notes what was seen, done and decided, and when."),
}
TYPES = {
    "service": IncidentType(name="Service", help="Something people use is down, slow or wrong"),
    "security": IncidentType(name="Security", help="Access, secrets or systems may be compromised", private=True),
    "data": IncidentType(name="Data", help="Data is lost, wrong or in the wrong hands"),
    "other": IncidentType(name="Other", help="Anything else worth working on together"),
}


MARKS = {
    "timeline": Mark(name="Timeline", emoji="pushpin"),
    "action": Mark(name="Action taken", emoji="hammer"),
    "decision": Mark(name="Decision", emoji="scales"),
    "theory": Mark(name="Theory", emoji="test_tube"),
    "containment": Mark(name="Containment", emoji="shield"),
    "action_item": Mark(name="Action item", emoji="memo"),
}
MEETING_HOSTS = ["zoom.us", "meet.google.com", "teams.microsoft.com", "teams.live.com", "webex.com", "whereby.com"]
