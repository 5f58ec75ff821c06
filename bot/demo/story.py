"""The story of the guide: what people do in it, and how to see in the workspace that it was done, whoever did it."""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import TypeVar
from zoneinfo import ZoneInfo

from sandbox import Sandbox
from sandbox.page.guide import Telling
from sandbox.people.form import Form
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from sandbox.state.model import Channel
from sandbox.travel import next_weekday

T = TypeVar("T")

PATIENCE = 10
"""Seconds that what is played waits for anything to appear."""
NEWEST = 60
"""Messages of a conversation that are looked at for what a step waits for."""
MARK, KEPT = "hammer", "white_check_mark"
QUARTER, LONGEST = 15 * 60, 16
"""Seconds of one press on the clock, and presses after which every severity's first update was promised."""
FOUND = "Rolled the 02:40 deploy back, errors are falling"
ITEM = "Alert on refused cards"


class Story:
    """One incident, from its declaration to the Monday after."""

    def __init__(self, slack: Sandbox) -> None:
        self._slack = slack
        self._ann, self._bo = slack.person("ann"), slack.person("bo")
        self.begin()

    def begin(self) -> None:
        """Only what happens from now on counts, in the channel of the next incident that is declared."""
        self._known = set(self._slack.workspace.channels)
        self._since = f"{self._slack.clock.timestamp():.6f}"

    # What can be seen

    def channel(self) -> str | None:
        """The name of the incident's channel, once there is one."""
        found = self._incident()
        return found.name if found else None

    def bos_messages(self) -> str | None:
        """The name that Bo's direct messages with the app have for him, once he has some."""
        with_app = self._with_app(self._bo)
        return self._bo.screen.name_of(with_app) if with_app else None

    def is_read(self) -> bool:
        """Whether somebody has had the channel with its card in front of them."""
        channel, people = self._incident(), [self._slack.person(name).id for name in self._slack.people()]
        if channel is None or not channel.pins:
            return False
        read = (channel.messages.get(channel.last_read.get(person, "")) for person in people)
        return any(found.ts >= min(channel.pins) and found.subtype != "channel_join" for found in read if found)

    def is_marked(self) -> bool:
        """Whether the app has confirmed a mark."""
        return any(KEPT in seen.reactions for seen in self._said())

    def is_asked_for(self) -> bool:
        """Whether the channel was asked for the update that was promised, unless somebody wrote it before."""
        return self._question() is not None or self.is_informed()

    def is_informed(self) -> bool:
        """Whether an update was published, unless the incident ended without one."""
        return any("Update by @" in seen.text for seen in self._said()) or self.is_resolved()

    def is_resolved(self) -> bool:
        """Whether the incident is."""
        return any("Resolved by @" in seen.text for seen in self._said())

    def is_handed_out(self) -> bool:
        """Whether Bo was given work."""
        return any("has given you ACT-" in seen.text for seen in self._told(self._bo))

    def is_monday(self) -> bool:
        """Whether Bo was told in the morning what he has to do, unless he has done it before."""
        return any(seen.text.startswith("Good morning") for seen in self._told(self._bo)) or self.is_done()

    def is_done(self) -> bool:
        """Whether Bo has finished something he was told of."""
        return any("Done today, says @" in seen.text for seen in self._told(self._bo))

    # What is played

    async def declare(self, tell: Telling) -> None:
        """Ann declares."""
        line = "/incident declare Checkout is down"
        await tell(f"Ann sends `{line}`")
        await self._ann.command(line, channel="general")
        form = await self._ann.form(timeout=PATIENCE)
        await tell("She says who is hit, and how long it can wait: the severity follows")
        await self._fill(form, {"Impact": "Everyone", "Urgency": "Soon"}, tell)
        await self._fill(form, {"What is happening?": "Cards are refused since the 02:40 deploy"}, tell)
        await form.until(lambda shown: "SEV2" in shown.text(), within=PATIENCE)
        await self._submit(form, tell, "Ann presses *Declare*")
        await self._ann.until(self.channel, what="no channel was made for the incident", timeout=PATIENCE)

    async def look(self, tell: Telling) -> None:
        """Ann goes to the channel once its card is there."""
        name = self._name()
        await self._ann.until(lambda: self._ann.pins(name), what="the card was not pinned", timeout=PATIENCE)
        await tell("Ann reads the card")
        await self._ann.reads(name, self._ann.sees(name)[-1].ts)

    async def mark(self, tell: Telling) -> None:
        """Ann says what she did, and marks it."""
        await tell("Ann writes what she did")
        said = await self._ann.types(FOUND, channel=self._name())
        await tell(f"She reacts to it with :{MARK}:")
        await self._ann.reacts(said, MARK)
        await self._ann.until(self.is_marked, what=f"the app did not answer with :{KEPT}:", timeout=PATIENCE)
        await tell(f"Sitrep answers with :{KEPT}:")

    async def miss(self, tell: Telling) -> None:
        """Time passes, a quarter of an hour after the other, until the app asks."""
        for _ in range(LONGEST):
            await tell("A quarter of an hour passes")
            await self._slack.travel.by(QUARTER)
            if self.is_asked_for():
                return

    async def inform(self, tell: Telling) -> None:
        """Ann writes what was promised."""
        form = await self._press(self._ann, "Post update", self._question(), tell)
        await self._fill(form, {"Condition": "Rolled back; card payments go through again. We watch it."}, tell)
        await self._submit(form, tell, "Ann publishes it")

    async def resolve(self, tell: Telling) -> None:
        """Ann says how it was verified, and what stays."""
        card = self._ann.pins(self._name())[0]
        form = await self._press(self._ann, "Resolve", card, tell)
        await self._fill(form, {"How was it verified?": "200 test payments went through"}, tell)
        stays = {"Does a temporary fix stay?": "Yes", "Which one?": "The payment client is held at version 4.1"}
        await self._fill(form, {**stays, "Is anything left to do?": "No"}, tell)
        if "Why need it not be watched first?" in form.labels():
            await self._fill(form, {"Why need it not be watched first?": "It was watched for an hour"}, tell)
        await self._submit(form, tell, "Ann presses *Resolve*")

    async def hand_out(self, tell: Telling) -> None:
        """Ann gives Bo an action item."""
        line = f"/incident action {ITEM} @bo by next tuesday"
        await tell(f"Ann sends `{line}`")
        await self._ann.command(line, channel=self._name())

    async def jump(self, tell: Telling) -> None:
        """It is Monday, nine o'clock where Bo is."""
        await tell("The days until Monday pass")
        zone = ZoneInfo(self._bo.user.tz)
        await self._slack.travel.to(next_weekday(0, time(9), now=self._slack.clock.now(), zone=zone))

    async def finish(self, tell: Telling) -> None:
        """Bo has done it."""
        await tell("Bo presses *Done*")
        with_button = (seen for seen in self._told(self._bo) if "Done" in seen.buttons)
        await self._bo.press("Done", _there(next(with_button, None), "an action item of Bo's"))

    async def _press(self, person: Person, label: str, message: SeenMessage | None, tell: Telling) -> Form:
        await tell(f"{person.name.title()} presses *{label}*")
        await person.press(label, _there(message, label))
        return await person.form(timeout=PATIENCE)

    async def _fill(self, form: Form, answers: Mapping[str, object], tell: Telling) -> None:
        for label, answer in answers.items():
            await form.fill({label: answer})
            await tell(f"{label} {answer}")

    async def _submit(self, form: Form, tell: Telling, words: str) -> None:
        await tell(words)
        outcome = await form.submit()
        if not outcome.ok:
            raise LookupError(f"“{form.title}” was not taken: {outcome.errors or outcome.trouble}")

    # Finding

    def _incident(self) -> Channel | None:
        channels = self._slack.workspace.channels.values()
        return next((one for one in channels if one.name.startswith("inc-") and one.id not in self._known), None)

    def _name(self) -> str:
        return _there(self.channel(), "the incident's channel")

    def _said(self) -> Iterator[SeenMessage]:
        channel = self._incident()
        return self._newest(self._ann, channel) if channel else iter(())

    def _told(self, person: Person) -> Iterator[SeenMessage]:
        channel = self._with_app(person)
        return self._newest(person, channel) if channel else iter(())

    def _with_app(self, person: Person) -> Channel | None:
        workspace = self._slack.workspace
        return workspace.conversations.find_direct([person.id, workspace.bot.id])

    def _newest(self, person: Person, channel: Channel) -> Iterator[SeenMessage]:
        for ts in [*channel.messages][: -NEWEST - 1 : -1]:
            if ts >= self._since:
                yield person.screen.see(channel, channel.messages[ts])

    def _question(self) -> SeenMessage | None:
        return next((seen for seen in self._said() if "Post update" in seen.buttons), None)


def _there(found: T | None, what: str) -> T:
    if found is None:
        raise LookupError(f"{what} is not there")
    return found
