"""Permanent faults in words: what could not be done, and what a person can do about it."""

from bot.blocks.text import channel_link, mention
from storage.tables import DeliveryKind
from workflows.digests import DIGESTS
from workflows.recipients import is_person

DEEDS = {
    DeliveryKind.OPEN_CHANNEL: "open its channel",
    DeliveryKind.POST_CARD: "post its card",
    DeliveryKind.PIN_CARD: "pin its card",
    DeliveryKind.REFRESH_CARD: "bring its card up to date",
    DeliveryKind.SET_TOPIC: "set its channel's topic",
    DeliveryKind.SET_PURPOSE: "set its channel's purpose",
    DeliveryKind.INVITE: "invite {whom} to its channel",
    DeliveryKind.ADD_BOOKMARK: "add a bookmark to its channel",
    DeliveryKind.DIGEST_ENTRY: "show it in the digest channel",
    DeliveryKind.TELL_CHANNEL: "post a message in its channel",
    DeliveryKind.TELL_THREAD: "post a reply under its card",
    DeliveryKind.SHOW_MARKED: "show which messages are on its timeline",
    DeliveryKind.TELL_PERSON: "tell somebody what concerns them",
    DeliveryKind.READ_HISTORY: "read what was said in its channel",
    DeliveryKind.READ_THREAD: "read a thread in its channel",
    DeliveryKind.LOOK_UP_MESSAGE: "read a message that somebody marked",
    DeliveryKind.FETCH_FILE: "fetch a file from its channel",
    DeliveryKind.ADOPT_CHANNEL: "take over its channel",
    DeliveryKind.ANNOUNCE: "tell everybody who should hear of it",
    DeliveryKind.NOTICE: "tell {whom} of it",
    DeliveryKind.MAIL: "send mail about it",
    DeliveryKind.WEBHOOK: "tell a webhook about it",
    DeliveryKind.ASK: "ask people what was to be asked",
    DeliveryKind.REFRESH_PROMPT: "bring up to date what it had asked",
    DeliveryKind.TELL_OF_ITEM: "tell {whom} of an action item",
    DeliveryKind.TRACK: "bring an action item into its tracker",
}

ROADS = {
    DeliveryKind.MAIL: "mail about it",
    DeliveryKind.WEBHOOK: "a webhook's notice of it",
    DeliveryKind.TRACK: "an action item on its way to a tracker",
}
"""What is sent outside Slack, where servers answer in their own words."""

_HINTS = {
    "missing_scope": "The app lacks a permission: add it under OAuth & Permissions and reinstall the app{needed}.",
    "channel_not_found": "{channel} is gone, or I am not in it any more: invite me back.",
    "not_in_channel": "I am not in {channel} any more: invite me back.",
    "is_archived": "{channel} is archived: unarchive it if it is still needed.",
    "is_inactive": "{channel} is archived: unarchive it if it is still needed.",
    "restricted_action": "A workspace setting forbids it: an admin can allow it for apps.",
    "user_is_restricted": "They are a guest: a workspace admin has to let them in.",
    "user_is_ultra_restricted": "They are a single-channel guest: a workspace admin has to let them in.",
    "cant_invite": "They cannot be invited: a workspace admin may be able to.",
    "users_not_found": "Nobody in this workspace has that address: correct it in sitrep.toml.",
    "unreachable": "They take no direct messages from me: they may have left the workspace.",
    "user_not_found": "They are not in this workspace any more.",
    "cant_update_message": "The message there is not mine any more.",
    "name_taken": "Every name for it is taken by other channels: rename one that begins with its number.",
    "digest_channel_hidden": "The digest channel is private or archived: invite me, unarchive it, or name another in "
    "SITREP_DIGEST_CHANNEL.",
    "no_mail_server": "No mail server is set up: whoever runs Sitrep sets SMTP_URL and starts it again.",
    "no_webhooks": "sitrep.toml has no webhooks any more: put it back, then try again.",
    "no_file_store": "The folder that SITREP_FILES names cannot be written to: whoever runs Sitrep mends that.",
    "private": "It is private, so only those in its channel hear of it.",
    "no_channel": "It has no channel yet; when that can be opened, the rest follows.",
}


OURS = frozenset(
    {
        "digest_channel_hidden",
        "no_channel",
        "private",
        "unknown",
        "unreachable",
        "answer_expired",
        "no_incident",
        "no_file_store",
        "no_mail_server",
        "no_webhooks",
    }
)
"""Codes that are ours, not Slack's."""


_CHANNELS = {
    **dict.fromkeys((DeliveryKind.DIGEST_ENTRY, *DIGESTS), "The digest channel"),
    DeliveryKind.NOTICE: "That channel",
}


def hint(code: str, *, kind: DeliveryKind | None = None, needed: str | None = None) -> str:
    """What to do about a code, for this kind of delivery."""
    words = _HINTS.get(
        code, "Whoever runs Sitrep can look it up; `sitrep doctor` checks tokens, permissions and channels."
    )
    channel = _CHANNELS.get(kind, "Its channel") if kind else "Its channel"
    begins = words.startswith("{channel}")
    return words.format(
        needed=f" (`{needed}`)" if needed else "", channel=channel if begins else channel[0].lower() + channel[1:]
    )


def deed(kind: DeliveryKind, *, whom: str | None) -> str:
    """What could not be done."""
    return DEEDS.get(kind, "do something").format(whom=_named(whom) if whom else "somebody")


def _named(whom: str) -> str:
    return mention(whom) if is_person(whom) else channel_link(whom)
