"""Merging as it is filled in, and as both channels and the digest read of it."""

from typing import Any

import pytest

from bot.blocks.digest import digest_entry
from bot.blocks.entries import entry_message, entry_text
from bot.listener import InvalidInput
from bot.views.merge import merge_modal, parse_merge_incident
from storage.tables import EntryKind, Status
from tests.bot.filled import sent
from tests.bot.values import HARD_WORDS, a_situation, accepted, an_unsaved_incident, assert_inert
from tests.builders import PROCESS
from workflows.commands import MergeIncident

OTHERS = [an_unsaved_incident(id=8, title="Refunds fail"), an_unsaved_incident(id=9)]


def test_the_form_says_into_which_and_why() -> None:
    view = merge_modal(an_unsaved_incident(), OTHERS, asked_in="CINC7")

    assert parse_merge_incident(sent(view, into="8", reason="The same outage")) == MergeIncident(
        by="UANN", request_id="form/VFORM", incident_id=7, asked_in="CINC7", into=8, reason="The same outage"
    )


def test_without_the_other_one_nothing_is_merged() -> None:
    with pytest.raises(InvalidInput, match=r"Choose the incident that goes on\."):
        parse_merge_incident(sent(merge_modal(an_unsaved_incident(), OTHERS, asked_in=None)))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {"into": 8, "channel_id": "CINC8", "reason": "The same outage"},
            ":twisted_rightwards_arrows: Merged into INC-8 (<#CINC8>) by <@UANN>; it goes on there\n> The same outage",
        ),
        (
            {"into": 8, "channel_id": None, "reason": ""},
            ":twisted_rightwards_arrows: Merged into INC-8 by <@UANN>; it goes on there",
        ),
        (
            {"merged": 7, "channel_id": "CINC7", "title": "Checkout is down"},
            ":twisted_rightwards_arrows: INC-7 (<#CINC7>) was merged into this one by <@UANN>: Checkout is down",
        ),
        (
            {"merged": 7, "channel_id": None, "title": None},
            ":twisted_rightwards_arrows: INC-7 was merged into this one by <@UANN>",
        ),
    ],
    ids=["here", "here, plainly", "there", "there, private"],
)
def test_each_channel_hears_where_it_goes_on_or_what_came_to_it(data: dict[str, Any], said: str) -> None:
    assert entry_text(EntryKind.MERGED, by="UANN", data=data, process=PROCESS) == said


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_a_title_that_comes_over_is_inert(words: str) -> None:
    data = {"merged": 7, "channel_id": "CINC7", "title": words}

    message = entry_message(EntryKind.MERGED, by="UANN", data=data, process=PROCESS)

    assert_inert(accepted("x", message))


def test_the_digest_says_what_it_is_part_of() -> None:
    situation = a_situation(status=Status.MERGED, merged_into=8, ended_because="The same outage")

    assert "Part of INC-8\nThe same outage" in str(
        digest_entry(situation, process=PROCESS)[0].to_dict()["text"]["text"]
    )
