"""A modal in front of someone: reading it, filling it by its labels, pressing its buttons, sending it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.blocktext import label_of, read_blocks, read_text
from sandbox.contract.blocks import check_view
from sandbox.link.payload import Answer
from sandbox.people.checks import complaints_about
from sandbox.people.filled import filled
from sandbox.people.inputs import (
    VALUE_KEYS,
    Directory,
    Input,
    element_at,
    elements_of,
    find_option,
    input_at,
    inputs_of,
    value_for,
    values_of,
)
from sandbox.people.payloads import (
    action_of,
    closed_payload,
    submission_payload,
    view_action_payload,
)
from sandbox.people.possible import possible, put_into
from sandbox.people.seen import NotVisible, Screen, buttons_on
from sandbox.people.suggestions import ask_for_options, with_suggestions
from sandbox.people.world import World
from sandbox.state import shapes
from sandbox.state.errors import SlackError
from sandbox.state.model import Json, View

# Protocol, section 4.2: what a modal shows when its submission was not answered in time, or with an error.
TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Outcome:
    """What someone sees after pressing a modal's submit button."""

    errors: dict[str, str] = field(default_factory=dict)  # by label
    errors_by_block: dict[str, str] = field(default_factory=dict)  # the same by block_id
    closed: bool = False
    trouble: str | None = None
    form: "Form | None" = None

    @property
    def ok(self) -> bool:
        """Whether the app took what was entered."""
        return not self.errors and self.trouble is None


