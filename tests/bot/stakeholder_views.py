"""What stakeholders are shown, with given words wherever people may type."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from slack_sdk.models.views import View

from bot.blocks.notice import notice_message
from bot.blocks.subscriptions import followed_list, subscribed
from bot.views.subscribe import subscribe_modal
from bot.views.who import PAGE, who_view
from storage.notices import NoticeRow
from storage.tables import DeliveryKind, DeliveryOutcome, EntryKind, LedgerEntry, Status, Subscription, TimelineEntry
from tests.bot.values import accepted, full_of
from tests.builders import NOON
from workflows.notice_words import Turn, notice_of, public_notice
from workflows.notices import Transition
from workflows.process import Process
from workflows.proof import Proof, Unknown
from workflows.recipients import SUBSCRIPTION
from workflows.subscriptions import Followed

OUTCOMES = [None, DeliveryOutcome.SENT, DeliveryOutcome.GAVE_UP, DeliveryOutcome.CANCELLED]


def stakeholder_views(words: str, process: Process, *, recipients: int = 200) -> Iterator[View]:
    """The forms and tabs."""
    situation = full_of(words, process=process)
    yield subscribe_modal(process=process)
    for page in range(3):
        yield who_view(
            situation.incident, a_proof(words, recipients, page=page), process=process, asked_in="C0123456789"
        )
    yield who_view(situation.incident, Proof([], [], {}), process=process, asked_in=None)


def what_is_followed(words: str, process: Process) -> list[Followed]:
    """One incident, one filter with everything in it, and a channel that follows all."""
    incident = full_of(words, process=process).incident
    severity, type_ = next(iter(process.severities)), next(iter(process.types))
    return [
        Followed(_subscription(1, user_id="UANN", incident_id=7), incident),
        Followed(_subscription(2, user_id="UANN", severity=severity, type=type_, service=words[:40]), None),
        Followed(_subscription(3, channel_id="C0123456789"), None),
    ]


def _subscription(number: int, **values: Any) -> Subscription:
    return Subscription(id=number, key=str(number), created_by="UANN", created_at=NOON, **values)


def a_proof(words: str, recipients: int, *, page: int = 0) -> Proof:
    """A page of so many notices on every road and with every outcome, each with the longest of reasons."""
    roads = [(DeliveryKind.NOTICE, "U0123456789"), (DeliveryKind.NOTICE, "C0123456789"), (DeliveryKind.MAIL, words)]
    rows = [
        NoticeRow(
            delivery_id=number,
            kind=roads[number % 3][0],
            to=roads[number % 3][1][:100],
            why=f"audiences.{'a' * 31}.channels",
            transition=list(Transition)[number % len(Transition)],
            outcome=OUTCOMES[number % 4],
            last_error=words,
            done_at=NOON if OUTCOMES[number % 4] else None,
            retry_at=NOON,
        )
        for number in range(recipients)
    ]
    shown = rows[page * PAGE : (page + 1) * PAGE]
    unknown = [Unknown("audiences.a.groups", words, words)] * 20
    return Proof(shown, unknown, Counter(row.outcome for row in rows), page, -(-recipients // PAGE))


def notice_messages(words: str, process: Process) -> Iterator[dict[str, Any]]:
    """The notice of every transition, and what follows from subscribing."""
    for transition in Transition:
        for status in (Status.TRIAGE, Status.RESOLVED):
            turn = a_turn(transition, words, status, process)
            for notice in (notice_of(turn), public_notice(turn)):
                yield accepted(*notice_message(notice, why=SUBSCRIPTION))
    followed = what_is_followed(words, process)
    for each in followed:
        yield accepted(*subscribed(each, new=True, process=process))
    yield accepted(*followed_list(followed * 20, process=process))
    yield accepted(*followed_list([], process=process))


def a_turn(transition: Transition, words: str, status: Status, process: Process) -> Turn:
    """A transition of an incident that has these words in it everywhere."""
    situation = full_of(words, status=status, process=process)
    situation.incident.affected = words[:300]
    situation.incident.public_text = words[:2000].strip() or "a text always has words"
    severities = list(process.severities)
    severity = transition in (Transition.SEVERITY_RAISED, Transition.SEVERITY_LOWERED)
    data: dict[str, Any] = {
        "words": words[:2500],
        "actions": words[:1500],
        "needs": words[:1000],
        "needed": "UBO",
        "reason": words,
        "from": severities[0] if severity else "triage",
        "to": severities[-1] if severity else "investigating",
        "next_update_due_at": (NOON + timedelta(minutes=30)).isoformat(),
        "verification": words,
        "verified_by": "UBO",
        "temporary_fix": words,
    }
    entry = LedgerEntry(
        incident_id=7, sequence=3, kind=EntryKind.UPDATE, happened_at=NOON, recorded_at=NOON, by="UANN", data=data
    )
    action = TimelineEntry(
        incident_id=7,
        sequence=4,
        kind=EntryKind.NOTE,
        by="UANN",
        happened_at=NOON,
        data={"text": words},
        state="worked",
    )
    return Turn(transition, entry, situation, process, [action] * 40)
