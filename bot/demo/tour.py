"""The tour: one incident from declaration to the week after, printed as each person sees it.

Everything goes over the wire: what people do reaches the bot as Slack would send it, and what they see is what the
bot has posted through Slack's Web API.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel

from bot.demo.screen import Screen
from sandbox import Sandbox, SlackError
from sandbox.people.form import Form
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from sandbox.travel import next_weekday

PATIENCE = 10
"""Seconds the tour waits for anything to appear."""
HEADSTART = timedelta(hours=12)
"""Before Bo's Monday morning, so that the digest's, hours earlier, is still to come."""
ACTION_MARK, KEPT = "hammer", "white_check_mark"


class Tour:
    """One playing of the tour."""

    def __init__(self, slack: Sandbox, console: Console) -> None:
        self._slack = slack
        self._screen = Screen(console)
        self._ann, self._bo, self._chidi, self._dee = (slack.person(name) for name in ("ann", "bo", "chidi", "dee"))
        self._channel = ""

    @property
    def panels(self) -> list[Panel]:
        """What it has shown."""
        return self._screen.panels

    async def play(self, *, after: Callable[[str], Awaitable[None]] | None = None) -> bool:
        """Play it; whether everything went as Slack and the story would have it. `after` hears of each step's end."""
        try:
            for step in self._steps():
                await step()
                if after is not None:
                    await after(step.__name__.strip("_"))
        except (AssertionError, LookupError, TimeoutError, SlackError, TourStuck) as fault:
            self._screen.console.print(f"[red]The tour is stuck: {escape(str(fault))}[/red]")
            return False
        complaints = self._slack.complaints
        for complaint in complaints:
            self._screen.console.print(f"[red]Slack would have complained: {escape(complaint)}[/red]")
        if not complaints:
            self._screen.tell("That was it: one command to begin with, and the record has written itself.")
        return not complaints

    def _steps(self) -> list[Callable[[], Awaitable[None]]]:
        return [
            self._declare,
            self._arrive,
            self._take_roles,
            self._work,
            self._inform,
            self._keep_the_promise,
            self._resolve,
            self._look_back,
            self._follow_up,
            self._next_monday,
        ]

    async def _declare(self) -> None:
        self._screen.tell("Checkout fails, and Ann has seen it. She types one command.")
        form = await self._asks(self._ann, "/incident declare Checkout is down", "general")
        self._screen.show_form(self._ann, form)
        self._screen.tell("She picks impact and urgency; the form shows at once what they make of it.")
        form = await form.fill({"Impact": "Everyone"})
        form = await form.until(lambda shown: "SEV1" in shown.text(), within=PATIENCE)
        form = await form.fill({"Urgency": "Soon"})
        form = await form.until(lambda shown: "SEV2" in shown.text(), within=PATIENCE)
        form = await form.fill(
            {"What is happening?": "Cards are refused since the 02:40 deploy", "Services": "checkout"}
        )
        self._screen.show_form(self._ann, form)
        await self._submit(self._ann, form)

    async def _arrive(self) -> None:
        self._channel = await self._ann.wait_for_channel("inc-1", timeout=PATIENCE)
        await self._ann.wait_for(self._channel, containing="Take a role", timeout=PATIENCE)
        await self._ann.until(lambda: self._ann.pins(self._channel), timeout=PATIENCE)
        self._screen.tell(
            "Before she has switched to it, the channel is there, with her in it and a pinned card at its top."
        )
        self._screen.show_new(self._ann, self._channel)
        await self._ann.wait_for("general", containing="INC-1", timeout=PATIENCE)
        self._screen.tell("Where she typed, only she reads where to go. Everybody else reads the digest.")
        self._screen.show_new(self._ann, "general")
        await self._bo.wait_for_channel("incidents", timeout=PATIENCE)
        await self._bo.joins("incidents")
        await self._bo.wait_for("incidents", containing="INC-1", timeout=PATIENCE)
        self._screen.show_new(self._bo, "incidents")

    async def _take_roles(self) -> None:
        self._screen.tell("Bo and Dee come in, and both take Operations at the same moment.")
        people = (self._bo, self._dee)
        for person in people:
            await person.joins(self._channel)
        forms = [await self._presses(person, "Take a role") for person in people]
        for form in forms:
            await form.fill({"Role": "Operations"})
        outcomes = await asyncio.gather(*(form.submit() for form in forms))
        late = 0 if outcomes[0].errors else 1
        self._screen.tell("One of them gets it. The other is told, and takes something else.")
        self._screen.show_errors(f"{people[late].name} reads at the field", outcomes[late])
        await forms[late].fill({"Role": "Communications"})
        await self._submit(people[late], forms[late])
        await self._ann.until(lambda: f"Communications: @{people[late].name}" in self._card().text, timeout=PATIENCE)
        self._screen.show_new(self._ann, self._channel)

    async def _work(self) -> None:
        self._screen.tell(
            "They work, and talk as always. A reaction puts what was said on the timeline, with its own time."
        )
        await self._says(self._bo, "/incident status investigating")
        done = await self._types(self._bo, "Rolled the 02:40 deploy back, errors are falling")
        self._screen.console.print(f"[bold cyan]ann[/bold cyan] reacts with :{ACTION_MARK}:")
        await self._ann.reacts(done, ACTION_MARK)
        await self._ann.until(lambda: KEPT in self._reactions(done), timeout=PATIENCE)
        self._screen.console.print(f"  [dim]and sitrep answers with[/dim] :{KEPT}:")
        await self._says(self._bo, "/incident workaround PayPal still works")
        await self._says(self._ann, "/incident severity sev3 because PayPal still works")
        await self._ann.wait_for(self._channel, containing="Severity lowered", timeout=PATIENCE)
        await self._ann.until(lambda: {"SEV3", "PayPal"} <= set(self._card().text.split()), timeout=PATIENCE)
        self._screen.show_new(self._ann, self._channel)

    async def _inform(self) -> None:
        self._screen.tell(
            "Chidi, outside, wants to hear of it. Dee tells everybody outside, and promises when they hear more."
        )
        await self._chidi.joins("incidents")
        await self._press(self._chidi, "Subscribe", await self._chidi.wait_for("incidents", containing="INC-1"))
        form = await self._presses(self._dee, "Update")
        await form.fill(
            {
                "Condition": "Card payments fail, PayPal works. We are rolling back.",
                "New status": "Mitigating",
                "Next update in": "30 minutes",
            }
        )
        self._screen.show_form(self._dee, form)
        await self._submit(self._dee, form)
        await self._ann.wait_for(self._channel, containing="next update by", timeout=PATIENCE)
        await self._bo.until(lambda: "Mitigating" in self._digest().text, timeout=PATIENCE)
        await self._chidi.until(
            lambda: any("Card payments" in seen.text for seen in self._chidi.dm()), timeout=PATIENCE
        )
        self._screen.show_new(self._ann, self._channel)
        self._screen.show_messages(self._chidi, "in their direct messages", self._chidi.dm())

    async def _keep_the_promise(self) -> None:
        self._screen.tell(
            "25 minutes later nobody has written again, so the channel is asked. A reply is a draft of the update."
        )
        await self._slack.travel.by(timedelta(minutes=25).total_seconds())
        asked = await self._dee.wait_for(self._channel, containing="The next update is promised", timeout=PATIENCE)
        self._screen.show_new(self._ann, self._channel)
        await self._types(self._dee, "Rolled back; card payments go through again. We watch it.", thread=asked)
        await self._dee.until(lambda: self._draft(asked), timeout=PATIENCE)
        await self._press(self._dee, "Publish", self._draft(asked)[0])
        await self._ann.until(lambda: "go through again" in self._card().text, timeout=PATIENCE)
        self._screen.show_new(self._ann, self._channel)

    async def _resolve(self) -> None:
        await self._says(self._bo, "/incident status monitoring")
        await self._ann.until(lambda: "Monitoring" in self._card().text, timeout=PATIENCE)
        self._screen.tell("It looks good. Resolved is a gate: Ann is asked how it was checked, and what stays.")
        form = await self._presses(self._ann, "Resolve")
        await form.fill(
            {
                "How was it verified?": "200 test payments went through; error rate is back at 0.1 %",
                "Does a temporary fix stay?": "Yes",
                "Is anything left to do?": "No",
            }
        )
        outcome = await form.submit()
        self._screen.show_errors("ann reads at the field", outcome)
        await form.fill({"Which one?": "The payment client is held at version 4.1"})
        await self._submit(self._ann, form)
        await self._ann.wait_for(self._channel, containing="Resolved", timeout=PATIENCE)
        await self._bo.until(lambda: "Resolved" in self._digest().text, timeout=PATIENCE)
        self._screen.show_new(self._ann, self._channel)

    async def _look_back(self) -> None:
        self._screen.tell("The timeline has written itself:")
        self._screen.say(self._ann, "/incident timeline", self._channel)
        await self._ann.command("/incident timeline", channel=self._channel)
        form = await self._ann.form(timeout=PATIENCE)
        self._screen.show_form(self._ann, form)
        await form.close()
        self._screen.tell("What everybody else has in front of them now:")
        self._screen.show_new(self._bo, "incidents")

    async def _follow_up(self) -> None:
        self._screen.tell("What is left to do becomes action items: a line each, with an owner and a day.")
        day = self._monday() + timedelta(days=2)
        for owner, words in ((self._bo, "Alert on refused cards"), (self._dee, "Write down how to roll back")):
            await self._says(self._ann, f"/incident action {words} @{owner.name} by {day.day} {day:%b}")
            await self._hears(owner, words)
            self._screen.show_messages(owner, "in their direct messages", owner.dm()[-1:])
        self._screen.tell("The buttons settle the matter there and then. Dee has written it down already.")
        await self._press(self._dee, "Done", self._dee.dm()[-1])
        await self._dee.until(lambda: "Done" in self._dee.dm()[-1].text.split("[")[0], timeout=PATIENCE)
        self._screen.show_messages(self._dee, "in their direct messages", self._dee.dm()[-1:])

    async def _next_monday(self) -> None:
        self._screen.tell("The workspace's clock can be moved: it is next Monday, nine o'clock where Bo is.")
        await self._slack.travel.to(self._monday())
        await self._hears(self._bo, "Good morning")
        self._screen.show_messages(self._bo, "in their direct messages", self._bo.dm()[-1:])
        self._screen.tell("And everybody reads how the work stands:")
        await self._bo.wait_for("incidents", containing="Action items this week", timeout=PATIENCE)
        self._screen.show_new(self._bo, "incidents")

    def _monday(self) -> datetime:
        """Nine on Bo's next Monday, where everybody else's has not begun before we got there."""
        now, zone = self._slack.clock.now(), ZoneInfo(self._bo.user.tz)
        return next_weekday(0, time(9), now=now + HEADSTART, zone=zone)

    async def _hears(self, person: Person, words: str) -> None:
        """Wait until the newest direct message says so."""
        await person.until(lambda: bool(person.dm()) and words in person.dm()[-1].text, timeout=PATIENCE)

    # What people do

    async def _asks(self, person: Person, line: str, channel: str) -> Form:
        self._screen.say(person, line, channel)
        await person.command(line, channel=channel)
        return await person.form(timeout=PATIENCE)

    async def _says(self, person: Person, line: str) -> None:
        self._screen.say(person, line, self._channel)
        reply = await person.command(line, channel=self._channel)
        if reply.text:
            self._screen.console.print(Padding(f"[dim]only {person.name} reads:[/dim] {escape(reply.text)}", (0, 2)))

    async def _types(self, person: Person, words: str, *, thread: SeenMessage | None = None) -> SeenMessage:
        where = "in its thread" if thread else f"in #{self._channel}"
        self._screen.console.print(f"[bold cyan]{person.name}[/bold cyan] {where}: {escape(words)}")
        return await person.types(words, channel=self._channel, thread=thread)

    async def _press(self, person: Person, label: str, message: SeenMessage) -> None:
        self._screen.console.print(f"[bold cyan]{person.name}[/bold cyan] presses [reverse] {label} [/reverse]")
        await person.press(label, message)

    async def _presses(self, person: Person, label: str) -> Form:
        await self._press(person, label, person.pins(self._channel)[0])
        return await person.form(timeout=PATIENCE)

    async def _submit(self, person: Person, form: Form) -> None:
        outcome = await form.submit()
        if not outcome.ok:
            raise TourStuck(f"{person.name} could not submit “{form.title}”: {outcome}")

    # What they look at

    def _card(self) -> SeenMessage:
        return self._ann.pins(self._channel)[0]

    def _digest(self) -> SeenMessage:
        entry = self._bo.finds("incidents", "INC-1")
        if entry is None:
            raise TourStuck("the digest entry is gone")
        return entry

    def _reactions(self, message: SeenMessage) -> Collection[str]:
        seen = self._ann.finds(self._channel, message.text)
        return seen.reactions if seen else ()

    def _draft(self, asked: SeenMessage) -> list[SeenMessage]:
        return [reply for reply in asked.replies() if "Publish" in reply.buttons]


class TourStuck(Exception):
    """The story could not go on."""
