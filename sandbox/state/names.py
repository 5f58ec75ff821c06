"""The rules for a channel's name (methods.json: conversations.create, error mapping)."""

import re

from sandbox.state.errors import SlackError

# "Lowercase letters" is read as ASCII: a name that passes here passes in any workspace.
_ALLOWED = re.compile(r"[a-z0-9_-]+")
_MAXIMUM = 80


def check_channel_name(name: str) -> None:
    """Raise the code Slack has for what is wrong with the name."""
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > _MAXIMUM:
        raise SlackError("invalid_name_maxlength")
    if not any(character.isalnum() for character in name):
        raise SlackError("invalid_name_punctuation")
    if not _ALLOWED.fullmatch(name):
        raise SlackError("invalid_name_specials")
