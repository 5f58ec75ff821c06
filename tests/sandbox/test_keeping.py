"""A workspace that is kept in a folder is the same after a restart, and whole after a kill."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import Sandbox
from sandbox import folder as folder_module
from sandbox.clock import Clock
from sandbox.folder import FILES, KEPT, Folder, FolderInUse, Snapshot
from sandbox.keeping import Keeping
from sandbox.records import Records, records_of
from sandbox.seeds import seed_workspace
from sandbox.state.model import Channel, Json
from sandbox.workspace import Workspace
from tests.builders import NOON
from tests.sandbox.api.conftest import Manifest
from tests.sandbox.apps import MANIFEST

BLOCKS: list[Json] = [
    {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}, "value": "1"}]}
]
FORM: Json = {"type": "modal", "title": {"type": "plain_text", "text": "Form"}, "blocks": [], "private_metadata": "7"}
HOME: Json = {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "at home"}}]}


def noon() -> Clock:
    return Clock(lambda: NOON)


def same(kept: Records, shown: Records) -> bool:
    """Whether they are equal in everything but the number from which ids go on."""
    return replace(kept, last_number=0) == replace(shown, last_number=0)


def live_through_much(slack: Sandbox) -> None:
    """Have some of everything that a workspace can hold."""
    space, bot = slack.workspace, slack.workspace.bot.id
    ann, bo = slack.person("ann").id, slack.person("bo").id
    ops = space.conversations.create("ops", by=bot)
    for user in (ann, bo):
        space.conversations.join(ops, by=user)
    _have_messages(space, ops)
    _have_files(space, ops)
    space.conversations.create("secret", by=ann, private=True)
    space.conversations.archive(space.conversations.create("old-news", by=bo), by=bo)
    dm, _ = space.conversations.open([bo], by=ann)
    space.chat.post(dm, by=bo, draft={"text": "psst"})
    space.conversations.open([bo, slack.person("dee").id], by=ann)
    space.add_usergroup("deployers", [ann, bo])
    slack.other_bot("Builds")
    space.deactivate(slack.person("chidi").user)
    space.views.open(space.triggers.issue(ann), FORM).values = {"block": {"action": {"value": "typed"}}}
    space.views.push(space.triggers.issue(ann), FORM)
    space.views.publish(bo, HOME)
    at = int((slack.clock.now() + timedelta(days=2)).timestamp())
    space.schedule.add(ops, by=bot, post_at=at, draft={"text": "later"})


def _have_messages(space: Workspace, ops: Channel) -> None:
    bot, (ann, bo) = space.bot.id, (space.user_named("ann").id, space.user_named("bo").id)
    card = space.chat.post(ops, by=bot, draft={"text": "a card", "blocks": BLOCKS, "metadata": {"event_type": "x"}})
    card.entered[ann] = {"b": {"a": {"type": "static_select", "selected_option": None}}}
    space.chat.post(ops, by=ann, draft={"text": "a reply", "thread_ts": card.ts, "reply_broadcast": True})
    space.reactions.add(ops, card, "eyes", by=ann)
    space.pins.add(ops, card, by=bo)
    space.bookmarks.add(ops, by=bot, title="Runbook", link="https://runbooks.example", emoji=":book:")
    space.conversations.set_topic(ops, "all is well", by=ann)
    typed = space.chat.post(ops, by=bo, draft={"text": "a tpyo"})
    space.chat.edit(ops, typed, by=bo, changes={"text": "a typo"})
    gone = space.chat.post(ops, by=bo, draft={"text": "gone, but for its thread"})
    space.chat.post(ops, by=ann, draft={"text": "why?", "thread_ts": gone.ts})
    space.chat.delete(ops, gone, by=bo)
    space.chat.post_ephemeral(ops, by=bot, to=ann, draft={"text": "for you alone", "blocks": BLOCKS})
    ops.last_read[ann] = typed.ts


def _have_files(space: Workspace, ops: Channel) -> None:
    ann = space.user_named("ann").id
    for name in ("graph.png", "mistake.txt"):
        file = space.file_store.announce(name, by=ann, size=4)
        space.file_store.receive(file.id, b"\x89\x00\xff" + name[:1].encode())
        space.file_store.share([space.file_store.complete(file.id, by=ann)], ops, by=ann)
    space.file_store.delete(file, by=ann)


async def test_everything_in_a_workspace_is_there_again_after_a_restart(tmp_path: Path) -> None:
    async with Sandbox(MANIFEST, data=tmp_path, people=7, clock=noon()) as before:
        live_through_much(before)
        before.clock.advance(3600)

    async with Sandbox(MANIFEST, data=tmp_path, people=7, clock=noon()) as after:
        assert same(records_of(after.workspace), records_of(before.workspace))
        assert (after.bot_token, after.app_token) == (before.bot_token, before.app_token)
        assert after.signing_secret == before.signing_secret
        assert after.clock.now() == NOON + timedelta(hours=1)
        assert after.workspace.general.name == "general"
        graph = next(file for file in after.workspace.files.values() if file.name == "graph.png")
        assert graph.content == b"\x89\x00\xffg"
        assert [path.name for path in (tmp_path / FILES).iterdir()] == [graph.id]


async def test_life_goes_on_where_it_was_left(tmp_path: Path) -> None:
    async with Sandbox(MANIFEST, data=tmp_path, clock=noon(), seed=1) as before:
        live_through_much(before)
        last_number = max(int(channel_id[1:7]) for channel_id in before.workspace.channels)
        last = max(before.workspace.general.messages, default="")

    async with Sandbox(MANIFEST, data=tmp_path, clock=noon(), seed=1) as after:
        ann = after.person("ann")
        await ann.creates("new-channel")
        said = await ann.types("and on it goes", channel="general")
        thread = ann.finds("ops", containing="a typo")
        assert thread is not None
        await ann.types("late", channel="ops", thread=thread)
        after.other_bot("Builds")
        after.clock.advance(timedelta(days=3).total_seconds())

        assert int(ann.screen.channel("new-channel").id[1:7]) > last_number
        assert said.ts > last
        assert [message.text for message in thread.replies()] == ["late"]
        assert ann.finds("ops", containing="later") is not None
        assert [one.name for one in after.workspace.integrations.values()].count("Builds") == 1


async def test_a_change_is_kept_though_the_process_is_killed_a_second_later(tmp_path: Path) -> None:
    async with a_process(tmp_path, "--people", "6") as (first, caller):
        said = {"text": "remember this", "channel": "general"}
        async with caller.post("/control/people/caio/types", json=said) as answer:
            assert answer.ok
        async with asyncio.timeout(10):
            while "remember this" not in (tmp_path / KEPT).read_text("utf-8"):  # noqa: ASYNC110  a file wakes nobody
                await asyncio.sleep(0.01)

    async with (
        a_process(tmp_path) as (second, caller),
        caller.get("/control/people/bo/messages?channel=general") as answer,
    ):
        texts = [message["text"] for message in (await answer.json())["messages"]]

    assert "remember this" in texts
    assert {**first, "url": "", "api_url": ""} == {**second, "url": "", "api_url": ""}


@asynccontextmanager
async def a_process(folder: Path, *options: str) -> AsyncIterator[tuple[Json, aiohttp.ClientSession]]:
    """`python -m sandbox` on this folder, killed at the end: what it says of itself, and somebody who calls it."""
    (folder / "manifest.json").write_text(json.dumps(MANIFEST), "utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--manifest", str(folder / "manifest.json"), "--data", str(folder)),
        *options,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        about: Json = json.loads(await process.stdout.readline())
        async with aiohttp.ClientSession(about["url"]) as caller:
            yield about, caller
    finally:
        process.kill()
        await process.wait()


DIES_WHILE_WRITING = """
import os, pathlib, runpy, signal, sys
module = runpy.run_path(sys.argv[1], run_name="folder")
folder, left = module["Folder"](pathlib.Path(sys.argv[2])), int(sys.argv[3])
folder.write(module["Snapshot"](["old"] * 1000, {"F1": b"old"}))

