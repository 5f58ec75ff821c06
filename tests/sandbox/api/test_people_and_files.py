"""users.*, usergroups.*, team.info and its like, files.*."""

import aiohttp
import pytest

from sandbox.state.model import Channel, Json
from tests.sandbox.api.conftest import Slack, refusal

PICTURE = bytes(range(256))


def shared(slack: Slack, channel: Channel, name: str, content: bytes) -> Json:
    """A file of Ann's in a channel, as the app is told of it."""
    if slack.ann.id not in channel.members:
        slack.workspace.conversations.join(channel, by=slack.ann.id)
    store = slack.workspace.file_store
    file = store.announce(name, by=slack.ann.id, size=len(content))
    store.receive(file.id, content)
    store.share([store.complete(file.id, by=slack.ann.id)], channel, by=slack.ann.id)
    messages = [event for event in slack.events if event.get("subtype") == "file_share"]
    told: Json = messages[-1]["files"][0]
    return told


def bearer(slack: Slack) -> dict[str, str]:
    """What the app shows to be given a file."""
    return {"Authorization": f"Bearer {slack.workspace.app.bot_token}"}


async def test_a_user_has_a_zone_and_an_address_for_those_who_may_know_it(slack: Slack) -> None:
    user = (await slack.web.users_info(user=slack.ann.id))["user"]

    assert (user["tz"], user["tz_offset"], user["profile"]["email"]) == ("Europe/Berlin", 3600, "ann@example.com")
    slack.grant_without("users:read.email")
    assert "email" not in (await slack.web.users_info(user=slack.ann.id))["user"]["profile"]
    assert await refusal(slack.web.users_info(user="U0NOBODY")) == "user_not_found"


async def test_someone_is_found_by_address_until_deactivated(slack: Slack) -> None:
    found = await slack.web.users_lookupByEmail(email="Ann@example.com")
    slack.workspace.deactivate(slack.ann)

    assert found["user"]["id"] == slack.ann.id
    assert await refusal(slack.web.users_lookupByEmail(email="ann@example.com")) == "users_not_found"


async def test_users_are_listed_in_pages_with_bots_and_the_deactivated(slack: Slack) -> None:
    slack.workspace.deactivate(slack.bo)

    first = await slack.web.users_list(limit=3)
    second = await slack.web.users_list(limit=3, cursor=first["response_metadata"]["next_cursor"])

    members = first["members"] + second["members"]
    assert [user["name"] for user in members] == ["testbot", "slackbot", "ann", "bo"]
    assert [user["deleted"] for user in members] == [False, False, False, True]
    assert slack.workspace.complaints == []


async def test_listing_everyone_at_once_is_a_complaint(slack: Slack) -> None:
    await slack.web.users_list()

    assert slack.workspace.complaints == ["users.list: without `limit` large workspaces answer limit_required"]


async def test_the_smaller_questions_about_people_are_answered(slack: Slack) -> None:
    web = slack.web

    assert (await web.users_getPresence(user=slack.ann.id))["presence"] == "active"
    assert (await web.users_profile_get(user=slack.ann.id))["profile"]["real_name"] == "Ann Kaya"
    assert (await web.dnd_info(user=slack.ann.id))["dnd_enabled"] is False
    assert (await web.bots_info(bot=slack.workspace.app.bot_id))["bot"]["user_id"] == slack.bot
    assert (await web.team_info())["team"]["id"] == slack.workspace.team.id
    assert (await web.emoji_list())["emoji"] == {}
    listed = await web.users_conversations(user=slack.ann.id)
    assert [channel["name"] for channel in listed["channels"]] == ["general"]


async def test_user_groups_tell_their_members(slack: Slack) -> None:
    group = slack.workspace.add_usergroup("oncall", [slack.ann.id])

    (listed,) = (await slack.web.usergroups_list(include_users=True))["usergroups"]

    assert (listed["handle"], listed["users"]) == ("oncall", [slack.ann.id])
    assert (await slack.web.usergroups_users_list(usergroup=group.id))["users"] == [slack.ann.id]
    assert await refusal(slack.web.usergroups_users_list(usergroup="S0")) == "no_such_subteam"


