"""Secrets that people paste: masked before anything is stored.

The forms are those their issuers publish so that they can be recognised (AWS, Slack, GitHub, GitLab, Google, Stripe,
npm, PyPI, HashiCorp, DigitalOcean, SendGrid, PEM of RFC 7468, JWT of RFC 7519).
"""

import re
from dataclasses import dataclass

_VALUE = r"(?P<value>(?=[^\s\"',;<>]{0,200}[0-9])(?=[^\s\"',;<>]{0,200}[A-Za-z])[^\s\"',;<>]{12,})"
"""What is called a secret is taken for one when it is long and has letters and digits.

Whatever looks ahead or repeats before something else is bounded: 40,000 characters made to be slow must not be.
"""
_MEETING = r"https?://(?:[a-z0-9-]{1,63}\.){0,3}zoom(?:gov)?\.(?:us|com)/[^\s<>]*"
"""An invitation bears its passcode so that whoever reads it can come in; masked it would lead nowhere."""


@dataclass(frozen=True)
class _Form:
    """How one sort of secret looks; `hints`: a text without any of them has none, and finding that out is quick."""

    name: str
    hints: tuple[str, ...]
    looks: re.Pattern[str]


def _form(name: str, hints: str, looks: str) -> _Form:
    return _Form(name, tuple(hints.split()), re.compile(looks))


_FORMS = (
    _form(
        "private key",
        "PRIVATE",
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*KEY(?: BLOCK)?-----|\Z)",
    ),
    _form("AWS key", "AKIA ASIA ABIA ACCA", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b"),
    _form("Slack token", "xox xapp- xwfp-", r"\b(?:xox[a-eoprs]|xoxe\.xox[bp]|xapp-\d|xwfp)-[A-Za-z0-9%-]{10,}"),
    _form(
        "Slack webhook",
        "hooks.slack.com/",
        r"\bhooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,}",
    ),
    _form(
        "GitHub token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{22,}",
    ),
    _form("GitLab token", "gl", r"\bgl(?:pat|dt|rt|cbt|ptt|agent|oas)-[A-Za-z0-9_-]{20,}"),
    _form("Google key", "AIza ya29.", r"\bAIza[A-Za-z0-9_-]{35}|\bya29\.[A-Za-z0-9_-]{20,}"),
    _form("Azure key", "AccountKey=", r"\bAccountKey=[A-Za-z0-9+/]{40,}={0,2}"),
    _form("Stripe key", "_live_ _test_ whsec_", r"\b[srp]k_(?:live|test)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9]{20,}"),
    _form("API key", "sk-", r"\bsk-[A-Za-z0-9_-]{20,}"),
    _form("npm token", "npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
    _form("PyPI token", "pypi-", r"\bpypi-[A-Za-z0-9_-]{50,}"),
    _form("Vault token", "hvs. hvb. hvr.", r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}"),
    _form("DigitalOcean token", "_v1_", r"\bdo[opr]_v1_[a-f0-9]{64}\b"),
    _form("SendGrid key", "SG.", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    _form("token", "eyJ", r"\beyJ[A-Za-z0-9_-]{10,1000}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{10,}"),
    _form("password", "://", r"(?P<before>\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@<>]{0,80}:)[^\s/@<>]{1,200}(?=@)"),
)
_NAMED = _Form(
    "secret",
    ("bearer", "basic", "passw", "pwd", "secret", "token", "key"),
    re.compile(
        rf"(?P<kept>(?i:{_MEETING}))|"
        r"(?P<before>(?i:\bbearer\s{1,20}|\bauthorization:\s{0,20}basic\s{1,20}|(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key)"
        r"[\"']?\s{0,20}[=:]\s{0,20}[\"']?))" + _VALUE
    ),
)
"""Secrets by what a text calls them, in any case; its hints are in lower case."""


def mask(text: str) -> str:
    """The text with what looks like a secret replaced by what it was: `[masked: Slack token]`."""
    masked = text
    for form in _FORMS:
        if any(hint in masked for hint in form.hints):
            masked = _replace(form, masked)
    lower = masked.lower()
    return _replace(_NAMED, masked) if any(hint in lower for hint in _NAMED.hints) else masked


def _replace(form: _Form, text: str) -> str:
    return form.looks.sub(lambda found: _masked(form, found.groupdict()), text)


def _masked(form: _Form, parts: dict[str, str | None]) -> str:
    return parts.get("kept") or f"{parts.get('before') or ''}[masked: {form.name}]"
