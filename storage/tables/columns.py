"""Column types that behave the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, String, TypeDecorator

BigId = BigInteger().with_variant(Integer, "sqlite")
"""A row's number; SQLite counts up by itself only on plain INTEGER."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; refuses a naive one, and gives SQLite's naive answers their zone back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Send UTC to the database.

        Raises ValueError for a naive time.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; times are aware UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give an aware time back."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class EnumValue(TypeDecorator[StrEnum]):
    """An enum stored by its value, as text, so that adding a member needs no migration."""

    impl = String(40)
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Send the value."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Give the member back."""
        return None if value is None else self.enum(value)


JsonObject = dict[str, Any]
"""What a JSON column holds; its keys are the writer's."""

Json = JSON(none_as_null=True)
