"""The facts files of this folder, read once."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def facts(name: str) -> dict[str, Any]:
    """The parsed content of one facts file, `methods.json` for instance; callers must not change it."""
    content: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return content
