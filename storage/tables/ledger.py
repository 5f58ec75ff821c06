"""The ledger: every change, in order, chained by hash, never altered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import DDL, event
from sqlmodel import Column, Field, ForeignKey, SQLModel

from storage.tables.columns import BigId, EnumValue, Json, JsonObject, UtcDateTime


class EntryKind(StrEnum):
    """What sort of fact an entry records."""

    DECLARED = "declared"
    CHANNEL_OPENED = "channel_opened"
    ROLE_ASSIGNED = "role_assigned"
    SEVERITY_CHANGED = "severity_changed"
    STATUS_CHANGED = "status_changed"
    NOTE = "note"
    UPDATE = "update"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    DECLINED = "declined"
    MERGED = "merged"
    ADOPTED = "adopted"
    """A channel that was there before became the incident's."""
    ROLE_RELEASED = "role_released"
    FACTS_CHANGED = "facts_changed"
    MESSAGE = "message"
    """A message that belongs on the timeline; `why` lists the reasons."""
    JOINED = "joined"
    """Somebody who holds a role came into the channel."""
    QUESTION = "question"
    PROMISE_MOVED = "promise_moved"
    TARGET_MISSED = "target_missed"
    PROMPT_ANSWERED = "prompt_answered"
    PUBLIC_DRAFTED = "public_drafted"
    PUBLIC_TEXT = "public_text"

    ITEM_ADDED = "item_added"
    """An action item; `item` is its number, here and in the kinds that follow."""
    ITEM_CHANGED = "item_changed"
    """Its words, its date, what it is; `changes` maps fields to what they were and are."""
    ITEM_ASSIGNED = "item_assigned"
    ITEM_ACCEPTED = "item_accepted"
    ITEM_DECLINED = "item_declined"
    ITEM_STATE = "item_state"
    ITEM_SNOOZED = "item_snoozed"
    ITEM_NEEDS_HELP = "item_needs_help"
    ITEM_DECIDED = "item_decided"
    ITEM_TRACKED = "item_tracked"
    CHECK_ANSWERED = "check_answered"
    RISK_ACCEPTED = "risk_accepted"
    RISK_REVIEWED = "risk_reviewed"
    NO_PREVENTION = "no_prevention"
    """No action item is to prevent it from happening again, and why not."""
    KUDOS = "kudos"

    # These amend an entry before them: `of` is its sequence.
    ENTRY_EDITED = "entry_edited"
    ENTRY_HIDDEN = "entry_hidden"
    ENTRY_SHOWN = "entry_shown"
    ENTRY_STATE = "entry_state"
    MESSAGE_MARKED = "message_marked"
    MESSAGE_EDITED = "message_edited"
    MESSAGE_DELETED = "message_deleted"
    MESSAGE_RESTORED = "message_restored"
    """It is there after all: it had only been missing where we looked."""
    FILE_STORED = "file_stored"


class LedgerEntry(SQLModel, table=True):
    """One change of one incident; `hash` covers everything here and the hash before."""

    __tablename__ = "ledger_entry"

    incident_id: int = Field(sa_column=Column(BigId, ForeignKey("incident.id"), primary_key=True, autoincrement=False))
    sequence: int = Field(primary_key=True)
    """Counts up from 1 in each incident, without a gap."""
    kind: EntryKind = Field(sa_column=Column(EnumValue(EntryKind), nullable=False))
    happened_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    by: str
    data: JsonObject = Field(sa_column=Column(Json, nullable=False))
    previous_hash: str
    hash: str


REFUSE_CHANGES = {
    "sqlite": [
        "CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry "
        "BEGIN SELECT RAISE(ABORT, 'ledger entries are never changed'); END",
        "CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry "
        "BEGIN SELECT RAISE(ABORT, 'ledger entries are never deleted'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'ledger entries are never changed or deleted'; END $$",
        "CREATE TRIGGER ledger_entry_no_change BEFORE UPDATE OR DELETE ON ledger_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()",
    ],
}
"""Statements, by database, that make the table refuse updates and deletes (corrections are new entries)."""

for _dialect, _statements in REFUSE_CHANGES.items():
    for _statement in _statements:
        event.listen(
            LedgerEntry.__table__,  # type: ignore[attr-defined]  # SQLModel sets it, its stubs do not say so
            "after_create",
            DDL(_statement).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
        )
