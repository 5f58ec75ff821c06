"""Files are fetched from Slack with the token, and from nobody else."""

import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.messenger.fetcher import MEGABYTE, Fetcher, NotToBeHad
from bot.messenger.files import MOST_ATTEMPTS, fetch_file
from bot.messenger.slack import Held
from bot.messenger.work import CannotWork, Work
from storage.files import FileStore
from storage.tables import DeliveryKind
from tests.bot.scripted_slack import Answer, ScriptedSlack, a_claim, refusal
from tests.bot.values import a_situation
from tests.builders import PROCESS

GRAPH = b"\x89PNG a graph of errors"
SIGN_IN = "Slack asked for a sign-in instead of handing it out"


class FileHost:
    """Slack's file host, or somebody else's: answers as a test says, and remembers which tokens it was shown."""

    def __init__(self) -> None:
        self.answer: Callable[[], web.Response] = lambda: web.Response(body=GRAPH, content_type="image/png")
        self.tokens: list[str | None] = []
        app = web.Application()
        app.router.add_get("/graph.png", self._serve)
        app.router.add_get("/moved.png", self._moved)
        self.moved_to = "/graph.png"
        self.server = TestServer(app)

    async def _serve(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers.get("Authorization"))
        return self.answer()

    async def _moved(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers.get("Authorization"))
        raise web.HTTPFound(self.moved_to)

    def url(self, path: str = "/graph.png") -> str:
        return str(self.server.make_url(path))


@pytest.fixture
async def host() -> AsyncIterator[FileHost]:
    """Slack's."""
    host = FileHost()
    async with host.server:
        yield host


@pytest.fixture
async def elsewhere() -> AsyncIterator[FileHost]:
    """Somebody else's."""
    host = FileHost()
    async with host.server:
        yield host


@pytest.fixture
async def fetcher(host: FileHost, tmp_path: Path) -> AsyncIterator[Fetcher]:
    """Fetches from Slack's host into a fresh folder."""
    async with aiohttp.ClientSession() as session:
        store = FileStore(tmp_path / "files")
        yield Fetcher(session, store, token=SecretStr("xoxb-secret"), api_url=host.url("/api/"))


def a_file(host: FileHost, path: str = "/graph.png", **changes: Any) -> dict[str, object]:
    """What Slack knows of a file."""
    known = {"id": "F1", "mimetype": "image/png", "size": len(GRAPH), "mode": "hosted", "is_external": False}
    return {"file": {**known, "url_private_download": host.url(path), **changes}}


def work(answer: Answer, fetcher: Fetcher | None, *, attempt: int = 1) -> Work:
    """A file to be fetched."""
    claim = a_claim(DeliveryKind.FETCH_FILE, payload={"file_id": "F1", "ts": "1.2"}, attempt=attempt)
    return Work(ScriptedSlack(files__info=answer).slack(), PROCESS, claim, a_situation(), fetcher=fetcher)


async def test_a_file_is_fetched_with_the_token_and_stored(host: FileHost, fetcher: Fetcher, tmp_path: Path) -> None:
    answer = await fetch_file(work(a_file(host), fetcher))

    assert answer == {"sha256": hashlib.sha256(GRAPH).hexdigest()}
    assert (tmp_path / "files" / answer["sha256"]).read_bytes() == GRAPH
    assert host.tokens == ["Bearer xoxb-secret"]


async def test_a_file_that_slack_moved_is_fetched_where_it_is(host: FileHost, fetcher: Fetcher) -> None:
    assert "sha256" in await fetch_file(work(a_file(host, "/moved.png"), fetcher))


@pytest.mark.parametrize("path", ["/graph.png", "/moved.png"])
async def test_nobody_else_is_ever_shown_the_token(
    host: FileHost, elsewhere: FileHost, fetcher: Fetcher, path: str
) -> None:
    host.moved_to = elsewhere.url()
    asked = host if path == "/moved.png" else elsewhere

    answer = await fetch_file(work(a_file(asked, path), fetcher))

    assert answer == {"because": "it is kept elsewhere"}
    assert elsewhere.tokens == []


