"""What becomes of the words people type: links, long messages, replies for the whole channel, user groups."""

import pytest

from sandbox import Sandbox
from sandbox.state.errors import SlackError
from tests.sandbox.apps import Listening


@pytest.fixture
async def listening(slack: Sandbox) -> Listening:
    """The app hears what is said in #general."""
    await slack.person("ann").invites("parrot", "general")
    await slack.events_settled()
    slack.link.transport = listening = Listening()
    return listening


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("join https://meet.example/abc!", "join <https://meet.example/abc>!"),
        ("(https://x.example/?a=1&b=2)", "(<https://x.example/?a=1&amp;b=2>)"),
        ("https://x.example/@bo is no mention", "<https://x.example/@bo> is no mention"),
        ("1 < 2 & https://", "1 &lt; 2 &amp; https://"),
        ("*https://x.example/*", "*<https://x.example/>*"),
        ("`@bo <https://x.example>` ```\n@bo\n```", "`@bo &lt;https://x.example&gt;` ```\n@bo\n```"),
    ],
)
async def test_a_bare_link_is_stored_in_brackets(slack: Sandbox, listening: Listening, typed: str, stored: str) -> None:
    await slack.person("ann").types(typed, channel="general")

    await slack.events_settled()
    assert [event["text"] for event in listening.messages()] == [stored]


async def test_a_message_has_at_most_forty_thousand_characters(slack: Sandbox, listening: Listening) -> None:
    ann = slack.person("ann")

    await ann.types("x" * 40_000, channel="general")
    with pytest.raises(SlackError, match="msg_too_long"):
        await ann.types("x" * 40_001, channel="general")

    await slack.events_settled()
    (event,) = listening.messages()
    assert len(event["text"]) == 40_000


async def test_a_broadcast_reply_is_told_once_with_its_parent_and_seen_in_both_places(
    slack: Sandbox, listening: Listening
) -> None:
    ann = slack.person("ann")
    parent = await ann.types("it is down", channel="general")

    await ann.types("it is up", channel="general", thread=parent, broadcast=True)

    await slack.events_settled()
    (event,) = [event for event in listening.messages() if event.get("subtype") == "thread_broadcast"]
    assert (event["thread_ts"], event["root"]["text"]) == (parent.ts, "it is down")
    assert [message.text for message in ann.sees("general")[-2:]] == ["it is down", "it is up"]
    assert [message.text for message in parent.replies()] == ["it is up"]


async def test_a_user_group_is_mentioned_by_its_handle_until_it_is_disabled(
    slack: Sandbox, listening: Listening
) -> None:
    ann, group = slack.person("ann"), slack.add_usergroup("sre", ["ann", "@bo"], name="Reliability")

    await ann.types("@sre look", channel="general")
    slack.change_usergroup("@sre", people=["bo"], disabled=True)
    await ann.types("@sre look", channel="general")

    await slack.events_settled()
    assert [event["text"] for event in listening.messages()] == [f"<!subteam^{group.id}> look", "@sre look"]
    assert group.users == [slack.person("bo").id]


async def test_going_to_the_messages_tab_is_told_as_such(slack: Sandbox, listening: Listening) -> None:
    shown = await slack.person("ann").opens_home("messages")

    await slack.events_settled()
    (payload,) = listening.payloads
    assert (payload.body["event"]["tab"], shown) == ("messages", None)


async def test_a_direct_message_has_threads_like_any_channel(slack: Sandbox, listening: Listening) -> None:
    ann = slack.person("ann")
    asked = await ann.types("how is it going?", channel="@parrot")

    await ann.types("still there?", channel="@parrot", thread=asked)

    await slack.events_settled()
    first, reply, _ = listening.messages()
    assert [first["channel_type"], reply["channel_type"], reply["thread_ts"]] == ["im", "im", asked.ts]
    assert (ann.dm()[0].reply_count, [each.text for each in asked.replies()]) == (1, ["still there?"])
