"""Proof that it worked: somebody else looks whether it is done, and later whether it has helped."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from bot import ids
from bot.service import Service
from sandbox import Sandbox
from sandbox.people.form import Form
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from storage.action_items import find_item
from storage.tables import ActionItem, ItemKind, ItemState
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.forging import forged_click
from tests.journeys.reminding import an_item, clock_at, days_pass
from tests.journeys.telling import all_done, declare, ledger_of
from workflows.commands import AssignItem, MoveItem
from workflows.item_owners import assign_item
from workflows.item_states import move_item
from workflows.process import Process, parse_process

MONDAY = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
"""Half past nine in New York, where Bo is; half past three in Berlin, where Ann is."""


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    """A workspace on that Monday."""
    async with Sandbox(MANIFEST, clock=clock_at(MONDAY)) as sandbox:
        yield sandbox
    assert sandbox.complaints == []


def process_of(slack: Sandbox) -> Process:
    """Every incident is a SEV2, for which Chidi is accountable."""
    levels = ("high", "medium", "low")
    return parse_process(
        {
            "severities": {"sev2": {"name": "SEV2", "accountable": [slack.person("chidi").id]}},
            "matrix": {level: dict.fromkeys(levels, "sev2") for level in levels},
        }
    )


@pytest.fixture
async def bot(slack: Sandbox, database_url: str) -> AsyncIterator[Service]:
    """The bot, whose clock is the workspace's."""
    async with a_bot(slack, database_url, now=slack.clock.now, process=process_of(slack)) as service:
        yield service
        assert (await ledger_of(service))[1] is None


@pytest.fixture
async def channel(slack: Sandbox, bot: Service) -> str:
    """The channel of an incident that Ann declared and leads, with Bo in it."""
    channel = await declare(slack, answers={"Services": "checkout"})
    await slack.person("bo").joins(channel)
    await all_done(bot)
    return channel


@pytest.fixture
async def given(slack: Sandbox, bot: Service, channel: str) -> SeenMessage:
    """What Bo is told of the item he is given."""
    await an_item(slack, bot, channel, due_on=date(2026, 3, 20), success_measure="Refused cards page within a minute")
    return slack.person("bo").dm()[-1]


@pytest.fixture
async def done(slack: Sandbox, bot: Service, given: SeenMessage) -> SeenMessage:
    """Bo has pressed Done."""
    await slack.person("bo").press("Done", given)
    await all_done(bot)
    return given


def newest(person: Person, words: str) -> SeenMessage:
    """The newest direct message that says so."""
    return [one for one in person.dm() if words in one.text][-1]


def now_reads(person: Person, message: SeenMessage) -> SeenMessage:
    """The same message, as it reads by now."""
    return next(one for one in person.dm() if one.ts == message.ts)


async def item_of(bot: Service, number: int = 1) -> ActionItem:
    """The item as it stands."""
    async with bot.services.read() as session:
        item = await find_item(session, number)
    assert item is not None
    return item


async def submitted(form: Form, answers: dict[str, object]) -> None:
    """Fill in a form and send it."""
    await form.fill(answers)
    outcome = await form.submit()
    assert outcome.closed, outcome


async def test_the_lead_is_asked_whether_it_is_done_and_verifies_it_with_a_link(
    slack: Sandbox, bot: Service, done: SeenMessage
) -> None:
    ann = slack.person("ann")
    await days_pass(slack, bot, 1)
    asked = newest(ann, "Is it?")
    assert "@bo says that ACT-1 Alert on refused cards is done. Is it?" in asked.text

    await ann.press("Verify…", asked)
    form = await ann.form()
    assert set((await form.submit()).errors) == {"Link that shows it"}
    await form.fill({"Link that shows it": "the dashboard"})
    assert set((await form.submit()).errors) == {"Link that shows it"}
    await submitted(form, {"Link that shows it": "https://grafana.example.com/cards"})
    await all_done(bot)

    item = await item_of(bot)
    assert (item.state, item.verified_by, item.evidence) == (
        ItemState.VERIFIED,
        ann.id,
        "https://grafana.example.com/cards",
    )
    now = now_reads(ann, asked)
    assert "Verified today by @ann" in now.text
    assert "Verify…" not in now.buttons


