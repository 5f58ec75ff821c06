"""What `sitrep doctor` says of those whom sitrep.toml names: people and channels in Slack, webhooks and trackers."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.finding import SLACK_FAULTS, Finding, in_words
from bot.messenger.notices import UNKNOWN
from bot.messenger.roads import NotYet, Refused
from bot.messenger.slack import Slack
from bot.messenger.trackers import Trackers
from bot.settings import BadSettings, load_tracker_secrets, load_webhook_secrets
from workflows.process import Process


def names_anybody(process: Process) -> bool:
    """Whether there is anybody to look up."""
    return any(True for _ in _named(process))


async def names(client: AsyncWebClient, process: Process, now: datetime) -> Finding:
    """Whether every channel, user group and person that the process names can be found."""
    directory = Slack(client, digest_channel="", now=lambda: now).directory
    looks: Mapping[str, Callable[[str], Awaitable[object]]] = {
        "channels": directory.find_channel,
        "groups": directory.find_members,
        "people": directory.find_person,
    }
    unknown = []
    try:
        for key, sort, name in _named(process):
            if await looks[sort](name) is None:
                unknown.append(f"“{name}” in {key} {UNKNOWN[sort]}")
    except SLACK_FAULTS as fault:
        return Finding(
            "Names",
            f"cannot be looked up: {in_words(fault)}",
            "Mend the permissions first; if they are right, look again later.",
        )
    if unknown:
        return Finding(
            "Names", "; ".join(unknown), "Correct them in sitrep.toml; by these names nobody hears anything."
        )
    return Finding("Names", "everybody and everything named in sitrep.toml is there")


def _named(process: Process) -> Iterator[tuple[str, str, str]]:
    """Each name of sitrep.toml that stands for something in Slack: its key, its sort, itself."""
    yield from (("escalation", "people", name) for name in process.escalation)
    for key, severity in process.severities.items():
        yield from ((f"severities.{key}.accountable", "people", name) for name in severity.accountable)
    for key, team in process.teams.items():
        yield from ((f"teams.{key}.people", "people", name) for name in team.people)
        yield from ((f"teams.{key}.groups", "groups", name) for name in team.groups)
    for key, audience in process.audiences.items():
        sorts = {"channels": audience.channels, "groups": audience.groups, "people": audience.people}
        for sort, names in sorts.items():
            yield from ((f"audiences.{key}.{sort}", sort, name) for name in names)


def webhooks(process: Process) -> Finding:
    """Whether each webhook has its secret."""
    try:
        secrets = load_webhook_secrets(process)
    except BadSettings as fault:
        return Finding("Webhooks", str(fault), "Set it in the environment, or in the .env file; its receiver knows it.")
    return Finding("Webhooks", f"{', '.join(secrets)}, each with its secret" if secrets else "none in use")


async def trackers(session: aiohttp.ClientSession, process: Process, now: datetime) -> Finding:
    """Whether each tracker outside can be used, without putting anything there."""
    try:
        outside = Trackers(session, process.trackers, load_tracker_secrets(process))
    except BadSettings as fault:
        return Finding("Trackers", str(fault), "Set it in the environment, or in the .env file.")
    found, faults = [], []
    for key in process.trackers:
        try:
            async with outside.using(key, now=lambda: now) as tracker:
                found.append(f"{key} ({await tracker.knock(now=now)})")
        except NotYet as fault:
            faults.append(f"{key}: {fault.because}; look again later, it is tried for 24 hours")
        except Refused as fault:
            faults.append(f"{key}: {fault.because}. {fault.hint}")
    if faults:
        return Finding("Trackers", "; ".join(faults), "Items go there as soon as that is mended; nothing else waits.")
    return Finding("Trackers", ", ".join(found))
