"""What a person can ask for. Values are checked for shape by the parser that made them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from storage.tables import Aim, Horizon, ItemKind, ItemState, Proposal, Source, Status


@dataclass(frozen=True, kw_only=True)
class Command:
    """Who asks, and which request it is: the same request twice is done once."""

    by: str
    request_id: str


@dataclass(frozen=True, kw_only=True)
class DeclareIncident(Command):
    """Something is wrong: work on it together."""

    title: str
    description: str = ""
    impact: str
    urgency: str
    type: str
    services: tuple[str, ...] = ()
    lead: str | None = None
    """Default: the declarer."""
    nobody_leads: bool = False
    """Its declarer has cleared the field: somebody else is to take it."""
    private: bool | None = None
    """None: as its type has it."""
    answer_url: str | None = None
    """Where the declarer can be answered privately for half an hour."""
    channel_id: str | None = None
    """A channel that is there and becomes the incident's; nothing: a new one is opened."""


@dataclass(frozen=True, kw_only=True)
class IncidentCommand(Command):
    """Something about one incident."""

    incident_id: int
    asked_in: str | None = None
    """The channel the request came from; who asks in an incident's channel is in it."""


@dataclass(frozen=True, kw_only=True)
class ClaimRole(IncidentCommand):
    """Take a role that nobody holds."""

    role: str


@dataclass(frozen=True, kw_only=True)
class AssignRole(IncidentCommand):
    """Give a role to somebody, whoever holds it now."""

    role: str
    to: str


@dataclass(frozen=True, kw_only=True)
class ReleaseRole(IncidentCommand):
    """Nobody holds the role from now on."""

    role: str


@dataclass(frozen=True, kw_only=True)
class ChangeSeverity(IncidentCommand):
    """Say how bad it really is."""

    severity: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChangeStatus(IncidentCommand):
    """Say where it is in its life; leaving out a status needs a reason."""

    status: Status
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AddNote(IncidentCommand):
    """Put a fact on the timeline."""

    text: str
    category: str = "timeline"
    """What it stands for: a mark's key, `workaround` or `evidence`."""
    happened_at: datetime | None = None
    """None: now."""
    link: str = ""
    objections: str = ""
    """Who was against a decision, and why."""


@dataclass(frozen=True, kw_only=True)
class EditEntry(IncidentCommand):
    """Change how an entry shows. None means: left as it is."""

    entry: int
    """Its sequence."""
    seen: int
    """How long the ledger was when its form was opened."""
    words: str | None = None
    happened_at: datetime | None = None
    state: str | None = None
    links: tuple[str, ...] | None = None
    """The evidence for a theory."""
    hidden: bool | None = None


@dataclass(frozen=True, kw_only=True)
class MarkMessage(IncidentCommand):
    """Put somebody's message on the timeline, as what it stands for."""

    ts: str
    mark: str
    words: str | None = None
    """None: the message's own."""
    happened_at: datetime | None = None
    """None: when it was said."""


@dataclass(frozen=True, kw_only=True)
class PublishUpdate(IncidentCommand):
    """Tell people outside the response how it stands."""

    words: str
    """The condition: what is the case."""
    actions: str = ""
    needs: str = ""
    needed: str | None = None
    """The person who is asked for what is needed."""
    affected: str | None = None
    """Who is hit, and how many; None: as it was."""
    public_text: str = ""
    """Words for people outside, to be approved on their own; none of the others ever reach them."""
    status: Status | None = None
    reason: str = ""
    """Why a status is left out, if one is."""
    next_update_in: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class ResolveIncident(IncidentCommand):
    """Say that it is over, how that was checked, and what stays. None means: not answered."""

    verification: str = ""
    verified_by: str | None = None
    temporary_fix: str | None = None
    """Empty text: none stays."""
    remaining: str | None = None
    """Empty text: nothing is left."""
    reason: str = ""
    """Why it was not watched first, if it was not."""


