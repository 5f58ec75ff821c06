"""Themes: action items with one aim and one owner, and how far they are together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Theme
from storage.themes import Share, find_theme, find_theme_named, list_open_themes, list_shares
from workflows.access import begin
from workflows.commands import Command
from workflows.errors import Declined
from workflows.masking import mask
from workflows.people import meet
from workflows.situation import list_situations


@dataclass(frozen=True, kw_only=True)
class SaveTheme(Command):
    """Say what a theme is called, what it is for, who cares for it, and whether it is over."""

    name: str
    aim: str
    owner: str
    theme_id: int | None = None
    """None: a new one."""
    closed: bool = False


class ThemeNameTaken(Declined):
    """Another theme has the name."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            f"There is a theme “{theme.name}” already, so nothing was changed. "
            "`/incident theme` lists it; choose another name for this one."
        )


class ThemeNotFound(Declined):
    """There is none by this number."""

    def __init__(self) -> None:
        super().__init__("There is no such theme. `/incident theme` lists those there are.")


@dataclass(frozen=True)
class RollUp:
    """How far a theme is, from the items of it that one reader may see."""

    theme: Theme
    by: Mapping[str, tuple[int, int]]
    """How many each owner has open and has done, by owner."""
    open: int
    overdue: int
    done: int


async def save_theme(session: AsyncSession, command: SaveTheme, *, now: datetime) -> Theme:
    """Begin a theme, take up one of that name that was closed, or change one.

    Raises AlreadyReceived, ThemeNotFound, ThemeNameTaken.
    """
    await begin(session, command, now=now)
    theme = await _theme_for(session, command, now=now)
    theme.name, theme.aim, theme.owner = mask(command.name), mask(command.aim), command.owner
    theme.closed_at = (theme.closed_at or now) if command.closed else None
    session.add(theme)
    await session.flush()
    await meet(session, [command.owner], now=now)
    return theme


async def _theme_for(session: AsyncSession, command: SaveTheme, *, now: datetime) -> Theme:
    named = await find_theme_named(session, mask(command.name))
    if command.theme_id is None:
        if named is not None and named.closed_at is None:
            raise ThemeNameTaken(named)
        return named or Theme(name=command.name, owner=command.owner, created_by=command.by, created_at=now)
    theme = await find_theme(session, command.theme_id)
    if theme is None:
        raise ThemeNotFound
    if named is not None and named.number != theme.number:
        raise ThemeNameTaken(named)
    return theme


async def list_roll_ups(session: AsyncSession, *, today: date, viewer: str | None = None) -> Sequence[RollUp]:
    """How far the open themes are, by name: for one reader, or else for everybody; of what they may not see nothing."""
    themes = await list_open_themes(session)
    shares = await list_shares(session, [theme.number for theme in themes], today=today)
    private = {share.incident_id for share in shares if share.private}
    about = await list_situations(session, private) if viewer else {}
    seen = [
        share
        for share in shares
        if not share.private or (viewer is not None and about[share.incident_id].visible_to(viewer))
    ]
    return [_roll_up(theme, [share for share in seen if share.theme_id == theme.number]) for theme in themes]


def _roll_up(theme: Theme, shares: Sequence[Share]) -> RollUp:
    still_open: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for share in shares:
        still_open[share.owner] += share.open
        done[share.owner] += share.done
    return RollUp(
        theme,
        by={owner: (still_open[owner], done[owner]) for owner in still_open},
        open=still_open.total(),
        overdue=sum(share.overdue for share in shares),
        done=done.total(),
    )
