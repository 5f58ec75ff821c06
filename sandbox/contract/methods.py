"""The Web API's methods, by name: what each takes, needs and may answer (methods.json)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sandbox.contract.arguments import (
    FORMAT_ERRORS,
    Argument,
    ContractError,
    decode,
    refuse_name,
    type_problem,
)
from sandbox.contract.facts import facts

KIND_NAMES = {"public": "public_channel", "private": "private_channel", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True, slots=True)
class ArgRule:
    """A rule over several arguments: at_least_one, at_most_one, exactly_one, or together (all or none)."""

    rule: str
    of: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the Web API, as documented."""

    name: str
    deprecated: bool
    verb: str | None
    required: tuple[Argument, ...]
    optional: tuple[Argument, ...]
    arguments: Mapping[str, Argument]
    arg_rules: tuple[ArgRule, ...]
    scope_mode: str | None
    scopes: tuple[str, ...]
    scopes_by_kind: Mapping[str, tuple[str, ...]]
    token_types: tuple[str, ...]
    tier: int | str | None
    per_minute: int | None
    errors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the arguments of a call; a warning is tolerated by Slack."""

    code: str
    message: str
    is_warning: bool = False


def method(name: str) -> Method | None:
    """The documented method of that name, or None: Slack answers `unknown_method`."""
    return _methods().get(name)


def known_errors(method: Method) -> frozenset[str]:
    """Every code this method may answer: its own, those common to all, and those of also_answered.json."""
    content, also = facts("methods.json"), facts("also_answered.json")["codes"]
    common = frozenset(content["common_errors"]) | frozenset(content["transport_errors"])
    return method.errors | common | frozenset(also.get(method.name, ()))


def decode_arguments(method: Method, raw: Mapping[str, Any], *, form: bool) -> dict[str, object]:
    """Turn a form or JSON body into native values; raise ContractError for one that cannot be read."""
    arguments: dict[str, object] = {}
    for name, value in raw.items():
        if form:
            refuse_name(name)
        # methods.json: request_rules, "A JSON null means 'use the default'"; a form's token is not an argument.
        if value is None or (form and name == "token"):
            continue
        argument = method.arguments.get(name)
        arguments[name] = _decoded(method, argument, value) if argument else value
    return arguments


def check_arguments(method: Method, arguments: Mapping[str, object]) -> list[Problem]:
    """What is missing, of a wrong type, or against a rule; arguments nobody documented are warnings."""
    return [
        *_missing(method, arguments),
        *_mistyped(method, arguments),
        *filter(None, (_broken(rule, arguments) for rule in method.arg_rules)),
        *_unknown(method, arguments),
    ]


def missing_scope(method: Method, granted: frozenset[str], *, conversation_kind: str | None = None) -> str | None:
    """The `needed` of a missing_scope answer, or None if the granted scopes suffice (methods.json: bot_scopes.mode)."""
    if method.scope_mode in ("all_of", "app_level_token"):
        return ",".join(scope for scope in method.scopes if scope not in granted) or None
    if method.scope_mode == "any_of":
        return _none_of(method.scopes, granted)
    if method.scope_mode == "any_of_by_conversation_type":
        kind = KIND_NAMES.get(conversation_kind or "", "")
        return _none_of(method.scopes_by_kind.get(kind, method.scopes), granted)
    return None


def _none_of(scopes: tuple[str, ...], granted: frozenset[str]) -> str | None:
    return None if granted.intersection(scopes) else ",".join(scopes)


def _decoded(method: Method, argument: Argument, value: object) -> object:
    try:
        return decode(argument, value)
    except json.JSONDecodeError as error:
        code = FORMAT_ERRORS.get(argument.name, "")
        if code in method.errors:
            raise ContractError(code) from error
        message = f"[ERROR] must be valid JSON [json-pointer:/{argument.name}]"
        raise ContractError("invalid_arguments", [message]) from error


def _missing(method: Method, arguments: Mapping[str, object]) -> list[Problem]:
    return [
        Problem(argument.code_when_missing, f"[ERROR] missing required field: {argument.name}")
        for argument in method.required
        if argument.name not in arguments
    ]


def _mistyped(method: Method, arguments: Mapping[str, object]) -> list[Problem]:
    problems = []
    for name, value in arguments.items():
        argument = method.arguments.get(name)
        fault = type_problem(argument, value) if argument else None
        if fault:
            problems.append(Problem("invalid_arguments", f"[ERROR] {fault} [json-pointer:/{name}]"))
    return problems


def _unknown(method: Method, arguments: Mapping[str, object]) -> list[Problem]:
    if method.name == "api.test":  # methods.json: api.test echoes whatever it is given
        return []
    return [
        Problem("unknown_argument", f"[WARN] {method.name} has no argument `{name}`", is_warning=True)
        for name in arguments
        # Slack's own SDKs put team_id on every call of a client made for one team.
        if name not in method.arguments and name != "team_id"
    ]


def _broken(rule: ArgRule, arguments: Mapping[str, object]) -> Problem | None:
    # An empty string is what a form sends for "nothing"; an empty list says something (`blocks: []` clears).
    given = sum(arguments.get(name, "") != "" for name in rule.of)
    names = [f"`{name}`" for name in rule.of]
    if rule.rule == "together":
        return Problem(rule.code, f"[ERROR] must provide {' and '.join(names)}") if 0 < given < len(names) else None
    if given == 0 and rule.rule != "at_most_one":
        return Problem(rule.code, f"[ERROR] must provide {' or '.join(names)}")
    if given > 1 and rule.rule != "at_least_one":
        # The code of an exactly_one rule is for "none given"; at_most_one has a code of its own.
        code = rule.code if rule.rule == "at_most_one" else "invalid_arguments"
        return Problem(code, f"[ERROR] Cannot provide both {' and '.join(names)}")
    return None


@cache
def _methods() -> dict[str, Method]:
    return {fact["name"]: _method(fact) for fact in facts("methods.json")["methods"]}


def _method(fact: Mapping[str, Any]) -> Method:
    required = tuple(map(Argument.from_facts, fact["required_args"]))
    optional = tuple(map(Argument.from_facts, fact["optional_args"]))
    scopes = fact["bot_scopes"]
    return Method(
        name=fact["name"],
        deprecated=fact["deprecated"],
        verb=fact["http"]["verb"],
        required=required,
        optional=optional,
        arguments={argument.name: argument for argument in (*required, *optional)},
        arg_rules=tuple(map(_rule, fact["arg_rules"]["checked"])),
        scope_mode=scopes["mode"],
        scopes=tuple(scopes["scopes"]),
        scopes_by_kind={kind: tuple(names) for kind, names in scopes.get("by_type", {}).items()},
        token_types=tuple(fact["token_types"]),
        tier=fact["rate_limit"]["tier"],
        per_minute=fact["rate_limit"]["per_minute"],
        errors=frozenset(fact["errors"]),
    )


def _rule(fact: Mapping[str, Any]) -> ArgRule:
    return ArgRule(fact["rule"], tuple(fact["of"]), fact.get("code", "invalid_arguments"))
