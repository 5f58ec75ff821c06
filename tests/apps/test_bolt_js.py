"""An app made with Bolt for JavaScript lives in the workspace, changed in nothing but the API's address."""

import shutil
from pathlib import Path

import pytest

from sandbox import Sandbox
from sandbox.link.connection import DisconnectReason
from tests.apps.running import MANIFEST, PATIENCE, over_http, over_socket_mode
from tests.apps.story import a_command_and_its_buttons_work, events_work, everything_works
from tests.equipment import missing, package

APP = Path(__file__).parent / "bolt_js"


@pytest.fixture
def node() -> str:
    """Where Node is; skips the test without it or the app's packages, which in CI is a failure."""
    found = shutil.which("node")
    if found is None:
        missing("no Node on this machine: install npm (Debian: apt-get install npm) to run the app's tests")
    package("@slack/bolt")
    return found


async def test_everything_works_over_socket_mode_and_again_on_a_new_connection(node: str) -> None:
    async with Sandbox(MANIFEST) as slack, over_socket_mode(slack, node, APP / "app.js"):
        await everything_works(slack)

        await slack.refresh_connections(DisconnectReason.REFRESH_REQUESTED, grace=0)
        await slack.app_connected(PATIENCE)
        await events_work(slack)


async def test_commands_and_events_work_over_http_with_signatures(node: str) -> None:
    async with Sandbox(MANIFEST) as slack, over_http(slack, node, APP / "app.js"):
        await slack.person("ann").invites("lunch", "general")

        await a_command_and_its_buttons_work(slack)
        await events_work(slack)

        assert slack.complaints == []
