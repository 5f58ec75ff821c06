"""`sitrep doctor`: checks what Sitrep needs, and names each fault with its mend."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import yaml
from rich.console import Console
from rich.markup import escape
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.doctor_outside import names, names_anybody, trackers, webhooks
from bot.finding import SLACK_FAULTS, Finding, in_words
from bot.manifest import MANIFEST
from bot.messenger.faults import hint
from bot.messenger.post_office import PostOffice
from bot.messenger.roads import NotYet
from bot.messenger.slack import UNREADABLE, code_of
from bot.settings import Mode, Settings, is_channel_id
from storage.digests import list_last_ended_in
from storage.engine import BadDatabaseAddress, Database, DatabaseUnreachable, database_url
from storage.migrations import HEAD
from storage.schema import find_revision
from storage.tables import Delivery, DeliveryOutcome
from workflows.digests import DIGESTS, LANE
from workflows.facts import list_unknown_services
from workflows.process import Process

TIMEOUT = 10
SKEW_ALLOWED = 60
"""Seconds our clock may differ from Slack's; from 300 on every request of Slack's is refused as a replay."""

MOST_NAMED = 10
"""Services, and incidents of each, in one line."""


async def examine(settings: Settings, process: Process, *, now: datetime, console: Console | None = None) -> int:
    """Check everything, print it, and give the exit code: 1 if there is any fault."""
    console = console or Console(highlight=False, soft_wrap=True)
    faults = 0
    async for finding in findings(settings, process, now=now):
        faults += finding.is_fault
        mark = "[red]✗[/red]" if finding.is_fault else "[green]✓[/green]"
        console.print(f"{mark} [bold]{finding.what}[/bold]  {escape(finding.says)}")
        if finding.is_fault:
            console.print(f"  → {finding.mend}")
    console.print("All is well." if not faults else f"{faults} to mend.")
    return 1 if faults else 0


async def findings(settings: Settings, process: Process, *, now: datetime) -> AsyncIterator[Finding]:
    """Everything that is checked, in order; later checks are left out where an earlier fault makes them idle."""
    yield Finding(
        "Process",
        f"{settings.sitrep_config}: {len(process.severities)} severities, "
        f"{len(process.roles)} roles, {len(process.services)} services",
    )
    database = await _database(settings)
    yield database
    if not database.is_fault and await find_revision(settings.database_url):
        async for finding in _from_rows(settings, process):
            yield finding
    yield await _mail(settings, process, now)
    yield webhooks(process)
    async with aiohttp.ClientSession() as session:
        if process.trackers:
            yield await trackers(session, process, now)
        client = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.api_url,
            timeout=TIMEOUT,
            session=session,
            retry_handlers=[],
        )
        try:
            identity = await client.auth_test()
        except SLACK_FAULTS as fault:
            yield _token_fault(fault, settings)
            return
        yield Finding("Bot token", f"{identity['user']} in {identity['team']}")
        yield _scopes(identity)
        yield _clock(identity, now)
        yield await _way_in(client, settings)
        yield await _digest_channel(client, settings.digest_channel)
        if names_anybody(process):
            yield await names(client, process, now)


async def _database(settings: Settings) -> Finding:
    kind = "SQLite" if database_url(settings.database_url).get_backend_name() == "sqlite" else "PostgreSQL"
    try:
        revision = await find_revision(settings.database_url)
    except (BadDatabaseAddress, DatabaseUnreachable) as fault:
        return Finding(
            "Database",
            f"{kind} cannot be reached: {fault}",
            "Check DATABASE_URL: the server's name, user and password, or the file's folder and rights.",
        )
    if revision is None:
        return Finding("Database", f"{kind}, empty; its tables are made at the first start")
    if revision != HEAD:
        return Finding(
            "Database",
            f"{kind}, at schema {revision}; this version wants {HEAD}",
            "Run `sitrep migrate`, or start `sitrep serve`, which does it too.",
        )
    return Finding("Database", f"{kind}, schema {revision}")


async def _from_rows(settings: Settings, process: Process) -> AsyncIterator[Finding]:
    """What the rows say: services that people typed, and digests that could not be posted."""
    database = Database(settings.database_url)
    try:
        async with database.read() as session:
            unknown = await list_unknown_services(session, process=process) if process.services else {}
            ended = await list_last_ended_in(session, LANE)
    finally:
        await database.close()
    if unknown:
        yield _services(unknown, settings)
    for digest in ended:
        if digest.outcome is DeliveryOutcome.GAVE_UP:
            yield _stopped(digest)


def _services(unknown: Mapping[str, Sequence[str]], settings: Settings) -> Finding:
    """Services that people typed and that the settings do not have: to be added there, or mapped."""
    named = [f"{name} ({', '.join(refs[:MOST_NAMED])})" for name, refs in unknown.items()]
    listed = "; ".join(named[:MOST_NAMED])
    return Finding("Services", f"{len(named)} that people typed and {settings.sitrep_config} does not have: {listed}")


def _stopped(digest: Delivery) -> Finding:
    """A digest belongs to no incident, so nobody is told in Slack that it could not be posted."""
    because = digest.last_error or "unknown"
    return Finding(
        "Digests",
        f"the {_DIGEST_NAMES[digest.kind]} of {digest.payload['on']} could not be posted ({because})",
        f"{hint(because, kind=digest.kind)} The next one comes by itself.",
    )


_DIGEST_NAMES = dict(zip(DIGESTS, ("weekly digest", "monthly digest", "quarter's trends"), strict=True))


async def _mail(settings: Settings, process: Process, now: datetime) -> Finding:
    """Connect and log in, and send nothing."""
    server = settings.mail_server
    if server is None:
        if any(audience.emails for audience in process.audiences.values()):
            return Finding(
                "Mail",
                f"audiences of {settings.sitrep_config} have addresses, but SMTP_URL is not set",
                "Set SMTP_URL, or take the addresses out.",
            )
        return Finding("Mail", "SMTP_URL is not set, so nobody is told by mail")
    try:
        return Finding("Mail", await PostOffice(server, now=lambda: now).knock())
    except NotYet as fault:
        return Finding(
            "Mail",
            f"{server.host}:{server.port}: {fault.because}",
            "Check SMTP_URL: the server's name and port, smtp or smtps, user and password.",
        )


def _token_fault(fault: Exception, settings: Settings) -> Finding:
    if isinstance(fault, SlackApiError) and code_of(fault) != UNREADABLE:
        return Finding(
            "Bot token",
            f"Slack answers {code_of(fault)}",
            "Copy the Bot User OAuth Token (xoxb-…) again from OAuth & Permissions into SLACK_BOT_TOKEN.",
        )
    return Finding(
        "Bot token",
        f"{settings.api_url} cannot be reached ({type(fault).__name__})",
        "Check the network, a proxy, and SLACK_API_URL.",
    )


def _scopes(identity: AsyncSlackResponse) -> Finding:
    if not MANIFEST.exists():
        return Finding("Permissions", f"{MANIFEST.name} is not beside the program", "Run from a checkout of Sitrep.")
    wanted = set(yaml.safe_load(MANIFEST.read_text("utf-8"))["oauth_config"]["scopes"]["bot"])
    granted = set(_header(identity, "x-oauth-scopes").replace(" ", "").split(","))
    missing = sorted(wanted - granted)
    if missing:
        return Finding(
            "Permissions",
            f"missing: {', '.join(missing)}",
            "Add them under OAuth & Permissions, or paste manifest.yml under App Manifest; then reinstall.",
        )
    return Finding("Permissions", f"all {len(wanted)} of manifest.yml")


def _clock(identity: AsyncSlackResponse, now: datetime) -> Finding:
    date = _header(identity, "date")
    if not date:
        return Finding("Clock", "Slack did not say what time it is")
    skew = (now - parsedate_to_datetime(date)).total_seconds()
    if abs(skew) > SKEW_ALLOWED:
        return Finding(
            "Clock",
            f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} Slack's",
            "Set this machine's clock by NTP; with five minutes' difference every request is refused.",
        )
    return Finding("Clock", f"within {SKEW_ALLOWED} s of Slack's")


def _header(response: AsyncSlackResponse, name: str) -> str:
    headers: Any = response.headers
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")


async def _way_in(client: AsyncWebClient, settings: Settings) -> Finding:
    if settings.mode is Mode.HTTP:
        return Finding("Requests", f"over HTTP at {settings.sitrep_host}:{settings.sitrep_port}/slack/events, signed")
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SLACK_FAULTS as fault:
        return Finding(
            "Requests",
            f"over Socket Mode, but {in_words(fault)}",
            "Make an app-level token with connections:write under Basic Information, put it in "
            "SLACK_APP_TOKEN, and switch Socket Mode on.",
        )
    return Finding("Requests", "over Socket Mode")


async def _digest_channel(client: AsyncWebClient, wanted: str) -> Finding:
    """Look, and make nothing: the bot makes the channel when it first needs it."""
    try:
        mine = await _find_channel(client.users_conversations, wanted, types="public_channel,private_channel")
        if mine is not None:
            return Finding("Digest channel", f"#{mine['name']}")
        public = await _find_channel(client.conversations_list, wanted, types="public_channel")
    except SLACK_FAULTS as fault:
        return Finding(
            "Digest channel",
            f"cannot be looked up: {in_words(fault)}",
            "Mend the permissions first; if they are right, look again later.",
        )
    if public is None:
        return _unseen(wanted)
    if public.get("is_archived"):
        return Finding(
            "Digest channel",
            f"#{public['name']} is archived",
            "Unarchive it, or name another in SITREP_DIGEST_CHANNEL.",
        )
    return Finding("Digest channel", f"#{public['name']}, which the bot joins when it first posts")


def _unseen(wanted: str) -> Finding:
    if is_channel_id(wanted):
        return Finding(
            "Digest channel",
            f"{wanted} is not a channel the bot can see",
            "Invite the bot to it, or correct SITREP_DIGEST_CHANNEL.",
        )
    return Finding("Digest channel", f"#{wanted} is made with the first incident")


async def _find_channel(
    method: Callable[..., Awaitable[AsyncSlackResponse]], wanted: str, *, types: str
) -> dict[str, Any] | None:
    cursor = None
    while True:
        page = await method(types=types, limit=200, cursor=cursor)
        for channel in page["channels"]:
            if wanted in (channel["name"], channel["id"]):
                return dict(channel)
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
