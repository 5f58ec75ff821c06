"""The catch-up for somebody who has come late."""

from bot.blocks.catchup import catchup_message
from bot.messenger.work import Work, in_json
from storage.tables.columns import JsonObject
from workflows.catchup import CatchUp


async def whisper_catchup(work: Work) -> JsonObject:
    """Tell somebody in the channel what happened so far, for them alone; at most once, for nobody can look it up."""
    user_id = work.payload["user_id"]
    if work.claim.look_first or not work.about.visible_to(user_id):
        return {"told": False}
    text, blocks = catchup_message(work.about, CatchUp.from_json(work.payload["told"]), process=work.process)
    await work.slack.call(
        "chat.postEphemeral", channel=work.channel_id, user=user_id, text=text, blocks=in_json(blocks)
    )
    return {"told": True}
