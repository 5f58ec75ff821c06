"""Lists of action items: what each person may see, with buttons that settle the matter where they stand."""

from datetime import UTC, date, datetime

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.form import Form
from sandbox.people.person import Person
from storage.action_items import find_item
from storage.ledger import find_newest_entry
from storage.tables import ActionItem, Aim, EntryKind, Horizon, ItemState
from tests.journeys.reminding import an_item
from tests.journeys.telling import all_done, card_of, declare


@pytest.fixture
async def ann(slack: Sandbox, bot: Service) -> Person:
    return slack.person("ann")


@pytest.fixture
async def bo(slack: Sandbox, bot: Service) -> Person:
    return slack.person("bo")


@pytest.fixture
async def channel(slack: Sandbox, bot: Service) -> str:
    """The channel of an incident that Ann declared and leads."""
    return await declare(slack)


async def listed(person: Person, words: str = "", *, channel: str = "general") -> Form:
    """The list that they ask for."""
    reply = await person.command(f"/incident actions {words}", channel=channel)
    assert reply.failed is None
    form = await person.form()
    assert form.title == "Action items"
    return form


async def state_of(bot: Service, item: ActionItem) -> ItemState:
    """Where an item is now."""
    async with bot.database.read() as session:
        found = await find_item(session, item.number)
    assert found is not None
    return found.state


async def make_overdue(bot: Service, item: ActionItem) -> None:
    """Let an item be due long ago."""
    async with bot.database.transaction() as session:
        found = await find_item(session, item.number)
        assert found is not None
        found.due_on = date(2020, 1, 6)


def next_year(number: int) -> date:
    """Some day that is still to come; a higher number is a later one."""
    return date(datetime.now(UTC).year + 1, 2, 1 + number)


async def test_alone_the_command_lists_those_of_here_and_elsewhere_the_askers_own(
    slack: Sandbox, bot: Service, ann: Person, bo: Person, channel: str
) -> None:
    await an_item(slack, bot, channel, title="Alert on refused cards", owner="bo")
    await an_item(slack, bot, channel, title="Write the runbook", owner="ann")

    here = (await listed(ann, channel=channel)).text()
    elsewhere = (await listed(bo)).text()

    assert "Of INC-1: 2 action items" in here
    assert "Alert on refused cards" in here
    assert "Write the runbook" in here
    assert "Yours: 1 action item" in elsewhere
    assert "Write the runbook" not in elsewhere


async def test_a_press_on_done_settles_the_matter_and_the_list_shows_it(
    slack: Sandbox, bot: Service, bo: Person, channel: str
) -> None:
    item = await an_item(slack, bot, channel, owner="bo")
    form = await listed(bo)

    await form.press("Done")

    assert await state_of(bot, item) is ItemState.DONE
    await form.until(lambda now: "nothing that you can see" in now.text())


async def test_an_item_opens_on_top_of_its_list_and_what_is_done_there_shows_in_both(
    slack: Sandbox, bot: Service, bo: Person, channel: str
) -> None:
    item = await an_item(slack, bot, channel, owner="bo", why="Nobody noticed for an hour")
    await bo.joins(channel)
    below = await listed(bo, "here", channel=channel)
    await below.press("Open")
    form = await bo.form()
    assert form.title == item.ref
    assert "Nobody noticed for an hour" in form.text()
    assert "@ann adds ACT-1" in form.text()

    await form.press("In progress")

    await form.until(lambda now: "In progress" in now.text() and "In progress" not in now.buttons())
    await below.until(lambda now: "in progress" in now.text())
    assert await state_of(bot, item) is ItemState.IN_PROGRESS


async def test_the_menu_leads_to_every_other_list(
    slack: Sandbox, bot: Service, ann: Person, bo: Person, channel: str
) -> None:
    await an_item(slack, bot, channel, title="Alert on refused cards", owner="bo")
    await make_overdue(bot, await an_item(slack, bot, channel, title="Write the runbook", owner="ann"))
    form = await listed(ann, "all")
    assert "All that are open: 2 action items, 1 overdue" in form.text()

    await form.fill({"Which": "Overdue"})
    await form.until(lambda now: "Overdue: 1 action item" in now.text())
    assert "Alert on refused cards" not in form.text()

    await form.fill({"Which": "Assigned by you"})
    await form.until(lambda now: "Assigned by you: 1 action item" in now.text())
    assert "Write the runbook" not in form.text()

    await form.fill({"Somebody’s": "bo"})
    await form.until(lambda now: "Of @bo: 1 action item" in now.text())
    assert "Alert on refused cards" in form.text()


async def test_a_long_list_is_turned_page_by_page(slack: Sandbox, bot: Service, ann: Person, channel: str) -> None:
    for number in range(23):
        await an_item(slack, bot, channel, title=f"Work {number:02}", owner="ann", due_on=next_year(number))
    form = await listed(ann, "mine")
    assert "23 action items · 1 to 10" in form.text()
    assert "Work 09" in form.text()
    assert "Work 10" not in form.text()

    await form.press("Next")
    await form.until(lambda now: "11 to 20" in now.text())
    await form.press("Next")
    await form.until(lambda now: "21 to 23" in now.text())
    assert "Next" not in form.buttons()

    await form.press("Previous")
    await form.until(lambda now: "Work 10" in now.text())


