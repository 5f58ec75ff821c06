"""How the page's own files are served."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox import Sandbox
from tests.sandbox.apps import MANIFEST


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with Sandbox(MANIFEST) as sandbox, aiohttp.ClientSession(sandbox.url) as session:
        yield session


async def test_the_page_names_each_script_at_its_beginning(browser: aiohttp.ClientSession) -> None:
    words = await (await browser.get("/")).text()

    head = words.partition("</head>")[0]
    assert '<link rel="modulepreload" href="/page/static/js/main.js">' in head
    assert '<link rel="modulepreload" href="/page/static/js/guide/pointing.js">' in head


async def test_a_file_that_a_browser_has_is_not_sent_again(browser: aiohttp.ClientSession) -> None:
    first = await browser.get("/page/static/js/main.js")
    again = await browser.get("/page/static/js/main.js", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status, first.content_type) == (200, "text/javascript")
    assert (again.status, await again.read()) == (304, b"")


async def test_nothing_beside_the_pages_own_files_is_served(browser: aiohttp.ClientSession) -> None:
    outside = await browser.get("/page/static/%2e%2e/routes.py")
    folder = await browser.get("/page/static/js")
    nowhere = await browser.get("/page/static/%00.js")
    without_policy = await browser.get("/page/static/index.html")

    assert [answer.status for answer in (outside, folder, nowhere, without_policy)] == [404, 404, 404, 404]


async def test_the_page_comes_with_a_policy_that_lets_no_words_run(browser: aiohttp.ClientSession) -> None:
    policy = (await browser.get("/")).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
