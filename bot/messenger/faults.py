"""Permanent faults in words: what could not be done, and what a person can do about it."""

from storage.tables import DeliveryKind

DEEDS = {
    DeliveryKind.OPEN_CHANNEL: "open its channel",
    DeliveryKind.POST_CARD: "post its card",
    DeliveryKind.PIN_CARD: "pin its card",
    DeliveryKind.REFRESH_CARD: "bring its card up to date",
    DeliveryKind.SET_TOPIC: "set its channel's topic",
    DeliveryKind.SET_PURPOSE: "set its channel's purpose",
    DeliveryKind.INVITE: "invite somebody to its channel",
    DeliveryKind.ADD_BOOKMARK: "add a bookmark to its channel",
    DeliveryKind.DIGEST_ENTRY: "show it in the digest channel",
    DeliveryKind.TELL_CHANNEL: "post a message in its channel",
    DeliveryKind.TELL_THREAD: "post a reply under its card",
}

_HINTS = {
    "missing_scope": "The app lacks a permission: add it under OAuth & Permissions and reinstall the app{needed}.",
    "channel_not_found": "The channel is gone, or I am not in it: invite me, or check SITREP_DIGEST_CHANNEL.",
    "not_in_channel": "I am not in the channel any more: invite me back.",
    "is_archived": "The channel is archived: unarchive it if the incident goes on.",
    "is_inactive": "The channel is archived: unarchive it if the incident goes on.",
    "restricted_action": "A workspace setting forbids it: an admin can allow it for apps.",
    "user_is_restricted": "They are a guest: a workspace admin has to let them in.",
    "user_is_ultra_restricted": "They are a single-channel guest: a workspace admin has to let them in.",
    "cant_invite": "They cannot be invited: a workspace admin may be able to.",
    "user_not_found": "They are not in this workspace any more.",
    "message_not_found": "The message was deleted.",
    "cant_update_message": "The message is not mine any more.",
    "digest_channel_hidden": "The digest channel is private or archived: invite me, unarchive it, or name another in "
    "SITREP_DIGEST_CHANNEL.",
    "no_channel": "It has no channel yet; when that can be opened, the rest follows.",
}


def hint(code: str, *, needed: str | None = None) -> str:
    """What to do about a code of Slack's."""
    words = _HINTS.get(
        code, "Whoever runs Sitrep can look it up; `sitrep doctor` checks tokens, permissions and channels."
    )
    return words.format(needed=f" (`{needed}`)" if needed else "")
