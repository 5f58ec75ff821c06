"""The digests of action items, for everybody: by name, but nobody is notified, and nobody is ranked."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from slack_sdk.models.blocks import Block, HeaderBlock

from bot.blocks.answers import Answer
from bot.blocks.items import day_words
from bot.blocks.parts import section, small
from bot.blocks.text import clip, escape, mention, plural
from bot.blocks.themes import theme_counts
from storage.tables import ActionItem, TimelineEntry
from workflows.digest_contents import MonthlyDigest, TrendReport, WeeklyDigest, said
from workflows.digest_numbers import MonthNumbers, Rise, TeamLoad, by_team
from workflows.process import Process
from workflows.themes import RollUp

TITLE_LIMIT, NAME_LIMIT, WHY_LIMIT, AIM_LIMIT = 80, 25, 100, 60
MOST_NAMED, MOST_TEAMS, MOST_KUDOS = 12, 12, 6
"""With these all parts together stay below the 10,000 characters of blocks that Slack is seen to refuse."""
LATE = "This comes late: I was away when it was due."
_PERSON = re.compile(r"\{@([UW][A-Z0-9]+)\}")


def weekly_digest(digest: WeeklyDigest, members: Mapping[str, Sequence[str]], *, process: Process) -> Answer:
    """What is overdue, due and done, the oldest, each team's share, proposals, thanks and themes."""
    loads = digest.loads
    overdue, still_open = sum(load.overdue for load in loads), sum(load.open for load in loads)
    text = f"Action items: {still_open} open, {overdue} overdue"
    parts = [
        _part("Overdue", overdue, [_line(item, digest) for item in digest.overdue]),
        _part("Due this week", sum(load.due for load in loads), [_line(item, digest) for item in digest.due]),
        _done(digest),
        _part("Oldest open", len(digest.oldest), [_old(item, digest) for item in digest.oldest]),
        _teams(by_team(loads, members), process) if members else "",
        _part(
            "Proposed changes to how we work",
            sum(load.proposals for load in loads),
            [_line(item, digest, of=item.proposal) for item in digest.proposals],
        ),
        _part("Kudos", len(digest.kudos), [_kudos(entry, digest) for entry in digest.kudos[:MOST_KUDOS]]),
        _part("Themes", len(digest.themes), [_theme(one, digest) for one in digest.themes]),
    ]
    return text, [*_head("Action items this week", text, late=digest.late), *map(section, filter(None, parts))]


def _head(title: str, text: str, *, late: bool) -> list[Block]:
    return [HeaderBlock(text=title), small(f"{text}. {LATE}" if late else text)]


def _part(title: str, count: int, lines: Sequence[str]) -> str:
    """A heading with how many there are, and the first of them; nothing where there is none."""
    if not lines:
        return ""
    more = [f"and {count - len(lines)} more"] if count > len(lines) else []
    return "\n".join([f"*{title}* ({count})", *(f"• {line}" for line in lines), *more])


def _line(item: ActionItem, digest: WeeklyDigest, *, of: str | None = None) -> str:
    due = f"due {day_words(item.due_on, today=digest.today)}" if item.due_on else "no date"
    sort = f" ({of})" if of else ""
    return f"{_title(item)}{sort} · {_name(item.owner, digest)} · {due} · INC-{item.incident_id}"


def _title(item: ActionItem) -> str:
    return f"*{item.ref}* {_short(item.title, TITLE_LIMIT)}"


def _name(user_id: str, digest: WeeklyDigest) -> str:
    """Their name, which notifies nobody; only whom nobody has looked up yet is a mention."""
    person = digest.people.get(user_id)
    return _short(person.name, NAME_LIMIT) if person else mention(user_id)


def _short(words: str, limit: int) -> str:
    """What people typed, on one line of ours."""
    return clip(escape(" ".join(words.split())), limit)


def _old(item: ActionItem, digest: WeeklyDigest) -> str:
    days = (digest.until - item.created_at).days
    return f"{_title(item)} · {_name(item.owner, digest)} · open for {plural(days, 'day')} · INC-{item.incident_id}"


def _done(digest: WeeklyDigest) -> str:
    """What was done, with thanks by name; who asked not to be thanked in public is counted."""
    lines = [
        f"{_title(item)}{f' · {_name(item.owner, digest)}' if digest.likes_praise(item.owner) else ''}"
        for item in digest.done
    ]
    title = f"Done since {day_words(digest.since, today=digest.today)}"
    listed = _part(title, sum(load.done for load in digest.loads), lines)
    return f"{listed}\n{_thanks(digest)}" if listed else ""


