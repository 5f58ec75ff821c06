"""What somebody can do on the page: each deed takes a JSON body and gives JSON back.

Unlike the control API, which knows things by the words that people read, the page names what it shows by its ids.
"""

from collections.abc import Awaitable, Callable

from sandbox.people.commands import Reply
from sandbox.people.form import Outcome
from sandbox.people.inputs import rich_text
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from sandbox.people.world import failure_shown
from sandbox.state.model import Json

Deed = Callable[[Person, Json], Awaitable[Json]]


async def _types(person: Person, body: Json) -> Json:
    thread = person.screen.at(body["channel"], body["thread_ts"]) if body.get("thread_ts") else None
    broadcast = bool(body.get("broadcast"))
    return {"ts": (await person.types(body["text"], channel=body["channel"], thread=thread, broadcast=broadcast)).ts}


async def _command(person: Person, body: Json) -> Json:
    return _reply(await person.command(body["line"], channel=body["channel"]))


async def _shortcut(person: Person, body: Json) -> Json:
    return _reply(await person.shortcut(body["name"]))


async def _message_shortcut(person: Person, body: Json) -> Json:
    return _reply(await person.message_shortcut(body["name"], _message(person, body)))


async def _edits(person: Person, body: Json) -> Json:
    await person.edits(_message(person, body), body["text"])
    return {}


async def _deletes(person: Person, body: Json) -> Json:
    await person.deletes(_message(person, body))
    return {}


async def _dismisses(person: Person, body: Json) -> Json:
    await person.dismisses(_message(person, body))
    return {}


async def _reacts(person: Person, body: Json) -> Json:
    await person.reacts(_message(person, body), body["emoji"])
    return {}


async def _unreacts(person: Person, body: Json) -> Json:
    await person.unreacts(_message(person, body), body["emoji"])
    return {}


async def _pins(person: Person, body: Json) -> Json:
    await person.pins_message(_message(person, body))
    return {}


async def _unpins(person: Person, body: Json) -> Json:
    await person.unpins_message(_message(person, body))
    return {}


async def _reads(person: Person, body: Json) -> Json:
    await person.reads(body["channel"], body["ts"])
    return {}


async def _creates(person: Person, body: Json) -> Json:
    await person.creates(body["name"], private=bool(body.get("private")))
    return {"channel": person.screen.channel(body["name"]).id}


async def _opens(person: Person, body: Json) -> Json:
    return {"channel": await person.opens_direct(body["users"])}


async def _joins(person: Person, body: Json) -> Json:
    await person.joins(body["channel"])
    return {}


async def _leaves(person: Person, body: Json) -> Json:
    await person.leaves(body["channel"])
    return {}


async def _invites(person: Person, body: Json) -> Json:
    await person.invites(body["name"], body["channel"])
    return {}


async def _removes(person: Person, body: Json) -> Json:
    await person.removes(body["name"], body["channel"])
    return {}


async def _renames(person: Person, body: Json) -> Json:
    await person.renames(body["channel"], body["name"])
    return {}


async def _sets_topic(person: Person, body: Json) -> Json:
    await person.sets_topic(body["channel"], body["topic"])
    return {}


async def _archives(person: Person, body: Json) -> Json:
    await person.archives(body["channel"])
    return {}


async def _unarchives(person: Person, body: Json) -> Json:
    await person.unarchives(body["channel"])
    return {}


async def _opens_home(person: Person, body: Json) -> Json:
    await person.opens_home(body.get("tab", "home"))
    return {}


async def _changes_profile(person: Person, body: Json) -> Json:
    await person.changes_profile(**{name: str(body[name]) for name in ("real_name", "title", "tz") if name in body})
    return {}


# Elements. `place` is {channel, ts} or {view_id}; values are those of Slack's `state.values`, but for rich text that
# was typed: its rich_text_value is {"typed": words}.


async def _uses(person: Person, body: Json) -> Json:
    """Press or choose: {…place, block_id, action_id, value, values?}; `value` is what the element's type reports."""
    ids, value = (body["block_id"], body["action_id"]), _composed(body.get("value") or {})
    if "view_id" in body:
        form = person.view(body["view_id"])
        form.put(_values(body))
        return {"failed": failure_shown(await form.use(*ids, value))}
    controls = person.controls(_message(person, body))
    controls.put(_values(body))
    return _reply(await controls.use(*ids, value))


async def _asks(person: Person, body: Json) -> Json:
    """What an external select offers for what was typed: {…place, block_id, action_id, typed, values?}."""
    if "view_id" in body:
        form = person.view(body["view_id"])
        form.put(_values(body))
        return await form.offers(body["block_id"], body["action_id"], body["typed"])
    return await person.controls(_message(person, body)).offers(body["block_id"], body["action_id"], body["typed"])


async def _submits(person: Person, body: Json) -> Json:
    """Send a modal: {view_id, values}; errors come back by block_id."""
    form = person.view(body["view_id"])
    form.put(_values(body))
    return _outcome(await form.submit())


async def _closes(person: Person, body: Json) -> Json:
    """Close a modal, or all of them: {view_id, all?, values?}."""
    form = person.view(body["view_id"])
    form.put(_values(body))
    await form.close(all_of_them=bool(body.get("all")))
    return {}


DEEDS: dict[str, Deed] = {
    "types": _types,
    "command": _command,
    "shortcut": _shortcut,
    "message_shortcut": _message_shortcut,
    "edits": _edits,
    "deletes": _deletes,
    "dismisses": _dismisses,
    "reacts": _reacts,
    "unreacts": _unreacts,
    "pins": _pins,
    "unpins": _unpins,
    "reads": _reads,
    "creates": _creates,
    "opens": _opens,
    "joins": _joins,
    "leaves": _leaves,
    "invites": _invites,
    "removes": _removes,
    "renames": _renames,
    "sets_topic": _sets_topic,
    "archives": _archives,
    "unarchives": _unarchives,
    "opens_home": _opens_home,
    "changes_profile": _changes_profile,
    "uses": _uses,
    "asks": _asks,
    "submits": _submits,
    "closes": _closes,
}


def _message(person: Person, body: Json) -> SeenMessage:
    return person.screen.at(body["channel"], body["ts"])


def _values(body: Json) -> Json:
    values: Json = body.get("values") or {}
    return {block: {action: _composed(held) for action, held in actions.items()} for block, actions in values.items()}


def _composed(held: Json) -> Json:
    """A value with the block that Slack's field makes of typed words."""
    rich = held.get("rich_text_value")
    if isinstance(rich, dict) and "typed" in rich:
        return held | {"rich_text_value": rich_text(str(rich["typed"]))}
    return held


def _reply(reply: Reply) -> Json:
    return {"failed": reply.failed}


def _outcome(outcome: Outcome) -> Json:
    return {"errors": outcome.errors_by_block, "trouble": outcome.trouble, "closed": outcome.closed}
