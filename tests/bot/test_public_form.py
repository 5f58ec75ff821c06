"""The form for a text for people outside: templates to begin with, and no typed word lost."""

from typing import Any, cast

import pytest
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.listener import InvalidInput
from bot.metrics import Metrics
from bot.requests import Requests
from bot.services import Services
from bot.views.public import on_stage_chosen, parse_draft_public_text, public_modal
from storage.engine import Database
from storage.tables import Status
from tests.bot.filled import sent
from tests.bot.scripted_slack import ScriptedSlack
from tests.bot.values import accepted_view, an_unsaved_incident
from tests.builders import NOON, PROCESS, an_opened_incident
from workflows.commands import DraftPublicText
from workflows.process import parse_process

CUSTOMERS = parse_process(
    {"audiences": {"shops": {"name": "All shops", "kind": "external", "emails": ["a@b.example"]}}}
)


@pytest.mark.parametrize(
    ("status", "begins"),
    [
        (Status.TRIAGE, "We are looking into a problem with checkout."),
        (Status.MITIGATING, "We have found what is wrong with checkout"),
        (Status.MONITORING, "checkout should work again."),
        (Status.RESOLVED, "The problem with checkout is resolved."),
    ],
)
def test_the_form_begins_with_the_template_that_fits_how_it_stands(status: Status, begins: str) -> None:
    command = parse_draft_public_text(sent(_form(status=status)))

    assert command.text.startswith(begins)


def _form(*, process: Any = PROCESS, status: Status = Status.TRIAGE, **chosen: Any) -> Any:
    return public_modal(an_unsaved_incident(status=status), process=process, asked_in="CINC7", **chosen)


def test_the_words_and_their_stage_are_sent() -> None:
    command = parse_draft_public_text(sent(_form(), **{"words:investigating": "We are on it."}))

    assert command == DraftPublicText(
        by="UANN", request_id="form/VFORM", incident_id=7, asked_in="CINC7", stage="investigating", text="We are on it."
    )


def test_no_words_are_refused_at_their_field() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_draft_public_text(sent(_form(), **{"words:investigating": " "}))

    assert refused.value.fields == {"words:investigating": "Write what people outside are to read."}


@pytest.mark.parametrize(
    ("process", "said"),
    [
        (CUSTOMERS, "Goes to: All shops, once somebody else has approved it."),
        (PROCESS, "No audience of people outside is set up for this: it goes to nobody, and is kept to be copied."),
    ],
    ids=["customers", "nobody"],
)
def test_the_form_says_whom_it_reaches(process: Any, said: str) -> None:
    assert said in str(accepted_view(_form(process=process)))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (None, "The problem with checkout is resolved. We are sorry for the trouble."),
        ("My own words", "My own words"),
    ],
)
async def test_another_template_is_shown_unless_somebody_has_written_words_of_their_own(
    sqlite: Database, typed: str | None, shown: str
) -> None:
    async with sqlite.transaction() as session:
        incident = await an_opened_incident(session)
    slack = ScriptedSlack(views__update={})
    services = Services(sqlite, PROCESS, slack.slack(), Metrics(), Requests(), now=lambda: NOON)
    changed = {"stage": "resolved", **({"words:investigating": typed} if typed else {})}
    body = sent(public_modal(incident, process=PROCESS, asked_in="CINC1"), **changed)
    body["view"]["hash"] = "1.a"

    await on_stage_chosen(cast(AsyncArgs, _Chosen(body)), services)

    (redrawn,) = slack.arguments("views.update")
    fields = {block.get("block_id"): block for block in redrawn["view"]["blocks"]}
    assert fields["words:resolved"]["element"]["initial_value"] == shown
    assert fields["stage"]["element"]["initial_option"]["value"] == "resolved"


class _Chosen:
    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body

    async def ack(self) -> None:
        """It is acknowledged."""
