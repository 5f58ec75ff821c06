"""Blocks of a form with what is entered in them, as they look once someone has filled them."""

from sandbox.blocktext import label_of, read_blocks
from sandbox.people.inputs import inputs_of
from sandbox.people.seen import Screen
from sandbox.state.model import Json
from sandbox.text import escape


def filled(block: Json, screen: Screen, values: Json) -> Json:
    """The block with the entered words in the place of each input's placeholder."""
    for one in inputs_of([block], screen.reader()):
        shown = _shown(one.value_in(values), screen)
        if shown:
            element = one.element | {"placeholder": {"type": "plain_text", "text": escape(shown)}}
            block = _with_element(block, one.element, element)
    return block


def _shown(value: object, screen: Screen) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(one, screen) for one in value)
    if isinstance(value, dict):
        return label_of(value) or str(value.get("name", "")) or read_blocks([value], screen.reader())
    return "" if value is None else screen.name_for(str(value))


def _with_element(block: Json, element: Json, instead: Json) -> Json:
    for place in ("element", "accessory"):
        if block.get(place) == element:
            return block | {place: instead}
    return block | {"elements": [instead if one == element else one for one in block.get("elements", [])]}
