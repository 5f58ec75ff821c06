"""What `sitrep doctor` says of a workspace, and with which exit code it ends."""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import AsyncMock

import aiohttp
import pytest
from rich.console import Console
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.doctor import examine
from bot.settings import Mode
from sandbox import Sandbox
from storage.engine import Database
from storage.schema import migrate
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome
from tests.bot.github_host import TOKEN, a_github_host
from tests.bot.mail_host import a_mail_host
from tests.builders import NOON, an_incident
from tests.journeys.conftest import MANIFEST, a_bot, settings_for
from workflows.digests import LANE, key_of
from workflows.process import Process, parse_process


async def _doctor(
    slack: Sandbox,
    database_url: str,
    *,
    skew: timedelta = timedelta(),
    process: Process | None = None,
    **changes: object,
) -> str:
    """The doctor's exit code and words, in one line."""
    console = Console(file=io.StringIO(), soft_wrap=True)
    mode = changes.pop("mode", Mode.SOCKET)
    assert isinstance(mode, Mode)
    settings = settings_for(slack, database_url, mode=mode, **changes)
    code = await examine(settings, process or Process(), now=datetime.now(UTC) + skew, console=console)
    assert isinstance(console.file, io.StringIO)
    return f"exit {code}\n{console.file.getvalue()}"


async def test_all_is_well_before_the_first_start_and_after_it(slack: Sandbox, database_url: str) -> None:
    before = await _doctor(slack, database_url)
    async with a_bot(slack, database_url):
        after = await _doctor(slack, database_url)

    assert before.startswith("exit 0")
    assert "SQLite, empty; its tables are made at the first start" in before
    assert "#incidents is made with the first incident" in before
    assert after.startswith("exit 0")
    assert "All is well." in after


async def test_a_missing_scope_is_named_with_its_mend(slack: Sandbox, database_url: str) -> None:
    slack.workspace.grant(slack.manifest.bot_scopes - {"pins:write"})

    said = await _doctor(slack, database_url)

    assert said.startswith("exit 1")
    assert "missing: pins:write" in said
    assert "then reinstall" in said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slack_bot_token": "xoxb-wrong"}, "Slack answers invalid_auth"),
        ({"slack_app_token": "xapp-wrong"}, "over Socket Mode, but Slack answers invalid_auth"),
        ({"slack_api_url": "http://127.0.0.1:9/api/"}, "cannot be reached"),
        ({"sitrep_digest_channel": "C0NOWHERE"}, "C0NOWHERE is not a channel the bot can see"),
        ({"skew": timedelta(minutes=6)}, "s ahead of Slack's"),
    ],
    ids=["bot token", "app token", "address", "digest channel", "clock"],
)
async def test_a_fault_is_named_with_its_mend_and_without_the_secret(
    slack: Sandbox, database_url: str, changes: dict[str, object], sentence: str
) -> None:
    said = await _doctor(slack, database_url, **changes)  # type: ignore[arg-type]

    assert said.startswith("exit 1")
    assert sentence in said
    assert "→ " in said
    assert "xoxb-" not in said.replace("(xoxb-…)", "")


async def test_a_mail_server_is_asked_whether_it_takes_mail_and_gets_none(slack: Sandbox, database_url: str) -> None:
    async with a_mail_host(auth_require_tls=False) as host:
        address = f"sitrep:p%40ss%20word@127.0.0.1:{host.port}/?from=incidents@example.com"
        said = await _doctor(slack, database_url, smtp_url=f"smtp://{address}")

    assert said.startswith("exit 0")
    assert f"Mail  127.0.0.1:{host.port}, no TLS, from incidents@example.com" in said
    assert host.logins == ["sitrep"]
    assert host.received == []


@pytest.mark.parametrize(
    ("user", "sentence"),
    [("", "the mail server cannot be reached"), ("sitrep:wrong@", "does not accept the user and password of SMTP_URL")],
    ids=["down", "password"],
)
async def test_a_mail_server_that_takes_no_mail_is_named_with_its_mend_and_without_the_password(
    slack: Sandbox, database_url: str, user: str, sentence: str
) -> None:
    async with a_mail_host(auth_require_tls=False) as host:
        if not user:
            await host.down()
        said = await _doctor(slack, database_url, smtp_url=f"smtp://{user}127.0.0.1:{host.port}/?from=a@b.example")
        if not user:
            await host.up()

    assert said.startswith("exit 1")
    assert sentence in said
    assert "→ Check SMTP_URL" in said
    assert "wrong" not in said


