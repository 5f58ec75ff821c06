"""Texts for people outside: one person proposes, another lets out, and before that nothing leaves."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from storage.deliveries import finish
from storage.engine import Database
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome, EntryKind, Incident, PromptKind, Status
from tests.bot.values import an_unsaved_incident
from tests.builders import NOON, PROCESS
from tests.workflows.asking import ANSWERS, ask, contents, do, incident_now, newest_entry, opened, refused
from tests.workflows.prompting import answer, prompts, states, time_passes
from workflows.afterwards import delivered
from workflows.commands import ApprovePublicText, DeclineIncident, DraftPublicText, ResolveIncident
from workflows.errors import AlreadyEnded, NotPublic, OwnText, PromptOver, TextReplaced
from workflows.process import parse_process
from workflows.public import approve_public_text, draft_public_text, from_template
from workflows.resolve import resolve_incident

WITH_CUSTOMERS = parse_process(
    {
        "audiences": {
            "customers": {
                "name": "Customers",
                "kind": "external",
                "emails": ["all@shops.example"],
                "webhooks": ["page"],
            },
        },
        "webhooks": {"page": {"url": "https://status.example/hook", "secret_env": "PAGE_SECRET"}},
    }
)
UNCHECKED = WITH_CUSTOMERS.model_copy(update={"public": WITH_CUSTOMERS.public.model_copy(update={"approval": False})})
_EVERY = select(Delivery).order_by(col(Delivery.id))
OUTSIDE = (DeliveryKind.MAIL, DeliveryKind.WEBHOOK)


def _draft(incident: Incident, **changes: Any) -> DraftPublicText:
    return ask(DraftPublicText, incident, **{"stage": "identified", "text": "We are on it.", **changes})


async def _drafted(database: Database, **changes: Any) -> tuple[Incident, int]:
    """Ann has proposed a text; its sequence."""
    incident = await opened(database)
    async with database.transaction() as session:
        await draft_public_text(session, _draft(incident, **changes), process=WITH_CUSTOMERS, now=NOON)
    return incident, (await newest_entry(database)).sequence


async def _approve(database: Database, incident: Incident, draft: int, *, by: str = "UBOB") -> None:
    async with database.transaction() as session:
        command = ask(ApprovePublicText, incident, draft=draft, by=by)
        await approve_public_text(session, command, process=WITH_CUSTOMERS, now=NOON + timedelta(minutes=2))


async def _leave(database: Database) -> list[Delivery]:
    """Whatever is announced finds its readers; the notices that go outside."""
    async with database.transaction() as session:
        rows = (await session.execute(_EVERY)).scalars().all()
        for row in [row for row in rows if row.kind is DeliveryKind.ANNOUNCE and row.done_at is None]:
            finish(row, DeliveryOutcome.SENT, now=NOON)
            found = {"channels": {}, "groups": {}, "people": {}, "names": {}, "unknown": []}
            await delivered(session, row, found, process=WITH_CUSTOMERS, now=NOON)
    async with database.read() as session:
        return [row for row in (await session.execute(_EVERY)).scalars() if row.kind in OUTSIDE]


async def test_a_proposed_text_leaves_only_when_somebody_else_has_approved_it(database: Database) -> None:
    incident, draft = await _drafted(database)
    assert await _leave(database) == []

    await _approve(database, incident, draft)

    left = await _leave(database)
    assert [row.kind for row in left] == [DeliveryKind.MAIL, DeliveryKind.WEBHOOK]
    for row in left:
        assert row.payload["notice"]["headline"] == "We are on it."
        assert "Checkout is down" not in str(row.payload)
        assert "INC-1" not in str(row.payload["notice"])


async def test_who_proposed_and_who_approved_is_in_the_ledger(sqlite: Database) -> None:
    incident, draft = await _drafted(sqlite)

    await _approve(sqlite, incident, draft)

    entry = await newest_entry(sqlite)
    assert (entry.kind, entry.by) == (EntryKind.PUBLIC_TEXT, "UBOB")
    assert entry.data == {"stage": "identified", "text": "We are on it.", "draft": draft, "author": "UANN"}
    now = await incident_now(sqlite)
    assert (now.public_text, now.public_text_at) == ("We are on it.", NOON + timedelta(minutes=2))


async def test_its_author_does_not_approve_it(sqlite: Database) -> None:
    incident, draft = await _drafted(sqlite)

    said = await refused(sqlite, ask(ApprovePublicText, incident, draft=draft), OwnText)

    assert said == (
        "The text about INC-1 is yours, and somebody else approves it before it leaves. Ask one of the others here to "
        "read it and press Approve."
    )


async def test_where_nobody_has_to_approve_it_leaves_at_once(sqlite: Database) -> None:
    incident = await opened(sqlite)

    async with sqlite.transaction() as session:
        await draft_public_text(session, _draft(incident), process=UNCHECKED, now=NOON)

    assert len(await _leave(sqlite)) == 2
    assert await prompts(sqlite, PromptKind.PUBLIC_DRAFT) == []


async def test_it_is_asked_for_in_the_channel_and_approved_or_discarded_there(sqlite: Database) -> None:
    await _drafted(sqlite)
    assert "public_draft" in await time_passes(sqlite, 0)
    with pytest.raises(OwnText):
        await answer(sqlite, PromptKind.PUBLIC_DRAFT, "approve", at=1, by="UANN")
    assert await states(sqlite, PromptKind.PUBLIC_DRAFT) == ["asked"]

    await answer(sqlite, PromptKind.PUBLIC_DRAFT, "discard", at=1, by="UCAT")

    assert await states(sqlite, PromptKind.PUBLIC_DRAFT) == ["answered"]
    with pytest.raises(PromptOver):
        await answer(sqlite, PromptKind.PUBLIC_DRAFT, "approve", at=2, by="UBOB")
    assert (await incident_now(sqlite)).public_text is None


async def test_approve_is_pressed_under_it(sqlite: Database) -> None:
    await _drafted(sqlite)
    await time_passes(sqlite, 0)

    await answer(sqlite, PromptKind.PUBLIC_DRAFT, "approve", at=1, by="UBOB")

    assert (await incident_now(sqlite)).public_text == "We are on it."
    assert await states(sqlite, PromptKind.PUBLIC_DRAFT) == ["answered"]


async def test_a_newer_text_takes_the_place_of_the_one_before(sqlite: Database) -> None:
    incident, first = await _drafted(sqlite)
    await time_passes(sqlite, 0)

    await do(sqlite, _draft(incident, text="It is back."))

    assert await states(sqlite, PromptKind.PUBLIC_DRAFT) == ["moot", "planned"]
    said = await refused(sqlite, ask(ApprovePublicText, incident, draft=first, by="UBOB"), TextReplaced)
    assert said.startswith("Another text about INC-1 has come since")


async def test_a_text_is_let_out_once(sqlite: Database) -> None:
    incident, draft = await _drafted(sqlite)
    await _approve(sqlite, incident, draft)

    await refused(sqlite, ask(ApprovePublicText, incident, draft=draft, by="UCAT"), TextReplaced)


async def test_of_a_private_incident_nothing_goes_outside(sqlite: Database) -> None:
    said = await refused(sqlite, _draft(await opened(sqlite, private=True)), NotPublic)

    assert said == "INC-1 is private, so no text about it goes outside; nothing was written down."


async def test_of_what_was_no_incident_nothing_goes_outside(sqlite: Database) -> None:
    incident, draft = await _drafted(sqlite)
    await do(sqlite, ask(DeclineIncident, incident, reason="A test"))

    await refused(sqlite, _draft(incident), AlreadyEnded)
    await refused(sqlite, ask(ApprovePublicText, incident, draft=draft, by="UBOB"), AlreadyEnded)


async def test_a_secret_in_a_text_is_not_kept(sqlite: Database) -> None:
    key = "AKIA" + "Q" * 16

    await _drafted(sqlite, text=f"We lost {key}")

    assert key not in str(await contents(sqlite))


@pytest.mark.parametrize(
    ("process", "changes", "drafted"),
    [
        (WITH_CUSTOMERS, {}, ["The problem with checkout is resolved. We are sorry for the trouble."]),
        (WITH_CUSTOMERS, {"private": True}, []),
        (PROCESS, {}, []),
    ],
    ids=["customers wait", "private", "nobody outside"],
)
async def test_when_it_is_resolved_the_closing_words_are_proposed_to_be_approved(
    sqlite: Database, process: Any, changes: dict[str, Any], drafted: list[str]
) -> None:
    incident = await opened(sqlite, status=Status.MONITORING, **changes)

    async with sqlite.transaction() as session:
        await resolve_incident(session, ask(ResolveIncident, incident, **ANSWERS), process=process, now=NOON)

    asked = await prompts(sqlite, PromptKind.PUBLIC_DRAFT)
    assert [(prompt.data["text"], prompt.data["by"]) for prompt in asked] == [(text, "sitrep") for text in drafted]
    assert [row for row in await _leave(sqlite) if row.kind in OUTSIDE] == []


@pytest.mark.parametrize(
    ("services", "text"),
    [
        ([], "We have found what is wrong with our service and are working on it."),
        (["checkout"], "We have found what is wrong with checkout and are working on it."),
        (["a", "b", "{c}"], "We have found what is wrong with a, b and {c} and are working on it."),
    ],
)
def test_a_template_names_what_is_affected(services: list[str], text: str) -> None:
    assert from_template(an_unsaved_incident(services=services), "identified", PROCESS) == text
    assert from_template(an_unsaved_incident(services=services), "gone", PROCESS) == ""
