"""The measurements: each starts what it needs, and ends it."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.crowd import WORKERS
from benchmarks.processes import App, Workspace, bare_app, postgresql, sitrep, workspace

R = 0.1
"""Seconds that each call of Slack's takes."""
AT_ONCE = 20
IN_A_ROW = 10
STARTS = 5
PER_SECOND, SECONDS = 100, 10
MARKS_AT_ONCE = 500
BURST = 2000
ENTRIES = 10_000
RECIPIENTS = 200
AUDIENCE = """
[audiences.readers]
name = "Readers"
on = ["update"]
groups = ["readers"]
"""
FLAT_OUT = 5
"""Seconds of a load without a pace."""
ROUNDS = 5
"""How often twenty are declared at once."""
SOON, PATIENTLY = 20, 120
"""Seconds for one declaration to be done, and for twenty, which Slack's rate limits may hold up."""

Samples = dict[str, Any]


@dataclass
class Figures:
    """What was measured, by name; the same names for the floor where there is one."""

    ours: dict[str, float] = field(default_factory=dict)
    floor: dict[str, float] = field(default_factory=dict)


class LeftOut(Exception):
    """Something a part needs is not on this machine."""


async def start() -> Figures:
    """From the start of the process to ready, on no database and on one that is there, and memory then."""
    figures = Figures()
    async with workspace(latency=R) as slack:
        fresh = [await _started(sitrep(slack)) for _ in range(STARTS)]
        with tempfile.TemporaryDirectory(prefix="sitrep-bench-") as folder:
            first, *again = [await _started(sitrep(slack, folder)) for _ in range(STARTS + 1)]
        bare = [await _started(bare_app(slack)) for _ in range(STARTS)]
    figures.ours = _of_starts([*fresh, first])
    figures.ours |= {f"{name}, started again": value for name, value in _of_starts(again).items()}
    figures.floor = _of_starts(bare)
    return figures


async def _started(starting: AbstractAsyncContextManager[App]) -> App:
    async with starting as app:
        return app


def _of_starts(apps: list[App]) -> dict[str, float]:
    return {
        "ready": median(app.started_in for app in apps) * 1000,
        "ready, worst": max(app.started_in for app in apps) * 1000,
        "processor time until ready": median(app.processor_time_when_ready for app in apps) * 1000,
        "memory when ready": median(app.memory_when_ready for app in apps),
    }


async def one() -> Figures:
    """Declarations one after another; the first, which also makes the digest channel, is told apart."""
    figures = Figures()
    async with workspace(latency=R) as slack, sitrep(slack) as app:
        first = await declare(slack, 1)
        before = app.processor_time()
        rounds = [await declare(slack, 1) for _ in range(IN_A_ROW)]
        figures.ours["processor time of the bot for each"] = (app.processor_time() - before) * 1000 / IN_A_ROW
        figures.ours["memory after"] = app.memory()
    for name in ("acknowledged", "card"):
        figures.ours[name] = median(one[name][0] for one in rounds)
        figures.ours[f"{name}, worst"] = max(one[name][0] for one in rounds)
        figures.ours[f"{name}, first since the start"] = first[name][0]
    figures.ours["done"] = median(one["done"] for one in rounds)
    figures.ours["done, worst"] = max(one["done"] for one in rounds)
    figures.ours["done, first since the start"] = first["done"]
    figures.ours["calls"] = median(one["calls"] for one in rounds)
    return figures


async def twenty() -> Figures:
    """Twenty forms submitted at the same moment, a few times, without rate limits and with the sandbox's."""
    figures = Figures()
    for limited in (False, True):
        async with workspace(latency=R, rate_limits=limited) as slack, sitrep(slack) as app:
            await _refill(slack, await declare(slack, 1))
            before = app.processor_time()
            rounds = [await _refill(slack, await declare(slack, AT_ONCE, timeout=PATIENTLY)) for _ in range(ROUNDS)]
            spent = app.processor_time() - before
            _note_rounds(figures, rounds, " (rate limits on)" if limited else "")
            if not limited:
                each = spent * 1000 / AT_ONCE / ROUNDS
                figures.ours |= {"processor time of the bot for each": each, "memory after": app.memory()}
    return figures


def _note_rounds(figures: Figures, rounds: list[Samples], when: str) -> None:
    acknowledged = [value for one in rounds for value in one["acknowledged"]]
    cards = [value for one in rounds for value in one["card"]]
    figures.ours |= {
        f"acknowledged, median{when}": median(acknowledged),
        f"acknowledged, p99{when}": percentile(acknowledged, 99),
        f"card, median{when}": median(cards),
        f"card, worst{when}": max(cards),
        f"all done, first time since the start{when}": rounds[0]["done"],
        f"all done, median{when}": median(one["done"] for one in rounds),
        f"calls{when}": median(one["calls"] for one in rounds),
        f"calls refused with 429{when}": max(one["refused"] for one in rounds),
    }


async def load() -> Figures:
    """Commands and events at a pace, and as many as are taken, against an app that only acknowledges."""
    figures = Figures()
    async with workspace(latency=R) as slack:
        async with sitrep(slack) as app:
            await declare(slack, 1)
            figures.ours = await _under_load(slack, app, channel="inc-1")
        async with bare_app(slack) as app:
            figures.floor = await _under_load(slack, app, channel="inc-1")
    return figures


