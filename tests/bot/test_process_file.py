"""The commented sitrep.toml that people start from says what is true."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from workflows.process import Process, load_process, parse_process
from workflows.process_parts import Digests, Part, Prompts, PublicTexts, Reminders, Retention

SHIPPED = Path(__file__).parents[2] / "sitrep.toml"


def test_the_shipped_file_changes_nothing() -> None:
    assert load_process(SHIPPED) == Process()


def test_its_commented_lines_are_the_defaults() -> None:
    uncommented = re.sub(r"(?m)^#(?! )", "", SHIPPED.read_text("utf-8"))

    assert parse_process(tomllib.loads(uncommented)) == Process()


def _examples() -> Process:
    """Everything after "an example:", without its comment signs."""
    parts = SHIPPED.read_text("utf-8").split("an example:\n#\n")[1:]
    examples = [part.partition("\n\n")[0] for part in parts]
    return parse_process(tomllib.loads(re.sub(r"(?m)^# ?", "", "\n".join(examples))))


def test_its_example_of_an_audience_is_one() -> None:
    process = _examples()

    assert process.audiences["management"].emails == ["board@example.com"]
    assert process.webhooks["status-page"].secret_env == "STATUS_PAGE_SECRET"


def test_its_examples_of_calendars_teams_and_trackers_are_some() -> None:
    process = _examples()

    assert process.calendars["emirates"].holidays == [date(2026, 12, 2), date(2026, 12, 3)]
    assert process.teams["payments"].groups == ["payments-team"]
    assert [one.kind for one in process.trackers.values()] == ["github", "webhook"]
    assert process.trackers["github"].automatic


@pytest.mark.parametrize("part", [Reminders, Digests, Prompts, PublicTexts, Retention])
def test_it_names_every_setting_of_a_table(part: type[Part]) -> None:
    uncommented = re.sub(r"(?m)^#(?! )", "", SHIPPED.read_text("utf-8"))
    tables = {
        Reminders: "reminders",
        Digests: "digests",
        Prompts: "prompts",
        PublicTexts: "public",
        Retention: "retention",
    }

    assert tomllib.loads(uncommented)[tables[part]].keys() == part.model_fields.keys()
