"""People: what Slack knows of somebody, and what one person is told."""

from bot.blocks.duties import duties_message
from bot.messenger.slack import read_person
from bot.messenger.work import Work
from storage.tables.columns import JsonObject


async def look_up_person(work: Work) -> JsonObject:
    """See somebody's name, address and zone."""
    user_id = work.payload["user_id"]
    answer = await work.slack.call("users.info", user=user_id)
    return {"user_id": user_id, **read_person(answer["user"])}


async def tell_person(work: Work) -> JsonObject:
    """Tell who got a role its duties; nobody who has lost it meanwhile, or who may not see the incident."""
    to, role = work.payload["to"], work.payload["role"]
    if work.about.roles.get(role) != to or not work.about.visible_to(to):
        return {"moot": True}
    text, blocks = duties_message(work.about, work.payload, process=work.process)
    answer = await work.slack.call("conversations.open", users=to)
    return {"ts": await work.post(answer["channel"]["id"], text, blocks)}
