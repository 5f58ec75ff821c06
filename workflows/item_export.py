"""Action items for a document that is read elsewhere: each as it stands now, people by name."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from storage.item_lists import list_all_items
from storage.people import list_names
from storage.tables import ActionItem, Theme
from storage.tables.columns import JsonObject
from storage.themes import list_themes
from workflows.process import Process

FIELDS = (
    *("ref", "incident", "title", "state", "owner", "due_on", "for", "aim", "kind", "theme"),
    *("priority", "impact", "feasibility", "priority_reason", "why", "success_measure", "vendor_contact"),
    *("blocked_on", "dropped_because", "links", "evidence", "tracker", "tracker_url", "tracker_state"),
    *("created_at", "created_by", "done_at", "done_by", "verified_at", "verified_by", "outcome", "follows"),
)
"""What is told of each, in order."""


async def export_rows(session: AsyncSession, incident_id: int | None, *, process: Process) -> list[JsonObject]:
    """Every action item, or those of one incident, by number; private incidents' too."""
    items = await list_all_items(session, incident_id)
    people = {who for item in items for who in (item.owner, item.created_by, item.done_by, item.verified_by) if who}
    names = await list_names(session, people)
    known = await list_themes(session, {item.theme_id for item in items if item.theme_id})
    themes = {theme.number: theme for theme in known}
    return [_row(item, names, themes, process) for item in items]


def _row(item: ActionItem, names: Mapping[str, str], themes: Mapping[int, Theme], process: Process) -> JsonObject:
    theme, tracker = themes.get(item.theme_id or 0), process.trackers.get(item.tracker or "")
    told: JsonObject = {
        "ref": item.ref,
        "incident": f"INC-{item.incident_id}",
        "for": item.horizon,
        "theme": theme.name if theme else None,
        "priority": item.rank or None,
        "tracker": tracker.name if tracker else item.tracker,
        "follows": f"ACT-{item.follows}" if item.follows else None,
    }
    for field in ("owner", "created_by", "done_by", "verified_by"):
        who = getattr(item, field)
        told[field] = names.get(who, who)
    for field in ("due_on", "created_at", "done_at", "verified_at"):
        when = getattr(item, field)
        told[field] = when.isoformat() if when else None
    return {field: told[field] if field in told else getattr(item, field) for field in FIELDS}