async def test_a_private_incidents_items_are_in_nobody_elses_list_nor_in_one_that_was_opened_before(
    slack: Sandbox, bot: Service, ann: Person, bo: Person
) -> None:
    channel = await declare(slack, "Keys leaked", answers={"Type": "Security"})
    await ann.invites("bo", channel)
    await all_done(bot)
    item = await an_item(slack, bot, channel, title="Change all keys", owner="bo")
    dee = slack.person("dee")
    assert "Change all keys" not in (await listed(dee, "all")).text()
    assert "Change all keys" not in (await listed(dee, "@bo")).text()
    form = await listed(bo, "mine")
    assert "Change all keys" in form.text()

    await bo.leaves(channel)
    await slack.events_settled()
    await all_done(bot)
    await form.press("Open")

    await bo.until(lambda: not _shows(slack, bo, "Change all keys"))
    assert await state_of(bot, item) is ItemState.OPEN


def _shows(slack: Sandbox, person: Person, words: str) -> bool:
    """Whether the view on top of all others shows this."""
    view = slack.workspace.views.top(person.id)
    return view is not None and words in str(view.blocks)


async def test_words_that_name_no_list_are_answered_with_those_there_are(
    slack: Sandbox, bot: Service, ann: Person
) -> None:
    assert "I know no such list" in (await ann.command("/incident actions yesterday", channel="general")).text
    assert "not the channel of an incident" in (await ann.command("/incident actions here", channel="general")).text


async def test_the_list_of_an_incident_says_that_nothing_is_to_prevent_it(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    await an_item(slack, bot, channel, title="Alert on refused cards", aim=Aim.DETECT)
    assert "None of these is to prevent it" in (await listed(ann, "here", channel=channel)).text()

    await an_item(slack, bot, channel, title="Check cards before the release", aim=Aim.PREVENT)
    assert "None of these" not in (await listed(ann, "here", channel=channel)).text()


async def test_who_lets_nothing_prevent_it_says_why_and_the_warning_goes_with_it_into_the_ledger(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    await an_item(slack, bot, channel, title="Alert on refused cards", aim=Aim.DETECT)
    await (await listed(ann, "here", channel=channel)).press("Go without…")
    form = await ann.form()
    await form.fill({"Why does nothing prevent it?": "The provider fails as it likes"})
    await form.submit()
    await all_done(bot)

    assert "None of these" not in (await ann.form()).text()
    (said,) = [reply.text for reply in card_of(ann, channel).replies() if "no action item is to prevent" in reply.text]
    assert "The provider fails as it likes" in said
    async with bot.database.read() as session:
        entry = await find_newest_entry(session, 1, [EntryKind.NO_PREVENTION])
    assert entry is not None
    assert (entry.by, entry.data) == (ann.id, {"reason": "The provider fails as it likes"})


async def test_a_form_on_top_of_an_item_shows_what_it_changed_in_both_views_below(
    slack: Sandbox, bot: Service, bo: Person, channel: str
) -> None:
    item = await an_item(slack, bot, channel, owner="bo")
    below = await listed(bo)
    await below.press("Open")
    view = await bo.form()
    await view.press("Blocked…")
    form = await bo.form()

    await form.fill({form.labels()[0]: "the vendor"})
    assert (await form.submit()).ok

    await view.until(lambda now: "Blocked on the vendor" in now.text())
    await below.until(lambda now: "blocked on the vendor" in now.text())
    assert await state_of(bot, item) is ItemState.BLOCKED


async def test_who_was_too_late_reads_in_the_list_what_is_the_case(
    slack: Sandbox, bot: Service, ann: Person, bo: Person, channel: str
) -> None:
    item = await an_item(slack, bot, channel, owner="bo")
    await bo.joins(channel)
    forms = [await listed(person, "here", channel=channel) for person in (ann, bo)]

    await forms[0].press("Done")
    await forms[1].press("Done")

    await forms[1].until(lambda now: "ACT-1 is already done" in now.text())
    assert "Done" not in forms[1].buttons()
    assert await state_of(bot, item) is ItemState.DONE


async def test_a_task_is_kept_for_afterwards_and_gets_a_date(
    slack: Sandbox, bot: Service, bo: Person, channel: str
) -> None:
    await an_item(slack, bot, channel, owner="bo", horizon=Horizon.NOW)
    await (await listed(bo)).press("Open")
    form = await bo.form()
    assert "no date" in form.text()

    await form.press("Keep it for afterwards")

    await form.until(lambda now: "Make it a task for now" in now.buttons())
    assert "no date" not in form.text()


async def test_the_card_says_how_much_there_is_to_do_and_leads_to_it(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    await an_item(slack, bot, channel, title="Restart the cache", horizon=Horizon.NOW)
    await an_item(slack, bot, channel)
    await ann.until(lambda: "1 open task, 1 action item for afterwards" in str(card_of(ann, channel).blocks))

    await ann.press("Action items", card_of(ann, channel))

    assert "Of INC-1: 2 action items" in (await ann.form()).text()


async def test_lists_work_over_every_transport_and_on_both_databases(slack: Sandbox, bot_on_either: Service) -> None:
    bo, channel = slack.person("bo"), await declare(slack)
    await bo.joins(channel)
    item = await an_item(slack, bot_on_either, channel, owner="bo")
    below = await listed(bo, "here", channel=channel)
    await below.press("Open")
    form = await bo.form()
    assert "@ann adds ACT-1" in form.text()

    await form.press("Done")

    await form.until(lambda now: "Open it again" in now.buttons())
    await below.until(lambda now: "done" in now.text())
    assert await state_of(bot_on_either, item) is ItemState.DONE
