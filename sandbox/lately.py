"""Keeping only the latest of what comes without end, so that a workspace can run for weeks."""

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def keep_latest(kept: list[V], most: int) -> None:
    """Forget the oldest, many at a time, once there are a tenth more than that."""
    if len(kept) > most + most // 10:
        del kept[:-most]


def keep_latest_entries(kept: dict[K, V], most: int) -> None:
    """Forget what was put in first, as long as there are more than that."""
    while len(kept) > most:
        del kept[next(iter(kept))]
