"""What whoever made an action item with one line is told: what there is now, and what may be missing."""

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block

from bot import ids
from bot.blocks.item_buttons import press
from bot.blocks.items import due_words, item_title
from bot.blocks.parts import section
from bot.blocks.text import mention
from storage.tables import ActionItem, Horizon, Incident


def new_item(
    item: ActionItem, incident: Incident, *, today: date, remarks: Sequence[str] = ()
) -> tuple[str, list[Block]]:
    """The answer, with a way to edit it; `remarks` say what was taken for granted, or ask."""
    due = f"{due_words(item.due_on, today=today)}{_ahead(item.due_on, today)}" if item.due_on else "no date"
    task = ", a task of the response" if item.horizon is Horizon.NOW else ""
    text = f":memo: {item_title(item)}\n{incident.ref}{task} · {mention(item.owner)} · {due}"
    blocks: list[Block] = [section(text)]
    if remarks:
        blocks.append(section("\n".join(remarks)))
    blocks.append(ActionsBlock(elements=[press("Edit", ids.EDIT_ITEM, item)]))
    return "\n".join([text, *remarks]), blocks


def _ahead(day: date, today: date) -> str:
    """How long that is from today, where its name alone does not say it."""
    days = (day - today).days
    if days < 2:
        return ""
    return f", in {days // 7} weeks" if days % 7 == 0 and days > 7 else f", in {days} days"
