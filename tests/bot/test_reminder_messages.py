"""The messages that remind of action items: what they say, their buttons, and Slack's limits."""

from datetime import timedelta
from typing import Any

import pytest

from bot.blocks.reminders import MOST_LISTED, MOST_ROWS, listed, reminder_message
from sandbox.people.seen import buttons_on
from storage.tables import ItemState, ReminderKind
from tests.bot.check_views import a_risk, asked, of_risk
from tests.bot.reminding import TODAY, a_briefing, a_row, an_item_row, weekly_of
from tests.bot.values import HARD_WORDS, a_situation, accepted, assert_inert, full_of
from tests.builders import NOON, PROCESS
from workflows.briefings import Briefing

DAY = timedelta(days=1)
OWNERS = ["Done", "In progress", "1 day", "3 days", "Next week", "A date…", "Reassign", "Need help", "Won’t do"]
NEWS = (
    ReminderKind.ASSIGNED,
    ReminderKind.DECLINED,
    ReminderKind.INHERITED,
    ReminderKind.HELP,
    ReminderKind.DROPPED,
)
GATHERED = [kind for kind in ReminderKind if kind not in NEWS]


def words_of(briefing: Briefing) -> str:
    """Every paragraph."""
    _, blocks = reminder_message(briefing, process=PROCESS)
    return "\n".join(block.to_dict()["text"]["text"] for block in blocks if block.type == "section")


def buttons_of(briefing: Briefing) -> list[str]:
    """Everything that can be pressed."""
    message = accepted(*reminder_message(briefing, process=PROCESS))
    return [label for label in buttons_on(message["blocks"]) if label != "Open"]


def test_a_morning_says_how_many_things_and_when_each_is_due() -> None:
    late = an_item_row(8, title="Rotate the keys", due_on=TODAY - 3 * DAY)

    said = words_of(a_briefing(a_row(), a_row(item=late)))

    assert said.splitlines() == [
        "*Good morning.* 2 action items.",
        "*To do*",
        "*ACT-8* Rotate the keys",
        "*3 days overdue* since Fri 13 Mar · INC-7 <#CINC7> · from <@UANN>",
        "*ACT-7* Alert on refused cards",
        "*due today* · INC-7 <#CINC7> · from <@UANN>",
    ]


def test_what_a_phone_reads_aloud_names_the_first_things() -> None:
    rows = [a_row(item=an_item_row(n, due_on=TODAY + n * DAY)) for n in range(5)]

    text, _ = reminder_message(a_briefing(*rows), process=PROCESS)

    assert text == (
        "5 action items: ACT-0 Alert on refused cards is due today; ACT-1 Alert on refused cards is due tomorrow; "
        "ACT-2 Alert on refused cards is due Wed 18 Mar; and 2 more"
    )


def test_a_morning_that_comes_late_says_so() -> None:
    briefing = a_briefing(a_row(), late=True)

    text, _ = reminder_message(briefing, process=PROCESS)

    assert words_of(briefing).startswith("*I was away, so this comes late.* 1 action item.")
    assert text.startswith("Late, because I was away: 1 action item: ACT-7")


def test_a_lead_hears_whose_item_has_gone_quiet() -> None:
    quiet = an_item_row(due_on=TODAY - 3 * DAY)

    briefing = a_briefing(a_row(ReminderKind.SILENT_LEAD, quiet, to="UANN"), to="UANN")

    assert "Nobody has said anything about it, and it is <@UBO>’s." in words_of(briefing)
    assert "1 overdue item that has gone quiet" in words_of(briefing)
    assert buttons_of(briefing) == ["Take it over", "Reassign", "Done", "Won’t do"]


def test_an_item_is_not_called_quiet_any_more_once_something_was_done_about_it() -> None:
    heard = an_item_row(due_on=TODAY - 3 * DAY, state=ItemState.IN_PROGRESS, heard_at=NOON)

    said = words_of(a_briefing(a_row(ReminderKind.SILENT_LEAD, heard, to="UANN", sent=True), to="UANN"))

    assert "Nobody has said" not in said
    assert "In progress" in said


