"""Plain values for what asks whether it worked: rows in every state, and every form and register, full of words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.blocks.checks import check_row, decision_row, risk_row, verify_row
from bot.views.about_item import AboutItem
from bot.views.about_question import AboutQuestion
from bot.views.check import check_modal
from bot.views.decide import refuse_investment_modal
from bot.views.prevention import prevention_modal
from bot.views.risk import risk_modal, still_accepted_modal
from bot.views.risks import MOST_SHOWN, Register, register_view
from bot.views.verify import verify_modal
from storage.tables import (
    AcceptedRisk,
    ActionItem,
    CheckState,
    EffectivenessCheck,
    ItemKind,
    ItemState,
    Reminder,
    ReminderKind,
    ReminderState,
)
from tests.bot.reminding import TODAY, a_standing, an_item_row
from tests.bot.values import an_unsaved_incident, full_of
from tests.builders import NOON, PROCESS
from workflows.briefings import Row
from workflows.check_commands import Effect
from workflows.process import Process
from workflows.reminders import People, Standing
from workflows.situation import Situation

ABOUT = AboutQuestion(3, "C0123456789", "1772625600.000100")


def a_done_row(**changes: Any) -> ActionItem:
    """ACT-7, of which Bo has said that it is done."""
    return an_item_row(**{"state": ItemState.DONE, "done_at": NOON, "done_by": "UBO", **changes})


def a_check(**changes: Any) -> EffectivenessCheck:
    """Whether ACT-7 has worked, thirty days after."""
    values = {"days": 30, "done_at": NOON, "due_at": NOON + timedelta(30), "state": CheckState.PLANNED, "similar": []}
    return EffectivenessCheck(**{"id": 3, "item_id": 7, **values, **changes})


def a_risk(**changes: Any) -> AcceptedRisk:
    """Bo is to look after it until Monday."""
    values = {"incident_id": 7, "title": "One region only", "why": "A second one costs too much", "owner": "UBO"}
    made = {"created_by": "UANN", "created_at": NOON, "review_on": TODAY}
    return AcceptedRisk(**{"id": 3, **values, **made, **changes})


def asked(kind: ReminderKind, standing: Standing, *, to: str = "UANN", **extra: Any) -> Row:
    """Somebody is asked on that Monday."""
    check = standing.checks[0].number if standing.checks else None
    about = {"item_id": standing.item.number} if standing.item else {"risk_id": 3}
    values = {"key": "k", "kind": kind, "check_id": check, "to": to, "on": TODAY, "due_at": NOON, "data": {}}
    return Row(Reminder(id=1, state=ReminderState.PLANNED, **about, **values), standing, extra)


def of_check(item: ActionItem, check: EffectivenessCheck, about: Situation | None = None) -> Standing:
    """An item with its one check."""
    return replace(a_standing(item, about), checks=[check])


def of_risk(risk: AcceptedRisk, about: Situation | None = None) -> Standing:
    """How a risk stands."""
    return Standing(about or full_of("Checkout is down"), People({}), risk=risk)


def found(words: str) -> dict[str, Any]:
    """As much as is ever found for a check."""
    one = {"incident": 8, "title": words, "channel_id": "C0123456789", "private": True}
    made = {"item": 9, "title": words, "kind": ItemKind.OTHER}
    return {"similar": [one] * 3, "more": 297, "named": [8, 9, 10], "made": [made] * 3}


def check_rows(words: str, process: Process = PROCESS) -> Iterator[Sequence[Block]]:
    """Every row in every state."""
    about = full_of(words, process=process)
    for state in ItemState:
        item = a_done_row(
            state=state, title=words, why=words, evidence=words, dropped_because=words, verified_by="UANN"
        )
        yield verify_row(asked(ReminderKind.VERIFY, a_standing(item, about)), process)
        for approved in (None, True, False):
            item = item.model_copy(update={"kind": ItemKind.INVESTMENT, "approved": approved, "decided_by": "UCY"})
            yield decision_row(asked(ReminderKind.DECISION, a_standing(item, about)), process)
    for check in CheckState:
        item = a_done_row(title=words, success_measure=words)
        answered = {"answer": Effect.NOT, "answered_by": "UBO", "answered_at": NOON, "side_effects": words}
        standing = of_check(item, a_check(state=check, similar=[8], **answered), about)
        yield check_row(asked(ReminderKind.CHECK, standing, **found(words)), process)
    for signed in (None, "UCY"):
        for ended_at in (None, NOON):
            risk = a_risk(title=words, why=words, signed_by=signed, signed_at=signed and NOON, ended_at=ended_at)
            yield risk_row(asked(ReminderKind.RISK, of_risk(risk, about)), process)
            yield decision_row(asked(ReminderKind.DECISION, of_risk(risk, about)), process)


def check_forms(words: str, process: Process = PROCESS) -> Iterator[View]:
    """Every form that these open, and the register for those who may do most with it."""
    item, about, risk = a_done_row(title=words, evidence=words), AboutItem(7, "C0123456789"), a_risk(title=words)
    yield verify_modal(item, about)
    yield refuse_investment_modal(item, about)
    for answer in (Effect.PARTLY, Effect.NOT):
        yield check_modal(item, found(words), ABOUT, answer=answer)
    yield risk_modal(an_unsaved_incident(title=words), title=words, owner="UBO", review_on=TODAY, about=ABOUT)
    yield still_accepted_modal(risk, review_on=TODAY, about=ABOUT)
    yield prevention_modal(an_unsaved_incident(title=words), below={"which": "here"})
    situation = full_of(words, process=process)
    full = [of_risk(a_risk(title=words, why=words, signed_at=n % 2 and NOON), situation) for n in range(MOST_SHOWN + 1)]
    for viewer in (situation.lead or "", "UDEE"):
        asked_for = Register(7, "C0123456789")
        shown: dict[str, Any] = {"viewer": viewer, "today": date(2026, 4, 1), "process": process}
        yield register_view(asked_for, full, notice=words, **shown)
        yield register_view(Register(), [], **shown)
