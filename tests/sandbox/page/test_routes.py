"""What the page's routes give to whom."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.clock import Clock
from sandbox.page.hub import MOST_WAITING
from sandbox.page.stretches import AT_ONCE, in_words, stretch
from tests.builders import NOON
from tests.sandbox.apps import MANIFEST

ELSEWHERE = {"Origin": "https://elsewhere.example"}


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(MANIFEST, clock=Clock(lambda: NOON)) as sandbox:
        yield sandbox


async def told(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """The next push of this type."""
    while True:
        push: dict[str, Any] = await socket.receive_json(timeout=20)
        if push["type"] == kind:
            return push


async def until_the_end(socket: aiohttp.ClientWebSocketResponse) -> AsyncIterator[dict[str, Any]]:
    """All pushes that come before that of this name."""
    while (push := await socket.receive_json(timeout=20))["type"] != "the end":
        yield push


async def test_a_window_hears_of_a_message_as_its_person_sees_it(
    slack: Sandbox, browser: aiohttp.ClientSession
) -> None:
    async with browser.ws_connect("/page/socket?as=ann") as socket:
        assert (await told(socket, "hello"))["me"] == slack.person("ann").id
        typed = await slack.person("bo").types("the deploy is *back*", channel="general")
        push = await told(socket, "messages")

    assert [message["text"] for message in push["messages"]] == ["the deploy is *back*"]
    assert (push["channel"], push["messages"][0]["author"]) == (typed.channel_id, slack.person("bo").id)


async def test_the_page_of_somebody_who_is_not_here_leads_to_that_of_whoever_comes_first(
    browser: aiohttp.ClientSession,
) -> None:
    async with browser.get("/?as=nobody&in=C1") as answer:
        assert (answer.status, str(answer.url.relative())) == (200, "/")
    async with browser.ws_connect("/page/socket?as=") as socket:
        assert (await told(socket, "hello"))["names"][0] == "ann"


async def test_private_channels_and_whispers_are_told_to_nobody_else(
    slack: Sandbox, browser: aiohttp.ClientSession
) -> None:
    ann = slack.person("ann")
    async with browser.ws_connect("/page/socket?as=bo") as socket:
        await told(socket, "conversations")
        await ann.creates("secret", private=True)
        secret = await ann.types("psst", channel="secret")
        general = slack.workspace.general
        slack.workspace.chat.post_ephemeral(general, by=slack.workspace.bot.id, to=ann.id, draft={"text": "for ann"})
        await ann.types("for all", channel="general")
        refused = await browser.get("/page/messages", params={"as": "bo", "channel": secret.channel_id})
        mine = await (await browser.get("/page/messages", params={"as": "ann", "channel": general.id})).json()
        theirs = await (await browser.get("/page/messages", params={"as": "bo", "channel": general.id})).json()
        slack.hub.tell("the end")
        pushes = [push async for push in until_the_end(socket) if push["type"] == "messages"]

    assert [message["text"] for push in pushes for message in push["messages"]] == ["for all"]
    assert (refused.status, await refused.json()) == (409, {"ok": False, "error": "channel_not_found"})
    assert [message["text"] for message in mine["messages"]] == ["for ann", "for all"]
    assert [message["text"] for message in theirs["messages"]] == ["for all"]


async def test_a_conversation_somebody_may_not_see_any_more_is_taken_from_their_list(
    slack: Sandbox, browser: aiohttp.ClientSession
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await ann.creates("secret", private=True)
    await ann.invites("bo", "secret")
    secret = ann.screen.channel("secret")
    async with browser.ws_connect("/page/socket?as=bo") as socket:
        whole = await told(socket, "conversations")
        await ann.removes("bo", "secret")
        changed = await told(socket, "conversations")

    assert (whole["whole"], whole["conversations"][secret.id]["members"]) == (True, [ann.id, bo.id])
    assert (changed["whole"], changed["conversations"]) == (False, {secret.id: None})


async def test_whoever_is_switched_off_is_taken_from_the_members_on_every_page(
    slack: Sandbox, browser: aiohttp.ClientSession
) -> None:
    bo, general = slack.person("bo"), slack.workspace.general
    async with browser.ws_connect("/page/socket?as=ann") as socket:
        await told(socket, "conversations")
        slack.workspace.deactivate(bo.user)
        people = (await told(socket, "people"))["people"]["users"]
        changed = (await told(socket, "conversations"))["conversations"]

    assert people[bo.id]["deleted"] is True
    assert bo.id not in changed[general.id]["members"]


async def test_messages_come_a_stretch_at_a_time(slack: Sandbox, browser: aiohttp.ClientSession) -> None:
    for number in range(7):
        await slack.person("ann").types(str(number), channel="general")
    query = {"as": "bo", "channel": slack.workspace.general.id, "limit": "3"}
    pages, before = [], ""
    while True:
        page = await (await browser.get("/page/messages", params=query | {"before": before})).json()
        pages.append([message["text"] for message in page["messages"]])
        if not page["more"]:
            break
        before = page["messages"][0]["ts"]

    assert pages == [["4", "5", "6"], ["1", "2", "3"], ["0"]]


async def test_a_page_elsewhere_can_do_nothing_here(slack: Sandbox, browser: aiohttp.ClientSession) -> None:
    moved = await browser.post("/page/clock", json={"by": 60}, headers=ELSEWHERE)
    typed = await browser.post(
        "/page/do/types", json={"channel": slack.workspace.general.id, "text": "x"}, headers=ELSEWHERE
    )
    listened = await browser.get("/page/socket?as=ann", headers=ELSEWHERE)

    assert [answer.status for answer in (moved, typed, listened)] == [403, 403, 403]
    assert slack.clock.now() == NOON
    assert slack.person("ann").sees("general") == []


@pytest.mark.parametrize(
    ("order", "then"),
    [
        ({"by": 900}, datetime(2026, 3, 4, 12, 15, tzinfo=UTC)),
        ({"next": "morning"}, datetime(2026, 3, 4, 14, 0, tzinfo=UTC)),
        ({"next": "monday"}, datetime(2026, 3, 9, 13, 0, tzinfo=UTC)),
    ],
)
async def test_time_moves_to_the_morning_of_whoever_asks(
    slack: Sandbox, browser: aiohttp.ClientSession, order: dict[str, object], then: datetime
) -> None:
    await browser.post("/page/clock?as=bo", json=order)

    assert slack.clock.now() == then


async def test_an_open_page_is_told_that_the_workspace_goes(browser: aiohttp.ClientSession, slack: Sandbox) -> None:
    async with browser.ws_connect("/page/socket?as=ann") as socket:
        await told(socket, "hello")
        ending = asyncio.create_task(slack.stop())
        while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
        await ending

    assert socket.close_code == aiohttp.WSCloseCode.GOING_AWAY


async def test_a_page_that_takes_nothing_is_cut_off_and_may_come_back(
    browser: aiohttp.ClientSession, slack: Sandbox
) -> None:
    async with browser.ws_connect("/page/socket?as=ann") as socket:
        await told(socket, "hello")
        for number in range(MOST_WAITING + 1):
            slack.hub.tell("noise", number=number)
        while (await socket.receive(timeout=20)).type is aiohttp.WSMsgType.TEXT:
            pass

    assert socket.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE
    async with browser.ws_connect("/page/socket?as=ann") as again:
        assert (await told(again, "hello"))["me"] == slack.person("ann").id


@pytest.mark.parametrize("words", ["nonsense", "[]", '{"watch": 1}', "{}"])
async def test_a_page_that_says_nonsense_stays_connected(
    browser: aiohttp.ClientSession, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with browser.ws_connect("/page/socket?as=ann") as socket:
        await told(socket, "hello")
        await socket.send_str(words)
        await socket.close()

    assert socket.close_code == aiohttp.WSCloseCode.OK
    assert caplog.records == []


async def test_a_file_says_nothing_of_the_private_channels_it_is_in_too(
    slack: Sandbox, browser: aiohttp.ClientSession
) -> None:
    ann, general = slack.person("ann"), slack.workspace.general
    await ann.creates("secret", private=True)
    message = await ann.uploads("plan.txt", b"a plan", channel="general")
    file = slack.workspace.files[general.messages[message.ts].files[0]]
    slack.workspace.file_store.share([file], ann.screen.channel("secret"), by=ann.id)

    seen = await (await browser.get("/page/messages", params={"as": "bo", "channel": general.id})).text()

    assert '"plan.txt"' in seen
    assert "secret" not in seen


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("picture.svg", "image/svg+xml"),
        ("page.html", "application/octet-stream"),
        ("page.xhtml", "application/octet-stream"),
        ("script.js", "application/octet-stream"),
    ],
)
async def test_nothing_in_a_file_can_run_as_script(
    slack: Sandbox, browser: aiohttp.ClientSession, name: str, kind: str
) -> None:
    [file] = slack.person("ann").uploads_for_form([(name, b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>")])
    answer = await browser.get(f"/page/file/{file['id']}?as=ann")

    assert (answer.status, answer.content_type) == (200, kind)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_file_is_given_only_to_who_sees_where_it_is(slack: Sandbox, browser: aiohttp.ClientSession) -> None:
    ann = slack.person("ann")
    await ann.creates("secret", private=True)
    await ann.invites("bo", "secret")
    message = await ann.uploads("plan.txt", b"a plan", channel="secret")
    [file] = ann.screen.channel("secret").messages[message.ts].files

    async def status(name: str) -> int:
        return (await browser.get(f"/page/file/{file}", params={"as": name})).status

    seen = [await status("bo"), await status("chidi")]
    await ann.removes("bo", "secret")

    assert [*seen, await status("bo")] == [200, 409, 409]


async def test_what_is_too_large_is_refused_in_words(
    slack: Sandbox, browser: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack.server.app, "_client_max_size", 1000)
    form = aiohttp.FormData({"channel": slack.workspace.general.id})
    form.add_field("file", b"x" * 5000, filename="large.bin")

    answer = await browser.post("/page/upload?as=ann", data=form)

    assert (answer.status, (await answer.json())["words"]) == (413, "That is too large: 100 MB at once are the most.")


@pytest.mark.parametrize("body", [[], "x", 1, None, {"channel": 1, "text": 2}, {}])
async def test_a_deed_that_makes_no_sense_is_refused(
    browser: aiohttp.ClientSession, body: object, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await browser.post("/page/do/types?as=ann", json=body)

    assert answer.status == 400
    assert caplog.records == []


async def test_a_stretch_of_less_than_nothing_is_short(slack: Sandbox, browser: aiohttp.ClientSession) -> None:
    for number in range(3):
        await slack.person("ann").types(str(number), channel="general")
    query = {"as": "bo", "channel": slack.workspace.general.id, "limit": "-1"}

    page = await (await browser.get("/page/messages", params=query)).json()

    assert ([message["text"] for message in page["messages"]], page["more"]) == (["2"], True)


async def test_others_have_their_turn_while_a_long_stretch_is_put_into_words(slack: Sandbox) -> None:
    ann, general, turns = slack.person("ann"), slack.workspace.general, 0
    for number in range(5 * AT_ONCE):
        slack.workspace.chat.post(general, by=ann.id, draft={"text": str(number)})
    found, more = stretch(general, ann, before="", limit=5000)
    answer = asyncio.create_task(in_words(slack.workspace, general, found, ann))

    while not answer.done():
        await asyncio.sleep(0)
        turns += 1

    assert turns >= 5
    assert ([message["text"] for message in json.loads(await answer)], more) == ([str(n) for n in range(1000)], False)