async def test_an_owner_verifies_nothing_of_theirs_even_with_a_forged_press(
    slack: Sandbox, bot: Service, done: SeenMessage
) -> None:
    bo = slack.person("bo")

    told = await forged_click(slack, bo, ids.ITEM_VERIFY, "1")

    assert "ACT-1 is verified by somebody else than its owner" in told
    assert bo.open_form() is None
    assert (await item_of(bot)).state is ItemState.DONE


async def test_who_has_taken_over_what_they_were_to_verify_is_not_offered_it(
    slack: Sandbox, bot: Service, done: SeenMessage
) -> None:
    ann = slack.person("ann")
    await days_pass(slack, bot, 1)
    asked = newest(ann, "Is it?")
    await ann.press("Not yet…", asked)
    await submitted(await ann.form(), {"Why is it not over?": "Only cards of one bank"})
    await all_done(bot)

    async with bot.services.transaction() as session:
        taken = AssignItem(by=ann.id, request_id="take", item_id=1, to=ann.id)
        await assign_item(session, taken, process=bot.process, now=bot.now())
        finished = MoveItem(by=ann.id, request_id="done", item_id=1, state=ItemState.DONE)
        await move_item(session, finished, process=bot.process, now=bot.now())
    await all_done(bot)

    assert "Verify…" not in now_reads(ann, asked).buttons


async def test_not_yet_opens_it_again_and_its_owner_hears_why(slack: Sandbox, bot: Service, done: SeenMessage) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await days_pass(slack, bot, 1)
    asked = newest(ann, "Is it?")

    await ann.press("Not yet…", asked)
    await submitted(await ann.form(), {"Why is it not over?": "Only cards of one bank"})
    await all_done(bot)

    assert (await item_of(bot)).state is ItemState.OPEN
    assert "Only cards of one bank" in bo.dm()[-1].text
    now = now_reads(ann, asked)
    assert "Open" in now.text
    assert now.buttons == ["Open"]


