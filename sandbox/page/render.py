"""The page as HTML; every word of it that people or apps wrote is escaped."""

from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from rich.emoji import Emoji

from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage

REFRESH_SECONDS = 2
STEPS = {"+1 hour": 3600, "+1 day": 86_400}
NEXT_MONDAY = "next Monday 09:00"
"""The buttons that move the workspace's time."""
STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 0; display: flex; min-height: 100vh; color: #1d1c1d; }
nav { background: #3f0e40; color: #cfc3cf; padding: 1rem; min-width: 14rem; }
nav a { color: inherit; display: block; text-decoration: none; padding: .1rem .4rem; border-radius: .3rem; }
nav a.here { background: #1164a3; color: #fff; }
main { padding: 1rem 1.5rem; max-width: 50rem; flex: 1; }
article { margin: .6rem 0; } article p { white-space: pre-wrap; margin: 0; overflow-wrap: anywhere; }
nav button { font: inherit; font-size: 13px; display: block; margin: .2rem 0; }
.ephemeral, .note { color: #696969; }
.form { border: 1px solid #bbb; border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
small { color: #696969; }
"""


@dataclass(frozen=True)
class Look:
    """Who looks, at which channel, and when."""

    person: Person
    names: list[str]
    channel: str
    now: datetime

    @property
    def place(self) -> str:
        """The channel named, or the first there is."""
        channels = self.person.channels()
        return self.channel or ("general" if "general" in channels else channels[0] if channels else "")


def render(look: Look) -> str:
    """The whole page."""
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        f'<meta http-equiv=refresh content="{REFRESH_SECONDS}"><title>Slack sandbox</title>'
        f"<style>{STYLE}</style></head><body>{_sidebar(look)}<main>{_form(look)}{_conversation(look)}</main></body></html>"
    )


def _sidebar(look: Look) -> str:
    people = "".join(_link(name, here=name == look.person.name, **{"as": name}) for name in look.names)
    channels = "".join(
        _link(_title(name), here=name == look.place, **{"as": look.person.name, "channel": name})
        for name in look.person.channels()
    )
    return f"<nav><b>See as</b>{people}<br><b>Conversations</b>{channels}<br>{_clock(look)}</nav>"


def _clock(look: Look) -> str:
    """The time it is for this person, and buttons that move everybody's."""
    query = escape(urlencode({"as": look.person.name, "channel": look.channel}))
    buttons = "".join(f'<button name=move value="{words}">{words}</button>' for words in (*STEPS, NEXT_MONDAY))
    now = look.now.astimezone(_zone(look))
    return f'<b>Time</b><br>{_day(now)}, {now:%H:%M}<form method=post action="/clock?{query}">{buttons}</form>'


def _conversation(look: Look) -> str:
    if not look.place:
        return "<p class=note>This person is in no conversation yet.</p>"
    messages = look.person.sees(look.place)
    topic = look.person.topic(look.place)
    members = ", ".join(look.person.members(look.place))
    head = f"<h1>{escape(_title(look.place))}</h1><p class=note>{_words(topic)}</p><small>{escape(members)}</small>"
    return head + "".join(_message(look, message) for message in messages)


def _message(look: Look, message: SeenMessage) -> str:
    replies = message.replies() if message.reply_count else []
    thread = "".join(f"<blockquote>{_message_alone(look, reply)}</blockquote>" for reply in replies)
    return _message_alone(look, message) + thread


def _message_alone(look: Look, message: SeenMessage) -> str:
    marks = [mark for mark, is_so in (("only visible to you", message.ephemeral), ("edited", message.edited)) if is_so]
    marks += ["pinned"] if message.pinned else []
    marks += [f":{name}: {len(users)}" for name, users in message.reactions.items()]
    marks += [f"file {name}" for name in message.files]
    kind = " class=ephemeral" if message.ephemeral else ""
    note = f" <small>{_words(' · '.join(marks))}</small>" if marks else ""
    head = f"<b>{escape(message.author)}</b> <small>{_time(look, message.ts)}</small>{note}"
    return f"<article{kind}>{head}<p>{_words(message.text)}</p></article>"


def _form(look: Look) -> str:
    form = look.person.open_form()
    if form is None:
        return ""
    return f"<section class=form><p style='white-space:pre-wrap'>{_words(form.text())}</p></section>"


def _words(text: str) -> str:
    """With emoji drawn; a name that is not known stays as it is."""
    return escape(Emoji.replace(text))


def _time(look: Look, ts: str) -> str:
    """The time of day, and the day where it was another."""
    moment = datetime.fromtimestamp(int(ts.partition(".")[0]), UTC).astimezone(_zone(look))
    is_today = moment.date() == look.now.astimezone(_zone(look)).date()
    return f"{moment:%H:%M}" if is_today else f"{_day(moment)}, {moment:%H:%M}"


def _day(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b}"


def _zone(look: Look) -> ZoneInfo:
    return ZoneInfo(look.person.user.tz)


def _title(name: str) -> str:
    return name if name.startswith("@") else f"#{name}"


def _link(words: str, *, here: bool, **query: str) -> str:
    mark = " class=here" if here else ""
    return f'<a{mark} href="/?{escape(urlencode(query))}">{escape(words)}</a>'
