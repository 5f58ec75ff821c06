"""Questions as they are typed and filled in, and the answer as its asker reads it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.blocks.outcome import outcome_message
from bot.commands.question import split_due
from bot.listener import InvalidInput
from bot.messenger.people import tell_person
from bot.views.question import (
    answer_modal,
    parse_answer_question,
    parse_ask_question,
    parse_refuse_question,
    question_modal,
    refuse_modal,
)
from storage.tables import DeliveryKind
from tests.bot.filled import sent
from tests.bot.scripted_slack import ScriptedSlack, a_claim
from tests.bot.values import HARD_WORDS, a_situation, accepted, an_unsaved_incident, assert_inert
from tests.builders import NOON
from workflows.commands import AnswerQuestion, AskQuestion, RefuseQuestion

BERLIN = ZoneInfo("Europe/Berlin")
ASKED = {"by": "UANN", "to": "UBO", "text": "Did you deploy?", "entry": 12}


@pytest.mark.parametrize(
    ("words", "text", "due_at"),
    [
        ("is it back?", "is it back?", NOON + timedelta(minutes=15)),
        ("is it back in 30m", "is it back", NOON + timedelta(minutes=30)),
        ("is it back? in 2h", "is it back?", NOON + timedelta(hours=2)),
        ("is it back in 1 hour?", "is it back", NOON + timedelta(hours=1)),
        ("is it back in 20 minutes.", "is it back", NOON + timedelta(minutes=20)),
        ("is it back by 14:30", "is it back", NOON + timedelta(minutes=90)),
        ("is it back until 2:30 pm", "is it back", NOON + timedelta(minutes=90)),
        ("is it back by 2pm?", "is it back", NOON + timedelta(minutes=60)),
        ("is it back by 14", "is it back by 14", NOON + timedelta(minutes=15)),
        ("is it back by 12:59", "is it back", NOON + timedelta(hours=23, minutes=59)),
        ("is it back by 25:00", "is it back by 25:00", NOON + timedelta(minutes=15)),
        ("who is in 5 rooms", "who is in 5 rooms", NOON + timedelta(minutes=15)),
        ("were you in 0m", "were you in 0m", NOON + timedelta(minutes=15)),
        ("in 15m", "", NOON + timedelta(minutes=15)),
    ],
)
def test_the_time_at_the_end_of_a_question_is_read_on_the_askers_clock(words: str, text: str, due_at: datetime) -> None:
    assert split_due(words, now=NOON, zone=BERLIN) == (text, due_at)


def test_a_time_of_day_is_that_of_the_zone_also_when_the_clocks_change() -> None:
    before = datetime(2026, 3, 28, 22, 0, tzinfo=ZoneInfo("UTC"))

    assert split_due("x by 09:00", now=before, zone=BERLIN)[1] == datetime(2026, 3, 29, 7, 0, tzinfo=ZoneInfo("UTC"))


def test_the_form_asks_whom_what_and_until_when() -> None:
    view = question_modal(an_unsaved_incident(), asked_in="CINC7", to="UBO", text="Did you deploy?")

    assert parse_ask_question(sent(view, due_in="60"), now=NOON) == AskQuestion(
        by="UANN",
        request_id="form/VFORM",
        incident_id=7,
        asked_in="CINC7",
        to="UBO",
        text="Did you deploy?",
        due_at=NOON + timedelta(hours=1),
    )


def test_a_question_to_nobody_is_refused_at_its_field() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_ask_question(sent(question_modal(an_unsaved_incident(), asked_in=None)), now=NOON)

    assert refused.value.fields == {
        "person": "Choose whom you ask; a question to nobody gets no answer.",
        "words": "Write what you ask.",
    }


def test_answers_and_refusals_know_their_question() -> None:
    incident = an_unsaved_incident()
    answer = parse_answer_question(sent(answer_modal(incident, ASKED, asked_in="CINC7"), words="Yes"))
    refusal = parse_refuse_question(sent(refuse_modal(incident, ASKED, asked_in="CINC7"), reason="I was away"))

    about = {"by": "UANN", "request_id": "form/VFORM", "incident_id": 7, "asked_in": "CINC7", "question": 12}
    assert answer == AnswerQuestion(**about, text="Yes")
    assert refusal == RefuseQuestion(**about, why="I was away")


def test_an_answer_and_a_refusal_need_words() -> None:
    incident = an_unsaved_incident()

    with pytest.raises(InvalidInput, match="Write your answer"):
        parse_answer_question(sent(answer_modal(incident, ASKED, asked_in=None), words=" "))
    with pytest.raises(InvalidInput, match="Say why"):
        parse_refuse_question(sent(refuse_modal(incident, ASKED, asked_in=None), reason=" "))


async def test_who_asked_reads_the_question_and_its_answer() -> None:
    slack = ScriptedSlack(conversations__open={"channel": {"id": "DANN"}}, chat__postMessage={"ts": "1.1"})
    payload = {"to": "UANN", "question": "Did you deploy?", "state": "answered", "outcome": "Yes", "by": "UBO"}

    await tell_person(slack.work(a_claim(DeliveryKind.TELL_PERSON, payload=payload), a_situation()))

    (told,) = slack.arguments("chat.postMessage")
    assert (told["channel"], told["text"]) == (
        "DANN",
        "*INC-7*: <@UBO> answers your question · <#CINC7>\n> Did you deploy?\nYes",
    )


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
@pytest.mark.parametrize("state", ["answered", "refused"])
def test_slack_takes_every_outcome(words: str, state: str) -> None:
    data = {"question": words, "outcome": words, "state": state, "by": "UBO"}

    assert_inert(accepted(*outcome_message(an_unsaved_incident(), data)))
