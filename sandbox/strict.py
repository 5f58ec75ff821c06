"""JSON as apps send it: Python reads NaN and Infinity too, which are no JSON, and which no browser would take."""

import json
from typing import Any


def read_json(words: str | bytes) -> Any:
    """What these words say; json.JSONDecodeError where they are no JSON."""
    return json.loads(words, parse_constant=_refuse)


def _refuse(name: str) -> None:
    raise json.JSONDecodeError("no JSON", name, 0)
