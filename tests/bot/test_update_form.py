"""The update form: what it asks, whom it says it reaches, and what comes of what stands in it."""

from typing import Any

import pytest

from bot import ids
from bot.blocks.entries import entry_message
from bot.listener import InvalidInput
from bot.views.reach import in_words
from bot.views.update import Draft, parse_publish_update, promises, read_draft, update_modal
from storage.tables import DeliveryKind, EntryKind, Status
from tests.bot.payloads import submitted
from tests.bot.values import HARD_WORDS, accepted, accepted_view, an_unsaved_incident, assert_inert
from tests.builders import PROCESS
from workflows.recipients import Recipient


def _filled(**fields: str | None) -> dict[str, Any]:
    """The recorded form with more fields filled in."""
    body = submitted("update")
    for block_id, value in fields.items():
        key = "selected_user" if block_id == ids.NEEDED else "value"
        body["view"]["state"]["values"][block_id] = {ids.VALUE: {key: value}}
    return body


def test_actions_needs_and_whoever_is_needed_are_read() -> None:
    command = parse_publish_update(
        _filled(actions_taken="Rolling back", needs="A decision", needed="UBOB", affected="All of Spain")
    )

    assert (command.words, command.actions) == ("We found the cause", "Rolling back")
    assert (command.needs, command.needed, command.affected) == ("A decision", "UBOB", "All of Spain")


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"needs": "A decision"}, "needed", "Say who is asked for what you need; nobody in particular means nobody."),
        ({"needed": "UBOB"}, "needs", "Say what you need from them."),
    ],
)
def test_needs_and_a_person_come_together(fields: dict[str, str], field: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_publish_update(_filled(**fields))

    assert refused.value.fields == {field: sentence}


def test_a_form_without_the_field_leaves_the_impact_as_it_is() -> None:
    assert parse_publish_update(submitted("update")).affected is None
    assert parse_publish_update(_filled(affected=None)).affected == ""


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_a_form_that_comes_back_has_everything_that_was_typed(words: str) -> None:
    draft = Draft(
        words=words[:2500].strip(), actions=words[:1500].strip(), needs=words[:1000].strip(), needed="UBOB", reason="x",
        affected="All of Spain", status=Status.MITIGATING, next_update="60",
    )  # fmt: skip
    incident = an_unsaved_incident(status=Status.INVESTIGATING)

    view = accepted_view(
        update_modal(incident, process=PROCESS, asked_in="C1", draft=draft, reach="Reaches nobody.", warned=True)
    )

    assert_inert(view)
    assert view["blocks"][0]["block_id"] == ids.TOO_LONG
    assert read_draft({"state": {"values": _as_shown(view)}}) == draft


def _as_shown(view: dict[str, Any]) -> dict[str, Any]:
    """What the form would send if it were submitted as it is shown."""
    values = {}
    for block in view["blocks"]:
        element = block.get("element", {})
        value = {
            "value": element.get("initial_value"),
            "selected_option": element.get("initial_option"),
            "selected_user": element.get("initial_user"),
        }
        values[block["block_id"]] = {ids.VALUE: value}
    return values


def test_the_promise_its_severity_makes_is_proposed_and_can_be_chosen() -> None:
    values = [each.value for each in promises(PROCESS, "45")]

    assert values == ["15", "30", "45", "60", "none"]


@pytest.mark.parametrize(
    ("reached", "pending", "words"),
    [
        ([], [], "Reaches <#CDIGEST>, besides its channel."),
        (["U1"], [], "Reaches <#CDIGEST> and 1 person, besides its channel."),
        (["CDIGEST", "U1"], [], "Reaches <#CDIGEST> and 1 person, besides its channel."),
        (
            [],
            [f"#c{number:02}" for number in range(12)],
            "Reaches <#CDIGEST>, #c00, #c01, #c02, #c03, #c04, #c05, #c06, #c07, #c08, #c09 and 2 more, "
            "besides its channel.",
        ),
        (
            ["C1", "C2", "U1", "U2", "mail:a@x.example", "webhook:pager"],
            ["@sre"],
            "Reaches <#CDIGEST>, 2 channels, 2 people, 1 address, 1 webhook and @sre, besides its channel.",
        ),
    ],
)
def test_the_form_says_whom_the_update_reaches(reached: list[str], pending: list[str], words: str) -> None:
    incident = an_unsaved_incident(digest_channel_id="CDIGEST")
    recipients = [_recipient(each) for each in reached]

    assert in_words(incident, recipients, pending) == words


def test_of_a_private_incident_the_digest_is_not_named() -> None:
    incident = an_unsaved_incident(digest_channel_id="CDIGEST", private=True)

    assert in_words(incident, [], []) == "Reaches its channel only."


def _recipient(each: str) -> Recipient:
    road, _, to = each.rpartition(":")
    return Recipient(DeliveryKind(road or "notice"), to, "")


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_the_longest_update_shows_its_needs_in_the_channel(words: str) -> None:
    data = {
        "words": words[:2500], "actions": words[:1500], "needs": words[:1000], "needed": "UBOB",
        "from": "triage", "to": "mitigating", "next_update_due_at": None,
    }  # fmt: skip

    blocks = entry_message(EntryKind.UPDATE, by="UANN", data=data, process=PROCESS)

    message = accepted("x", blocks)
    assert_inert(message)
    assert [block["text"]["text"].split("\n")[0] for block in message["blocks"][1:]] == [
        "*Actions*",
        "*Needs*: <@UBOB>, please",
    ]
