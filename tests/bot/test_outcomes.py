"""From what Slack or the connection answered to how a delivery goes on."""

import asyncio
from datetime import timedelta
from typing import Any, cast

import aiohttp
import pytest

from bot.messenger.faults import hint
from bot.messenger.messenger import SlackMessenger
from bot.messenger.outcomes import LONGEST_WAIT, back_off, outcome_of
from bot.messenger.slack import DigestChannelHidden, Held
from storage.tables import DeliveryKind
from tests.bot.scripted_slack import ScriptedSlack, a_claim, refusal
from tests.bot.values import a_situation
from tests.builders import NOON, PROCESS
from workflows.ports import GiveUp, Sent, TryAgain

SECOND = timedelta(seconds=1)
REFUSED = aiohttp.ClientConnectorError(cast(Any, None), ConnectionRefusedError())
ON_CHANNEL = {"channel": {"id": "CNEW", "name": "inc-7-checkout-is-down"}}


@pytest.mark.parametrize(
    ("fault", "wait", "in_doubt"),
    [
        (refusal("ratelimited", status=429, headers={"Retry-After": "7"}), 7 * SECOND, False),
        (refusal("ratelimited", status=429, headers={"retry-after": "30"}), 30 * SECOND, False),
        (refusal(None, status=429), SECOND, False),
        (refusal("rate_limited"), SECOND, False),
        (refusal("internal_error"), 2 * SECOND, True),
        (refusal("fatal_error"), 2 * SECOND, True),
        (refusal(None, status=500), 2 * SECOND, True),
        (refusal("service_unavailable", status=503), 2 * SECOND, True),
        (refusal("invalid_auth"), 2 * SECOND, False),
        (refusal("account_inactive"), 2 * SECOND, False),
        (refusal("token_revoked"), 2 * SECOND, False),
        (REFUSED, 2 * SECOND, False),
        (aiohttp.ServerDisconnectedError(), 2 * SECOND, True),
        (aiohttp.ClientOSError(), 2 * SECOND, True),
        (TimeoutError(), 2 * SECOND, True),
        (aiohttp.ServerTimeoutError(), 2 * SECOND, True),
        (Held(NOON + 9 * SECOND), 9 * SECOND, False),
    ],
    ids=lambda value: getattr(getattr(value, "response", None), "data", None) and str(value.response["error"]),
)
def test_what_may_pass_is_tried_again(fault: Exception, wait: timedelta, in_doubt: bool) -> None:
    outcome = outcome_of(fault, attempt=3, now=NOON)

    assert isinstance(outcome, TryAgain)
    assert (outcome.at, outcome.in_doubt) == (NOON + wait, in_doubt)


@pytest.mark.parametrize(
    "code",
    [
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "is_inactive",
        "restricted_action",
        "user_is_restricted",
        "cant_invite",
        "user_not_found",
        "cant_update_message",
    ],
)
def test_a_permanent_code_is_given_up_with_words_of_its_own(code: str) -> None:
    outcome = outcome_of(refusal(code), attempt=1, now=NOON)

    assert outcome == GiveUp(code, hint(code))
    assert outcome.hint != hint("anything else")


def test_a_missing_scope_is_named() -> None:
    outcome = outcome_of(refusal("missing_scope", needed="groups:write", provided="chat:write"), attempt=1, now=NOON)

    assert isinstance(outcome, GiveUp)
    assert "`groups:write`" in outcome.hint


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long", "a_code_of_next_year"])
def test_an_unknown_code_is_given_up(code: str) -> None:
    assert outcome_of(refusal(code), attempt=1, now=NOON) == GiveUp(code, hint(code))


def test_a_digest_channel_out_of_reach_is_given_up() -> None:
    outcome = outcome_of(DigestChannelHidden("incidents"), attempt=1, now=NOON)

    assert isinstance(outcome, GiveUp)
    assert "SITREP_DIGEST_CHANNEL" in outcome.hint


