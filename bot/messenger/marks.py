"""Our ✅ on messages that people have put on the timeline."""

from slack_sdk.errors import SlackApiError

from bot.messenger.work import Work
from storage.tables.columns import JsonObject

CHECK = "white_check_mark"
AS_IT_SHOULD_BE = frozenset({"already_reacted", "no_reaction", "message_not_found"})
"""It is so already, or nobody can see it any more."""
TAKES_NONE = frozenset({"too_many_emoji", "too_many_reactions", "not_reactable", "thread_locked"})
"""This message bears no more reactions: it is on the timeline all the same, and nobody can do anything about it."""


async def show_marked(work: Work) -> JsonObject:
    """Add our reaction to a marked message, or take it away when the last mark has gone."""
    where = {"channel": work.channel_id, "timestamp": work.payload["ts"], "name": CHECK}
    try:
        if work.payload["marked"]:
            await work.slack.call("reactions.add", **where)
        else:
            await work.slack.call("reactions.remove", **where)
    except SlackApiError as fault:
        if fault.response["error"] not in AS_IT_SHOULD_BE | TAKES_NONE:
            raise
    return {}
