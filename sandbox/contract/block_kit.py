"""The checker that knows Block Kit: which block may stand where, and what each must hold (blocks.json)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Literal, cast

from sandbox.contract.block_rules import BLOCK_RULES, ELEMENT_RULES
from sandbox.contract.facts import facts
from sandbox.contract.schema import PLAIN_KINDS, Checker, Field, Kind, Shape

Surface = Literal["message", "modal", "home"]

BLOCK_LIMITS = {"message": "blocks_per_message", "modal": "blocks_per_modal", "home": "blocks_per_home_tab"}


class BlockChecker(Checker):
    """Checks the blocks of one message or view, and what must be unique or within a limit across them."""

    def __init__(self, surface: Surface) -> None:
        super().__init__()
        self.surface = surface
        self.block_ids: set[str] = set()
        self.action_ids: set[str] = set()
        self.has_focus = False
        self.in_input = False
        self.totals = dict.fromkeys(TOTAL_LIMITS, 0)

    def check_blocks(self, blocks: list[object], pointer: str) -> None:
        """Check a whole list of blocks against the limits of its surface."""
        limit: int = facts("blocks.json")["limits"][BLOCK_LIMITS[self.surface]]["value"]
        self.check(blocks, Field("array", max_items=limit, items=Field("block")), pointer)

    def check_typed(self, value: object, shapes: Mapping[str, Shape], field: Field, pointer: str) -> str | None:
        """Check an object by the shape of its type; return that type if everything was right."""
        kind = self._known_type(value, shapes, field.allowed, pointer)
        if kind is None:
            return None
        before = len(self.errors)
        self.check_object(value, shapes[kind], pointer)
        return kind if len(self.errors) == before else None

    def _known_type(
        self, value: object, known: Iterable[str], allowed: tuple[str, ...] | None, pointer: str
    ) -> str | None:
        if not isinstance(value, dict):
            self.fail("must provide an object", pointer)
            return None
        if "type" not in value:
            self.fail("missing required field: type", pointer)
            return None
        kind = value["type"]
        if isinstance(kind, str) and kind in known and (allowed is None or kind in allowed):
            return kind
        self.fail(f"unsupported type: {kind}", f"{pointer}/type")
        return None

    def count(self, total: str, amount: int, pointer: str) -> None:
        """Add to something that is limited over the whole message, and complain once when it passes the limit."""
        limit, what = TOTAL_LIMITS[total]
        before = self.totals[total]
        self.totals[total] = before + amount
        if before <= limit < before + amount:
            self.fail(f"no more than {limit} {what} allowed", pointer)

    def claim(self, ids: set[str], name: str, value: Mapping[str, object], pointer: str) -> None:
        """Note an id that must not be used twice."""
        taken = value.get(name)
        if not isinstance(taken, str):
            return
        if taken in ids:
            self.fail(f'`{name}` "{taken}" already exists', f"{pointer}/{name}")
        ids.add(taken)


# blocks.json: limits.markdown_blocks_cumulative, table.limits, data_table.limits, data_visualization.limits
TOTAL_LIMITS = {
    "markdown": (12_000, "characters of markdown"),
    "table": (10_000, "characters in cells"),
    "data_table": (20_000, "characters in cells"),
    "data_visualization": (2, "items"),
}


@cache
def shapes(section: str) -> Mapping[str, Shape]:
    """The shapes of one section of blocks.json, by type."""
    typed = section in ("blocks", "elements", "rich_text", "rich_text_inline")
    return {name: Shape.from_facts(fact, typed=typed) for name, fact in facts("blocks.json")[section].items()}


def _block(checker: Checker, value: object, field: Field, pointer: str) -> None:
    self = cast(BlockChecker, checker)
    self.action_ids = set()
    kind = value.get("type") if isinstance(value, dict) else None
    surfaces = facts("blocks.json")["blocks"].get(kind, {}).get("allowed_surfaces") if isinstance(kind, str) else None
    if surfaces is not None and self.surface not in surfaces:
        checker.fail(f"unsupported type: {kind}", f"{pointer}/type")
        return
    self.in_input = kind == "input"
    if isinstance(value, dict):
        self.claim(self.block_ids, "block_id", value, pointer)
    checked = self.check_typed(value, shapes("blocks"), field, pointer)
    self.in_input = False
    if checked and isinstance(value, dict):
        for rule in BLOCK_RULES.get(checked, ()):
            rule(checker, value, pointer)
        if checked in TOTAL_LIMITS:
            self.count(checked, _amount(checked, value), pointer)


def _amount(kind: str, block: Mapping[str, Any]) -> int:
    if kind == "data_visualization":
        return 1
    return len(block["text"]) if kind == "markdown" else text_length(block["rows"])


def text_length(value: object) -> int:
    """All characters that stand under a key `text`, however deep."""
    if isinstance(value, list):
        return sum(map(text_length, value))
    if not isinstance(value, dict):
        return 0
    own = value.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(map(text_length, value.values()))


def _element(checker: Checker, value: object, field: Field, pointer: str) -> None:
    self = cast(BlockChecker, checker)
    kind = self.check_typed(value, _element_shapes(), field, pointer)
    if not isinstance(value, dict):
        return
    self.claim(self.action_ids, "action_id", value, pointer)
    if value.get("focus_on_load") is True:
        # blocks.json: cross_rules, "Only one element per view may set focus_on_load true."
        if self.has_focus:
            self.fail("only one element may set `focus_on_load`", f"{pointer}/focus_on_load")
        self.has_focus = True
    in_modal_input = self.surface == "modal" and self.in_input
    if kind and value.get("response_url_enabled") is True and not in_modal_input:
        self.fail("only input blocks in modals may use `response_url_enabled`", pointer)
    for rule in ELEMENT_RULES.get(kind or "", ()):
        rule(checker, value, pointer)


@cache
def _element_shapes() -> Mapping[str, Shape]:
    """Elements, and the two text objects that a context block takes among them."""
    texts = shapes("composition_objects")
    return {**shapes("elements"), "plain_text": texts["plain_text"], "mrkdwn": texts["mrkdwn"]}


def _text(checker: Checker, value: object, field: Field, pointer: str) -> None:
    self = cast(BlockChecker, checker)
    kinds = ("plain_text", "mrkdwn") if field.type == "text" else (field.type,)
    sized = {kind: _text_shape(kind, field.min_length, field.max_length) for kind in kinds}
    self.check_typed(value, sized, field, pointer)


@cache
def _text_shape(kind: str, min_length: int | None, max_length: int | None) -> Shape:
    """A text object with the length its place allows instead of the general one."""
    general = shapes("composition_objects")[kind]
    text = general.fields["text"]
    sized = replace(text, min_length=min_length or text.min_length, max_length=max_length or text.max_length)
    return replace(general, fields={**general.fields, "text": sized})


def _composition(checker: Checker, value: object, field: Field, pointer: str) -> None:
    checker.check_object(value, shapes("composition_objects")[field.type], pointer)


def _image(checker: Checker, value: object, field: Field, pointer: str) -> None:
    cast(BlockChecker, checker).check_typed(value, {"image": shapes("elements")["image"]}, field, pointer)


def _rich_text(checker: Checker, value: object, field: Field, pointer: str) -> None:
    """A rich_text block as the value of a field."""
    cast(BlockChecker, checker).check_typed(value, {"rich_text": shapes("blocks")["rich_text"]}, field, pointer)


def _rich_text_part(checker: Checker, value: object, field: Field, pointer: str) -> None:
    cast(BlockChecker, checker).check_typed(value, shapes("rich_text"), field, pointer)


def _rich_text_inline(checker: Checker, value: object, field: Field, pointer: str) -> None:
    unchecked = facts("blocks.json")["rich_text_inline_unchecked"]
    if field.allowed is None and isinstance(value, dict) and value.get("type") in unchecked:
        return  # Slack lists these names without saying what they hold
    cast(BlockChecker, checker).check_typed(value, shapes("rich_text_inline"), field, pointer)


def _cell(checker: Checker, value: object, field: Field, pointer: str) -> None:
    texts = shapes("composition_objects")
    known = {
        "rich_text": shapes("blocks")["rich_text"],
        "raw_text": texts["raw_text"],
        "raw_number": texts["raw_number"],
    }
    cast(BlockChecker, checker).check_typed(value, known, field, pointer)


def _block_kinds() -> dict[str, Kind]:
    compositions = dict.fromkeys(facts("blocks.json")["composition_objects"], _composition)
    return {
        **PLAIN_KINDS,
        **compositions,
        "text": _text,
        "plain_text": _text,
        "mrkdwn": _text,
        "block": _block,
        "element": _element,
        "image": _image,
        "rich_text": _rich_text,
        "rich_text_part": _rich_text_part,
        "rich_text_inline": _rich_text_inline,
        "cell": _cell,
    }


BlockChecker.kinds = _block_kinds()
