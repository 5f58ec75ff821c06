"""The tour: one incident from declaration to resolution, printed as each person sees it.

Everything goes over the wire: what people do reaches the bot as Slack would send it, and what they see is what the
bot has posted through Slack's Web API.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel

from sandbox import Sandbox, SlackError
from sandbox.people.form import Form, Outcome
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage

PATIENCE = 10
"""Seconds the tour waits for anything to appear."""
ACTION_MARK, KEPT = "hammer", "white_check_mark"


class Tour:
    """One playing of the tour."""

    def __init__(self, slack: Sandbox, console: Console) -> None:
        self._slack = slack
        self._console = console
        self._shown: set[tuple[str, str, str]] = set()
        self._ann, self._bo, self._chidi, self._dee = (slack.person(name) for name in ("ann", "bo", "chidi", "dee"))
        self._channel = ""
        self.panels: list[Panel] = []

    async def play(self) -> bool:
        """Play it; whether everything went as Slack and the story would have it."""
        try:
            for step in self._steps():
                await step()
        except (AssertionError, LookupError, TimeoutError, SlackError, TourStuck) as fault:
            self._console.print(f"[red]The tour is stuck: {escape(str(fault))}[/red]")
            return False
        complaints = self._slack.complaints
        for complaint in complaints:
            self._console.print(f"[red]Slack would have complained: {escape(complaint)}[/red]")
        if not complaints:
            self._tell("That was it: one command to begin with, and the record has written itself.")
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
        ]

    async def _declare(self) -> None:
        self._tell("Checkout fails, and Ann has seen it. She types one command.")
        form = await self._asks(self._ann, "/incident declare Checkout is down", "general")
        self._show_form(self._ann, form)
        self._tell("She picks impact and urgency; the form shows at once what they make of it.")
        form = await form.fill({"Impact": "Everyone"})
        form = await form.until(lambda shown: "SEV1" in shown.text(), within=PATIENCE)
        form = await form.fill({"Urgency": "Soon"})
        form = await form.until(lambda shown: "SEV2" in shown.text(), within=PATIENCE)
        form = await form.fill(
            {"What is happening?": "Cards are refused since the 02:40 deploy", "Services": "checkout"}
        )
        self._show_form(self._ann, form)
        await self._submit(self._ann, form)

    async def _arrive(self) -> None:
        self._channel = await self._ann.wait_for_channel("inc-1", timeout=PATIENCE)
        await self._ann.wait_for(self._channel, containing="Take a role", timeout=PATIENCE)
        await self._ann.until(lambda: self._ann.pins(self._channel), timeout=PATIENCE)
        self._tell("Before she has switched to it, the channel is there, with her in it and a pinned card at its top.")
        self._show_new(self._ann, self._channel)
        await self._ann.wait_for("general", containing="INC-1", timeout=PATIENCE)
        self._tell("Where she typed, only she reads where to go. Everybody else reads the digest.")
        self._show_new(self._ann, "general")
        await self._bo.joins("incidents")
        await self._bo.wait_for("incidents", containing="INC-1", timeout=PATIENCE)
        self._show_new(self._bo, "incidents")

    async def _take_roles(self) -> None:
        self._tell("Bo and Dee come in, and both take Operations at the same moment.")
        people = (self._bo, self._dee)
        for person in people:
            await person.joins(self._channel)
        forms = [await self._presses(person, "Take a role") for person in people]
        for form in forms:
            await form.fill({"Role": "Operations"})
        outcomes = await asyncio.gather(*(form.submit() for form in forms))
        late = 0 if outcomes[0].errors else 1
        self._tell("One of them gets it. The other is told, and takes something else.")
        self._show_errors(f"{people[late].name} reads at the field", outcomes[late])
        await forms[late].fill({"Role": "Communications"})
        await self._submit(people[late], forms[late])
        await self._ann.until(lambda: f"Communications: @{people[late].name}" in self._card().text, timeout=PATIENCE)
        self._show_new(self._ann, self._channel)

    async def _work(self) -> None:
        self._tell("They work, and talk as always. A reaction puts what was said on the timeline, with its own time.")
        await self._says(self._bo, "/incident status investigating")
        done = await self._types(self._bo, "Rolled the 02:40 deploy back, errors are falling")
        self._console.print(f"[bold cyan]ann[/bold cyan] reacts with :{ACTION_MARK}:")
        await self._ann.reacts(done, ACTION_MARK)
        await self._ann.until(lambda: KEPT in self._reactions(done), timeout=PATIENCE)
        self._console.print(f"  [dim]and sitrep answers with[/dim] :{KEPT}:")
        await self._says(self._bo, "/incident workaround PayPal still works")
        await self._says(self._ann, "/incident severity sev3 because PayPal still works")
        await self._ann.wait_for(self._channel, containing="Severity lowered", timeout=PATIENCE)
        await self._ann.until(lambda: {"SEV3", "PayPal"} <= set(self._card().text.split()), timeout=PATIENCE)
        self._show_new(self._ann, self._channel)

    async def _inform(self) -> None:
        self._tell(
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
        self._show_form(self._dee, form)
        await self._submit(self._dee, form)
        await self._ann.wait_for(self._channel, containing="next update by", timeout=PATIENCE)
        await self._bo.until(lambda: "Mitigating" in self._digest().text, timeout=PATIENCE)
        await self._chidi.until(
            lambda: any("Card payments" in seen.text for seen in self._chidi.dm()), timeout=PATIENCE
        )
        self._show_new(self._ann, self._channel)
        self._show_messages(self._chidi, "in their direct messages", self._chidi.dm())

    async def _keep_the_promise(self) -> None:
        self._tell(
            "25 minutes later nobody has written again, so the channel is asked. A reply is a draft of the update."
        )
        await self._slack.travel.by(timedelta(minutes=25).total_seconds())
        asked = await self._dee.wait_for(self._channel, containing="The next update is promised", timeout=PATIENCE)
        self._show_new(self._ann, self._channel)
        await self._types(self._dee, "Rolled back; card payments go through again. We watch it.", thread=asked)
        await self._dee.until(lambda: self._draft(asked), timeout=PATIENCE)
        await self._press(self._dee, "Publish", self._draft(asked)[0])
        await self._ann.until(lambda: "go through again" in self._card().text, timeout=PATIENCE)
        self._show_new(self._ann, self._channel)

    async def _resolve(self) -> None:
        await self._says(self._bo, "/incident status monitoring")
        await self._ann.until(lambda: "Monitoring" in self._card().text, timeout=PATIENCE)
        self._tell("It looks good. Resolved is a gate: Ann is asked how it was checked, and what stays.")
        form = await self._presses(self._ann, "Resolve")
        await form.fill(
            {
                "How was it verified?": "200 test payments went through; error rate is back at 0.1 %",
                "Does a temporary fix stay?": "Yes",
                "Is anything left to do?": "No",
            }
        )
        outcome = await form.submit()
        self._show_errors("ann reads at the field", outcome)
        await form.fill({"Which one?": "The payment client is held at version 4.1"})
        await self._submit(self._ann, form)
        await self._ann.wait_for(self._channel, containing="Resolved", timeout=PATIENCE)
        await self._bo.until(lambda: "Resolved" in self._digest().text, timeout=PATIENCE)
        self._show_new(self._ann, self._channel)

    async def _look_back(self) -> None:
        self._tell("The timeline has written itself:")
        self._say(self._ann, "/incident timeline", self._channel)
        await self._ann.command("/incident timeline", channel=self._channel)
        form = await self._ann.form(timeout=PATIENCE)
        self._show_form(self._ann, form)
        await form.close()
        self._tell("What everybody else has in front of them now:")
        self._show_new(self._bo, "incidents")

    # What people do

    async def _asks(self, person: Person, line: str, channel: str) -> Form:
        self._say(person, line, channel)
        await person.command(line, channel=channel)
        return await person.form(timeout=PATIENCE)

    async def _says(self, person: Person, line: str) -> None:
        self._say(person, line, self._channel)
        reply = await person.command(line, channel=self._channel)
        if reply.text:
            self._console.print(Padding(f"[dim]only {person.name} reads:[/dim] {escape(reply.text)}", (0, 2)))

    async def _types(self, person: Person, words: str, *, thread: SeenMessage | None = None) -> SeenMessage:
        where = "in its thread" if thread else f"in #{self._channel}"
        self._console.print(f"[bold cyan]{person.name}[/bold cyan] {where}: {escape(words)}")
        return await person.types(words, channel=self._channel, thread=thread)

    async def _press(self, person: Person, label: str, message: SeenMessage) -> None:
        self._console.print(f"[bold cyan]{person.name}[/bold cyan] presses [reverse] {label} [/reverse]")
        await person.press(label, message)

    async def _presses(self, person: Person, label: str) -> Form:
        await self._press(person, label, person.pins(self._channel)[0])
        return await person.form(timeout=PATIENCE)

    async def _submit(self, person: Person, form: Form) -> None:
        outcome = await form.submit()
        if not outcome.ok:
            raise TourStuck(f"{person.name} could not submit “{form.title}”: {outcome}")

    # What is printed

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

    def _tell(self, words: str) -> None:
        self._console.print(f"\n[bold]{escape(words)}[/bold]")

    def _say(self, person: Person, line: str, channel: str) -> None:
        self._console.print(f"[bold cyan]{person.name}[/bold cyan] in #{channel}: [green]{escape(line)}[/green]")

    def _show_errors(self, who: str, outcome: Outcome) -> None:
        for label, sentence in outcome.errors.items():
            words = f"[yellow]{who} “{escape(label)}”:[/yellow] {escape(sentence)}"
            self._console.print(Padding(words, (0, 2)))

    def _show_form(self, person: Person, form: Form) -> None:
        self._show(f"{person.name} has a form", escape(form.text()))

    def _show_new(self, person: Person, channel: str) -> None:
        """What has appeared or changed in a channel since this person was last shown looking at it."""
        self._show_messages(person, f"in #{channel}", person.sees(channel))

    def _show_messages(self, person: Person, where: str, messages: Sequence[SeenMessage]) -> None:
        lines = [line for message in messages for line in self._new(person, where, message)]
        if lines:
            self._show(f"{person.name} sees {where}", "\n".join(lines))

    def _show(self, title: str, words: str) -> None:
        panel = Panel(words, title=title, title_align="left", width=min(self._console.width, 90))
        self.panels.append(panel)
        self._console.print(panel)

    def _new(self, person: Person, where: str, message: SeenMessage) -> list[str]:
        lines = []
        key = (person.name, f"{where}/{message.ts}", message.text)
        if key not in self._shown:
            was = any(shown[:2] == key[:2] for shown in self._shown)
            self._shown.add(key)
            lines.append(f"[bold]{message.author}[/bold]{_marks(message, was_changed=was)}  {escape(message.text)}")
        for reply in message.replies() if message.thread_ts in (None, message.ts) else ():
            lines += [f"  ↳ {line}" for line in self._new(person, where, reply)]
        return lines


def _marks(message: SeenMessage, *, was_changed: bool) -> str:
    marks = [
        "pinned" if message.pinned else "",
        "only you see this" if message.ephemeral else "",
        "edited in place" if was_changed else "",
    ]
    shown = ", ".join(filter(None, marks))
    return f" [dim]({shown})[/dim]" if shown else ""


class TourStuck(Exception):
    """The story could not go on."""
