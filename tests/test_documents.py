"""The documents say what is so: commands, settings, permissions, and locks without addresses."""

import re
from pathlib import Path

import pytest
import yaml

from bot.commands.usage import USAGE
from bot.metrics import Metrics
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")


@pytest.mark.parametrize("verb", sorted(set(USAGE) - {"help"}))
def test_every_command_is_in_the_readme(verb: str) -> None:
    assert f"/incident {verb}" in README


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme_and_in_the_example(name: str) -> None:
    assert f"`{name.upper()}`" in README
    assert re.search(rf"^{name.upper()}=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)


def test_the_example_names_nothing_else() -> None:
    named = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)

    assert {name.lower() for name in named} == set(Settings.model_fields)


def test_every_permission_says_what_for() -> None:
    text = (ROOT / "manifest.yml").read_text("utf-8")
    scopes = yaml.safe_load(text)["oauth_config"]["scopes"]["bot"]

    for scope in scopes:
        assert re.search(rf"^ +- {re.escape(scope)} # \S", text, re.MULTILINE), scope


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_and_no_address(name: str) -> None:
    lock = (ROOT / name).read_text("utf-8")
    pinned = re.findall(r"^[a-z0-9.-]+==", lock, re.MULTILINE)

    assert "://" not in lock
    assert pinned
    assert lock.count("--hash=sha256:") >= len(pinned)


@pytest.mark.parametrize("target", re.findall(r"`?make ([a-z]+)", README))
def test_every_make_target_of_the_readme_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_every_figure_is_explained() -> None:
    shown = re.findall(r"^# TYPE (\S+)", Metrics().render().decode(), re.MULTILINE)
    figures = {name for name in shown if not name.endswith("_created")}

    assert figures
    assert {name for name in figures if f"`{name}`" not in OPERATIONS} == set()
