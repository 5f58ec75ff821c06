"""People: what Slack knows of somebody, and what one person is told."""

from slack_sdk.errors import SlackApiError

from bot.blocks.catchup import catchup_message
from bot.blocks.duties import duties_message
from bot.blocks.outcome import outcome_message
from bot.blocks.praise import kudos_message
from bot.messenger.notices import NOBODY_THERE
from bot.messenger.slack import code_of, read_person
from bot.messenger.work import CannotWork, Work
from storage.tables.columns import JsonObject
from workflows.catchup import CatchUp


async def look_up_person(work: Work) -> JsonObject:
    """See somebody's name, address and zone."""
    user_id = work.payload["user_id"]
    answer = await work.slack.call("users.info", user=user_id)
    return {"user_id": user_id, **read_person(answer["user"])}


async def tell_person(work: Work) -> JsonObject:
    """Tell who got a role its duties, or who asked something the outcome; only who may see the incident."""
    to = work.payload["to"]
    if not work.about.visible_to(to) or _was_lost(work):
        return {"moot": True}
    if "kudos" in work.payload:
        text, blocks = kudos_message(work.incident, work.payload)
    elif "question" in work.payload:
        text, blocks = outcome_message(work.incident, work.payload)
    else:
        text, blocks = duties_message(work.about, work.payload, process=work.process)
        if work.payload["told"]:
            told = CatchUp.from_json(work.payload["told"])
            blocks += catchup_message(work.about, told, process=work.process)[1]
    return {"ts": await work.post(await open_dm(work, to), text, blocks)}


async def open_dm(work: Work, user_id: str) -> str:
    """Their direct messages with us; raises CannotWork where they take none."""
    try:
        answer = await work.slack.call("conversations.open", users=user_id)
    except SlackApiError as fault:
        if code_of(fault) in NOBODY_THERE:
            raise CannotWork("unreachable") from None
        raise
    return str(answer["channel"]["id"])


def _was_lost(work: Work) -> bool:
    """Whether this is about a role that somebody else has got meanwhile."""
    role = work.payload.get("role")
    return role is not None and work.about.roles.get(role) != work.payload["to"]
