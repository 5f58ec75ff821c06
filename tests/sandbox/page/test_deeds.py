"""What the page's deeds refuse: whatever Slack's own client would not let this person do just now."""

from typing import Any

import aiohttp
import pytest

from sandbox import Sandbox

Json = dict[str, Any]
INPUT = {
    "type": "input",
    "block_id": "why",
    "label": {"type": "plain_text", "text": "Why"},
    "optional": True,
    "element": {"type": "plain_text_input", "action_id": "words"},
}


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def opened(slack: Sandbox, name: str = "ann", **given: Any) -> str:
    """The id of a modal in front of somebody."""
    trigger = slack.workspace.triggers.issue(slack.person(name).id)
    payload = {"type": "modal", "title": text("Form"), "submit": text("Send"), "blocks": [INPUT]} | given
    return slack.workspace.views.open(trigger, payload).id


def pushed(slack: Sandbox, name: str = "ann") -> str:
    """The id of another modal on top of it."""
    trigger = slack.workspace.triggers.issue(slack.person(name).id)
    payload = {"type": "modal", "title": text("Above"), "submit": text("Send"), "blocks": [INPUT]}
    return slack.workspace.views.push(trigger, payload).id


async def does(browser: aiohttp.ClientSession, deed: str, who: str = "ann", **body: Any) -> tuple[int, Json]:
    """The status and what is said."""
    async with browser.post(f"/page/do/{deed}", params={"as": who}, json=body) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize("deed", ["submits", "closes"])
async def test_a_form_under_another_stays_as_it_is(slack: Sandbox, browser: aiohttp.ClientSession, deed: str) -> None:
    below, above = opened(slack), pushed(slack)

    status, said = await does(browser, deed, view_id=below)

    assert (status, said["words"]) == (400, "This form is not the one in front.")
    assert [view.id for view in slack.workspace.views.stack(slack.person("ann").id)] == [below, above]


@pytest.mark.parametrize("deed", ["submits", "closes"])
async def test_a_home_tab_is_no_form_to_send_or_close(
    slack: Sandbox, browser: aiohttp.ClientSession, deed: str
) -> None:
    ann, form = slack.person("ann"), opened(slack)
    home = slack.workspace.views.publish(ann.id, {"type": "home", "blocks": [INPUT]})

    status, _ = await does(browser, deed, view_id=home.id)

    assert status == 400
    assert [view.id for view in slack.workspace.views.stack(ann.id)] == [form]


@pytest.mark.parametrize("given", [{"submit": None}, {"submit_disabled": True}])
async def test_a_form_is_sent_only_by_a_button_that_can_be_pressed(
    slack: Sandbox, browser: aiohttp.ClientSession, given: Json
) -> None:
    status, said = await does(browser, "submits", view_id=opened(slack, **given))

    assert (status, said["words"]) == (400, "This form cannot be sent.")


async def test_somebody_elses_form_is_closed_to_others(slack: Sandbox, browser: aiohttp.ClientSession) -> None:
    form = opened(slack, "bo")
    body = {"view_id": form, "block_id": "why", "action_id": "words", "typed": "x"}

    statuses = [(await does(browser, deed, **body))[0] for deed in ("submits", "closes", "uses", "asks")]

    assert statuses == [400, 400, 400, 400]
    assert slack.workspace.views.find(form) is not None


async def entered(slack: Sandbox, browser: aiohttp.ClientSession, element: Json, **held: Any) -> object:
    """What a form's one input holds after this was sent into it."""
    form = opened(slack, blocks=[INPUT | {"element": element | {"action_id": "words"}}])
    place = {"view_id": form, "block_id": "why", "action_id": "words"}
    await does(browser, "asks", **place, typed="", values={"why": {"words": held | {"type": element["type"]}}})
    [shown] = slack.person("ann").view(form).values().values()
    return shown


async def test_a_channel_that_somebody_cannot_see_is_not_theirs_to_choose(
    slack: Sandbox, browser: aiohttp.ClientSession
) -> None:
    await slack.person("bo").creates("secret", private=True)
    secret, general = slack.person("bo").screen.channel("secret").id, slack.workspace.general.id
    one, many = {"type": "conversations_select"}, {"type": "multi_channels_select"}

    assert await entered(slack, browser, one, selected_conversation=secret) is None
    assert await entered(slack, browser, one, selected_conversation=general) == general
    assert await entered(slack, browser, many, selected_channels=[general, secret]) == []


async def test_an_option_counts_as_the_app_offered_it(slack: Sandbox, browser: aiohttp.ClientSession) -> None:
    offered = {"text": text("High"), "value": "high"}
    menu = {"type": "static_select", "options": [offered]}
    renamed, invented = {"text": text("Low"), "value": "high"}, {"text": text("None"), "value": "none"}

    assert await entered(slack, browser, menu, selected_option=renamed) == offered
    assert await entered(slack, browser, menu, selected_option=invented) is None


async def test_a_file_of_somebody_else_is_not_ones_own_to_send(slack: Sandbox, browser: aiohttp.ClientSession) -> None:
    theirs = slack.person("bo").uploads_for_form([("plan.txt", b"theirs")])
    mine = slack.person("ann").uploads_for_form([("plan.txt", b"mine")])
    field = {"type": "file_input"}

    assert await entered(slack, browser, field, files=theirs) == []
    assert await entered(slack, browser, field, files=mine) == mine


async def test_pressing_tells_the_app_only_what_is_reported_of_a_press(
    slack: Sandbox, browser: aiohttp.ClientSession
) -> None:
    workspace = slack.workspace
    button = {"type": "button", "action_id": "go", "value": "1", "text": text("Go")}
    menu = {"type": "overflow", "action_id": "more", "options": [{"text": text("One"), "value": "one"}]}
    blocks = [{"type": "actions", "block_id": "deeds", "elements": [button, menu]}]
    message = workspace.chat.post(workspace.general, by=workspace.bot.id, draft={"text": "x", "blocks": blocks})
    place = {"channel": workspace.general.id, "ts": message.ts, "block_id": "deeds"}

    await does(browser, "uses", **place, action_id="go", value={"value": "2", "action_id": "other"})
    status, said = await does(
        browser, "uses", **place, action_id="more", value={"selected_option": {"text": text("Two"), "value": "two"}}
    )

    [entry] = slack.wire.entries()
    told = slack.wire.details(entry["number"])["request"]["actions"]
    assert [(action["action_id"], action["value"]) for action in told] == [("go", "1")]
    assert (status, said["words"]) == (400, "That cannot be chosen here.")
