"""Digests, thanks and themes, as people see them."""

from datetime import UTC, date, datetime, timedelta

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.seen import SeenMessage
from storage.tables import ActionItem, ItemState
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.reminding import an_item, clock_at, days_pass
from tests.journeys.telling import DIGEST, all_done, card_of, declare, mentioning, said_by_bot
from workflows.commands import MoveItem
from workflows.digests import plan_digests
from workflows.item_states import move_item
from workflows.process import parse_process

WEDNESDAY = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)
IN_BERLIN = parse_process(
    {
        "timezone": "Europe/Berlin",
        "teams": {"web": {"name": "Web", "groups": ["web"]}, "gone": {"name": "Gone", "groups": ["nobody-knows"]}},
    }
)


def digests(slack: Sandbox) -> list[SeenMessage]:
    """The weekly digests that are posted."""
    return mentioning(said_by_bot(slack, slack.person("ann"), DIGEST), "Action items:")


def words(message: SeenMessage) -> str:
    """Everything that stands in it."""
    return str(message.blocks)


async def done(slack: Sandbox, bot: Service, item: ActionItem, *, by: str) -> None:
    """Somebody has done it."""
    command = MoveItem(
        by=slack.person(by).id, request_id=f"done/{item.number}", item_id=item.number, state=ItemState.DONE
    )
    async with bot.services.transaction() as session:
        await move_item(session, command, process=bot.process, now=bot.now())
    await all_done(bot)


async def test_on_monday_the_digest_channel_hears_once_of_everything_but_private_incidents(database_url: str) -> None:
    async with Sandbox(MANIFEST, clock=clock_at(WEDNESDAY)) as slack:
        slack.add_usergroup("web", ["bo"])
        async with a_bot(slack, database_url, now=slack.clock.now, process=IN_BERLIN) as bot:
            channel = await declare(slack)
            secret = await declare(slack, "Keys leaked", answers={"Type": "Security"})
            await all_done(bot)
            await an_item(slack, bot, channel, title="Page on refused cards", due_on=date(2026, 3, 6))
            quick = await an_item(slack, bot, channel, title="Lower the limit", owner="chidi", due_on=date(2026, 3, 12))
            await an_item(slack, bot, secret, title="Turn the keys", owner="ann", due_on=date(2026, 3, 5))
            await done(slack, bot, quick, by="chidi")
            await slack.person("ann").joins(f"#{DIGEST}")

            await days_pass(slack, bot, 4)
            assert digests(slack) == []
            await days_pass(slack, bot, 1)

            (digest,) = digests(slack)
            for line in (
                "Page on refused cards · bo · due Fri 6 Mar · INC-1",
                "Lower the limit · chidi",
                "Thank you, chidi!",
            ):
                assert line in words(digest)
            assert "Web: 1 open, 1 overdue, 0 done" in words(digest)
            assert "No team: 0 open, 0 overdue, 1 done" in words(digest)
            assert "keys" not in words(digest)
            assert "comes late" in words(digest)

            await days_pass(slack, bot, 7)
            assert len(digests(slack)) == 2
            assert "Thank you" not in words(digests(slack)[-1])


async def test_a_digest_that_was_missed_is_sent_once_after_the_start_and_the_next_one_on_its_day(
    database_url: str,
) -> None:
    async with Sandbox(MANIFEST, clock=clock_at(WEDNESDAY)) as slack:
        async with a_bot(slack, database_url, now=slack.clock.now) as bot:
            channel = await declare(slack)
            await all_done(bot)
            await an_item(slack, bot, channel, due_on=date(2026, 3, 20))
        slack.clock.advance(timedelta(days=20).total_seconds())
        async with a_bot(slack, database_url, now=slack.clock.now) as bot:
            await slack.person("ann").joins(f"#{DIGEST}")
            await all_done(bot)
            assert ["comes late" in words(one) for one in digests(slack)] == [True]

            await days_pass(slack, bot, 6)
            assert len(digests(slack)) == 2


