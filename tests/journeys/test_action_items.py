"""Action items are made where people are: in one line, by a form, from a message; and each has an owner and a day."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.service import Service
from sandbox import Sandbox
from storage.action_items import list_items_of_incident
from storage.tables import ActionItem, Horizon, ItemKind, Source
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.reminding import clock_at
from tests.journeys.telling import all_done, card_of, declare, ledger_of

WEDNESDAY = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)


@pytest.fixture
async def wednesday() -> AsyncIterator[Sandbox]:
    """A workspace in which it is Wednesday; over HTTP requests of another day would be refused."""
    async with Sandbox(MANIFEST, clock=clock_at(WEDNESDAY)) as sandbox:
        yield sandbox
    assert sandbox.complaints == []


@pytest.fixture
async def bot(wednesday: Sandbox, database_url: str) -> AsyncIterator[Service]:
    """The bot on that workspace's clock."""
    async with a_bot(wednesday, database_url, now=wednesday.clock.now) as service:
        yield service


def _today() -> date:
    """Which day it is for Ann."""
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


async def _items(bot: Service, incident: int = 1) -> list[ActionItem]:
    """The incident's items, once all is settled."""
    await all_done(bot)
    async with bot.database.read() as session:
        return list(await list_items_of_incident(session, incident))


async def test_one_line_makes_an_item_with_its_owner_and_its_day(slack: Sandbox, bot_on_either: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)

    reply = await ann.command("/incident action Alert on refused cards @bo in 9 days", channel=channel)

    assert reply.text.startswith(":memo: ACT-1 Alert on refused cards\nINC-1 · @bo · due ")
    assert "in 9 days" in reply.text
    (item,) = await _items(bot_on_either)
    assert (item.title, item.owner, item.due_on) == ("Alert on refused cards", bo.id, _today() + timedelta(days=9))
    assert (item.horizon, item.source, item.created_by) == (Horizon.AFTER, Source.COMMAND, ann.id)
    (told,) = [message for message in bo.dm() if "ACT-1" in message.text]
    assert "Alert on refused cards" in told.text
    assert {"Accept", "Decline"} <= set(told.buttons)
    assert [m for m in card_of(ann, channel).replies() if "adds ACT-1 Alert on refused cards" in m.text]
    assert (await ledger_of(bot_on_either))[1] is None


async def test_what_nobody_said_is_the_usual_and_the_answer_says_so(wednesday: Sandbox, bot: Service) -> None:
    channel = await declare(wednesday)
    bo = wednesday.person("bo")
    await bo.joins(channel)

    action = await bo.command("/incident action Rotate the signing keys", channel=channel)
    task = await bo.command("/incident task Restart the cache", channel=channel)

    (after, now) = await _items(bot)
    assert (after.owner, after.due_on) == (wednesday.person("ann").id, date(2026, 3, 18))
    assert "due Wed 18 Mar, in 2 weeks" in action.text
    assert "Nobody was named, so it is the lead’s.\nI found no day in it, so it has the usual one." in action.text
    assert (now.horizon, now.due_on) == (Horizon.NOW, None)
    assert "a task of the response · @ann · no date" in task.text


async def test_a_day_with_two_readings_is_said_and_a_long_text_is_kept_beside_its_title(
    wednesday: Sandbox, bot: Service
) -> None:
    ann = wednesday.person("ann")
    channel = await declare(wednesday)

    reply = await ann.command("/incident action Raise the pool size to 50 by 1/12", channel=channel)
    await ann.command(f"/incident action Rotate all keys. {'They are old. ' * 30}by friday", channel=channel)

    assert "“1/12” was read as Tue 1 Dec. Edit it if Tue 12 Jan 2027 was meant." in reply.text
    (short, long) = await _items(bot)
    assert (short.title, short.why, short.due_on) == ("Raise the pool size to 50", "", date(2026, 12, 1))
    assert (long.title, long.due_on) == ("Rotate all keys", date(2026, 3, 6))
    assert long.why.startswith("Rotate all keys. They are old. They")


