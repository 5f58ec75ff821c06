"""A sandbox with a Bolt app that answers by the listeners a test gives it."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from sandbox import Sandbox
from tests.sandbox.apps import MANIFEST, bolt_app, connected

Json = dict[str, Any]


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(MANIFEST) as sandbox:
        yield sandbox


@pytest.fixture
async def app(slack: Sandbox) -> AsyncIterator[AsyncApp]:
    async with connected(slack, bolt_app(slack)) as app:
        yield app


class Client:
    """The control API as another program uses it."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    async def post(self, path: str, **body: Any) -> Json:
        async with self.session.post(f"{self.url}/control{path}", json=body) as response:
            content: Json = await response.json()
            return content

    async def get(self, path: str, **query: str) -> Json:
        async with self.session.get(f"{self.url}/control{path}", params=query) as response:
            content: Json = await response.json()
            return content


@pytest.fixture
async def control(slack: Sandbox) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(slack.url, session)
