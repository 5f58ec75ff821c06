"""Rows that ask whether it worked: verification, effectiveness, accepted risks and decisions."""

from slack_sdk.models.blocks import Block

from workflows.briefings import Row
from workflows.process import Process


def verify_row(row: Row, process: Process) -> list[Block]:
    """It is said to be done: is it so?"""
    return []


def check_row(row: Row, process: Process) -> list[Block]:
    """It was done some time ago: did it work?"""
    return []


def risk_row(row: Row, process: Process) -> list[Block]:
    """An accepted risk is to be looked at again."""
    return []


def decision_row(row: Row, process: Process) -> list[Block]:
    """An investment waits for an answer, or a risk for a signature."""
    return []
