"""The control API for what people do not do themselves: other apps, user groups, previews, lost events."""

from base64 import b64encode

from sandbox import Sandbox
from tests.sandbox.people.conftest import Client


async def test_another_app_posts_changes_and_deletes_over_http(slack: Sandbox, control: Client) -> None:
    joined = await control.post("/bots/Alerts/joins", channel="general")
    posted = await control.post("/bots/Alerts/posts", channel="general", attachments=[{"text": "disk full"}])
    ts = posted["message"]["ts"]
    reply = await control.post("/bots/CI/posts", channel="general", text="v2", thread_ts=ts, webhook=True)
    changed = await control.post("/bots/Alerts/edits", channel="general", ts=ts, text="disk fine", attachments=[])

    assert (joined["name"], joined["bot_id"]) == ("alerts", slack.other_bot("Alerts").bot_id)
    assert (posted["message"]["text"], changed["message"]["text"]) == ("disk full", "disk fine")
    assert (reply["message"]["author"], reply["message"]["thread_ts"]) == ("CI", ts)
    assert (await control.post("/bots/Alerts/deletes", channel="general", ts=ts)) == {"ok": True}
    assert slack.person("ann").finds("general", "disk") is None


async def test_another_apps_unknown_deed_or_message_is_refused_over_http(control: Client) -> None:
    await control.post("/bots/Alerts/joins", channel="general")

    dances = await control.post("/bots/Alerts/dances")
    deletes = await control.post("/bots/Alerts/deletes", channel="general", ts="1.000000")

    assert (dances["ok"], deletes["ok"]) == (False, False)


async def test_user_groups_are_made_and_disabled_over_http(slack: Sandbox, control: Client) -> None:
    made = await control.post("/usergroups", handle="sre", people=["ann", "bo"])
    changed = await control.post("/usergroups/sre", people=["dee"], disabled=True)

    group = slack.workspace.usergroups[made["id"]]
    assert (changed["id"], group.users, group.deleted) == (group.id, [slack.person("dee").id], True)
    assert not (await control.post("/usergroups/unknown", people=[]))["ok"]


async def test_a_link_is_unfurled_and_a_picture_uploaded_over_http(slack: Sandbox, control: Client) -> None:
    sent = await control.post("/people/ann/types", channel="general", text="https://example.com/")
    ts = sent["message"]["ts"]

    assert (await control.post("/unfurl", channel="general", ts=ts, title="A page"))["ok"]
    picture = b64encode(b"\x89PNG").decode()
    await control.post("/people/ann/uploads", channel="general", filename="a.png", content_base64=picture)
    again = await control.post("/people/ann/types", channel="general", text="up", thread_ts=ts, broadcast=True)

    assert "A page" in slack.person("bo").screen.at("general", ts).text
    assert [file.content for file in slack.workspace.files.values()] == [b"\x89PNG"]
    assert again["message"]["subtype"] == "thread_broadcast"


async def test_events_are_lost_reordered_and_given_up_over_http(slack: Sandbox, control: Client) -> None:
    await control.post("/people/ann/invites", person="parrot", channel="general")
    await control.post("/faults", lose_events=1, reorder=3)
    await control.post("/people/ann/types", channel="general", text="lost")
    shuffled = slack.faults.shuffler is not None
    await control.post("/faults", reorder=None)

    over = await control.post("/retries_over")

    lost = [body["event"].get("text") for body in slack.feed.given_up]
    assert (shuffled, slack.faults.shuffler) == (True, None)
    assert (over["given_up"], "lost" in lost) == (len(lost), True)
