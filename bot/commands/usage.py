"""What each verb is for, in the order people need them."""

USAGE: dict[str, tuple[str, str]] = {
    "declare": ("declare [title]", "Something is wrong: open a channel and work on it"),
    "list": ("list [all]", "Incidents you can see"),
    "status": ("status [new status] [why]", "How it stands, or where it goes next"),
    "update": ("update [words]", "Tell people outside the response how it stands"),
    "severity": ("severity [which] [why]", "Say how bad it really is"),
    "lead": ("lead [@someone | nobody]", "Who leads"),
    "role": ("role [which] [@someone | nobody]", "Take a role, give it to somebody, or let go of it"),
    "facts": ("facts", "What is known: who is hit, since when, what set it off"),
    "note": ("note [text]", "Put a fact on the timeline"),
    "did": ("did [containment] [text]", "An action somebody took"),
    "decision": ("decision [text]", "What was decided"),
    "theory": ("theory [text]", "What may be the cause; alone: the theories so far"),
    "workaround": ("workaround [text]", "How people get by; alone: those so far"),
    "evidence": ("evidence [text or link]", "What shows how it was; alone: what there is"),
    "timeline": ("timeline", "What happened, newest first"),
    "resolve": ("resolve", "It is over: say how that was checked"),
    "reopen": ("reopen [why]", "It is not over after all"),
    "decline": ("decline [why]", "In triage: it is not an incident"),
    "merge": ("merge [INC-n] [why]", "In triage: it is part of another incident"),
    "help": ("help", "What can be done here and now"),
}
"""Usage and purpose, by verb."""
