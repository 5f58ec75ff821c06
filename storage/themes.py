"""Statements on themes: action items with one aim."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func
from sqlalchemy import select as plain_select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.counting import IS_DONE, IS_OPEN, count_where
from storage.tables import ActionItem, Incident, Theme


@dataclass(frozen=True)
class Share:
    """What one person has to do, and has done, for one theme in one incident."""

    theme_id: int
    incident_id: int
    private: bool
    owner: str
    open: int
    overdue: int
    done: int


async def find_theme(session: AsyncSession, theme_id: int) -> Theme | None:
    """A theme by its number."""
    return await session.get(Theme, theme_id)


async def find_theme_named(session: AsyncSession, name: str) -> Theme | None:
    """A theme by its name, however that is capitalised; also one that was closed."""
    themes = (await session.execute(select(Theme).order_by(col(Theme.id)))).scalars()
    # In Python, because SQLite knows the small letters of English only.
    return next((theme for theme in themes if theme.name.casefold() == name.casefold()), None)


async def list_themes(session: AsyncSession, ids: Collection[int]) -> Sequence[Theme]:
    """These themes, by number; also those that were closed."""
    statement = select(Theme).where(col(Theme.id).in_(ids)).order_by(col(Theme.id))
    return (await session.execute(statement)).scalars().all() if ids else []


async def list_open_themes(session: AsyncSession) -> Sequence[Theme]:
    """The themes that are worked on, by name."""
    statement = select(Theme).where(col(Theme.closed_at).is_(None)).order_by(func.lower(Theme.name), col(Theme.id))
    return (await session.execute(statement)).scalars().all()


async def list_shares(session: AsyncSession, theme_ids: Collection[int], *, today: date) -> Sequence[Share]:
    """Who has how much to do for these themes, by theme, owner and incident; what will not be done is left out."""
    if not theme_ids:
        return []
    overdue = and_(IS_OPEN, col(ActionItem.due_on) < today)
    keys = (col(ActionItem.theme_id), col(ActionItem.owner), col(ActionItem.incident_id), col(Incident.private))
    statement = (
        plain_select(*keys, count_where(IS_OPEN), count_where(overdue), count_where(IS_DONE))
        .join(Incident, col(Incident.id) == col(ActionItem.incident_id))
        .where(col(ActionItem.theme_id).in_(theme_ids), IS_OPEN | IS_DONE)
        .group_by(*keys)
        .order_by(*keys)
    )
    rows = (await session.execute(statement)).all()
    return [
        Share(theme_id, incident_id, private, owner, open_, overdue_, done)
        for theme_id, owner, incident_id, private, open_, overdue_, done in rows
        if theme_id is not None
    ]
