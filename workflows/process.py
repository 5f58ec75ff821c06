"""The configurable part of the process: what `sitrep.toml` may say, with defaults for all of it."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, ValidationError, model_validator

from workflows.categories import NO_MARKS
from workflows.process_parts import (
    IMPACT,
    MARKS,
    MATRIX,
    MEETING_HOSTS,
    ROLES,
    SEVERITIES,
    TYPES,
    URGENCY,
    Audience,
    Digests,
    IncidentType,
    Key,
    Level,
    Mark,
    Name,
    Part,
    Prompts,
    PublicTexts,
    Recipient,
    Reminders,
    Retention,
    Role,
    Severity,
    Team,
    Tracker,
    Webhook,
    WorkingDays,
)

DEFAULT_FILE = Path("sitrep.toml")
"""Read where nobody names another, and not missed where it is not there."""

NOT_SURE = "not_sure"
"""What somebody picks who does not know; severity is then the higher one (`Process.severity_for`)."""


class BadProcess(ValueError):
    """The process settings do not hold together; its text names each key and what is wrong with it."""


class Process(Part):
    """How incidents are run here. Tables are in order, worst and most important first."""

    severities: dict[Key, Severity] = Field(default=SEVERITIES, min_length=1, max_length=10)
    impact: dict[Key, Level] = Field(default=IMPACT, min_length=1, max_length=10)
    urgency: dict[Key, Level] = Field(default=URGENCY, min_length=1, max_length=10)
    matrix: dict[Key, dict[Key, Key]] = Field(default=MATRIX)
    """Severity by impact, then urgency."""
    roles: dict[Key, Role] = Field(default=ROLES, min_length=1, max_length=20)
    types: dict[Key, IncidentType] = Field(default=TYPES, min_length=1, max_length=20)
    services: list[Name] = Field(default=[], max_length=100)
    update_minutes: list[Annotated[int, Field(gt=0, le=1440)]] = Field(default=[15, 30, 60], min_length=1, max_length=8)
    """The promises offered for the next update, in minutes."""
    marks: dict[Key, Mark] = Field(default=MARKS, max_length=20)
    meeting_hosts: list[Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+$")]] = MEETING_HOSTS
    """Links to these, or to hosts under them, are links to the meeting."""
    largest_file: Annotated[int, Field(ge=0, le=1000)] = 25
    """Megabytes; larger files are named on the timeline, and not fetched."""
    audiences: dict[Key, Audience] = Field(default={}, max_length=100)
    webhooks: dict[Key, Webhook] = Field(default={}, max_length=20)
    escalation: list[Recipient] = Field(default=[], max_length=20)
    """Whom a promise reaches that nobody keeps: people, by address or id."""
    prompts: Prompts = Prompts()
    public: PublicTexts = PublicTexts()
    retention: Retention = Retention()
    reminders: Reminders = Reminders()
    calendars: dict[Key, WorkingDays] = Field(default={}, max_length=50)
    """Other working days and holidays, by time zone."""
    digests: Digests = Digests()
    teams: dict[Key, Team] = Field(default={}, max_length=100)
    trackers: dict[Key, Tracker] = Field(default={}, max_length=10)
    timezone: str = "UTC"
    """Whose working days count where nobody's own zone does; an IANA name."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if "lead" not in self.roles:
            raise ValueError("roles.lead is missing; every incident has a lead")
        for impact in self.impact:
            for urgency in self.urgency:
                severity = self.matrix.get(impact, {}).get(urgency)
                if severity not in self.severities:
                    raise ValueError(f"matrix.{impact}.{urgency} must be one of {', '.join(self.severities)}")
        for problem in self._loose_ends():
            raise ValueError(problem)
        return self

    def _loose_ends(self) -> Iterator[str]:
        """What is named and not there."""
        emojis = [mark.emoji.strip(":") for mark in self.marks.values()]
        if len(set(emojis)) < len(emojis):
            yield "marks: two marks have the same emoji"
        for taken in sorted(NO_MARKS & self.marks.keys()):
            yield f"marks.{taken} is a name that has a meaning of its own on the timeline; choose another one"
        for key, audience in self.audiences.items():
            if audience.severity is not None and audience.severity not in self.severities:
                yield f"audiences.{key}.severity must be one of {', '.join(self.severities)}"
            for unknown in sorted(set(audience.types) - self.types.keys()):
                yield f"audiences.{key}.types: there is no type {unknown}"
            for unknown in sorted(set(audience.webhooks) - self.webhooks.keys()):
                yield f"audiences.{key}.webhooks: there is no webhooks.{unknown}"
        if sum(tracker.automatic for tracker in self.trackers.values()) > 1:
            yield "trackers: only one can be automatic; an action item is in one tracker at the most"
        zones = Counter(zone for calendar in self.calendars.values() for zone in set(calendar.zones))
        for zone in sorted(zone for zone, count in zones.items() if count > 1):
            yield f"calendars: {zone} is in two of them"
        named = "public" in self.model_fields_set and self.public.severity is not None
        if named and self.public.severity not in self.severities:
            yield f"public.severity must be one of {', '.join(self.severities)}"
        try:
            ZoneInfo(self.timezone)
        except (ValueError, KeyError, OSError):  # OSError for the name of a folder of zones
            yield f"timezone: there is no zone {self.timezone}; write one such as Europe/Berlin"

    @cached_property
    def mark_of_emoji(self) -> Mapping[str, str]:
        """The mark by its reaction's name."""
        return {mark.emoji.strip(":"): key for key, mark in self.marks.items()}

    @cached_property
    def _rank(self) -> Mapping[str, int]:
        return {key: rank for rank, key in enumerate(self.severities)}

    def rank(self, severity: str) -> int:
        """0 for the worst; one that is no longer configured ranks last."""
        return self._rank.get(severity, len(self._rank))

    def severity_for(self, impact: str, urgency: str) -> str:
        """What the matrix gives; where somebody is not sure, the worst it could be.

        Raises KeyError for a level that is not configured.
        """
        impacts = self.impact if impact == NOT_SURE else [impact]
        urgencies = self.urgency if urgency == NOT_SURE else [urgency]
        return min((self.matrix[i][u] for i in impacts for u in urgencies), key=self.rank)

    def severity_name(self, key: str) -> str:
        """What people call it, also when it is no longer configured."""
        return self.severities[key].name if key in self.severities else key.upper()

    def mark_name(self, key: str) -> str:
        """What people call the mark, also when it is no longer configured."""
        return self.marks[key].name if key in self.marks else key.capitalize()

    def role_name(self, key: str) -> str:
        """What people call the role, also when it is no longer configured."""
        return self.roles[key].name if key in self.roles else key


def load_process(path: Path | None) -> Process:
    """The process as a file has it; without one, with an empty one or without the default one, the defaults.

    Raises BadProcess, also where a file that somebody named is not there.
    """
    if path is None or (path == DEFAULT_FILE and not path.exists()):
        return Process()
    try:
        return parse_process(tomllib.loads(path.read_text("utf-8")))
    except OSError as fault:
        raise BadProcess(f"{path} cannot be read: {fault.strerror}. Correct SITREP_CONFIG, or make the file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadProcess(f"{path.name} is not valid TOML: {fault}") from None
    except BadProcess as fault:
        raise BadProcess(f"{path.name}: {fault}") from None


def parse_process(settings: Mapping[str, Any]) -> Process:
    """The process these settings describe.

    Raises BadProcess.
    """
    try:
        return Process.model_validate(settings)
    except ValidationError as fault:
        lines = [f"{'.'.join(map(str, error['loc'])) or 'process'}: {error['msg']}" for error in fault.errors()]
        raise BadProcess("; ".join(lines)) from None