async def test_a_disabled_user_group_is_listed_only_on_request(slack: Slack) -> None:
    group = slack.workspace.add_usergroup("oncall", [slack.ann.id])
    slack.workspace.change_usergroup(group, disabled=True)

    assert (await slack.web.usergroups_list())["usergroups"] == []
    (listed,) = (await slack.web.usergroups_list(include_disabled=True, include_count=True))["usergroups"]
    assert (listed["id"], listed["user_count"], listed["date_delete"] > 0) == (group.id, 1, True)
    assert await refusal(slack.web.usergroups_users_list(usergroup=group.id)) == "no_such_subteam"
    members = await slack.web.usergroups_users_list(usergroup=group.id, include_disabled=True)
    assert members["users"] == [slack.ann.id]


async def test_an_app_makes_fills_renames_and_puts_away_a_user_group(slack: Slack) -> None:
    web = slack.web
    group = (await web.usergroups_create(name="Night Watch", description="who is awake"))["usergroup"]
    await web.usergroups_users_update(usergroup=group["id"], users=[slack.ann.id, slack.bo.id])
    changed = (await web.usergroups_update(usergroup=group["id"], name="Owls", include_count=True))["usergroup"]

    assert group["handle"] == "night-watch"
    assert (changed["name"], changed["handle"], changed["user_count"]) == ("Owls", "night-watch", 2)
    assert changed["users"] == [slack.ann.id, slack.bo.id]
    assert (await web.usergroups_disable(usergroup=group["id"]))["usergroup"]["date_delete"] > 0
    assert (await web.usergroups_list())["usergroups"] == []
    assert (await web.usergroups_enable(usergroup=group["id"]))["usergroup"]["date_delete"] == 0


async def test_a_user_group_that_cannot_be_is_refused(slack: Slack) -> None:
    web, group = slack.web, slack.workspace.add_usergroup("oncall", [slack.ann.id], name="On call")

    assert await refusal(web.usergroups_create(name="On call")) == "name_already_exists"
    assert await refusal(web.usergroups_create(name="Others", handle="oncall")) == "handle_already_exists"
    assert await refusal(web.usergroups_users_update(usergroup=group.id, users=[])) == "no_users_provided"
    assert await refusal(web.usergroups_users_update(usergroup=group.id, users=["U0"])) == "invalid_users"
    assert await refusal(web.usergroups_update(usergroup="S0", name="x")) == "no_such_subteam"
    assert group.users == [slack.ann.id]


async def test_an_app_says_whether_it_is_there_and_asks_whom_not_to_disturb(slack: Slack) -> None:
    slack.bo.dnd = True

    await slack.web.users_setPresence(presence="away")
    resting = (await slack.web.dnd_teamInfo(users=[slack.ann.id, slack.bo.id]))["users"]

    assert (await slack.web.users_getPresence(user=slack.bot))["presence"] == "away"
    assert {user: one["dnd_enabled"] for user, one in resting.items()} == {slack.ann.id: False, slack.bo.id: True}
    assert await refusal(slack.web.dnd_teamInfo(users="")) == "no_users_provided"
    assert await refusal(slack.web.dnd_teamInfo(users="U0")) == "user_not_found"
    assert (await slack.web.team_profile_get())["profile"] == {"fields": [], "sections": []}


async def test_what_posts_under_a_bot_id_is_told(slack: Slack) -> None:
    alerts = slack.workspace.add_integration("Alerts")

    told = (await slack.web.bots_info(bot=alerts.bot_id))["bot"]

    assert (told["name"], told["app_id"], told["user_id"]) == ("Alerts", alerts.app_id, alerts.user_id)
    assert await refusal(slack.web.bots_info(bot="B0")) == "bot_not_found"