@pytest.mark.parametrize(
    ("changes", "says", "buttons"),
    [
        (
            {"state": ItemState.DONE, "done_at": NOON, "done_by": "UBO"},
            ":white_check_mark: Done <!date^1772625600^{date_short_pretty}|2026-03-04 12:00 UTC>, says <@UBO>",
            [],
        ),
        (
            {"state": ItemState.VERIFIED, "verified_at": NOON, "verified_by": "UCY"},
            ":white_check_mark: Verified <!date^1772625600^{date_short_pretty}|2026-03-04 12:00 UTC> by <@UCY>",
            [],
        ),
        ({"state": ItemState.WONT_DO, "dropped_because": "Obsolete"}, ":no_entry_sign: Won't be done: Obsolete", []),
        ({"owner": "UCY"}, ":arrow_right: <@UCY>’s now", []),
        ({"snoozed_until": TODAY + DAY}, ":zzz: put off until Tue 17 Mar", OWNERS),
        ({"state": ItemState.IN_PROGRESS}, "In progress", [label for label in OWNERS if label != "In progress"]),
        ({"state": ItemState.BLOCKED, "blocked_on": "the vendor"}, "Blocked on the vendor", OWNERS),
    ],
)
def test_a_row_says_what_is_now_true_with_the_buttons_that_still_make_sense(
    changes: dict[str, Any], says: str, buttons: list[str]
) -> None:
    briefing = a_briefing(a_row(item=an_item_row(**changes), sent=True))

    assert says in words_of(briefing)
    assert buttons_of(briefing) == buttons


@pytest.mark.parametrize(
    ("kind", "to", "changes", "says", "buttons"),
    [
        (ReminderKind.ASSIGNED, "UBO", {}, "<@UCY> has given you *ACT-7*", ["Accept", "Decline", "Done"]),
        (ReminderKind.ASSIGNED, "UBO", {"accepted_at": NOON}, "<@UCY> has given you *ACT-7*", OWNERS),
        (ReminderKind.ASSIGNED, "UBO", {}, "Alert on refused cards\n> No time", ["Accept", "Decline", "Done"]),
        (ReminderKind.ASSIGNED, "UBO", {"owner": "UANN"}, "<@UANN>’s now", []),
        (ReminderKind.DECLINED, "UBO", {}, "<@UCY> has declined *ACT-7* Alert on refused cards\n> No time", OWNERS),
        (ReminderKind.INHERITED, "UBO", {}, "<@UDAN> can no longer be reached", ["Accept", "Decline", "Done"]),
        (
            ReminderKind.HELP,
            "UANN",
            {},
            "<@UCY> needs help with *ACT-7* Alert on refused cards\n> No time",
            ["Take it over", "Reassign", "Done", "Won’t do"],
        ),
        (
            ReminderKind.DROPPED,
            "UANN",
            {"state": ItemState.WONT_DO, "dropped_because": "No time"},
            "<@UCY> says that this will not be done",
            ["Open it again"],
        ),
    ],
)
def test_news_says_what_has_happened_and_what_can_be_done(
    kind: ReminderKind, to: str, changes: dict[str, Any], says: str, buttons: list[str]
) -> None:
    data = {"by": "UCY", "from": "UDAN", "why": "No time"}
    briefing = a_briefing(a_row(kind, an_item_row(**changes), to=to, data=data), to=to)

    assert says in words_of(briefing)
    assert buttons_of(briefing) == buttons


def test_who_gets_an_item_that_is_kept_from_its_owner_is_not_told_that_they_are_gone() -> None:
    data = {"from": "UDAN", "hidden": True}

    said = words_of(a_briefing(a_row(ReminderKind.INHERITED, data=data)))

    assert said.startswith("<@UDAN> can no longer see this incident, so this is yours now: *ACT-7*")


def test_news_names_who_it_comes_from_once() -> None:
    said = words_of(a_briefing(a_row(ReminderKind.ASSIGNED, data={"by": "UANN"})))

    assert said.count("<@UANN>") == 1


