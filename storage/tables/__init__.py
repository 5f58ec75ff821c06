"""What Sitrep remembers: one file a subject, with its enums."""

from storage.tables.deliveries import Delivery, DeliveryKind, DeliveryOutcome
from storage.tables.incidents import Incident, Status
from storage.tables.ledger import EntryKind, LedgerEntry
from storage.tables.messages import Mark, Message, MessageVersion, SharedFile
from storage.tables.participants import Participant
from storage.tables.people import Person
from storage.tables.prompts import Prompt, PromptKind, PromptState
from storage.tables.requests import ReceivedRequest
from storage.tables.roles import RoleAssignment
from storage.tables.subscriptions import Subscription
from storage.tables.timeline import TimelineEntry
from storage.tables.updates import Update

__all__ = [
    "Delivery",
    "DeliveryKind",
    "DeliveryOutcome",
    "EntryKind",
    "Incident",
    "LedgerEntry",
    "Mark",
    "Message",
    "MessageVersion",
    "Participant",
    "Person",
    "Prompt",
    "PromptKind",
    "PromptState",
    "ReceivedRequest",
    "RoleAssignment",
    "SharedFile",
    "Status",
    "Subscription",
    "TimelineEntry",
    "Update",
]
