"""Deliveries: owed in the transaction that changes state, claimed, performed outside it, and finished in another."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, bindparam, func, literal_column, not_, or_, tuple_, update
from sqlalchemy import select as plain_select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.engine import OWES, add_late, insert_all_new, insert_new, write_late_rows
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome
from storage.tables.columns import JsonObject, UtcDateTime
from storage.tables.deliveries import PATIENT, SHOWS_CURRENT_STATE

LEASE = timedelta(seconds=60)
"""How long a claim holds: longer than an attempt may take, so it runs out only for who died or stood still."""

_NOW = bindparam("now", type_=UtcDateTime())
_WAITING = col(Delivery.done_at).is_(None)
# Written out, because a list of parameters would be expanded at every run.
_KNOWN = col(Delivery.kind).in_([literal_column(f"'{kind}'") for kind in DeliveryKind])
"""What this version can do; a row that a newer one left keeps its place until there is a newer one again."""
_OTHER = aliased(Delivery)
_HAS_TO_WAIT = (
    select(_OTHER.id)
    .where(
        _OTHER.lane == Delivery.lane,
        col(_OTHER.done_at).is_(None),
        or_(
            tuple_(col(_OTHER.due_at), col(_OTHER.id)) < tuple_(col(Delivery.due_at), col(Delivery.id)),
            # A later one is under way already: what was owed before it was committed after it.
            and_(col(_OTHER.id) != Delivery.id, col(_OTHER.claimed_until) > _NOW),
        ),
    )
    .exists()
)
_IS_PATIENT = and_(col(Delivery.patient))
_IN_A_HURRY = not_(col(Delivery.patient))


def _claimable(sort: ColumnElement[bool]) -> SelectOfScalar[Delivery]:
    """Due, first in its lane, and nobody's; each sort has an index of its own, so that a crowd of one costs the other
    nothing."""
    return (
        select(Delivery)
        .where(
            _WAITING,
            sort,
            _KNOWN,
            col(Delivery.due_at) <= _NOW,
            or_(col(Delivery.retry_at).is_(None), col(Delivery.retry_at) <= _NOW),
            or_(col(Delivery.claimed_until).is_(None), col(Delivery.claimed_until) <= _NOW),
            ~_HAS_TO_WAIT,
        )
        .order_by(col(Delivery.due_at), col(Delivery.id))
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=Delivery)
    )


# Built once, like the others here: building one costs more than running it.
_CLAIMABLE = {False: _claimable(_IN_A_HURRY), True: _claimable(_IS_PATIENT)}
_MOMENTS = plain_select(
    *(
        select(func.min(Delivery.due_at)).where(_WAITING, sort, col(Delivery.due_at) > _NOW).scalar_subquery()
        for sort in (_IN_A_HURRY, _IS_PATIENT)
    ),
    select(func.min(Delivery.retry_at)).where(_WAITING, col(Delivery.retry_at) > _NOW).scalar_subquery(),
)
"""The next planned of each sort, and the next that was put off."""
_DUE_OF_EACH_SORT = plain_select(
    *(
        select(func.count()).select_from(Delivery).where(_WAITING, sort, col(Delivery.due_at) <= _NOW).scalar_subquery()
        for sort in (_IN_A_HURRY, _IS_PATIENT)
    )
)
_CLAIMED = (
    select(Delivery)
    .where(
        col(Delivery.id).in_(bindparam("ids", expanding=True)), col(Delivery.claimed_by) == bindparam("owner"), _WAITING
    )
    .order_by(col(Delivery.id))
    .with_for_update()
)


def owe(
    session: AsyncSession,
    kind: DeliveryKind,
    *,
    lane: str,
    key: str,
    due_at: datetime,
    incident_id: int | None = None,
    payload: JsonObject | None = None,
) -> None:
    """Owe one effect; `key` says which one it is, and is owed once (a second insert fails)."""
    session.info[OWES] = True
    add_late(
        session,
        Delivery,
        kind=kind,
        incident_id=incident_id,
        payload=payload or {},
        dedupe_key=key,
        lane=lane,
        due_at=due_at,
        patient=kind in PATIENT,
        attempts=0,
        in_doubt=False,
    )


async def owe_unless_owed(
    session: AsyncSession,
    kind: DeliveryKind,
    *,
    lane: str,
    key: str,
    due_at: datetime,
    payload: JsonObject,
    incident_id: int | None = None,
) -> bool:
    """Owe one effect; False when one with this key is owed already, even by a transaction at once."""
    await write_late_rows(session)  # what was owed before keeps its place before this
    values = {"kind": kind, "payload": payload, "dedupe_key": key, "lane": lane, "due_at": due_at}
    values["incident_id"] = incident_id
    is_new = await insert_new(session, Delivery, patient=kind in PATIENT, attempts=0, in_doubt=False, **values)
    if is_new:
        session.info[OWES] = True
    return is_new


async def owe_all_unless_owed(session: AsyncSession, rows: Sequence[JsonObject]) -> None:
    """Owe these effects in one go (kind, lane, dedupe_key, due_at, payload), but for those that are owed already."""
    if not rows:
        return
    await write_late_rows(session)  # what was owed before keeps its place before these
    common = {"incident_id": None, "attempts": 0, "in_doubt": False}
    if await insert_all_new(session, Delivery, [{**common, "patient": row["kind"] in PATIENT, **row} for row in rows]):
        session.info[OWES] = True


@dataclass(frozen=True)
class Claim:
    """A delivery that is ours until its lease ends, as it was when we took it."""

    delivery_id: int
    kind: DeliveryKind
    incident_id: int | None
    payload: JsonObject
    dedupe_key: str
    due_at: datetime
    attempt: int
    look_first: bool
    """An earlier attempt began and its end is not known: look in the world before doing it again."""
    patient: bool = False


async def claim_due(session: AsyncSession, *, by: str, now: datetime, limit: int, patient: bool = False) -> list[Claim]:
    """Take up to `limit` deliveries that are due and first in their lane, in order of due time.

    Those that give way to others are taken on their own, when they are asked for. Of several waiting in one lane that
    show current state one is taken, and the others are done with it.
    """
    await write_late_rows(session)
    due = await _list_claimable(session, now=now, limit=limit, patient=patient)
    claims = [_claim(delivery, by=by, now=now) for delivery in due]
    shown = [delivery for delivery in due if delivery.kind in SHOWS_CURRENT_STATE]
    if shown:
        await _collapse(session, shown, now=now)
    return claims


def _claim(delivery: Delivery, *, by: str, now: datetime) -> Claim:
    look_first = delivery.in_doubt
    delivery.attempts += 1
    delivery.in_doubt = True  # until we write down how it ended
    delivery.claimed_by, delivery.claimed_until = by, now + LEASE
    return Claim(
        delivery_id=delivery.number,
        kind=delivery.kind,
        incident_id=delivery.incident_id,
        payload=delivery.payload,
        dedupe_key=delivery.dedupe_key,
        due_at=delivery.due_at,
        attempt=delivery.attempts,
        look_first=look_first,
        patient=delivery.patient,
    )


async def _list_claimable(session: AsyncSession, *, now: datetime, limit: int, patient: bool) -> Sequence[Delivery]:
    return (await session.execute(_CLAIMABLE[patient], {"now": now, "most": limit})).scalars().all()


async def _collapse(session: AsyncSession, shown: Sequence[Delivery], *, now: datetime) -> None:
    """What waits behind these in their lanes and would show the same state is done with them."""
    lanes = {delivery.lane: delivery for delivery in shown}
    statement = (
        update(Delivery)
        .where(
            col(Delivery.lane).in_(lanes),
            col(Delivery.kind).in_({delivery.kind for delivery in shown}),
            col(Delivery.id).not_in([delivery.id for delivery in shown]),
            col(Delivery.done_at).is_(None),
            # What another replica has under way is its own: waiting for it to be written down could be a circle.
            or_(col(Delivery.claimed_until).is_(None), col(Delivery.claimed_until) <= now),
            col(Delivery.due_at) <= now,
        )
        .values(done_at=now, outcome=DeliveryOutcome.COLLAPSED)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


def finish(delivery: Delivery, outcome: DeliveryOutcome, *, now: datetime, answer: JsonObject | None = None) -> None:
    """It is over, one way or the other; `answer` is what the world said."""
    delivery.outcome, delivery.done_at, delivery.answer = outcome, now, answer
    delivery.claimed_by = delivery.claimed_until = None


def try_again(delivery: Delivery, *, at: datetime, because: str, in_doubt: bool) -> None:
    """It did not work, or nobody knows whether it did; it keeps its place in its lane until `at`."""
    delivery.retry_at, delivery.last_error, delivery.in_doubt = at, because, in_doubt
    delivery.claimed_by = delivery.claimed_until = None


def wait_again(session: AsyncSession, delivery: Delivery) -> None:
    """What had ended is owed once more, in its old place; whoever repeats it looks first if an end is not known."""
    session.info[OWES] = True
    delivery.done_at = delivery.outcome = delivery.retry_at = None


async def list_claimed(session: AsyncSession, ids: Collection[int | None], *, by: str) -> Sequence[Delivery]:
    """Those of these that are still ours and not done, by number; a lease that ran out belongs to somebody else."""
    return (await session.execute(_CLAIMED, {"ids": list(ids), "owner": by})).scalars().all()


async def next_due_at(session: AsyncSession, *, now: datetime) -> datetime | None:
    """The next moment after now at which something planned or put off may be tried; None when nothing is."""
    moments = (await session.execute(_MOMENTS, {"now": now})).one()
    return min((moment for moment in moments if moment), default=None)


async def release_claims(session: AsyncSession, *, except_by: str) -> None:
    """Give back what an earlier run of the only process held when it died; each is in doubt."""
    statement = (
        update(Delivery)
        .where(col(Delivery.claimed_until).is_not(None), col(Delivery.claimed_by) != except_by)
        .values(claimed_by=None, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


async def is_owed(session: AsyncSession, key: str) -> bool:
    """Whether this very effect has been owed, whatever became of it."""
    await write_late_rows(session)
    statement = select(Delivery.id).where(Delivery.dedupe_key == key)
    return (await session.execute(statement)).first() is not None


async def find_owed(session: AsyncSession, key: str) -> Delivery | None:
    """What was owed by this key, whatever became of it."""
    await write_late_rows(session)
    return (await session.execute(select(Delivery).where(Delivery.dedupe_key == key))).scalars().first()


async def list_owed(session: AsyncSession, keys: Collection[str]) -> Sequence[Delivery]:
    """What was owed by these keys, as it is now, whatever became of it."""
    await write_late_rows(session)
    await session.flush()  # what this transaction has made of them is not to be read over
    statement = select(Delivery).where(col(Delivery.dedupe_key).in_(keys)).execution_options(populate_existing=True)
    return (await session.execute(statement)).scalars().all()


async def count_waiting(session: AsyncSession, *, now: datetime) -> int:
    """How many deliveries are due and not done; those planned for later are not counted."""
    return sum((await session.execute(_DUE_OF_EACH_SORT, {"now": now})).one())


async def cancel_planned(session: AsyncSession, keys: Collection[str], *, now: datetime) -> None:
    """Nobody waits for these any more; what is under way is left alone, and so is what is done."""
    values = {"done_at": now, "outcome": DeliveryOutcome.CANCELLED}
    await session.execute(_planned(keys).values(**values))


async def move_planned(session: AsyncSession, key: str, *, due_at: datetime) -> None:
    """Perform it at another time than it was planned for, unless it is under way or done."""
    session.info[OWES] = True
    await session.execute(_planned([key]).values(due_at=due_at))


async def plan_again(session: AsyncSession, key: str, *, due_at: datetime) -> bool:
    """Plan what was cancelled after all; False where it was not cancelled, but performed or never owed."""
    session.info[OWES] = True
    statement = (
        update(Delivery)
        .where(col(Delivery.dedupe_key) == key, col(Delivery.outcome) == DeliveryOutcome.CANCELLED)
        .values(done_at=None, outcome=None, due_at=due_at)
        .returning(col(Delivery.id))
        .execution_options(synchronize_session=False)
    )
    return (await session.execute(statement)).first() is not None


def _planned(keys: Collection[str]) -> Update:
    """What waits, unless somebody has claimed it: that is theirs, and waiting for it could be a circle."""
    return (
        update(Delivery)
        .where(col(Delivery.dedupe_key).in_(keys), _WAITING, col(Delivery.claimed_until).is_(None))
        .execution_options(synchronize_session=False)
    )


async def list_given_up(session: AsyncSession, incident_id: int) -> Sequence[Delivery]:
    """Deliveries of an incident that stopped at a permanent fault, first owed first."""
    statement = (
        select(Delivery)
        .where(Delivery.incident_id == incident_id, Delivery.outcome == DeliveryOutcome.GAVE_UP, _KNOWN)
        .order_by(col(Delivery.id))
        .with_for_update()
    )
    return (await session.execute(statement)).scalars().all()
