"""What we decline, and how we say it: what is so, what was left alone, what to do next."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from storage.tables import Incident, Status

if TYPE_CHECKING:
    from workflows.gaps import Gap


def person(user_id: str) -> str:
    """How a sentence names somebody, whatever the medium; the edge writes it as its own mention."""
    return f"{{@{user_id}}}"


def clock(at: datetime) -> str:
    """How a sentence names a moment, whatever the medium; the edge writes it on its reader's own clock."""
    return f"{{at {int(at.timestamp())}}}"


class Declined(Exception):
    """A request that was understood and refused; its text is for the person who asked."""


class AlreadyReceived(Exception):
    """This very request was done before, so nothing is done now and nobody needs to hear of it."""


class IncidentNotFound(Declined):
    """There is none, or the asker may not see it; both read the same, so that nothing is given away."""

    def __init__(self, incident_id: int) -> None:
        super().__init__(f"There is no INC-{incident_id} that you can see; the list shows the ones you can.")


class AlreadyEnded(Declined):
    """It is resolved, closed, declined or merged, and this change makes sense only while it is not."""

    def __init__(self, incident: Incident, *, so: str, can_reopen: bool = True) -> None:
        merged = incident.status is Status.MERGED
        instead = " Turn to the one it was merged into." if merged else " Reopen it to change that."
        super().__init__(f"{incident.ref} is already {incident.status}, so {so}.{instead if can_reopen else ''}")


class StillOpen(Declined):
    """It cannot be reopened, because it is open."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(f"{incident.ref} is open ({incident.status}), so there is nothing to reopen.")


class RoleTaken(Declined):
    """Somebody else holds the role."""

    def __init__(self, incident: Incident, role: str, holder: str) -> None:
        self.holder = holder
        super().__init__(
            f"{person(holder)} already holds {role} of {incident.ref}, so nothing was changed. "
            "To take over, ask them, or have the role given to you."
        )


class ChannelTaken(Declined):
    """The channel belongs to an incident, which is named to those who may see it."""

    def __init__(self, ref: str | None) -> None:
        self.ref = ref
        super().__init__(
            f"This is the channel of {ref or 'another incident'} already, so nothing was changed. "
            "`/incident declare` opens a channel of its own."
        )


class NotAPerson(Declined):
    """It is for a person, and this is the bot."""

    def __init__(self, cannot: str) -> None:
        super().__init__(f"That is me, and I cannot {cannot}; nothing was changed. Name a person.")


class NoSuchRole(Declined):
    """The role is not one of ours."""

    def __init__(self, role: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no role “{role}”. The roles are: {', '.join(known)}.")


class NoSuchSeverity(Declined):
    """The severity is not one of ours."""

    def __init__(self, severity: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no severity “{severity}”. The severities are: {', '.join(known)}.")


class NothingToChange(Declined):
    """It is so already."""

    def __init__(self, incident: Incident, what: str) -> None:
        super().__init__(f"{incident.ref} is {what} already, so nothing was changed.")


class ReasonNeeded(Declined):
    """The change is allowed, but not without saying why."""

    def __init__(self, incident: Incident, *, what: str) -> None:
        super().__init__(f"{what} needs a reason, so {incident.ref} was left as it is. Say why in a few words.")


class PersonNeeded(Declined):
    """Something is needed, and nobody is asked for it."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(f"The update of {incident.ref} was not published: say who is asked for what is needed.")


class PromptOver(Declined):
    """What was asked is asked no more: somebody was faster, or something else has happened."""

    def __init__(self, incident: Incident, *, by: str | None, at: datetime | None, answer: str) -> None:
        if by is None or at is None:
            super().__init__(
                f"This is no longer asked of {incident.ref}: something has changed since, so nothing was done. "
                "`/incident status` shows how it stands."
            )
        else:
            super().__init__(
                f"{person(by)} has answered this for {incident.ref} already, {clock(at)}: “{answer}”. "
                "Nothing more was done."
            )


class PromptUnknown(Declined):
    """We do not remember having asked this."""

    def __init__(self) -> None:
        super().__init__("I do not know this question any more, so nothing was done. `/incident` shows what can be.")


class StepNotAllowed(Declined):
    """The status cannot follow the present one."""

    def __init__(self, incident: Incident, after: Status, *, instead: str) -> None:
        super().__init__(f"{incident.ref} is {incident.status} and cannot become {after} from there. {instead}")


class CannotMerge(Declined):
    """It cannot become part of that one."""

    def __init__(self, incident: Incident, *, because: str, instead: str) -> None:
        super().__init__(f"{because}, so {incident.ref} was left as it is. {instead}")


class NotTheirs(Declined):
    """It is private, and they are not in its channel."""

    def __init__(self, incident: Incident, who: str) -> None:
        super().__init__(
            f"{incident.ref} is private and {person(who)} is not in its channel, so they were not asked. "
            "Invite them first."
        )


class AlreadySettled(Declined):
    """Somebody has answered the question, or is on it."""

    def __init__(self, incident: Incident, *, by: str, accepted: bool) -> None:
        done = "is on this already" if accepted else "has answered this already"
        super().__init__(f"{person(by)} {done}, so nothing more was done in {incident.ref}.")


class NotPublic(Declined):
    """It is private, so people outside are told nothing."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(f"{incident.ref} is private, so no text about it goes outside; nothing was written down.")


class OwnText(Declined):
    """Somebody else than its author approves a text for people outside."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(
            f"The text about {incident.ref} is yours, and somebody else approves it before it leaves. Ask one of the "
            "others here to read it and press Approve."
        )


class TextReplaced(Declined):
    """Another text has been proposed or let out since."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(
            f"Another text about {incident.ref} has come since, so this one was not let out. Approve the newest one."
        )


class WrongFacts(Declined):
    """Some of what was said of an incident cannot be so; `faults` has a sentence by field."""

    def __init__(self, incident: Incident, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(f"{incident.ref} was left as it is. {' '.join(self.faults.values())}")


class GapsRemain(Declined):
    """The gate stays shut until what is missing is there."""

    def __init__(self, incident: Incident, gaps: "Sequence[Gap]") -> None:
        self.gaps = tuple(gaps)
        missing = "\n".join(f"• {gap.ask}" for gap in gaps)
        super().__init__(f"{incident.ref} cannot be resolved yet; it was left as it is. Missing:\n{missing}")


class NoSuchEntry(Declined):
    """It is not on the timeline, or not any more."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(
            f"That entry is not on the timeline of {incident.ref} any more, so nothing was changed. "
            "Open the timeline again to see what is."
        )


class InTheFuture(Declined):
    """What goes on the timeline has happened."""

    def __init__(self) -> None:
        super().__init__("That time is still to come, so nothing was changed. Choose when it happened.")


class ChangedMeanwhile(Declined):
    """Somebody else changed the same of an entry while its form was open."""

    def __init__(self, by: str) -> None:
        super().__init__(
            f"{person(by)} changed this entry while you had it open, so yours was not saved over it. "
            "Copy what you wrote, close this form, and edit the entry again."
        )
