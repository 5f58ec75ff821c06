"""An incident's channel: its name, and whose it is when the name is taken; posts are looked for before repeated."""

import re
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError

from bot.messenger.channels import add_bookmark, channel_name, invite, names, open_channel
from bot.messenger.posts import pin_card, post_card, show_in_digest, tell_thread
from bot.messenger.work import CannotWork
from storage.tables import DeliveryKind
from tests.bot.scripted_slack import ScriptedSlack, a_claim, refusal
from tests.bot.values import HARD_WORDS, a_situation, an_unsaved_incident
from tests.builders import NOON

OPEN = a_claim(DeliveryKind.OPEN_CHANNEL)
AGAIN = a_claim(DeliveryKind.POST_CARD, look_first=True, attempt=2)
KEY = "0123456789ab/post_card"
NAME = "inc-7-checkout-is-down"
TAKEN = refusal("name_taken")


def a_channel(**changes: Any) -> dict[str, Any]:
    """A channel of the first name we try, made by us just now and not yet marked."""
    channel = {
        "id": "COLD",
        "name": NAME,
        "creator": "UBOT",
        "created": int(NOON.timestamp()),
        "purpose": {"value": ""},
    }
    return {**channel, **changes}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Checkout is down", "inc-7-checkout-is-down"),
        ("  DB:  pool_size > 100% (EU) ", "inc-7-db-pool-size-100-eu"),
        ("Zażółć gęślą", "inc-7-zazolc-gesla"),
        ("Платежи не проходят", "inc-7-platezhi-ne-prokhodyat"),
        ("<!channel>", "inc-7-channel"),
        ("", "inc-7"),
        ("!!! ???", "inc-7"),
        ("\u200b", "inc-7"),
        ("x" * 200, "inc-7-" + "x" * 74),
    ],
)
def test_a_channel_is_named_for_its_number_and_title(title: str, name: str) -> None:
    assert channel_name(7, title) == name


@pytest.mark.parametrize(
    "title", [*HARD_WORDS.values(), "決済が止まっています", "الدفع معطل", "הקופה נפלה", "결제 오류", "🔥"]
)
def test_a_name_is_one_slack_takes_in_any_script(title: str) -> None:
    assert re.fullmatch(r"inc-7(-[a-z0-9]+)*", channel_name(7, title))


@pytest.mark.parametrize("title", ["決済が止まっています", "الدفع معطل", "הקופה נפלה", "결제 오류", "🔥"])
def test_a_name_has_words_in_any_script(title: str) -> None:
    assert len(channel_name(7, title)) > len("inc-7-")


@given(st.text(max_size=200), st.integers(1, 10**9))
def test_any_title_gives_a_name_slack_takes(title: str, number: int) -> None:
    name = channel_name(number, title)

    assert re.fullmatch(rf"inc-{number}(-[a-z0-9]+)*", name)
    assert len(name) <= 80


def test_a_long_title_is_cut_between_words() -> None:
    name = channel_name(7, "checkout is slow " * 20)

    assert len(name) <= 80
    assert name.endswith("-slow")


def test_names_go_on_with_a_number_and_still_fit() -> None:
    tried = list(names(an_unsaved_incident(title="x" * 200)))

    assert tried[:2] == ["inc-7-" + "x" * 74, "inc-7-" + "x" * 72 + "-2"]
    assert all(len(name) <= 80 for name in tried)
    assert len(set(tried)) == len(tried) >= 10


def test_the_second_name_is_the_first_with_a_two() -> None:
    assert list(islice(names(an_unsaved_incident()), 2)) == [NAME, f"{NAME}-2"]


async def test_a_channel_is_as_private_as_its_incident() -> None:
    for private in (False, True):
        slack = ScriptedSlack(conversations__create={"channel": {"id": "CNEW", "name": NAME}})

        await open_channel(slack.work(OPEN, a_situation(private=private)))

        assert slack.arguments("conversations.create") == [{"name": NAME, "is_private": private}]


