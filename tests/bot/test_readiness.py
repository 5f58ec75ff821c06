"""Readiness: each part that keeps us from working is named, and mended parts are named no more."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError

from bot.service import STALE_AFTER, Service, utc_now
from bot.settings import Settings
from tests.bot.scripted_slack import ScriptedSlack, refusal
from tests.builders import PROCESS


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A service whose parts are all well, without Slack."""
    settings = Settings(
        slack_bot_token=SecretStr("xoxb-1"),
        slack_app_token=SecretStr("xapp-1"),
        database_url=f"sqlite:///{tmp_path}/sitrep.db",
    )
    service = Service(settings, PROCESS)
    service.dispatcher = cast(Any, SimpleNamespace(is_running=True, last_turn_at=utc_now()))
    service.slack = cast(Any, SimpleNamespace(is_identified=True, token_fault=None))
    yield service
    await service.database.close()


def connected(is_so: bool) -> Any:
    """A Socket Mode connection that is up, or not."""

    async def is_connected() -> bool:
        return is_so

    return SimpleNamespace(is_connected=is_connected)


async def test_nothing_is_wrong_when_every_part_is_well(service: Service) -> None:
    service._socket = connected(True)

    assert await service.faults() == {}


@pytest.mark.parametrize("turned_at", [None, utc_now() - STALE_AFTER - timedelta(seconds=5)], ids=["never", "long ago"])
async def test_a_dispatcher_that_does_not_turn_is_named(service: Service, turned_at: datetime | None) -> None:
    cast(Any, service.dispatcher).last_turn_at = turned_at

    assert await service.faults() == {"dispatcher": "does not turn"}


async def test_a_dispatcher_that_ended_is_named(service: Service) -> None:
    cast(Any, service.dispatcher).is_running = False

    assert (await service.faults()).keys() == {"dispatcher"}


async def test_a_token_that_slack_has_not_accepted_is_named(service: Service) -> None:
    cast(Any, service.slack).is_identified = False

    assert await service.faults() == {"slack": "has not accepted the bot token yet"}


async def test_a_socket_that_is_not_connected_is_named(service: Service) -> None:
    service._socket = connected(False)

    assert await service.faults() == {"slack": "Socket Mode is not connected"}


async def test_a_database_that_does_not_answer_is_named_without_its_address(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> Any:
        raise OSError("postgresql://sitrep:password@db")

    monkeypatch.setattr(service.database, "read", gone)

    assert await service.faults() == {"database": "does not answer (OSError)"}


async def test_a_token_that_was_revoked_meanwhile_is_named_until_it_is_accepted_again(service: Service) -> None:
    service._socket = connected(True)
    slack = ScriptedSlack(users__info=[refusal("token_revoked"), {}])
    service.slack = slack.slack()
    await service.slack.identity()

    with pytest.raises(SlackApiError):
        await service.slack.call("users.info", user="UANN")
    revoked = await service.faults()
    await service.slack.call("users.info", user="UANN")

    assert revoked == {"slack": "does not accept the bot token: token_revoked"}
    assert await service.faults() == {}
