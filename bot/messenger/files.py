"""Files that people share: looked up, fetched and stored, or why not."""

from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.messenger.fetcher import MEGABYTE, Fetcher, NotToBeHad, too_large
from bot.messenger.slack import Held
from bot.messenger.work import CannotWork, Work
from storage.tables.columns import JsonObject

MOST_ATTEMPTS = 100
"""After so many that came to nothing, about an hour and a half, a file is let go."""

_GONE = {
    "file_not_found": "it was deleted",
    "file_deleted": "it was deleted",
    "not_visible": "Slack does not show it to the bot",
}
"""Answers of files.info that no later attempt would change."""
_MODES = {
    "tombstone": "it was deleted",
    "hidden_by_limit": "the workspace's plan hides it",
    "external": "it is kept elsewhere",
}


async def fetch_file(work: Work) -> JsonObject:
    """Fetch and store a file; where that can never be, why."""
    if work.fetcher is None:
        raise CannotWork("no_file_store")
    try:
        file = await _look_up(work)
        return {"sha256": await _fetch(work, work.fetcher, file)}
    except NotToBeHad as fault:
        return {"because": fault.because}


async def _fetch(work: Work, fetcher: Fetcher, file: dict[str, Any]) -> str:
    most = work.process.largest_file * MEGABYTE
    if int(file.get("size") or 0) > most or not most:
        raise NotToBeHad(too_large(most))
    address = file.get("url_private_download") or file.get("url_private")
    if not address:
        raise NotToBeHad("Slack does not show it to the bot")
    try:
        return await fetcher.fetch(address, mimetype=file.get("mimetype") or "", most=most)
    except (aiohttp.ClientError, TimeoutError, ConnectionError) as fault:
        if isinstance(fault, aiohttp.ClientResponseError) and fault.status == 429:
            raise Held(work.slack.now() + _wait(fault)) from None
        if work.claim.attempt >= MOST_ATTEMPTS:
            raise NotToBeHad("Slack did not hand it out") from None
        raise
    except OSError as fault:
        raise CannotWork("no_file_store") from fault


async def _look_up(work: Work) -> dict[str, Any]:
    """What Slack knows of the file now; where its bytes are is written down nowhere."""
    try:
        answer = await work.slack.call("files.info", file=work.payload["file_id"])
    except SlackApiError as fault:
        if fault.response["error"] in _GONE:
            raise NotToBeHad(_GONE[fault.response["error"]]) from None
        raise
    file: dict[str, Any] = answer["file"]
    if file.get("mode") in _MODES or file.get("is_external"):
        raise NotToBeHad(_MODES.get(file.get("mode", ""), _MODES["external"]))
    return file


def _wait(fault: aiohttp.ClientResponseError) -> timedelta:
    seconds = fault.headers.get("Retry-After", "") if fault.headers else ""
    return timedelta(seconds=int(seconds) if seconds.isdigit() else 1)
