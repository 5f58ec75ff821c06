"""What some tests need besides Python; without it they are skipped with a notice, and where CI is set they fail."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

PACKAGES = Path(__file__).parent / "node_modules"


def missing(words: str) -> NoReturn:
    """End the test for want of something, in words that say how to come by it."""
    if os.environ.get("CI"):
        pytest.fail(words)
    pytest.skip(words)


def package(name: str) -> Path:
    """Where a package of tests/package.json is installed."""
    found = PACKAGES / name
    if not found.exists():
        missing(f"{name} is not installed: install npm (Debian: apt-get install npm), and run `make test`")
    return found
