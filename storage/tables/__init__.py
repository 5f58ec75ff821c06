"""What Sitrep remembers: one file a subject, with its enums."""

from storage.tables.action_items import (
    OPEN_ITEM_STATES,
    AcceptedRisk,
    ActionItem,
    Aim,
    CheckState,
    EffectivenessCheck,
    Horizon,
    ItemKind,
    ItemState,
    Proposal,
    Source,
    Theme,
)
from storage.tables.deliveries import Delivery, DeliveryKind, DeliveryOutcome
from storage.tables.incidents import Incident, Status
from storage.tables.ledger import EntryKind, LedgerEntry
from storage.tables.messages import Mark, Message, MessageVersion, SharedFile
from storage.tables.participants import Participant
from storage.tables.people import Person
from storage.tables.prompts import Prompt, PromptKind, PromptState
from storage.tables.reminders import GATHERED, Reminder, ReminderKind, ReminderState
from storage.tables.requests import ReceivedRequest
from storage.tables.roles import RoleAssignment
from storage.tables.settings import KeptValue
from storage.tables.subscriptions import Subscription
from storage.tables.timeline import TimelineEntry
from storage.tables.updates import Update

__all__ = [
    "GATHERED",
    "OPEN_ITEM_STATES",
    "AcceptedRisk",
    "ActionItem",
    "Aim",
    "CheckState",
    "Delivery",
    "DeliveryKind",
    "DeliveryOutcome",
    "EffectivenessCheck",
    "EntryKind",
    "Horizon",
    "Incident",
    "ItemKind",
    "ItemState",
    "KeptValue",
    "LedgerEntry",
    "Mark",
    "Message",
    "MessageVersion",
    "Participant",
    "Person",
    "Prompt",
    "PromptKind",
    "PromptState",
    "Proposal",
    "ReceivedRequest",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "RoleAssignment",
    "SharedFile",
    "Source",
    "Status",
    "Subscription",
    "Theme",
    "TimelineEntry",
    "Update",
]
