"""Pressing buttons and choosing from menus on messages (protocol.md, section 4.1)."""

from collections.abc import Iterator

from sandbox.blocktext import label_of, options_of
from sandbox.people.commands import Reply
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
from sandbox.people.payloads import action_of, message_action_payload, message_place
from sandbox.people.possible import possible, put_into
from sandbox.people.seen import NotVisible, Screen, blocks_of, feedback_buttons
from sandbox.people.suggestions import ask_for_options, with_suggestions
from sandbox.people.world import World, failure_shown
from sandbox.state.model import Channel, Json, Message


class MessageControls:
    """The interactive elements of one message in front of one person."""

    def __init__(self, world: World, screen: Screen, channel: Channel, message: Message, entered: Json) -> None:
        self._world = world
        self._screen = screen
        self._channel = channel
        self._message = message
        self._entered = entered

    async def press(self, label: str) -> Reply:
        """Press the button with this label."""
        for block, element in self._elements():
            if element.get("type") in ("button", "icon_button") and label_of(element) == label:
                return await self._send(element, block, {})
            for feedback in feedback_buttons(element):
                if label_of(feedback) == label:
                    return await self._send(element, block, {"value": feedback["value"]})
        raise NotVisible(f"no button {label!r} on: {self._screen.words_of(self._message)}")

    async def choose(self, words: str, directory: Directory, *, menu: str | None = None) -> Reply:
        """Choose an option that reads so, or (naming the menu) any answer the menu takes."""
        for block, element in self._elements():
            if element.get("type") == "overflow" and words in _labels(element):
                return await self._send(element, block, {"selected_option": find_option(element, words)})
        for one in inputs_of(self._blocks(), self._screen.reader()):
            if menu in one.names() and "external" in one.kind:
                place = message_place(self._world.workspace, self._channel, self._message)
                one = await with_suggestions(self._world, self._screen, one, words, place)
            if menu in one.names() or (menu is None and words in _labels(one.element)):
                return await self._enter(one, value_for(one, words, directory))
        raise NotVisible(f"nothing to choose {words!r} from on: {self._screen.words_of(self._message)}")

    def put(self, values: Json) -> None:
        """Enter values as `state.values` has them; what the message has no input for is left out."""
        put_into(self._entered, values, inputs_of(self._blocks(), self._screen.reader()), self._possible)

    async def use(self, block_id: str, action_id: str, value: Json) -> Reply:
        """Press or choose, by ids; `value` is what the element's type reports, such as its selected_option."""
        blocks = self._blocks()
        element = element_at(blocks, block_id, action_id)
        value = self._possible(element, value)
        if element["type"] in VALUE_KEYS:
            self._entered.setdefault(block_id, {})[action_id] = {"type": element["type"], **value}
            self._world.workspace.changed(self._channel, message=self._message.ts)
        return await self._send(element, {"block_id": block_id}, value)

    async def offers(self, block_id: str, action_id: str, typed: str) -> Json:
        """What the app offers for what was typed into an external select: its `options` or `option_groups`."""
        one = input_at(self._blocks(), block_id, action_id, self._screen.reader())
        place = message_place(self._world.workspace, self._channel, self._message)
        return await ask_for_options(self._world, self._screen, one, typed, place)

    def _possible(self, element: Json, value: Json) -> Json:
        return possible(self._world.workspace, self._screen.user, element, value)

    async def _enter(self, one: Input, value: object) -> Reply:
        self._entered.setdefault(one.block_id, {})[one.action_id] = one.holding(value)
        reported = {key: part for key, part in one.holding(value).items() if key != "type"}
        return await self._send(one.element, one.block, reported)

    async def _send(self, element: Json, block: Json, value: Json) -> Reply:
        workspace, user = self._world.workspace, self._screen.user
        action = action_of(element, str(block.get("block_id", "")), action_ts=workspace.event_ts(), value=value)
        values = values_of(inputs_of(self._blocks(), self._screen.reader()), self._entered)
        url = self._world.response_url(self._channel, user, message_ts=self._message.ts)
        issued = {"trigger_id": self._world.trigger(user), "response_url": url}
        body = message_action_payload(
            workspace, user, self._channel, self._message, action=action, values=values, **issued
        )
        known = self._screen.whispers(self._channel)
        failed = failure_shown(await self._world.interaction(body))
        return Reply(failed, self._screen.whispers_since(self._channel, known))

    def _blocks(self) -> list[Json]:
        return blocks_of(self._message)

    def _elements(self) -> Iterator[tuple[Json, Json]]:
        for block in self._blocks():
            for element in elements_of(block):
                yield block, element


def _labels(element: Json) -> list[str]:
    return [label_of(option) for option in options_of(element)]
