"""The bot was away, or its clock has jumped: what is due comes once, gathered, and says that it is late."""

from datetime import UTC, date, datetime, timedelta

from bot.service import Service
from sandbox import Sandbox
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.reminding import an_item, clock_at, days_pass
from tests.journeys.telling import all_done, declare

MONDAY = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
"""Half past nine in New York, where Bo is; half past three in Berlin, where Ann is."""


async def test_after_ten_days_away_everybody_hears_in_one_message_that_says_it_is_late(database_url: str) -> None:
    async with Sandbox(MANIFEST, clock=clock_at(MONDAY)) as slack:
        async with a_bot(slack, database_url, now=slack.clock.now) as bot:
            await _three_items(slack, bot)
        already = len(slack.person("bo").dm())

        slack.clock.advance(timedelta(days=10).total_seconds())
        async with a_bot(slack, database_url, now=slack.clock.now) as bot:
            await all_done(bot)

        (message,) = slack.person("bo").dm()[already:]
        assert message.text.startswith("I was away, so this comes late. 3 action items")
        assert [message.text.count(f"ACT-{number} ") for number in (1, 2, 3)] == [1, 1, 1]
        assert _heard(slack, "ann") == 0
    assert slack.complaints == []


async def test_silence_while_the_bot_was_away_is_nobodys(database_url: str) -> None:
    async with Sandbox(MANIFEST, clock=clock_at(MONDAY)) as slack:
        async with a_bot(slack, database_url, now=slack.clock.now) as bot:
            await _three_items(slack, bot)
        slack.clock.advance(timedelta(days=10).total_seconds())
        heard = []

        async with a_bot(slack, database_url, now=slack.clock.now) as bot:
            await all_done(bot)
            for _ in range(5):
                await days_pass(slack, bot, 1)
                heard.append((slack.clock.now().day, _heard(slack, "bo"), _heard(slack, "ann")))

        # Bo had heard four times by Thursday the 12th. Three days of silence from then are over on a Sunday.
        assert heard == [(13, 5, 0), (14, 5, 0), (15, 5, 0), (16, 6, 1), (17, 6, 1)]


async def test_restarts_in_the_middle_of_a_ninety_day_check_ask_it_once(database_url: str) -> None:
    async with Sandbox(MANIFEST, clock=clock_at(MONDAY)) as slack:
        bo = slack.person("bo")
        async with a_bot(slack, database_url, now=slack.clock.now) as bot:
            await an_item(slack, bot, await declare(slack), due_on=date(2026, 3, 20))
            await bo.press("Done", bo.dm()[-1])
            await days_pass(slack, bot, 30)
            await bo.press("Effective", bo.dm()[-1])

        slack.clock.advance(timedelta(days=75).total_seconds())  # it was to be asked a fortnight ago, and again since
        for _ in range(2):
            async with a_bot(slack, database_url, now=slack.clock.now) as bot:
                await days_pass(slack, bot, 1)
        asked = bo.dm()
        async with a_bot(slack, database_url, now=slack.clock.now) as bot:
            await bo.press("Effective", asked[-1])
            await days_pass(slack, bot, 20)

        assert [message.text.count("Did it work?") for message in asked] == [0, 1, 2]  # the heading, and a question
        assert "comes late" in asked[-1].text
        assert [message.text.count("It has worked, says @bo") for message in bo.dm()] == [0, 1, 1]


async def test_a_clock_that_is_set_back_repeats_nothing_and_goes_on_when_it_is_right_again(database_url: str) -> None:
    clock, wrong = clock_at(MONDAY), timedelta()
    async with (
        Sandbox(MANIFEST, clock=clock) as slack,
        a_bot(slack, database_url, now=lambda: clock.now() + wrong) as bot,
    ):
        await an_item(slack, bot, await declare(slack), due_on=date(2026, 3, 4))
        heard = []
        for hours in (0, 0, -30, -6, 0, 0, 0):
            wrong = timedelta(hours=hours)
            await days_pass(slack, bot, 1)
            heard.append((bot.now().day, _heard(slack, "bo")))

    # It was given to him on the 2nd; the 4th, on which it is due, comes twice.
    assert heard == [(3, 1), (4, 2), (4, 2), (6, 3), (7, 3), (8, 3), (9, 4)]


async def _three_items(slack: Sandbox, bot: Service) -> None:
    """Bo's, which come due one after another in the days the bot is away."""
    channel = await declare(slack)
    for title, day in (("Alert on refusals", 4), ("Test the rollback", 6), ("Write it down", 10)):
        await an_item(slack, bot, channel, title=title, due_on=date(2026, 3, day))


def _heard(slack: Sandbox, name: str) -> int:
    """How many direct messages about action items somebody has."""
    return sum("ACT-" in message.text for message in slack.person(name).dm())
