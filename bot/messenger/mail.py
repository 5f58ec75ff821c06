"""Mail: a notice as plain text and as HTML, kept together per incident by mail programs."""

from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.messenger.mail_server import MailServer
from bot.messenger.plain import notice_of
from bot.messenger.roads import Refused, fingerprint, one_line
from bot.messenger.work import CannotWork, Work
from storage.tables import Incident
from storage.tables.columns import JsonObject
from workflows.notices import Notice

if TYPE_CHECKING:
    from jinja2 import Environment

SUBJECT_LIMIT = 150


@cache
def _templates() -> "Environment":
    """Loaded with the first mail: who sends none does without, in time to start and in memory."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


async def send_mail(work: Work) -> JsonObject:
    """Hand a notice to the mail server; a repetition is the same message by its Message-ID."""
    if work.post_office is None:
        raise CannotWork("no_mail_server")
    to = work.payload["to"]
    notice = notice_of(work)
    message = mail_of(
        notice,
        work.incident,
        to=to,
        server=work.post_office.server,
        key=work.claim.dedupe_key,
        owed_at=work.claim.due_at,
        link=await _link(work, notice),
    )
    said = await work.post_office.send(message, to=to)
    return {"message_id": message["Message-ID"], "said": said}


async def _link(work: Work, notice: Notice) -> str | None:
    """Where the incident is in Slack, when we know the workspace's address; no mail waits for it."""
    if notice.channel_id is None or not work.slack.is_identified:
        return None
    return f"{(await work.slack.identity()).team_url}archives/{notice.channel_id}"


def mail_of(
    notice: Notice, incident: Incident, *, to: str, server: MailServer, key: str, owed_at: datetime, link: str | None
) -> EmailMessage:
    """The message; raises Refused for an address that is none."""
    message = EmailMessage()
    message["Subject"] = _subject(notice, incident)
    message["From"] = Address("Sitrep", addr_spec=server.sender)
    message["To"] = _address(to)
    message["Date"] = format_datetime(owed_at)
    message["Message-ID"] = f"<{fingerprint(key)}@{server.domain}>"
    thread = f"<{fingerprint(incident.marker)}@{server.domain}>"
    message["In-Reply-To"] = message["References"] = thread
    message["Auto-Submitted"] = "auto-generated"
    unsubscribe = f"unsubscribe {notice.ref}".strip()
    message["List-Unsubscribe"] = f"<mailto:{server.sender}?subject={quote(unsubscribe)}>"
    shown = {
        "notice": notice,
        "moment": moment,
        "link": link,
        "to": to,
        "sender": server.sender,
        "unsubscribe": unsubscribe,
    }
    message.set_content(_templates().get_template("notice.txt").render(shown))
    message.add_alternative(_templates().get_template("notice.html").render(shown), subtype="html")
    return message


def _subject(notice: Notice, incident: Incident) -> str:
    """The same for all mail on an incident, so that it is one conversation; people outside never see our title."""
    words = f"{notice.ref} · {incident.title}" if notice.ref else notice.headline
    return one_line(words, SUBJECT_LIMIT)


def _address(to: str) -> Address:
    try:
        return Address(addr_spec=to)
    except (ValueError, IndexError, MessageError):
        raise Refused(f"{one_line(to, 100)} is not an address", "Correct it, then try again.") from None


def moment(at: datetime) -> str:
    """A time as mail shows it, whose readers' clocks we do not know."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M} UTC"