async def test_a_file_is_uploaded_in_three_steps_and_shared_in_a_message(slack: Slack) -> None:
    channel = slack.public()

    uploaded = await slack.web.files_upload_v2(
        channel=channel.id, content="a,b\n1,2\n", filename="facts.csv", title="Facts", initial_comment="Look"
    )

    message = list(channel.messages.values())[-1]
    assert (message.subtype, message.text, message.files) == ("file_share", "Look", [uploaded["file"]["id"]])
    file = (await slack.web.files_info(file=uploaded["file"]["id"]))["file"]
    assert (file["title"], file["size"], file["channels"]) == ("Facts", 8, [channel.id])


async def test_the_bytes_of_a_file_are_fetched_with_the_token(slack: Slack, http: aiohttp.ClientSession) -> None:
    file = shared(slack, slack.public(), "the cause?.png", PICTURE)

    for address in ("url_private", "url_private_download"):
        async with http.get(file[address], headers=bearer(slack)) as answer:
            assert await answer.read() == PICTURE
            assert answer.content_type == file["mimetype"] == "image/png"


async def test_without_the_token_or_the_scope_a_file_is_a_page_to_sign_in_on(
    slack: Slack, http: aiohttp.ClientSession
) -> None:
    url = shared(slack, slack.public(), "cause.png", PICTURE)["url_private"]

    async with http.get(url) as page, http.get(url, allow_redirects=False) as redirect:
        assert (page.status, page.content_type) == (200, "text/html")
        assert redirect.status == 302
    slack.grant_without("files:read")
    async with http.get(url, headers=bearer(slack)) as page:
        assert b"Sign in" in await page.read()


async def test_a_bot_gets_only_files_of_conversations_it_is_in(slack: Slack, http: aiohttp.ClientSession) -> None:
    channel = slack.public(by=slack.ann)
    file = shared(slack, channel, "cause.png", PICTURE)

    async with http.get(file["url_private"], headers=bearer(slack)) as unseen:
        assert unseen.status == 404
    await slack.web.conversations_join(channel=channel.id)
    async with http.get(file["url_private"], headers=bearer(slack)) as seen:
        assert await seen.read() == PICTURE


async def test_fetching_a_file_fails_on_demand(slack: Slack, http: aiohttp.ClientSession) -> None:
    url = shared(slack, slack.public(), "cause.png", PICTURE)["url_private"]
    slack.faults.fail("download_url", status=502)

    statuses = [(await http.get(url, headers=bearer(slack))).status for _ in range(2)]

    assert statuses == [502, 200]


async def test_a_file_whose_bytes_never_came_cannot_be_completed(slack: Slack) -> None:
    announced = await slack.web.files_getUploadURLExternal(filename="facts.csv", length=3)

    completion = slack.web.files_completeUploadExternal(files=[{"id": announced["file_id"]}])

    assert await refusal(completion) == "file_not_found"


async def test_a_file_in_a_private_channel_is_hidden_from_the_bot(slack: Slack) -> None:
    store = slack.workspace.file_store
    file = store.announce("notes.txt", by=slack.ann.id, size=2)
    store.receive(file.id, b"hi")
    store.complete(file.id, by=slack.ann.id)
    store.share([file], slack.private(by=slack.ann), by=slack.ann.id)

    assert await refusal(slack.web.files_info(file=file.id)) == "file_not_found"
    assert (await slack.web.files_list())["files"] == []


async def test_a_deleted_file_is_gone_from_its_message(slack: Slack) -> None:
    channel = slack.public()
    uploaded = await slack.web.files_upload_v2(channel=channel.id, content="1", filename="facts.csv")

    await slack.web.files_delete(file=uploaded["file"]["id"])

    assert list(channel.messages.values())[-1].files == []
    assert await refusal(slack.web.files_info(file=uploaded["file"]["id"])) == "file_deleted"


async def test_bytes_whose_answer_is_lost_have_arrived_all_the_same(slack: Slack) -> None:
    slack.faults.lose_answer("upload_url")
    announced = await slack.web.files_getUploadURLExternal(filename="facts.csv", length=3)

    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.post(announced["upload_url"], data=b"1,2")

    assert (await slack.web.files_completeUploadExternal(files=[{"id": announced["file_id"]}]))["ok"]
