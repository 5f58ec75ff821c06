"""The listener: what becomes of everything a handler may raise."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import register
from bot.listener import TOO_SLOW, AlreadyLogged, InvalidInput, listener
from bot.metrics import Metrics
from bot.requests import Requests
from bot.services import Services
from bot.views.resolve import resolve_modal
from storage.engine import Database
from storage.tables import Person, Status
from tests.bot.payloads import submitted
from tests.bot.values import a_situation, an_unsaved_incident
from tests.builders import NOON, PROCESS
from workflows import errors as e
from workflows.commands import ResolveIncident
from workflows.gaps import Place, open_gaps

SECRET_WORDS = "the board does not know yet"
COMMAND = {"command": "/incident", "text": SECRET_WORDS, "user_id": "UANN", "trigger_id": "1.2.a"}
CLICK = {
    "type": "block_actions",
    "actions": [{"action_id": "open_update", "value": SECRET_WORDS}],
    "response_url": "https://hooks.slack.com/actions/T1/1/x",
}
EVENT = {"type": "event_callback", "event": {"type": "user_change", "user": {"name": SECRET_WORDS}}}


@dataclass
class Asked:
    """Bolt's arguments as a handler sees them, and what was answered."""

    body: dict[str, Any]
    acks: list[dict[str, Any]] = field(default_factory=list)
    responses: list[dict[str, Any]] = field(default_factory=list)

    async def ack(self, **answer: Any) -> None:
        self.acks.append(answer)

    async def respond(self, **answer: Any) -> None:
        self.responses.append(answer)


@pytest.fixture
def services(sqlite: Database) -> Services:
    """What a handler may reach, without Slack."""
    return Services(sqlite, PROCESS, cast(Any, _NoSlack()), Metrics(), Requests(), now=lambda: NOON)


class _NoSlack:
    async def call(self, _method: str, **_arguments: Any) -> dict[str, Any]:
        raise TimeoutError


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """What our own log was told."""
    with structlog.testing.capture_logs() as entries:
        yield cast(list[Any], entries)


async def ask(body: dict[str, Any], fault: Exception, services: Services) -> Asked:
    """Ask something whose handler raises this."""
    asked = Asked(body)

    async def handler(_slack: AsyncArgs, _services: Services) -> None:
        raise fault

    await listener(handler, services)(cast(AsyncArgs, asked))
    return asked


def a_form(*block_ids: str) -> dict[str, Any]:
    """A submitted form with these fields, after some words that are no field."""
    blocks = [{"type": "section", "block_id": "intro"}, *({"type": "input", "block_id": name} for name in block_ids)]
    return {"type": "view_submission", "view": {"callback_id": "note", "blocks": blocks}}


async def test_each_wrong_field_of_a_form_says_what_is_wrong(services: Services) -> None:
    fault = InvalidInput({"title": "Say what.", "lead": "Say who."})

    asked = await ask(a_form("title", "lead"), fault, services)

    assert asked.acks == [{"response_action": "errors", "errors": {"title": "Say what.", "lead": "Say who."}}]


async def test_what_a_command_got_wrong_is_said_privately(services: Services) -> None:
    asked = await ask(COMMAND, InvalidInput({"title": "Say <what>.", "lead": "Say who."}), services)

    assert asked.acks == [{"text": "Say &lt;what&gt;. Say who.", "blocks": None, "response_type": "ephemeral"}]


async def test_a_request_done_before_is_acknowledged_in_silence(services: Services) -> None:
    for body in (COMMAND, CLICK, EVENT, a_form("title")):
        asked = await ask(body, e.AlreadyReceived("x"), services)

        assert (asked.acks, asked.responses) == ([{}], [])


async def test_a_refusal_of_a_form_stands_at_its_first_field(services: Services) -> None:
    asked = await ask(a_form("role", "person"), e.IncidentNotFound(7), services)

    errors = {"role": "There is no INC-7 that you can see; the list shows the ones you can."}
    assert asked.acks == [{"response_action": "errors", "errors": errors}]


