"""Pages of a channel's history and of its threads, as they are asked for and answered."""

from typing import Any

from bot.messenger.history import look_up_message, read_history, read_thread
from storage.tables import DeliveryKind
from tests.bot.scripted_slack import ScriptedSlack, a_claim, refusal
from tests.bot.values import a_situation
from workflows.heard import Said

FIRST = {"reading": "r", "known_to": "1700000300.000000", "after": "", "upto": "", "bounds": []}


def said(second: int, text: str = "words", **more: Any) -> dict[str, Any]:
    """Bo's message as Slack's history shows it."""
    return {"type": "message", "user": "UBO", "text": text, "ts": f"1700000{second:03}.000100", **more}


def history(*messages: dict[str, Any], has_more: bool = False, **more: Any) -> dict[str, Any]:
    """An answer of Slack's, newest first."""
    return {"messages": list(messages), "has_more": has_more, **more}


async def read(slack: ScriptedSlack, **changes: Any) -> dict[str, Any]:
    """Read a stretch of the channel."""
    claim = a_claim(DeliveryKind.READ_HISTORY, payload={**FIRST, **changes})
    return await read_history(slack.work(claim, a_situation(channel_id="C1")))


async def read_replies(slack: ScriptedSlack, *, after: str = "") -> dict[str, Any]:
    """Read a page of the thread of the first message."""
    payload = {"reading": "r", "known_to": "1700000300.000000", "thread_ts": said(1)["ts"], "after": after}
    claim = a_claim(DeliveryKind.READ_THREAD, payload=payload)
    return await read_thread(slack.work(claim, a_situation(channel_id="C1")))


async def test_a_short_channel_is_one_page_told_in_the_order_it_was_said() -> None:
    slack = ScriptedSlack(conversations__history=history(said(2, "two"), said(1, "one")))

    answer = await read(slack)

    assert [Said.from_json(one).text for one in answer["said"]] == ["one", "two"]
    assert answer["pages"] == []
    assert (answer["after"], answer["seen_to"]) == (said(1)["ts"], "1700000300.000000")


async def test_a_long_channel_gives_the_ends_of_its_pages() -> None:
    messages = [said(second) for second in range(999, 199, -1)]
    slack = ScriptedSlack(conversations__history=history(*messages, has_more=True))

    answer = await read(slack)

    assert answer == {
        "pages": [said(second)["ts"] for second in (800, 600, 400, 200)],
        "seen_to": said(999)["ts"],
    }


async def test_a_page_that_slack_cuts_short_is_read_on_from_where_it_ends() -> None:
    slack = ScriptedSlack(conversations__history=history(said(3), said(2), has_more=True))

    assert (await read(slack))["pages"] == [said(2)["ts"]]


async def test_a_stretch_is_asked_for_with_both_ends_and_begins_after_the_first() -> None:
    slack = ScriptedSlack(conversations__history=history(said(3), said(2), said(1)))

    answer = await read(slack, after=said(1)["ts"], upto=said(3)["ts"])

    (arguments,) = slack.arguments("conversations.history")
    assert (arguments["oldest"], arguments["latest"]) == (said(1)["ts"], said(3)["ts"])
    assert answer["shown"] == [said(2)["ts"], said(3)["ts"]]


async def test_our_own_words_and_slacks_own_lines_are_shown_but_not_said() -> None:
    ours, joined = said(1, user="UBOT", bot_id="BBOT"), said(2, subtype="channel_join")
    slack = ScriptedSlack(conversations__history=history(joined, ours))

    answer = await read(slack)

    assert answer["said"] == []
    assert answer["shown"] == [said(1)["ts"], said(2)["ts"]]


async def test_what_is_left_of_a_deleted_message_with_replies_does_not_count_as_shown_and_its_thread_does() -> None:
    buried = said(1, subtype="tombstone", reply_count=1, latest_reply=said(2)["ts"])
    slack = ScriptedSlack(conversations__history=history(buried))

    answer = await read(slack)

    assert (answer["said"], answer["shown"]) == ([], [])
    assert answer["threads"] == [(said(1)["ts"], 1, said(2)["ts"])]


async def test_what_is_older_than_the_oldest_message_shown_may_be_hidden_or_expired_and_is_not_compared() -> None:
    slack = ScriptedSlack(conversations__history=history(said(3), said(2)))

    assert (await read(slack))["after"] == said(2)["ts"]
    assert (await read(slack, after=said(1)["ts"]))["after"] == said(1)["ts"]


async def test_a_channel_that_shows_nothing_at_all_tells_of_no_deletion() -> None:
    slack = ScriptedSlack(conversations__history=history())

    assert (await read(slack))["after"] == FIRST["known_to"]


async def test_a_channel_we_are_not_in_is_not_an_error() -> None:
    slack = ScriptedSlack(conversations__history=refusal("not_in_channel"))

    assert await read(slack) == {"outside": True}


async def test_marks_are_as_old_as_the_newest_thing_known() -> None:
    marked = said(1, reactions=[{"name": "pushpin", "users": ["UANN", "UBOT"], "count": 2}])
    slack = ScriptedSlack(conversations__history=history(marked))

    marks = Said.from_json((await read(slack))["said"][0]).marks

    assert marks is not None
    assert (marks.by, marks.is_complete) == ({"timeline": ("UANN",)}, True)
    assert f"{marks.seen_at.timestamp():.6f}" == "1700000300.000001"


async def test_a_thread_is_read_without_the_message_it_began_with() -> None:
    slack = ScriptedSlack(conversations__replies=history(said(1), said(2), said(3), has_more=True))

    answer = await read_replies(slack)

    assert answer["shown"] == [said(2)["ts"], said(3)["ts"]]
    assert answer["upto"] == said(3)["ts"]


async def test_the_last_page_of_a_thread_says_that_there_is_no_more() -> None:
    slack = ScriptedSlack(conversations__replies=history(said(1), said(4)))

    answer = await read_replies(slack, after=said(3)["ts"])

    assert (answer["shown"], answer["upto"]) == ([said(4)["ts"]], "")
    assert slack.arguments("conversations.replies")[0]["oldest"] == said(3)["ts"]


async def test_a_thread_that_is_not_there_any_more_shows_nothing() -> None:
    slack = ScriptedSlack(conversations__replies=refusal("thread_not_found"))

    assert (await read_replies(slack))["shown"] == []


async def _look_up(slack: ScriptedSlack, message: dict[str, Any]) -> dict[str, Any]:
    claim = a_claim(DeliveryKind.LOOK_UP_MESSAGE, payload={"ts": message["ts"]})
    return await look_up_message(slack.work(claim, a_situation(channel_id="C1")))


async def test_a_message_is_found_in_the_channel() -> None:
    slack = ScriptedSlack(conversations__history=history(said(2)))

    assert (await _look_up(slack, said(2)))["shown"] == [said(2)["ts"]]
    assert slack.methods() == ["conversations.history", "auth.test"]


async def test_a_reply_is_found_in_its_thread() -> None:
    reply = said(2, thread_ts=said(1)["ts"])
    slack = ScriptedSlack(conversations__history=history(), conversations__replies=history(said(1), reply))

    answer = await _look_up(slack, reply)

    assert [Said.from_json(one).thread_ts for one in answer["said"]] == [said(1)["ts"]]


async def test_a_message_that_is_gone_is_not_found() -> None:
    slack = ScriptedSlack(conversations__history=history(), conversations__replies=refusal("thread_not_found"))

    assert (await _look_up(slack, said(2)))["said"] == []
