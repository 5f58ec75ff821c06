"""The commented sitrep.toml that people start from says what is true."""

import re
import tomllib
from pathlib import Path

from workflows.process import Process, load_process, parse_process

SHIPPED = Path(__file__).parents[2] / "sitrep.toml"


def test_the_shipped_file_changes_nothing() -> None:
    assert load_process(SHIPPED) == Process()


def test_its_commented_lines_are_the_defaults() -> None:
    uncommented = re.sub(r"(?m)^#(?! )", "", SHIPPED.read_text("utf-8"))

    assert parse_process(tomllib.loads(uncommented)) == Process()


def test_its_example_of_an_audience_is_one() -> None:
    example = SHIPPED.read_text("utf-8").partition("an example:\n#\n")[2]

    process = parse_process(tomllib.loads(re.sub(r"(?m)^# ?", "", example)))

    assert process.audiences["management"].emails == ["board@example.com"]
    assert process.webhooks["status-page"].secret_env == "STATUS_PAGE_SECRET"
