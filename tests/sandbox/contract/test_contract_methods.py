"""The Web API's methods as data: arguments, scopes and errors."""

import json

import pytest

from sandbox.contract.arguments import ContractError
from sandbox.contract.facts import facts
from sandbox.contract.methods import Method, check_arguments, decode_arguments, known_errors, method, missing_scope


def the(name: str) -> Method:
    found = method(name)
    assert found is not None
    return found


METHODS = [fact["name"] for fact in facts("methods.json")["methods"]]


def codes(name: str, arguments: dict[str, object]) -> list[str]:
    return [problem.code for problem in check_arguments(the(name), arguments) if not problem.is_warning]


def test_an_unknown_method_is_not_found() -> None:
    assert method("chat.shout") is None


def test_a_method_knows_its_tier_and_verb() -> None:
    create = the("conversations.create")

    assert (create.tier, create.per_minute, create.verb) == (2, 20, "POST")


def test_a_method_may_answer_its_own_and_the_common_errors() -> None:
    errors = known_errors(the("conversations.create"))

    assert {"name_taken", "missing_scope", "invalid_json"} <= errors
    assert "already_pinned" not in errors


@pytest.mark.parametrize(
    ("argument", "sent", "native"),
    [
        ("blocks", '[{"type": "divider"}]', [{"type": "divider"}]),
        ("metadata", '{"event_type": "e"}', {"event_type": "e"}),
        ("mrkdwn", "1", True),
        ("unfurl_links", "false", False),
        ("text", "12", "12"),
        ("thread_ts", "1700000000.000100", "1700000000.000100"),
    ],
)
def test_a_form_carries_everything_as_strings(argument: str, sent: str, native: object) -> None:
    assert decode_arguments(the("chat.postMessage"), {argument: sent}, form=True) == {argument: native}


def test_a_form_carries_numbers_as_strings() -> None:
    assert decode_arguments(the("conversations.history"), {"limit": "50"}, form=True) == {"limit": 50}


def test_a_form_carries_lists_as_json_or_separated_by_commas() -> None:
    update = the("usergroups.users.update")

    assert decode_arguments(update, {"users": "U1, U2"}, form=True) == {"users": ["U1", "U2"]}
    assert decode_arguments(update, {"users": '["U1"]'}, form=True) == {"users": ["U1"]}


def test_a_token_in_a_form_is_not_an_argument() -> None:
    assert decode_arguments(the("auth.test"), {"token": "xoxb-1"}, form=True) == {}


def test_json_arguments_may_be_native_or_encoded() -> None:
    post, blocks = the("chat.postMessage"), [{"type": "divider"}]

    assert decode_arguments(post, {"blocks": blocks}, form=False) == {"blocks": blocks}
    assert decode_arguments(post, {"blocks": json.dumps(blocks)}, form=False) == {"blocks": blocks}


