"""Whether Slack would take the content of a message (methods.json: chat.*; blocks.json: limits)."""

from collections.abc import Iterator, Mapping

from sandbox.contract.block_kit import BlockChecker, text_length
from sandbox.contract.facts import facts
from sandbox.contract.methods import method as method_named
from sandbox.contract.schema import Checked

LIMITS = facts("blocks.json")["limits"]

# chat.postMessage cuts a longer text off and says so; chat.update refuses one over its own, lower limit.
TEXT_LIMIT: int = LIMITS["message_text_hard"]["max_length"]
UPDATED_TEXT_LIMIT: int = LIMITS["chat_update_text"]["max_length"]
MARKDOWN_LIMIT: int = LIMITS["markdown_text_argument"]["max_length"]
ATTACHMENT_LIMIT: int = LIMITS["attachments_per_message"]["max_items"]
# Undocumented; blocks.json: limits.message_blocks_cumulative_text says what observers report.
REPORTED_BLOCK_TEXT_LIMIT = 10_000

TRUNCATED = (
    f"[WARN] Your message was truncated but still posted. The `text` field accepts up to {TEXT_LIMIT:,} characters."
)


def check_message(arguments: Mapping[str, object], *, method: str = "chat.postMessage") -> Checked:
    """Check the content of a chat.* call; `code` is what to answer, None if it may be posted."""
    warnings = list(_warnings(arguments, method))
    for code, errors in _faults(arguments, method):
        return Checked(errors, warnings, code if code in _errors_of(method) else "invalid_arguments")
    return Checked(warnings=warnings)


def _faults(arguments: Mapping[str, object], method: str) -> Iterator[tuple[str, list[str]]]:
    """Every reason to refuse, in the order in which Slack's answer names one."""
    yield from _content_faults(arguments)
    yield from _length_faults(arguments, method)
    yield from _attachment_faults(arguments)
    yield from _block_faults(arguments)
    yield from _metadata_faults(arguments, method)


def _content_faults(arguments: Mapping[str, object]) -> Iterator[tuple[str, list[str]]]:
    blocks = arguments.get("blocks")
    if blocks not in (None, "") and not isinstance(blocks, list):
        yield "invalid_blocks_format", ["[ERROR] must provide an array [json-pointer:/blocks]"]
    if not any((_text(arguments), _text(arguments, "markdown_text"), blocks, arguments.get("attachments"))):
        yield "no_text", []
    # methods.json: chat.postMessage, "markdown_text cannot be combined with text or blocks"
    if arguments.get("markdown_text") and (arguments.get("text") or blocks):
        yield "markdown_text_conflict", []


def _length_faults(arguments: Mapping[str, object], method: str) -> Iterator[tuple[str, list[str]]]:
    limit = UPDATED_TEXT_LIMIT if method == "chat.update" else TEXT_LIMIT
    if method != "chat.postMessage" and len(_text(arguments)) > limit:
        yield "msg_too_long", []
    if len(_text(arguments, "markdown_text")) > MARKDOWN_LIMIT:
        yield (
            "msg_too_long",
            [f"[ERROR] must be less than {MARKDOWN_LIMIT + 1} characters [json-pointer:/markdown_text]"],
        )


def _attachment_faults(arguments: Mapping[str, object]) -> Iterator[tuple[str, list[str]]]:
    attachments = arguments.get("attachments")
    if not attachments:
        return
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        yield "invalid_attachments", ["[ERROR] must provide an array of objects [json-pointer:/attachments]"]
        return
    if len(attachments) > ATTACHMENT_LIMIT:
        yield "too_many_attachments", []
    for index, attachment in enumerate(attachments):
        if "blocks" in attachment:
            yield from _faults_of_blocks(attachment["blocks"], f"/attachments/{index}/blocks")


def _block_faults(arguments: Mapping[str, object]) -> Iterator[tuple[str, list[str]]]:
    if arguments.get("blocks"):
        yield from _faults_of_blocks(arguments["blocks"], "/blocks")


def _faults_of_blocks(blocks: object, pointer: str) -> Iterator[tuple[str, list[str]]]:
    if not isinstance(blocks, list):
        yield "invalid_blocks_format", [f"[ERROR] must provide an array [json-pointer:{pointer}]"]
        return
    checker = BlockChecker("message")
    checker.check_blocks(blocks, pointer)
    if checker.errors:
        yield "invalid_blocks", checker.errors


def _metadata_faults(arguments: Mapping[str, object], method: str) -> Iterator[tuple[str, list[str]]]:
    metadata = arguments.get("metadata")
    # methods.json: chat.update, "metadata omitted -> kept, {} clears"
    if metadata is None or metadata == "" or (metadata == {} and method == "chat.update"):
        return
    if not isinstance(metadata, dict) or not _is_event(metadata):
        yield "invalid_metadata_format", []


def _is_event(metadata: Mapping[str, object]) -> bool:
    event_type = metadata.get("event_type")
    is_event = isinstance(event_type, str) and event_type != "" and isinstance(metadata.get("event_payload"), dict)
    is_entity = isinstance(metadata.get("entities"), list) and "event_type" not in metadata
    return (is_event or is_entity) and metadata.keys() <= {"event_type", "event_payload", "entities"}


def _warnings(arguments: Mapping[str, object], method: str) -> Iterator[str]:
    text = _text(arguments)
    if method == "chat.postMessage" and len(text) > TEXT_LIMIT:
        yield TRUNCATED
    # chat.update keeps the text that was there before.
    if not text and not _text(arguments, "markdown_text") and method != "chat.update" and _lacks_fallback(arguments):
        yield f"[WARN] {method} without `text`: notifications and screen readers have nothing to show"
    length = _block_text_length(arguments.get("blocks"))
    if length > REPORTED_BLOCK_TEXT_LIMIT:
        yield f"[WARN] {method} with {length} characters in blocks: Slack may answer msg_blocks_too_long"


def _lacks_fallback(arguments: Mapping[str, object]) -> bool:
    if arguments.get("blocks"):
        return True
    attachments = arguments.get("attachments")
    items = attachments if isinstance(attachments, list) else []
    return any(isinstance(each, dict) and not (each.get("fallback") or each.get("text")) for each in items)


def _block_text_length(blocks: object) -> int:
    """Characters in blocks, but for tables and markdown, which have published limits of their own."""
    own_limit = ("table", "data_table", "markdown")
    items = blocks if isinstance(blocks, list) else []
    return sum(text_length(each) for each in items if isinstance(each, dict) and each.get("type") not in own_limit)


def _text(arguments: Mapping[str, object], name: str = "text") -> str:
    """The text as given, or nothing if it is only white space."""
    text = arguments.get(name)
    return text if isinstance(text, str) and text.strip() else ""


def _errors_of(method: str) -> frozenset[str]:
    known = method_named(method)
    return known.errors if known else frozenset()