def _thanks(digest: WeeklyDigest) -> str:
    doers = [load.owner for load in digest.loads if load.done]
    named = sorted(_name(one, digest) for one in doers if digest.likes_praise(one))[:MOST_NAMED]
    if not named:
        return ":tada: Thank you!"
    others = len(doers) - len(named)
    return f":tada: Thank you, {_and([*named, *([plural(others, 'other')] if others else [])])}!"


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _teams(loads: Sequence[TeamLoad], process: Process) -> str:
    names = {key: escape(team.name) for key, team in process.teams.items()}
    lines = [
        f"• {names[load.key] if load.key else 'No team'}: {load.open} open, {load.overdue} overdue, {load.done} done"
        for load in loads
    ]
    more = [f"and {len(lines) - MOST_TEAMS} more"] if len(lines) > MOST_TEAMS else []
    return "\n".join(["*By team*", *lines[:MOST_TEAMS], *more]) if lines else ""


def _kudos(entry: TimelineEntry, digest: WeeklyDigest) -> str:
    why = _PERSON.sub(lambda match: _name(match.group(1), digest), escape(" ".join(said(entry).split())))
    to = _name(entry.data["to"], digest)
    return f"{to}, from {_name(entry.by, digest)}: {clip(why, WHY_LIMIT)} · INC-{entry.incident_id}"


def _theme(one: RollUp, digest: WeeklyDigest) -> str:
    aim = f": {_short(one.theme.aim, AIM_LIMIT)}" if one.theme.aim else ""
    name = f"*{_short(one.theme.name, AIM_LIMIT)}*{aim}"
    return f"{name} · {_name(one.theme.owner, digest)} · {theme_counts(one)}"


def monthly_digest(digest: MonthlyDigest) -> Answer:
    """A month in figures, beside the month before."""
    now, before = digest.numbers, digest.before
    title = f"Action items in {digest.month.first:%B %Y}"
    text = f"{title}: {now.made} made, {now.done} done, {now.verified} verified"
    lines = [
        f"Made *{now.made}* ({before.made} the month before), done *{now.done}* ({before.done}), "
        f"verified *{now.verified}* ({before.verified})",
        _rates(now, before),
        *_age(now, before),
        f"Open now: *{now.open}*" + (f", for *{_days(now.days_open)}* in the median" if now.open else ""),
    ]
    kinds = [f"• {kind.capitalize()}: {made} made, {done} done" for kind, (made, done) in now.by_kind.items()]
    parts = ["\n".join(lines), "\n".join(["*By kind*", *kinds]) if kinds else ""]
    return text, [*_head(title, "Work for after the incidents", late=digest.late), *map(section, filter(None, parts))]


def _rates(now: MonthNumbers, before: MonthNumbers) -> str:
    if now.completion_rate is None or now.breach_rate is None:
        return "Nothing was due"
    return (
        f"Of {plural(now.due, 'item')} due, *{_percent(now.completion_rate)}* done by the end of the month "
        f"({_percent(before.completion_rate)} the month before), *{_percent(now.breach_rate)}* not on time "
        f"({_percent(before.breach_rate)})"
    )


def _age(now: MonthNumbers, before: MonthNumbers) -> list[str]:
    if now.days_to_done is None:
        return []
    return [f"Age when done: *{_days(now.days_to_done)}* ({_days(before.days_to_done)} the month before), the median"]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _days(days: float | None) -> str:
    return "–" if days is None else "1 day" if days == 1 else f"{days:g} days"


def trend_report(report: TrendReport, *, process: Process) -> Answer:
    """What rose in a quarter, and what can be done about it."""
    title = f"What rose in {_quarter(report.quarter)}"
    lines = [f"• {_rise(rise, process)}" for rise in report.rises[:20]]
    text = f"{title}: {plural(len(report.rises), 'sort')} of incident"
    rule = "At least three incidents, and at least twice as many as in the quarter before."
    advice = "A theme gathers the work on one of them: `/incident theme`."
    return text, [*_head(title, rule, late=report.late), section("\n".join(lines)), small(advice)]


def _quarter(first: date) -> str:
    return f"the {('first', 'second', 'third', 'fourth')[first.month // 3]} quarter of {first.year}"


def _rise(rise: Rise, process: Process) -> str:
    value = _short(rise.value, TITLE_LIMIT)
    if rise.sort == "type":
        kind = process.types.get(rise.value)
        value = f"of type {_short(kind.name, NAME_LIMIT) if kind else value}"
    elif rise.sort == "trigger":
        value = f"set off by “{value}”"
    return f"*{value}*: {plural(rise.now, 'incident')}, {rise.before} in the quarter before"
