"""The App Home: what somebody follows and the open incidents they may see, as it is when they look."""

from typing import Any

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from storage.tables import Incident
from tests.builders import NOON
from tests.journeys.telling import all_done, declare


def words(person: Person) -> str:
    """Everything that stands in their home tab."""
    return str(person.home())


async def opened(person: Person) -> Any:
    """Their home tab once it is there."""
    await person.opens_home()
    await person.until(person.home)
    form = await person.opens_home()
    assert form is not None
    return form


async def test_the_home_shows_what_is_open_and_followed_and_changes_with_each_deed_there(
    slack: Sandbox, bot: Service
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await declare(slack, "Keys leaked", answers={"Type": "Security"})
    await all_done(bot)
    form = await opened(bo)
    assert "INC-1" in words(bo)
    assert "Keys leaked" not in words(bo)
    assert "you are" not in words(bo)
    assert "Nothing yet." in words(bo)

    await form.press("Subscribe")
    subscribe = await bo.form()
    await subscribe.fill({"How bad": "SEV2 or worse"})
    assert (await subscribe.submit()).closed
    await bo.until(lambda: "Incidents of SEV2 or worse" in words(bo))
    form = await bo.opens_home()
    assert form is not None
    await form.press("Unsubscribe")
    await bo.until(lambda: "Nothing yet." in words(bo))

    await form.press("Declare an incident")
    assert (await bo.form()).title == "Declare an incident"
    await opened(ann)
    await ann.until(lambda: "you are Lead" in words(ann) and "Keys leaked" in words(ann))
    await ann.command("/incident decline a drill", channel=channel)
    await opened(ann)
    await ann.until(lambda: "Checkout is down" not in words(ann))


async def test_the_home_stays_within_slacks_limits_with_two_hundred_incidents(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    await declare(slack, "&" * 120)
    await all_done(bot)
    async with bot.database.transaction() as session:
        first = await session.get(Incident, 1)
        assert first is not None
        for number in range(2, 202):
            values = first.model_dump(exclude={"id", "marker", "channel_id"})
            session.add(Incident(**{**values, "marker": f"m{number}", "declared_at": NOON, "channel_id": None}))
    for service in range(30):
        await ann.command(f"/incident subscribe service{service}", channel="general")

    await opened(ann)

    assert len(ann.home()) < 100
    assert "and 160 more" in words(ann)
    assert "and 10 more" in words(ann)


async def test_the_other_tab_of_our_home_publishes_nothing(slack: Sandbox, bot: Service) -> None:
    await slack.person("ann").opens_home("messages")
    await slack.events_settled()

    assert slack.calls.of("views.publish") == []