@pytest.mark.parametrize(
    ("zone", "due_on"),
    [
        ("Pacific/Kiritimati", date(2026, 3, 6)),  # UTC+14, where it is Thursday, half past midnight
        ("Pacific/Pago_Pago", date(2026, 3, 4)),  # UTC−11, where it is Tuesday, half an hour before midnight
    ],
)
async def test_tomorrow_is_the_speakers_own(zone: str, due_on: date, database_url: str) -> None:
    start = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
    async with (
        Sandbox(MANIFEST, clock=clock_at(start)) as slack,
        a_bot(slack, database_url, now=slack.clock.now) as bot,
    ):
        ann = slack.person("ann")
        await ann.changes_profile(tz=zone)
        channel = await declare(slack)
        await all_done(bot)

        reply = await ann.command("/incident action Rotate the keys by tomorrow", channel=channel)
        await ann.command("/incident action Rotate the logs today", channel=channel)

        assert "due tomorrow" in reply.text
        assert [item.due_on for item in await _items(bot)] == [due_on, due_on - timedelta(days=1)]


async def test_a_day_that_is_past_is_refused_and_the_form_keeps_what_was_said(wednesday: Sandbox, bot: Service) -> None:
    ann, bo = wednesday.person("ann"), wednesday.person("bo")
    channel = await declare(wednesday)

    await ann.command("/incident action Rotate the signing keys @bo by 1 march", channel=channel)
    form = await ann.form()

    assert "That day is past" in form.text()
    assert form.values()["What is to be done?"] == "Rotate the signing keys"
    assert form.values()["Who does it?"] == bo.id
    assert form.values()["Until when?"] == "2026-03-01"
    assert "That day is past" in (await form.submit()).errors["Until when?"]
    assert await _items(bot) == []
    await form.fill({"Until when?": "2026-03-20"})
    assert (await form.submit()).closed
    (item,) = await _items(bot)
    assert (item.title, item.owner, item.due_on) == ("Rotate the signing keys", bo.id, date(2026, 3, 20))


