"""The preview of a link that Slack puts under a message, as an attachment."""

import re

from sandbox.state.model import Json, Message
from sandbox.text import unescape

_LINK = re.compile(r"<(https?://[^|>]+)[|>]")


def preview_of(message: Message, *, title: str, text: str, url: str | None) -> Json:
    """The attachment for a link, the first one in the message unless named; ValueError when there is none."""
    found = _LINK.search(message.text)
    link = url or (unescape(found[1]) if found else None)
    if link is None:
        raise ValueError(f"there is no link to unfurl in: {message.text}")
    preview: Json = {"id": len(message.attachments) + 1, "from_url": link, "original_url": link, "title_link": link}
    return preview | {"title": title, "text": text, "fallback": title}
