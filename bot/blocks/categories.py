"""How people read what an entry stands for, and the state it is in."""

from workflows import categories as c
from workflows.process import Process

_OTHERS = {
    c.WORKAROUND: ("Workaround", ":adhesive_bandage:"),
    c.EVIDENCE: ("Evidence", ":paperclip:"),
    c.CONCERN: ("Concern", ":raising_hand:"),
    c.QUESTION: ("Question", ":question:"),
    c.FILE: ("File", ":page_facing_up:"),
    c.ALERT: ("Alert", ":bell:"),
    c.MEETING: ("Meeting", ":telephone_receiver:"),
}
"""Categories that are no marks of `sitrep.toml`."""

_STATES = {
    c.OPEN: "open",
    c.CONFIRMED: "confirmed",
    c.RULED_OUT: "ruled out",
    c.IN_PLACE: "in place",
    c.REPLACED: "replaced",
    c.NEW: "not reviewed yet",
    c.REVIEWED: "reviewed",
    c.ADDRESSED: "addressed",
    c.WORKED: "worked",
    c.NO_EFFECT: "no effect",
    c.WORSE: "made it worse",
}


def category_name(category: str, process: Process) -> str:
    """What people call it."""
    if category in process.marks or category not in _OTHERS:
        return process.mark_name(category)
    return _OTHERS[category][0]


def category_emoji(category: str, process: Process) -> str:
    """The emoji people know it by: the one its mark is made with."""
    if category in process.marks:
        return f":{process.marks[category].emoji.strip(':')}:"
    return _OTHERS.get(category, ("", ":pushpin:"))[1]


def state_name(state: str) -> str:
    """What people call the state."""
    return _STATES.get(state, state.replace("_", " "))


def kinds_to_add(process: Process) -> list[str]:
    """The categories somebody can choose for an entry of their own: a plain one, the marks, and what is no mark."""
    return list(dict.fromkeys([c.NOTE, *process.marks, c.WORKAROUND, c.EVIDENCE, c.CONCERN]))
