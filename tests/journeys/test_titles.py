"""Whatever people call their trouble: the channel has a name, nobody is pinged, and no word is lost."""

import json
import re

import pytest

from bot.service import Service
from sandbox import Sandbox
from storage.incidents import find_incident
from storage.tables import Incident
from tests.journeys.telling import DIGEST, all_done, card_of, declare_form, new_channel

FITS = re.compile(r"inc-[0-9]+[a-z0-9_-]*")


async def _declare(slack: Sandbox, bot: Service, title: str) -> str:
    ann = slack.person("ann")
    form = await declare_form(ann, "")
    await form.fill({"Title": title})
    before = set(ann.channels())
    assert (await form.submit()).closed
    channel = await new_channel(ann, before)
    await all_done(bot)
    return channel


async def _incident(bot: Service) -> Incident:
    async with bot.database.read() as session:
        incident = await find_incident(session, 1)
    assert incident is not None
    return incident


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Checkout is down", "inc-1-checkout-is-down"),
        ("🔥🔥", "inc-1-fire-fire"),
        ("!!! ??? …", "inc-1"),
        ("Straße & Größe", "inc-1-strasse-grosse"),
        ("Żółć", "inc-1-zolc"),
        ("a" * 120, "inc-1-" + "a" * 74),
        ("word " * 24, "inc-1" + "-word" * 15),
        ("under_score UPPER.case", "inc-1-under-score-upper-case"),
    ],
)
async def test_a_channel_is_named_after_its_title(slack: Sandbox, bot: Service, title: str, name: str) -> None:
    channel = await _declare(slack, bot, title)

    assert channel == name
    assert FITS.fullmatch(channel)
    assert len(channel) <= 80
    assert (await _incident(bot)).title == title.strip()


async def test_a_japanese_title_is_read_as_written_and_named_in_letters(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")

    channel = await _declare(slack, bot, "決済が落ちています")

    assert re.fullmatch(r"inc-1-[a-z0-9-]{5,}", channel)
    assert "決済が落ちています" in card_of(ann, channel).text
    assert "決済が落ちています" in ann.topic(channel)
    await ann.joins(DIGEST)
    await ann.wait_for(DIGEST, containing="決済が落ちています")


@pytest.mark.parametrize(
    "title", ["<!channel> & <!here> <@U0123456> *all* <https://x.example|y>", "@channel @here @everyone"]
)
async def test_a_title_pings_nobody_and_reads_as_typed(slack: Sandbox, bot: Service, title: str) -> None:
    ann = slack.person("ann")

    channel = await _declare(slack, bot, title)
    await ann.command(f"/incident note {title}", channel=channel)
    await ann.command(f"/incident update {title}", channel=channel)
    form = await ann.form()
    await form.fill({"Condition": title})
    assert (await form.submit()).closed
    await ann.wait_for(channel, containing="Update by @ann")
    await all_done(bot)

    await ann.joins(DIGEST)
    written = [m for c in slack.workspace.channels.values() for m in c.messages.values() if m.user != ann.id]
    drawn = json.dumps([[m.text, [b for b in m.blocks if b["type"] != "header"]] for m in written])
    for live in ("<!channel", "<!here", "<!everyone", "<@U0123456", "<https://x.example", f"<@{slack.person('bo').id}"):
        assert live not in drawn.replace(f"<@{slack.person('bo').id}> as", "")
    assert title in card_of(ann, channel).text
    assert "<!" not in slack.workspace.channel_named(channel).topic.value
    assert await ann.wait_for(DIGEST, containing=title.split(" *")[0])


async def test_of_three_thousand_characters_none_is_lost(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    title = " ".join(f"word{number:04}" for number in range(333))
    assert len(title) == 2996
    form = await declare_form(ann, title)
    before = set(ann.channels())

    assert (await form.submit()).closed

    channel = await new_channel(ann, before)
    await all_done(bot)
    assert len(channel) <= 80
    incident = await _incident(bot)
    assert incident.title.startswith("word0000 word0001")
    assert incident.description == title
    assert "word0000" in card_of(ann, channel).text
