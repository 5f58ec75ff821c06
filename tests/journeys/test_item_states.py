"""What happens to action items, as people meet it: marks that make them, and a call for help that is heard."""

from sqlmodel import select

from bot.service import Service
from sandbox import Sandbox
from storage.tables import ActionItem, ItemState
from tests.journeys.reminding import an_item, as_it_is_now, submitted
from tests.journeys.telling import all_done, card_of, declare, mentioning, said_by_bot
from workflows.commands import AskForHelp
from workflows.item_owners import ask_for_help


async def _items(bot: Service) -> list[ActionItem]:
    await all_done(bot)
    async with bot.database.read() as session:
        return list((await session.execute(select(ActionItem))).scalars())


async def test_a_message_marked_as_work_becomes_the_leads_item_and_goes_with_the_mark(
    slack: Sandbox, bot_on_either: Service
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await bo.joins(channel)
    quiet = len(said_by_bot(slack, ann, channel))
    words = await bo.types("We should alert on *refused* cards. Nobody noticed.", channel=channel)

    await bo.reacts(words, "memo")
    await slack.events_settled()
    (item,) = await _items(bot_on_either)

    assert item.title == "We should alert on *refused* cards"
    assert (item.owner, item.created_by) == (ann.id, bo.id)
    (told,) = mentioning(card_of(ann, channel).replies(), "adds ACT-1")
    assert "for @ann, due" in told.text
    await ann.until(lambda: mentioning(ann.dm(), "ACT-1"))
    assert len(said_by_bot(slack, ann, channel)) == quiet

    await bo.unreacts(words, "memo")
    await slack.events_settled()
    (item,) = await _items(bot_on_either)
    assert item.state is ItemState.WONT_DO


async def test_a_call_for_help_reaches_the_channel_and_the_lead_alone_once_that_is_archived(
    slack: Sandbox, bot: Service
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await bo.joins(channel)
    item = await an_item(slack, bot, channel, owner="bo")

    await _asks_for_help(bot, item, bo.id, "Which team has the keys?")
    heard = await ann.wait_for(channel, containing="Which team has the keys?")
    assert "@bo asks @ann for help with ACT-1" in heard.text
    await ann.archives(channel)
    await _asks_for_help(bot, item, bo.id, "And who signs?")

    await ann.until(lambda: mentioning(ann.dm(), "And who signs?"))


async def _asks_for_help(bot: Service, item: ActionItem, by: str, words: str) -> None:
    async with bot.services.transaction() as session:
        command = AskForHelp(by=by, request_id=f"help/{words}", item_id=item.number, words=words)
        await ask_for_help(session, command, process=bot.process, now=bot.now())
    await all_done(bot)


async def test_the_buttons_of_a_direct_message_work_over_every_transport_and_on_both_databases(
    slack: Sandbox, bot_on_either: Service
) -> None:
    bo, channel = slack.person("bo"), await declare(slack)
    await an_item(slack, bot_on_either, channel, owner="bo")
    (given,) = mentioning(bo.dm(), "has given you ACT-1")

    await bo.press("Accept", given)
    await all_done(bot_on_either)
    accepted = as_it_is_now(bo, given)
    assert "Accept" not in accepted.buttons
    await bo.choose("A date…", accepted)
    form = await bo.form()
    await form.fill({"Remind again on": "2000-01-03"})
    assert "not to come" in (await form.submit()).errors["Remind again on"]
    await form.close()
    await bo.press("Won’t do", accepted)
    await submitted(await bo.form(), {"Why will it not be done?": "We drop the gateway"})
    (item,) = await _items(bot_on_either)

    assert item.state is ItemState.WONT_DO
    assert "Won't be done: We drop the gateway" in as_it_is_now(bo, given).text
