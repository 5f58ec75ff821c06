"""The catch-up: one message, short whatever is in it, and nothing in it active."""

from typing import Any

import pytest

from bot.blocks.catchup import catchup_message
from bot.messenger.catchup import whisper_catchup
from storage.deliveries import Claim
from storage.tables import DeliveryKind, Status
from tests.bot.scripted_slack import ScriptedSlack, a_claim
from tests.bot.values import (
    HARD_WORDS,
    PROCESSES,
    a_situation,
    accepted,
    an_unsaved_incident,
    assert_inert,
    full_of,
    marked_up,
)
from tests.builders import NOON, PROCESS
from workflows.catchup import MOST_DECIDED, MOST_THEORIES, MOST_TRIED, CatchUp, Point
from workflows.process import Process
from workflows.situation import Situation

NOTHING = CatchUp((), (), ())


def all_told_of(words: str) -> CatchUp:
    """As much as is ever told, with these words in it."""
    return CatchUp(
        (Point(words, "worked"),) * MOST_TRIED,
        (Point(words, None),) * MOST_DECIDED,
        (Point(words, "ruled_out"),) * MOST_THEORIES,
    )


def _texts(told: CatchUp, **changes: Any) -> str:
    return "\n".join(marked_up(accepted(*catchup_message(a_situation(**changes), told, process=PROCESS))["blocks"]))


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
@pytest.mark.parametrize("status", Status)
def test_slack_takes_every_catch_up_without_a_word(status: Status, words: str, process: Process) -> None:
    situation = full_of(words, status=status, process=process)

    text, blocks = catchup_message(situation, all_told_of(words), process=process)

    message = accepted(text, blocks, method="chat.postEphemeral")
    assert_inert(message)
    assert all(len(text) < 3000 for text in marked_up(message["blocks"])), "nothing was cut off at the end"
    assert len("\n".join(marked_up(message["blocks"])).splitlines()) <= 26


def test_it_says_what_is_so_what_was_tried_and_who_is_who() -> None:
    told = CatchUp(
        (Point("Restarted the\ncache", "no_effect"), Point("Rolled back", None)),
        (Point("Stay on 4.1 tonight", None),),
        (Point("The new cache", "open"), Point("The network", "ruled_out")),
    )

    shown = _texts(
        told,
        roles={"lead": "UANN", "scribe": "UBO"},
        status=Status.MITIGATING,
        affected="Shoppers in Europe",
        prevented="Pay by card",
        last_update="We are on it",
        last_update_at=NOON,
        next_update_due_at=NOON,
    )

    assert shown.splitlines() == [
        "🟠 *INC-7 · Checkout is down*",
        "SEV2 · Mitigating · declared <!date^1772625600^{date_short_pretty} {time}|2026-03-04 12:00 UTC> by <@UANN>",
        "*Services*  checkout",
        "*What*  Cards are refused",
        "*Impact*  Shoppers in Europe · Pay by card",
        "*Update, <!date^1772625600^{time}|2026-03-04 12:00 UTC>*  We are on it",
        "*Next update by*  <!date^1772625600^{time}|2026-03-04 12:00 UTC>",
        "*Who is who*  Lead <@UANN> · Scribe <@UBO>",
        "*Tried*, newest first",
        "• Restarted the cache – _no effect_",
        "• Rolled back – _no result yet_",
        "*Decided*, newest first",
        "• Stay on 4.1 tonight",
        "*Theories*, newest first",
        "• The new cache – _open_",
        "• The network – _ruled out_",
    ]


def test_of_an_incident_nobody_has_worked_on_it_says_only_what_is_known() -> None:
    assert len(_texts(NOTHING, description="", roles={}).splitlines()) == 4
    assert "nobody has a role yet" in _texts(NOTHING, roles={})


def test_it_goes_on_to_the_timeline() -> None:
    message = accepted(*catchup_message(a_situation(), NOTHING, process=PROCESS))

    assert [(button["text"]["text"], button["value"]) for button in message["blocks"][-1]["elements"]] == [
        ("Timeline", "7")
    ]


def test_what_is_told_goes_through_a_delivery_unchanged() -> None:
    told = all_told_of("words")

    assert CatchUp.from_json(told.to_json()) == told


def _whisper(**changes: Any) -> Claim:
    payload = {"user_id": "UDEE", "told": NOTHING.to_json()}
    return a_claim(DeliveryKind.WHISPER_CATCHUP, payload=payload, **changes)


async def test_who_comes_late_is_told_alone() -> None:
    slack = ScriptedSlack(chat__postEphemeral={"message_ts": "1.0"})

    assert await whisper_catchup(slack.work(_whisper())) == {"told": True}

    (sent,) = slack.arguments("chat.postEphemeral")
    assert (sent["channel"], sent["user"]) == ("CINC7", "UDEE")


async def test_a_whisper_whose_end_is_not_known_is_not_repeated() -> None:
    slack = ScriptedSlack()

    assert await whisper_catchup(slack.work(_whisper(look_first=True))) == {"told": False}
    assert slack.calls == []


async def test_who_may_not_see_it_any_more_is_told_nothing() -> None:
    slack = ScriptedSlack()
    situation = Situation(an_unsaved_incident(private=True), {}, viewers=frozenset({"UANN"}))

    assert await whisper_catchup(slack.work(_whisper(), situation)) == {"told": False}
    assert slack.calls == []
