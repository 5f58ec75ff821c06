"""views.*: triggers, stacks, hashes and Home tabs."""

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.state.model import Json
from tests.sandbox.api.conftest import Slack, refusal


def modal(title: str = "Declare", **parts: object) -> Json:
    words = {"type": "plain_text", "text": title}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": title}}
    return {"type": "modal", "title": words, "blocks": [section], **parts}


def form(*names: str) -> Json:
    inputs = [
        {
            "type": "input",
            "block_id": name,
            "label": {"type": "plain_text", "text": name},
            "element": {"type": "plain_text_input", "action_id": name},
        }
        for name in names
    ]
    return modal(submit={"type": "plain_text", "text": "Go"}) | {"blocks": inputs}


HOME: Json = {"type": "home", "blocks": [{"type": "divider"}]}


async def test_a_trigger_opens_one_modal_for_whoever_caused_it(slack: Slack) -> None:
    trigger = slack.workspace.triggers.issue(slack.ann.id)

    opened = await slack.web.views_open(trigger_id=trigger, view=modal())

    view = slack.workspace.views.top(slack.ann.id)
    assert view is not None
    assert (opened["view"]["id"], opened["view"]["root_view_id"]) == (view.id, view.id)
    assert await refusal(slack.web.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"


async def test_a_trigger_lasts_three_seconds(slack: Slack) -> None:
    in_time = slack.workspace.triggers.issue(slack.ann.id)
    too_late = slack.workspace.triggers.issue(slack.ann.id)

    slack.clock.advance(3)
    await slack.web.views_open(trigger_id=in_time, view=modal())
    slack.clock.advance(0.001)

    assert await refusal(slack.web.views_open(trigger_id=too_late, view=modal())) == "expired_trigger_id"


@pytest.mark.parametrize("trigger", ["soon", "1.2.abc"])
async def test_a_trigger_nobody_issued_is_invalid(slack: Slack, trigger: str) -> None:
    assert await refusal(slack.web.views_open(trigger_id=trigger, view=modal())) == "invalid_trigger_id"


async def test_a_refused_view_leaves_the_trigger_unused(slack: Slack) -> None:
    trigger = slack.workspace.triggers.issue(slack.ann.id)

    with pytest.raises(SlackApiError) as refused:
        await slack.web.views_open(trigger_id=trigger, view=modal("x" * 25))

    assert refused.value.response["error"] == "invalid_arguments"
    assert "/view/title/text" in refused.value.response["response_metadata"]["messages"][0]
    assert (await slack.web.views_open(trigger_id=trigger, view=modal()))["ok"]


async def test_a_view_over_250_kilobytes_is_too_large(slack: Slack) -> None:
    trigger = slack.workspace.triggers.issue(slack.ann.id)
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}

    assert await refusal(slack.web.views_open(trigger_id=trigger, view=modal() | {"blocks": [section] * 90})) == (
        "view_too_large"
    )


async def test_a_stack_holds_three_views(slack: Slack) -> None:
    triggers = slack.workspace.triggers
    first = (await slack.web.views_open(trigger_id=triggers.issue(slack.ann.id), view=modal("one")))["view"]

    for title in ("two", "three"):
        await slack.web.views_push(trigger_id=triggers.issue(slack.ann.id, view_id=first["id"]), view=modal(title))
    fourth = slack.web.views_push(trigger_id=triggers.issue(slack.ann.id, view_id=first["id"]), view=modal("four"))

    assert await refusal(fourth) == "push_limit_reached"
    one, two, three = slack.workspace.views.stack(slack.ann.id)
    assert (three.root_view_id, three.previous_view_id) == (one.id, two.id)


async def test_nothing_is_pushed_onto_a_closed_modal(slack: Slack) -> None:
    trigger = slack.workspace.triggers.issue(slack.ann.id)

    assert await refusal(slack.web.views_push(trigger_id=trigger, view=modal())) == "not_found"


async def test_an_update_needs_the_current_hash_if_it_names_one(slack: Slack) -> None:
    trigger = slack.workspace.triggers.issue(slack.ann.id)
    view = (await slack.web.views_open(trigger_id=trigger, view=modal()))["view"]
    update = slack.web.views_update

    first = await update(view_id=view["id"], hash=view["hash"], view=modal("New"))

    assert first["view"]["hash"] != view["hash"]
    assert await refusal(update(view_id=view["id"], hash=view["hash"], view=modal("Newer"))) == "hash_conflict"


async def test_a_view_is_found_by_its_external_id_which_no_other_may_have(slack: Slack) -> None:
    triggers = slack.workspace.triggers
    await slack.web.views_open(trigger_id=triggers.issue(slack.ann.id), view=modal(external_id="mine"))

    updated = await slack.web.views_update(external_id="mine", view=modal("New", external_id="mine"))
    other = slack.web.views_open(trigger_id=triggers.issue(slack.bo.id), view=modal(external_id="mine"))

    assert updated["view"]["title"]["text"] == "New"
    assert await refusal(other) == "duplicate_external_id"


async def test_a_closed_view_cannot_be_updated(slack: Slack) -> None:
    trigger = slack.workspace.triggers.issue(slack.ann.id)
    view = (await slack.web.views_open(trigger_id=trigger, view=modal()))["view"]

    slack.workspace.views.close(slack.ann.id)

    assert await refusal(slack.web.views_update(view_id=view["id"], view=modal())) == "not_found"


async def test_an_update_keeps_what_was_typed_into_inputs_that_stay(slack: Slack) -> None:
    trigger = slack.workspace.triggers.issue(slack.ann.id)
    await slack.web.views_open(trigger_id=trigger, view=form("title", "impact"))
    view = slack.workspace.views.top(slack.ann.id)
    assert view is not None
    typed = {"type": "plain_text_input", "value": "x"}
    view.values = {"title": {"title": typed}, "impact": {"impact": typed}}

    updated = await slack.web.views_update(view_id=view.id, view=form("title", "other"))

    assert updated["view"]["state"]["values"] == {"title": {"title": typed}}


async def test_everyone_has_a_home_tab_of_their_own(slack: Slack) -> None:
    published = await slack.web.views_publish(user_id=slack.ann.id, view=HOME)
    again = await slack.web.views_publish(user_id=slack.ann.id, view=HOME, hash=published["view"]["hash"])

    assert published["view"]["id"] == again["view"]["id"]
    assert slack.workspace.views.home(slack.bo.id) is None
    stale = slack.web.views_publish(user_id=slack.ann.id, view=HOME, hash=published["view"]["hash"])
    assert await refusal(stale) == "hash_conflict"


async def test_a_modal_is_no_home_tab(slack: Slack) -> None:
    assert await refusal(slack.web.views_publish(user_id=slack.ann.id, view=modal())) == "invalid_arguments"
