"""Words for people outside: nothing reaches them before somebody else than the author has approved it."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from tests.bot.test_webhook import Receiver
from tests.journeys.conftest import a_bot
from tests.journeys.telling import KNOWN, all_done, card_of, declare, mentioning, said_by_bot
from workflows.process import parse_process

PROPOSED = "proposes this for people outside"


@pytest.fixture
async def page() -> AsyncIterator[tuple[Receiver, str]]:
    """The status page's webhook, and its address."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/in", receiver.take)
    async with TestServer(app) as server:
        yield receiver, str(server.make_url("/in"))


@pytest.fixture
async def bot(
    slack: Sandbox, database_url: str, page: tuple[Receiver, str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Service]:
    """The bot with customers outside, and with colleagues who hear of everything."""
    monkeypatch.setenv("PAGE_SECRET", "of the status page")
    customers = {"name": "Customers", "kind": "external", "webhooks": ["page"]}
    webhook = {"url": page[1], "secret_env": "PAGE_SECRET"}
    process = parse_process({"webhooks": {"page": webhook}, "audiences": {"customers": customers}})
    async with a_bot(slack, database_url, process=process) as service:
        yield service


def _proposals(slack: Sandbox, person: Person, channel: str) -> list[SeenMessage]:
    messages = [*said_by_bot(slack, person, channel), *card_of(person, channel).replies()]
    return mentioning(messages, PROPOSED)


async def test_a_text_leaves_when_a_second_person_has_approved_it_and_says_nothing_else(
    slack: Sandbox, bot: Service, page: tuple[Receiver, str]
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack, "Disk 7 of db-3 is full", answers=KNOWN)
    await bo.joins(channel)

    await ann.command("/incident public", channel=channel)
    form = await ann.form()
    assert "Goes to: Customers, once somebody else has approved it." in form.text()
    await form.fill({"Begin with": "Identified"})
    await form.until(lambda now: "We have found what is wrong with checkout and payments" in str(now.values()))
    await form.fill({"What do people outside read?": "Payments fail. We are on it."})
    assert (await form.submit()).closed
    await all_done(bot)
    (proposal,) = _proposals(slack, bo, channel)
    assert proposal.buttons == ["Approve", "Edit", "Discard"]

    await ann.press("Approve", proposal)
    await ann.until(lambda: any("The text about INC-1 is yours" in m.text for m in ann.sees(channel) if m.ephemeral))
    await all_done(bot)
    assert page[0].received == []

    await bo.press("Approve", proposal)
    await all_done(bot)
    ((_, body),) = page[0].received
    told = json.loads(body)
    assert (told["transition"], told["headline"]) == ("public", "Payments fail. We are on it.")
    assert "Disk 7" not in str(told)
    assert "INC-1" not in str(told)
    assert _proposals(slack, bo, channel)[0].buttons == []
    await ann.wait_for(channel, containing="Public text, approved by @bo")


async def test_a_proposal_that_is_edited_is_replaced_and_approved_by_the_other_one(
    slack: Sandbox, bot: Service, page: tuple[Receiver, str]
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack, answers=KNOWN)
    await bo.joins(channel)
    await ann.command("/incident public We are on it", channel=channel)
    assert (await (await ann.form()).submit()).closed
    await all_done(bot)

    await bo.press("Edit", _proposals(slack, bo, channel)[0])
    form = await bo.form()
    assert form.values()["What do people outside read?"] == "We are on it"
    await form.fill({"What do people outside read?": "We are working on it."})
    assert (await form.submit()).closed
    await all_done(bot)
    first, second = _proposals(slack, ann, channel)
    assert (first.buttons, second.buttons) == ([], ["Approve", "Edit", "Discard"])
    await ann.press("Approve", second)
    await all_done(bot)

    assert [json.loads(body)["headline"] for _, body in page[0].received] == ["We are working on it."]


async def test_when_it_is_resolved_the_closing_words_wait_for_approval(
    slack: Sandbox, bot: Service, page: tuple[Receiver, str]
) -> None:
    ann = slack.person("ann")
    channel = await declare(slack, answers=KNOWN)
    await ann.command("/incident resolve", channel=channel)
    form = await ann.form()
    await form.fill({"How was it verified?": "Orders flow", "Does a temporary fix stay?": "No"})
    await form.fill({"Is anything left to do?": "No", "Why need it not be watched first?": "A typo"})
    assert (await form.submit()).closed
    await all_done(bot)
    assert page[0].received == []

    (proposal,) = _proposals(slack, ann, channel)
    assert "The problem with checkout and payments is resolved." in proposal.text
    await ann.press("Approve", proposal)
    await all_done(bot)

    assert len(page[0].received) == 1


async def test_of_a_private_incident_no_text_goes_outside(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack, "Keys leaked", answers={"Type": "Security"})

    reply = await ann.command("/incident public", channel=channel)

    assert reply.text == "INC-1 is private, so no text about it goes outside; nothing was written down."
