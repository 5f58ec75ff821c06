"""A page of action items: what is listed, each with its buttons, and the way to others."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InteractiveElement,
    Option,
    PlainTextObject,
    StaticSelectElement,
    UserSelectElement,
)

from bot import ids
from bot.blocks.item_buttons import press
from bot.blocks.items import item_line
from bot.blocks.parts import button, section, small
from bot.blocks.reminder_rows import item_blocks
from bot.blocks.text import PLAIN_TEXT_LIMIT, clip, escape, mention, plural
from workflows.item_lists import PAGE, ItemList, ItemPage, Listed
from workflows.left_over import LeftOver

MOST_THEMES = 80
"""With the other lists in one menu, which holds 100."""
MOST_NAMED = 10
NO_PREVENTION = (
    ":warning: None of these is to *prevent* it from happening again. What would? "
    "Say so with *Prevent* as an item’s aim."
)
NAMES = {
    ItemList.MINE: "Yours",
    ItemList.TEAM: "Your team’s",
    ItemList.OVERDUE: "Overdue",
    ItemList.ASSIGNED: "Assigned by you",
    ItemList.ALL: "All that are open",
    ItemList.DONE: "Done in the last 30 days",
}


def item_list_blocks(page: ItemPage) -> list[Block]:
    """What can be listed, how much there is, the items, and the way to the next ones."""
    blocks: list[Block] = [_controls(page), section(_heading(page))]
    if page.lacks_prevention:
        go_without = button("Go without…", ids.NO_PREVENTION, str(page.asked.incident_id))
        blocks.append(section(NO_PREVENTION, beside=go_without))
    if page.left_over:
        blocks.append(small("\n".join(_left_over(one) for one in page.left_over)))
    for row in page.rows:
        blocks += item_row(row, page)
    return [*blocks, *_turning(page)]


def _left_over(one: LeftOver) -> str:
    """What is still to be settled before the incident can be closed."""
    named = ", ".join(item.ref for item in one.items[:MOST_NAMED])
    more = f" and {len(one.items) - MOST_NAMED} more" if len(one.items) > MOST_NAMED else ""
    return f":lock: {one.ask} before the incident is closed: {named}{more}."


def item_row(row: Listed, page: ItemPage) -> list[Block]:
    """One item, with what the viewer can do about it."""
    line = item_line(row.item, row.standing.about, today=page.today)
    buttons = [press("Done", ids.ITEM_DONE, row.item)] if row.is_theirs and row.item.is_open else []
    return item_blocks(line, row.item, buttons)


def _controls(page: ItemPage) -> Block:
    options = [Option(value=value, text=PlainTextObject(text=name)) for value, name in _choices(page)]
    chosen = next((option for option in options if option.value == choice_of(page)), None)
    person = page.asked.person if page.asked.which is ItemList.OF else None
    elements: list[InteractiveElement] = [
        StaticSelectElement(
            action_id=ids.ITEMS_SHOWN,
            options=options,
            initial_option=chosen,
            placeholder=PlainTextObject(text="Which"),
        ),
        UserSelectElement(action_id=ids.ITEMS_OF, placeholder=PlainTextObject(text="Somebody’s"), initial_user=person),
    ]
    if page.incident:
        elements.append(button("Add", ids.ADD_ITEM, str(page.incident.number), style="primary"))
    return ActionsBlock(elements=elements)


def choice_of(page: ItemPage) -> str:
    """The value of the list that is shown, in its menu."""
    asked = page.asked
    return f"{asked.which}/{asked.theme_id}" if asked.which is ItemList.THEME else asked.which


def _choices(page: ItemPage) -> list[tuple[str, str]]:
    """Every list there is for the viewer, by value and name."""
    here = [(str(ItemList.HERE), f"Of {page.incident.ref}")] if page.incident else []
    lists = [(str(which), name) for which, name in NAMES.items() if which is not ItemList.TEAM or page.has_team]
    themes = [
        (f"{ItemList.THEME}/{theme.number}", clip(f"Theme: {theme.name}", PLAIN_TEXT_LIMIT))
        for theme in page.themes[:MOST_THEMES]
    ]
    return [*here, *lists, *themes]


def _heading(page: ItemPage) -> str:
    name = _name(page)
    if not page.count.total:
        return f"*{name}*: {_nothing(page)}"
    overdue = f", {page.count.overdue} overdue" if page.count.overdue else ""
    return f"*{name}*: {plural(page.count.total, 'action item')}{overdue}{_place(page)}"


def _name(page: ItemPage) -> str:
    match page.asked.which:
        case ItemList.HERE if page.incident:
            return f"Of {page.incident.ref}"
        case ItemList.OF:
            return f"Of {mention(page.asked.person or '')}"
        case ItemList.THEME:
            return f"Theme: {escape(page.theme.name)}" if page.theme else "A theme that is gone"
        case which:
            return NAMES.get(which, "Action items")


def _nothing(page: ItemPage) -> str:
    if page.asked.which is ItemList.HERE:
        return "nothing yet. *Add* puts something down, and so does `/incident action`."
    return "nothing that you can see."


def _place(page: ItemPage) -> str:
    """Which of them are shown, where that is not all."""
    if page.count.total <= PAGE:
        return ""
    first = page.asked.page * PAGE + 1
    return f" · {first} to {first + len(page.rows) - 1}"


def _turning(page: ItemPage) -> Sequence[Block]:
    number = page.asked.page
    buttons = [button("Previous", ids.ITEMS_PREVIOUS, str(number - 1))] if number else []
    if not page.is_last:
        buttons.append(button("Next", ids.ITEMS_NEXT, str(number + 1)))
    return [ActionsBlock(elements=buttons)] if buttons else []
