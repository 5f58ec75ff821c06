"""Notices in Slack: who stands behind the names of an audience, also where Slack will not say, and how one is sent."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.messenger.messenger import SlackMessenger
from bot.messenger.notices import find_audience
from bot.messenger.work import Work
from storage.tables import DeliveryKind
from tests.bot.scripted_slack import ScriptedSlack, a_claim, refusal
from tests.bot.test_mail import a_notice
from tests.bot.values import a_situation, an_unsaved_incident
from tests.builders import PROCESS
from workflows.ports import GiveUp, Sent
from workflows.process import parse_process
from workflows.situation import Situation

EVERYBODY = {
    "name": "Everybody",
    "channels": ["#exec"],
    "groups": ["@sre"],
    "people": ["bo@example.com", "no@example.com"],
    "emails": ["press@example.com"],
}
KNOWN: dict[str, Any] = {
    "users__conversations": {"channels": [{"id": "CEXEC", "name": "exec"}]},
    "usergroups__list": {"usergroups": [{"id": "S0123456", "handle": "sre"}]},
    "usergroups__users__list": {"users": ["UBOB", "UCAT"]},
    "users__info": lambda asked: {"user": {"name": asked["user"].lower()}},
}


def _found(answers: dict[str, Any]) -> Work:
    payload = {"rules": {"all": "update"}, "notice": a_notice().to_json()}
    claim = a_claim(DeliveryKind.ANNOUNCE, payload=payload)
    process = parse_process({"audiences": {"all": EVERYBODY}})
    return Work(ScriptedSlack(**{**KNOWN, **answers}).slack(), process, claim, a_situation())


def _by_address(code: str) -> list[Any]:
    return [{"user": {"id": "UBOB"}}, refusal(code)]


@pytest.mark.parametrize("code", ["no_permission", "enterprise_is_restricted", "a_code_of_next_year"])
async def test_one_name_that_slack_will_not_look_up_keeps_nobody_else_from_hearing(code: str) -> None:
    answer = await find_audience(_found({"users__lookupByEmail": _by_address(code)}))

    assert answer["channels"] == {"#exec": "CEXEC"}
    assert answer["groups"] == {"@sre": ["UBOB", "UCAT"]}
    assert answer["people"] == {"bo@example.com": "UBOB"}
    assert answer["unknown"] == [
        {
            "key": "audiences.all.people",
            "name": "no@example.com",
            "because": code,
            "hint": "“no@example.com” in audiences.all.people of sitrep.toml cannot be looked up: "
            f"Slack answers {code}.",
        }
    ]


async def test_what_may_pass_is_asked_again_and_what_was_found_meanwhile_is_not() -> None:
    work = _found({"users__lookupByEmail": [*_by_address("internal_error"), refusal("users_not_found")]})

    with pytest.raises(SlackApiError):
        await find_audience(work)
    answer = await find_audience(work)

    assert answer["people"] == {"bo@example.com": "UBOB"}
    assert [unknown["because"] for unknown in answer["unknown"]] == ["unknown"]
    client: Any = work.slack.client
    assert client.methods().count("users.lookupByEmail") == 3
    assert client.methods().count("usergroups.users.list") == 1


async def test_a_name_that_slack_will_not_tell_is_somebody() -> None:
    work = _found({"users__lookupByEmail": {"user": {"id": "UBOB"}}, "users__info": refusal("missing_scope")})

    answer = await find_audience(work)

    assert answer["names"] == {"UANN": "somebody", "UBOB": "somebody", "UGONE": "somebody"}


async def test_a_report_on_a_private_incident_reaches_nobody_who_has_left_it_meanwhile() -> None:
    payload = {"to": "UANN", "what": "pin_card", "whom": None, "because": "restricted_action", "hint": "Ask an admin."}
    claim = a_claim(DeliveryKind.REPORT_FAULT, payload=payload)
    slack = ScriptedSlack()

    outcome = await SlackMessenger(slack.slack(), PROCESS).deliver(
        claim, Situation(an_unsaved_incident(private=True), {}, viewers=frozenset({"UBOB"}))
    )

    assert isinstance(outcome, GiveUp)
    assert (outcome.because, slack.methods()) == ("private", [])


async def test_somebody_who_cannot_be_written_to_is_not_called_a_channel() -> None:
    payload = {"to": "UBOB", "why": "audiences.all.people", "notice": a_notice().to_json()}
    claim = a_claim(DeliveryKind.NOTICE, payload=payload)
    slack = ScriptedSlack(chat__postMessage=refusal("channel_not_found"))

    outcome = await SlackMessenger(slack.slack(), PROCESS).deliver(claim, a_situation())

    assert isinstance(outcome, GiveUp)
    assert outcome.hint == "They take no direct messages from me: they may have left the workspace."


async def test_a_direct_message_whose_end_is_not_known_is_looked_for_before_it_is_sent_again() -> None:
    payload = {"to": "UBOB", "why": "subscription", "notice": a_notice().to_json()}
    claim = a_claim(DeliveryKind.NOTICE, payload=payload, look_first=True)
    posted = {"ts": "1.1", "metadata": {"event_payload": {"key": claim.dedupe_key}}}
    slack = ScriptedSlack(
        conversations__open={"channel": {"id": "DBOB"}}, conversations__history={"messages": [posted]}
    )

    outcome = await SlackMessenger(slack.slack(), PROCESS).deliver(claim, a_situation())

    assert outcome == Sent({"ts": "1.1"})
    assert slack.methods() == ["conversations.open", "conversations.history"]