async def test_after_thirty_days_owner_and_lead_are_asked_and_shown_what_looks_alike(
    slack: Sandbox, bot: Service, done: SeenMessage
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await declare(slack, "Cards are refused again", answers={"Services": "checkout"})
    await declare(slack, "Mail is late", answers={"Services": "mail"})
    await declare(slack, "Somebody breaks into checkout", answers={"Services": "checkout", "Type": "Security"})

    await days_pass(slack, bot, 31)

    of_bo, of_ann = newest(bo, "Did it work?").text, newest(ann, "Did it work?").text
    assert "It was to achieve: Refused cards page within a minute" in of_bo
    assert "INC-2 Cards are refused again" in of_bo
    assert "INC-3" not in of_bo
    assert "INC-4" not in of_bo
    assert "INC-4 Somebody breaks into checkout" in of_ann


async def test_the_first_answer_to_a_check_counts_and_the_second_is_told_of_it(
    slack: Sandbox, bot: Service, done: SeenMessage
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await days_pass(slack, bot, 31)
    of_ann, of_bo = newest(ann, "Did it work?"), newest(bo, "Did it work?")
    assert "Since then no incident has looked like this one." in of_bo.text
    await bo.press("Not…", of_bo)
    form = await bo.form()

    await ann.press("Effective", of_ann)
    refused = await form.submit()
    await all_done(bot)

    (told,) = refused.errors.values()
    assert "ann has answered this for ACT-1 already" in told
    item = await item_of(bot)
    assert item.outcome == "effective"
    for person, message in ((ann, of_ann), (bo, of_bo)):
        now = now_reads(person, message)
        assert "It has worked, says @ann" in now.text
        assert now.buttons == ["Open", "Needs a control", "Needs training"]


async def test_what_has_not_worked_opens_an_item_that_goes_on_with_it(
    slack: Sandbox, bot: Service, done: SeenMessage
) -> None:
    bo = slack.person("bo")
    await declare(slack, "Cards are refused again", answers={"Services": "checkout"})
    await days_pass(slack, bot, 31)
    asked = newest(bo, "Did it work?")

    await bo.press("Not…", asked)
    form = await bo.form()
    await submitted(form, {"Side effects": "Pages twice", "Did it happen again?": ["INC-2 · Cards are refused again"]})
    await all_done(bot)

    made = await item_of(bot, 2)
    assert (made.title, made.owner, made.follows) == (
        "Find what works instead of: Alert on refused cards",
        bo.id,
        1,
    )
    now = now_reads(bo, asked)
    assert "It has not worked, says @bo" in now.text
    assert "Side effects: Pages twice" in now.text
    assert "It happened again: INC-2" in now.text
    assert "ACT-2 Find what works instead" in now.text


async def test_each_need_makes_one_item_however_often_it_is_pressed(
    slack: Sandbox, bot: Service, done: SeenMessage
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await days_pass(slack, bot, 31)
    of_ann, of_bo = newest(ann, "Did it work?"), newest(bo, "Did it work?")
    slack.faults.deliver_twice = True

    await bo.press("Needs a control", of_bo)
    await all_done(bot)
    await bo.press("Needs training", now_reads(bo, of_bo))
    reply = await ann.press("Needs training", of_ann)
    await all_done(bot)

    kinds = [(await item_of(bot, number)).kind for number in (2, 3)]
    assert kinds == [ItemKind.CONTROL, ItemKind.TRAINING]
    async with bot.services.read() as session:
        assert await find_item(session, 4) is None
    assert "ACT-3 was made for this already" in reply.text
    now = now_reads(ann, of_ann)
    assert "Needs training" not in now.buttons
    assert "Effective" in now.buttons


async def test_a_decision_maker_is_reminded_of_an_investment_and_answers_in_the_message(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    bo, chidi = slack.person("bo"), slack.person("chidi")
    await an_item(slack, bot, channel, title="Buy a second line", kind=ItemKind.INVESTMENT, due_on=date(2026, 6, 1))
    await days_pass(slack, bot, 15)
    asked = newest(chidi, "An investment waits for your answer")

    await chidi.press("Do not approve…", asked)
    await submitted(await chidi.form(), {"Why is it not approved?": "Not this year"})
    await all_done(bot)

    item = await item_of(bot)
    assert (item.approved, item.state, item.decided_by) == (False, ItemState.WONT_DO, chidi.id)
    assert "Not this year" in bo.dm()[-1].text
    assert "Not approved by @chidi" in now_reads(chidi, asked).text
    await days_pass(slack, bot, 15)
    assert sum("An investment waits" in one.text for one in chidi.dm()) == 0


async def test_a_decision_maker_can_answer_at_any_time_in_the_items_own_view(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    bo, chidi = slack.person("bo"), slack.person("chidi")
    await an_item(slack, bot, channel, title="Buy a second line", kind=ItemKind.INVESTMENT)
    await chidi.command("/incident actions all", channel="general")
    listed = await chidi.form()
    await listed.press("Open")
    view = await (await chidi.form()).until(lambda now: "waits for @chidi" in now.text())

    await view.press("Approve")
    await view.until(lambda now: "approved by @chidi" in now.text())
    await all_done(bot)

    assert (await item_of(bot)).approved is True
    assert "Approve" not in (await chidi.form()).buttons()
    assert bo.finds(channel, "approves ACT-1")
    await days_pass(slack, bot, 15)
    assert not any("An investment waits" in one.text for one in chidi.dm())


async def test_somebody_else_verifies_in_the_items_own_view(
    slack: Sandbox, bot: Service, channel: str, done: SeenMessage
) -> None:
    ann = slack.person("ann")
    await ann.command("/incident actions here", channel=channel)
    await (await ann.form()).press("Open")
    view = await (await ann.form()).until(lambda now: "Verify" in now.buttons())

    await view.press("Verify")
    await submitted(await ann.form(), {"Link that shows it": "https://grafana.example.com/cards"})

    await (await ann.form()).until(lambda now: "Verified today by @ann" in now.text())
    assert (await item_of(bot)).state is ItemState.VERIFIED
