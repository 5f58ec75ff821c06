"""Everything that shows a theme or asks for thanks, with any words in it."""

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.views import View

from bot.blocks.praise import kudos_message
from bot.blocks.themes import theme_list
from bot.views.kudos import kudos_modal
from bot.views.theme import theme_modal
from storage.tables import Theme
from tests.bot.values import accepted, an_unsaved_incident
from tests.builders import NOON
from workflows.themes import RollUp


def a_theme(words: str) -> Theme:
    """A theme of Bo's."""
    return Theme(id=3, name=words, aim=words, owner="UBO", created_by="UANN", created_at=NOON)


def theme_views(words: str) -> Iterator[View]:
    """The forms of themes and of thanks, empty and filled."""
    yield theme_modal(None, owner="UANN", name=words)
    yield theme_modal(a_theme(words), owner="UANN")
    yield kudos_modal(an_unsaved_incident(), asked_in=None)
    yield kudos_modal(an_unsaved_incident(title=words), asked_in="C1", to="UBO", text=words)


def theme_messages(words: str) -> Iterator[dict[str, Any]]:
    """Lists of themes and thanks in private, as they are sent."""
    by = {f"U{n:010}": (99, 99) for n in range(30)}
    yield accepted(*theme_list([]))
    yield accepted(*theme_list([RollUp(a_theme(words), by, 999, 999, 999)] * 40))
    yield accepted(*kudos_message(an_unsaved_incident(title=words), {"by": "UANN", "to": "UBO", "kudos": words[:500]}))
