"""Themes in words and buttons."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, MarkdownTextObject, SectionBlock

from bot import ids
from bot.blocks.answers import Answer
from bot.blocks.parts import button, section, small
from bot.blocks.text import clip, escape, mention, plural
from workflows.themes import RollUp

NAME_LIMIT, AIM_LIMIT = 120, 200
MOST_SHOWN, MOST_OWNERS = 15, 6


def theme_list(themes: Sequence[RollUp]) -> Answer:
    """How far each is, and who works on it; with a button to change it."""
    text = plural(len(themes), "theme") if themes else "No theme yet. A theme gathers action items with one aim."
    blocks: list[Block] = [section(f"*{text}*" if themes else text)]
    blocks += [
        SectionBlock(text=MarkdownTextObject(text=_theme(one)), accessory=_change(one)) for one in themes[:MOST_SHOWN]
    ]
    if len(themes) > MOST_SHOWN:
        blocks.append(small(f"and {len(themes) - MOST_SHOWN} more: `/incident theme` with the name shows one"))
    return text, [*blocks, ActionsBlock(elements=[button("New theme", ids.ADD_THEME)])]


def _change(one: RollUp) -> ButtonElement:
    return button("Change", ids.EDIT_THEME, str(one.theme.number))


def _theme(one: RollUp) -> str:
    aim = f"\n{clip(escape(one.theme.aim), AIM_LIMIT)}" if one.theme.aim else ""
    name = f"*{clip(escape(one.theme.name), NAME_LIMIT)}* · {mention(one.theme.owner)} · {theme_counts(one)}"
    return f"{name}{aim}{_by(one)}"


def theme_counts(one: RollUp) -> str:
    """How far a theme is."""
    overdue = f", {one.overdue} overdue" if one.overdue else ""
    return f"{one.open} open{overdue}, {one.done} done" if one.open or one.done else "nothing in it yet"


def _by(one: RollUp) -> str:
    """Who has how much of it, in no order of merit."""
    shares = [f"{mention(owner)} {count} open, {done} done" for owner, (count, done) in one.by.items()]
    more = [f"and {len(shares) - MOST_OWNERS} more people"] if len(shares) > MOST_OWNERS else []
    return "\n" + "; ".join([*shares[:MOST_OWNERS], *more]) if shares else ""
