"""Secrets that people paste: masked before anything is stored.

The forms are those their issuers publish so that they can be recognised (AWS, Slack, GitHub, GitLab, Google, Stripe,
npm, PyPI, HashiCorp, DigitalOcean, SendGrid, PEM of RFC 7468, JWT of RFC 7519).
"""

import re

_FORMS: dict[str, str] = {
    "private key": (
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*KEY(?: BLOCK)?-----|\Z)"
    ),
    "AWS key": r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b",
    "Slack token": r"\b(?:xox[abeoprs]|xoxe\.xox[bp]|xapp-\d|xwfp)-[A-Za-z0-9-]{10,}",
    "Slack webhook": r"\bhooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,}",
    "GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{22,}",
    "GitLab token": r"\bgl(?:pat|dt|rt|cbt|ptt|agent|oas)-[A-Za-z0-9_-]{20,}",
    "Google key": r"\bAIza[A-Za-z0-9_-]{35}|\bya29\.[A-Za-z0-9_-]{20,}",
    "Azure key": r"\bAccountKey=[A-Za-z0-9+/]{40,}={0,2}",
    "Stripe key": r"\b[srp]k_(?:live|test)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9]{20,}",
    "API key": r"\bsk-[A-Za-z0-9_-]{20,}",
    "npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "PyPI token": r"\bpypi-[A-Za-z0-9_-]{50,}",
    "Vault token": r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}",
    "DigitalOcean token": r"\bdo[opr]_v1_[a-f0-9]{64}\b",
    "SendGrid key": r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    "token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
}
_AFTER_ITS_NAME = (
    r"(?P<named>(?i:\b(?:bearer\s+|(?:[a-z0-9_-]*(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key))"
    r"[\"']?\s*[=:]\s*[\"']?)))(?P<value>(?=[^\s\"',;<>]*[0-9])(?=[^\s\"',;<>]*[A-Za-z])[^\s\"',;<>]{12,})"
)
_IN_ADDRESS = r"(?P<scheme>\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@<>]{0,80}:)(?P<password>[^\s/@<>]{1,200})(?=@)"

_NAMES = {f"s{number}": name for number, name in enumerate(_FORMS)}
_SECRET = re.compile(
    "|".join([*(f"(?P<s{number}>{form})" for number, form in enumerate(_FORMS.values())), _IN_ADDRESS, _AFTER_ITS_NAME])
)


def mask(text: str) -> str:
    """The text with what looks like a secret replaced by what it was: `[masked: Slack token]`."""
    return _SECRET.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    groups = found.groupdict()
    for group, name in _NAMES.items():
        if groups[group] is not None:
            return f"[masked: {name}]"
    if groups["scheme"] is not None:
        return f"{groups['scheme']}[masked: password]"
    return f"{groups['named']}[masked: secret]"
