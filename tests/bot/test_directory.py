"""The names of sitrep.toml: what they stand for in Slack, remembered for a while and no longer."""

import asyncio
from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError

from bot.messenger.directory import CHANNELS_KEPT, GROUPS_KEPT, Directory
from tests.bot.scripted_slack import ScriptedSlack, refusal
from tests.builders import NOON


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> object:
        return self.now


def a_directory(scripted: ScriptedSlack, clock: Clock) -> Directory:
    """The directory of this Slack."""
    return scripted.slack(now=clock).directory  # type: ignore[arg-type]  # it tells the time


GROUPS = {"usergroups": [{"id": "S0123456", "handle": "sre"}]}
CHANNELS = {"channels": [{"id": "C0123456", "name": "exec"}]}


async def test_a_group_is_asked_for_once_until_its_time_is_up() -> None:
    clock = Clock()
    slack = ScriptedSlack(usergroups__list=GROUPS, usergroups__users__list={"users": ["UBO"]})
    directory = a_directory(slack, clock)

    for name in ("@sre", "@sre"):
        assert await directory.find_members(name) == ["UBO"]
    assert slack.methods() == ["usergroups.list", "usergroups.users.list"]

    clock.now += GROUPS_KEPT + timedelta(seconds=1)
    assert directory.known_members("@sre") is None
    assert await directory.find_members("S0123456") == ["UBO"]
    assert slack.methods().count("usergroups.list") == 1


async def test_channels_are_found_by_name_and_new_ones_are_looked_for() -> None:
    clock = Clock()
    slack = ScriptedSlack(users__conversations=[{"channels": []}, CHANNELS])
    directory = a_directory(slack, clock)

    assert await directory.find_channel("#exec") is None
    clock.now += timedelta(seconds=11)
    assert await directory.find_channel("exec") == "C0123456"
    clock.now += CHANNELS_KEPT - timedelta(seconds=1)
    assert await directory.find_channel("#Exec") == "C0123456"
    assert slack.methods() == ["users.conversations"] * 2


async def test_ids_are_taken_as_they_are() -> None:
    slack = ScriptedSlack()
    directory = a_directory(slack, Clock())

    assert await directory.find_channel("C0123456789") == "C0123456789"
    assert await directory.find_person("U0123456789") == "U0123456789"
    assert slack.methods() == []


@pytest.mark.parametrize("code", ["no_such_subteam", "plan_upgrade_required"])
async def test_a_group_that_cannot_be_is_nobody(code: str) -> None:
    slack = ScriptedSlack(usergroups__list=refusal(code))

    assert await a_directory(slack, Clock()).find_members("@sre") is None


async def test_somebody_who_is_not_here_is_nobody_and_an_outage_is_one() -> None:
    slack = ScriptedSlack(users__lookupByEmail=[refusal("users_not_found"), refusal("internal_error")])
    directory = a_directory(slack, Clock())

    assert await directory.find_person("no@example.com") is None
    with pytest.raises(SlackApiError):
        await directory.find_person("bo@example.com")


async def test_what_many_ask_for_at_once_is_listed_once() -> None:
    slack = ScriptedSlack(
        users__conversations=CHANNELS, usergroups__list=GROUPS, usergroups__users__list={"users": ["UBO"]}
    )
    directory = a_directory(slack, Clock())

    await asyncio.gather(*(directory.find_channel(name) for name in ("#exec", "#a", "#b", "#c")))
    await asyncio.gather(*(directory.find_members(name) for name in ("@sre", "@a", "@b", "@c")))

    assert slack.methods() == ["users.conversations", "usergroups.list", "usergroups.users.list"]