@dataclass(frozen=True, kw_only=True)
class ReopenIncident(IncidentCommand):
    """It is not over after all."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class DeclineIncident(IncidentCommand):
    """It is not an incident."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class MergeIncident(IncidentCommand):
    """It is part of another incident."""

    into: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangeFacts(IncidentCommand):
    """Say what is known: by field, what it is from now on; fields that are not named stay."""

    facts: Mapping[str, str | datetime | list[str] | None]


@dataclass(frozen=True, kw_only=True)
class AskQuestion(IncidentCommand):
    """Ask somebody something, and have it followed up."""

    to: str
    text: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class AnswerQuestion(IncidentCommand):
    """Say what was asked; `question` is the sequence of its entry."""

    question: int
    text: str


@dataclass(frozen=True, kw_only=True)
class AcceptQuestion(IncidentCommand):
    """Say that one is on it; the question keeps its time."""

    question: int


@dataclass(frozen=True, kw_only=True)
class RefuseQuestion(IncidentCommand):
    """Say that one cannot answer, and why."""

    question: int
    why: str


@dataclass(frozen=True, kw_only=True)
class AnswerPrompt(Command):
    """Answer what we ask."""

    prompt: str
    """Its key."""
    choice: str
    asked_in: str | None = None
    """The channel the answer came from."""


@dataclass(frozen=True, kw_only=True)
class DraftPublicText(IncidentCommand):
    """Propose words for people outside."""

    stage: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ApprovePublicText(IncidentCommand):
    """Let a proposed text out; `draft` is the sequence of its entry."""

    draft: int


@dataclass(frozen=True, kw_only=True)
class AddActionItem(IncidentCommand):
    """There is work to do, now or afterwards."""

    title: str
    why: str = ""
    owner: str | None = None
    """None: the incident's lead, or else who adds it."""
    due_on: date | None = None
    """None: of a task none, otherwise the usual date."""
    horizon: Horizon = Horizon.AFTER
    aim: Aim | None = None
    kind: ItemKind = ItemKind.OTHER
    proposal: Proposal | None = None
    impact: int | None = None
    feasibility: int | None = None
    priority: int | None = None
    priority_reason: str = ""
    links: tuple[str, ...] = ()
    success_measure: str = ""
    vendor_contact: str = ""
    theme_id: int | None = None
    source: Source = Source.COMMAND
    source_ref: str | None = None
    follows: int | None = None
    """The item this one goes on with."""


@dataclass(frozen=True, kw_only=True)
class ItemCommand(Command):
    """Something about one action item."""

    item_id: int
    asked_in: str | None = None
    """The channel the request came from."""


@dataclass(frozen=True, kw_only=True)
class ChangeItem(ItemCommand):
    """Say what it is from now on: by field, only fields that change (title, why, due_on, aim, kind, …)."""

    changes: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class AssignItem(ItemCommand):
    """Somebody else is to do it."""

    to: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class AcceptItem(ItemCommand):
    """Its owner takes it on."""


@dataclass(frozen=True, kw_only=True)
class DeclineItem(ItemCommand):
    """Its owner does not take it on; it goes back to who assigned it."""

    why: str


@dataclass(frozen=True, kw_only=True)
class MoveItem(ItemCommand):
    """It is in another state now."""

    state: ItemState
    reason: str = ""
    """On what it is blocked; why it will not be done; why it is open again."""
    evidence: str = ""
    """The link that shows that it is done, or was verified."""


@dataclass(frozen=True, kw_only=True)
class SnoozeItem(ItemCommand):
    """Remind its owner on that day, and not before."""

    until: date
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AskForHelp(ItemCommand):
    """Its owner cannot go on alone."""

    words: str = ""


@dataclass(frozen=True, kw_only=True)
class TrackItem(ItemCommand):
    """Put it into a tracker outside, too."""

    tracker: str