async def test_a_refusal_of_a_click_stands_beside_the_button(services: Services) -> None:
    asked = await ask(CLICK, e.IncidentNotFound(7), services)

    text = "There is no INC-7 that you can see; the list shows the ones you can."
    assert asked.acks == [{}]
    assert asked.responses == [{"text": text, "blocks": None, "response_type": "ephemeral", "replace_original": False}]


async def test_a_missing_reason_stands_at_the_reason(services: Services) -> None:
    fault = e.ReasonNeeded(an_unsaved_incident(), what="Reopening")

    asked = await ask(a_form("severity", "reason"), fault, services)

    assert asked.acks[0]["errors"] == {
        "reason": "Reopening needs a reason, so INC-7 was left as it is. Say why in a few words."
    }


async def test_a_missing_reason_stands_first_where_no_reason_is_asked(services: Services) -> None:
    asked = await ask(a_form("words"), e.ReasonNeeded(an_unsaved_incident(), what="Reopening"), services)

    assert asked.acks[0]["errors"].keys() == {"words"}


def gaps_of_nothing_answered() -> e.GapsRemain:
    """What the gate says to an empty resolve form."""
    situation = a_situation(status=Status.INVESTIGATING)
    nothing = ResolveIncident(by="UANN", request_id="r", incident_id=7)
    return e.GapsRemain(situation.incident, open_gaps(situation, Place.RESOLVE, nothing))


async def test_every_gap_stands_at_its_field_of_the_resolve_form(services: Services) -> None:
    form = resolve_modal(an_unsaved_incident(status=Status.INVESTIGATING), asker="UANN", asked_in=None).to_dict()

    asked = await ask({"type": "view_submission", "view": form}, gaps_of_nothing_answered(), services)

    assert asked.acks[0]["errors"].keys() == {
        "verification",
        "verified_by",
        "temporary_fix",
        "remaining",
        "reason",
    }


async def test_gaps_that_have_no_field_stand_together(services: Services) -> None:
    asked = await ask(a_form("verification"), gaps_of_nothing_answered(), services)

    errors = asked.acks[0]["errors"]
    assert errors.keys() == {"verification"}
    assert "It was not in Monitoring" in errors["verification"]


async def test_who_holds_a_role_is_named_in_a_form(services: Services) -> None:
    async with services.transaction() as session:
        session.add(Person(user_id="UBO", name="Bo", seen_at=NOON))

    asked = await ask(a_form("role"), e.RoleTaken(an_unsaved_incident(), "Scribe", "UBO"), services)

    assert asked.acks[0]["errors"]["role"].startswith("Bo already holds Scribe of INC-7, so nothing was changed.")


async def test_somebody_whom_nobody_has_seen_has_no_id_in_a_form(services: Services) -> None:
    asked = await ask(a_form("role"), e.RoleTaken(an_unsaved_incident(), "Scribe", "UBO"), services)

    assert asked.acks[0]["errors"]["role"].startswith("Somebody else already holds Scribe")


async def test_who_holds_a_role_is_mentioned_beside_a_button(services: Services) -> None:
    asked = await ask(CLICK, e.RoleTaken(an_unsaved_incident(), "Scribe", "UBO"), services)

    assert asked.responses[0]["text"].startswith("<@UBO> already holds Scribe of INC-7")


@pytest.mark.parametrize("body", [COMMAND, CLICK, a_form("title")], ids=["command", "click", "form"])
async def test_a_fault_is_logged_once_and_the_person_gets_its_reference(
    body: dict[str, Any], services: Services, logged: list[Any]
) -> None:
    asked = await ask(body, RuntimeError(SECRET_WORDS), services)

    (entry,) = logged
    shown = json.dumps([asked.acks, asked.responses])
    assert entry["event"] == "a handler failed"
    assert len(entry["reference"]) == 8
    assert entry["reference"] in shown
    assert "nothing was changed" in shown
    assert SECRET_WORDS not in shown
    assert "Traceback" not in shown
    assert "RuntimeError" not in shown
    assert SECRET_WORDS not in str({name: value for name, value in entry.items() if name != "exc_info"})


async def test_a_form_stays_open_when_its_handler_fails(services: Services, logged: list[Any]) -> None:
    asked = await ask(a_form("title", "lead"), RuntimeError(SECRET_WORDS), services)

    (answer,) = asked.acks
    assert answer["response_action"] == "errors"
    assert answer["errors"].keys() == {"title"}


