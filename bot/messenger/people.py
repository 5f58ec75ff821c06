"""People: what Slack knows of somebody."""

from bot.messenger.slack import read_person
from bot.messenger.work import Work
from storage.tables.columns import JsonObject


async def look_up_person(work: Work) -> JsonObject:
    """See somebody's name, address and zone."""
    user_id = work.payload["user_id"]
    answer = await work.slack.call("users.info", user=user_id)
    return {"user_id": user_id, **read_person(answer["user"])}
