"""Settings: what the environment may say, and what is said when it does not hold together."""

from pathlib import Path

import pytest

from bot.messenger.mail_server import MailServer
from bot.settings import BadSettings, Mode, Settings, load_settings, load_webhook_secrets
from workflows.process import parse_process

BOT, APP, SIGNING = "xoxb-secret-bot", "xapp-secret-app", "0123secret4567"
NAMES = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_API_URL",
    "DATABASE_URL",
    "SITREP_MODE",
    "SITREP_HOST",
    "SITREP_PORT",
    "SITREP_CONFIG",
    "SITREP_DIGEST_CHANNEL",
    "SMTP_URL",
)


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is set, and no .env file lies around."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def load(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    """The settings of a process with this environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_settings()


@pytest.mark.parametrize(
    ("environment", "mode"),
    [
        ({"SLACK_APP_TOKEN": APP}, Mode.SOCKET),
        ({"SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": SIGNING}, Mode.SOCKET),
        ({"SLACK_SIGNING_SECRET": SIGNING}, Mode.HTTP),
        ({"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SIGNING}, Mode.HTTP),
        ({"SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": SIGNING, "SITREP_MODE": "http"}, Mode.HTTP),
        ({"SLACK_APP_TOKEN": APP, "SITREP_MODE": "socket"}, Mode.SOCKET),
    ],
)
def test_the_mode_follows_from_what_is_set(
    environment: dict[str, str], mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load(monkeypatch, SLACK_BOT_TOKEN=BOT, **environment).mode is mode


@pytest.mark.parametrize(
    ("environment", "named", "place"),
    [
        ({"SLACK_APP_TOKEN": APP}, "SLACK_BOT_TOKEN is not set", "OAuth"),
        ({"SLACK_BOT_TOKEN": BOT}, "SLACK_APP_TOKEN", "Basic Information"),
        ({"SLACK_BOT_TOKEN": BOT}, "SLACK_SIGNING_SECRET", "Basic Information"),
        ({"SLACK_BOT_TOKEN": BOT, "SITREP_MODE": "socket"}, "SLACK_APP_TOKEN is not set", "App-Level Tokens"),
        (
            {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SITREP_MODE": "http"},
            "SLACK_SIGNING_SECRET is not set",
            "App Credentials",
        ),
    ],
)
def test_what_is_missing_is_named_with_the_place_to_get_it(
    environment: dict[str, str], named: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadSettings) as told:
        load(monkeypatch, **environment)

    assert named in str(told.value)
    assert place in str(told.value)


@pytest.mark.parametrize(
    ("name", "value"), [("SITREP_MODE", "carrier-pigeon"), ("SITREP_PORT", "high"), ("SITREP_PORT", "65536")]
)
def test_what_is_wrong_is_named_and_no_value_is_shown(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSettings) as told:
        load(monkeypatch, SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP, **{name: value})

    assert name in str(told.value)
    assert value not in str(told.value)
    assert "secret" not in f"{told.value} {told.value.__cause__} {told.value.__context__ and ''}"


def test_tokens_are_stars_when_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP, SLACK_SIGNING_SECRET=SIGNING)

    assert "secret-bot" not in f"{settings!r} {settings}"
    assert "secret-app" not in f"{settings!r} {settings}"
    assert SIGNING not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("incidents", "incidents"),
        ("#incidents", "incidents"),
        ("#Incidents", "incidents"),
        ("OPS", "ops"),
        ("CUSTOMER-ALERTS", "customer-alerts"),
        ("#CUSTOMERS", "customers"),
        ("障害", "障害"),
        ("C0123ABC", "C0123ABC"),
        ("G0123456789", "G0123456789"),
        ("", "incidents"),
    ],
)
def test_the_digest_channel_is_a_name_or_an_id(written: str, meant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP, SITREP_DIGEST_CHANNEL=written)

    assert settings.digest_channel == meant


@pytest.mark.parametrize("written", ["our incidents", "incidents!", "ops.alerts", "#", "--", "x" * 81, "<#C0123ABC>"])
def test_what_can_never_be_a_channels_name_is_refused(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSettings, match="SITREP_DIGEST_CHANNEL: it cannot be a channel's name; write up to 80"):
        load(monkeypatch, SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP, SITREP_DIGEST_CHANNEL=written)


@pytest.mark.parametrize(
    ("written", "host", "port", "user", "password", "sender", "tls_at_once", "starttls"),
    [
        (
            "smtp://mail.example/?from=sitrep@example.com",
            "mail.example",
            587,
            "",
            "",
            "sitrep@example.com",
            False,
            None,
        ),
        ("smtp://mail.example:25?from=a@b.example", "mail.example", 25, "", "", "a@b.example", False, None),
        ("smtps://mail.example?from=a@b.example", "mail.example", 465, "", "", "a@b.example", True, None),
        (
            "smtp://me%40b.example:p%40ss%2Fword@mail.example/?from=ops+sitrep@b.example&starttls=required",
            "mail.example",
            587,
            "me@b.example",
            "p@ss/word",
            "ops+sitrep@b.example",
            False,
            True,
        ),
        ("smtp://[::1]:25/?from=a@b.example&starttls=off", "::1", 25, "", "", "a@b.example", False, False),
    ],
    ids=["shortest", "port", "TLS at once", "everything", "IPv6"],
)
def test_a_mail_server_is_read_from_its_address(
    written: str,
    host: str,
    port: int,
    user: str,
    password: str,
    sender: str,
    tls_at_once: bool,
    starttls: bool | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = load(monkeypatch, SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP, SMTP_URL=written)

    assert settings.mail_server == MailServer(host, port, sender, user, password, tls_at_once, starttls)
    assert "p@ss" not in f"{settings!r} {settings.mail_server!r}"
    assert "p%40ss" not in repr(settings)


def test_without_an_address_there_is_no_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP, SMTP_URL="").mail_server is None


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("mail.example:587", "it is not a mail server's address; write smtp://user:password@host:587/"),
        ("http://mail.example/?from=a@b.example", "it is not a mail server's address"),
        ("smtp://me:secret/word@mail.example/?from=a@b.example", "with signs such as @ or / as %40 or %2F"),
        ("smtp://me:secret@mail.example:high/?from=a@b.example", "it is not a mail server's address"),
        ("smtp:///?from=a@b.example", "it is not a mail server's address"),
        ("smtp://me:secret@mail.example", "it does not say from which address mail is sent"),
        ("smtp://mail.example/?from=Ops", "it does not say from which address mail is sent"),
        ("smtp://mail.example/?from=a@b.example%0d%0aBcc:x@y.example", "it does not say from which address"),
        ("smtp://mail.example/?from=a@b.example&starttls=maybe", "starttls is required or off"),
        ("smtp://mail.example/?from=a@b.example&tls=yes", "tls is not known; there are from and starttls"),
        ("smtp://secret@mail.example/?from=a@b.example", "it has a user or a password only"),
    ],
)
def test_what_is_no_mail_server_is_refused_without_its_password(
    written: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadSettings) as told:
        load(monkeypatch, SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP, SMTP_URL=written)

    assert str(told.value).startswith("SMTP_URL: ")
    assert sentence in str(told.value)
    assert "secret" not in str(told.value)