async def test_an_owner_hears_on_monday_what_there_is_to_do_and_who_has_nothing_to_do_hears_nothing(
    database_url: str,
) -> None:
    async with (
        Sandbox(MANIFEST, clock=clock_at(WEDNESDAY)) as slack,
        a_bot(slack, database_url, now=slack.clock.now) as bot,
    ):
        channel = await declare(slack)
        await all_done(bot)
        await an_item(slack, bot, channel, due_on=date(2026, 6, 30))
        heard = {name: len(slack.person(name).dm()) for name in ("bo", "chidi")}

        await days_pass(slack, bot, 4)
        assert len(slack.person("bo").dm()) == heard["bo"]
        await days_pass(slack, bot, 1)

        monday = slack.person("bo").dm()[heard["bo"] :]
        assert ["ACT-1" in str(message.blocks) for message in monday] == [True]
        assert len(slack.person("chidi").dm()) == heard["chidi"]


async def test_thanks_are_said_under_the_card_and_to_who_prefers_that_in_private(slack: Sandbox, bot: Service) -> None:
    ann, bo, chidi = (slack.person(name) for name in ("ann", "bo", "chidi"))
    channel = await declare(slack)
    await all_done(bot)

    assert "is thanked in INC-1" in (await ann.command("/incident kudos @bo for the graph", channel=channel)).text
    assert "somebody else" in (await ann.command("/incident kudos @ann for all of it", channel=channel)).text
    assert "not thanked by name" in (await chidi.command("/incident kudos off", channel="general")).text
    private = await ann.command("/incident kudos INC-1 @chidi for staying up", channel="general")
    assert "by direct message" in private.text
    await all_done(bot)

    under_the_card = [reply.text for reply in card_of(ann, channel).replies()]
    assert [("the graph" in text, "staying up" in text) for text in under_the_card if "thanks" in text] == [
        (True, False)
    ]
    assert [("staying up" in message.text) for message in chidi.dm()] == [True]
    assert not any("the graph" in message.text for message in bo.dm())


