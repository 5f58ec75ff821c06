"""People talk, mark and change their minds; what belongs on the timeline is there, and the bot shows that it saw it."""

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from storage.tables import Message, TimelineEntry
from storage.timeline import list_shown
from tests.journeys.telling import all_done, declare, said_by_bot
from tests.workflows.test_transcript import rows

CHECK = "white_check_mark"


async def timeline(bot: Service) -> list[TimelineEntry]:
    """The messages on the timeline of the first incident, in order of time, once all is settled."""
    await all_done(bot)
    async with bot.database.read() as session:
        return [entry for entry in await list_shown(session, 1) if entry.message_ts]


def reactions(person: Person, message: SeenMessage, channel: str) -> set[str]:
    """What is stuck to a message now."""
    return next(set(one.reactions) for one in person.sees(channel) if one.ts == message.ts)


async def test_a_marked_message_is_on_the_timeline_and_gets_a_check(slack: Sandbox, bot_on_either: Service) -> None:
    ann, bo, chidi = (slack.person(name) for name in ("ann", "bo", "chidi"))
    channel = await declare(slack)
    await bo.joins(channel)
    await chidi.joins(channel)
    quiet = len(said_by_bot(slack, ann, channel))
    rolled_back = await bo.types("Rolled back to 41", channel=channel)
    await bo.types("let us see", channel=channel)

    await chidi.reacts(rolled_back, "hammer")
    await ann.until(lambda: CHECK in reactions(ann, rolled_back, channel))
    await ann.reacts(rolled_back, "hammer::skin-tone-4")
    await slack.events_settled()

    (entry,) = await timeline(bot_on_either)
    assert (entry.by, entry.category, entry.data["text"]) == (bo.id, "action", "Rolled back to 41")
    assert entry.data["marked_by"] == [chidi.id]
    assert f"{entry.happened_at.timestamp():.6f}" == rolled_back.ts

    await chidi.unreacts(rolled_back, "hammer")
    await slack.events_settled()
    assert len(await timeline(bot_on_either)) == 1
    await ann.unreacts(rolled_back, "hammer::skin-tone-4")
    await ann.until(lambda: CHECK not in reactions(ann, rolled_back, channel))
    assert await timeline(bot_on_either) == []
    assert len(said_by_bot(slack, ann, channel)) == quiet


async def test_edits_deletions_replies_files_and_previews_each_have_their_answer(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await bo.joins(channel)
    question = await ann.types("What did you try?", channel=channel)
    reply = await bo.types("Restarted the cache", channel=channel, thread=question)
    shown = await bo.types("Everybody: see https://example.com/graph", channel=channel, thread=question, broadcast=True)
    gone = await bo.types("It is the DNS", channel=channel)
    await ann.reacts(reply, "hammer")
    await ann.reacts(shown, "pushpin")
    await ann.reacts(gone, "test_tube")
    await bo.uploads("graph.png", b"\x89PNG not really", channel=channel, words="The graph")
    await bo.edits(reply, "Restarted both caches")
    slack.unfurl(shown, title="A graph")
    await bo.deletes(gone)
    await slack.events_settled()

    entries = {entry.data["text"]: entry for entry in await timeline(bot)}
    assert entries.keys() == {
        "Restarted both caches",
        "Everybody: see https://example.com/graph",
        "It is the DNS",
        "The graph",
    }
    assert entries["Restarted both caches"].data["thread_ts"] == question.ts
    assert entries["It is the DNS"].data["deleted"] is True
    assert [file["name"] for file in entries["The graph"].data["files"]] == ["graph.png"]
    kept = {message.text: message for message in await rows(bot.database, Message)}
    assert "What did you try?" in kept
    assert not any(message.author == slack.workspace.bot.id for message in kept.values())


async def test_other_bots_and_the_meeting_are_on_the_timeline_by_themselves(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)
    alerts, deploys = slack.other_bot("Alerts"), slack.other_bot("Deploys", webhook=True)
    await alerts.joins(channel)
    await alerts.posts(channel=channel, attachments=[{"title": "HighErrorRate", "text": "5xx above 3 %"}])
    await deploys.posts("Deployed 41", channel=channel)
    await ann.types("Join https://acme.zoom.us/j/99 please", channel=channel)
    await slack.events_settled()

    entries = await timeline(bot)
    assert [(entry.category, entry.data["author_name"]) for entry in entries] == [
        ("alert", "Alerts"),
        ("alert", "Deploys"),
        ("meeting", None),
    ]
    assert entries[0].data["text"] == "HighErrorRate\n5xx above 3 %"


async def test_events_that_come_twice_and_shuffled_change_nothing(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await bo.joins(channel)
    slack.faults.deliver_twice = True
    slack.faults.reorder(seed=7)
    said = [await bo.types(f"step {number}", channel=channel) for number in range(20)]
    for message in said[::2]:
        await ann.reacts(message, "pushpin")
    for message in said[::4]:
        await bo.edits(message, f"{message.text} done")
    for message in said[::8]:
        await ann.unreacts(message, "pushpin")
    slack.faults.reorder(None)
    await slack.events_settled()

    marked = [number for number in range(0, 20, 2) if number % 8]
    expected = [f"step {number}" + (" done" if number % 4 == 0 else "") for number in marked]
    assert [entry.data["text"] for entry in await timeline(bot)] == expected
    for number in marked:
        await ann.until(lambda one=said[number]: CHECK in reactions(ann, one, channel))


async def test_a_mark_on_a_message_from_before_the_bot_came_is_looked_up(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)
    slack.faults.lose_events(times=1)
    unheard = await ann.types("The first sign was at noon", channel=channel)
    await slack.events_settled()

    await ann.reacts(unheard, "pushpin")
    await ann.until(lambda: CHECK in reactions(ann, unheard, channel))

    assert [entry.data["text"] for entry in await timeline(bot)] == ["The first sign was at noon"]
