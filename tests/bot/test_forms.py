"""Forms: each is one Slack takes, and each submission becomes a command or one sentence per wrong field."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.app import FORMS
from bot.commands.adoptable import ExistingChannel
from bot.listener import InvalidInput
from bot.views.declare import OPEN, PRIVATE, declare_modal, parse_declare_incident
from bot.views.decline import decline_modal, parse_decline_incident
from bot.views.entry import entry_modal, own_words
from bot.views.facts import facts_modal
from bot.views.item import Draft, item_form
from bot.views.mark import mark_modal
from bot.views.merge import merge_modal
from bot.views.note import note_modal, parse_add_note
from bot.views.public import public_modal
from bot.views.question import answer_modal, question_modal, refuse_modal
from bot.views.reopen import parse_reopen_incident, reopen_modal
from bot.views.resolve import parse_resolve_incident, resolve_modal
from bot.views.role import give_role_modal, parse_assign_role, parse_claim_role, take_role_modal
from bot.views.severity import parse_change_severity, severity_modal
from bot.views.status import parse_change_status, status_modal
from bot.views.subscribe import subscribe_modal
from bot.views.update import parse_publish_update, update_modal
from storage.tables import Status
from storage.timeline import SHOWN, Place
from tests.bot.check_views import check_forms
from tests.bot.payloads import GONE, submitted
from tests.bot.reminding import item_questions
from tests.bot.theme_views import theme_views
from tests.bot.values import (
    HARD_WORDS,
    LARGEST,
    PROCESSES,
    a_situation,
    accepted_view,
    an_unsaved_incident,
    assert_inert,
    entries_full_of,
    full_of,
)
from tests.builders import NOON, PROCESS
from workflows import commands as c
from workflows.lifecycle import WORKING
from workflows.look import Look
from workflows.process import NOT_SURE, Process

ANN_ABOUT_7: dict[str, Any] = {"by": "UANN", "incident_id": 7, "asked_in": "CINC7"}


def all_forms(words: str, status: Status, process: Process) -> Iterator[View]:
    """Every form, about an incident with these words in it, and with them typed before."""
    situation = full_of(words, status=status, process=process)
    incident = situation.incident
    about: dict[str, Any] = {"asked_in": "C0123456789"}
    yield declare_modal(process=process, declarer="UANN", title=words, answer_url="https://hooks.slack.com/" + "x" * 90)
    yield declare_modal(
        process=process, declarer="UANN", title=words, existing=ExistingChannel("C0123456789", private=True)
    )
    yield update_modal(incident, process=process, text=words, **about)
    yield severity_modal(incident, process=process, chosen=list(process.severities)[-1], reason=words, **about)
    yield take_role_modal(situation, process=process, **about)
    yield take_role_modal(a_situation(), process=process, **about)
    yield take_role_modal(a_situation(roles={}), process=process, **about)
    yield give_role_modal(situation, process=process, role="lead", to="UBO", **about)
    asked = {"by": "UANN", "to": "UBO", "text": words, "entry": 12}
    yield question_modal(incident, to="UBO", text=words, **about)
    yield answer_modal(incident, asked, **about)
    yield refuse_modal(incident, asked, **about)
    yield public_modal(incident, process=process, text=words, **about)
    yield public_modal(incident, process=process, stage="resolved", **about)
    yield merge_modal(incident, [incident] * 200, **about)
    yield facts_modal(incident, process=process, **about)
    yield subscribe_modal(process=process)
    yield note_modal(incident, process=process, **about)
    for entry in entries_full_of(words, process):
        if entry.kind not in SHOWN:
            continue  # it stands on no timeline, so nobody edits it
        below = Look(incident_id=7, asked_in="C0123456789", before=Place(NOON, 10_000))
        yield entry_modal(incident, entry, words=own_words(entry), process=process, below=below)
    yield mark_modal(incident, ts="1772625600.000100", text=words, said_at=NOON, process=process)
    yield resolve_modal(incident, asker="UANN", **about)
    yield reopen_modal(incident, **about)
    yield decline_modal(incident, **about)
    yield from item_questions(words)
    yield from theme_views(words)
    yield from (view for view in check_forms(words, process) if view.submit)
    yield item_form(incident, Draft(title=words, why=words, source_ref="1772625600.000100"), **about)
    if status in WORKING:
        yield status_modal(incident, reason=words, **about)


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
@pytest.mark.parametrize("status", Status)
def test_slack_takes_every_form_without_a_word(status: Status, words: str, process: Process) -> None:
    for view in all_forms(words, status, process):
        assert_inert(accepted_view(view))


@given(st.text(max_size=400), st.sampled_from(Status), st.sampled_from(list(PROCESSES.values())))
@settings(deadline=None, max_examples=40)
def test_nothing_anybody_typed_is_active_in_any_form(words: str, status: Status, process: Process) -> None:
    for view in all_forms(words, status, process):
        assert_inert(accepted_view(view))


def test_every_form_has_somebody_who_takes_it() -> None:
    shown = {view.callback_id for view in all_forms("words", Status.TRIAGE, PROCESS)}

    assert shown == set(FORMS)


@pytest.mark.parametrize("status", WORKING)
@pytest.mark.parametrize("impact", [*PROCESS.impact, NOT_SURE])
@pytest.mark.parametrize("urgency", [*PROCESS.urgency, NOT_SURE])
def test_the_declare_form_shows_what_impact_and_urgency_give(impact: str, urgency: str, status: Status) -> None:
    view = accepted_view(declare_modal(process=PROCESS, declarer="UANN", impact=impact, urgency=urgency))

    (outlook,) = (block for block in view["blocks"] if block["block_id"] == "outlook")
    severity = PROCESS.severities[PROCESS.severity_for(impact, urgency)]
    text = outlook["elements"][0]["text"]
    assert f"*{severity.name}*" in text
    assert ("assumed" in text) is (NOT_SURE in (impact, urgency))


@pytest.mark.parametrize(
    ("type_", "visibility", "channel"),
    [
        ("service", "as_usual", "open channel"),
        ("security", "as_usual", "private channel"),
        ("security", OPEN, "open channel"),
        ("service", PRIVATE, "private channel"),
    ],
)
def test_the_declare_form_says_who_will_see_it(type_: str, visibility: str, channel: str) -> None:
    view = declare_modal(process=PROCESS, declarer="UANN", type_=type_, visibility=visibility)

    assert f"· {channel}\n" in json.dumps(accepted_view(view), ensure_ascii=False).replace("\\n", "\n")


def test_a_title_that_is_too_long_is_kept_whole_in_the_description() -> None:
    title = "checkout is slow " * 176 + "for now."
    assert len(title) == 3000

    fields = filled(declare_modal(process=PROCESS, declarer="UANN", title=title))

    assert fields["title"] == title[:119].rstrip() + "…"
    assert fields["description"] == title


def test_a_title_that_fits_is_the_title_alone() -> None:
    fields = filled(declare_modal(process=PROCESS, declarer="UANN", title="Checkout is down"))

    assert (fields["title"], fields["description"]) == ("Checkout is down", None)


def test_the_resolve_form_asks_for_a_reason_only_where_it_was_not_watched() -> None:
    asked = {
        status: "reason" in filled(resolve_modal(an_unsaved_incident(status=status), asker="UANN", asked_in=None))
        for status in WORKING
    }

    assert [status for status in WORKING if not asked[status]] == [Status.MONITORING]


def test_a_role_to_take_is_one_that_nobody_holds() -> None:
    view = accepted_view(take_role_modal(a_situation(roles={"lead": "UANN"}), process=PROCESS, asked_in=None))

    assert [option["value"] for option in view["blocks"][0]["element"]["options"]] == [
        "communications",
        "operations",
        "scribe",
    ]


def test_where_every_role_is_held_one_can_be_handed_over() -> None:
    everybody = dict.fromkeys(PROCESS.roles, "UBO")

    assert take_role_modal(a_situation(roles=everybody), process=PROCESS, asked_in=None).callback_id == "give_role"


def test_a_declaration_is_read() -> None:
    assert parse_declare_incident(submitted("declare"), process=PROCESS) == c.DeclareIncident(
        by="UANN",
        request_id="form/VDECLARE",
        title="Checkout is down",
        description="Cards are refused",
        impact="medium",
        urgency="high",
        type="service",
        services=("checkout", "search", "mail"),
        lead="UBO",
        private=None,
        answer_url="https://hooks.slack.com/commands/T111/1/abc",
    )


@pytest.mark.parametrize(("chosen", "private"), [("as_usual", None), ("open", False), ("private", True), (None, None)])
def test_who_may_see_it_is_as_chosen_or_as_its_type_has_it(chosen: str | None, private: bool | None) -> None:
    assert parse_declare_incident(submitted("declare", visibility=chosen), process=PROCESS).private is private


@pytest.mark.parametrize(
    ("changed", "impact", "urgency", "type_"),
    [
        ({"impact": None, "urgency": None, "type": None}, NOT_SURE, NOT_SURE, "service"),
        ({"impact": NOT_SURE}, NOT_SURE, "high", "service"),
        ({"impact": "gone_from_the_process"}, NOT_SURE, "high", "service"),
    ],
)
def test_what_is_not_chosen_is_not_known(changed: Mapping[str, Any], impact: str, urgency: str, type_: str) -> None:
    command = parse_declare_incident(submitted("declare", **changed), process=PROCESS)

    assert (command.impact, command.urgency, command.type) == (impact, urgency, type_)


def test_space_and_line_breaks_in_a_title_are_one_space() -> None:
    assert parse_declare_incident(submitted("declare", title="  a \n b\t c "), process=PROCESS).title == "a b c"


@pytest.mark.parametrize("title", ["\u200b", "🔥", "決済", "<!channel>", "x" * 3000])
def test_a_title_is_kept_as_it_was_typed(title: str) -> None:
    assert parse_declare_incident(submitted("declare", title=title), process=PROCESS).title == title


def test_services_are_named_once_each_in_the_order_given() -> None:
    body = submitted("declare", services=["search", "mail"], other_services=" mail ,, pay  roll,search,pay roll")

    assert parse_declare_incident(body, process=PROCESS).services == ("search", "mail", "pay roll")


def test_a_form_from_a_process_without_services_has_none() -> None:
    body = submitted("declare", services=GONE, other_services=None, type="t0")

    assert parse_declare_incident(body, process=LARGEST).services == ()


def test_an_update_is_read() -> None:
    assert parse_publish_update(submitted("update")) == c.PublishUpdate(
        **ANN_ABOUT_7,
        request_id="form/VUPDATE",
        words="We found the cause",
        status=Status.MITIGATING,
        reason="The cause was plain",
        next_update_in=timedelta(minutes=30),
    )


@pytest.mark.parametrize("promise", ["none", None])
def test_an_update_may_promise_nothing(promise: str | None) -> None:
    assert parse_publish_update(submitted("update", next_update=promise)).next_update_in is None


def test_an_update_may_leave_the_status_as_it_is() -> None:
    assert parse_publish_update(submitted("update", status=None, reason=GONE)).status is None


def test_a_severity_is_read() -> None:
    assert parse_change_severity(submitted("severity")) == c.ChangeSeverity(
        **ANN_ABOUT_7, request_id="form/VSEVERITY", severity="sev1", reason="All countries"
    )


def test_a_status_is_read() -> None:
    assert parse_change_status(submitted("status")) == c.ChangeStatus(
        **ANN_ABOUT_7, request_id="form/VSTATUS", status=Status.INVESTIGATING, reason=""
    )


def test_roles_are_read() -> None:
    assert parse_claim_role(submitted("take_role")) == c.ClaimRole(
        **ANN_ABOUT_7, request_id="form/VTAKEROLE", role="scribe"
    )
    assert parse_assign_role(submitted("give_role")) == c.AssignRole(
        **ANN_ABOUT_7, request_id="form/VGIVEROLE", role="lead", to="UBO"
    )


def test_a_note_is_read() -> None:
    assert parse_add_note(submitted("note", note=" Rolled back\x00\nto 4.2 \n")) == c.AddNote(
        **ANN_ABOUT_7, request_id="form/VNOTE", text="Rolled back\nto 4.2"
    )


def test_a_resolution_is_read() -> None:
    assert parse_resolve_incident(submitted("resolve")) == c.ResolveIncident(
        **ANN_ABOUT_7,
        request_id="form/VRESOLVE",
        verification="Orders go through",
        verified_by="UBO",
        temporary_fix="Cache is off",
        remaining="",
        reason="It was one switch",
    )


@pytest.mark.parametrize(
    ("chosen", "words", "answer"),
    [
        ("no", None, ""),
        ("yes", "this", "this"),
        (None, None, None),
        (None, "this", "this"),
    ],
)
def test_nothing_stays_only_where_somebody_said_so(chosen: str | None, words: str | None, answer: str | None) -> None:
    changed = {"temporary_fix": chosen, "temporary_fix_words": words, "remaining": chosen, "remaining_words": words}

    command = parse_resolve_incident(submitted("resolve", **changed))

    assert (command.temporary_fix, command.remaining) == (answer, answer)


@pytest.mark.parametrize(
    ("chosen", "words", "sentence"),
    [
        ("yes", None, "You chose Yes: say which, in a few words."),
        ("yes", "  ", "You chose Yes: say which, in a few words."),
        ("no", "but this is", "You chose No above: clear this, or choose Yes."),
    ],
)
def test_a_yes_without_words_and_words_beside_a_no_are_asked_about(
    chosen: str, words: str | None, sentence: str
) -> None:
    changed = {"temporary_fix": chosen, "temporary_fix_words": words, "remaining": chosen, "remaining_words": words}

    with pytest.raises(InvalidInput) as refused:
        parse_resolve_incident(submitted("resolve", **changed))

    assert refused.value.fields == {"temporary_fix_words": sentence, "remaining_words": sentence}


def test_what_was_not_answered_is_left_for_the_gate_to_name() -> None:
    command = parse_resolve_incident(submitted("resolve", verification=None, verified_by=None, reason=GONE))

    assert (command.verification, command.verified_by, command.reason) == ("", None, "")


def test_reasons_are_read() -> None:
    assert parse_reopen_incident(submitted("reopen")).reason == "It is back"
    assert parse_decline_incident(submitted("decline")).reason == "A test run"


def test_a_role_handed_to_nobody_is_released() -> None:
    assert parse_assign_role(submitted("give_role", person=None)) == c.ReleaseRole(
        **ANN_ABOUT_7, request_id="form/VGIVEROLE", role="lead"
    )


@pytest.mark.parametrize(("lead", "nobody_leads"), [("UBO", False), (None, True)])
def test_who_clears_the_lead_says_that_nobody_leads(lead: str | None, nobody_leads: bool) -> None:
    command = parse_declare_incident(submitted("declare", lead=lead), process=PROCESS)

    assert (command.lead, command.nobody_leads) == (lead, nobody_leads)


PARSERS = {
    "declare": lambda body: parse_declare_incident(body, process=PROCESS),
    "update": parse_publish_update,
    "severity": parse_change_severity,
    "status": parse_change_status,
    "take_role": parse_claim_role,
    "give_role": parse_assign_role,
    "note": parse_add_note,
}


@pytest.mark.parametrize(
    ("form", "changed", "fields"),
    [
        ("declare", {"title": None}, {"title"}),
        ("declare", {"title": " \n "}, {"title"}),
        ("declare", {"title": None, "other_services": "x" * 41}, {"title", "other_services"}),
        ("update", {"words": "  "}, {"words"}),
        ("severity", {"severity": None}, {"severity"}),
        ("status", {"status": None}, {"status"}),
        ("take_role", {"role": None}, {"role"}),
        ("give_role", {"role": None}, {"role"}),
        ("note", {"note": None}, {"note"}),
    ],
)
def test_each_wrong_field_gets_a_sentence(form: str, changed: Mapping[str, Any], fields: set[str]) -> None:
    with pytest.raises(InvalidInput) as told:
        PARSERS[form](submitted(form, **changed))

    assert told.value.fields.keys() == fields
    assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in told.value.fields.values())


def filled(view: View) -> dict[str, str | None]:
    """What a form's text fields hold when it opens, by block_id."""
    inputs = (block for block in accepted_view(view)["blocks"] if block["type"] == "input")
    return {block["block_id"]: block["element"].get("initial_value") for block in inputs}