def die(file):
    global left
    left -= 1
    if not left:
        os.ftruncate(file, 100)
        os.kill(os.getpid(), signal.SIGKILL)

os.fsync = die
folder.write(module["Snapshot"](["new"] * 1000, {"F1": b"old", "F2": b"new" * 1000}))
"""


@pytest.mark.parametrize("written", [1, 2], ids=["a file's bytes", "the lines"])
def test_who_is_killed_in_the_middle_of_writing_leaves_the_last_snapshot_whole(tmp_path: Path, written: int) -> None:
    command = [sys.executable, "-c", DIES_WHILE_WRITING, folder_module.__file__, str(tmp_path), str(written)]
    ended = subprocess.run(command, check=False)

    left = Folder(tmp_path)

    assert ended.returncode == -signal.SIGKILL
    assert left.read() == ["old"] * 1000
    assert left.content_of("F1") == b"old"
    left.write(Snapshot(["next"], {}))
    assert left.read() == ["next"]
    left.release()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda text: text[: len(text) // 2], id="cut off"),
        pytest.param(lambda text: "", id="empty"),
        pytest.param(lambda text: "\x00\x80" + text, id="not JSON"),
        pytest.param(lambda text: text.replace('"version":1', '"version":99', 1), id="another version"),
        pytest.param(lambda text: text.replace('"is_general":true', '"is_general":false'), id="nowhere to be"),
        pytest.param(lambda text: text.replace('"channel_id":"C', '"channel_id":"X'), id="messages of nowhere"),
    ],
)
async def test_what_cannot_be_read_is_set_aside_and_nothing_of_it_is_lost(
    tmp_path: Path, damage: Callable[[str], str]
) -> None:
    async with Sandbox(MANIFEST, data=tmp_path) as before:
        await before.person("ann").types("précieux", channel="general")
    damaged = damage((tmp_path / KEPT).read_text("utf-8"))
    (tmp_path / KEPT).write_text(damaged, "utf-8")

    async with Sandbox(MANIFEST, data=tmp_path) as after:
        assert after.keeping is not None
        assert after.keeping.set_aside == tmp_path / "workspace-unreadable-1.jsonl"
        assert after.keeping.set_aside.read_text("utf-8") == damaged
        assert after.keeping.because
        assert after.people() == ["ann", "bo", "chidi", "dee", "eve"]


async def test_two_workspaces_are_not_kept_in_one_folder_at_once(tmp_path: Path) -> None:
    async with Sandbox(MANIFEST, data=tmp_path):
        with pytest.raises(FolderInUse, match="in use by another workspace"):
            Sandbox(MANIFEST, data=tmp_path)

    async with Sandbox(MANIFEST, data=tmp_path) as later:
        assert later.people()


async def test_more_people_are_brought_in_and_nobody_is_sent_away(tmp_path: Path) -> None:
    async with Sandbox(MANIFEST, data=tmp_path, people=6) as first:
        assert first.people() == ["ann", "bo", "chidi", "dee", "eve", "caio"]

    async with Sandbox(MANIFEST, data=tmp_path, people=8) as second:
        assert second.people()[5:] == ["caio", "anjali", "imogen"]

    async with Sandbox(MANIFEST, data=tmp_path) as third:
        assert len(third.people()) == 8


async def test_the_app_has_the_name_and_scopes_of_its_manifest_of_now(tmp_path: Path) -> None:
    async with Sandbox(MANIFEST, data=tmp_path) as before:
        bot = before.workspace.bot.id
    renamed = MANIFEST | {"display_information": {"name": "Macaw"}, "oauth_config": {"scopes": {"bot": ["commands"]}}}

    async with Sandbox({**renamed, "settings": {"socket_mode_enabled": True}}, data=tmp_path) as after:
        assert after.workspace.bot.id == bot
        assert (after.workspace.app.name, after.workspace.app.scopes) == ("Macaw", {"commands"})


async def test_what_cannot_be_written_now_is_written_once_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    async with Sandbox(MANIFEST, data=tmp_path) as slack:
        assert slack.keeping is not None
        with monkeypatch.context() as patched:
            patched.setattr(folder_module, "_replace", full)
            await slack.person("ann").types("while it was full", channel="general")
            await slack.keeping.save()
            await slack.keeping.save()
        assert [record.getMessage() for record in caplog.records] == [
            "the workspace cannot be kept: [Errno 28] No space left on device"
        ]

    async with Sandbox(MANIFEST, data=tmp_path) as again:
        assert again.person("ann").finds("general", containing="while it was full") is not None


deeds = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.text()),
        st.tuples(st.just("post"), st.sampled_from(["half a \ud83d pair", "\x00", "\u2028", '"\\n"'])),
        st.tuples(st.just("reply"), st.text(min_size=1)),
        st.tuples(st.just("whisper"), st.text(min_size=1)),
        st.tuples(st.sampled_from(["delete", "edit", "react", "save", "channel"]), st.just("x")),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=40)  # each writes to the disk, which may be busy
@given(deeds)
def test_whatever_happens_between_two_savings_what_is_read_is_what_was_there(done: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        before, after = asyncio.run(_lived(Path(folder), done))

    assert same(after, before)


async def _lived(folder: Path, done: list[tuple[str, str]]) -> tuple[Records, Records]:
    space = Workspace(Manifest(), noon())
    keeping = Keeping(space, folder)
    seed_workspace(space)
    await keeping.start()
    for what, words in done:
        if what == "save":
            await keeping.save()
        else:
            _do(space, what, words)
    await keeping.close()
    again = Workspace(Manifest(), noon())
    reading = Keeping(again, folder)
    assert reading.load()
    await reading.close()
    return records_of(space), records_of(again)


def _do(space: Workspace, what: str, words: str) -> None:
    ann, bot = space.user_named("ann").id, space.bot.id
    channel = list(space.channels.values())[-1]
    typed = [message for message in channel.messages.values() if message.user == ann and not message.subtype]
    newest = next((message for message in reversed(typed) if not message.is_reply), None)
    if what == "channel":
        space.conversations.create(f"c{len(space.channels)}", by=ann)
    elif what == "whisper":
        space.chat.post_ephemeral(channel, by=bot, to=ann, draft={"text": words})
    elif what == "post" or newest is None:
        space.chat.post(channel, by=ann, draft={"text": words})
    elif what == "reply":
        space.chat.post(channel, by=ann, draft={"text": words, "thread_ts": newest.ts})
    elif what == "delete":
        space.chat.delete(channel, newest, by=ann)
    elif what == "edit":
        space.chat.edit(channel, newest, by=ann, changes={"text": words})
    elif not newest.reactions:
        space.reactions.add(channel, newest, "eyes", by=ann)
