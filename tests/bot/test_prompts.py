"""What we ask, in Slack: where it is put, whom it reaches, and how it looks when it is over."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.actions.prompts import _FORMS
from bot.blocks.prompts import ended_line, prompt_blocks, prompt_text
from bot.messenger.messenger import SlackMessenger
from bot.messenger.prompts import ask, refresh_prompt, whisper
from bot.messenger.work import Work
from storage.deliveries import Claim
from storage.tables import DeliveryKind, EntryKind, PromptKind, Status
from storage.tables.columns import JsonObject
from tests.bot.scripted_slack import ScriptedSlack, refusal
from tests.bot.values import accepted, an_unsaved_incident
from tests.builders import NOON, PROCESS
from workflows.answers import _EFFECTS
from workflows.choices import CHOICES
from workflows.ports import GiveUp, Sent, TryAgain
from workflows.process import parse_process
from workflows.schedule import wanted
from workflows.situation import Situation

K = PromptKind
IDLE = {"idle": True}
ESCALATING = parse_process({"escalation": ["boss@example.com", "UCHIEF"]})


def a_claim(
    kind: DeliveryKind, payload: JsonObject, *, key: str = "0123456789ab/ask/x", look_first: bool = False
) -> Claim:
    return Claim(1, kind, 7, payload, key, NOON, 1, look_first)


def the_ask(kind: PromptKind, situation: Situation, *, to: str | None = None) -> Claim:
    """The delivery of a question that the schedule has."""
    one = next(one for one in wanted(situation, process=ESCALATING, now=NOON) if (one.kind, one.to) == (kind, to))
    payload = {"kind": one.kind, "to": one.to, "data": one.data}
    return a_claim(DeliveryKind.ASK, payload, key=f"{situation.incident.marker}/ask/{one.tail}")


def stands(*, roles: dict[str, str] | None = None, viewers: frozenset[str] | None = None, **changes: Any) -> Situation:
    values = {"status": Status.MITIGATING, "next_update_due_at": NOON, **changes}
    return Situation(an_unsaved_incident(**values), {"lead": "UANN"} if roles is None else roles, (), viewers)


def a_slack() -> ScriptedSlack:
    return ScriptedSlack(
        chat__postMessage={"ts": "5.5"},
        chat__postEphemeral={},
        chat__update={},
        conversations__open={"channel": {"id": "DANN"}},
        users__lookupByEmail={"user": {"id": "UBOSS"}},
    )


async def test_a_question_for_the_channel_is_put_there_with_its_buttons() -> None:
    slack, situation = a_slack(), stands()

    answer = await ask(slack.work(the_ask(K.UPDATE_DUE, situation), situation))

    (sent,) = slack.arguments("chat.postMessage")
    assert sent["channel"] == "CINC7"
    assert "thread_ts" not in sent
    assert [button["text"]["text"] for button in sent["blocks"][-1]["elements"]] == [
        "Post update",
        "15 minutes more",
        "Nothing new: say so",
    ]
    values = {button["value"] for button in sent["blocks"][-1]["elements"]}
    assert values == {the_ask(K.UPDATE_DUE, situation).dedupe_key}
    assert (answer["ts"], answer["channel_id"], answer["top_level"]) == ("5.5", "CINC7", True)


async def test_what_is_idle_by_its_time_is_not_asked() -> None:
    slack = a_slack()
    claim = the_ask(K.UPDATE_DUE, stands())

    assert await ask(slack.work(claim, stands(next_update_due_at=NOON + timedelta(hours=1)))) == IDLE
    assert slack.methods() == []


async def test_where_there_is_no_room_a_question_stands_under_the_card() -> None:
    slack, situation = a_slack(), stands(early_posts=3)

    answer = await ask(slack.work(the_ask(K.UPDATE_DUE, situation), situation))

    (sent,) = slack.arguments("chat.postMessage")
    assert sent["thread_ts"] == situation.incident.card_ts
    assert "Reply here" not in sent["text"]
    assert not answer["top_level"]


async def test_after_ten_minutes_there_is_room_again() -> None:
    slack, situation = a_slack(), stands(early_posts=3, declared_at=NOON - timedelta(minutes=11))

    assert (await ask(slack.work(the_ask(K.UPDATE_DUE, situation), situation)))["top_level"]


async def test_a_promise_that_is_overdue_reaches_whoever_writes_updates() -> None:
    slack, situation = a_slack(), stands(roles={"lead": "UANN", "communications": "UBO"})

    answer = await ask(slack.work(the_ask(K.UPDATE_OVERDUE, situation), situation))

    assert slack.arguments("conversations.open") == [{"users": "UBO"}]
    (sent,) = slack.arguments("chat.postMessage")
    assert sent["channel"] == "DANN"
    assert sent["text"].startswith("*INC-7* · Checkout is down · <#CINC7>")
    assert "you hold Communications" in sent["text"]
    assert answer["to"] == "UBO"


async def test_somebody_above_is_found_by_address() -> None:
    slack, situation = a_slack(), stands()
    claim = the_ask(K.UPDATE_ESCALATED, situation, to="boss@example.com")

    answer = await ask(Work(slack.slack(), ESCALATING, claim, situation))

    assert slack.arguments("users.lookupByEmail") == [{"email": "boss@example.com"}]
    assert answer["to"] == "UBOSS"


@pytest.mark.parametrize("to", ["UCHIEF", "boss@example.com"])
async def test_a_private_incident_is_escalated_only_to_those_who_may_see_it(to: str) -> None:
    slack = a_slack()
    situation = stands(private=True, viewers=frozenset({"UANN"}))

    claim = the_ask(K.UPDATE_ESCALATED, situation, to=to)

    assert await ask(Work(slack.slack(), ESCALATING, claim, situation)) == IDLE
    assert slack.arguments("chat.postMessage") == []


async def test_nobody_is_asked_in_person_where_nobody_holds_the_role() -> None:
    slack, situation = a_slack(), stands(roles={})

    assert await ask(slack.work(the_ask(K.UPDATE_OVERDUE, situation), situation)) == IDLE


async def test_after_an_outage_who_is_above_hears_as_long_after_the_channel_as_ever() -> None:
    slack, situation = a_slack(), stands(next_update_due_at=NOON - timedelta(hours=8))
    claim = replace(the_ask(K.UPDATE_ESCALATED, situation, to="UCHIEF"), due_at=NOON - timedelta(hours=8, minutes=-10))
    messenger = SlackMessenger(slack.slack(), ESCALATING)

    assert await messenger.deliver(claim, situation) == TryAgain(
        NOON + timedelta(minutes=10), "put off", in_doubt=False
    )
    assert slack.methods() == []
    assert isinstance(await messenger.deliver(replace(claim, attempt=2), situation), Sent)
    assert isinstance(await messenger.deliver(the_ask(K.UPDATE_DUE, situation), situation), Sent)


@pytest.mark.parametrize("code", ["user_disabled", "user_not_found"])
async def test_who_takes_no_direct_messages_is_reported_in_our_words(code: str) -> None:
    slack, situation = a_slack(), stands()
    slack.answers["conversations.open"] = [refusal(code)]

    outcome = await SlackMessenger(slack.slack(), ESCALATING).deliver(the_ask(K.UPDATE_OVERDUE, situation), situation)

    assert outcome == GiveUp("unreachable", "They take no direct messages from me: they may have left the workspace.")


async def test_a_draft_stands_where_its_words_were_written() -> None:
    slack, situation = a_slack(), stands()
    data = {"words": "We found <it>", "by": "UANN", "channel_id": "DANN", "thread_ts": "4.4"}
    claim = a_claim(DeliveryKind.ASK, {"kind": K.DRAFT, "to": None, "data": data})

    await ask(slack.work(claim, situation))

    (sent,) = slack.arguments("chat.postMessage")
    assert (sent["channel"], sent["thread_ts"]) == ("DANN", "4.4")
    assert sent["text"] == "Publish this as an update?\n> We found &lt;it&gt;"


async def test_an_answered_question_says_who_answered_and_has_no_buttons() -> None:
    slack = a_slack()
    ended = {"by": "UBO", "choice": "later", "at": NOON.isoformat(), "open": False}

    await refresh_prompt(slack.work(a_claim(DeliveryKind.REFRESH_PROMPT, _asked(ended)), stands()))

    (sent,) = slack.arguments("chat.update")
    assert (sent["channel"], sent["ts"]) == ("CINC7", "5.5")
    assert [block["type"] for block in sent["blocks"]] == ["section", "context"]
    assert sent["blocks"][1]["elements"][0]["text"] == (
        "<@UBO>: 15 minutes more, <!date^1772625600^{time}|2026-03-04 12:00 UTC>"
    )


async def test_a_question_that_somebody_deleted_stays_deleted() -> None:
    slack = ScriptedSlack(chat__update=refusal("message_not_found"))

    claim = a_claim(DeliveryKind.REFRESH_PROMPT, _asked({"at": NOON.isoformat()}))

    assert await refresh_prompt(slack.work(claim, stands())) == {}


async def test_who_may_not_see_it_any_more_is_not_told_how_it_ended() -> None:
    slack = a_slack()
    payload = {**_asked({"at": NOON.isoformat()}), "to": "UGONE"}
    situation = stands(private=True, viewers=frozenset({"UANN"}))

    assert await refresh_prompt(slack.work(a_claim(DeliveryKind.REFRESH_PROMPT, payload), situation)) == {}
    assert slack.methods() == []


def test_every_choice_opens_a_form_or_has_a_deed() -> None:
    for choices in CHOICES.values():
        for choice in choices:
            assert choice.key in (_FORMS if choice.opens_form else _EFFECTS)


def test_who_is_on_it_leaves_the_other_buttons() -> None:
    message = accepted("-", prompt_blocks(K.QUESTION, "?", "key", ended="<@UBO>: on it", is_open=True))

    assert [button["text"]["text"] for button in message["blocks"][-1]["elements"]] == ["Answer", "Can’t"]


@pytest.mark.parametrize(
    ("entry", "data", "words"),
    [
        (EntryKind.UPDATE, {}, "<@UBO> published an update, "),
        (EntryKind.STATUS_CHANGED, {"to": "monitoring"}, "<@UBO>: now Monitoring, "),
        (EntryKind.ROLE_ASSIGNED, {"role": "lead", "to": "UBO"}, "<@UBO> takes Lead, "),
        (EntryKind.ROLE_ASSIGNED, {"role": "lead", "to": "UDEE"}, "<@UBO> gives Lead to <@UDEE>, "),
        (EntryKind.ENTRY_STATE, {"state": "answered", "outcome": "No & never"}, "<@UBO>: No &amp; never, "),
        (EntryKind.NOTE, {}, "<@UBO> changed something, "),
    ],
)
def test_an_idle_question_says_what_has_happened(entry: EntryKind, data: JsonObject, words: str) -> None:
    ended = {"entry": entry, "by": "UBO", "data": data, "at": NOON.isoformat()}

    assert ended_line(K.QUESTION, ended, process=PROCESS).startswith(words)


def test_the_facts_that_are_missing_are_named() -> None:
    text = prompt_text(K.FACTS, stands(services=[], severity_assumed=True), {}, process=PROCESS)

    assert text == ":mag: Still unknown: how bad it is, which services are affected."


async def test_a_hint_is_seen_by_its_reader_only() -> None:
    slack = a_slack()
    payload = {
        "to": "UBO",
        "channel_id": "CINC7",
        "thread_ts": "4.4",
        "sentence": "{@UANN} was faster, {at 1772625600}",
    }

    await whisper(slack.work(a_claim(DeliveryKind.WHISPER, payload), stands()))

    (sent,) = slack.arguments("chat.postEphemeral")
    assert (sent["user"], sent["thread_ts"]) == ("UBO", "4.4")
    assert sent["text"].startswith("<@UANN> was faster, <!date^1772625600^")


async def test_a_hint_by_direct_message_is_a_reply_there() -> None:
    slack = a_slack()
    payload = {"to": "UBO", "channel_id": "DBO", "thread_ts": "4.4", "sentence": "x"}

    await whisper(slack.work(a_claim(DeliveryKind.WHISPER, payload), stands()))

    assert slack.methods() == ["chat.postMessage"]


async def test_a_hint_that_may_have_been_seen_is_not_repeated() -> None:
    slack = a_slack()
    payload = {"to": "UBO", "channel_id": "CINC7", "thread_ts": "4.4", "sentence": "x"}

    await whisper(slack.work(a_claim(DeliveryKind.WHISPER, payload, look_first=True), stands()))

    assert slack.methods() == []


def _asked(ended: JsonObject) -> JsonObject:
    return {
        "prompt": "0123456789ab/ask/update_due/1",
        "kind": K.UPDATE_DUE,
        "to": None,
        "channel_id": "CINC7",
        "ts": "5.5",
        "words": "The update is due",
        "ended": ended,
    }
