"""The composition root: settings, engine, app, dispatcher, scheduler, in that order; start and stop."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import register
from bot.hearing import Hearing
from bot.messenger.caller import Caller
from bot.messenger.dispatcher import Dispatcher
from bot.messenger.fetcher import Fetcher
from bot.messenger.messenger import SlackMessenger
from bot.messenger.post_office import PostOffice
from bot.messenger.slack import Held, Slack, code_of
from bot.messenger.trackers import Trackers
from bot.metrics import Metrics
from bot.requests import Requests
from bot.services import Services
from bot.settings import Mode, Settings, load_tracker_secrets, load_webhook_secrets
from bot.socket_mode import SocketMode
from bot.web import web_app
from bot.web_server import WebServer
from storage.deliveries import count_waiting
from storage.engine import Database
from storage.files import FileStore, default_folder
from storage.requests import forget_requests
from storage.schema import migrate
from storage.updates import count_promises
from workflows.digests import plan_digests
from workflows.gone import hand_over_items
from workflows.mornings import mend_mornings
from workflows.participants import owe_looking_up
from workflows.planning import plan_what_is_open
from workflows.process import Process
from workflows.readings import owe_readings
from workflows.replanning import replan_everything
from workflows.retention import forget_words

log = structlog.get_logger()

CALL_TIMEOUT = 10
"""Seconds for one call of Slack's; an answer later than that is in doubt."""
SWEEP_EVERY = timedelta(seconds=5)
"""How late we are at most where nobody wakes us: another replica's deliveries, leases that ran out."""
REQUESTS_KEPT = timedelta(days=7)
UNFINISHED_KEPT = timedelta(days=1)
"""How long bytes may be on their way before they are taken for a dead run's."""
STALE_AFTER = timedelta(seconds=30)
"""A dispatcher that has not turned for so long is not well."""
KNOCK_AGAIN_AFTER = 5
"""Seconds between attempts to reach Slack at the start."""
REPLAN_AGAIN_AFTER = 60
"""Seconds until we try once more to plan all reminders by settings that have changed."""
UNREACHABLE = (SlackApiError, aiohttp.ClientError, TimeoutError, Held)


def utc_now() -> datetime:
    """The clock; read here and handed down."""
    return datetime.now(UTC)