async def opened(*channels: dict[str, Any]) -> str:
    """Which channel an incident gets while the first name is taken and we are in these channels."""
    slack = ScriptedSlack(
        conversations__create=[TAKEN, {"channel": {"id": "CNEW", "name": f"{NAME}-2"}}],
        users__conversations={"channels": list(channels)},
    )
    return str((await open_channel(slack.work(OPEN)))["channel_id"])


async def test_a_new_channel_of_ours_without_a_mark_is_adopted() -> None:
    assert await opened(a_channel()) == "COLD"


async def test_a_channel_with_our_mark_is_adopted_however_old() -> None:
    marked = {"value": "INC-7: Checkout is down · sitrep:0123456789ab"}

    assert await opened(a_channel(purpose=marked, created=1)) == "COLD"


@pytest.mark.parametrize(
    "changes",
    [
        {"creator": "UANN"},
        {"creator": "UANN", "purpose": {"value": "sitrep:0123456789ab"}},
        {"purpose": {"value": "INC-7: another · sitrep:ba9876543210"}},
        {"purpose": {"value": "our coffee corner"}},
        {"created": int(NOON.timestamp()) - 3600},
        {"name": "inc-7-checkout"},
    ],
    ids=["somebody's", "somebody's with our mark", "another incident's", "in use", "old", "of another name"],
)
async def test_a_channel_that_is_not_this_incidents_is_left_alone(changes: dict[str, Any]) -> None:
    assert await opened(a_channel(**changes)) == "CNEW"


async def test_a_name_taken_by_a_channel_we_cannot_see_gets_a_number() -> None:
    assert await opened() == "CNEW"


async def test_somebody_who_took_every_name_is_told() -> None:
    slack = ScriptedSlack(conversations__create=TAKEN, users__conversations={"channels": []})

    with pytest.raises(CannotWork) as told:
        await open_channel(slack.work(OPEN))

    assert told.value.code == "name_taken"


async def test_another_refusal_than_a_taken_name_is_raised() -> None:
    slack = ScriptedSlack(conversations__create=refusal("restricted_action"))

    with pytest.raises(SlackApiError):
        await open_channel(slack.work(OPEN))


async def test_a_post_carries_its_key() -> None:
    slack = ScriptedSlack(chat__postMessage={"ts": "1.1"})

    await post_card(slack.work(a_claim(DeliveryKind.POST_CARD)))

    (sent,) = slack.arguments("chat.postMessage")
    assert sent["metadata"] == {"event_type": "sitrep_delivery", "event_payload": {"key": KEY}}
    assert slack.methods() == ["chat.postMessage"]


async def test_a_post_in_doubt_is_looked_for_on_every_page_and_not_repeated() -> None:
    found = {"ts": "2.2", "metadata": {"event_type": "sitrep_delivery", "event_payload": {"key": KEY}}}
    slack = ScriptedSlack(
        conversations__history=[
            {"messages": [{"ts": "3.3"}, {"ts": "3.2", "metadata": {}}], "response_metadata": {"next_cursor": "more"}},
            {"messages": [found]},
        ]
    )

    answer = await post_card(slack.work(AGAIN))

    assert answer == {"ts": "2.2", "drawn_at": 0, "top_level": True}
    first, second = slack.arguments("conversations.history")
    assert first["include_all_metadata"] is True
    assert float(first["oldest"]) < NOON.timestamp()
    assert second["cursor"] == "more"


async def test_a_post_in_doubt_that_is_not_there_is_posted() -> None:
    slack = ScriptedSlack(conversations__history={"messages": [{"ts": "1.0"}]}, chat__postMessage={"ts": "1.1"})

    assert (await post_card(slack.work(AGAIN)))["ts"] == "1.1"


