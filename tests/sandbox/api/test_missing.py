"""Which of Slack's methods the workspace does not have is written down."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from sandbox.api.dispatch import HANDLERS
from sandbox.contract.facts import facts

DOCUMENT = Path(__file__).parents[3] / "docs" / "sandbox.md"
DOCUMENTED = {method["name"] for method in facts("methods.json")["methods"]}
MISSING = DOCUMENTED - HANDLERS.keys()


def named_as_missing() -> list[str]:
    """The patterns of the paragraph on missing methods."""
    paragraph = DOCUMENT.read_text("utf-8").partition("methods of Slack's are missing")[2].partition("\n\n")[0]
    return [name for name in re.findall(r"`([^`]+)`", paragraph) if "." in name]


def test_every_missing_method_is_named_in_the_document() -> None:
    patterns = named_as_missing()

    assert {name for name in MISSING if not any(fnmatchcase(name, pattern) for pattern in patterns)} == set()


@pytest.mark.parametrize("pattern", named_as_missing())
def test_what_the_document_names_as_missing_is_missing(pattern: str) -> None:
    named = {name for name in DOCUMENTED if fnmatchcase(name, pattern)}

    assert named
    assert named <= MISSING
