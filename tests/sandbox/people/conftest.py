"""A sandbox with a Bolt app that answers by the listeners a test gives it."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncApp

from sandbox import Sandbox
from tests.sandbox.apps import MANIFEST, bolt_app, connected


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(MANIFEST) as sandbox:
        yield sandbox


@pytest.fixture
async def app(slack: Sandbox) -> AsyncIterator[AsyncApp]:
    async with connected(slack, bolt_app(slack)) as app:
        yield app