async def test_the_form_asks_for_everything_and_refuses_what_is_missing_at_its_field(
    slack: Sandbox, bot_on_either: Service
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await ann.command("/incident action", channel=channel)
    form = await ann.form()
    assert form.values()["Who does it?"] == ann.id

    assert "What is to be done?" in (await form.submit()).errors
    await form.fill({"What is to be done?": "Write a runbook for failing over", "Links": "no link"})
    assert (await form.submit()).errors == {"Until when?": "Say until when; only work for now needs no day."}
    await form.fill({"Until when?": str(_today() + timedelta(days=9))})
    assert "Links" in (await form.submit()).errors
    await form.fill(
        {
            "Who does it?": "bo",
            "Links": "https://wiki.example/failover",
            "What sort of work is it?": "Documentation",
            "Impact": "4",
            "Feasibility": "5 · easy",
        }
    )
    assert (await form.submit()).closed

    (item,) = await _items(bot_on_either)
    assert (item.owner, item.kind, item.rank) == (bo.id, ItemKind.DOCUMENTATION, 20)
    assert item.links == ["https://wiki.example/failover"]
    assert item.source is Source.FORM


async def test_a_vague_title_is_questioned_and_not_refused(wednesday: Sandbox, bot: Service) -> None:
    ann = wednesday.person("ann")
    channel = await declare(wednesday)

    reply = await ann.command("/incident action improve monitoring by friday", channel=channel)
    await ann.press("Edit", reply.messages[0])
    form = await ann.form()
    await form.fill({"What is to be done?": "Alert on refused cards"})
    assert (await form.submit()).closed

    assert "How would somebody see that it is done?" in reply.text
    (item,) = await _items(bot)
    assert (item.title, item.due_on) == ("Alert on refused cards", date(2026, 3, 6))

    await ann.command("/incident action", channel=channel)
    form = await ann.form()
    await form.fill({"What is to be done?": "better alerts", "Until when?": "2026-03-20"})
    await form.submit()
    asked = await ann.form()
    assert "How would somebody see that it is done?" in asked.text()
    assert len(await _items(bot)) == 2


async def test_two_who_edit_at_once_overwrite_nothing_of_each_other(wednesday: Sandbox, bot: Service) -> None:
    ann, bo, chidi = (wednesday.person(name) for name in ("ann", "bo", "chidi"))
    channel = await declare(wednesday)
    for one in (bo, chidi):
        await one.joins(channel)
    made = await ann.command("/incident action Rotate the signing keys by friday", channel=channel)
    await ann.press("Edit", made.messages[0])
    anns = await ann.form()
    await bo.command("/incident actions", channel=channel)
    await (await bo.form()).press("Open")
    await (await bo.form()).press("Edit")
    bos = await bo.form()

    await bos.fill({"Until when?": "2026-03-20", "Who does it?": "chidi"})
    assert (await bos.submit()).ok
    await anns.fill({"What and why": "They are three years old"})
    assert (await anns.submit()).ok

    below = await bo.form()
    assert "Fri 20 Mar" in below.text()
    (changed,) = await _items(bot)
    assert (changed.owner, changed.due_on) == (chidi.id, date(2026, 3, 20))
    assert changed.why == "They are three years old"


async def test_a_message_becomes_an_item_with_its_words_and_the_way_back(
    slack: Sandbox, bot_on_either: Service
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await bo.joins(channel)
    said = await bo.types("Somebody should raise the pool size. It was 10 for <years> & nobody knew.", channel=channel)

    await ann.message_shortcut("Make an action item", said)
    form = await ann.form()
    assert form.values()["What is to be done?"] == "Somebody should raise the pool size"
    assert form.values()["What and why"] == said.text
    await form.fill({"What is to be done?": "Raise the pool size to 50", "Until when?": str(_today())})
    assert (await form.submit()).closed

    (item,) = await _items(bot_on_either)
    assert (item.source, item.source_ref) == (Source.MESSAGE, said.ts)
    assert (item.title, item.why) == ("Raise the pool size to 50", said.text)
    assert item.links[0].endswith(f"/p{said.ts.replace('.', '')}")


async def test_our_own_messages_become_items_too_and_other_channels_get_a_private_sentence(
    wednesday: Sandbox, bot: Service
) -> None:
    ann = wednesday.person("ann")
    channel = await declare(wednesday)

    await ann.message_shortcut("Make an action item", card_of(ann, channel))
    form = await ann.form()
    assert form.values()["What is to be done?"]
    await form.close()
    elsewhere = await ann.types("The printer is out of paper", channel="general")
    reply = await ann.message_shortcut("Make an action item", elsewhere)

    assert "This channel is no incident’s" in reply.text
    assert all(message.ephemeral for message in reply.messages)
    assert await _items(bot) == []


async def test_the_bot_and_people_outside_a_private_channel_cannot_own_an_item(
    wednesday: Sandbox, bot: Service
) -> None:
    ann = wednesday.person("ann")
    channel = await declare(wednesday, answers={"Who may see it": "Only those invited"})

    await ann.command("/incident action Rotate the keys @bo by friday", channel=channel)
    form = await ann.form()

    assert "INC-1 is private and bo is not in its channel" in form.text()
    assert form.values()["What is to be done?"] == "Rotate the keys"
    assert form.values()["Until when?"] == "2026-03-06"
    await form.fill({"Who does it?": "bo"})
    assert "Who does it?" in (await form.submit()).errors
    await form.fill({"Who does it?": wednesday.workspace.bot.name})
    assert "cannot own an action item" in (await form.submit()).errors["Who does it?"]
    assert await _items(bot) == []
