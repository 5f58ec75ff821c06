"""The control API, over HTTP."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from tests.sandbox.apps import MANIFEST
from tests.sandbox.people.conftest import Client

Json = dict[str, Any]


async def test_people_act_and_see_over_http(control: Client) -> None:
    sent = await control.post("/people/ann/types", text="hello @bo", channel="general")
    ts = sent["message"]["ts"]
    await control.post("/people/bo/types", text="a reply", channel="general", thread_ts=ts)
    await control.post("/people/bo/reacts", channel="general", ts=ts, emoji="eyes")

    (seen,) = (await control.get("/people/dee/messages", channel="general"))["messages"]
    (reply,) = (await control.get("/people/dee/thread", channel="general", ts=ts))["messages"]
    assert (seen["author"], seen["text"], seen["reactions"]) == ("ann", "hello @bo", {"eyes": ["bo"]})
    assert reply["text"] == "a reply"
    assert (await control.get("/people/eve/channels"))["channels"] == []


async def test_a_refusal_is_answered_with_its_code(control: Client) -> None:
    taken = await control.post("/people/ann/creates", channel="random")
    unseen = await control.get("/people/eve/messages", channel="general")
    nobody = await control.get("/people/nobody/channels")

    assert taken == {"ok": False, "error": "name_taken"}
    assert (unseen["ok"], nobody["ok"]) == (False, False)


async def test_a_command_and_its_form_over_http(control: Client, app: AsyncApp) -> None:
    entry = {"type": "plain_text_input", "action_id": "a"}
    label = {"type": "plain_text", "text": "Title"}
    block = {"type": "input", "block_id": "b", "label": label, "element": entry}
    view = {"type": "modal", "callback_id": "v", "title": label, "submit": label, "blocks": [block]}

    @app.command("/parrot")
    async def open_it(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack("opened")

    @app.view("v")
    async def on_submission(ack: Any) -> None:
        await ack(response_action="errors", errors={"b": "Shorter, please"})

    reply = await control.post("/people/ann/command", line="/parrot", channel="general")
    form = await control.post("/people/ann/form_open")
    filled = await control.post("/people/ann/form_fill", answers={"Title": "long"})
    outcome = await control.post("/people/ann/form_submit")
    await control.post("/people/ann/form_close")

    assert (reply["failed"], reply["text"]) == (None, "opened")
    assert form["form"]["labels"] == ["Title"]
    assert filled["form"]["values"] == {"Title": "long"}
    assert outcome["errors"] == {"Title": "Shorter, please"}
    assert (await control.get("/people/ann/form"))["form"] is None


async def test_clock_faults_calls_and_complaints_over_http(slack: Sandbox, app: AsyncApp, control: Client) -> None:
    before = slack.clock.now()
    await control.post("/clock", advance=3600)
    await control.post("/faults", fail={"method": "auth.test", "error": "fatal_error"}, deliver_twice=True)

    with pytest.raises(SlackApiError, match="fatal_error"):
        await app.client.auth_test()

    calls = (await control.get("/calls"))["calls"]
    assert (slack.clock.now() - before).total_seconds() >= 3600
    assert slack.faults.deliver_twice
    assert [call["method"] for call in calls] == ["apps.connections.open", "auth.test"]
    assert (await control.get("/calls", since="0"))["calls"] == calls
    assert (await control.get("/complaints"))["complaints"] == slack.complaints
    assert (await control.get(""))["people"] == ["ann", "bo", "chidi", "dee", "eve"]


async def test_only_json_may_be_posted(slack: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        posted = await session.post(f"{slack.url}/control/clock", data='{"advance": 1}')

    assert posted.status == 415


async def test_the_sandbox_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        "--manifest",
        str(manifest),
        "--latency",
        "0.01",
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    told = json.loads(await process.stdout.readline())
    async with aiohttp.ClientSession() as session, session.get(f"{told['url']}/control") as response:
        about = await response.json()
    process.send_signal(signal.SIGTERM)

    assert about["bot_token"] == told["bot_token"]
    assert await process.wait() == 0


async def test_what_cannot_be_done_is_said_in_json(control: Client) -> None:
    absent = await control.post("/connected", timeout=0)
    unverified = await control.post("/deliver", url="http://127.0.0.1:1/")

    assert (absent["ok"], unverified["ok"]) == (False, False)
    assert "AppNeverConnected" in absent["error"]
    assert "UrlNotVerified" in unverified["error"]


async def test_scopes_limits_users_and_profiles_over_http(slack: Sandbox, control: Client) -> None:
    await control.post("/scopes", bot=["commands"])
    await control.post("/rate_limits", enabled=False)
    added = await control.post("/users", name="fay", tz="Asia/Tokyo")
    changed = await control.post("/people/fay/changes_profile", title="Baker")
    unknown = await control.post("/people/fay/changes_profile", tz="Nowhere/Else")
    fay = slack.person("fay").user
    await control.post("/users/fay/deactivate")

    assert slack.workspace.app.scopes == {"commands"}
    assert not slack.server.ratelimits.enabled
    assert (added["id"], changed["ok"], unknown["ok"]) == (fay.id, True, False)
    assert (fay.title, fay.tz, fay.deleted) == ("Baker", "Asia/Tokyo", True)


async def test_the_link_is_moved_switched_and_cut_over_http(slack: Sandbox, app: AsyncApp, control: Client) -> None:
    heard: list[str] = []

    async def receive(request: web.Request) -> web.Response:
        heard.append(request.path)
        return web.Response()

    application = web.Application()
    application.router.add_post("/{what}", receive)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    places = {"commands_url": f"{address}/commands", "interactivity_url": f"{address}/clicks"}
    try:
        moved = await control.post("/deliver", **places)
        await control.post("/people/ann/command", line="/parrot", channel="general")
        await control.post("/people/ann/shortcut", name="Talk")
    finally:
        await runner.cleanup()
    await control.post("/deliver", socket=True)
    settled = await control.post("/settled", timeout=1)
    await control.post("/faults", down={"link": True})
    cut = (slack.faults.is_cut_off, slack.socket.connections)
    await control.post("/faults", down=False, cut_connections=True)
    await control.post("/socket_mode", enabled=False)

    assert (moved, heard) == ({"ok": True}, ["/commands", "/clicks"])
    assert settled == {"ok": True, "given_up": 0, "waiting": 0}
    assert (cut, slack.socket.enabled) == ((True, 0), False)
    await control.post("/socket_mode", enabled=True)
    assert slack.socket.enabled
    assert not slack.faults.is_down
