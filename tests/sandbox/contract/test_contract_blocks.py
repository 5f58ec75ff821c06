"""Block Kit: what Slack takes, what it refuses, and in which words."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.contract.blocks import Surface, check_blocks, check_message, check_view
from sandbox.contract.facts import facts

Json = dict[str, Any]


def plain(text: str = "words") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*words*") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "1", text: str = "One") -> Json:
    return {"text": plain(text), "value": value}


OPTIONS = [option("1", "One"), option("2", "Two")]
IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a picture"}
CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No"), "style": "danger"}
RICH_TEXT = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "hi ", "style": {"bold": True}},
                {"type": "user", "user_id": "U1"},
                {"type": "link", "url": "https://example.com"},
                {"type": "emoji", "name": "wave"},
                {"type": "broadcast", "range": "here"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
        },
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
    ],
}

ELEMENTS: dict[str, Json] = {
    "button": {"text": plain(), "value": "v", "url": "https://example.com", "style": "primary", "confirm": CONFIRM},
    "checkboxes": {
        "options": [{"text": mrkdwn(), "value": "1"}],
        "initial_options": [{"text": mrkdwn(), "value": "1"}],
    },
    "radio_buttons": {"options": OPTIONS, "initial_option": OPTIONS[1]},
    "datepicker": {"initial_date": "2026-02-28", "placeholder": plain()},
    "datetimepicker": {"initial_date_time": 1700000000},
    "timepicker": {"initial_time": "23:59", "timezone": "Europe/Berlin"},
    "email_text_input": {"placeholder": plain()},
    "url_text_input": {"initial_value": "https://example.com"},
    "number_input": {"is_decimal_allowed": False, "min_value": "1", "max_value": "10"},
    "plain_text_input": {"multiline": True, "min_length": 1, "max_length": 3000},
    "rich_text_input": {"action_id": "rich", "initial_value": RICH_TEXT},
    "file_input": {"filetypes": ["png"], "max_files": 2},
    "static_select": {"options": OPTIONS, "initial_option": OPTIONS[0], "placeholder": plain()},
    "multi_static_select": {"option_groups": [{"label": plain(), "options": OPTIONS}], "initial_options": OPTIONS},
    "external_select": {"min_query_length": 1, "initial_option": option("far")},
    "multi_external_select": {"max_selected_items": 2},
    "users_select": {"initial_user": "U1"},
    "multi_users_select": {"initial_users": ["U1"]},
    "conversations_select": {"filter": {"include": ["public"]}, "default_to_current_conversation": True},
    "multi_conversations_select": {"initial_conversations": ["C1"]},
    "channels_select": {"initial_channel": "C1"},
    "multi_channels_select": {"initial_channels": ["C1"]},
    "overflow": {"options": [{**option(), "url": "https://example.com"}]},
    "image": {"image_url": "https://example.com/a.png", "alt_text": "a"},
    "workflow_button": {"text": plain(), "workflow": {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}}},
    "feedback_buttons": {
        "positive_button": {"text": plain(), "value": "up"},
        "negative_button": {"text": plain(), "value": "down"},
    },
    "icon_button": {"icon": "trash", "text": plain()},
}

BLOCKS: dict[str, Json] = {
    "section": {"text": mrkdwn(), "fields": [plain()], "accessory": IMAGE},
    "header": {"text": plain()},
    "divider": {},
    "image": {"image_url": "https://example.com/a.png", "alt_text": "a", "title": plain()},
    "context": {"elements": [mrkdwn(), plain(), IMAGE]},
    "actions": {"elements": [{"type": "button", "text": plain()}]},
    "input": {"label": plain(), "element": {"type": "plain_text_input"}, "hint": plain(), "optional": True},
    "file": {"external_id": "e", "source": "remote"},
    "video": {
        "alt_text": "v",
        "title": plain(),
        "thumbnail_url": "https://example.com/t.png",
        "video_url": "https://example.com/v",
    },
    "rich_text": {"elements": RICH_TEXT["elements"]},
    "markdown": {"text": "# words"},
    "table": {
        "rows": [[{"type": "raw_text", "text": "a"}, RICH_TEXT]],
        "column_settings": [{"align": "right"}, None],
    },
    "data_table": {"caption": "c", "rows": [[{"type": "raw_text", "text": "h"}], [{"type": "raw_number", "value": 1}]]},
    "data_visualization": {"title": "t", "chart": {"type": "pie"}},
    "alert": {"text": mrkdwn(), "level": "warning"},
    "card": {"title": mrkdwn(), "actions": [{"type": "button", "text": plain()}]},
    "carousel": {"elements": [{"type": "card", "title": mrkdwn()}]},
    "container": {"title": plain(), "child_blocks": [{"type": "divider"}]},
    "context_actions": {"elements": [{"type": "icon_button", "icon": "trash", "text": plain()}]},
    "task_card": {"task_id": "1", "title": "t", "status": "pending", "details": RICH_TEXT},
    "plan": {"title": "p", "tasks": [{"type": "task_card", "task_id": "1", "title": "t", "status": "error"}]},
    "call": {"call_id": "R1"},
}


def in_its_place(kind: str) -> Json:
    """A block that may hold the element."""
    element = {"type": kind, **ELEMENTS[kind]}
    if kind in ("feedback_buttons", "icon_button"):
        return {"type": "context_actions", "elements": [element]}
    if kind == "image":
        return {"type": "context", "elements": [element]}
    if kind in facts("blocks.json")["blocks"]["input"]["fields"]["element"]["allowed"]:
        return {"type": "input", "label": plain(), "element": element}
    return {"type": "actions", "elements": [element]}


def errors(*blocks: Json, surface: Surface = "message") -> list[str]:
    return check_blocks(list(blocks), surface=surface).errors


def section(**changes: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **changes}


def select(**changes: Any) -> Json:
    return {"type": "actions", "elements": [{"type": "static_select", "options": OPTIONS, **changes}]}


def input_of(kind: str, **changes: Any) -> Json:
    return {"type": "input", "label": plain(), "element": {"type": kind, **changes}}


def surfaces_of(kind: str) -> list[Surface]:
    """Where the block may stand; nothing if nobody established it."""
    surfaces: list[Surface] = facts("blocks.json")["blocks"][kind]["allowed_surfaces"] or []
    return surfaces


def a_surface_of(kind: str) -> Surface:
    return (surfaces_of(kind) or ["message"])[0]


def test_every_documented_block_has_an_example_here() -> None:
    assert set(BLOCKS) == set(facts("blocks.json")["blocks"])


def test_every_documented_element_has_an_example_here() -> None:
    assert set(ELEMENTS) == set(facts("blocks.json")["elements"]) - {"url"}


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_right_block_is_accepted(kind: str) -> None:
    assert errors({"type": kind, **BLOCKS[kind]}, surface=a_surface_of(kind)) == []


@pytest.mark.parametrize("kind", ELEMENTS)
def test_a_right_element_is_accepted_in_its_place(kind: str) -> None:
    assert errors(in_its_place(kind)) == []


@pytest.mark.parametrize("kind", [kind for kind in BLOCKS if surfaces_of(kind)])
def test_a_block_on_a_surface_it_is_not_made_for_is_unsupported(kind: str) -> None:
    everywhere: list[Surface] = ["message", "modal", "home"]

    refused = [surface for surface in everywhere if errors({"type": kind, **BLOCKS[kind]}, surface=surface)]

    assert refused == [surface for surface in everywhere if surface not in surfaces_of(kind)]


def test_a_table_in_a_modal_is_named_as_unsupported() -> None:
    assert errors({"type": "table", **BLOCKS["table"]}, surface="modal") == [
        "[ERROR] unsupported type: table [json-pointer:/blocks/0/type]"
    ]


@pytest.mark.parametrize(
    ("block", "error"),
    [
        (section(text=mrkdwn("x" * 3001)), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        (section(text=mrkdwn("")), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (section(text="words"), "must provide an object [json-pointer:/blocks/0/text]"),
        (section(text={"type": "mrkdwn"}), "missing required field: text [json-pointer:/blocks/0/text]"),
        (section(text={"text": "x"}), "missing required field: type [json-pointer:/blocks/0/text]"),
        (section(text={"type": "html", "text": "x"}), "unsupported type: html [json-pointer:/blocks/0/text/type]"),
        (
            section(text={**mrkdwn(), "emoji": True}),
            "invalid additional property: emoji [json-pointer:/blocks/0/text]",
        ),
        ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0/type]"),
        (section(fields=[]), "must provide at least 1 items [json-pointer:/blocks/0/fields]"),
        (section(fields=[plain()] * 11), "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
        (
            section(fields=[plain("x" * 2001)]),
            "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
        ),
        (section(block_id="x" * 256), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
        (
            section(accessory={"type": "plain_text_input"}),
            "unsupported type: plain_text_input [json-pointer:/blocks/0/accessory/type]",
        ),
        (section(accessory=None), "must provide an object [json-pointer:/blocks/0/accessory]"),
        (section(color="red"), "invalid additional property: color [json-pointer:/blocks/0]"),
        (section(expand="yes"), "must be a boolean [json-pointer:/blocks/0/expand]"),
        ({"type": "banner"}, "unsupported type: banner [json-pointer:/blocks/0/type]"),
        ({"text": plain()}, "missing required field: type [json-pointer:/blocks/0]"),
        ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
        ({"type": "header", "text": mrkdwn()}, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"),
        (
            {"type": "header", "text": plain("x" * 151)},
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            {"type": "context", "elements": [{"type": "button", "text": plain()}]},
            "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            {"type": "context", "elements": [mrkdwn()] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        ({"type": "actions", "elements": []}, "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
        (
            {"type": "actions", "elements": [{"type": "button", "text": plain()}] * 26},
            "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            {"type": "actions", "elements": [{"type": "button", "text": plain("x" * 76)}]},
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
        ),
        (
            {"type": "actions", "elements": [{"type": "button", "text": plain(), "value": "x" * 2001}]},
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        (
            {"type": "actions", "elements": [{"type": "button", "text": plain(), "style": "default"}]},
            "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]",
        ),
        (
            {"type": "image", "alt_text": "a"},
            "must define either `image_url` or `slack_file` [json-pointer:/blocks/0/type]",
        ),
        (
            {"type": "image", "alt_text": "a", "image_url": "a.png"},
            "must be a valid URL [json-pointer:/blocks/0/image_url]",
        ),
        (
            {"type": "image", "alt_text": "a", "image_url": "https://e.com/a", "slack_file": {"id": "F1"}},
            "must define only one of `image_url` or `slack_file` [json-pointer:/blocks/0/type]",
        ),
        ({"type": "file", "external_id": "e", "source": "local"}, "must be `remote` [json-pointer:/blocks/0/source]"),
        (
            {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]},
            "unsupported type: text [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "roman", "elements": []}]},
            "must be one of: bullet, ordered [json-pointer:/blocks/0/elements/0/style]",
        ),
        (
            {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "user"}]}]},
            "missing required field: user_id [json-pointer:/blocks/0/elements/0/elements/0]",
        ),
        ({"type": "table", "rows": [[]] * 101}, "no more than 100 items allowed [json-pointer:/blocks/0/rows]"),
        (
            {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]},
            "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
        ),
        (
            {"type": "table", "rows": [[{"type": "raw_text", "text": "a" * 10_001}]]},
            "no more than 10000 characters in cells allowed [json-pointer:/blocks/0]",
        ),
        ({"type": "table", "rows": [[plain()]]}, "unsupported type: plain_text [json-pointer:/blocks/0/rows/0/0/type]"),
        (
            {"type": "data_table", "caption": "c", "rows": [[RICH_TEXT], [RICH_TEXT]]},
            "unsupported type: rich_text [json-pointer:/blocks/0/rows/0/0/type]",
        ),
        (
            {"type": "card", "title": mrkdwn(), "icon": IMAGE, "slack_icon": {"type": "icon", "name": "x"}},
            "must define only one of `icon` or `slack_icon` [json-pointer:/blocks/0/type]",
        ),
    ],
)
def test_a_wrong_block_is_refused_with_its_place(block: Json, error: str) -> None:
    checked = check_blocks([block], surface="message")

    assert checked.errors == [f"[ERROR] {error}"]
    assert checked.code == "invalid_blocks"


@pytest.mark.parametrize(
    ("block", "error"),
    [
        (
            select(initial_option=option("3")),
            "must match one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
        ),
        (
            select(initial_option={**OPTIONS[0], "description": plain()}),
            "must match one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
        ),
        (
            input_of("checkboxes", options=OPTIONS, initial_options=[OPTIONS[1], option("3")]),
            "must match one of the options [json-pointer:/blocks/0/element/initial_options/1]",
        ),
        (select(options=[]), "must provide at least 1 items [json-pointer:/blocks/0/elements/0/options]"),
        (
            select(options=[option()] * 101),
            "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            select(options=[option(text="x" * 76)]),
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
        ),
        (
            select(options=[option(value="x" * 151)]),
            "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
        ),
        (
            select(options=[{"text": mrkdwn(), "value": "1"}]),
            "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/options/0/text/type]",
        ),
        (
            select(options=[{**option(), "url": ""}]),
            "invalid additional property: url [json-pointer:/blocks/0/elements/0/options/0]",
        ),
        (
            select(option_groups=[{"label": plain(), "options": OPTIONS}]),
            "must define only one of `options` or `option_groups` [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            select(confirm={"title": plain(), "text": plain(), "confirm": plain()}),
            "missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]",
        ),
        (
            select(response_url_enabled=True),
            "invalid additional property: response_url_enabled [json-pointer:/blocks/0/elements/0]",
        ),
        (input_of("button", text=plain()), "unsupported type: button [json-pointer:/blocks/0/element/type]"),
        (input_of("number_input"), "missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]"),
        (
            input_of("number_input", is_decimal_allowed=True, min_value="2", max_value="1"),
            "`min_value` must not be more than `max_value` [json-pointer:/blocks/0/element/min_value]",
        ),
        (
            input_of("plain_text_input", max_length=3001),
            "must be at most 3000 [json-pointer:/blocks/0/element/max_length]",
        ),
        (
            input_of("plain_text_input", min_length=9, max_length=3),
            "`min_length` must not be more than `max_length` [json-pointer:/blocks/0/element/min_length]",
        ),
        (
            input_of("plain_text_input", placeholder=plain("x" * 151)),
            "must be less than 151 characters [json-pointer:/blocks/0/element/placeholder/text]",
        ),
        (
            input_of("datepicker", initial_date="2026-02-30"),
            "must be a date of the form YYYY-MM-DD [json-pointer:/blocks/0/element/initial_date]",
        ),
        (
            input_of("timepicker", initial_time="24:00"),
            "must be a time of the form HH:mm [json-pointer:/blocks/0/element/initial_time]",
        ),
        (
            input_of("timepicker", timezone="Mars/Olympus"),
            "must be an IANA timezone [json-pointer:/blocks/0/element/timezone]",
        ),
        (
            input_of("datetimepicker", initial_date_time=17),
            "must be a Unix time of 10 digits [json-pointer:/blocks/0/element/initial_date_time]",
        ),
        (
            {**input_of("file_input"), "dispatch_action": True},
            "`dispatch_action` cannot be used with `file_input` [json-pointer:/blocks/0/dispatch_action]",
        ),
        (
            input_of("checkboxes", options=[option(str(n)) for n in range(11)]),
            "no more than 10 items allowed [json-pointer:/blocks/0/element/options]",
        ),
        (
            input_of("conversations_select", filter={}),
            "must define either `include` or `exclude_external_shared_channels` or `exclude_bot_users` "
            "[json-pointer:/blocks/0/element/filter]",
        ),
    ],
)
def test_a_wrong_element_is_refused_with_its_place(block: Json, error: str) -> None:
    assert errors(block) == [f"[ERROR] {error}"]


def test_a_block_id_is_used_once() -> None:
    assert errors(section(block_id="a"), section(block_id="b"), {"type": "divider", "block_id": "a"}) == [
        '[ERROR] `block_id` "a" already exists [json-pointer:/blocks/2/block_id]'
    ]


def test_an_action_id_is_used_once_in_a_block_but_again_in_another() -> None:
    button = {"type": "button", "text": plain(), "action_id": "go"}
    actions = {"type": "actions", "elements": [button]}

    assert errors(actions, actions) == []
    assert errors({"type": "actions", "elements": [button, button]}) == [
        '[ERROR] `action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]'
    ]


def test_one_element_has_the_focus() -> None:
    focused = input_of("plain_text_input", focus_on_load=True)

    assert errors(focused, focused, surface="modal") == [
        "[ERROR] only one element may set `focus_on_load` [json-pointer:/blocks/1/element/focus_on_load]"
    ]


def test_response_urls_come_from_inputs_of_modals_only() -> None:
    block = input_of("conversations_select", response_url_enabled=True)

    assert errors(block, surface="modal") == []
    assert len(errors(block, surface="home")) == 1


def test_markdown_is_limited_over_the_whole_message() -> None:
    block = {"type": "markdown", "text": "x" * 7000}

    assert errors(block) == []
    assert errors(block, block) == [
        "[ERROR] no more than 12000 characters of markdown allowed [json-pointer:/blocks/1]"
    ]


@pytest.mark.parametrize(("surface", "limit"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_holds_so_many_blocks(surface: Surface, limit: int) -> None:
    assert errors(*[{"type": "divider"}] * limit, surface=surface) == []
    assert errors(*[{"type": "divider"}] * (limit + 1), surface=surface) == [
        f"[ERROR] no more than {limit} items allowed [json-pointer:/blocks]"
    ]


@pytest.mark.parametrize(("surface", "code"), [("message", "invalid_blocks_format"), ("home", "invalid_arguments")])
def test_blocks_are_a_list(surface: Surface, code: str) -> None:
    assert check_blocks({"type": "divider"}, surface=surface).code == code


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_an_accepted_block_stays_accepted_without_its_optional_fields(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(BLOCKS)))
    fields = facts("blocks.json")["blocks"][kind]["fields"]
    block = {"type": kind, **copy.deepcopy(BLOCKS[kind])}
    optional = [name for name in block if name in fields and fields[name]["required"] is False]
    for name in data.draw(st.sets(st.sampled_from(optional))) if optional else ():
        del block[name]

    assert errors(block, surface=a_surface_of(kind)) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "text", "elements", "x"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_stands_in_a_block_it_is_refused_or_accepted_but_never_crashes(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(BLOCKS)))
    block = {"type": kind, **copy.deepcopy(BLOCKS[kind])}
    block[data.draw(st.sampled_from(sorted(block)))] = data.draw(JSON)

    check_blocks([block], surface="message")
    check_view({"type": "modal", "title": plain(), "blocks": [block]})
    check_message({"text": "hi", "blocks": [block]})
