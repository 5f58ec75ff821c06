"""The log: no secret, and nothing that people wrote."""

import io
import json
import logging

import pytest
import structlog

from bot.log import redact

SECRETS = [
    "xoxb-1234-abcDEF",
    "xoxp-1-2-3",
    "xapp-1-A111-2-abc",
    "xoxe-1-abc",
    "xoxe.xoxb-1-abc",
    "xoxe.xoxp-1-abc",
    "xwfp-9-abc",
    "https://hooks.slack.com/commands/T111/1/abc",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_not_shown(secret: str) -> None:
    assert redact(f"token={secret}, 'x'").startswith("token=***")
    assert secret.rsplit("-", 1)[-1].rsplit("/", 1)[-1] not in redact(f"token {secret}")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://sitrep:pa$$word@db/sitrep", "postgresql://sitrep:***@db/sitrep"),
        ("postgresql://sitrep:p/ss@db/sitrep", "postgresql://sitrep:***@db/sitrep"),
        ("postgresql://sitrep:p@ss@db/sitrep", "postgresql://sitrep:***@db/sitrep"),
        ("redis://:password@cache", "redis://:***@cache"),
        ("smtp://me:password@mail:25 failed", "smtp://me:***@mail:25 failed"),
        ("postgresql://sitrep@db/sitrep", "postgresql://sitrep@db/sitrep"),
        ("https://slack.com/api/chat.postMessage", "https://slack.com/api/chat.postMessage"),
    ],
)
def test_a_password_in_an_address_is_not_shown(address: str, shown: str) -> None:
    assert redact(address) == shown


@pytest.mark.parametrize("secret", SECRETS)
def test_no_log_line_holds_a_secret(secret: str, log_lines: io.StringIO) -> None:
    structlog.get_logger().warning(f"said {secret}", value=secret, deep={"list": [secret, {"key": secret}]})
    logging.getLogger("library").warning("said %s", secret)

    shown = log_lines.getvalue()
    assert shown.count("\n") == 2
    assert secret not in shown


def test_a_fault_is_its_type_and_the_places_it_passed(log_lines: io.StringIO) -> None:
    try:
        raise ValueError("the board does not know yet")
    except ValueError as fault:
        structlog.get_logger().error("ours, at hand", exc_info=fault)
        structlog.get_logger().exception("ours")
        logging.getLogger("library").exception("a library's")

    lines = [json.loads(line) for line in log_lines.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["ours, at hand", "ours", "a library's"]
    assert {line["fault"] for line in lines} == {"ValueError"}
    assert all("test_a_fault_is_its_type" in line["at"][-1] for line in lines)
    assert "board" not in json.dumps(lines)


def test_a_line_says_when_and_how_grave(log_lines: io.StringIO) -> None:
    structlog.get_logger().info("ready", port=3000)

    line = json.loads(log_lines.getvalue())
    assert (line["event"], line["level"], line["port"]) == ("ready", "info", 3000)
    assert line["timestamp"].endswith("Z")


def test_slacks_libraries_are_heard_only_of_errors(log_lines: io.StringIO) -> None:
    logging.getLogger("slack_bolt.AsyncApp").warning("Unhandled request (the board does not know yet)")
    logging.getLogger("slack_sdk.web").warning("retrying")

    assert log_lines.getvalue() == ""
