"""Targets: by when somebody should lead, the first update be out and triage be over, against what the ledger says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.tables import EntryKind, LedgerEntry, Status
from workflows.process import Process
from workflows.process_parts import Severity

USUAL_LEAD_WITHIN = 10
"""Minutes; for a severity that was taken out of the settings."""


@dataclass(frozen=True)
class Target:
    """One target and how it was met."""

    name: str
    within: timedelta | None
    """From the declaration; None where the severity sets none."""
    took: timedelta | None
    """None where it has not been met."""

    @property
    def kept(self) -> bool | None:
        """Whether it was met in time; None where there is no target, or it is not met yet."""
        return None if self.within is None or self.took is None else self.took <= self.within


def targets(ledger: Sequence[LedgerEntry], *, process: Process) -> list[Target]:
    """Lead, first update and triage, in this order; `ledger` is an incident's, from its declaration on."""
    declared_at = ledger[0].happened_at
    led_at = _first(ledger, _gives_lead)
    told_at = _first(ledger, lambda entry: entry.kind is EntryKind.UPDATE)
    settled_at = _first(ledger, _ends_triage)
    return [
        _target("Lead", declared_at, _lead_due(ledger, led_at, process), led_at),
        _target("First update", declared_at, _update_due(ledger, told_at, process), told_at),
        _target("Triage", declared_at, declared_at + timedelta(minutes=process.prompts.triage_after), settled_at),
    ]


def _target(name: str, declared_at: datetime, due_at: datetime | None, met_at: datetime | None) -> Target:
    return Target(name, due_at - declared_at if due_at else None, met_at - declared_at if met_at else None)


def _first(ledger: Sequence[LedgerEntry], fits: Callable[[LedgerEntry], bool]) -> datetime | None:
    return next((entry.happened_at for entry in ledger if fits(entry)), None)


def _gives_lead(entry: LedgerEntry) -> bool:
    return entry.kind is EntryKind.ROLE_ASSIGNED and entry.data["role"] == "lead"


def _ends_triage(entry: LedgerEntry) -> bool:
    """It became something else; that another one was merged into it is no step of its own."""
    if entry.kind is EntryKind.MERGED:
        return "into" in entry.data
    left = entry.kind in (EntryKind.STATUS_CHANGED, EntryKind.UPDATE) and entry.data["from"] == Status.TRIAGE
    return entry.kind in (EntryKind.RESOLVED, EntryKind.DECLINED) or (left and entry.data["to"] != Status.TRIAGE)


def _lead_due(ledger: Sequence[LedgerEntry], led_at: datetime | None, process: Process) -> datetime:
    """By the severity it had when somebody led at last, or has now."""
    severity = [known for _, known in _severities(ledger, until=led_at, process=process)][-1]
    minutes = severity.lead_within if severity else USUAL_LEAD_WITHIN
    return ledger[0].happened_at + timedelta(minutes=minutes)


def _update_due(ledger: Sequence[LedgerEntry], told_at: datetime | None, process: Process) -> datetime | None:
    """The promise that a declaration makes, and that every worse severity may bring forward."""
    promises = [
        at + timedelta(minutes=severity.first_update_within)
        for at, severity in _severities(ledger, until=told_at, process=process)
        if severity and severity.first_update_within
    ]
    return min(promises, default=None)


def _severities(
    ledger: Sequence[LedgerEntry], *, until: datetime | None, process: Process
) -> list[tuple[datetime, Severity | None]]:
    """The severities it had until then, and since when."""
    had = [(ledger[0].happened_at, ledger[0].data["severity"])]
    had += [(entry.happened_at, entry.data["to"]) for entry in ledger if entry.kind is EntryKind.SEVERITY_CHANGED]
    return [(at, process.severities.get(key)) for at, key in had if until is None or at <= until]
