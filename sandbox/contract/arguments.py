"""Arguments of one Web API call: from the wire to native values, and what is wrong with them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.strict import read_json

# methods.json: common_errors invalid_array_arg (a name like `foo[7]`) and invalid_arg_name.
ARRAY_NAME = re.compile(r"\w+\[.*\]")
PLAIN_NAME = re.compile(r"[A-Za-z0-9_]{1,128}")

# What a method answers, if its page lists the code, when this argument is not the JSON it should be.
FORMAT_ERRORS = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
    "unfurls": "invalid_unfurls_format",
}


class ContractError(Exception):
    """A call that Slack refuses before any method looks at it."""

    def __init__(self, code: str, messages: list[str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []


@dataclass(frozen=True, slots=True)
class Argument:
    """One documented argument of a method."""

    name: str
    type: str | None
    is_json: bool = False
    enum: tuple[str, ...] = ()
    code_when_missing: str = "invalid_arguments"

    @classmethod
    def from_facts(cls, fact: Mapping[str, Any]) -> "Argument":
        """Read one entry of required_args or optional_args."""
        return cls(
            name=fact["name"],
            type=fact["type"],
            is_json=fact.get("format") == "json",
            enum=tuple(fact.get("enum", ())),
            code_when_missing=fact.get("code_when_missing", "invalid_arguments"),
        )


def decode(argument: Argument, value: object) -> object:
    """The native value of what came over the wire; a value that cannot be read is left for the check."""
    if argument.is_json:
        return read_json(value) if isinstance(value, str) and value else value
    decoder = DECODERS.get(argument.type or "")
    return decoder(value) if decoder else value


def type_problem(argument: Argument, value: object) -> str | None:
    """What the decoded value should have been, or None if it is that."""
    if argument.is_json or argument.type is None:
        return None
    if argument.enum and value not in argument.enum:
        return f"must be one of: {', '.join(argument.enum)}"
    types, words = EXPECTED[argument.type]
    # bool is an int to Python, but not to Slack.
    is_right = isinstance(value, types) and (bool in types or not isinstance(value, bool))
    return None if is_right else f"must be {words}"


def refuse_name(name: str) -> None:
    """Raise what Slack answers to an argument name it cannot take."""
    if ARRAY_NAME.fullmatch(name):
        raise ContractError("invalid_array_arg")
    if not PLAIN_NAME.fullmatch(name):
        raise ContractError("invalid_arg_name")


def _boolean(value: object) -> object:
    return BOOLEANS.get(value.lower(), value) if isinstance(value, str) else value


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d+", value) else value


def _timestamp(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.6f}"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _array(value: object) -> object:
    """Form bodies carry lists as JSON or, for plain values, separated by commas."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith(("[", "{")):
        return read_json(value)
    return [part.strip() for part in value.split(",") if part.strip()]


def _object(value: object) -> object:
    return read_json(value) if isinstance(value, str) and value else value


BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

DECODERS: dict[str, Callable[[object], object]] = {
    "boolean": _boolean,
    "boolean|string": _boolean,
    "integer": _number,
    "number": _number,
    "timestamp": _timestamp,
    "array": _array,
    "object": _object,
}

TEXT: tuple[tuple[type, ...], str] = ((str,), "a string")
EXPECTED: dict[str, tuple[tuple[type, ...], str]] = {
    "string": TEXT,
    "enum": TEXT,
    "channel": TEXT,
    "user": TEXT,
    "file": TEXT,
    "timestamp": TEXT,
    "boolean": ((bool,), "a boolean"),
    "boolean|string": ((bool, str), "a boolean"),
    "string|boolean": ((bool, str), "a string"),
    "integer": ((int,), "an integer"),
    "number": ((int, float), "a number"),
    "array": ((list,), "an array"),
    "object": ((dict,), "an object"),
}
