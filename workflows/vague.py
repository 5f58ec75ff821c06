"""Titles of action items that nobody could ever tick off. No I/O."""

import re

HOW_SEEN = "How would somebody see that it is done?"
WHAT_DONE = "What will somebody do? A title that begins with a verb says it."

_NO_END = (
    *("improve", "look into", "look at", "investigate", "think about", "think of", "consider", "explore", "revisit"),
    *("discuss", "talk about", "work on", "deal with", "handle", "address", "optimi[sz]e", "enhance", "harden", "tune"),
    *(
        "follow up",
        "be more",
        "be less",
        "be careful",
        "pay attention",
        "keep an eye",
        "make sure",
        "try to",
        "try and",
    ),
    *("take care", "clean up", "figure out", "understand", "analy[sz]e", "research", "evaluate", "raise awareness"),
    *("get better", "do better", "learn", "watch", "strengthen", "streamline", "rethink", "reconsider", "brainstorm"),
)
"""Verbs whose end nobody can see."""
_ENDLESS = re.compile(rf"(?:we (?:should|must|need to) |need to |please |to )?(?:{'|'.join(_NO_END)})\b")
_WISH = re.compile(r"(?:better|more|less|fewer|faster|improved|stronger|clearer|proper|good|tbd|todo|tba)\b")
_NO_OBJECT = re.compile(
    r"(?:please )?(?:review|check|fix|update|document|test|monitor|change|refactor|verify|communicate|fix up)"
    r"(?: (?:it|this|that|these|things?|everything|stuff|all|again|more|better"
    r"|the (?:issue|problem|thing|code|process)))*"
)
_EMOJI = re.compile(r":[a-z0-9_+'-]+:")
_WHO_OR_WHAT = re.compile(
    r"(?:the|an?|no|new|missing|lack of|we|they|you|i|it|there|this|that|someone|somebody|everybody|maybe|perhaps"
    r"|should|must|needs?|why|how|what|when)\b"
)
_SEEN = re.compile(
    r"\d|\bso that\b|\buntil\b|\bsuch that\b"
    r"|\b(?:and|then|to|by) (?:adding|add|alert|agree|automat|block|change|decide|delet|document|fail|fix|list|mov|page"
    r"|post|publish|remov|replac|report|set|shar|show|switch|tell|turn|write|writing)"
)
"""What lets somebody see the end after all: a number, a purpose, a second verb that leaves something behind."""


def question_about(title: str) -> str | None:
    """What to ask whoever wrote this title; nothing where it says what is to be done."""
    if not any(letter.isalnum() for letter in _EMOJI.sub("", title.lower())):
        return WHAT_DONE if title.strip() else None
    plain = " ".join(title.lower().split()).strip(" .!?:;,-–—*_\"“”'")
    if _NO_OBJECT.fullmatch(plain) or ((_ENDLESS.match(plain) or _WISH.match(plain)) and not _SEEN.search(plain)):
        return HOW_SEEN
    if (plain.isalpha() and plain.isascii()) or _WHO_OR_WHAT.match(plain):
        return WHAT_DONE
    return None