class Form:
    """One view someone has open; it follows the updates the app makes to it."""

    def __init__(self, world: World, screen: Screen, view: View, directory: Directory) -> None:
        self._world = world
        self._screen = screen
        self._view_id = view.id
        self._directory = directory

    # Reading

    @property
    def view(self) -> View:
        """The view as it is now; raises NotVisible once it is gone."""
        view = self._world.workspace.views.find(self._view_id)
        if view is None:
            raise NotVisible("this form is closed")
        return view

    @property
    def is_open(self) -> bool:
        """Whether it is still there, in front or under another."""
        return self._world.workspace.views.find(self._view_id) is not None

    @property
    def title(self) -> str:
        return read_text(self.view.payload.get("title"), self._screen.reader())

    def text(self) -> str:
        """Every word on it, with what is entered where something is."""
        payload, reader = self.view.payload, self._screen.reader()
        ends = [read_text(payload.get(part), reader) for part in ("close", "submit")]
        values = self._values()
        body = read_blocks([filled(block, self._screen, values) for block in self.view.blocks], reader)
        return "\n".join(part for part in (self.title, body, " ".join(f"[{end}]" for end in ends if end)) if part)

    def labels(self) -> list[str]:
        """What its inputs are called, from top to bottom."""
        return [one.label for one in self._inputs()]

    def buttons(self) -> list[str]:
        """Labels of what can be pressed in its body."""
        return buttons_on(self.view.blocks)

    def values(self) -> dict[str, object]:
        """What each input holds now, by label, in Slack's own form."""
        values = self._values()
        return {one.label: one.value_in(values) for one in self._inputs()}

    async def until(self, look: Callable[["Form"], bool], *, within: float = 10) -> "Form":
        """Wait until the form looks as it should, as after an update that follows the acknowledgement."""
        what = f"{self.title} did not change as awaited"
        await self._world.changes.until(lambda: self._if(look), within=within, what=lambda: what)
        return self

    # Doing

    async def fill(self, answers: Mapping[str, object]) -> "Form":
        """Give answers by label (or placeholder), top to bottom; the app hears of those that dispatch."""
        for name, answer in answers.items():
            one = self._input(name)
            if "external" in one.kind:
                one = await self._with_suggestions(one, answer)
            value = value_for(one, answer, self._directory)
            self._enter(one, value)
            if one.dispatches:
                await self._act(one.element, one.block_id, {k: v for k, v in one.holding(value).items() if k != "type"})
        return self

    async def press(self, label: str) -> Answer:
        """Press a button in the body, or choose from an overflow menu; confirmations are accepted."""
        for block in self.view.blocks:
            for element in elements_of(block):
                if element.get("type") == "button" and label_of(element) == label:
                    return await self._act(element, block["block_id"], {})
                if element.get("type") == "overflow" and label in buttons_on([{"accessory": element}]):
                    chosen = {"selected_option": find_option(element, label)}
                    return await self._act(element, block["block_id"], chosen)
        raise NotVisible(f"{self.title} has no button {label!r}; it has {self.buttons()}")

    def put(self, values: Json) -> None:
        """Enter values as `state.values` has them; what the form has no input for is left out."""
        put_into(self.view.values, values, self._inputs(), self._possible)

    async def use(self, block_id: str, action_id: str, value: Json) -> Answer:
        """Press or choose, by ids; `value` is what the element's type reports, such as its selected_option."""
        element = element_at(self.view.blocks, block_id, action_id)
        value = self._possible(element, value)
        if element["type"] in VALUE_KEYS:
            self.put({block_id: {action_id: {"type": element["type"], **value}}})
        return await self._act(element, block_id, value)

    async def offers(self, block_id: str, action_id: str, typed: str) -> Json:
        """What the app offers for what was typed into an external select: its `options` or `option_groups`."""
        one = input_at(self.view.blocks, block_id, action_id, self._screen.reader())
        return await ask_for_options(self._world, self._screen, one, typed, self._place())

    async def submit(self) -> Outcome:
        """Send the form: first what Slack's client checks, then what the app answers."""
        self._refuse_unless_in_front()
        self._refuse_unless_it_can_be_sent()
        wrong = complaints_about(self._inputs(), self._values())
        if wrong:
            return self._refused(wrong)
        view = self._settled()
        trigger = self._world.trigger(self._screen.user, view_id=view.id)
        body = submission_payload(
            self._world.workspace, self._screen.user, view, response_urls=self._response_urls(), trigger_id=trigger
        )
        return self._after(await self._world.interaction(body))

    async def close(self, *, all_of_them: bool = False) -> None:
        """Dismiss it with its close button, or the whole stack with the X; clear_on_close makes both the same."""
        self._refuse_unless_in_front()
        view, views = self._settled(), self._world.workspace.views
        all_of_them = all_of_them or bool(view.payload.get("clear_on_close"))
        if all_of_them:
            closed = views.clear(self._screen.user.id)
        else:
            closed = [view]
            views.close(self._screen.user.id)
        for one in closed:
            if one.payload.get("notify_on_close"):
                body = closed_payload(self._world.workspace, self._screen.user, one, is_cleared=all_of_them)
                await self._world.interaction(body)

    # After a submission (protocol, section 4.2: Response)

    def _after(self, answer: Answer) -> Outcome:
        if not answer.ok:
            return Outcome(trouble=TROUBLE, form=self)
        content = answer.content if isinstance(answer.content, dict) else {}
        try:
            return _REACTIONS.get(str(content.get("response_action", "close")), _unknown)(self, content)
        except SlackError as refusal:
            self._world.workspace.complain(f"view_submission was answered with what Slack refuses: {refusal.code}")
            return Outcome(trouble=TROUBLE, form=self)

    def _close(self, _: Json) -> Outcome:
        if self.is_open:
            self._world.workspace.views.close(self._screen.user.id)
        return Outcome(closed=True, form=self._front())

    def _clear(self, _: Json) -> Outcome:
        self._world.workspace.views.clear(self._screen.user.id)
        return Outcome(closed=True)

    def _update(self, content: Json) -> Outcome:
        self._world.workspace.views.update(self.view, self._checked_view(content))
        return Outcome(form=self)

    def _push(self, content: Json) -> Outcome:
        self._world.workspace.views.push_onto(self.view, self._checked_view(content))
        return Outcome(form=self._front())

    def _errors(self, content: Json) -> Outcome:
        inputs = {one.block_id: one for one in self._inputs() if one.block.get("type") == "input"}
        errors = content.get("errors")
        if not isinstance(errors, dict) or not errors or not set(errors) <= set(inputs):
            self._world.workspace.complain(f"errors for blocks that are no inputs of the view: {errors}")
            return Outcome(trouble=TROUBLE, form=self)
        return self._refused([(inputs[block], str(words)) for block, words in errors.items()])

    def _refused(self, wrong: Sequence[tuple[Input, str]]) -> Outcome:
        by_label, by_block = ({name(one): words for one, words in wrong} for name in (_label, _block_id))
        return Outcome(errors=by_label, errors_by_block=by_block, form=self)

    def _checked_view(self, content: Json) -> Json:
        """The answer's view, once Slack would show it in the place of a modal."""
        checked = check_view(content.get("view"), type_="modal")
        if checked.code:
            raise SlackError(checked.code, messages=checked.errors)
        for warning in checked.warnings:
            self._world.workspace.complain(f"view_submission: {warning.removeprefix('[WARN] ')}")
        view: Json = content["view"]
        return view

    def _front(self) -> "Form | None":
        view = self._world.workspace.views.top(self._screen.user.id)
        return Form(self._world, self._screen, view, self._directory) if view else None

    def _refuse_unless_in_front(self) -> None:
        if self.view is not self._world.workspace.views.top(self._screen.user.id):
            raise NotVisible("This form is not the one in front.")

    def _refuse_unless_it_can_be_sent(self) -> None:
        # A form with submit_disabled can be sent once something was filled in (blocks.json: views).
        payload = self.view.payload
        if not payload.get("submit") or (payload.get("submit_disabled") and not self.view.values):
            raise NotVisible("This form cannot be sent.")

    # Values

    def _possible(self, element: Json, value: Json) -> Json:
        return possible(self._world.workspace, self._screen.user, element, value)

    def _if(self, look: Callable[["Form"], bool]) -> bool | None:
        return True if look(self) else None

    def _inputs(self) -> list[Input]:
        return inputs_of(self.view.blocks, self._screen.reader())

    def _input(self, name: str) -> Input:
        for one in self._inputs():
            if name in one.names():
                return one
        raise NotVisible(f"{self.title} has no input {name!r}; it has {self.labels()}")

    def _values(self) -> Json:
        return values_of(self._inputs(), self.view.values)

    def _enter(self, one: Input, value: object) -> None:
        self.view.values.setdefault(one.block_id, {})[one.action_id] = one.holding(value)
        self._world.workspace.changed(user_id=self._screen.user.id)

    def _settled(self) -> View:
        """The view with a value for every input, as payloads carry it."""
        view = self.view
        view.values = self._values()
        return view

    async def _act(self, element: Json, block_id: str, value: Json) -> Answer:
        workspace, view = self._world.workspace, self._settled()
        action = action_of(element, block_id, action_ts=workspace.event_ts(), value=value)
        trigger = self._world.trigger(self._screen.user, view_id=view.id)
        body = view_action_payload(workspace, self._screen.user, view, action=action, trigger_id=trigger)
        return await self._world.interaction(body)

    async def _with_suggestions(self, one: Input, answer: object) -> Input:
        """The same input with the options the app offers for what was typed (protocol, section 4.5)."""
        return await with_suggestions(self._world, self._screen, one, answer, self._place())

    def _place(self) -> Json:
        container = {"type": "view", "view_id": self._view_id}
        return {"container": container, "view": shapes.view_json(self._world.workspace, self._settled())}

    def _response_urls(self) -> list[Json]:
        """Opt-in response URLs of conversation selects (protocol, section 4.2)."""
        urls: list[Json] = []
        for one in self._inputs():
            channel_id = one.value_in(self._values())
            if one.element.get("response_url_enabled") and isinstance(channel_id, str):
                channel = self._world.workspace.channels[channel_id]
                url = self._world.response_url(channel, self._screen.user)
                place = {"block_id": one.block_id, "action_id": one.action_id, "channel_id": channel_id}
                urls.append(place | {"response_url": url})
        return urls


def _label(one: Input) -> str:
    return one.label


def _block_id(one: Input) -> str:
    return one.block_id


def _unknown(form: Form, content: Json) -> Outcome:
    raise SlackError(f"unknown response_action {content.get('response_action')}")


_REACTIONS: dict[str, Callable[[Form, Json], Outcome]] = {
    "close": Form._close,
    "clear": Form._clear,
    "update": Form._update,
    "push": Form._push,
    "errors": Form._errors,
}