async def test_an_event_that_fails_is_raised_on(services: Services, logged: list[Any]) -> None:
    with pytest.raises(AlreadyLogged):
        await ask(EVENT, RuntimeError(SECRET_WORDS), services)

    assert [entry["event"] for entry in logged] == ["a handler failed"]


@pytest.mark.parametrize("code", ["expired_trigger_id", "trigger_expired"])
async def test_a_form_that_came_too_late_is_not_a_fault(code: str, services: Services, logged: list[Any]) -> None:
    fault = SlackApiError("x", {"error": code})  # type: ignore[no-untyped-call]

    asked = await ask(COMMAND, fault, services)

    assert asked.acks[0]["text"] == TOO_SLOW
    assert logged == []


@pytest.mark.parametrize("code", ["exchanged_trigger_id", "trigger_exchanged"])
async def test_a_click_that_came_twice_says_nothing_the_second_time(
    code: str, services: Services, logged: list[Any]
) -> None:
    fault = SlackApiError("x", {"error": code})  # type: ignore[no-untyped-call]

    asked = await ask(COMMAND, fault, services)

    assert asked.acks == [{}]
    assert logged == []


async def test_faults_are_counted(services: Services, logged: list[Any]) -> None:
    await ask(COMMAND, RuntimeError(), services)

    assert b"sitrep_faults_total 1.0" in services.metrics.render()


# The same through Bolt, whose own log we do not want either.


@pytest.fixture
async def app(services: Services, log_lines: io.StringIO) -> AsyncApp:
    """The app as the service composes it; no listener can reach the database."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1", bot_token="xoxb-1")

    app = AsyncApp(
        client=AsyncWebClient("xoxb-1"),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )
    await services.database.close()
    services.database = cast(Any, SimpleNamespace(transaction=_broken, read=_broken))
    register(app, services)
    return app


def _broken() -> Any:
    raise RuntimeError(f"INSERT ... VALUES ('{SECRET_WORDS}')")


async def dispatch(app: AsyncApp, body: dict[str, Any]) -> Any:
    """Have Bolt answer a request as it comes over Socket Mode."""
    return await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))


async def test_slack_hears_500_of_an_event_that_failed_and_the_log_keeps_its_words_out(
    app: AsyncApp, log_lines: io.StringIO
) -> None:
    user = {"id": "UBO", "name": SECRET_WORDS}
    event = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "user_change", "user": user}}

    answer = await dispatch(app, event)

    lines = log_lines.getvalue().splitlines()
    assert answer.status == 500
    assert SECRET_WORDS not in "".join(lines)
    assert [json.loads(line)["event"] for line in lines] == ["a handler failed"]


async def test_a_form_that_failed_is_logged_without_its_words(app: AsyncApp, log_lines: io.StringIO) -> None:
    body = submitted("note", note=SECRET_WORDS)
    body["view"]["blocks"] = [{"type": "input", "block_id": "note"}]

    answer = await dispatch(app, body)

    (line,) = log_lines.getvalue().splitlines()
    entry = json.loads(line)
    assert json.loads(answer.body)["errors"]["note"].endswith(entry["reference"])
    assert (entry["event"], entry["asked"], entry["fault"]) == ("a handler failed", "form note", "RuntimeError")
    assert SECRET_WORDS not in line


async def test_a_fault_on_the_way_to_a_handler_is_logged_without_words(app: AsyncApp, log_lines: io.StringIO) -> None:
    @app.middleware
    async def middleware(next: Any) -> None:  # noqa: A002  # Bolt's name
        raise RuntimeError(SECRET_WORDS)

    answer = await dispatch(app, COMMAND)

    (line,) = log_lines.getvalue().splitlines()
    assert answer.status == 500
    assert json.loads(line)["event"] == "a request could not be answered"
    assert SECRET_WORDS not in line


async def test_what_nobody_listens_to_is_not_logged(app: AsyncApp, log_lines: io.StringIO) -> None:
    event = {"type": "event_callback", "event": {"type": "message", "text": SECRET_WORDS, "user": "UBO"}}

    await dispatch(app, event)

    assert SECRET_WORDS not in log_lines.getvalue()
