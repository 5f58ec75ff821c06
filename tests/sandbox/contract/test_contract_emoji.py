"""The names of emoji."""

import pytest

from sandbox.contract.emoji import is_emoji
from sandbox.contract.facts import facts


@pytest.mark.parametrize("name", ["tada", "+1", "thumbsup", "flag-de", "white_check_mark", "wave::skin-tone-6"])
def test_slacks_names_are_known(name: str) -> None:
    assert is_emoji(name)


@pytest.mark.parametrize("name", ["", "TADA", ":tada:", "tadaa", "wave::skin-tone-1", "🎉"])
def test_other_words_are_no_emoji(name: str) -> None:
    assert not is_emoji(name)


def test_each_name_stands_for_one_emoji() -> None:
    names = [name for rows in facts("emoji.json")["categories"].values() for _, *names in rows for name in names]

    assert len(names) == len(set(names)) == 1972