def test_whose_item_is_open_again_hears_that_it_is_not_done_yet() -> None:
    data = {"by": "UCY", "reason": "The link is dead", "reopened": True}

    briefing = a_briefing(a_row(ReminderKind.ASSIGNED, an_item_row(accepted_at=NOON), data=data))

    assert "<@UCY> says that this is not done yet: *ACT-7* Alert on refused cards\n> The link" in words_of(briefing)
    assert buttons_of(briefing) == OWNERS


def test_the_weekly_list_holds_what_the_morning_has_not_said_already() -> None:
    items = [an_item_row(n) for n in (7, 8, 9)]

    briefing = a_briefing(a_row(item=items[0]), weekly=weekly_of(items))

    assert [item.number for item, _ in listed(briefing)] == [8, 9]
    assert "1 action item and your list for the week" in words_of(briefing)
    assert words_of(briefing).count("*ACT-7*") == 1


def test_a_message_with_the_weekly_list_is_drawn_anew_as_it_was() -> None:
    items = [an_item_row(n) for n in (7, 8, 9)]
    sent = a_briefing(a_row(item=items[0]), weekly=weekly_of(items))
    rows = [a_row(ReminderKind.WEEKLY, item, sent=True) for item, _ in listed(sent)]

    again = a_briefing(a_row(item=items[0], sent=True), *rows)

    assert words_of(again) == words_of(sent)


def test_two_hundred_things_fit_and_every_sort_of_them_is_there() -> None:
    due = [a_row(item=an_item_row(n)) for n in range(1, 200)]
    quiet = a_row(ReminderKind.SILENT_LEAD, an_item_row(200, owner="UCY", title="Quiet"))

    briefing = a_briefing(quiet, *due, weekly=weekly_of([an_item_row(n) for n in range(300, 400)]))
    said = words_of(briefing)

    accepted(*reminder_message(briefing, process=PROCESS))
    assert said.startswith("*Good morning.* 199 action items, 1 overdue item that has gone quiet and your list")
    assert f"and {199 - MOST_ROWS + 1} more: `/incident actions mine`" in said
    assert "*ACT-200* Quiet" in said
    assert len(listed(briefing)) == MOST_LISTED
    assert said.endswith("What else is on your list: `/incident actions mine`")


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_slack_takes_whatever_is_in_a_reminder_and_none_of_it_is_active(words: str) -> None:
    about = full_of(words)
    item: dict[str, Any] = {"title": words, "blocked_on": words, "priority": 1, "priority_reason": words}
    items = [an_item_row(n, state=ItemState.BLOCKED, due_on=TODAY - DAY, **item) for n in range(1, 60)]
    data = {"by": "UCY", "from": "UDAN", "why": words}
    morning = [a_row(kind, one, about=about, number=one.number) for one, kind in zip(items, GATHERED * 9, strict=False)]
    everything = a_briefing(*morning, weekly=weekly_of(items, about), late=True)

    for method in ("chat.postMessage", "chat.update"):
        assert_inert(accepted(*reminder_message(everything, process=PROCESS), method=method))
        for kind in NEWS:
            for state in ItemState:
                changed = an_item_row(**{**item, "state": state, "dropped_because": words})
                news = a_briefing(a_row(kind, changed, data=data, about=about))
                assert_inert(accepted(*reminder_message(news, process=PROCESS), method=method))


def test_a_message_about_what_its_reader_may_not_see_any_more_says_nothing_of_it() -> None:
    text, blocks = reminder_message(a_briefing(), process=PROCESS)

    assert text == "There is nothing in this message any more that you can see."
    accepted(text, blocks)


def test_a_private_incident_is_marked_as_such() -> None:
    assert ":lock:" in words_of(a_briefing(a_row(about=a_situation(private=True))))


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (ReminderKind.RISK, "1 risk to look at again: risk 3 One region only is to be looked at again"),
        (ReminderKind.DECISION, "1 decision: risk 3 One region only waits for a signature"),
    ],
)
def test_a_phone_names_the_risk_that_is_asked_about(kind: ReminderKind, says: str) -> None:
    row = asked(kind, of_risk(a_risk(title="One region only")))

    assert reminder_message(a_briefing(row), process=PROCESS)[0] == says
