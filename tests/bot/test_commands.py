"""`/incident …`: which verb, which incident, and what the asker hears."""

from collections.abc import Callable
from itertools import count
from typing import Any, cast

import pytest
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.commands.route import on_incident_command
from bot.listener import listener
from bot.metrics import Metrics
from bot.requests import Requests
from bot.services import Services
from storage.engine import Database
from storage.ledger import list_entries
from storage.tables import Incident, Status
from tests.bot.scripted_slack import ScriptedSlack
from tests.bot.values import accepted, accepted_view, assert_inert
from tests.builders import NOON, PROCESS, an_opened_incident

_triggers = count(1)


class Desk:
    """Somebody types commands, and hears answers."""

    def __init__(self, database: Database) -> None:
        self.slack = ScriptedSlack(views__open={})
        self.services = Services(database, PROCESS, self.slack.slack(), Metrics(), Requests(), now=lambda: NOON)

    async def type(self, text: str, *, by: str = "UANN", channel: str = "CINC1") -> str:
        """What somebody hears at once; every answer is one Slack takes, with nothing active that was typed."""
        asked = _Asked(
            {
                "command": "/incident",
                "text": text,
                "user_id": by,
                "channel_id": channel,
                "trigger_id": f"1.{next(_triggers)}.a",
                "response_url": "https://hooks.slack.com/commands/T1/1/x",
            }
        )
        await listener(on_incident_command, self.services)(cast(AsyncArgs, asked))
        (answer,) = asked.acks
        if not answer:
            return ""
        assert answer["response_type"] == "ephemeral"
        assert_inert(accepted(answer["text"], answer["blocks"], method="chat.postEphemeral"))
        return str(answer["text"])

    def form(self) -> dict[str, Any]:
        """The form that was opened."""
        (opened,) = self.slack.arguments("views.open")
        return cast(dict[str, Any], opened["view"])


class _Asked:
    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body
        self.acks: list[dict[str, Any]] = []

    async def ack(self, **answer: Any) -> None:
        self.acks.append(answer)


@pytest.fixture
async def desk(sqlite: Database) -> Desk:
    """Ann's desk, with INC-1 of hers open."""
    async with sqlite.transaction() as session:
        await an_opened_incident(session)
    return Desk(sqlite)


async def status_of(desk: Desk, number: int = 1) -> Status:
    """Where the incident is in its life."""
    async with desk.services.read() as session:
        incident = await session.get(Incident, number)
        assert incident is not None
        return incident.status


async def test_alone_it_says_what_can_be_done_here(desk: Desk) -> None:
    assert await desk.type("") == await desk.type("help") == "INC-1 · SEV2 · Triage · Checkout is down"
    assert (await desk.type("", channel="CELSE")).startswith("1 open incident that you can see.")


@pytest.mark.parametrize(("typed", "nearest"), [("delcare x", "declare [title]"), ("RESOLV", "resolve")])
async def test_an_unknown_verb_suggests_the_nearest(desk: Desk, typed: str, nearest: str) -> None:
    assert f"Did you mean `/incident {nearest}`?" in await desk.type(typed)


@pytest.mark.parametrize("typed", ["&lt;!channel&gt;", "<!channel>", "&amp;lt;", "x" * 3000])
async def test_an_unknown_verb_calls_nobody(desk: Desk, typed: str) -> None:
    assert "There is no `/incident" in await desk.type(typed)


@pytest.mark.parametrize("typed", ["&lt;!channel&gt;", "<!channel>", "&amp;lt;", "x" * 5000])
@pytest.mark.parametrize("verb", ["status", "severity", "role", "lead", "update", "declare", "list", "help"])
async def test_no_words_after_a_verb_call_anybody(desk: Desk, verb: str, typed: str) -> None:
    await desk.type(f"{verb} {typed}")

    for opened in desk.slack.arguments("views.open"):
        assert_inert(opened["view"])


async def test_a_note_may_begin_on_the_next_line(desk: Desk) -> None:
    assert await desk.type("note\nfirst\nsecond") == ":memo: Noted on the timeline of INC-1."

    async with desk.services.read() as session:
        assert (await list_entries(session, 1))[-1].data == {"text": "first\nsecond"}


async def test_outside_an_incidents_channel_one_is_chosen(desk: Desk) -> None:
    assert await desk.type("note it is back", channel="CELSE") == "`/incident note` for which incident?"


async def test_an_incident_may_be_named_anywhere(desk: Desk) -> None:
    assert await desk.type("status inc-1 investigating", channel="CELSE") == "INC-1 is Investigating now."
    assert await status_of(desk) is Status.INVESTIGATING


async def test_a_jump_asks_for_its_reason(desk: Desk) -> None:
    assert await desk.type("status mitigating") == ""

    assert accepted_view_title(desk) == "Status of INC-1"
    assert await status_of(desk) is Status.TRIAGE


async def test_a_jump_with_a_reason_is_made(desk: Desk) -> None:
    assert await desk.type("status mitigating because the cause is plain") == "INC-1 is Mitigating now."


async def test_a_refusal_says_why(desk: Desk) -> None:
    assert await desk.type("reopen again") == "INC-1 is open (triage), so there is nothing to reopen."


async def test_a_long_title_is_kept_in_the_description(desk: Desk) -> None:
    await desk.type("declare " + "checkout &amp; search are slow " * 50)

    blocks = {block["block_id"]: block for block in desk.form()["blocks"]}
    assert blocks["description"]["element"]["initial_value"] == ("checkout & search are slow " * 50).strip()


def accepted_view_title(desk: Desk) -> str:
    """The title of the form that was opened, which Slack takes."""
    from slack_sdk.models.views import View

    view = View(**desk.form())
    return str(accepted_view(view)["title"]["text"])


async def test_of_a_private_incident_a_stranger_learns_nothing(desk: Desk) -> None:
    make: Callable[..., Any] = an_opened_incident
    async with desk.services.transaction() as session:
        await make(session, private=True, title="The board is leaking", type="security")

    assert "INC-2" not in await desk.type("list", by="UEVE", channel="CELSE")
    hidden = await desk.type("status INC-2", by="UEVE", channel="CELSE")
    absent = await desk.type("status INC-9", by="UEVE", channel="CELSE")
    assert hidden.replace("INC-2", "INC-9") == absent
    assert (await desk.type("", by="UEVE", channel="CELSE")).startswith("1 open incident that you can see.")
