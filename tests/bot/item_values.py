"""What the ledger keeps of action items, checks and risks."""

from typing import Any

from storage.tables import EntryKind


def item_entries_data(words: str) -> dict[EntryKind, dict[str, Any]]:
    """By kind, with these words wherever people may type."""
    item = {"item": 7, "title": words, "owner": "UBO"}
    risk = {"risk": 3, "title": words, "owner": "UBO", "review_on": "2026-09-01", "why": words}
    return {
        EntryKind.ITEM_ADDED: {**item, "due_on": "2026-03-20", "kind": "code"},
        EntryKind.ITEM_CHANGED: {
            **item,
            "changes": {"title": [words, words], "links": [[], [words] * 20], "due_on": [None, "2026-03-20"]},
        },
        EntryKind.ITEM_ASSIGNED: {**item, "from": "UBO", "to": "UCY", "why": words},
        EntryKind.ITEM_ACCEPTED: item,
        EntryKind.ITEM_DECLINED: {**item, "from": "UBO", "to": "UCY", "why": words},
        EntryKind.ITEM_STATE: {**item, "from": "open", "to": "wont_do", "reason": words, "evidence": None},
        EntryKind.ITEM_SNOOZED: {**item, "until": "2026-03-09", "reason": words, "time": 3},
        EntryKind.ITEM_NEEDS_HELP: {**item, "asked": "UANN", "words": words},
        EntryKind.ITEM_DECIDED: {**item, "approved": False, "reason": words},
        EntryKind.ITEM_TRACKED: {**item, "tracker": "GitHub", "ref": words, "state": words, "url": words},
        EntryKind.CHECK_ANSWERED: {
            **item,
            "check": 2,
            "days": 30,
            "answer": "partly",
            "side_effects": words,
            "similar": [8, 9],
        },
        EntryKind.RISK_ACCEPTED: risk,
        EntryKind.RISK_REVIEWED: {**risk, "answer": "still"},
        EntryKind.NO_PREVENTION: {"reason": words},
        EntryKind.KUDOS: {"to": "UBO", "text": words},
    }
