from pathlib import Path

import pytest

from tests.builders import PROCESS
from workflows.process import NOT_SURE, BadProcess, Process, load_process, parse_process

GITHUB = {"name": "GitHub", "kind": "github", "repository": "example/operations", "secret_env": "GITHUB_TOKEN"}


@pytest.mark.parametrize(
    ("impact", "urgency", "severity"),
    [
        ("high", "high", "sev1"),
        ("high", "medium", "sev2"),
        ("high", "low", "sev3"),
        ("high", NOT_SURE, "sev1"),
        ("medium", "high", "sev2"),
        ("medium", "medium", "sev3"),
        ("medium", "low", "sev4"),
        ("medium", NOT_SURE, "sev2"),
        ("low", "high", "sev3"),
        ("low", "medium", "sev4"),
        ("low", "low", "sev4"),
        ("low", NOT_SURE, "sev3"),
        (NOT_SURE, "high", "sev1"),
        (NOT_SURE, "medium", "sev2"),
        (NOT_SURE, "low", "sev3"),
        (NOT_SURE, NOT_SURE, "sev1"),
    ],
)
def test_impact_and_urgency_give_the_severity_and_not_sure_the_higher_one(
    impact: str, urgency: str, severity: str
) -> None:
    assert PROCESS.severity_for(impact, urgency) == severity


def test_a_level_that_is_not_configured_has_no_severity() -> None:
    with pytest.raises(KeyError):
        PROCESS.severity_for("gigantic", "high")


def test_what_is_no_longer_configured_ranks_last_and_keeps_a_readable_name() -> None:
    assert [PROCESS.rank(key) for key in ("sev1", "sev4", "sev9")] == [0, 3, 4]
    assert [PROCESS.severity_name(key) for key in ("sev1", "sev9")] == ["SEV1", "SEV9"]
    assert [PROCESS.role_name(key) for key in ("lead", "liaison")] == ["Lead", "liaison"]


def test_the_defaults_offer_four_roles_four_types_and_three_promises() -> None:
    assert list(PROCESS.roles) == ["lead", "communications", "operations", "scribe"]
    assert {key: kind.private for key, kind in PROCESS.types.items()} == {
        "service": False,
        "security": True,
        "data": False,
        "other": False,
    }
    assert PROCESS.update_minutes == [15, 30, 60]


@pytest.mark.parametrize("content", [None, "", "# nothing but a comment\n"])
def test_no_file_and_an_empty_file_are_a_working_process(
    tmp_path: Path, content: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path("sitrep.toml").write_text(content)

    assert load_process(Path("sitrep.toml")) == Process()
    assert load_process(None) == Process()


@pytest.mark.parametrize("name", ["typo.toml", "elsewhere/sitrep.toml", "."])
def test_a_file_that_was_named_and_cannot_be_read_is_refused_by_its_name(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(BadProcess) as refusal:
        load_process(Path(name))

    assert str(refusal.value).startswith(f"{name} cannot be read: ")


def test_a_file_overrides_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "sitrep.toml"
    file.write_text('services = ["checkout", "search"]\nupdate_minutes = [20]\n[roles.lead]\nname = "Commander"\n')

    process = load_process(file)

    assert process.services == ["checkout", "search"]
    assert process.update_minutes == [20]
    assert process.role_name("lead") == "Commander"
    assert process.severities == Process().severities


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"colour": "red"}, "colour"),
        ({"roles": {"scribe": {"name": "Scribe"}}}, "roles.lead"),
        ({"roles": {"lead": {}}}, "roles.lead.name"),
        ({"roles": {"lead": {"name": "Lead", "pay": 1}}}, "roles.lead.pay"),
        ({"types": {"service": {"name": "x" * 41}}}, "types.service.name"),
        ({"types": {"service": {"name": "Service", "help": "x" * 76}}}, "types.service.help"),
        ({"severities": {"sev1": {"name": "SEV1", "emoji": ""}}}, "severities.sev1.emoji"),
        ({"severities": {"sev1": {"name": "SEV1"}}}, "matrix.high.medium must be one of sev1"),
        ({"severities": {}}, "severities"),
        ({"matrix": {"high": {"high": "sev1"}}}, "matrix.high.medium must be one of sev1, sev2, sev3, sev4"),
        ({"impact": {"Total": {"name": "Total"}}}, "impact.Total"),
        ({"update_minutes": [15, 0]}, "update_minutes.1"),
        ({"services": ["checkout", ""]}, "services.1"),
        ({"marks": {"question": {"name": "Question", "emoji": "question"}}}, "marks.question"),
        ({"marks": {"file": {"name": "File", "emoji": "paperclip"}}}, "marks.file"),
        (
            {"calendars": {"a": {"zones": ["Asia/Dubai"]}, "b": {"zones": ["Asia/Tokyo", "Asia/Dubai"]}}},
            "calendars: Asia/Dubai is in two of them",
        ),
        ({"trackers": {"hub": {**GITHUB, "url": "http://github.example.com/api/v3"}}}, "trackers.hub"),
    ],
)
def test_settings_that_do_not_hold_together_are_refused_naming_the_key(settings: dict[str, object], key: str) -> None:
    with pytest.raises(BadProcess) as refusal:
        parse_process(settings)

    assert key in str(refusal.value)


@pytest.mark.parametrize("url", ["https://github.example.com/api/v3", "http://127.0.0.1:9", "http://localhost:9"])
def test_a_token_goes_where_nobody_can_read_it_on_its_way(url: str) -> None:
    assert parse_process({"trackers": {"hub": {**GITHUB, "url": url}}}).trackers["hub"].url == url


def test_every_wrong_key_is_named_at_once() -> None:
    with pytest.raises(BadProcess, match=r"update_minutes: .*; colour: "):
        parse_process({"colour": "red", "update_minutes": []})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"services = [", "sitrep.toml is not valid TOML"),
        (b'services = ["caf\xe9"]', "sitrep.toml is not valid TOML"),
        (b"colour = 1", "sitrep.toml: colour: "),
    ],
)
def test_a_bad_file_is_refused_by_its_name(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "sitrep.toml"
    file.write_bytes(content)

    with pytest.raises(BadProcess) as refusal:
        load_process(file)

    assert str(refusal.value).startswith(sentence)
