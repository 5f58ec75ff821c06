"""What the tour prints: the story, and what each person sees."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel

from sandbox.people.form import Form, Outcome
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage


class Screen:
    """Prints to a console, and keeps the panels it has shown."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.panels: list[Panel] = []
        self._shown: set[tuple[str, str, str]] = set()

    def tell(self, words: str) -> None:
        """A line of the story."""
        self.console.print(f"\n[bold]{escape(words)}[/bold]")

    def say(self, person: Person, line: str, channel: str) -> None:
        """What somebody types."""
        self.console.print(f"[bold cyan]{person.name}[/bold cyan] in #{channel}: [green]{escape(line)}[/green]")

    def show_errors(self, who: str, outcome: Outcome) -> None:
        """What a form says beside its fields."""
        for label, sentence in outcome.errors.items():
            words = f"[yellow]{who} “{escape(label)}”:[/yellow] {escape(sentence)}"
            self.console.print(Padding(words, (0, 2)))

    def show_form(self, person: Person, form: Form) -> None:
        """A form as its reader sees it."""
        self._show(f"{person.name} has a form", escape(form.text()))

    def show_new(self, person: Person, channel: str) -> None:
        """What has appeared or changed in a channel since this person was last shown looking at it."""
        self.show_messages(person, f"in #{channel}", person.sees(channel))

    def show_messages(self, person: Person, where: str, messages: Sequence[SeenMessage]) -> None:
        """What of these has appeared or changed since this person was last shown them."""
        lines = [line for message in messages for line in self._new(person, where, message)]
        if lines:
            self._show(f"{person.name} sees {where}", "\n".join(lines))

    def _show(self, title: str, words: str) -> None:
        panel = Panel(words, title=title, title_align="left", width=min(self.console.width, 90))
        self.panels.append(panel)
        self.console.print(panel)

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
