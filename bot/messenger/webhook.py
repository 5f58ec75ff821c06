"""Webhooks: a notice as JSON."""

import json
from dataclasses import asdict

from bot.messenger.plain import notice_of
from bot.messenger.roads import fingerprint
from bot.messenger.work import CannotWork, Work
from storage.tables.columns import JsonObject
from workflows.notices import Notice


async def call_webhook(work: Work) -> JsonObject:
    """Post a notice to the webhook that sitrep.toml has under this key."""
    key = work.payload["to"]
    if work.caller is None:
        raise CannotWork("no_webhooks")
    delivery = fingerprint(work.claim.dedupe_key)
    body = body_of(notice_of(work), delivery=delivery)
    return {"status": await work.caller.call(key, body, delivery=delivery, now=work.slack.now())}


def body_of(notice: Notice, *, delivery: str) -> bytes:
    """What a webhook gets: the notice with people by name, and the id that a repetition has too."""
    fields = asdict(notice)
    del fields["names"]
    return json.dumps({"delivery": delivery, **fields}, ensure_ascii=False).encode()
