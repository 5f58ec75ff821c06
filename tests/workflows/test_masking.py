"""Secrets that people paste are masked, and nothing else is."""

import pytest

from workflows.masking import mask

# Each is put together here, so that no scanner takes this file for a leak.
SECRETS = {
    "AWS key": "AKIA" + "IOSFODNN7EXAMPLE",
    "Slack token": "xox" + "b-123456789012-abcdefghij",
    "GitHub token": "ghp" + "_" + "a1" * 18,
    "GitLab token": "glpat" + "-" + "A1b2C3d4E5f6G7h8I9j0",
    "Google key": "AIza" + "Sy" + "a1B2c3D4e5" * 3 + "xyz",
    "Stripe key": "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
    "API key": "sk-" + "proj-a1B2c3D4e5F6g7H8i9J0",
    "npm token": "npm_" + "a1B2" * 9,
    "Vault token": "hvs." + "CAESIJ1a2b3c4d5e6f7g8h9",
    "token": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3.dozjgNryP4J3jVmNHl0w5N",
    "Slack webhook": "hooks.slack.com/services/" + "T00000000/B00000000/" + "X" * 24,
}


@pytest.mark.parametrize(("name", "secret"), SECRETS.items(), ids=SECRETS.keys())
def test_a_secret_is_replaced_by_what_it_was(name: str, secret: str) -> None:
    assert mask(f"try ({secret}), please") == f"try ([masked: {name}]), please"


def test_a_private_key_is_masked_whole_also_when_its_end_is_missing() -> None:
    begin, end = "-----BEGIN RSA " + "PRIVATE KEY-----", "-----END RSA " + "PRIVATE KEY-----"

    assert mask(f"here:\n{begin}\nMIIEow\nabc=\n{end}\nok") == "here:\n[masked: private key]\nok"
    assert mask(f"here:\n{begin}\nMIIEow") == "here:\n[masked: private key]"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgres://app:hunter2@db/orders", "postgres://app:[masked: password]@db/orders"),
        ("DB_PASSWORD=Tr0ub4dor&33333", "DB_PASSWORD=[masked: secret]"),
        ('"api_key": "0a1b2c3d4e5f6071"', '"api_key": "[masked: secret]"'),
        ("d=xox" + "d-AbCdEf%2BghIjKl%2F123456;", "d=[masked: Slack token];"),
        ("curl -H 'Authorization: Basic YWRtaW46aHVudGVyMg=='", "curl -H 'Authorization: Basic [masked: secret]'"),
        ("Authorization: Bearer abc123def456ghi789", "Authorization: Bearer [masked: secret]"),
    ],
)
def test_what_a_text_calls_a_secret_is_masked_where_it_looks_like_one(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "The token: expired an hour ago",
        "basic troubleshooting2026 done, authorization is fine",
        "password: somebody must rotate it",
        "see https://example.com:8443/graph?from=now-1h@UTC",
        "commit 3f786850e387550fdab836ed7e6dc881de23001b is live",
        "sk-learn and npm_install are fine, so is AKIA",
        "trace 4bf92f3577b34da6a3ce929d0e0e4736, pod api-7d4b9c6f5d-x2x9k",
        "{@U012ABCDEF} restarts at 14:02",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "link",
    [
        "https://us02web.zoom.us/j/84512345678?pwd=UVZ2Tk5pQmFqWEdXR0F3UT09.1",
        "https://zoom.us/my/ann?pwd=a1b2c3d4e5f6g7",
    ],
)
def test_an_invitation_to_a_meeting_keeps_the_passcode_without_which_it_leads_nowhere(link: str) -> None:
    assert mask(f"Join {link} now") == f"Join {link} now"


def test_a_password_in_any_other_address_is_masked() -> None:
    assert mask("https://db.example/?pwd=a1b2c3d4e5f6g7&u=1") == "https://db.example/?pwd=[masked: secret]"


@pytest.mark.parametrize(
    "piece",
    ["a-", "token=", "password ", "eyJaaaaaaaaaa-", "http://a.", "SG.", "-----BEGIN PRIVATE ", "bearer ", "x://a:"],
)
def test_no_text_takes_long_to_look_through(piece: str) -> None:
    """Work that grows with the square of the length would take minutes here."""
    text = (piece * 40_000)[:40_000] + " key secret token bearer eyJ PRIVATE ://"

    assert len(mask(text)) <= len(text) + 40_000
