"""The page in a browser: a channel of 5,000 messages opened, scrolled through, and posted to."""

import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

import aiohttp
from playwright.async_api import Browser, Page, async_playwright

from benchmarks.measure import Figures, LeftOut, percentile
from benchmarks.processes import Workspace, workspace

MESSAGES, MEMBERS = 5000, 500
OPENED = 10
POSTED = 200
STEP = 400
"""Pixels of a frame for somebody who scrolls in haste: half a page of messages."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROBE = Path(__file__).with_name("probe.js")


async def page() -> Figures:
    """From opening the page to the newest message on it, each frame while scrolling up, and a message's way to it."""
    figures = Figures()
    async with workspace(latency=0) as slack, _browser() as browser:
        full = await slack.order("/bench/fill", name="full", messages=MESSAGES, members=MEMBERS)
        empty = await slack.order("/bench/fill", name="empty", messages=1, members=1)
        for told, room in ((figures.ours, full), (figures.floor, empty)):
            opened = [await _opening(browser, slack, room["channel"], room["newest"]) for _ in range(OPENED)]
            told |= {"newest message drawn": median(opened), "newest message drawn, worst": max(opened)}
        async with _window(browser, slack, full["channel"], full["newest"]) as one:
            _note(
                figures.floor, "on the page after the call", await one.evaluate(f"probe.echo('/bench/echo', {POSTED})")
            )
            _note(figures.ours, "on the page after the call", await _posting(one, slack, full["channel"]))
            figures.floor |= _frames(await one.evaluate("probe.idle(120)"))
            figures.ours |= _frames(await one.evaluate(f"probe.climb('{full['oldest']}', {STEP})"))
    return figures


async def _opening(browser: Browser, slack: Workspace, channel: str, words: str) -> float:
    """Milliseconds from the navigation of a browser that knows nothing yet."""
    async with _window(browser, slack, channel, words) as one:
        return float(await one.evaluate("async words => await probe.painted(words) - performance.timeOrigin", words))


async def _posting(one: Page, slack: Workspace, channel: str) -> list[float]:
    """Milliseconds from each call of the app's, made by another process than the page's, one after another."""
    headers, took = {"Authorization": f"Bearer {slack.described['bot_token']}"}, []
    async with aiohttp.ClientSession(slack.described["api_url"], headers=headers) as session:
        for number in range(MESSAGES + 1, MESSAGES + POSTED + 1):
            words = _words(number)
            began = time.time() * 1000
            async with session.post("chat.postMessage", json={"channel": channel, "text": words}) as answer:
                assert (await answer.json())["ok"]
            took.append(await one.evaluate("words => probe.painted(words)", words) - began)
    return took


def _note(told: dict[str, float], name: str, took: list[float]) -> None:
    told |= {f"{name}, p50": median(took), f"{name}, p99": percentile(took, 99)}


def _frames(took: list[float]) -> dict[str, float]:
    return {"a frame while scrolling, p95": percentile(took, 95), "a frame while scrolling, worst": max(took)}


def _words(number: int) -> str:
    """What the message of this number says, for the probe to know it by."""
    return f"Said as number {number}."


@asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    """The system's Chromium; raises LeftOut where there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise LeftOut("no Chromium on this machine, so the page was not measured (Debian: apt-get install chromium)")
    async with async_playwright() as playwright:
        # As root, and in containers, Chromium cannot make the sandbox it would put its pages into.
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        await browser.close()


@asynccontextmanager
async def _window(browser: Browser, slack: Workspace, channel: str, newest: str) -> AsyncIterator[Page]:
    """The page, opened at a channel by somebody who reads it, once its newest message is there."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    await context.add_init_script(path=PROBE)
    one = await context.new_page()
    await one.goto(f"{slack.described['url']}/?as=person1&in={channel}", wait_until="commit")
    await one.evaluate("words => probe.painted(words)", newest)
    yield one
    await context.close()
