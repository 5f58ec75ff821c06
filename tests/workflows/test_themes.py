"""Themes: items with one aim and one owner, rolled up for whoever may see them."""

from datetime import date

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import Database
from storage.tables import ItemState, Theme
from storage.themes import list_open_themes
from tests.builders import NOON, an_opened_incident, request
from tests.workflows.digesting import an_item_row
from workflows.themes import RollUp, SaveTheme, ThemeNameTaken, ThemeNotFound, list_roll_ups, save_theme

TODAY = date(2026, 3, 9)


async def _save(session: AsyncSession, name: str = "Faster detection", **changes: object) -> Theme:
    values = {"name": name, "aim": "See it before people do", "owner": "UBO", **changes}
    return await save_theme(session, SaveTheme(**request(), **values), now=NOON)  # type: ignore[arg-type]  # as stated


def _seen(theme: RollUp) -> tuple[str, int, int, int, dict[str, tuple[int, int]]]:
    return theme.theme.name, theme.open, theme.overdue, theme.done, dict(theme.by)


async def test_a_theme_is_rolled_up_from_its_items_by_owner(database: Database) -> None:
    async with database.transaction() as session:
        detection, other = (await _save(session)).number, (await _save(session, "Other")).number
        incident, another = await an_opened_incident(session), await an_opened_incident(session)
        await an_item_row(session, incident, theme_id=detection, due_on=date(2026, 3, 8))
        await an_item_row(session, another, theme_id=detection, state=ItemState.BLOCKED)
        await an_item_row(session, another, theme_id=detection, state=ItemState.VERIFIED)
        await an_item_row(session, another, theme_id=detection, state=ItemState.DONE, owner="UCY")
        await an_item_row(session, another, theme_id=detection, state=ItemState.WONT_DO)
        await an_item_row(session, another, theme_id=other, state=ItemState.DONE)
        await an_item_row(session, another)

    async with database.read() as session:
        themes = await list_roll_ups(session, today=TODAY)

    assert [_seen(one) for one in themes] == [
        ("Faster detection", 2, 1, 2, {"UBO": (2, 1), "UCY": (0, 1)}),
        ("Other", 0, 0, 1, {"UBO": (0, 1)}),
    ]


async def test_of_a_private_incident_only_those_in_it_see_the_share_of_a_theme(database: Database) -> None:
    async with database.transaction() as session:
        theme = await _save(session)
        await an_item_row(session, await an_opened_incident(session, private=True), theme_id=theme.number)

    async with database.read() as session:
        seen = {viewer: await list_roll_ups(session, today=TODAY, viewer=viewer) for viewer in ("UANN", "UBO", None)}

    assert {viewer: one.open for viewer, (one,) in seen.items()} == {"UANN": 1, "UBO": 0, None: 0}


async def test_a_theme_that_is_over_is_listed_no_more_until_it_is_taken_up_again(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        theme = await _save(session)
        await _save(session, theme_id=theme.number, closed=True, owner="UCY")
        assert await list_open_themes(session) == []

        again = await _save(session, "FASTER detection")

        assert [one.name for one in await list_open_themes(session)] == ["FASTER detection"]
        assert (again.number, again.owner, again.closed_at) == (theme.number, "UBO", None)


async def test_two_themes_have_no_name_in_common(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        await _save(session, "Größe")
        other = await _save(session, "Other")

        with pytest.raises(ThemeNameTaken, match="already"):
            await _save(session, "GRÖSSE")
        with pytest.raises(ThemeNameTaken):
            await _save(session, "größe", theme_id=other.number)
        with pytest.raises(ThemeNotFound):
            await _save(session, "Third", theme_id=99)
