"""A title for an action item, made of what somebody said."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from storage.people import list_names
from workflows.item_fields import TITLE_LIMIT

_SENTENCE = re.compile(r".+?(?=[.!]?(?:\n|[.!]\s|[.!]?$)|(?<=\?)\s)", re.DOTALL)
_PERSON = re.compile(r"\{@([UW][A-Z0-9]+)\}")


def first_sentence(text: str) -> str:
    """What a text begins with, as a title: its first sentence or, where that is too long, as many words as fit."""
    found = _SENTENCE.match(text.strip())
    first = " ".join((found.group() if found else text).split())
    if len(first) <= TITLE_LIMIT:
        return first
    cut = first[: TITLE_LIMIT - 1]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut else cut}…"


async def with_names(session: AsyncSession, text: str) -> str:
    """The text with people by name, as far as we have seen them: a title shows no mentions."""
    named = set(_PERSON.findall(text))
    names = await list_names(session, named) if named else {}
    return _PERSON.sub(lambda found: f"@{names.get(found.group(1), 'somebody')}", text)
