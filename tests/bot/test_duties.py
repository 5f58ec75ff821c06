"""What somebody hears who has got a role: their duties, once, and only while it is theirs and theirs to see."""

from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.duties import duties_message
from bot.messenger.people import tell_person
from bot.messenger.work import Work
from storage.deliveries import Claim
from storage.tables import DeliveryKind
from tests.bot.scripted_slack import ScriptedSlack
from tests.bot.values import HARD_WORDS, PROCESSES, a_situation, accepted, assert_inert, full_of
from tests.builders import NOON, PROCESS
from workflows.catchup import CatchUp, Point
from workflows.process import Process
from workflows.situation import Situation

TOLD = CatchUp((Point("Rolled back to 41", "worked"),), (), ())
GIVEN = {"role": "scribe", "from": "UANN", "to": "UBOB", "told": TOLD.to_json()}


def _work(situation: Situation, slack: ScriptedSlack, given: dict[str, Any] = GIVEN) -> Work:
    claim = Claim(1, DeliveryKind.TELL_PERSON, 7, given, "key", NOON, 1, look_first=False)
    return Work(slack.slack(), PROCESS, claim, situation)


def _slack() -> ScriptedSlack:
    return ScriptedSlack(conversations__open={"channel": {"id": "DBOB"}}, chat__postMessage={"ts": "1.1"})


async def test_who_got_a_role_is_told_its_duties_and_whose_it_was() -> None:
    slack = _slack()

    await tell_person(_work(a_situation(roles={"scribe": "UBOB"}), slack))

    (sent,) = slack.arguments("chat.postMessage")
    assert sent["channel"] == "DBOB"
    assert sent["text"] == (
        "You hold *Scribe* of *INC-7* now, SEV2: Checkout is down\n"
        "Notes what was seen, done and decided, and when.\n"
        "<@UANN> held it before you.\n"
        "It is worked on in <#CINC7>."
    )
    assert "Rolled back to 41" in str(sent["blocks"])


async def test_who_takes_a_role_that_nobody_held_is_told_no_more_than_its_duties() -> None:
    slack = _slack()

    await tell_person(_work(a_situation(roles={"scribe": "UBOB"}), slack, {**GIVEN, "from": None, "told": None}))

    (sent,) = slack.arguments("chat.postMessage")
    assert len(sent["blocks"]) == 1


@pytest.mark.parametrize(
    "situation",
    [
        a_situation(roles={"scribe": "UCAT"}),
        a_situation(roles={}),
        replace(a_situation(roles={"scribe": "UBOB"}, private=True), viewers=frozenset({"UANN"})),
    ],
    ids=["given on", "released", "not theirs to see"],
)
async def test_nobody_is_told_of_a_role_they_have_not_or_may_not_see(situation: Situation) -> None:
    slack = _slack()

    assert await tell_person(_work(situation, slack)) == {"moot": True}
    assert slack.arguments("chat.postMessage") == []


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_slack_takes_the_duties_of_every_role(words: str, process: Process) -> None:
    for role in [*process.roles, "gone"]:
        data: dict[str, Any] = {"role": role, "from": "UANN", "to": "UBOB"}
        assert_inert(accepted(*duties_message(full_of(words, process=process), data, process=process)))
