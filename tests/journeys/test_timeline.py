"""The timeline: it writes itself from marks and commands, and people correct it in its form."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.form import Form
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from storage.engine import Database
from storage.ledger import list_entries
from storage.tables import TimelineEntry
from storage.timeline import list_page
from tests.journeys.telling import KNOWN, all_done, card_of, declare, ledger_of, mentioning


@pytest.fixture
async def ann(slack: Sandbox, bot: Service) -> Person:
    return slack.person("ann")


@pytest.fixture
async def bo(slack: Sandbox, bot: Service) -> Person:
    return slack.person("bo")


@pytest.fixture
async def channel(slack: Sandbox, bot: Service) -> str:
    """The channel of an incident that Ann declared and leads."""
    return await declare(slack, answers=KNOWN)


async def timeline_of(person: Person, channel: str) -> Form:
    """Their timeline, opened by the command."""
    reply = await person.command("/incident timeline", channel=channel)
    assert reply.failed is None
    return await person.form()


async def _reply(person: Person, channel: str, containing: str) -> SeenMessage:
    """The reply under the card that says so, once it is there."""

    def found() -> list[SeenMessage]:
        return mentioning(card_of(person, channel).replies(), containing)

    await person.until(found, what=f"no reply says {containing!r}")
    return found()[0]


async def _newest(database: Database) -> TimelineEntry:
    async with database.read() as session:
        return (await list_page(session, 1, limit=1))[0]


async def _edit_first(person: Person, timeline: Form) -> Form:
    """The form of the newest entry, on top of the timeline."""
    await timeline.press("Edit")
    form = await person.form()
    assert form.title == "Entry of INC-1"
    return form


async def test_the_timeline_shows_what_was_said_done_and_decided_newest_first(
    slack: Sandbox, bot: Service, ann: Person, bo: Person, channel: str
) -> None:
    await bo.joins(channel)
    said = await bo.types("It is the new cache", channel=channel)
    await ann.reacts(said, "test_tube")
    await ann.until(lambda: "white_check_mark" in str(slack.workspace.channel_named(channel).messages[said.ts]))
    assert "Action taken" in (await ann.command("/incident did rolled back to 41", channel=channel)).text
    assert "Decision" in (await ann.command("/incident decision stay on 41 tonight", channel=channel)).text

    text = (await timeline_of(ann, channel)).text()

    order = ["stay on 41 tonight", "rolled back to 41", "It is the new cache", "Checkout is down"]
    assert sorted(order, key=text.index) == order
    assert "Theory · @bo · open" in text
    assert "marked by @ann" in text
    assert "Decision · @ann" in text


async def test_an_entry_is_corrected_and_the_timeline_below_shows_it(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    await ann.command("/incident note rolled bakc", channel=channel)
    timeline = await timeline_of(ann, channel)
    form = await _edit_first(ann, timeline)
    assert form.values()["Words"] == "rolled bakc"
    earlier = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)

    await form.fill({"Words": "rolled back", "When it happened": earlier})
    outcome = await form.submit()

    assert outcome.closed
    await timeline.until(lambda now: "rolled back" in now.text() and "edited" in now.text())
    assert "bakc" not in timeline.text()
    async with bot.database.read() as session:
        assert "rolled bakc" in str([entry.data for entry in await list_entries(session, 1)])
    assert (await ledger_of(bot))[1] is None


async def test_nothing_typed_is_lost_where_a_time_is_still_to_come(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    await ann.command("/incident note rolled back", channel=channel)
    form = await _edit_first(ann, await timeline_of(ann, channel))
    await form.fill({"Words": "rolled back to 41", "When it happened": datetime.now(UTC) + timedelta(hours=1)})

    outcome = await form.submit()

    assert "still to come" in outcome.errors["When it happened"]
    assert form.values()["Words"] == "rolled back to 41"
    assert (await _newest(bot.database)).words is None


async def test_of_two_who_edit_at_once_the_second_keeps_what_they_typed(
    slack: Sandbox, bot: Service, ann: Person, bo: Person, channel: str
) -> None:
    await bo.joins(channel)
    await ann.command("/incident note rolled back", channel=channel)
    forms = [await _edit_first(person, await timeline_of(person, channel)) for person in (ann, bo)]
    await forms[0].fill({"Words": "rolled back to 41"})
    await forms[1].fill({"Words": "rolled back to 40"})

    assert (await forms[0].submit()).closed
    outcome = await forms[1].submit()

    assert "changed this entry while you had it open" in outcome.errors["Words"]
    assert "ann" in outcome.errors["Words"]
    assert forms[1].values()["Words"] == "rolled back to 40"
    assert (await _newest(bot.database)).words == "rolled back to 41"


async def test_of_two_who_save_at_the_same_moment_one_is_told_and_nothing_is_mixed(
    slack: Sandbox, bot: Service, ann: Person, bo: Person, channel: str
) -> None:
    await bo.joins(channel)
    await ann.command("/incident theory the cache", channel=channel)
    forms = [await _edit_first(person, await timeline_of(person, channel)) for person in (ann, bo)]
    await forms[0].fill({"State": "Ruled out"})
    await forms[1].fill({"State": "Confirmed"})

    outcomes = await asyncio.gather(*(form.submit() for form in forms))

    assert sorted(outcome.closed for outcome in outcomes) == [False, True]
    kept = ("ruled_out", ann.id) if outcomes[0].closed else ("confirmed", bo.id)
    entry = await _newest(bot.database)
    assert (entry.state, entry.data["settled_by"]) == kept
    assert (await ledger_of(bot))[1] is None


async def test_an_entry_is_hidden_found_among_the_hidden_and_shown_again(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    await ann.command("/incident note lunch at noon?", channel=channel)
    timeline = await timeline_of(ann, channel)
    form = await _edit_first(ann, timeline)
    await form.fill({"On the timeline": "Hidden"})
    assert (await form.submit()).closed
    await timeline.until(lambda now: "lunch" not in now.text())

    await timeline.fill({"Show": "Hidden entries"})
    await timeline.until(lambda now: "lunch" in now.text())
    form = await _edit_first(ann, timeline)
    await form.fill({"On the timeline": "Shown"})
    assert (await form.submit()).closed

    await timeline.until(lambda now: "No entry is hidden." in now.text())
    await timeline.fill({"Show": "Everything"})
    await timeline.until(lambda now: "lunch" in now.text())


async def test_an_entry_is_added_with_a_time_in_the_past_from_the_timeline(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    timeline = await timeline_of(ann, channel)
    await timeline.fill({"Show": "Decisions"})
    await timeline.until(lambda now: "Nothing here yet" in now.text())
    await timeline.press("Add")
    form = await ann.form()
    await form.fill(
        {
            "What happened?": "Roll back",
            "When?": datetime.now(UTC) - timedelta(hours=2),
            "Link": "https://wiki.example/runbook",
            "Objections": "bo: too early",
        }
    )

    assert (await form.submit()).closed

    await timeline.until(lambda now: "Roll back" in now.text())
    assert "https://wiki.example/runbook" in timeline.text()
    assert "Objections: bo: too early" in timeline.text()
    reply = await _reply(ann, channel, "Roll back")
    assert "Decision" in reply.text
    assert re.search(r"\(.*\d:\d\d.*\)", reply.text), "what happened earlier says when"


async def test_a_long_timeline_is_turned_page_by_page_there_and_back(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    for number in range(32):
        await ann.command(f"/incident note number {number:02}", channel=channel)
    timeline = await timeline_of(ann, channel)
    assert "number 31" in timeline.text()
    assert timeline.buttons().count("Edit") == 15

    await timeline.press("Older")
    await timeline.until(lambda now: "number 16" in now.text() and "number 31" not in now.text())
    await timeline.press("Older")
    await timeline.until(lambda now: "number 01" in now.text())
    assert "Older" not in timeline.buttons()
    await timeline.press("Newer")
    await timeline.until(lambda now: "number 16" in now.text() and "number 01" not in now.text())
    await timeline.press("Newer")
    await timeline.until(lambda now: "number 31" in now.text())
    assert "Newer" not in timeline.buttons()


async def test_a_theory_is_settled_with_its_evidence_and_the_card_counts_the_open_ones(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    await ann.command("/incident theory the cache", channel=channel)
    await ann.command("/incident theory the network", channel=channel)
    await ann.until(lambda: "Open theories  2" in card_of(ann, channel).text)

    await ann.command("/incident theory", channel=channel)
    timeline = await ann.form()
    assert "Everything" not in timeline.text()
    form = await _edit_first(ann, timeline)
    await form.fill({"State": "Ruled out", "Evidence": "https://graph.example/7\nno packet lost"})
    assert (await form.submit()).closed

    await timeline.until(lambda now: "ruled out by @ann" in now.text())
    assert "Evidence: https://graph.example/7 · no packet lost" in timeline.text()
    await ann.until(lambda: "Open theories  1" in card_of(ann, channel).text)


async def test_a_workaround_stays_on_the_card_until_another_takes_its_place(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    await ann.command("/incident workaround pay by phone", channel=channel)
    await ann.until(lambda: "Workaround  pay by phone" in card_of(ann, channel).text)

    await ann.command("/incident workaround pay by invoice", channel=channel)
    await ann.until(lambda: "Workaround  pay by invoice" in card_of(ann, channel).text)
    assert "pay by phone" not in card_of(ann, channel).text
    await ann.command("/incident workaround", channel=channel)
    timeline = await ann.form()
    assert "replaced" in timeline.text()
    form = await _edit_first(ann, timeline)
    await form.fill({"State": "Replaced"})
    assert (await form.submit()).closed

    await ann.until(lambda: "Workaround" not in card_of(ann, channel).text)


async def test_the_first_containment_is_marked_by_how_it_is_typed(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    await ann.command("/incident did containment: blocked the key", channel=channel)

    entry = await _newest(bot.database)
    assert (entry.category, entry.data["text"]) == ("containment", "blocked the key")
    assert "to contain it" in (await _reply(ann, channel, "blocked the key")).text


@pytest.mark.parametrize(("verb", "kind"), [("note", "Timeline"), ("did", "Action taken"), ("decision", "Decision")])
async def test_without_words_a_verb_opens_its_form_with_its_kind_chosen(
    slack: Sandbox, bot: Service, ann: Person, channel: str, verb: str, kind: str
) -> None:
    await ann.command(f"/incident {verb}", channel=channel)

    form = await ann.form()

    assert kind in str(form.values()["What is it?"])


async def test_a_message_is_added_from_its_menu_as_its_author_said_it_then(
    slack: Sandbox, bot: Service, ann: Person, bo: Person, channel: str
) -> None:
    await bo.joins(channel)
    said = await bo.types("rolled bakc, @ann knows", channel=channel)

    await ann.message_shortcut("Add to the timeline", said)
    form = await ann.form()
    assert form.values()["Words"] == "rolled bakc, @ann knows"
    await form.fill({"What is it?": "Action taken", "Words": "rolled back"})
    assert (await form.submit()).closed

    entry = await _newest(bot.database)
    assert (entry.by, entry.category, entry.words, entry.message_ts) == (bo.id, "action", "rolled back", said.ts)
    assert entry.data["marked_by"] == [ann.id]
    assert entry.happened_at.timestamp() == pytest.approx(float(said.ts))
    assert "bakc" in entry.data["text"]
    await all_done(bot)
    assert "white_check_mark" in str(slack.workspace.channel_named(channel).messages[said.ts])


async def test_a_message_elsewhere_is_not_added_and_the_presser_reads_why(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    said = await ann.types("lunch?", channel="general")

    reply = await ann.message_shortcut("Add to the timeline", said)

    assert "no incident's" in reply.text
    assert ann.open_form() is None


async def test_what_we_write_is_not_added_again(slack: Sandbox, bot: Service, ann: Person, channel: str) -> None:
    reply = await ann.message_shortcut("Add to the timeline", card_of(ann, channel))

    assert "nothing was" in reply.text or "so nothing" in reply.text
    assert ann.open_form() is None


async def test_the_timeline_opens_from_the_card(slack: Sandbox, bot: Service, ann: Person, channel: str) -> None:
    await ann.press("Timeline", card_of(ann, channel))

    assert (await ann.form()).title == "Timeline of INC-1"


async def test_a_private_timeline_is_closed_to_who_has_left_also_where_it_is_open(
    slack: Sandbox, bot: Service, ann: Person, bo: Person
) -> None:
    channel = await declare(slack, "Keys leaked", answers={"Type": "Security"})
    await ann.invites("bo", channel)
    await ann.command("/incident note rotated the key of S3", channel=channel)
    timeline = await timeline_of(bo, channel)
    assert "rotated" in timeline.text()
    form = await _edit_first(bo, timeline)
    await form.fill({"Words": "x"})
    await bo.leaves(channel)
    await slack.events_settled()

    outcome = await form.submit()
    assert "There is no INC-1" in outcome.errors["Words"]
    await form.close()
    await timeline.press("Add")

    await timeline.until(lambda now: "There is no INC-1" in now.text())
    assert "rotated" not in timeline.text()
    assert (await bo.command("/incident timeline INC-1", channel="general")).text.startswith("There is no INC-1")


async def test_a_note_is_a_quiet_reply_and_its_writer_is_answered_alone(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    await all_done(bot)
    before = len(ann.sees(channel))

    await ann.command("/incident evidence graph at https://graph.example/3", channel=channel)

    await _reply(ann, channel, "Evidence from @ann")
    public = [message for message in ann.sees(channel)[before:] if not message.ephemeral]
    assert mentioning(public, "graph.example") == []
