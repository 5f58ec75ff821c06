"""Modals through a Bolt app: opening, filling by label, updates, errors, pushes, dismissals."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from sandbox import Sandbox
from sandbox.people.changes import NeverCame
from sandbox.people.form import TROUBLE, Form
from sandbox.people.seen import NotVisible

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str) -> Json:
    return {"text": plain(text), "value": text.lower()}


def field(label: str, element: Json, **more: Any) -> Json:
    name = label.lower().replace(" ", "_")
    return {"type": "input", "block_id": name, "label": plain(label), "element": {"action_id": name, **element}, **more}


TITLE = field("Title", {"type": "plain_text_input", "max_length": 20, "min_length": 3})
IMPACT = field(
    "Impact", {"type": "static_select", "options": [option("Everyone"), option("Some")]}, dispatch_action=True
)


def modal(*blocks: Json, **more: Any) -> Json:
    named = {"title": plain("Nest"), "submit": plain("Build"), "close": plain("Leave"), "callback_id": "nest"}
    return {"type": "modal", "blocks": list(blocks), **named, **more}


async def opened(slack: Sandbox, app: AsyncApp, view: Json) -> Form:
    @app.command("/parrot")
    async def open_it(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    ann = slack.person("ann")
    await ann.command("/parrot", channel="general")
    return await ann.form()


def submissions(app: AsyncApp, answer: Json | None = None) -> list[Json]:
    """Every submission the app gets from now on; each is acknowledged with this answer."""
    bodies: list[Json] = []

    @app.view("nest")
    async def on_submission(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack(**(answer or {}))

    return bodies


async def test_a_form_is_read_filled_by_its_labels_and_sent(slack: Sandbox, app: AsyncApp) -> None:
    app.action("impact")(_acknowledge)
    form = await opened(slack, app, modal(TITLE, IMPACT, private_metadata="kept"))
    bodies = submissions(app)

    await form.fill({"Title": "Twigs", "Impact": "Everyone"})
    outcome = await form.submit()

    assert outcome.closed
    assert not form.is_open
    view = bodies[0]["view"]
    assert view["private_metadata"] == "kept"
    assert view["state"]["values"] == {
        "title": {"title": {"type": "plain_text_input", "value": "Twigs"}},
        "impact": {"impact": {"type": "static_select", "selected_option": option("Everyone")}},
    }


async def test_the_words_on_a_form_are_what_a_person_reads(slack: Sandbox, app: AsyncApp) -> None:
    form = await opened(slack, app, modal(TITLE | {"hint": plain("Short & clear")}, IMPACT))

    assert form.title == "Nest"
    assert form.labels() == ["Title", "Impact"]
    assert "Short & clear" in form.text()
    assert "[Build]" in form.text()


async def test_what_was_entered_is_among_the_words_on_a_form(slack: Sandbox, app: AsyncApp) -> None:
    people = field("Who", {"type": "multi_users_select"})
    form = await opened(slack, app, modal(TITLE, IMPACT | {"dispatch_action": False}, people))

    await form.fill({"Title": "Twigs", "Impact": "Some", "Who": ["bo", "dee"]})

    assert [word for word in ("Twigs", "Some", "Everyone", "bo, dee") if word in form.text()] == [
        "Twigs",
        "Some",
        "bo, dee",
    ]


async def test_every_kind_of_input_arrives_in_slacks_form(slack: Sandbox, app: AsyncApp) -> None:
    form = await opened(
        slack,
        app,
        modal(
            field("Who", {"type": "users_select"}),
            field("All", {"type": "multi_users_select"}),
            field("Where", {"type": "conversations_select", "response_url_enabled": True}),
            field("Day", {"type": "datepicker"}),
            field("Hour", {"type": "timepicker"}),
            field("Boxes", {"type": "checkboxes", "options": [option("A"), option("B")]}),
            field(
                "One", {"type": "radio_buttons", "options": [option("A"), option("B")], "initial_option": option("B")}
            ),
            field("Count", {"type": "number_input", "is_decimal_allowed": False}),
            field("Mail", {"type": "email_text_input"}, optional=True),
        ),
    )
    bodies = submissions(app)
    bo, dee, general = slack.person("bo").id, slack.person("dee").id, slack.workspace.general.id

    answers = {"Who": "bo", "All": ["bo", "dee"], "Where": "general", "Day": "2026-11-21", "Hour": "09:30"}
    await form.fill(answers | {"Boxes": ["A"], "Count": 3})
    await form.submit()

    values = {block: next(iter(held.values())) for block, held in bodies[0]["view"]["state"]["values"].items()}
    assert values == {
        "who": {"type": "users_select", "selected_user": bo},
        "all": {"type": "multi_users_select", "selected_users": [bo, dee]},
        "where": {"type": "conversations_select", "selected_conversation": general},
        "day": {"type": "datepicker", "selected_date": "2026-11-21"},
        "hour": {"type": "timepicker", "selected_time": "09:30"},
        "boxes": {"type": "checkboxes", "selected_options": [option("A")]},
        "one": {"type": "radio_buttons", "selected_option": option("B")},
        "count": {"type": "number_input", "value": "3"},
        "mail": {"type": "email_text_input", "value": None},
    }
    assert [url["channel_id"] for url in bodies[0]["response_urls"]] == [general]


async def test_slack_checks_a_form_before_the_app_hears_of_it(slack: Sandbox, app: AsyncApp) -> None:
    form = await opened(slack, app, modal(TITLE, field("Mail", {"type": "email_text_input"}), field("Why", _TEXT)))
    bodies = submissions(app)

    await form.fill({"Title": "x" * 21, "Mail": "nobody"})
    outcome = await form.submit()

    assert outcome.errors == {
        "Title": "Please enter at most 20 characters.",
        "Mail": "Please enter a valid email address.",
        "Why": "Please complete this required field.",
    }
    assert form.is_open
    assert bodies == []


async def test_an_input_that_dispatches_tells_the_app_and_shows_the_update(slack: Sandbox, app: AsyncApp) -> None:
    @app.action("impact")
    async def on_impact(ack: Any, body: Json, client: Any) -> None:
        chosen = body["actions"][0]["selected_option"]["value"]
        note = {"type": "section", "text": plain(f"Severity for {chosen}")}
        view = modal(TITLE, IMPACT, note)
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
        await ack()

    form = await opened(slack, app, modal(TITLE, IMPACT))

    await form.fill({"Title": "Twigs", "Impact": "Some"})

    assert "Severity for some" in form.text()
    assert form.values()["Title"] == "Twigs"


async def test_the_apps_errors_are_shown_at_their_labels_and_what_was_typed_is_kept(
    slack: Sandbox, app: AsyncApp
) -> None:
    form = await opened(slack, app, modal(TITLE))
    submissions(app, {"response_action": "errors", "errors": {"title": "Taken already"}})

    await form.fill({"Title": "Twigs"})
    outcome = await form.submit()

    assert outcome.errors == {"Title": "Taken already"}
    assert not outcome.closed
    assert form.values() == {"Title": "Twigs"}


async def test_errors_for_a_block_that_is_no_input_are_trouble_and_a_complaint(slack: Sandbox, app: AsyncApp) -> None:
    form = await opened(slack, app, modal(TITLE))
    submissions(app, {"response_action": "errors", "errors": {"nowhere": "Wrong"}})

    await form.fill({"Title": "Twigs"})
    outcome = await form.submit()

    assert outcome.trouble == TROUBLE
    assert any("nowhere" in complaint for complaint in slack.complaints)


async def test_a_submission_can_push_another_form_and_clear_the_stack(slack: Sandbox, app: AsyncApp) -> None:
    form = await opened(slack, app, modal(TITLE))
    second = modal({"type": "divider"}, title=plain("Second"), callback_id="second")
    submissions(app, {"response_action": "push", "view": second})

    @app.view("second")
    async def on_second(ack: Any) -> None:
        await ack(response_action="clear")

    await form.fill({"Title": "Twigs"})
    pushed = (await form.submit()).form

    assert pushed is not None
    assert pushed.title == "Second"
    assert form.is_open
    assert (await pushed.submit()).closed
    assert not form.is_open


async def test_a_submission_can_replace_the_form(slack: Sandbox, app: AsyncApp) -> None:
    form = await opened(slack, app, modal(TITLE))
    submissions(app, {"response_action": "update", "view": modal({"type": "divider"}, title=plain("Done"))})

    await form.fill({"Title": "Twigs"})
    outcome = await form.submit()

    assert not outcome.closed
    assert form.title == "Done"


async def test_a_view_that_slack_refuses_is_trouble_and_a_complaint(slack: Sandbox, app: AsyncApp) -> None:
    form = await opened(slack, app, modal(TITLE))
    submissions(app, {"response_action": "update", "view": modal(title=plain("x" * 25), **{"blocks": []})})

    await form.fill({"Title": "Twigs"})

    assert (await form.submit()).trouble == TROUBLE
    assert slack.complaints


async def test_an_unanswered_submission_keeps_the_form_and_its_contents(slack: Sandbox, app: AsyncApp) -> None:
    form = await opened(slack, app, modal(TITLE))

    @app.view("nest")
    async def broken() -> None:
        raise RuntimeError("on fire")

    slack.socket._answer_within = 0.1
    await form.fill({"Title": "Twigs"})
    outcome = await form.submit()

    assert outcome.trouble == TROUBLE
    assert form.values() == {"Title": "Twigs"}


@pytest.mark.parametrize(("notify", "told"), [(True, [False]), (False, [])])
async def test_dismissing_a_form_tells_an_app_that_asked_for_it(
    slack: Sandbox, app: AsyncApp, notify: bool, told: list[bool]
) -> None:
    closed: list[Json] = []

    @app.view_closed("nest")
    async def on_closed(ack: Any, body: Json) -> None:
        closed.append(body)
        await ack()

    form = await opened(slack, app, modal(TITLE, notify_on_close=notify))
    await form.close()

    assert [body["is_cleared"] for body in closed] == told
    assert all("trigger_id" not in body for body in closed)
    assert slack.person("ann").open_form() is None


@pytest.mark.parametrize(("clear", "told"), [(True, [("second", True), ("nest", True)]), (False, [("second", False)])])
async def test_closing_a_pushed_form_takes_the_stack_away_only_where_it_says_so(
    slack: Sandbox, app: AsyncApp, clear: bool, told: list[tuple[str, bool]]
) -> None:
    closed: list[tuple[str, bool]] = []

    async def on_closed(ack: Any, body: Json) -> None:
        closed.append((body["view"]["callback_id"], body["is_cleared"]))
        await ack()

    app.view_closed("nest")(on_closed)
    app.view_closed("second")(on_closed)
    form = await opened(slack, app, modal(TITLE, notify_on_close=True))
    second = modal({"type": "divider"}, callback_id="second", clear_on_close=clear, notify_on_close=True)
    submissions(app, {"response_action": "push", "view": second})
    await form.fill({"Title": "Twigs"})
    pushed = (await form.submit()).form
    assert pushed is not None

    await pushed.close()

    assert form.is_open is not clear
    assert closed == told


async def test_a_button_on_a_form_carries_the_view_and_the_action(slack: Sandbox, app: AsyncApp) -> None:
    bodies: list[Json] = []

    @app.action("more")
    async def on_more(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    button = {"type": "button", "action_id": "more", "text": plain("More"), "value": "7"}
    form = await opened(slack, app, modal(TITLE, {"type": "actions", "block_id": "row", "elements": [button]}))
    await form.fill({"Title": "Twigs"})
    await form.press("More")

    assert bodies[0]["container"] == {"type": "view", "view_id": form.view.id}
    assert bodies[0]["view"]["state"]["values"]["title"]["title"]["value"] == "Twigs"
    assert bodies[0]["actions"][0] | {"action_ts": ""} == {
        "type": "button",
        "action_id": "more",
        "block_id": "row",
        "text": plain("More"),
        "value": "7",
        "action_ts": "",
    }
    assert "message" not in bodies[0]
    with pytest.raises(NotVisible):
        await form.press("Less")


async def test_an_external_select_asks_the_app_for_its_options(slack: Sandbox, app: AsyncApp) -> None:
    @app.options("bird")
    async def birds(ack: Any, payload: Json) -> None:
        await ack(options=[option(name) for name in ("Polly the parrot", "Coco") if payload["value"] in name])

    form = await opened(slack, app, modal(field("Bird", {"type": "external_select"})))
    bodies = submissions(app)
    await form.fill({"Bird": "Polly the parrot"})
    await form.submit()

    assert bodies[0]["view"]["state"]["values"]["bird"]["bird"]["selected_option"] == option("Polly the parrot")


async def test_waiting_for_a_form_that_does_not_come_says_so(slack: Sandbox) -> None:
    with pytest.raises(NeverCame, match="ann sees no form"):
        await slack.person("ann").form(timeout=0.01)


async def test_a_trigger_is_too_late_after_three_seconds(slack: Sandbox, app: AsyncApp) -> None:
    refusals: list[str] = []

    @app.command("/parrot")
    async def late(ack: Any, body: Json, client: Any) -> None:
        slack.clock.advance(3.1)
        try:
            await client.views_open(trigger_id=body["trigger_id"], view=modal(TITLE))
        except Exception as refusal:
            refusals.append(refusal.response["error"])  # type: ignore[attr-defined]
        await ack()

    await slack.person("ann").command("/parrot", channel="general")

    assert refusals == ["expired_trigger_id"]


_TEXT = {"type": "plain_text_input"}


async def _acknowledge(ack: Any) -> None:
    await ack()


@pytest.mark.parametrize("action", ["update", "push"])
async def test_a_submission_answered_with_a_home_view_is_trouble_and_a_complaint(
    slack: Sandbox, app: AsyncApp, action: str
) -> None:
    form = await opened(slack, app, modal(TITLE))
    submissions(app, {"response_action": action, "view": {"type": "home", "blocks": [{"type": "divider"}]}})

    await form.fill({"Title": "Twigs"})
    outcome = await form.submit()

    assert (outcome.trouble, form.view.type, outcome.form) == (TROUBLE, "modal", form)
    assert any("invalid_arguments" in complaint for complaint in slack.complaints)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("datepicker", "tomorrow"),
        ("datepicker", "2026-02-30"),
        ("datepicker", "20261121"),
        ("timepicker", "9:30"),
        ("timepicker", "25:00"),
        ("datetimepicker", "2026-11-21 09:30"),
    ],
)
async def test_a_picker_takes_only_moments(slack: Sandbox, app: AsyncApp, kind: str, words: str) -> None:
    form = await opened(slack, app, modal(field("When", {"type": kind})))

    with pytest.raises(ValueError, match=r"\S"):
        await form.fill({"When": words})

    assert form.values() == {"When": None}
