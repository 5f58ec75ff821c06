"""Check a JSON value against the field descriptions of a facts file, with errors in Slack's own form."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, ClassVar, cast
from zoneinfo import available_timezones

Kind = Callable[["Checker", object, "Field", str], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check: errors refuse the call, warnings are what Slack would let pass."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    code: str | None = None


@dataclass(frozen=True, eq=False)
class Field:
    """One described value: its type and whatever limits are known for it."""

    type: str
    required: bool = False
    nullable: bool = False
    literal: str | None = None
    enum: tuple[object, ...] = ()
    allowed: tuple[str, ...] | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    unique: bool = False
    min: int | None = None
    max: int | None = None
    pattern: str | None = None
    items: "Field | None" = None
    shape: "Shape | None" = None

    @classmethod
    def from_facts(cls, fact: Mapping[str, Any]) -> "Field":
        """Read one field description; what is null there is not enforced."""
        plain = ("type", "nullable", "literal", "min_length", "max_length", "min_items", "max_items", "unique")
        known = {name: fact[name] for name in (*plain, "min", "max", "pattern") if fact.get(name) is not None}
        return cls(
            **known,
            required=fact.get("required") is True,
            enum=tuple(fact.get("enum", ())),
            allowed=tuple(fact["allowed"]) if fact.get("allowed") else None,
            items=cls.from_facts(fact["items"]) if fact.get("items") else None,
            shape=Shape.from_facts(fact) if "fields" in fact else None,
        )


@dataclass(frozen=True, eq=False)
class Shape:
    """The fields of one kind of object, and the rules over several of them."""

    fields: Mapping[str, Field]
    at_least_one: tuple[tuple[str, ...], ...] = ()
    exactly_one: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def from_facts(cls, fact: Mapping[str, Any], *, typed: bool = False) -> "Shape":
        """Read an entry with `fields`; a typed one also has the key `type`, which its holder has looked at."""
        fields = {name: Field.from_facts(each) for name, each in fact["fields"].items()}
        rules = {str(each.get("required")) for each in fact["fields"].values()}
        return cls(
            fields={"type": Field("string", required=True)} | fields if typed else fields,
            at_least_one=_groups("at_least_one", rules),
            exactly_one=_groups("exactly_one", rules),
        )


class Checker:
    """Collects what is wrong with a value; `kinds` says how each type of field is checked."""

    kinds: ClassVar[Mapping[str, Kind]] = {}

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.warnings: list[str] = []

    def fail(self, message: str, pointer: str) -> None:
        """Note an error at a place."""
        self.errors.append(f"[ERROR] {message} [json-pointer:{pointer}]")

    def check(self, value: object, field: Field, pointer: str) -> None:
        """Check a value against its description."""
        if value is None and field.nullable:
            return
        self.kinds[field.type](self, value, field, pointer)

    def check_object(self, value: object, shape: Shape, pointer: str) -> None:
        """Check an object: nothing unknown in it, nothing missing, and every value right."""
        if not isinstance(value, dict):
            self.fail("must provide an object", pointer)
            return
        for name in value:
            if name not in shape.fields:
                self.fail(f"invalid additional property: {name}", pointer)
        for name, each in shape.fields.items():
            if name in value:
                self.check(value[name], each, f"{pointer}/{name}")
            elif each.required:
                self.fail(f"missing required field: {name}", pointer)
        self._check_groups(value, shape, pointer)

    def _check_groups(self, value: Mapping[str, object], shape: Shape, pointer: str) -> None:
        # Slack points at the type of the block that lacks the choice.
        place = f"{pointer}/type" if "type" in shape.fields else pointer
        for names in shape.at_least_one + shape.exactly_one:
            given = sum(name in value for name in names)
            words = " or ".join(f"`{name}`" for name in names)
            if not given:
                self.fail(f"must define either {words}", place)
            elif given > 1 and names in shape.exactly_one:
                self.fail(f"must define only one of {words}", place)


def check_text_length(checker: Checker, value: str, field: Field, pointer: str) -> None:
    """Slack's two complaints about the length of a string."""
    if field.min_length is not None and len(value) < field.min_length:
        checker.fail(f"must be more than {field.min_length - 1} characters", pointer)
    if field.max_length is not None and len(value) > field.max_length:
        checker.fail(f"must be less than {field.max_length + 1} characters", pointer)


def _groups(rule: str, rules: set[str]) -> tuple[tuple[str, ...], ...]:
    found = (re.fullmatch(rf"{rule}\((.*)\)", each) for each in sorted(rules))
    return tuple(tuple(match[1].split(",")) for match in found if match)


