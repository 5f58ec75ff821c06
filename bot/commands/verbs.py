"""The verbs: which function answers each."""

from collections.abc import Awaitable, Callable

from bot.commands.action import on_action, on_task
from bot.commands.actions import on_actions
from bot.commands.adopt import on_adopt
from bot.commands.ask import Ask
from bot.commands.catchup import on_catchup
from bot.commands.declare import on_declare
from bot.commands.facts import on_facts
from bot.commands.help import on_help
from bot.commands.kudos import on_kudos, on_kudos_off, on_kudos_on
from bot.commands.list import on_list
from bot.commands.merge import on_merge
from bot.commands.note import on_concern, on_decision, on_did, on_evidence, on_note, on_theory, on_workaround
from bot.commands.public import on_public
from bot.commands.question import on_ask
from bot.commands.resolve import on_decline, on_reopen, on_resolve
from bot.commands.risk import on_risk, on_risks
from bot.commands.role import on_lead, on_role
from bot.commands.severity import on_severity
from bot.commands.status import on_status
from bot.commands.subscribe import on_subscribe
from bot.commands.theme import on_theme
from bot.commands.timeline import on_timeline
from bot.commands.unsubscribe import on_unsubscribe
from bot.commands.update import on_update
from bot.commands.who import on_who
from storage.tables import Incident

GENERAL: dict[str, Callable[[Ask], Awaitable[None]]] = {
    "declare": on_declare,
    "adopt": on_adopt,
    "list": on_list,
    "actions": on_actions,
    "subscribe": on_subscribe,
    "unsubscribe": on_unsubscribe,
    "theme": on_theme,
    "help": on_help,
}
"""Verbs that need no incident."""

ANYWHERE: dict[tuple[str, str], Callable[[Ask], Awaitable[None]]] = {
    ("risk", ""): on_risks,
    ("kudos", "on"): on_kudos_on,
    ("kudos", "off"): on_kudos_off,
}
"""Verbs about one incident which with this one word are about none."""

ABOUT_ONE: dict[str, Callable[[Ask, Incident], Awaitable[None]]] = {
    "status": on_status,
    "update": on_update,
    "who": on_who,
    "public": on_public,
    "severity": on_severity,
    "lead": on_lead,
    "role": on_role,
    "ask": on_ask,
    "facts": on_facts,
    "action": on_action,
    "task": on_task,
    "note": on_note,
    "did": on_did,
    "decision": on_decision,
    "theory": on_theory,
    "workaround": on_workaround,
    "evidence": on_evidence,
    "concern": on_concern,
    "risk": on_risk,
    "timeline": on_timeline,
    "catchup": on_catchup,
    "resolve": on_resolve,
    "reopen": on_reopen,
    "decline": on_decline,
    "merge": on_merge,
    "kudos": on_kudos,
}
"""Verbs about one incident."""
