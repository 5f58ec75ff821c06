"""The configurable part of the process: what `sitrep.toml` may say, with defaults for all of it."""

import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Help = Annotated[str, StringConstraints(strip_whitespace=True, max_length=75)]
"""Shown under a choice in a form, where 75 characters fit."""

DEFAULT_FILE = Path("sitrep.toml")
"""Read where nobody names another, and not missed where it is not there."""

NOT_SURE = "not_sure"
"""What somebody picks who does not know; severity is then the higher one (`Process.severity_for`)."""


class BadProcess(ValueError):
    """The process settings do not hold together; its text names each key and what is wrong with it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Severity(_Part):
    """How bad it is."""

    name: Name
    help: Help = ""
    emoji: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] = "🔵"
    """A character, or a name such as `:fire:`."""


class Level(_Part):
    """One step of impact or of urgency."""

    name: Name
    help: Help = ""


class Role(_Part):
    """A job in the response."""

    name: Name
    duties: Annotated[str, StringConstraints(max_length=200)] = ""


class IncidentType(_Part):
    """What sort of thing is wrong."""

    name: Name
    help: Help = ""
    private: bool = False
    """Whether an incident of this type is private unless its declarer says otherwise."""


_SEVERITIES = {
    "sev1": Severity(name="SEV1", help="Critical: most people cannot work, or data is at risk", emoji="🔴"),
    "sev2": Severity(name="SEV2", help="Major: a core function is down or badly slow", emoji="🟠"),
    "sev3": Severity(name="SEV3", help="Minor: something is degraded, there is a way around it", emoji="🟡"),
    "sev4": Severity(name="SEV4", help="Low: little harm, can wait for working hours", emoji="🔵"),
}
_IMPACT = {
    "high": Level(name="Everyone", help="Most users, or a core function is down"),
    "medium": Level(name="Many", help="Some users, or a core function is degraded"),
    "low": Level(name="A few", help="A few users, or there is a way around it"),
}
_URGENCY = {
    "high": Level(name="Now", help="Getting worse, or work has stopped"),
    "medium": Level(name="Soon", help="Steady, but it will hurt within hours"),
    "low": Level(name="Can wait", help="Nothing is lost by waiting for working hours"),
}
_MATRIX = {
    "high": {"high": "sev1", "medium": "sev2", "low": "sev3"},
    "medium": {"high": "sev2", "medium": "sev3", "low": "sev4"},
    "low": {"high": "sev3", "medium": "sev4", "low": "sev4"},
}
_ROLES = {
    "lead": Role(name="Lead", duties="Decides, keeps the overview, hands out the work."),
    "communications": Role(name="Communications", duties="Writes the updates and keeps their promises."),
    "operations": Role(name="Operations", duties="Finds the cause and carries out the fix."),
    "scribe": Role(name="Scribe", duties="Notes what was seen, done and decided, and when."),
}
_TYPES = {
    "service": IncidentType(name="Service", help="Something people use is down, slow or wrong"),
    "security": IncidentType(name="Security", help="Access, secrets or systems may be compromised", private=True),
    "data": IncidentType(name="Data", help="Data is lost, wrong or in the wrong hands"),
    "other": IncidentType(name="Other", help="Anything else worth working on together"),
}


class Process(_Part):
    """How incidents are run here. Tables are in order, worst and most important first."""

    severities: dict[Key, Severity] = Field(default=_SEVERITIES, min_length=1, max_length=10)
    impact: dict[Key, Level] = Field(default=_IMPACT, min_length=1, max_length=10)
    urgency: dict[Key, Level] = Field(default=_URGENCY, min_length=1, max_length=10)
    matrix: dict[Key, dict[Key, Key]] = Field(default=_MATRIX)
    """Severity by impact, then urgency."""
    roles: dict[Key, Role] = Field(default=_ROLES, min_length=1, max_length=20)
    types: dict[Key, IncidentType] = Field(default=_TYPES, min_length=1, max_length=20)
    services: list[Name] = Field(default=[], max_length=100)
    update_minutes: list[Annotated[int, Field(gt=0, le=1440)]] = Field(default=[15, 30, 60], min_length=1, max_length=8)
    """The promises offered for the next update, in minutes."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if "lead" not in self.roles:
            raise ValueError("roles.lead is missing; every incident has a lead")
        for impact in self.impact:
            for urgency in self.urgency:
                severity = self.matrix.get(impact, {}).get(urgency)
                if severity not in self.severities:
                    raise ValueError(f"matrix.{impact}.{urgency} must be one of {', '.join(self.severities)}")
        return self

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