def test_a_mistake_of_ours_is_raised_again() -> None:
    with pytest.raises(KeyError):
        outcome_of(KeyError("x"), attempt=1, now=NOON)


def test_each_attempt_waits_twice_as_long_up_to_a_minute() -> None:
    waits = [back_off(attempt).total_seconds() for attempt in range(1, 10)]

    assert waits == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    assert back_off(10_000) == LONGEST_WAIT


async def test_what_slack_answered_is_kept() -> None:
    messenger = SlackMessenger(ScriptedSlack(conversations__create=ON_CHANNEL).slack(), PROCESS)

    outcome = await messenger.deliver(a_claim(DeliveryKind.OPEN_CHANNEL), a_situation())

    assert outcome == Sent({"channel_id": "CNEW", "name": "inc-7-checkout-is-down"})


@pytest.mark.parametrize("kind", DeliveryKind)
async def test_the_messenger_raises_nothing(kind: DeliveryKind) -> None:
    messenger = SlackMessenger(ScriptedSlack().slack(), PROCESS)

    outcome = await messenger.deliver(a_claim(kind, attempt=50), None)

    assert isinstance(outcome, TryAgain | GiveUp)


async def test_what_is_done_in_a_channel_waits_for_no_channel() -> None:
    messenger = SlackMessenger(ScriptedSlack().slack(), PROCESS)

    outcome = await messenger.deliver(a_claim(DeliveryKind.SET_TOPIC), a_situation(channel_id=None))

    assert outcome == GiveUp("no_channel", hint("no_channel"))


@pytest.mark.parametrize("fault", [refusal("ratelimited", status=429), REFUSED, refusal("invalid_auth")])
async def test_doubt_about_an_earlier_attempt_outlives_one_that_came_to_nothing(fault: Exception) -> None:
    slack = ScriptedSlack(conversations__history=fault)
    messenger = SlackMessenger(slack.slack(), PROCESS)

    outcome = await messenger.deliver(a_claim(DeliveryKind.POST_CARD, look_first=True, attempt=2), a_situation())

    assert isinstance(outcome, TryAgain)
    assert outcome.in_doubt
    assert slack.methods() == ["conversations.history"]


async def test_slack_is_not_called_while_it_asked_us_to_wait() -> None:
    clock = [NOON]
    slack = ScriptedSlack(pins__add=[refusal("ratelimited", status=429, headers={"Retry-After": "5"}), {}])
    messenger = SlackMessenger(slack.slack(now=lambda: clock[0]), PROCESS)
    claim = a_claim(DeliveryKind.PIN_CARD)

    first = await messenger.deliver(claim, a_situation())
    second = await messenger.deliver(claim, a_situation())
    clock[0] = NOON + 5 * SECOND
    third = await messenger.deliver(claim, a_situation())

    assert first == second == TryAgain(NOON + 5 * SECOND, "ratelimited", in_doubt=False)
    assert third == Sent({})
    assert slack.methods() == ["pins.add", "pins.add"]


async def test_a_limit_on_posts_holds_for_one_channel_only() -> None:
    limited = refusal("ratelimited", status=429, headers={"Retry-After": "5"})
    slack = ScriptedSlack(chat__postMessage=[limited, {"ts": "1.1"}])
    messenger = SlackMessenger(slack.slack(), PROCESS)

    first = await messenger.deliver(a_claim(DeliveryKind.POST_CARD), a_situation())
    second = await messenger.deliver(a_claim(DeliveryKind.POST_CARD), a_situation(channel_id="COTHER"))

    assert isinstance(first, TryAgain)
    assert isinstance(second, Sent)


async def test_stopping_stops_a_delivery() -> None:
    async def hang(_arguments: dict[str, Any]) -> dict[str, Any]:
        raise asyncio.CancelledError

    messenger = SlackMessenger(ScriptedSlack().slack(), PROCESS)
    cast(Any, messenger)._slack.call = lambda *_, **__: hang({})

    with pytest.raises(asyncio.CancelledError):
        await messenger.deliver(a_claim(DeliveryKind.PIN_CARD), a_situation())
