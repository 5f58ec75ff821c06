"""Which status may follow which, and in which phase of the response each lies. No I/O."""

from enum import StrEnum

from storage.tables import Status

ORDER = (Status.TRIAGE, Status.INVESTIGATING, Status.MITIGATING, Status.MONITORING, Status.RESOLVED, Status.CLOSED)
WORKING = ORDER[:4]
"""Statuses in which people are working on it."""

PHASES = {
    Status.TRIAGE: "Triage",
    Status.INVESTIGATING: "Review",
    Status.MITIGATING: "Action",
    Status.MONITORING: "Check",
    Status.RESOLVED: "Resolve",
    Status.CLOSED: "Resolve",
    Status.DECLINED: "Triage",
    Status.MERGED: "Triage",
}
"""The phase people see; the method is Triage, Review, Action, Check, Resolve."""

MEANING = {
    Status.TRIAGE: "Is it real, and how bad is it?",
    Status.INVESTIGATING: "It is real; we are finding out what is wrong",
    Status.MITIGATING: "We know enough to act, and are acting",
    Status.MONITORING: "The harm has stopped; we are watching that it stays so",
    Status.RESOLVED: "Checked, and back to normal",
    Status.CLOSED: "Reviewed; nothing is left to do",
    Status.DECLINED: "Not an incident",
    Status.MERGED: "Part of another incident",
}


class Step(StrEnum):
    """What a change of status is."""

    NONE = "none"
    FORWARD = "forward"
    JUMP = "jump"
    """Forward, leaving out what lies between; needs a reason."""
    BACK = "back"
    RESOLVE = "resolve"
    """Through the gate: the resolve form."""
    REOPEN = "reopen"
    DECLINE = "decline"
    MERGE = "merge"
    FORBIDDEN = "forbidden"


def step(before: Status, after: Status) -> Step:
    """What changing from one status to another is."""
    if before is after:
        return Step.NONE
    if after is Status.DECLINED:
        return Step.DECLINE if before is Status.TRIAGE else Step.FORBIDDEN
    if after is Status.MERGED:
        return Step.MERGE if before is Status.TRIAGE else Step.FORBIDDEN
    if before not in WORKING:
        reopens = after is Status.INVESTIGATING and before is not Status.MERGED
        return Step.REOPEN if reopens else Step.FORBIDDEN
    if after is Status.RESOLVED:
        return Step.RESOLVE
    if after not in WORKING:
        return Step.FORBIDDEN
    return _step_while_working(before, after)


def _step_while_working(before: Status, after: Status) -> Step:
    ahead = ORDER.index(after) - ORDER.index(before)
    if ahead > 0:
        return Step.FORWARD if ahead == 1 else Step.JUMP
    return Step.BACK if after is Status.INVESTIGATING else Step.FORBIDDEN


def skipped(before: Status, after: Status) -> tuple[Status, ...]:
    """The statuses a forward change leaves out."""
    return ORDER[ORDER.index(before) + 1 : ORDER.index(after)]


def choices(status: Status) -> tuple[Status, ...]:
    """The statuses somebody may pick for an incident that is being worked on, in order."""
    allowed = {Step.FORWARD, Step.JUMP, Step.BACK}
    return tuple(after for after in WORKING if step(status, after) in allowed)
