"""Statements on what we keep about ourselves."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import KeptValue


async def find_kept(session: AsyncSession, name: str) -> str | None:
    """What is kept under this name."""
    kept = await session.get(KeptValue, name)
    return kept.value if kept else None


async def keep(session: AsyncSession, name: str, value: str) -> None:
    """Keep this under this name from now on."""
    await session.merge(KeptValue(name=name, value=value))
