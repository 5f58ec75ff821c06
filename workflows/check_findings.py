"""What is found for a check before somebody answers it: incidents since that look alike, and what came out of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import list_items_after
from storage.tables import ActionItem, EffectivenessCheck, Incident, Reminder
from storage.tables.columns import JsonObject
from workflows.alike import alike, list_candidates
from workflows.checks import made_by
from workflows.reminders import Standing

MOST_ALIKE = 3


def check_of(reminder: Reminder, standing: Standing) -> EffectivenessCheck | None:
    """The check that a reminder is about; None once its item was opened again."""
    return next((check for check in standing.checks if check.id == reminder.check_id), None)


async def find_for_reminders(
    session: AsyncSession, about: Sequence[tuple[Reminder, Standing]], *, viewer: str
) -> Mapping[int, JsonObject]:
    """By reminder, what was found for its check."""
    checks = {reminder.number: check for reminder, standing in about if (check := check_of(reminder, standing))}
    incidents = {reminder.number: standing.about.incident for reminder, standing in about}
    found = await find_for_checks(
        session, [(check, incidents[number]) for number, check in checks.items()], viewer=viewer
    )
    return {number: found[check.number] for number, check in checks.items()}


async def find_for_checks(
    session: AsyncSession, checks: Sequence[tuple[EffectivenessCheck, Incident]], *, viewer: str
) -> Mapping[int, JsonObject]:
    """By check, what this reader may know of what was found for it; in two statements however many they are."""
    if not checks:
        return {}
    since = min(check.done_at for check, _ in checks)
    candidates = await list_candidates(session, since=since - timedelta(seconds=1), viewer=viewer)
    after = await list_items_after(session, {check.item_id for check, _ in checks})
    return {
        check.number: {
            **_similar(alike(incident, [one for one in candidates if one.declared_at > check.done_at])),
            "named": [one.number for one in candidates if one.number in check.similar],
            "made": _made(made_by(check, after)),
        }
        for check, incident in checks
    }


def _similar(found: Sequence[Incident]) -> JsonObject:
    shown = [
        {"incident": one.number, "title": one.title, "channel_id": one.channel_id, "private": one.private}
        for one in found[:MOST_ALIKE]
    ]
    return {"similar": shown, "more": len(found) - len(shown)}


def _made(items: Iterable[ActionItem]) -> list[JsonObject]:
    return [{"item": one.number, "title": one.title, "kind": one.kind.value} for one in items]
