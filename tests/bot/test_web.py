"""The endpoints: health, figures, and Slack's requests, signed and fresh or refused."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from bot.metrics import Metrics
from bot.web import LARGEST_BODY, web_app
from storage.tables import DeliveryKind
from tests.bot.asgi import Answered, ask

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
COMMAND = b"command=%2Fping&text=hello&user_id=U1&team_id=T1&trigger_id=1.2.a&api_app_id=A1"


async def no_faults() -> Mapping[str, str]:
    """All is well."""
    return {}


def a_web(*, app: AsyncApp | None = None, faults: Mapping[str, str] | None = None) -> Starlette:
    """The endpoints with these faults."""

    async def checks() -> Mapping[str, str]:
        return faults or {}

    return web_app(app, checks=checks, metrics=Metrics())


@pytest.fixture
def web() -> Starlette:
    """The endpoints in HTTP mode, with an app that answers /ping."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1", bot_token="xoxb-1")

    app = AsyncApp(
        client=AsyncWebClient("xoxb-1"), signing_secret=SECRET, authorize=authorize, process_before_response=True
    )

    @app.command("/ping")
    async def on_ping(ack: Any) -> None:
        await ack("pong")

    return a_web(app=app)


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """Slack's headers for this body (protocol: Request signing)."""
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/x-www-form-urlencoded",
    }


async def post(web: Starlette, body: bytes, headers: Mapping[str, str]) -> Answered:
    """One of Slack's requests."""
    return await ask(web, "POST", "/slack/events", body=body, headers=headers)


async def test_it_says_that_it_is_alive_whatever_is_wrong() -> None:
    answer = await ask(a_web(faults={"database": "does not answer"}), "GET", "/health/live")

    assert answer.status == 200


async def test_it_is_ready_when_nothing_is_wrong() -> None:
    answer = await ask(a_web(), "GET", "/health/ready")

    assert (answer.status, json.loads(answer.body)) == (200, {"ready": True, "faults": {}})


async def test_it_names_each_part_that_is_not_ready() -> None:
    faults = {"database": "does not answer (OSError)", "slack": "Socket Mode is not connected"}

    answer = await ask(a_web(faults=faults), "GET", "/health/ready")

    assert (answer.status, json.loads(answer.body)) == (503, {"ready": False, "faults": faults})


async def test_figures_are_in_prometheus_format() -> None:
    metrics = Metrics()
    metrics.attempted(DeliveryKind.POST_CARD, "Sent")
    metrics.faults.inc()

    answer = await ask(web_app(None, checks=no_faults, metrics=metrics), "GET", "/metrics")

    assert 'sitrep_deliveries_total{kind="post_card",outcome="Sent"} 1.0' in answer.body
    assert "sitrep_faults_total 1.0" in answer.body
    assert "sitrep_answer_seconds_count 0.0" in answer.body


async def test_slacks_requests_are_not_taken_in_socket_mode() -> None:
    answer = await post(a_web(), COMMAND, signed(COMMAND))

    assert answer.status == 404


async def test_a_signed_request_is_answered(web: Starlette) -> None:
    answer = await post(web, COMMAND, signed(COMMAND))

    assert (answer.status, answer.body) == (200, "pong")


async def test_slacks_requests_are_posts(web: Starlette) -> None:
    assert (await ask(web, "GET", "/slack/events")).status == 405


@pytest.mark.parametrize(
    "headers",
    [
        signed(COMMAND, secret="another"),
        signed(COMMAND + b"&user_id=UBOSS"),
        {**signed(COMMAND), "X-Slack-Signature": ""},
        {name: value for name, value in signed(COMMAND).items() if name != "X-Slack-Signature"},
        {name: value for name, value in signed(COMMAND).items() if name != "X-Slack-Request-Timestamp"},
        {},
    ],
    ids=["another secret", "another body", "empty", "no signature", "no timestamp", "nothing"],
)
async def test_a_request_that_slack_did_not_sign_is_refused(web: Starlette, headers: dict[str, str]) -> None:
    answer = await post(web, COMMAND, headers)

    assert answer.status == 401
    assert "pong" not in answer.body


@pytest.mark.parametrize("age", [301, 3600, -301])
async def test_a_request_more_than_five_minutes_off_is_refused(web: Starlette, age: int) -> None:
    answer = await post(web, COMMAND, signed(COMMAND, at=time.time() - age))

    assert answer.status == 401


async def test_a_request_of_four_minutes_ago_is_taken(web: Starlette) -> None:
    answer = await post(web, COMMAND, signed(COMMAND, at=time.time() - 240))

    assert answer.status == 200


async def test_a_body_larger_than_slacks_is_refused_unread(web: Starlette) -> None:
    announced = {**signed(COMMAND), "Content-Length": str(LARGEST_BODY + 1)}

    assert (await post(web, COMMAND, announced)).status == 413


async def test_a_body_without_a_length_is_refused_when_it_grows_too_large(web: Starlette) -> None:
    body = COMMAND + b"x" * LARGEST_BODY

    assert (await post(web, body, {**signed(body), "Transfer-Encoding": "chunked"})).status == 413


async def test_a_large_form_of_slacks_is_taken(web: Starlette) -> None:
    body = COMMAND + b"&more=" + b"x" * 750_000

    assert (await post(web, body, signed(body))).status == 200
