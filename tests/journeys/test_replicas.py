"""Two bots on one PostgreSQL in one workspace: every effect once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.service import Service
from sandbox import Sandbox
from tests.journeys.conftest import a_bot
from tests.journeys.telling import (
    DIGEST,
    all_done,
    card_of,
    declare_form,
    ledger_of,
    mentioning,
    new_channel,
    said_by_bot,
)


@pytest.fixture
async def two_bots(slack: Sandbox, postgres_address: str) -> AsyncIterator[tuple[Service, Service]]:
    """Two replicas; the workspace hands each of them every other request."""
    async with a_bot(slack, postgres_address) as one, a_bot(slack, postgres_address) as other:
        await slack.app_connected(connections=2)
        yield one, other


async def test_with_two_replicas_every_effect_happens_once(slack: Sandbox, two_bots: tuple[Service, Service]) -> None:
    names = ("ann", "bo", "chidi", "dee")
    people = [slack.person(name) for name in names]
    slack.faults.deliver_twice = True
    forms = [await declare_form(person, f"Trouble of {person.name}") for person in people]
    before = {person.name: set(person.channels()) for person in people}

    await asyncio.gather(*(form.submit() for form in forms))
    channels = {
        person.name: await new_channel(person, before[person.name], named=f"trouble-of-{person.name}", timeout=15)
        for person in people
    }
    await asyncio.gather(
        *(
            person.command(f"/incident note {number} of {person.name}", channel=channels[person.name])
            for person in people
            for number in range(3)
        )
    )
    await slack.events_settled()
    await all_done(two_bots[0], within=20)

    ann = people[0]
    await ann.joins(DIGEST)
    assert len([c for c in slack.workspace.channels.values() if c.name == DIGEST]) == 1
    for number in range(1, 5):
        assert len(mentioning(ann.sees(DIGEST), f"INC-{number} ")) == 1
    for person in people:
        channel = channels[person.name]
        (card,) = said_by_bot(slack, person, channel)
        assert card_of(person, channel).ts == card.ts
        assert sorted(reply.text.split("\n")[-1].strip("> ") for reply in card.replies()) == [
            f"{number} of {person.name}" for number in range(3)
        ]
        assert [bookmark.title for bookmark in person.bookmarks(channel)] == ["Card"]
    assert await ledger_of(two_bots[0]) == (4 * 6, None)