def test_a_json_null_means_the_default() -> None:
    assert decode_arguments(the("chat.postMessage"), {"text": "hi", "blocks": None}, form=False) == {"text": "hi"}


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("chat.postMessage", {"blocks": "[{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"metadata": "{"}, "invalid_metadata_format"),
        ("chat.update", {"attachments": "["}, "invalid_attachments"),
        ("views.open", {"view": "{'type'"}, "invalid_arguments"),
        ("chat.postMessage", {"users[0]": "U1"}, "invalid_array_arg"),
        ("chat.postMessage", {"te xt": "hi"}, "invalid_arg_name"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(name: str, arguments: dict[str, str], code: str) -> None:
    with pytest.raises(ContractError) as refused:
        decode_arguments(the(name), arguments, form=True)

    assert refused.value.code == code


def test_a_view_that_is_no_json_is_named_in_the_messages() -> None:
    with pytest.raises(ContractError) as refused:
        decode_arguments(the("views.open"), {"view": "{"}, form=True)

    assert refused.value.messages == ["[ERROR] must be valid JSON [json-pointer:/view]"]


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("conversations.setTopic", {"channel": "C1"}, ["invalid_arguments"]),
        ("conversations.create", {}, ["invalid_name_required"]),
        ("conversations.invite", {"channel": "C1"}, ["no_user"]),
        ("conversations.open", {}, ["users_list_not_supplied"]),
        ("conversations.open", {"users": "U1", "channel": "D1"}, ["invalid_arguments"]),
        ("chat.postMessage", {"channel": "C1"}, ["no_text"]),
        ("chat.postMessage", {"channel": "C1", "text": ""}, ["no_text"]),
        ("chat.postMessage", {"channel": "C1", "text": "a", "markdown_text": "b"}, ["markdown_text_conflict"]),
        ("views.open", {"view": {}}, ["invalid_arguments"]),
        ("views.update", {"view": {}, "view_id": "V1", "external_id": "e"}, ["invalid_arguments"]),
        ("pins.add", {"channel": "C1"}, ["no_item_specified"]),
        ("reactions.add", {"name": "eyes"}, ["no_item_specified", "no_item_specified"]),
        ("reactions.remove", {"name": "eyes", "timestamp": "1.1"}, ["no_item_specified"]),
        ("bookmarks.list", {}, ["invalid_arguments"]),
        ("conversations.create", {"name": "a", "is_private": "perhaps"}, ["invalid_arguments"]),
        ("conversations.history", {"channel": "C1", "limit": "many"}, ["invalid_arguments"]),
        ("conversations.invite", {"channel": "C1", "users": ["U1"]}, ["invalid_arguments"]),
        ("chat.postMessage", {"channel": "C1", "text": "hi", "thread_ts": "1.1"}, []),
        ("views.open", {"view": {}, "trigger_id": "1.1.a"}, []),
    ],
)
def test_missing_and_mistyped_arguments_have_their_codes(
    name: str, arguments: dict[str, object], expected: list[str]
) -> None:
    assert codes(name, arguments) == expected


def test_a_missing_argument_is_named_as_slack_names_it() -> None:
    problems = check_arguments(the("conversations.setTopic"), {"channel": "C1"})

    assert [problem.message for problem in problems] == ["[ERROR] missing required field: topic"]


def test_a_mistyped_argument_is_pointed_at() -> None:
    problems = check_arguments(the("conversations.create"), {"name": 7})

    assert [problem.message for problem in problems] == ["[ERROR] must be a string [json-pointer:/name]"]


def test_two_arguments_that_exclude_each_other_are_named() -> None:
    problems = check_arguments(the("views.update"), {"view": {}, "view_id": "V1", "external_id": "e"})

    assert [problem.message for problem in problems] == ["[ERROR] Cannot provide both `external_id` and `view_id`"]


def test_an_argument_nobody_documented_is_a_warning() -> None:
    problems = check_arguments(the("conversations.join"), {"channel": "C1", "colour": "red"})

    assert [(problem.is_warning, problem.message) for problem in problems] == [
        (True, "[WARN] conversations.join has no argument `colour`")
    ]


@pytest.mark.parametrize(
    ("name", "granted", "kind", "needed"),
    [
        ("chat.postMessage", {"chat:write"}, "public", None),
        ("chat.postMessage", {"chat:write.public"}, "public", "chat:write"),
        ("auth.test", set(), None, None),
        ("conversations.create", {"groups:write"}, "private", None),
        ("conversations.create", {"groups:write"}, "public", "channels:manage,channels:write"),
        ("conversations.history", {"channels:history"}, "im", "im:history"),
        ("conversations.history", set(), None, "channels:history,groups:history,im:history,mpim:history"),
        ("conversations.history", {"mpim:history"}, None, None),
        ("conversations.invite", {"channels:write.invites"}, "public", None),
        ("apps.connections.open", {"connections:write"}, None, None),
        ("apps.connections.open", {"chat:write"}, None, "connections:write"),
    ],
)
def test_the_needed_scope_follows_the_kind_of_conversation(
    name: str, granted: set[str], kind: str | None, needed: str | None
) -> None:
    assert missing_scope(the(name), frozenset(granted), conversation_kind=kind) == needed


@pytest.mark.parametrize("name", METHODS)
def test_a_method_called_with_nothing_answers_only_codes_it_may(name: str) -> None:
    assert set(codes(name, {})) <= known_errors(the(name))


@pytest.mark.parametrize("name", METHODS)
def test_a_method_called_with_the_wrong_types_answers_only_codes_it_may(name: str) -> None:
    arguments: dict[str, object] = dict.fromkeys(the(name).arguments, 1.5)

    assert set(codes(name, decode_arguments(the(name), arguments, form=False))) <= known_errors(the(name))
