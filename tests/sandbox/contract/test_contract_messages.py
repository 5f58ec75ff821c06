"""Views and messages as a whole: limits, special codes, warnings."""

from typing import Any

import pytest

from sandbox.contract.blocks import check_message, check_view

Json = dict[str, Any]

DIVIDER = {"type": "divider"}
WRONG = {"type": "section"}


def plain(text: str = "words") -> Json:
    return {"type": "plain_text", "text": text}


INPUT = {"type": "input", "label": plain(), "element": {"type": "plain_text_input"}}


def modal(**changes: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": [DIVIDER], **changes}


def section_of(length: int) -> Json:
    return {"type": "section", "text": plain("x" * length)}


def test_a_right_modal_is_accepted() -> None:
    view = modal(submit=plain(), close=plain(), callback_id="c", private_metadata="m", blocks=[INPUT])

    assert check_view(view).code is None


def test_a_right_home_tab_is_accepted() -> None:
    assert check_view({"type": "home", "blocks": [DIVIDER, INPUT]}).code is None


@pytest.mark.parametrize(
    ("view", "errors"),
    [
        ("a view", ["must provide an object [json-pointer:/view]"]),
        ({"blocks": []}, ["missing required field: type [json-pointer:/view]"]),
        ({"type": "dialog"}, ["unsupported type: dialog [json-pointer:/view/type]"]),
        ({"type": ["modal"]}, ["unsupported type: ['modal'] [json-pointer:/view/type]"]),
        (
            {"type": "modal"},
            [
                "missing required field: title [json-pointer:/view]",
                "missing required field: blocks [json-pointer:/view]",
            ],
        ),
        (modal(title=plain("x" * 25)), ["must be less than 25 characters [json-pointer:/view/title/text]"]),
        (modal(submit=plain("x" * 25)), ["must be less than 25 characters [json-pointer:/view/submit/text]"]),
        (modal(close=plain("x" * 25)), ["must be less than 25 characters [json-pointer:/view/close/text]"]),
        (
            modal(title={"type": "mrkdwn", "text": "x"}),
            ["unsupported type: mrkdwn [json-pointer:/view/title/type]"],
        ),
        (
            modal(private_metadata="x" * 3001),
            ["must be less than 3001 characters [json-pointer:/view/private_metadata]"],
        ),
        (modal(callback_id="x" * 256), ["must be less than 256 characters [json-pointer:/view/callback_id]"]),
        (modal(blocks=[DIVIDER] * 101), ["no more than 100 items allowed [json-pointer:/view/blocks]"]),
        (modal(blocks=DIVIDER), ["must provide an array [json-pointer:/view/blocks]"]),
        (modal(hash="1.2"), ["invalid additional property: hash [json-pointer:/view]"]),
        (
            modal(blocks=[DIVIDER, INPUT]),
            ["must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]"],
        ),
        (
            modal(blocks=[WRONG]),
            ["must define either `text` or `fields` [json-pointer:/view/blocks/0/type]"],
        ),
        (
            {"type": "home", "blocks": [], "title": plain()},
            ["invalid additional property: title [json-pointer:/view]"],
        ),
        (
            {"type": "home", "blocks": [{"type": "alert", "text": plain()}]},
            ["unsupported type: alert [json-pointer:/view/blocks/0/type]"],
        ),
    ],
)
def test_a_wrong_view_is_refused_with_its_places(view: object, errors: list[str]) -> None:
    checked = check_view(view)

    assert checked.errors == [f"[ERROR] {error}" for error in errors]
    assert checked.code == "invalid_arguments"


def test_a_view_of_more_than_250_kb_is_too_large() -> None:
    blocks = [section_of(3000) for _ in range(90)]

    assert check_view(modal(blocks=blocks)).code == "view_too_large"
    assert check_view(modal(blocks=blocks[:80])).code is None


@pytest.mark.parametrize(
    "arguments",
    [
        {"text": "hi"},
        {"text": "hi", "blocks": [DIVIDER]},
        {"text": "hi", "blocks": ""},
        {"markdown_text": "# hi"},
        {"text": "", "attachments": [{"fallback": "hi", "color": "#fff"}]},
        {"text": "hi", "metadata": {"event_type": "e", "event_payload": {"a": 1}}},
    ],
)
def test_a_right_message_is_accepted_without_a_word(arguments: Json) -> None:
    checked = check_message(arguments)

    assert (checked.code, checked.errors, checked.warnings) == (None, [], [])


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [
        ("chat.postMessage", {}, "no_text"),
        ("chat.postMessage", {"text": " \n"}, "no_text"),
        ("chat.postMessage", {"blocks": []}, "no_text"),
        ("chat.postMessage", {"text": "hi", "blocks": {}}, "invalid_blocks_format"),
        ("chat.postMessage", {"text": "hi", "blocks": [WRONG]}, "invalid_blocks"),
        ("chat.postMessage", {"text": "hi", "blocks": [DIVIDER] * 51}, "invalid_blocks"),
        ("chat.postMessage", {"text": "hi", "attachments": [{"blocks": [WRONG]}]}, "invalid_blocks"),
        ("chat.postMessage", {"text": "hi", "attachments": [{}] * 101}, "too_many_attachments"),
        ("chat.postMessage", {"text": "hi", "attachments": "x"}, "invalid_arguments"),
        ("chat.update", {"text": "hi", "attachments": "x"}, "invalid_attachments"),
        ("chat.postMessage", {"text": "hi", "markdown_text": "hi"}, "markdown_text_conflict"),
        ("chat.postMessage", {"blocks": [DIVIDER], "markdown_text": "hi"}, "markdown_text_conflict"),
        ("chat.postMessage", {"markdown_text": "x" * 12_001}, "invalid_arguments"),
        ("chat.update", {"text": "x" * 4001}, "msg_too_long"),
        ("chat.update", {"text": "x" * 4000}, None),
        ("chat.postEphemeral", {"text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"text": "hi", "metadata": {}}, "invalid_metadata_format"),
        ("chat.update", {"text": "hi", "metadata": {}}, None),
        ("chat.postMessage", {"text": "hi", "metadata": {"event_type": "e"}}, "invalid_metadata_format"),
        ("chat.postMessage", {"text": "hi", "metadata": ["e"]}, "invalid_metadata_format"),
        (
            "chat.postMessage",
            {"text": "hi", "metadata": {"event_type": "e", "event_payload": {}, "key": 1}},
            "invalid_metadata_format",
        ),
    ],
)
def test_a_message_gets_the_code_of_its_fault(method: str, arguments: Json, code: str | None) -> None:
    assert check_message(arguments, method=method).code == code


def test_wrong_blocks_in_an_attachment_are_pointed_at() -> None:
    checked = check_message({"text": "hi", "attachments": [{"blocks": [DIVIDER, WRONG]}]})

    assert checked.errors == [
        "[ERROR] must define either `text` or `fields` [json-pointer:/attachments/0/blocks/1/type]"
    ]


def test_a_long_text_is_truncated_with_a_warning() -> None:
    checked = check_message({"text": "x" * 40_001})

    assert checked.code is None
    assert checked.warnings == [
        "[WARN] Your message was truncated but still posted. The `text` field accepts up to 40,000 characters."
    ]


@pytest.mark.parametrize(
    "arguments", [{"blocks": [DIVIDER]}, {"attachments": [{"blocks": [DIVIDER]}]}, {"text": "", "blocks": [DIVIDER]}]
)
def test_blocks_without_fallback_text_are_a_warning(arguments: Json) -> None:
    checked = check_message(arguments)

    assert checked.code is None
    assert checked.warnings == [
        "[WARN] chat.postMessage without `text`: notifications and screen readers have nothing to show"
    ]


def test_an_update_keeps_the_text_there_was() -> None:
    assert check_message({"blocks": [DIVIDER]}, method="chat.update").warnings == []


def test_more_text_in_blocks_than_observers_saw_pass_is_a_warning() -> None:
    checked = check_message({"text": "hi", "blocks": [section_of(3000)] * 4})

    assert checked.code is None
    assert checked.warnings == [
        "[WARN] chat.postMessage with 12000 characters in blocks: Slack may answer msg_blocks_too_long"
    ]