def _string(checker: Checker, value: object, field: Field, pointer: str) -> None:
    if not isinstance(value, str):
        checker.fail("must be a string", pointer)
        return
    check_text_length(checker, value, field, pointer)
    if field.pattern and not re.fullmatch(field.pattern, value):
        checker.fail(f"must match {field.pattern}", pointer)


def _boolean(checker: Checker, value: object, field: Field, pointer: str) -> None:
    if not isinstance(value, bool):
        checker.fail("must be a boolean", pointer)


def _integer(checker: Checker, value: object, field: Field, pointer: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        checker.fail("must be an integer", pointer)
        return
    if field.min is not None and value < field.min:
        checker.fail(f"must be at least {field.min}", pointer)
    if field.max is not None and value > field.max:
        checker.fail(f"must be at most {field.max}", pointer)


def _number(checker: Checker, value: object, field: Field, pointer: str) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        checker.fail("must be a number", pointer)


def _enum(checker: Checker, value: object, field: Field, pointer: str) -> None:
    if value not in field.enum or isinstance(value, bool):
        checker.fail(f"must be one of: {', '.join(map(str, field.enum))}", pointer)


def _literal(checker: Checker, value: object, field: Field, pointer: str) -> None:
    if value != field.literal:
        checker.fail(f"must be `{field.literal}`", pointer)


def _url(checker: Checker, value: object, field: Field, pointer: str) -> None:
    _string(checker, value, field, pointer)
    schemes = "https://" if field.type == "https_url" else ("https://", "http://")
    if isinstance(value, str) and not value.startswith(schemes):
        checker.fail("must be a valid URL", pointer)


def _array(checker: Checker, value: object, field: Field, pointer: str) -> None:
    if not isinstance(value, list):
        checker.fail("must provide an array", pointer)
        return
    if field.min_items is not None and len(value) < field.min_items:
        checker.fail(f"must provide at least {field.min_items} items", pointer)
    if field.max_items is not None and len(value) > field.max_items:
        checker.fail(f"no more than {field.max_items} items allowed", pointer)
    if field.unique and len({str(each) for each in value}) < len(value):
        checker.fail("must not hold the same item twice", pointer)
    if field.items is not None:
        for index, each in enumerate(value):
            checker.check(each, field.items, f"{pointer}/{index}")


def _object(checker: Checker, value: object, field: Field, pointer: str) -> None:
    if field.shape is not None:
        checker.check_object(value, field.shape, pointer)
    elif not isinstance(value, dict):
        checker.fail("must provide an object", pointer)


def _map(checker: Checker, value: object, field: Field, pointer: str) -> None:
    """An object whose keys its author chose."""
    if not isinstance(value, dict):
        checker.fail("must provide an object", pointer)
        return
    if field.max_items is not None and len(value) > field.max_items:
        checker.fail(f"no more than {field.max_items} items allowed", pointer)


def _date(checker: Checker, value: object, field: Field, pointer: str) -> None:
    try:
        # fromisoformat also reads forms that Slack does not.
        right = re.fullmatch(r"\d{4}-\d\d-\d\d", cast(str, value)) and date.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        right = None
    if not right:
        checker.fail("must be a date of the form YYYY-MM-DD", pointer)


def _time(checker: Checker, value: object, field: Field, pointer: str) -> None:
    if not (isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value)):
        checker.fail("must be a time of the form HH:mm", pointer)


def _timezone(checker: Checker, value: object, field: Field, pointer: str) -> None:
    if not isinstance(value, str) or value not in _timezones():
        checker.fail("must be an IANA timezone", pointer)


@cache
def _timezones() -> set[str]:
    return available_timezones()


def _unix_seconds(checker: Checker, value: object, field: Field, pointer: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or len(str(value)) != 10:
        checker.fail("must be a Unix time of 10 digits", pointer)


def _number_string(checker: Checker, value: object, field: Field, pointer: str) -> None:
    if not (isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value)):
        checker.fail("must be a number written as a string", pointer)


PLAIN_KINDS: dict[str, Kind] = {
    "string": _string,
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "enum": _enum,
    "literal": _literal,
    "url": _url,
    "https_url": _url,
    "array": _array,
    "object": _object,
    "map": _map,
    "date": _date,
    "time": _time,
    "timezone": _timezone,
    "unix_seconds": _unix_seconds,
    "number_string": _number_string,
}
