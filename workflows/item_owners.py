"""Whose an action item is: given, taken on, declined, and when its owner needs help."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import ActionItem
from workflows.commands import AcceptItem, AskForHelp, AssignItem, DeclineItem
from workflows.process import Process


async def assign_item(session: AsyncSession, command: AssignItem, *, process: Process, now: datetime) -> ActionItem:
    """Give it to somebody, or take it over."""
    raise NotImplementedError


async def accept_item(session: AsyncSession, command: AcceptItem, *, process: Process, now: datetime) -> ActionItem:
    """Its owner takes it on."""
    raise NotImplementedError


async def decline_item(session: AsyncSession, command: DeclineItem, *, process: Process, now: datetime) -> ActionItem:
    """Its owner does not take it on: it goes back to who assigned it."""
    raise NotImplementedError


async def ask_for_help(session: AsyncSession, command: AskForHelp, *, process: Process, now: datetime) -> ActionItem:
    """Its owner cannot go on alone: the incident's channel is asked."""
    raise NotImplementedError
