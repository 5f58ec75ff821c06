"""`sitrep demo` as somebody runs it: in a terminal, with Ctrl-C at the end."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from typer.testing import CliRunner

from bot.__main__ import cli
from sandbox.folder import KEPT
from tests.journeys.conftest import ROOT
from tests.sandbox import apps

PATIENCE = 60
Json = dict[str, Any]


class Demo:
    """The command as it runs, and what somebody does in its workspace through the control interface."""

    def __init__(self, process: asyncio.subprocess.Process, browser: aiohttp.ClientSession) -> None:
        self.process = process
        self.browser = browser
        self.said = ""
        self.url = ""

    async def says(self, pattern: str) -> str:
        """Wait until it has said something like this."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while not (found := re.search(pattern, self.said)):
                line = await self.process.stdout.readline()
                assert line, f"it ended, and said {self.said}"
                self.said += line.decode()
        return found[0]

    async def ready(self) -> None:
        """Wait until its address is there, and the bot."""
        await self.does("connected", timeout=PATIENCE)

    async def does(self, what: str, **body: object) -> Json:
        """Have something happen, such as `people/ann/types`."""
        async with self.browser.post(f"{self.url}/control/{what}", json=body) as response:
            answer: Json = await response.json()
        assert answer["ok"], answer
        return answer

    async def interrupted(self) -> tuple[int, str]:
        """Press Ctrl-C; how it ends, and what it complains of."""
        self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            said, complaints = await self.process.communicate()
        self.said += said.decode()
        return self.process.returncode or 0, complaints.decode()


@asynccontextmanager
async def demo(folder: Path, *options: str) -> AsyncIterator[Demo]:
    """The command, once its address is there; ended by force where the test has not ended it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", *options),
        env=kept | {"PYTHONPATH": str(ROOT)},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with aiohttp.ClientSession() as browser:
            running = Demo(process, browser)
            running.url = (await running.says(r"http://\S+(?=/\?as=ann)")).rstrip("/")
            yield running
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_incidents_people_and_promises_are_there_again_in_the_next_run(tmp_path: Path) -> None:
    kept = ("--data", "kept", "--port", "0", "--people", "7")
    async with demo(tmp_path, *kept) as first:
        await first.ready()
        await first.does("people/ann/command", line="/incident declare Checkout is down", channel="general")
        await first.does("people/ann/form_open")
        await first.does("people/ann/form_submit")
        channel = (await first.does("people/ann/wait_for_channel", beginning="inc-1"))["channel"]
        await first.does("people/ann/wait_for", channel=channel, containing="INC-1")
        await first.does("clock", advance=60)
        await _see_it_end(first)

    async with demo(tmp_path, *kept[:4]) as second:
        await second.ready()
        about = await (await second.browser.get(f"{second.url}/control")).json()
        assert about["people"] == ["ann", "bo", "chidi", "dee", "eve", "caio", "anjali"]
        listed = await second.does("people/ann/command", line="/incident list", channel="general")
        assert "INC-1" in json.dumps(listed)
        await second.does("clock", advance=3600)
        await second.does("people/ann/wait_for", channel=channel, containing="update", timeout=PATIENCE)
        await _see_it_end(second)


async def test_with_no_bot_its_lines_are_all_that_another_app_needs(tmp_path: Path) -> None:
    (tmp_path / "parrot.json").write_text(json.dumps(apps.MANIFEST), "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        async with demo(tmp_path, "--manifest", "parrot.json", "--port", port) as workspace:
            await workspace.says(r"SLACK_SIGNING_SECRET=\w+\n")
            given = dict(re.findall(r"^export (SLACK_\w+)=(\S+)$", workspace.said, re.MULTILINE))
            async with parrot(given):
                await workspace.ready()
                heard = await workspace.does("people/bo/command", line="/parrot hello", channel="general")
            ended = await workspace.interrupted()

    assert f"Port {port} is taken, so the workspace takes a free one." in workspace.said
    assert "no bot of ours (--no-bot)" in workspace.said
    assert heard["text"] == "hello"
    assert ended == (0, "")


@asynccontextmanager
async def parrot(given: dict[str, str]) -> AsyncIterator[None]:
    """An app that says what it was told, started with nothing but these settings."""
    web = AsyncWebClient(token=given["SLACK_BOT_TOKEN"], base_url=given["SLACK_API_URL"])
    app = AsyncApp(client=web, signing_secret=given["SLACK_SIGNING_SECRET"])

    @app.command("/parrot")
    async def repeat(ack: Any, command: Json) -> None:
        await ack(command["text"])

    handler = AsyncSocketModeHandler(app, given["SLACK_APP_TOKEN"], web_client=web)
    await handler.connect_async()
    try:
        yield
    finally:
        await handler.close_async()


async def test_the_bot_does_not_remember_a_workspace_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "workspace.jsonl").write_text("damaged", "utf-8")
    (tmp_path / "sitrep.db").write_text("of that workspace", "utf-8")

    async with demo(tmp_path, "--data", ".", "--no-bot", "--port", "0") as running:
        await running.says("The workspace could not be read: it is damaged")
        await running.interrupted()

    assert (tmp_path / "workspace-unreadable-1.jsonl").read_text("utf-8") == "damaged"
    assert (tmp_path / "workspace-unreadable-1.sitrep.db").read_text("utf-8") == "of that workspace"
    assert not (tmp_path / "sitrep.db").exists()


async def test_ctrl_c_ends_it_without_a_word_while_the_bot_is_still_starting(tmp_path: Path) -> None:
    async with demo(tmp_path, "--port", "0") as running:
        await _see_it_end(running)


async def _see_it_end(running: Demo) -> None:
    """Press Ctrl-C with a page open: it ends at once and without a word, and the page hears of it."""
    async with running.browser.ws_connect(f"{running.url}/page/socket?as=ann") as page:
        await page.receive()
        ending = asyncio.create_task(running.interrupted())
        while (await page.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
        assert await ending == (0, "")
    assert page.close_code == aiohttp.WSCloseCode.GOING_AWAY


@pytest.mark.parametrize(
    ("options", "because"),
    [
        (["--data", "a-file"], "There is no demo: a-file: File exists"),
        (["--manifest", "wrong.yml"], "There is no demo: missing required field: name"),
        (["--tour", "--data", "used"], "The tour takes a new workspace"),
        (["--host", "192.0.2.1"], "Cannot assign requested address"),
    ],
)
def test_a_demo_that_cannot_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], because: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a-file").write_text("not a folder", "utf-8")
    Path("wrong.yml").write_text("display_information: {}", "utf-8")
    Path("used").mkdir()
    Path("used", KEPT).touch()

    ended = CliRunner().invoke(cli, ["demo", "--port", "0", *options])

    assert because in ended.stdout
    assert (ended.exit_code, ended.stderr) == (1, "")
