"""What each verb is for: the few that matter most, and all others by what people want."""

from collections.abc import Sequence

from bot.blocks.answers import Usages

USAGE: dict[str, tuple[str, str]] = {
    "declare": ("declare [title]", "Something is wrong: open a channel and work on it"),
    "adopt": ("adopt [title]", "Make this channel an incident's channel, with what was said in it"),
    "list": ("list [all]", "Incidents you can see"),
    "actions": ("actions [here | mine | overdue | @someone | all]", "Action items, with what can be done about them"),
    "status": ("status [new status] [why]", "How it stands, or where it goes next"),
    "update": ("update [words]", "Tell people outside the response how it stands"),
    "who": ("who", "Who was told of it, and how each notice went"),
    "subscribe": ("subscribe [INC-3 | all | sev2 | a type | a service]", "Hear of it by direct message"),
    "unsubscribe": ("unsubscribe", "Hear no more of it"),
    "public": ("public [words]", "Propose a text for people outside"),
    "severity": ("severity [which] [why]", "Say how bad it really is"),
    "lead": ("lead [@someone | nobody]", "Who leads"),
    "role": ("role [which] [@someone | nobody]", "Take a role, give it to somebody, or let go of it"),
    "ask": ("ask @someone question [in 15m | by 14:30]", "Ask somebody, and have it followed up"),
    "facts": ("facts", "What is known: who is hit, since when, what set it off"),
    "action": ("action [text] [@owner] [by friday]", "Work for afterwards, with an owner and a day"),
    "task": ("task [text] [@owner] [by …]", "Work for now, which somebody does"),
    "note": ("note [text]", "Put a fact on the timeline"),
    "did": ("did [containment] [text]", "An action somebody took"),
    "decision": ("decision [text]", "What was decided"),
    "theory": ("theory [text]", "What may be the cause; alone: the theories so far"),
    "workaround": ("workaround [text]", "How people get by; alone: those so far"),
    "evidence": ("evidence [text or link]", "What shows how it was; alone: what there is"),
    "kudos": ("kudos [@someone why] | on | off", "Thank somebody; off: do not thank me in public"),
    "theme": ("theme [name]", "Action items with one aim, and how far they are"),
    "concern": ("concern [text]", "Somebody’s worry about it; alone: those so far"),
    "risk": ("risk [text] [until day]", "Live with a risk for now; alone: those accepted"),
    "timeline": ("timeline", "What happened, newest first"),
    "catchup": ("catchup", "What somebody who comes late needs to know"),
    "resolve": ("resolve", "It is over: say how that was checked"),
    "reopen": ("reopen [why]", "It is not over after all"),
    "decline": ("decline [why]", "In triage: it is not an incident"),
    "merge": ("merge [INC-n] [why]", "In triage: it is part of another incident"),
    "help": ("help", "What can be done here and now"),
}
"""Usage and purpose, by verb."""

FIRST_HERE = ("status", "update", "lead", "task", "resolve")
"""What somebody looks for in an incident's channel at three in the morning."""
FIRST_OUTSIDE = ("declare", "list", "actions", "adopt", "subscribe")
GROUPS = {
    "Steer it": ("status", "severity", "lead", "role", "ask", "facts", "catchup", "resolve", "reopen"),
    "Tell people": ("update", "who", "public", "subscribe", "unsubscribe"),
    "Get it done": ("task", "action", "actions", "risk", "theme", "kudos"),
    "Write it down": ("note", "did", "decision", "theory", "workaround", "evidence", "concern", "timeline"),
    "Begin, or not": ("declare", "adopt", "list", "merge", "decline", "help"),
}


def usages(first: Sequence[str]) -> Usages:
    """Usage and purpose by heading: these verbs first, then the others in their groups."""
    groups = {"First": first} | {name: [verb for verb in verbs if verb not in first] for name, verbs in GROUPS.items()}
    return [(name, [USAGE[verb] for verb in verbs]) for name, verbs in groups.items()]
