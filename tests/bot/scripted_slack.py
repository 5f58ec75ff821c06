"""A Slack whose answers a test writes down, and claims to perform in it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.messenger.slack import Slack
from bot.messenger.work import Work
from storage.deliveries import Claim
from storage.tables import DeliveryKind
from tests.bot.values import a_situation
from tests.builders import NOON, PROCESS
from workflows.situation import Situation

Answer = Mapping[str, Any] | Exception | Callable[[dict[str, Any]], Mapping[str, Any]]

WHO_WE_ARE: dict[str, Any] = {"user_id": "UBOT", "bot_id": "BBOT", "url": "https://example.slack.com/"}


class ScriptedSlack(AsyncWebClient):
    """Answers each method in turn as written down; the last answer is given again and again."""

    def __init__(self, **answers: Answer | list[Answer]) -> None:
        super().__init__(token="xoxb-scripted")
        self.answers = {name.replace("__", "."): _listed(answer) for name, answer in answers.items()}
        self.answers.setdefault("auth.test", [WHO_WE_ARE])
        self.calls: list[tuple[str, dict[str, Any]]] = []

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:  # type: ignore[override]
        """Answer, however the arguments come."""
        arguments = {
            key: value for key, value in (how.get("json") or how.get("params") or {}).items() if value is not None
        }
        self.calls.append((api_method, arguments))
        waiting = self.answers[api_method]
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(answer, Exception):
            raise answer
        return response({"ok": True, **(answer(arguments) if callable(answer) else answer)})

    def methods(self) -> list[str]:
        """What was called, in order."""
        return [method for method, _ in self.calls]

    def arguments(self, method: str) -> list[dict[str, Any]]:
        """With what a method was called, in order."""
        return [arguments for called, arguments in self.calls if called == method]

    def slack(self, *, digest_channel: str = "incidents", now: Callable[[], datetime] = lambda: NOON) -> Slack:
        """The bot's view of it."""
        return Slack(self, digest_channel=digest_channel, now=now)

    def work(self, claim: Claim, situation: Situation | None = None) -> Work:
        """A delivery to perform in it."""
        return Work(self.slack(), PROCESS, claim, situation or a_situation())


def _listed(answer: Answer | list[Answer]) -> list[Answer]:
    return list(answer) if isinstance(answer, list) else [answer]


def response(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> AsyncSlackResponse:
    """An answer of the Web API's."""
    return AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/x",
        req_args={},
        data=data,
        headers=dict(headers or {}),
        status_code=status,
    )


def refusal(
    code: str | None, *, status: int = 200, headers: Mapping[str, str] | None = None, **more: Any
) -> SlackApiError:
    """What the client raises for an answer that is not ok; without a code the body was no JSON."""
    data = {"ok": False, "error": code, **more} if code else {}
    return SlackApiError("refused", response(data, status=status, headers=headers))  # type: ignore[no-untyped-call]


def a_claim(
    kind: DeliveryKind, *, look_first: bool = False, attempt: int = 1, payload: dict[str, Any] | None = None
) -> Claim:
    """A delivery of INC-7 that is ours."""
    return Claim(
        delivery_id=1,
        kind=kind,
        incident_id=7,
        payload=payload or {},
        dedupe_key=f"0123456789ab/{kind}",
        due_at=NOON,
        attempt=attempt,
        look_first=look_first,
    )
