"""The digests of action items, posted in the digest channel once each, and only where there is something to say."""

from collections.abc import Sequence
from typing import TypeVar

import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks.answers import Answer
from bot.blocks.weekly_digest import monthly_digest, trend_report, weekly_digest
from bot.messenger.slack import code_of
from bot.messenger.work import Work
from storage.tables.columns import JsonObject
from workflows.digest_contents import MonthlyDigest, TrendReport, WeeklyDigest
from workflows.process_parts import Team

log = structlog.get_logger()

Contents = TypeVar("Contents", WeeklyDigest, MonthlyDigest, TrendReport)
NOT_ALLOWED = ("missing_scope", "restricted_action", "user_is_restricted")


async def send_weekly_digest(work: Work) -> JsonObject:
    """The week's digest; what was done until it was read is thanked for in no later one."""
    digest = _contents(work, WeeklyDigest)
    kept: JsonObject = {"until": digest.until.isoformat()}
    if digest.is_silent:
        return {**kept, "idle": True}
    members = {key: await _members(work, team) for key, team in work.process.teams.items()}
    return await _post_once(work, weekly_digest(digest, members, process=work.process), kept)


async def send_monthly_digest(work: Work) -> JsonObject:
    """The month's figures."""
    digest = _contents(work, MonthlyDigest)
    return {"idle": True} if digest.numbers.is_silent else await _post_once(work, monthly_digest(digest), {})


async def send_trend(work: Work) -> JsonObject:
    """What rose in the quarter."""
    report = _contents(work, TrendReport)
    return await _post_once(work, trend_report(report, process=work.process), {}) if report.rises else {"idle": True}


async def _post_once(work: Work, said: Answer, kept: JsonObject) -> JsonObject:
    """Post it, unless an earlier attempt did: what that told of stands in its message's metadata."""
    channel_id = await work.slack.digest_channel_id()
    found = await work.find_post(channel_id) if work.claim.look_first else None
    if found is not None:
        told = found["metadata"]["event_payload"]
        return {**{name: told[name] for name in kept if name in told}, "channel_id": channel_id, "ts": found["ts"]}
    answer = await work.post_new(channel_id, *said, kept=kept)
    return {**kept, "channel_id": channel_id, "ts": answer["ts"]}


async def _members(work: Work, team: Team) -> Sequence[str]:
    """Who is in a team; whom Slack does not know, or a group that we may not look into, is nobody."""
    found: list[str] = []
    try:
        for name in team.people:
            found += filter(None, [await work.slack.directory.find_person(name)])
        for group in team.groups:
            found += await work.slack.directory.find_members(group) or ()
    except SlackApiError as fault:
        if code_of(fault) not in NOT_ALLOWED:
            raise
        log.warning("a team could not be looked up for the digest", team=team.name, because=code_of(fault))
    return found


def _contents(work: Work, kind: type[Contents]) -> Contents:
    if not isinstance(work.briefing, kind):
        raise TypeError("a digest was claimed without what it says")
    return work.briefing
