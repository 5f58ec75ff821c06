"""The dispatcher: claims what is due, has it performed side by side, and writes down how it went.

One loop writes: every turn it records all that ended meanwhile and claims what is due now, in one transaction. So a
burst of deliveries costs a few commits, and what follows from a delivery is claimed in the turn that records it. When
that transaction fails, each end is recorded in one of its own, so that one which cannot be harms nobody else.
"""

import asyncio
import os
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messenger.outcomes import back_off
from bot.messenger.pace import Pace
from bot.metrics import Metrics
from bot.requests import Requests
from storage.deliveries import Claim, claim_due, finish, list_claimed, next_due_at, release_claims, try_again
from storage.engine import Database, is_outage
from storage.incidents import lock_incidents
from storage.notices import ROADS
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome
from workflows.afterwards import delivered
from workflows.briefings import Unbriefed, brief
from workflows.faults import gave_up
from workflows.ports import GiveUp, Messenger, Outcome, Sent, TryAgain
from workflows.process import Process
from workflows.situation import Situation, list_situations
from workflows.trouble import in_trouble

log = structlog.get_logger()

CARDS = (DeliveryKind.POST_CARD, DeliveryKind.REFRESH_CARD)
"""They say how much there is to do, which is counted for nothing else."""
AT_ONCE = 64
"""How many deliveries are under way at the same time, at the most."""
GIVES_WAY = 0.1
"""Seconds a turn waits for requests to be answered first; what they owe is then claimed together."""
AFTER_A_FAULT = 1.0
"""Seconds before the loop goes on after the database failed it."""
LONGEST_ATTEMPT = 45.0
"""Seconds an attempt may take; less than its lease (`storage.deliveries.LEASE`), so nobody else begins it meanwhile."""
AFTER_A_MISTAKE = timedelta(minutes=1)
"""A messenger raises nothing; one that does is asked again, and its lane waits no longer than for a lease."""


