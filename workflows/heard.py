"""What was heard in a channel: said, edited, deleted, marked; as values, whoever heard it and how late."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from storage.tables.columns import JsonObject


@dataclass(frozen=True)
class SaidFile:
    """A file that came with a message."""

    id: str
    name: str
    mimetype: str
    size: int
    """Bytes."""
    unavailable: str | None = None
    """Why its bytes cannot be had, if they cannot."""


@dataclass(frozen=True)
class Marks:
    """All marks a message had when somebody looked."""

    by: Mapping[str, tuple[str, ...]]
    """Who marked it, by mark."""
    is_complete: bool
    """Whether everybody is named: of popular reactions only some are."""
    seen_at: datetime


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message as somebody wrote it, or as it reads since it was edited; people in it are `{@U1}`."""

    channel_id: str
    ts: str
    posted_at: datetime
    author: str
    author_name: str | None = None
    by_bot: bool = False
    thread_ts: str | None = None
    broadcast: bool = False
    text: str
    files: tuple[SaidFile, ...] = ()
    edited_ts: str = ""
    """When these words were written; empty for the first ones."""
    before: tuple[str, str] | None = None
    """When the words before these were written, and the words, where an edit tells them."""
    marks: Marks | None = None

    def to_json(self) -> JsonObject:
        """For a delivery's answer."""
        data = asdict(self)
        data["posted_at"] = self.posted_at.isoformat()
        if self.marks:
            data["marks"]["seen_at"] = self.marks.seen_at.isoformat()
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From a delivery's answer."""
        marks = data["marks"]
        return cls(
            **{
                **data,
                "posted_at": datetime.fromisoformat(data["posted_at"]),
                "files": tuple(SaidFile(**file) for file in data["files"]),
                "before": tuple(data["before"]) if data["before"] else None,
                "marks": Marks(
                    {mark: tuple(people) for mark, people in marks["by"].items()},
                    marks["is_complete"],
                    datetime.fromisoformat(marks["seen_at"]),
                )
                if marks
                else None,
            }
        )


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """A message that its author, or somebody with the right to, has deleted."""

    channel_id: str
    ts: str
    at: datetime
    said: Said | None = None
    """What it had said, where that is told."""


@dataclass(frozen=True, kw_only=True)
class Marked:
    """Somebody marked a message, or took their mark away."""

    channel_id: str
    ts: str
    user_id: str
    mark: str
    is_set: bool
    at: datetime
    by_hand: bool = False
    """In a form, so that no reaction shows it."""


Heard = Said | Deleted | Marked