async def test_addresses_without_a_mail_server_and_webhooks_without_a_secret_are_named(
    slack: Sandbox, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = parse_process(
        {
            "audiences": {"board": {"name": "Board", "emails": ["board@example.com"]}},
            "webhooks": {"status": {"url": "https://status.example/in", "secret_env": "STATUS_SECRET"}},
        }
    )
    without = await _doctor(slack, database_url, process=process)
    monkeypatch.setenv("STATUS_SECRET", "of the status page")
    with_secret = await _doctor(slack, database_url, process=process)

    assert "audiences of sitrep.toml have addresses, but SMTP_URL is not set" in without
    assert "STATUS_SECRET is not set; webhooks.status of sitrep.toml is signed with it" in without
    assert "2 to mend." in without
    assert "Webhooks  status, each with its secret" in with_secret
    assert "of the status page" not in with_secret


async def test_a_database_that_cannot_be_reached_is_named(slack: Sandbox) -> None:
    said = await _doctor(slack, "postgresql://nobody@127.0.0.1:9/none")

    assert said.startswith("exit 1")
    assert "PostgreSQL cannot be reached" in said


@pytest.mark.parametrize("file", ["missing/sitrep.db", "sitrep.db"], ids=["no folder", "no file"])
async def test_looking_at_the_database_makes_nothing(slack: Sandbox, tmp_path: Path, file: str) -> None:
    said = await _doctor(slack, f"sqlite:///{tmp_path}/{file}")

    assert ("there is no such folder" in said) is ("missing" in file)
    assert not (tmp_path / file).exists()


@pytest.mark.parametrize("method", ["apps_connections_open", "users_conversations", "conversations_list"])
@pytest.mark.parametrize("fault", [aiohttp.ClientConnectionError(), TimeoutError()], ids=["broken", "too slow"])
async def test_a_connection_that_breaks_at_any_check_is_named(
    slack: Sandbox, database_url: str, method: str, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AsyncWebClient, method, AsyncMock(side_effect=fault))

    said = await _doctor(slack, database_url)

    assert said.startswith("exit 1")
    assert f"the connection failed ({type(fault).__name__})" in said


async def test_an_old_schema_is_named(slack: Sandbox, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/old.db"
    database = Database(address)
    await migrate(database)
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    await database.close()

    said = await _doctor(slack, address)

    assert said.startswith("exit 1")
    assert "Run `sitrep migrate`" in said


async def test_the_digest_channel_is_found_where_the_bot_is_in_it_or_could_join_it(database_url: str) -> None:
    async with Sandbox(manifest=MANIFEST) as slack:
        ann = slack.person("ann")
        await ann.creates("incidents")
        could_join = await _doctor(slack, database_url)
        await ann.archives("incidents")
        archived = await _doctor(slack, database_url)

    assert "which the bot joins when it first posts" in could_join
    assert archived.startswith("exit 1")
    assert "#incidents is archived" in archived


async def test_over_http_it_says_where_requests_are_taken(slack: Sandbox, database_url: str) -> None:
    said = await _doctor(slack, database_url, mode=Mode.HTTP, sitrep_port=3000)

    assert "over HTTP at 127.0.0.1:3000/slack/events" in said


async def test_services_that_people_typed_are_listed_to_be_mapped(slack: Sandbox, database_url: str) -> None:
    process = parse_process({"services": ["checkout"]})
    assert "Services" not in await _doctor(slack, database_url, process=process)
    database = Database(database_url)
    await migrate(database)
    async with database.transaction() as session:
        await an_incident(session, services=("checkout", "chekout"))
    await database.close()

    said = await _doctor(slack, database_url, process=process)

    assert said.startswith("exit 0")
    assert "Services  1 that people typed and sitrep.toml does not have: chekout (INC-1)" in said


async def test_names_in_the_process_that_stand_for_nobody_are_listed(slack: Sandbox, database_url: str) -> None:
    slack.add_usergroup("on-call", ["bo"])
    audience = {"name": "Management", "channels": ["no-such-place"], "groups": ["on-call", "on-cal"]}
    process = parse_process({"audiences": {"mgmt": audience}, "escalation": ["nobody@example.com", "ann@example.com"]})

    said = await _doctor(slack, database_url, process=process)

    assert said.startswith("exit 1")
    assert "“no-such-place” in audiences.mgmt.channels is no channel I am in" in said
    assert "“on-cal” in audiences.mgmt.groups is no user group here" in said
    assert "“nobody@example.com” in escalation is nobody in this workspace" in said
    assert "“on-call”" not in said
    assert "ann@example.com" not in said


async def test_accountable_people_and_teams_that_are_not_there_are_listed(slack: Sandbox, database_url: str) -> None:
    severities = {"sev1": {"name": "SEV1", "accountable": ["ann@example.com", "nobody@example.com"]}}
    matrix = {level: {"high": "sev1", "medium": "sev1", "low": "sev1"} for level in ("high", "medium", "low")}
    team = {"name": "Payments", "people": ["somebody@example.com"], "groups": ["payments"]}
    process = parse_process({"severities": severities, "matrix": matrix, "teams": {"payments": team}})

    said = await _doctor(slack, database_url, process=process)

    assert said.startswith("exit 1")
    assert "“nobody@example.com” in severities.sev1.accountable is nobody in this workspace" in said
    assert "“somebody@example.com” in teams.payments.people is nobody in this workspace" in said
    assert "“payments” in teams.payments.groups is no user group here" in said
    assert "ann@example.com" not in said


async def test_a_tracker_is_asked_whether_it_can_be_used_and_its_fault_has_a_mend_and_no_secret(
    slack: Sandbox, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_github_host() as github:
        process = Process(trackers={"github": github.tracker()})
        without = await _doctor(slack, database_url, process=process)
        monkeypatch.setenv("GITHUB_TOKEN", "ghp_wrong")
        wrong = await _doctor(slack, database_url, process=process)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        well = await _doctor(slack, database_url, process=process)
        github.has_issues = False
        switched_off = await _doctor(slack, database_url, process=process)

    assert "GITHUB_TOKEN is not set; trackers.github of sitrep.toml cannot be used without it" in without
    assert "github: GitHub does not accept the token. Put a new one into GITHUB_TOKEN" in wrong
    assert "ghp_wrong" not in wrong
    assert "Trackers  github (example/operations)" in well
    assert well.startswith("exit 0")
    assert "there are no issues in example/operations" in switched_off
    assert "POST /issues" not in github.calls


async def test_it_says_so_when_everybody_whom_the_process_names_is_there(slack: Sandbox, database_url: str) -> None:
    slack.add_usergroup("on-call", ["bo"])
    audience = {"name": "On call", "groups": ["on-call"], "people": ["ann@example.com"]}

    said = await _doctor(slack, database_url, process=parse_process({"audiences": {"on_call": audience}}))

    assert said.startswith("exit 0")
    assert "everybody and everything named in sitrep.toml is there" in said


async def test_a_digest_that_could_not_be_posted_is_named_until_one_of_its_kind_was(
    slack: Sandbox, database_url: str
) -> None:
    database = Database(database_url)
    await migrate(database)
    async with database.transaction() as session:
        _ended(session, DeliveryKind.WEEKLY_DIGEST, "2026-03-02", DeliveryOutcome.SENT)
        _ended(session, DeliveryKind.WEEKLY_DIGEST, "2026-03-09", DeliveryOutcome.GAVE_UP)
        _ended(session, DeliveryKind.WEEKLY_DIGEST, "2026-03-16", DeliveryOutcome.CANCELLED)
        _ended(session, DeliveryKind.MONTHLY_DIGEST, "2026-03-02", DeliveryOutcome.GAVE_UP)
        _ended(session, DeliveryKind.MONTHLY_DIGEST, "2026-04-01", DeliveryOutcome.SENT)
    said = await _doctor(slack, database_url)
    async with database.transaction() as session:
        _ended(session, DeliveryKind.WEEKLY_DIGEST, "2026-03-23", DeliveryOutcome.SENT)
    mended = await _doctor(slack, database_url)
    await database.close()

    assert said.startswith("exit 1")
    assert "the weekly digest of 2026-03-09 could not be posted (is_archived)" in said
    assert "→ The digest channel is archived: unarchive it" in said
    assert "monthly" not in said
    assert mended.startswith("exit 0")


def _ended(session: AsyncSession, kind: DeliveryKind, on: str, outcome: DeliveryOutcome) -> None:
    because = "is_archived" if outcome is DeliveryOutcome.GAVE_UP else None
    row = Delivery(
        kind=kind, lane=LANE, dedupe_key=key_of(kind, date.fromisoformat(on)), due_at=NOON, payload={"on": on}
    )
    row.outcome, row.done_at, row.last_error = outcome, NOON, because
    session.add(row)
