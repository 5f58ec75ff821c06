"""What `POST /control/people/{name}/{deed}` can do: each deed takes a JSON body and gives JSON back."""

from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import fields

from sandbox.link.payload import Answer
from sandbox.people.commands import Reply
from sandbox.people.form import Form, Outcome
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from sandbox.people.world import failure_shown
from sandbox.state.model import Json

Deed = Callable[[Person, Json], Awaitable[Json]]


def message_json(message: SeenMessage) -> Json:
    """A message as its reader sees it."""
    return {one.name: getattr(message, one.name) for one in fields(message) if one.name != "screen"}


def form_json(form: Form | None) -> Json | None:
    """An open form, if there is one."""
    if form is None:
        return None
    shown = {"title": form.title, "text": form.text(), "labels": form.labels(), "buttons": form.buttons()}
    return shown | {"values": form.values(), "blocks": form.view.blocks, "id": form.view.id}


async def _command(person: Person, body: Json) -> Json:
    return _reply_json(await person.command(body["line"], channel=body["channel"]))


async def _shortcut(person: Person, body: Json) -> Json:
    return _reply_json(await person.shortcut(body["name"]))


async def _message_shortcut(person: Person, body: Json) -> Json:
    return _reply_json(await person.message_shortcut(body["name"], _message(person, body)))


async def _press(person: Person, body: Json) -> Json:
    return _reply_json(await person.press(body["label"], _message(person, body)))


async def _choose(person: Person, body: Json) -> Json:
    return _reply_json(await person.choose(body["option"], _message(person, body), menu=body.get("menu")))


async def _wait_for(person: Person, body: Json) -> Json:
    found = await person.wait_for(body["channel"], containing=body["containing"], timeout=body.get("timeout", 5))
    return {"message": message_json(found)}


async def _wait_for_channel(person: Person, body: Json) -> Json:
    return {"channel": await person.wait_for_channel(body["beginning"], timeout=body.get("timeout", 5))}


async def _types(person: Person, body: Json) -> Json:
    thread = person.screen.at(body["channel"], body["thread_ts"]) if body.get("thread_ts") else None
    broadcast = bool(body.get("broadcast"))
    typed = await person.types(body["text"], channel=body["channel"], thread=thread, broadcast=broadcast)
    return {"message": message_json(typed)}


async def _edits(person: Person, body: Json) -> Json:
    return {"message": message_json(await person.edits(_message(person, body), body["text"]))}


async def _deletes(person: Person, body: Json) -> Json:
    await person.deletes(_message(person, body))
    return {}


async def _reacts(person: Person, body: Json) -> Json:
    await person.reacts(_message(person, body), body["emoji"])
    return {}


async def _unreacts(person: Person, body: Json) -> Json:
    await person.unreacts(_message(person, body), body["emoji"])
    return {}


async def _pin(person: Person, body: Json) -> Json:
    await person.pins_message(_message(person, body))
    return {}


async def _unpin(person: Person, body: Json) -> Json:
    await person.unpins_message(_message(person, body))
    return {}


async def _uploads(person: Person, body: Json) -> Json:
    encoded = body.get("content_base64")
    content = b64decode(encoded) if encoded else str(body["content"]).encode()
    sent = await person.uploads(body["filename"], content, channel=body["channel"], words=body.get("text", ""))
    return {"message": message_json(sent)}


async def _creates(person: Person, body: Json) -> Json:
    await person.creates(body["channel"], private=bool(body.get("private")))
    return {}


async def _joins(person: Person, body: Json) -> Json:
    await person.joins(body["channel"])
    return {}


async def _leaves(person: Person, body: Json) -> Json:
    await person.leaves(body["channel"])
    return {}


async def _archives(person: Person, body: Json) -> Json:
    await person.archives(body["channel"])
    return {}


async def _unarchives(person: Person, body: Json) -> Json:
    await person.unarchives(body["channel"])
    return {}


async def _invites(person: Person, body: Json) -> Json:
    await person.invites(body["person"], body["channel"])
    return {}


async def _removes(person: Person, body: Json) -> Json:
    await person.removes(body["person"], body["channel"])
    return {}


async def _renames(person: Person, body: Json) -> Json:
    await person.renames(body["channel"], body["to"])
    return {}


async def _sets_topic(person: Person, body: Json) -> Json:
    await person.sets_topic(body["channel"], body["topic"])
    return {}


async def _changes_profile(person: Person, body: Json) -> Json:
    await person.changes_profile(**body)
    return {}


async def _opens_home(person: Person, body: Json) -> Json:
    return {"home": form_json(await person.opens_home(body.get("tab", "home")))}


async def _form_open(person: Person, body: Json) -> Json:
    return {"form": form_json(await person.form(timeout=body.get("timeout", 5)))}


async def _form_fill(person: Person, body: Json) -> Json:
    form = await person.form(timeout=0)
    return {"form": form_json(await form.fill(body["answers"]))}


async def _form_press(person: Person, body: Json) -> Json:
    form = await person.form(timeout=0)
    answer = await form.press(body["label"])
    return _answer_json(answer) | {"form": form_json(person.open_form())}


async def _form_submit(person: Person, body: Json) -> Json:
    form = await person.form(timeout=0)
    return _outcome_json(await form.submit())


async def _form_close(person: Person, body: Json) -> Json:
    form = await person.form(timeout=0)
    await form.close(all_of_them=bool(body.get("all")))
    return {"form": form_json(person.open_form())}


DEEDS: dict[str, Deed] = {
    "command": _command,
    "shortcut": _shortcut,
    "message_shortcut": _message_shortcut,
    "press": _press,
    "choose": _choose,
    "wait_for": _wait_for,
    "wait_for_channel": _wait_for_channel,
    "types": _types,
    "edits": _edits,
    "deletes": _deletes,
    "reacts": _reacts,
    "unreacts": _unreacts,
    "pin": _pin,
    "unpin": _unpin,
    "uploads": _uploads,
    "creates": _creates,
    "joins": _joins,
    "leaves": _leaves,
    "archives": _archives,
    "unarchives": _unarchives,
    "invites": _invites,
    "removes": _removes,
    "renames": _renames,
    "sets_topic": _sets_topic,
    "changes_profile": _changes_profile,
    "opens_home": _opens_home,
    "form_open": _form_open,
    "form_fill": _form_fill,
    "form_press": _form_press,
    "form_submit": _form_submit,
    "form_close": _form_close,
}


def _message(person: Person, body: Json) -> SeenMessage:
    return person.screen.at(body["channel"], body["ts"])


def _reply_json(reply: Reply) -> Json:
    messages = [message_json(message) for message in reply.messages]
    return {"failed": reply.failed, "text": reply.text, "blocks": reply.blocks, "messages": messages}


def _answer_json(answer: Answer) -> Json:
    return {"failed": failure_shown(answer)}


def _outcome_json(outcome: Outcome) -> Json:
    shown = {"errors": outcome.errors, "closed": outcome.closed, "trouble": outcome.trouble}
    return shown | {"form": form_json(outcome.form)}