async def test_thanks_of_before_are_not_shown_any_more_to_whom_they_are_unwanted_now(
    slack: Sandbox, bot: Service
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await ann.command("/incident kudos @bo for the graph", channel=channel)
    await all_done(bot)

    async def timeline() -> str:
        await ann.command("/incident timeline", channel=channel)
        return (await ann.form()).text()

    before = await timeline()
    await bo.command("/incident kudos off", channel="general")
    after = await timeline()
    await bo.command("/incident kudos on", channel="general")

    assert ["the graph" in each for each in (before, after, await timeline())] == [True, False, True]


async def test_thanks_can_be_written_in_a_form_and_praise_chosen_in_the_home_tab(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await all_done(bot)

    await ann.command("/incident kudos", channel=channel)
    form = await ann.form()
    await form.fill({"Whom?": "@ann", "What for?": "the quiet hours"})
    assert "somebody else" in str((await form.submit()).errors)
    await form.fill({"Whom?": "@bo"})
    assert (await form.submit()).closed
    await all_done(bot)
    assert any("the quiet hours" in reply.text for reply in card_of(ann, channel).replies())

    await bo.opens_home()
    await bo.until(bo.home)
    home = await bo.opens_home()
    assert home is not None
    await home.press("In private only")
    await bo.until(lambda: "thanked in private only" in str(bo.home()))
    home = await bo.opens_home()
    assert home is not None
    await home.press("By name again")
    await bo.until(lambda: "You are thanked by name." in str(bo.home()))


async def test_a_theme_is_begun_listed_with_its_items_and_ended(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)
    await all_done(bot)
    assert "No theme yet" in (await ann.command("/incident theme", channel="general")).text

    await ann.command("/incident theme Faster detection", channel="general")
    form = await ann.form()
    await form.fill({"What is it to achieve?": "See it before people do", "Who cares for it?": "@bo"})
    assert (await form.submit()).closed
    await an_item(slack, bot, channel, theme_id=1)

    reply = await ann.command("/incident theme", channel="general")
    assert "1 theme" in reply.text
    assert "Faster detection" in str(reply.blocks)
    assert "1 open, 0 done" in str(reply.blocks)
    await ann.command("/incident theme faster DETECTION", channel="general")
    form = await ann.form()
    await form.fill({"How does it stand?": "It is over"})
    assert (await form.submit()).closed
    assert "No theme yet" in (await ann.command("/incident theme", channel="general")).text


async def test_a_digest_whose_answer_was_lost_is_found_and_not_posted_twice(database_url: str) -> None:
    async with (
        Sandbox(MANIFEST, clock=clock_at(WEDNESDAY)) as slack,
        a_bot(slack, database_url, now=slack.clock.now) as bot,
    ):
        channel = await declare(slack)
        await all_done(bot)
        await done(slack, bot, await an_item(slack, bot, channel), by="bo")
        await slack.person("ann").joins(f"#{DIGEST}")
        await days_pass(slack, bot, 4)

        slack.faults.lose_answer("chat.postMessage")
        await days_pass(slack, bot, 1)

        assert ["Thank you" in words(one) for one in digests(slack)] == [True]
        await days_pass(slack, bot, 7)
        assert len(digests(slack)) == 1


async def test_two_replicas_post_the_digests_of_every_sort_once(postgres_address: str) -> None:
    async with (
        Sandbox(MANIFEST, clock=clock_at(datetime(2026, 12, 28, 10, tzinfo=UTC))) as slack,
        a_bot(slack, postgres_address, now=slack.clock.now) as bot,
        a_bot(slack, postgres_address, now=slack.clock.now) as other,
    ):
        await an_item(slack, bot, await declare(slack), due_on=date(2027, 1, 20))
        await all_done(bot)
        await slack.person("ann").joins(f"#{DIGEST}")

        for _ in range(7):
            slack.clock.advance(timedelta(days=1).total_seconds())
            bot.dispatcher.wake()
            other.dispatcher.wake()
            await all_done(bot)

        heard = [one.text.partition("\n")[0] for one in said_by_bot(slack, slack.person("ann"), DIGEST)]
        assert [one for one in heard if one.startswith("Action items")] == [
            "Action items in December 2026",
            "Action items this week",
        ]


async def test_a_digest_channel_that_was_archived_hears_on_the_next_monday_of_all_it_missed(database_url: str) -> None:
    async with (
        Sandbox(MANIFEST, clock=clock_at(WEDNESDAY)) as slack,
        a_bot(slack, database_url, now=slack.clock.now) as bot,
    ):
        ann, channel = slack.person("ann"), await declare(slack)
        await all_done(bot)
        await done(slack, bot, await an_item(slack, bot, channel), by="bo")
        await ann.joins(f"#{DIGEST}")
        await days_pass(slack, bot, 5)
        later = await an_item(slack, bot, channel, title="Write the runbook", owner="chidi")
        await done(slack, bot, later, by="chidi")
        await ann.archives(DIGEST)
        await days_pass(slack, bot, 7)
        async with bot.services.transaction() as session:  # as it is done every minute
            await plan_digests(session, process=bot.process, now=bot.now())

        await ann.unarchives(DIGEST)
        await days_pass(slack, bot, 7)

        first, second = digests(slack)
        assert "Thank you, bo!" in words(first)
        assert "Thank you, chidi!" in words(second)


async def test_on_the_first_working_day_of_a_quarter_the_month_is_told_and_what_rose(database_url: str) -> None:
    async with (
        Sandbox(MANIFEST, clock=clock_at(WEDNESDAY - timedelta(days=80))) as slack,
        a_bot(slack, database_url, now=slack.clock.now) as bot,
    ):
        channel = await declare(slack, answers={"Services": "search"})
        await slack.person("ann").joins(f"#{DIGEST}")
        await days_pass(slack, bot, 80)
        for _ in range(3):
            await declare(slack, answers={"Services": "checkout"})
        await an_item(slack, bot, channel, due_on=date(2026, 3, 20))
        posted = said_by_bot(slack, slack.person("ann"), DIGEST)

        await days_pass(slack, bot, 27)
        assert mentioning(said_by_bot(slack, slack.person("ann"), DIGEST), "March 2026") == []
        await days_pass(slack, bot, 1)

        new = [one for one in said_by_bot(slack, slack.person("ann"), DIGEST) if one not in posted]
        (month,) = mentioning(new, "Action items in March 2026")
        assert "Made *1* (0 the month before), done *0* (0), verified *0* (0)" in words(month)
        assert "Of 1 item due, *0%* done by the end of the month" in words(month)
        (trend,) = mentioning(new, "What rose in the first quarter of 2026")
        assert "*checkout*: 3 incidents, 0 in the quarter before" in words(trend)
