"""What statements that count action items are made of."""

from sqlalchemy import ColumnElement, case, func
from sqlmodel import col

from storage.tables import OPEN_ITEM_STATES, ActionItem, ItemState

IS_OPEN = col(ActionItem.state).in_(OPEN_ITEM_STATES)
IS_DONE = col(ActionItem.state).in_((ItemState.DONE, ItemState.VERIFIED))


def count_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of a group meet this."""
    return func.sum(case((condition, 1), else_=0))
