"""Action items on the home tab: a few of each list, with their buttons, and the way to all of them."""

import json

from slack_sdk.models.blocks import ActionsBlock, Block, HeaderBlock, InteractiveElement

from bot import ids
from bot.blocks.item_buttons import press, snooze_menu
from bot.blocks.items import item_line
from bot.blocks.parts import button, small
from bot.blocks.reminder_rows import item_blocks
from workflows.boards import Board, Part
from workflows.item_lists import ItemList, Listed

HEADINGS = {
    ItemList.MINE: "Your action items",
    ItemList.TEAM: "Your team’s action items",
    ItemList.OVERDUE: "Overdue, of others",
    ItemList.ASSIGNED: "What you have assigned",
}


def board_blocks(board: Board) -> list[Block]:
    """The lists, one below the other."""
    return [block for part in board.parts for block in _part(part, board)]


def _part(part: Part, board: Board) -> list[Block]:
    blocks: list[Block] = [HeaderBlock(text=f"{HEADINGS[part.which]}{_counted(part)}")]
    for row in part.rows:
        blocks += _row(row, part, board)
    if not part.rows:
        blocks.append(small("Nothing to do."))
    if part.count.total > len(part.rows):
        value = json.dumps({"which": part.which})
        blocks.append(ActionsBlock(elements=[button(f"All {part.count.total}", ids.OPEN_ITEMS, value)]))
    return blocks


def _counted(part: Part) -> str:
    if not part.count.total:
        return ""
    total, overdue = part.count.total, part.count.overdue
    if part.which is ItemList.OVERDUE or not overdue:
        return f" · {total}"
    return f" · {total}, {'all' if overdue == total > 1 else overdue} overdue"


def _row(row: Listed, part: Part, board: Board) -> list[Block]:
    is_own = part.which is ItemList.MINE
    line = item_line(row.item, row.standing.about, today=board.today, with_owner=not is_own)
    buttons: list[InteractiveElement] = [press("Done", ids.ITEM_DONE, row.item), snooze_menu(row.item)]
    return item_blocks(line, row.item, buttons if is_own else [])