HOOKED = parse_process({"webhooks": {"status": {"url": "https://status.example/in", "secret_env": "STATUS_SECRET"}}})


def test_a_webhooks_secret_is_read_from_the_environment_or_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("STATUS_SECRET=of the file\n")
    of_the_file = load_webhook_secrets(HOOKED)["status"]
    monkeypatch.setenv("STATUS_SECRET", "of the environment")
    of_the_environment = load_webhook_secrets(HOOKED)["status"]

    assert of_the_file.get_secret_value() == "of the file"
    assert of_the_environment.get_secret_value() == "of the environment"


@pytest.mark.parametrize("value", [None, ""])
def test_a_webhook_without_a_secret_is_refused(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATUS_SECRET", raising=False)
    if value is not None:
        monkeypatch.setenv("STATUS_SECRET", value)

    with pytest.raises(BadSettings) as told:
        load_webhook_secrets(HOOKED)

    assert str(told.value) == "STATUS_SECRET is not set; webhooks.status of sitrep.toml is signed with it"


@pytest.mark.parametrize("address", ["http://localhost:8025/api", "http://localhost:8025/api/"])
def test_the_api_address_ends_with_a_slash(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP, SLACK_API_URL=address)

    assert settings.api_url == "http://localhost:8025/api/"


def test_a_file_may_say_it_instead_of_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"SLACK_BOT_TOKEN={BOT}\nSLACK_APP_TOKEN={APP}\nOTHER=1\n")

    assert load(monkeypatch).slack_bot_token.get_secret_value() == BOT
