"""Settings: the environment (or a .env file) and sitrep.toml, read and checked once, at the start."""

import os
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Self

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.messenger.mail_server import MailServer, parse_smtp_url
from workflows.process import DEFAULT_FILE, Process

_APP_TOKEN = "the xapp-… token under Basic Information, App-Level Tokens"  # noqa: S105  # where it is, not what
_SIGNING_SECRET = "the signing secret under Basic Information, App Credentials"  # noqa: S105  # where it is, not what

_ENV_FILE = ".env"
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{7,}")
_CHANNEL_NAME = re.compile(r"(?=.*[^\W_])[\w-]{1,80}")
"""Letters and digits of any script, hyphens, underscores; not these two alone (methods: conversations.create)."""


class Mode(StrEnum):
    """How Slack's requests reach us."""

    AUTO = "auto"
    SOCKET = "socket"
    HTTP = "http"


class BadSettings(ValueError):
    """The settings do not hold together; its text names each and what to do."""


class DatabaseSettings(BaseSettings):
    """Where the state is and how incidents are run; enough for commands that talk to nobody."""

    model_config = SettingsConfigDict(env_file=_ENV_FILE, extra="ignore", env_ignore_empty=True)

    database_url: str = "sqlite:///sitrep.db"
    sitrep_config: Path = DEFAULT_FILE


class Settings(DatabaseSettings):
    """What the environment says. Tokens print as stars."""

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    sitrep_mode: Mode = Mode.AUTO
    sitrep_host: str = "127.0.0.1"
    sitrep_port: int = Field(default=3000, ge=0, le=65535)
    sitrep_digest_channel: str = "incidents"
    sitrep_files: Path | None = None
    """The folder for files from incidents' channels; nothing: beside the database (`storage.files.default_folder`)."""
    smtp_url: SecretStr = SecretStr("")

    @field_validator("sitrep_digest_channel")
    @classmethod
    def _can_be_a_channel(cls, written: str) -> str:
        """An id as it is; a name as Slack has it, without the # and the capitals people write."""
        name = written.strip()
        if is_channel_id(name):
            return name
        name = name.lstrip("#").lower()
        if not _CHANNEL_NAME.fullmatch(name):
            raise ValueError(
                "it cannot be a channel's name; write up to 80 letters, digits, hyphens and underscores, "
                "such as incidents, or the channel's id, such as C0123ABCD"
            )
        return name

    @field_validator("smtp_url")
    @classmethod
    def _names_a_mail_server(cls, written: SecretStr) -> SecretStr:
        if written.get_secret_value():
            parse_smtp_url(written.get_secret_value())
        return written

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not self.slack_bot_token.get_secret_value():
            raise ValueError("SLACK_BOT_TOKEN is not set; it is the xoxb-… token on your Slack app's OAuth page")
        if self.mode is Mode.SOCKET and not self.slack_app_token.get_secret_value():
            raise ValueError(f"SLACK_APP_TOKEN is not set; Socket Mode needs it: {_APP_TOKEN}")
        if self.mode is Mode.HTTP and not self.slack_signing_secret.get_secret_value():
            raise ValueError(self._without_transport())
        return self

    def _without_transport(self) -> str:
        if self.sitrep_mode is Mode.HTTP:
            return f"SLACK_SIGNING_SECRET is not set; HTTP needs it: {_SIGNING_SECRET}"
        return (
            "one of SLACK_APP_TOKEN and SLACK_SIGNING_SECRET is needed. "
            f"For Socket Mode {_APP_TOKEN}; for HTTP {_SIGNING_SECRET}"
        )

    @property
    def mode(self) -> Mode:
        """Socket Mode or HTTP; `auto` is Socket Mode where there is an app-level token."""
        if self.sitrep_mode is not Mode.AUTO:
            return self.sitrep_mode
        return Mode.SOCKET if self.slack_app_token.get_secret_value() else Mode.HTTP

    @property
    def api_url(self) -> str:
        """The Web API's address, with the slash at its end that the client relies on."""
        return self.slack_api_url.rstrip("/") + "/"

    @property
    def digest_channel(self) -> str:
        """The digest channel's name, without a #, or its id (`is_channel_id`)."""
        return self.sitrep_digest_channel

    @property
    def mail_server(self) -> MailServer | None:
        """Where mail is handed in, if anywhere."""
        url = self.smtp_url.get_secret_value()
        return parse_smtp_url(url) if url else None


def is_channel_id(channel: str) -> bool:
    """Whether this is a channel's id and not its name, which has no capitals."""
    return _CHANNEL_ID.fullmatch(channel) is not None


def load_settings() -> Settings:
    """The settings of this process.

    Raises BadSettings.
    """
    try:
        return Settings()
    except ValidationError as fault:
        raise BadSettings("; ".join(_in_words(error) for error in fault.errors())) from None


def load_webhook_secrets(process: Process) -> Mapping[str, SecretStr]:
    """The secret of each webhook, by the webhook's key.

    Raises BadSettings: a webhook without a secret could not tell our notices from anybody else's.
    """
    named = {key: webhook.secret_env for key, webhook in process.webhooks.items()}
    return _secrets(named, "webhooks.{} of sitrep.toml is signed with it")


def load_tracker_secrets(process: Process) -> Mapping[str, SecretStr]:
    """The token, or the secret, of each tracker outside, by the tracker's key.

    Raises BadSettings.
    """
    named = {key: tracker.secret_env for key, tracker in process.trackers.items()}
    return _secrets(named, "trackers.{} of sitrep.toml cannot be used without it")


def _secrets(named: Mapping[str, str], why: str) -> Mapping[str, SecretStr]:
    """What the environment has under these names, by key; raises BadSettings for one that is not set."""
    environment = {**dotenv_values(_ENV_FILE), **os.environ}
    secrets = {key: SecretStr(environment.get(name) or "") for key, name in named.items()}
    missing = [f"{named[key]} is not set; {why.format(key)}" for key in secrets if not secrets[key].get_secret_value()]
    if missing:
        raise BadSettings("; ".join(missing))
    return secrets


def _in_words(error: object) -> str:
    """One fault as people read it, without the value, which may be a secret."""
    fields = dict(error)  # type: ignore[call-overload]
    message = str(fields["msg"]).removeprefix("Value error, ")
    name = ".".join(str(part) for part in fields["loc"]).upper()
    return f"{name}: {message}" if name else message
