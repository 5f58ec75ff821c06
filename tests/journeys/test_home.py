"""The App Home: what somebody follows and the open incidents they may see, as it is when they look."""

import asyncio
from contextlib import suppress
from typing import Any

from bot.service import Service
from sandbox import Sandbox
from sandbox.calls import Call, Step
from sandbox.people.person import Person
from storage.action_items import find_item
from storage.tables import ActionItem, Incident, ItemState
from tests.builders import NOON
from tests.journeys.conftest import a_bot
from tests.journeys.reminding import an_item
from tests.journeys.telling import all_done, declare
from workflows.process import parse_process


def words(person: Person) -> str:
    """Everything that stands in their home tab."""
    return str(person.home())


async def opened(person: Person) -> Any:
    """Their home tab once it is there."""
    await person.opens_home()
    await person.until(person.home)
    form = await person.opens_home()
    assert form is not None
    return form


async def test_the_home_shows_what_is_open_and_followed_and_changes_with_each_deed_there(
    slack: Sandbox, bot: Service
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await declare(slack, "Keys leaked", answers={"Type": "Security"})
    await all_done(bot)
    form = await opened(bo)
    assert "INC-1" in words(bo)
    assert "Keys leaked" not in words(bo)
    assert "you are" not in words(bo)
    assert "Nothing yet." in words(bo)

    await form.press("Subscribe")
    subscribe = await bo.form()
    await subscribe.fill({"How bad": "SEV2 or worse"})
    assert (await subscribe.submit()).closed
    await bo.until(lambda: "Incidents of SEV2 or worse" in words(bo))
    form = await bo.opens_home()
    assert form is not None
    await form.press("Unsubscribe")
    await bo.until(lambda: "Nothing yet." in words(bo))

    await form.press("Declare an incident")
    assert (await bo.form()).title == "Declare an incident"
    await opened(ann)
    await ann.until(lambda: "you are Lead" in words(ann) and "Keys leaked" in words(ann))
    await ann.command("/incident decline a drill", channel=channel)
    await opened(ann)
    await ann.until(lambda: "Checkout is down" not in words(ann))


async def test_a_home_that_was_read_earlier_is_never_published_over_a_newer_one(slack: Sandbox, bot: Service) -> None:
    bo = slack.person("bo")
    arrived, overtaken = asyncio.Event(), asyncio.Event()

    async def hold_the_first(call: Call, step: Step) -> None:
        if call.method != "views.publish":
            return
        if step == "answered":
            overtaken.set()
        elif step == "arrived" and not arrived.is_set():
            arrived.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(overtaken.wait(), 0.5)

    slack.calls.on_call = hold_the_first
    await bo.opens_home()
    await arrived.wait()
    await bo.command("/incident subscribe SEV2", channel="general")
    await bo.opens_home()
    await slack.events_settled()

    assert len(slack.calls.of("views.publish")) == 2
    assert "Incidents of SEV2 or worse" in words(bo)


async def test_the_home_stays_within_slacks_limits_with_two_hundred_incidents(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack, "&" * 120)
    await an_item(slack, bot, channel, title="&" * 200, why="&" * 3000)
    async with bot.database.transaction() as session:
        first = await session.get(Incident, 1)
        assert first is not None
        for number in range(2, 202):
            values = first.model_dump(exclude={"id", "marker", "channel_id"})
            session.add(Incident(**{**values, "marker": f"m{number}", "declared_at": NOON, "channel_id": None}))
        item = await session.get(ActionItem, 1)
        assert item is not None
        for number in range(2, 1_002):
            values = {**item.model_dump(exclude={"id"}), "owner": ann.id if number % 2 else item.owner}
            session.add(ActionItem(**values))
    for service in range(30):
        await ann.command(f"/incident subscribe service{service}", channel="general")

    await opened(ann)

    assert len(ann.home()) < 100
    assert "and 175 more" in words(ann)
    assert "and 10 more" in words(ann)
    assert "Your action items · 500" in words(ann)
    assert "What you have assigned · 501" in words(ann)


async def test_the_home_shows_what_is_to_do_and_its_buttons_settle_it(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    for title in ("Alert on refused cards", "Write the runbook"):
        await an_item(slack, bot, channel, title=title)
    form = await opened(bo)
    assert "Your action items · 2" in words(bo)
    assert "What you have assigned" not in words(bo)

    await form.press("Done")
    await bo.until(lambda: "Your action items · 1" in words(bo))
    form = await opened(bo)
    await form.fill({"Snooze": "3 days"})
    await all_done(bot)
    async with bot.database.read() as session:
        kept = [await find_item(session, number) for number in (1, 2)]
    assert [(item.state, item.snoozes) for item in kept if item] == [(ItemState.DONE, 0), (ItemState.OPEN, 1)]

    await form.press("Open")
    assert (await bo.form()).title == "ACT-2"
    await opened(ann)
    assert "What you have assigned · 1" in words(ann)


async def test_all_of_a_list_opens_from_the_home_and_a_refusal_is_said_there(slack: Sandbox, bot: Service) -> None:
    bo = slack.person("bo")
    channel = await declare(slack)
    for number in range(9):
        item = await an_item(slack, bot, channel, title=f"Work {number}")
    form = await opened(bo)
    assert "Work 8" not in words(bo)

    await form.press("All 9")
    assert "Work 8" in (await bo.form()).text()

    async with bot.database.transaction() as session:
        for number in range(1, 10):
            found = await find_item(session, number)
            assert found is not None
            found.owner, found.assigned_by = "UDEE", "UDEE"
    await form.press("Done")

    await bo.until(lambda: "Nothing to do." in words(bo))
    said = (await bo.form()).text()
    assert "ACT-1" in said
    assert item.title not in said


async def test_the_other_tab_of_our_home_publishes_nothing(slack: Sandbox, bot: Service) -> None:
    await slack.person("ann").opens_home("messages")
    await slack.events_settled()

    assert slack.calls.of("views.publish") == []


async def test_the_homes_of_three_people_show_theirs_their_teams_and_what_is_overdue(
    slack: Sandbox, database_url: str
) -> None:
    ann, bo, dee = (slack.person(name) for name in ("ann", "bo", "dee"))
    process = parse_process({"teams": {"payments": {"name": "Payments", "people": [bo.id, dee.id]}}})
    async with a_bot(slack, database_url, process=process) as bot:
        channel = await declare(slack)
        for title, owner in (("Bo’s work", "bo"), ("Dee’s work", "dee"), ("Ann’s late work", "ann")):
            await an_item(slack, bot, channel, title=title, owner=owner)
        async with bot.database.transaction() as session:
            late = await find_item(session, 3)
            assert late is not None
            late.due_on = NOON.date()
        for person in (ann, bo, dee):
            await opened(person)

        shown = {person.id: sections(person) for person in (ann, bo, dee)}

    assert shown == {
        ann.id: {"Your action items": ["Ann’s late work"], "What you have assigned": ["Bo’s work", "Dee’s work"]},
        bo.id: {
            "Your action items": ["Bo’s work"],
            "Your team’s action items": ["Dee’s work"],
            "Overdue, of others": ["Ann’s late work"],
        },
        dee.id: {
            "Your action items": ["Dee’s work"],
            "Your team’s action items": ["Bo’s work"],
            "Overdue, of others": ["Ann’s late work"],
        },
    }


def sections(person: Person) -> dict[str, list[str]]:
    """The titles of the action items in somebody's home tab, by heading."""
    found: dict[str, list[str]] = {}
    heading = ""
    for block in person.home():
        if block["type"] == "header":
            heading = block["text"]["text"].split(" · ")[0]
        elif block["type"] == "section" and "*ACT-" in block["text"]["text"]:
            title = block["text"]["text"].splitlines()[0].partition("* ")[2]
            found.setdefault(heading, []).append(title)
    return found
