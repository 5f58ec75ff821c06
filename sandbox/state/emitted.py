"""Which of the events an app can subscribe to ever happen in this workspace."""

from collections.abc import Iterable

EMITTED = frozenset(
    {
        "app_home_opened", "app_mention", "channel_archive", "channel_created", "channel_left", "channel_rename",
        "channel_unarchive", "file_created", "file_deleted", "file_shared", "group_archive", "group_left",
        "group_rename", "group_unarchive", "member_joined_channel", "member_left_channel", "message.channels",
        "message.groups", "message.im", "message.mpim", "pin_added", "pin_removed", "reaction_added",
        "reaction_removed", "team_join", "user_change",
    }
)  # fmt: skip


def never_emitted(subscribed: Iterable[str]) -> list[str]:
    """The events an app would wait for in vain, by name."""
    return sorted(set(subscribed) - EMITTED)
