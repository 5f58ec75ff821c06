"""What a browser is told of conversations and messages, as one person may see them."""

from sandbox import Sandbox
from sandbox.page.shown import MOST_COUNTED, conversation_shown


def unread(slack: Sandbox, name: str, channel: str = "general") -> tuple[int, int]:
    """How many messages are new for somebody, and how many of those are meant for them."""
    person = slack.person(name)
    shown = conversation_shown(slack.workspace, slack.workspace.channels[person.screen.channel(channel).id], person)
    return shown["unread"], shown["mentions"]


async def test_what_others_said_since_one_last_read_is_counted(slack: Sandbox) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    asked = await ann.types("who is in?", channel="general")
    before = unread(slack, "ann")
    for words in ("I am", "and you, @ann?", "@channel too"):
        await bo.types(words, channel="general")
    await bo.types("in a thread, @ann", channel="general", thread=asked)
    await bo.types("for everybody", channel="general", thread=asked, broadcast=True)
    await bo.sets_topic("general", "Lunch")
    await ann.types("reading the thread only", channel="general", thread=asked, broadcast=True)
    after, theirs = unread(slack, "ann"), unread(slack, "bo")
    await ann.types("me too", channel="general")

    assert (before, after, theirs, unread(slack, "ann")) == ((0, 0), (4, 2), (1, 0), (0, 0))


async def test_every_direct_message_is_meant_for_its_reader_and_counting_ends(slack: Sandbox) -> None:
    for number in range(MOST_COUNTED + 1):
        await slack.person("bo").types(str(number), channel="@ann")

    assert unread(slack, "ann", "@bo") == (100, 100)
