"""What statements that count action items are made of."""

from sqlalchemy import ColumnElement, case, func, literal_column
from sqlmodel import col

from storage.tables import OPEN_ITEM_STATES, ActionItem, ItemState

# Written out, so that the indexes on open ones are used: SQLite does not look into parameters.
IS_OPEN = col(ActionItem.state).in_([literal_column(f"'{state}'") for state in OPEN_ITEM_STATES])
IS_DONE = col(ActionItem.state).in_((ItemState.DONE, ItemState.VERIFIED))


def count_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of a group meet this."""
    return func.sum(case((condition, 1), else_=0))