async def test_a_reply_in_doubt_is_looked_for_in_its_thread() -> None:
    payload = {"entry": "note", "by": "UANN", "data": {"text": "x"}, "happened_at": NOON.isoformat()}
    claim = a_claim(DeliveryKind.TELL_THREAD, look_first=True, payload=payload)
    metadata = {"event_payload": {"key": claim.dedupe_key}}
    slack = ScriptedSlack(conversations__replies={"messages": [{"ts": "2.2", "metadata": metadata}]})

    assert await tell_thread(slack.work(claim)) == {"ts": "2.2"}
    assert slack.arguments("conversations.replies")[0]["ts"] == "1772625600.000100"


async def test_a_bookmark_in_doubt_is_looked_for() -> None:
    link = "https://example.slack.com/archives/CINC7/p1772625600000100"
    claim = a_claim(DeliveryKind.ADD_BOOKMARK, look_first=True, payload={"to": "card"})
    slack = ScriptedSlack(bookmarks__list={"bookmarks": [{"link": link}]})

    await add_bookmark(slack.work(claim))

    assert "bookmarks.add" not in slack.methods()


@pytest.mark.parametrize("code", ["already_in_channel", "cant_invite_self"])
async def test_who_is_there_already_is_invited_well_enough(code: str) -> None:
    slack = ScriptedSlack(conversations__invite=refusal(code))

    assert await invite(slack.work(a_claim(DeliveryKind.INVITE, payload={"user_id": "UBO"}))) == {}


async def test_a_card_that_is_pinned_already_is_pinned_well_enough() -> None:
    slack = ScriptedSlack(pins__add=refusal("already_pinned"))

    assert await pin_card(slack.work(a_claim(DeliveryKind.PIN_CARD))) == {}


async def test_nothing_of_a_private_incident_is_shown_in_the_digest() -> None:
    slack = ScriptedSlack()

    with pytest.raises(CannotWork):
        await show_in_digest(slack.work(a_claim(DeliveryKind.DIGEST_ENTRY), a_situation(private=True)))

    assert slack.calls == []


async def test_a_digest_entry_that_is_there_is_drawn_anew() -> None:
    slack = ScriptedSlack(chat__update={})
    situation = a_situation(digest_channel_id="CDIGEST", digest_ts="5.5", ledger_length=3)

    answer = await show_in_digest(slack.work(a_claim(DeliveryKind.DIGEST_ENTRY), situation))

    assert answer == {"channel_id": "CDIGEST", "ts": "5.5", "drawn_at": 3}
    assert slack.methods() == ["chat.update"]


@pytest.mark.parametrize(
    ("digest_channel", "answers", "found", "called"),
    [
        ("incidents", {"users__conversations": {"channels": [{"id": "C1", "name": "incidents"}]}}, "C1", []),
        ("C1", {"users__conversations": {"channels": [{"id": "C1", "name": "x"}]}}, "C1", []),
        (
            "C0000002",
            {"users__conversations": {"channels": []}, "conversations__join": {"channel": {"id": "C0000002"}}},
            "C0000002",
            ["conversations.join"],
        ),
        (
            "incidents",
            {"users__conversations": {"channels": []}, "conversations__create": {"channel": {"id": "C3"}}},
            "C3",
            ["conversations.create"],
        ),
        (
            "incidents",
            {
                "users__conversations": {"channels": []},
                "conversations__create": TAKEN,
                "conversations__list": {"channels": [{"id": "C4", "name": "incidents"}]},
                "conversations__join": {"channel": {"id": "C4"}},
            },
            "C4",
            ["conversations.create", "conversations.list", "conversations.join"],
        ),
    ],
    ids=["we are in it", "by its id", "joined by its id", "made", "joined by its name"],
)
async def test_the_digest_channel_is_found_joined_or_made(
    digest_channel: str, answers: dict[str, Any], found: str, called: list[str]
) -> None:
    script = ScriptedSlack(**answers)
    slack = script.slack(digest_channel=digest_channel)

    assert await slack.digest_channel_id() == found
    assert await slack.digest_channel_id() == found
    assert script.methods() == ["users.conversations", *called]