async def test_a_page_that_asks_for_a_sign_in_is_no_file(host: FileHost, fetcher: Fetcher, tmp_path: Path) -> None:
    host.answer = lambda: web.Response(text="<html>Sign in</html>", content_type="text/html")

    assert await fetch_file(work(a_file(host), fetcher)) == {"because": SIGN_IN}
    assert not (tmp_path / "files").exists()


async def test_going_round_in_circles_ends(host: FileHost, fetcher: Fetcher) -> None:
    host.moved_to = "/moved.png"

    assert await fetch_file(work(a_file(host, "/moved.png"), fetcher)) == {"because": SIGN_IN}


async def test_a_page_of_html_that_somebody_shared_is_a_file(host: FileHost, fetcher: Fetcher) -> None:
    host.answer = lambda: web.Response(text="<html>Status</html>", content_type="text/html")

    assert "sha256" in await fetch_file(work(a_file(host, mimetype="text/html"), fetcher))


@pytest.mark.parametrize(
    ("known", "because"),
    [
        ({"size": 26 * MEGABYTE}, "it is larger than 25 MB"),
        ({"mode": "tombstone"}, "it was deleted"),
        ({"mode": "hidden_by_limit"}, "the workspace's plan hides it"),
        ({"mode": "external", "is_external": True}, "it is kept elsewhere"),
        ({"is_external": True}, "it is kept elsewhere"),
        ({"url_private_download": None}, "Slack does not show it to the bot"),
    ],
)
async def test_what_cannot_be_had_is_not_asked_for(
    host: FileHost, fetcher: Fetcher, known: dict[str, Any], because: str
) -> None:
    assert await fetch_file(work(a_file(host, **known), fetcher)) == {"because": because}
    assert host.tokens == []


@pytest.mark.parametrize(
    ("code", "because"),
    [("file_deleted", "it was deleted"), ("not_visible", "Slack does not show it to the bot")],
)
async def test_a_file_slack_does_not_know_any_more_is_let_go(fetcher: Fetcher, code: str, because: str) -> None:
    assert await fetch_file(work(refusal(code), fetcher)) == {"because": because}


async def test_a_file_larger_than_it_said_is_left_in_the_middle(
    host: FileHost, fetcher: Fetcher, tmp_path: Path
) -> None:
    host.answer = lambda: web.Response(body=bytes(MEGABYTE + 1), content_type="image/png")

    with pytest.raises(NotToBeHad, match="it is larger than 1 MB"):
        await fetcher.fetch(host.url(), mimetype="image/png", most=MEGABYTE)

    assert list((tmp_path / "files").iterdir()) == []


@pytest.mark.parametrize(
    ("status", "because"), [(404, "it was deleted"), (403, "Slack did not hand it out (HTTP 403)")]
)
async def test_what_slack_refuses_is_let_go(host: FileHost, fetcher: Fetcher, status: int, because: str) -> None:
    host.answer = lambda: web.Response(status=status)

    assert await fetch_file(work(a_file(host), fetcher)) == {"because": because}


async def test_an_outage_is_waited_for_but_not_for_ever(host: FileHost, fetcher: Fetcher) -> None:
    host.answer = lambda: web.Response(status=503)

    with pytest.raises(aiohttp.ClientError):
        await fetch_file(work(a_file(host), fetcher))
    assert await fetch_file(work(a_file(host), fetcher, attempt=MOST_ATTEMPTS)) == {
        "because": "Slack did not hand it out"
    }


async def test_as_long_as_slack_asks_is_waited(host: FileHost, fetcher: Fetcher) -> None:
    host.answer = lambda: web.Response(status=429, headers={"Retry-After": "7"})

    with pytest.raises(Held):
        await fetch_file(work(a_file(host), fetcher))


async def test_a_folder_that_cannot_be_written_to_is_told_to_a_person(
    host: FileHost, fetcher: Fetcher, tmp_path: Path
) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")

    with pytest.raises(CannotWork, match="no_file_store"):
        await fetch_file(work(a_file(host), fetcher))