class Service:
    """One running Sitrep; raises BadSettings for a webhook or a tracker without its secret."""

    def __init__(self, settings: Settings, process: Process, *, now: Callable[[], datetime] = utc_now) -> None:
        self.settings = settings
        self.process = process
        self.now = now
        self._webhook_secrets = load_webhook_secrets(process)
        self._tracker_secrets = load_tracker_secrets(process)
        self.database = Database(settings.database_url)
        self.files = FileStore(settings.sitrep_files or default_folder(self.database.url))
        self.metrics = Metrics()
        self._socket: SocketMode | None = None
        self._knocking: asyncio.Task[None] | None = None
        self._replanning: asyncio.Task[None] | None = None
        self._ending = contextlib.AsyncExitStack()
        self.port = settings.sitrep_port

    async def start(self) -> None:
        """Migrate, begin to deliver, and take requests; returns when it is ready, or as soon as Slack can be reached.

        Raises what the database raises when it cannot be reached.
        """
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise
        log.info("ready", mode=self.settings.mode, port=self.port)

    async def _start(self) -> None:
        self._ending.push_async_callback(self.database.close)
        self._session = aiohttp.ClientSession()
        self._ending.push_async_callback(self._session.close)
        self.slack = Slack(self._client(), digest_channel=self.settings.digest_channel, now=self.now)
        greeting = asyncio.create_task(self._greet())  # Slack thinks while we are busy with the database
        self._ending.callback(greeting.cancel)
        await migrate(self.database)
        self.services = Services(self.database, self.process, self.slack, self.metrics, Requests(), now=self.now)
        self.app = self._bolt_app()
        self.scheduler = AsyncIOScheduler(timezone="UTC")
        self.dispatcher = Dispatcher(
            self.database,
            self._messenger(),
            process=self.process,
            now=self.now,
            metrics=self.metrics,
            wake_at=self._wake_at,
            requests=self.services.requests,
        )
        self.database.on_owed = self.dispatcher.wake
        await self._owe_what_was_missed()
        async with self.database.transaction() as session:
            await plan_what_is_open(session, process=self.process, now=self.now())
            await plan_digests(session, process=self.process, now=self.now())
        await self.dispatcher.start()
        self._ending.push_async_callback(self.dispatcher.stop)
        self._replanning = asyncio.create_task(self._replan())
        self._ending.callback(self._replanning.cancel)
        self._schedule()
        await self._open_the_doors()
        await greeting

    def _messenger(self) -> SlackMessenger:
        """With a post office, a caller of webhooks and trackers, where they are set up."""
        server, webhooks, trackers = self.settings.mail_server, self.process.webhooks, self.process.trackers
        return SlackMessenger(
            self.slack,
            self.process,
            post_office=PostOffice(server, now=self.now) if server else None,
            caller=Caller(self._session, webhooks, self._webhook_secrets) if webhooks else None,
            fetcher=Fetcher(
                self._session, self.files, token=self.settings.slack_bot_token, api_url=self.settings.api_url
            ),
            trackers=Trackers(self._session, trackers, self._tracker_secrets) if trackers else None,
        )

    def _client(self) -> AsyncWebClient:
        """Without retries of its own: the dispatcher knows when to try again, and looks before it does."""
        return AsyncWebClient(
            token=self.settings.slack_bot_token.get_secret_value(),
            base_url=self.settings.api_url,
            timeout=CALL_TIMEOUT,
            session=self._session,
            retry_handlers=[],
        )

    def _bolt_app(self) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            """One token for every request, without asking Slack each time."""
            identity = await self.slack.identity()
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_user_id=identity.user_id,
                bot_id=identity.bot_id,
                bot_token=self.settings.slack_bot_token.get_secret_value(),
            )

        over_http = self.settings.mode is Mode.HTTP
        app = AsyncApp(
            name="sitrep",  # otherwise Bolt walks the stack to find one, which costs a tenth of a second
            client=self.slack.client,
            signing_secret=self.settings.slack_signing_secret.get_secret_value() or None,
            authorize=authorize,
            before_authorize=Hearing(self.services),
            process_before_response=True,
            logger=logging.getLogger("slack_bolt"),
            # Middleware for what we never receive is left out: it costs every request its share.
            request_verification_enabled=over_http,
            ssl_check_enabled=over_http,
            url_verification_enabled=over_http,
            ignoring_self_assistant_message_events_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        register(app, self.services)
        return app

    async def _owe_what_was_missed(self) -> None:
        async with self.database.transaction() as session:
            await owe_looking_up(session, now=self.now())
            await owe_readings(session, now=self.now())

    def _schedule(self) -> None:
        """The scheduler only wakes us; what is due, and when, is in the database."""
        self.scheduler.add_job(self._sweep, IntervalTrigger(seconds=SWEEP_EVERY.total_seconds()), id="sweep")
        self.scheduler.add_job(self._forget, IntervalTrigger(hours=1), id="forget")
        self.scheduler.add_job(self._mend, IntervalTrigger(minutes=1), id="mend")
        self.scheduler.start()
        self._ending.callback(self.scheduler.shutdown, wait=False)

    def _wake_at(self, at: datetime) -> None:
        """By our clock, which a workspace whose time is moved has set; the scheduler knows the machine's alone."""
        trigger = DateTrigger(utc_now() + max(at - self.now(), timedelta()))
        self.scheduler.add_job(
            self.dispatcher.wake, trigger, id="next delivery", replace_existing=True, misfire_grace_time=None
        )

    async def _sweep(self) -> None:
        self.dispatcher.wake()
        async with self.database.read() as session:
            kept, missed = await count_promises(session)
            self.metrics.promises_are(kept=kept, missed=missed)
            self.metrics.waiting.set(await count_waiting(session, now=self.now()))

    async def _replan(self) -> None:
        """Beside everything else: what is not wanted any more is not sent in the meantime either."""
        while True:
            try:
                await replan_everything(self.services.transaction, process=self.process, now=self.now)
                return
            except Exception as fault:  # whatever its driver raises; what was planned before stands meanwhile
                log.error("reminders could not be planned anew yet", exc_info=fault)
            await asyncio.sleep(REPLAN_AGAIN_AFTER)

    async def _mend(self) -> None:
        async with self.services.transaction() as session:
            await mend_mornings(session, now=self.now())
            await plan_digests(session, process=self.process, now=self.now())
        await hand_over_items(self.services.transaction, process=self.process, now=self.now())

    async def _forget(self) -> None:
        now, more = self.now(), True
        async with self.database.transaction() as session:
            await forget_requests(session, before=now - REQUESTS_KEPT)
        while more:
            async with self.database.transaction() as session:
                more = await forget_words(session, self.process.retention, now=now)
        self.files.forget_unfinished(before=now - UNFINISHED_KEPT)

    async def _open_the_doors(self) -> None:
        """Health and figures at once; Slack's requests as soon as Slack can be reached."""
        over_http = self.settings.mode is Mode.HTTP
        server = WebServer(web_app(self.app if over_http else None, checks=self.faults, metrics=self.metrics))
        self.port = await server.start(self.settings.sitrep_host, self.settings.sitrep_port)
        self._ending.push_async_callback(server.stop)
        if not await self._knock():
            self._knocking = asyncio.create_task(self._knock_until_let_in())
            self._ending.callback(self._knocking.cancel)

    async def _greet(self) -> None:
        """Begin to make ourselves known; who does not answer is asked again by `_knock`."""
        with contextlib.suppress(*UNREACHABLE):
            await self.slack.identity()

    async def _knock(self) -> bool:
        """Make ourselves known to Slack and, in Socket Mode, connect; False while Slack does not let us in."""
        try:
            if self.settings.mode is Mode.SOCKET:
                await self._connect()
            await self.slack.identity()
        except UNREACHABLE as fault:
            because = code_of(fault) if isinstance(fault, SlackApiError) else type(fault).__name__
            log.warning("Slack does not let us in yet", because=because)
            return False
        return True

    async def _knock_until_let_in(self) -> None:
        while not await self._knock():  # noqa: ASYNC110  # nobody can tell us when Slack is back
            await asyncio.sleep(KNOCK_AGAIN_AFTER)
        log.info("Slack let us in")
        await self._owe_what_was_missed()

    async def _connect(self) -> None:
        if self._socket is None:
            self._socket = SocketMode(
                self.app, self.settings.slack_app_token, self._client(), on_return=self._owe_what_was_missed
            )
            self._ending.push_async_callback(self._socket.close)
        await self._socket.connect()

    async def faults(self) -> Mapping[str, str]:
        """What keeps us from working, by part."""
        found = {}
        try:
            await self.database.ping()
        except Exception as fault:  # whatever its driver raises
            found["database"] = f"does not answer ({type(fault).__name__})"
        turned_at = self.dispatcher.last_turn_at
        if not self.dispatcher.is_running or turned_at is None or self.now() - turned_at > STALE_AFTER:
            found["dispatcher"] = "does not turn"
        if self.slack.token_fault:
            found["slack"] = f"does not accept the bot token: {self.slack.token_fault}"
        elif not self.slack.is_identified:
            found["slack"] = "has not accepted the bot token yet"
        elif self._socket is not None and not await self._socket.is_connected():
            found["slack"] = "Socket Mode is not connected"
        return found

    async def run_until_stopped(self) -> None:
        """Start, serve until SIGINT or SIGTERM, and stop; also where they come before it is ready."""
        stopped = asyncio.Event()
        starting = asyncio.create_task(self.start())

        def on_signal() -> None:
            stopped.set()
            starting.cancel()

        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, on_signal)
        try:
            await starting
            _settle_memory()
            await stopped.wait()
        except asyncio.CancelledError:
            if not stopped.is_set():
                raise
        finally:
            await self.stop()

    async def stop(self) -> None:
        """Take no more, let what is under way end, and let go of what was begun, last first."""
        await self._ending.aclose()
        log.info("stopped")


def _settle_memory() -> None:
    """Leave what was loaded at the start out of every later collection, and collect less often: a tenth less work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()