class Dispatcher:
    """Performs deliveries until it is stopped; `wake` makes it look at once."""

    def __init__(
        self,
        database: Database,
        messenger: Messenger,
        *,
        process: Process,
        now: Callable[[], datetime],
        metrics: Metrics,
        wake_at: Callable[[datetime], None],
        requests: Requests | None = None,
    ) -> None:
        self.name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._database = database
        self._messenger = messenger
        self._process = process
        self._now = now
        self._metrics = metrics
        self._wake_at = wake_at
        self._requests = requests or Requests()
        self._awake = asyncio.Event()
        self._ended: list[tuple[Claim, Outcome]] = []
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False
        self._pace = Pace(wake=self.wake)
        self.last_turn_at: datetime | None = None

    async def start(self) -> None:
        """Begin; on SQLite, whose only process we are, what an earlier run held is free at once."""
        if self._database.is_sqlite:
            async with self._database.transaction() as session:
                await release_claims(session, except_by=self.name)
        self._awake.set()
        self._loop = asyncio.create_task(self._run())

    async def stop(self, *, patience: timedelta = timedelta(seconds=10)) -> None:
        """Claim no more, let what is under way end, and write down how it went."""
        if self._loop is None:
            return
        self._stopping = True
        self._awake.set()
        await self._loop
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=patience.total_seconds())
        try:
            await self._turn(room=0)
        except Exception as fault:  # the database is gone; what was not written down is in doubt, and looked for
            log.error("the dispatcher could not write down its last turn", exc_info=fault)

    @property
    def is_running(self) -> bool:
        """Whether the loop is alive."""
        return self._loop is not None and not self._loop.done()

    def wake(self) -> None:
        """Something may be due now."""
        self._awake.set()

    async def _run(self) -> None:
        while not self._stopping:
            await self._awake.wait()
            await self._requests.answered(within=GIVES_WAY)
            if self._stopping:
                return
            self._awake.clear()
            try:
                await self._turn(room=AT_ONCE - len(self._under_way))
            except Exception as fault:
                log.error("the dispatcher could not reach the database", exc_info=fault)
                await asyncio.sleep(AFTER_A_FAULT)
                self._awake.set()

    async def _turn(self, *, room: int) -> None:
        """Record what has ended, claim what is due, and begin it."""
        ended, now = self._ended, self._now()
        self._ended = []
        try:
            async with self._database.transaction() as session:
                await self._record(session, ended, now=now)
                claims = await claim_due(session, by=self.name, now=now, limit=room) if room > 0 else []
                if room > 0 and not claims:
                    claims = await self._claim_patient(session, now=now)
                situations = await list_situations(
                    session,
                    {claim.incident_id for claim in claims if claim.incident_id},
                    with_work=any(claim.kind in CARDS for claim in claims),
                )
                briefings = await brief(session, claims, process=self._process, now=now)
                wake_at = None if claims else await next_due_at(session, now=now)
        except BaseException as fault:
            self._ended = ended + self._ended
            if not ended or not isinstance(fault, Exception) or is_outage(fault):
                raise
            await self._record_singly(now=now)
            self._awake.set()
            return
        for claim in claims:
            self._begin(claim, situations.get(claim.incident_id or 0), briefings.get(claim.delivery_id))
            await asyncio.sleep(0)  # many of them take their time to be drawn, and requests go first
        if wake_at is not None:
            self._wake_at(wake_at)
        if (room > 0 and len(claims) == room) or any(claim.patient for claim in claims):
            self._awake.set()
        self.last_turn_at = now

    async def _claim_patient(self, session: AsyncSession, *, now: datetime) -> list[Claim]:
        """When nothing else is due, a few of those that give way, at their pace."""
        room = self._pace.room()
        return await claim_due(session, by=self.name, now=now, limit=room, patient=True) if room > 0 else []

    async def _record(self, session: AsyncSession, ended: list[tuple[Claim, Outcome]], *, now: datetime) -> None:
        if not ended:
            return
        outcomes = {claim.delivery_id: outcome for claim, outcome in ended}
        ours = await list_claimed(session, outcomes.keys(), by=self.name)
        held = {delivery.incident_id for delivery in ours if delivery.incident_id}
        named = {number for outcome in outcomes.values() for number in _incidents_in(outcome)}
        await lock_incidents(session, held | named)
        with session.no_autoflush:  # what this turn writes is written at its end, all at once
            for delivery in ours:
                await self._record_one(session, delivery, outcomes[delivery.number], now=now)

    async def _record_singly(self, *, now: datetime) -> None:
        """Record each in a transaction of its own, and put off what cannot be; an outage leaves the rest for later."""
        while self._ended:
            claim, _ = self._ended[0]
            try:
                async with self._database.transaction() as session:
                    await self._record(session, self._ended[:1], now=now)
            except Exception as fault:  # one end that cannot be written down keeps no other
                if is_outage(fault):
                    raise
                await self._put_off(claim, type(fault).__name__, now=now)
                log.error("an end could not be recorded", kind=claim.kind, delivery=claim.delivery_id, exc_info=fault)
            del self._ended[0]

    async def _put_off(self, claim: Claim, because: str, *, now: datetime) -> None:
        """It ended, but not for us: it stays in doubt, so whoever tries again looks first."""
        async with self._database.transaction() as session:
            for delivery in await list_claimed(session, [claim.delivery_id], by=self.name):
                at = now + back_off(claim.attempt)
                try_again(delivery, at=at, because=because, in_doubt=delivery.in_doubt)

    async def _record_one(self, session: AsyncSession, delivery: Delivery, outcome: Outcome, *, now: datetime) -> None:
        match outcome:
            case Sent(answer):
                kept = await delivered(session, delivery, answer, process=self._process, now=now)
                finish(delivery, DeliveryOutcome.SENT, now=now, answer=kept)
            case TryAgain(at, because, in_doubt, trouble):
                try_again(delivery, at=at, because=because, in_doubt=in_doubt)
                if trouble:
                    await in_trouble(session, delivery, because=trouble, now=now)
            case GiveUp(because, hint, code):
                log.warning("gave up a delivery", kind=delivery.kind, delivery=delivery.number, because=code or because)
                finish(delivery, DeliveryOutcome.GAVE_UP, now=now)
                delivery.last_error = because
                await gave_up(session, delivery, because=because, hint=hint, now=now)

    def _begin(self, claim: Claim, situation: Situation | None, briefing: object) -> None:
        """Begin it, unless it is ours already: a process that stood still may find its own leases run out."""
        if claim.delivery_id in self._under_way or any(
            claim.delivery_id == ended.delivery_id for ended, _ in self._ended
        ):
            return
        if claim.patient:
            self._pace.begun()
        self._under_way[claim.delivery_id] = asyncio.create_task(self._perform(claim, situation, briefing))

    async def _perform(self, claim: Claim, situation: Situation | None, briefing: object) -> None:
        outcome = await self._attempt(claim, situation, briefing)
        self._metrics.attempted(claim.kind, type(outcome).__name__)
        if claim.kind in ROADS and isinstance(outcome, Sent):
            happened_at = datetime.fromisoformat(claim.payload["notice"]["happened_at"])
            self._metrics.told(claim.kind, self._now() - happened_at)
        if claim.patient:
            self._pace.ended(outcome, now=self._now())
        self._ended.append((claim, outcome))
        self._under_way.pop(claim.delivery_id, None)  # before the turn that is woken here counts how much room there is
        self._awake.set()

    async def _attempt(self, claim: Claim, situation: Situation | None, briefing: object) -> Outcome:
        if isinstance(briefing, Unbriefed):
            return TryAgain(self._now() + AFTER_A_MISTAKE, briefing.because, in_doubt=claim.look_first)
        try:
            async with asyncio.timeout(LONGEST_ATTEMPT):
                return await self._messenger.deliver(claim, situation, briefing)
        except TimeoutError:
            return TryAgain(self._now() + back_off(claim.attempt), "it took too long", in_doubt=True)
        except Exception as fault:
            log.error("a messenger raised", kind=claim.kind, delivery=claim.delivery_id, exc_info=fault)
            return TryAgain(self._now() + AFTER_A_MISTAKE, type(fault).__name__, in_doubt=True)


def _incidents_in(outcome: Outcome) -> list[int]:
    """The incidents whose items a message showed; what was sent is written down in them."""
    return outcome.answer.get("incidents", []) if isinstance(outcome, Sent) else []