async def _under_load(slack: Workspace, app: App, *, channel: str) -> dict[str, float]:
    measured: dict[str, float] = {}
    for kind in ("command", "event"):
        order = {"kind": kind, "channel": channel}
        before = app.processor_time()
        paced = await slack.order("/bench/load", **order, per_second=PER_SECOND, seconds=SECONDS)
        busy = (app.processor_time() - before) / paced["seconds"]
        flat_out = await slack.order("/bench/load", **order, per_second=None, seconds=FLAT_OUT)
        _none_failed(paced, flat_out)
        measured |= {
            f"{kind}s: p50 at {PER_SECOND}/s": percentile(paced["acknowledged"], 50),
            f"{kind}s: p99 at {PER_SECOND}/s": percentile(paced["acknowledged"], 99),
            f"{kind}s: share of a core at {PER_SECOND}/s": busy * 100,
            f"{kind}s: most a second": len(flat_out["acknowledged"]) / flat_out["seconds"],
        }
    return measured | {"memory after": app.memory()}


async def capture() -> Figures:
    """Messages kept a second, on each database, against an app that only acknowledges."""
    figures = Figures()
    async with workspace(latency=R) as slack:
        for name in ("SQLite", "PostgreSQL"):
            async with _on(name) as database, sitrep(slack, database=database) as app:
                await declare(slack, 1)
                channel = f"inc-1-checkout-fails-in-region-r{1 + ('SQLite', 'PostgreSQL').index(name)}"
                said = await _under_messages(slack, app, channel=channel)
                figures.ours |= {f"{figure} ({name})": value for figure, value in said.items()}
                figures.ours |= await _crowded(slack, name, channel=channel)
        async with bare_app(slack) as app:
            said = await _under_messages(slack, app, channel=channel)
            figures.floor = {
                f"{figure} ({on})": value for figure, value in said.items() for on in ("SQLite", "PostgreSQL")
            }
    return figures


async def timeline() -> Figures:
    """The first page of a long timeline."""
    figures = Figures()
    async with workspace(latency=R) as slack, sitrep(slack):
        await declare(slack, 1)
        _none_failed(await slack.order("/bench/alerts", channel="inc-1", entries=ENTRIES))
        opened = [await slack.order("/bench/form", channel="inc-1", words="timeline") for _ in range(IN_A_ROW)]
    if not all(one["complete"] for one in opened):
        raise RuntimeError("the timeline did not open")
    figures.ours["first page, from the command to the call"] = median(one["opened"] for one in opened)
    figures.ours["first page, worst"] = max(one["opened"] for one in opened)
    return figures


async def notices() -> Figures:
    """An update that many people follow, while commands go on."""
    figures = Figures()
    order = {"channel": "inc-1", "readers": RECIPIENTS, "per_second": PER_SECOND // 2, "seconds": SECONDS / 2}
    async with workspace(latency=R) as slack:
        await slack.order("/bench/readers", readers=RECIPIENTS)
        async with sitrep(slack, process=AUDIENCE):
            await declare(slack, 1)
            told = await slack.order("/bench/notify", **order)
    _none_failed(told)
    figures.ours = {
        "update acknowledged": told["published"],
        f"all {RECIPIENTS} recipients told": told["told"],
        "commands meanwhile: acknowledged, p50": percentile(told["acknowledged"], 50),
        "commands meanwhile: acknowledged, p99": percentile(told["acknowledged"], 99),
    }
    return figures


@asynccontextmanager
async def _on(name: str) -> AsyncIterator[str | None]:
    if name == "SQLite":
        yield None
        return
    async with postgresql() as address:
        yield address


async def _under_messages(slack: Workspace, app: App, *, channel: str) -> dict[str, float]:
    order = {"kind": "message", "channel": channel}
    before = app.processor_time()
    paced = await slack.order("/bench/load", **order, per_second=PER_SECOND, seconds=SECONDS)
    busy = (app.processor_time() - before) / paced["seconds"]
    flat_out = await slack.order("/bench/load", **order, per_second=None, seconds=FLAT_OUT)
    _none_failed(paced, flat_out)
    return {
        f"acknowledged, p50 at {PER_SECOND}/s": percentile(paced["acknowledged"], 50),
        f"acknowledged, p99 at {PER_SECOND}/s": percentile(paced["acknowledged"], 99),
        f"share of a core at {PER_SECOND}/s": busy * 100,
        f"messages, most a second with {WORKERS['message']} under way": len(flat_out["acknowledged"])
        / flat_out["seconds"],
    }


async def _crowded(slack: Workspace, name: str, *, channel: str) -> dict[str, float]:
    """Many marks at the same moment, and a burst."""
    marked = await slack.order("/bench/mark", channel=channel, marks=MARKS_AT_ONCE)
    burst = await slack.order("/bench/burst", channel=channel, events=BURST)
    _none_failed(marked, burst)
    return {
        f"{MARKS_AT_ONCE} marks at once, processed ({name})": marked["processed"],
        f"a command in their midst, acknowledged ({name})": marked["command"],
        f"burst of {BURST} messages, all kept ({name})": burst["done"],
    }


def _none_failed(*samples: Samples) -> None:
    failed = sum(sample["failures"] for sample in samples)
    if failed:
        raise RuntimeError(f"{failed} payloads were not acknowledged")


async def declare(slack: Workspace, at_once: int, *, timeout: float = SOON) -> Samples:  # noqa: ASYNC109
    """So many people declare at the same moment; raises RuntimeError when not everything is there in time."""
    sample = await slack.order("/bench/declare", at_once=at_once, timeout=timeout)
    if not sample["complete"]:
        raise RuntimeError(f"not everything was there {timeout} s after {at_once} declarations")
    return sample


async def _refill(slack: Workspace, sample: Samples) -> Samples:
    """Let the workspace's time pass that refills every budget of calls."""
    await slack.order("/control/clock", advance=120)
    return sample


def percentile(values: list[float], share: float) -> float:
    """The smallest value that so many per cent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(share) // 100) - 1)]
