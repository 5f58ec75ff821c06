"""Who may reach the workspace: nobody by a name that leads here from elsewhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.reaching import address, is_loopback
from tests.sandbox.apps import MANIFEST

PLACES = ("/", "/page/static/js/main.js", "/page/socket?as=ann", "/control", "/control/calls", "/api/api.test")


@asynccontextmanager
async def calling(host: str = "127.0.0.1") -> AsyncIterator[tuple[Sandbox, aiohttp.ClientSession]]:
    """A workspace that listens there, and somebody on this machine who calls it."""
    async with Sandbox(MANIFEST, host=host) as slack, aiohttp.ClientSession(slack.url) as caller:
        yield slack, caller


async def answers(caller: aiohttp.ClientSession, path: str, **headers: str) -> int:
    """The status of what this path answers."""
    async with caller.get(path, headers=headers) as response:
        return response.status


@pytest.mark.parametrize("path", PLACES)
async def test_a_name_that_somebody_had_lead_to_this_machine_is_refused(path: str) -> None:
    async with calling() as (slack, caller):
        rebound = f"evil.example:{urlsplit(slack.url).port}"

        assert await answers(caller, path, Host=rebound, Origin=f"http://{rebound}") == 403


async def test_what_only_looks_like_a_loopback_name_is_refused() -> None:
    async with calling() as (_, caller):
        for name in ("localhost.evil.example", "127.0.0.1.evil.example", "evil.example@localhost", "127.0.0.1:80.evil"):
            assert await answers(caller, "/", Host=name) == 403, name


async def test_every_loopback_name_is_answered_with_or_without_a_port() -> None:
    async with calling() as (slack, caller):
        port = urlsplit(slack.url).port
        for name in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}", "localhost", f"LocalHost:{port}"):
            assert await answers(caller, "/", Host=name) == 200, name


async def test_a_bot_is_answered_at_the_address_it_was_given() -> None:
    async with calling() as (_, caller):
        assert await answers(caller, "/api/api.test") == 200


async def test_listening_everywhere_the_page_serves_any_name_but_no_other_pages_script() -> None:
    async with calling("0.0.0.0") as (_, caller):
        assert await answers(caller, "/", Host="wall-screen.example") == 200
        deed = {"channel": "general", "ts": "1"}
        own = {"Host": "wall-screen.example", "Origin": "http://wall-screen.example"}
        async with caller.post("/page/do/reads?as=ann", json=deed, headers=own) as response:
            assert response.status == 200
        async with caller.post(
            "/page/do/reads?as=ann", json=deed, headers=own | {"Origin": "http://e.example"}
        ) as other:
            assert other.status == 403


async def test_listening_everywhere_the_control_interface_stays_with_this_machine() -> None:
    async with calling("0.0.0.0") as (_, caller):
        assert await answers(caller, "/control") == 200
        assert await answers(caller, "/control", Host="evil.example") == 403


@pytest.mark.parametrize("path", ["/control/users/ann/deactivate", "/control/clock", "/page/do/reads", "/page/guide"])
async def test_a_page_from_elsewhere_acts_for_nobody_by_any_road(path: str) -> None:
    async with calling() as (slack, caller):
        async with caller.post(path, json={"advance": 60}, headers={"Origin": "https://e.example"}) as response:
            assert response.status == 403

        assert "ann" in slack.people()


@pytest.mark.parametrize(
    ("host", "found_at", "is_ours_alone"),
    [
        ("127.0.0.1", "http://127.0.0.1:80", True),
        ("localhost", "http://localhost:80", True),
        ("::1", "http://[::1]:80", True),
        ("0.0.0.0", "http://127.0.0.1:80", False),
        ("192.0.2.7", "http://192.0.2.7:80", False),
        ("desk.example", "http://desk.example:80", False),
    ],
)
def test_an_address_is_one_that_a_browser_can_open(host: str, found_at: str, is_ours_alone: bool) -> None:
    assert address(host, 80) == found_at
    assert is_loopback(host) is is_ours_alone


async def test_a_workspace_whose_port_is_taken_can_be_started_at_another() -> None:
    async with Sandbox(MANIFEST) as first:
        second = Sandbox(MANIFEST, port=urlsplit(first.url).port or 0)
        with pytest.raises(OSError, match="in use"):
            await second.start()

        await second.start(port=0)

        try:
            assert second.url != first.url
            async with aiohttp.ClientSession(second.url) as caller:
                assert await answers(caller, "/") == 200
        finally:
            await second.stop()
