"""What the page's deeds refuse: whatever Slack's own client would not let this person do just now."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox import Sandbox
from tests.sandbox.apps import MANIFEST

Json = dict[str, Any]
INPUT = {
    "type": "input",
    "block_id": "why",
    "label": {"type": "plain_text", "text": "Why"},
    "optional": True,
    "element": {"type": "plain_text_input", "action_id": "words"},
}


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(MANIFEST) as sandbox:
        yield sandbox


@pytest.fixture
async def browser(slack: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(slack.url) as session:
        yield session


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
