"""Identifiers in Slack's forms (protocol.md, section 1): opaque, unique, of no fixed meaning."""

import random
import string

_ALPHABET = string.ascii_uppercase + string.digits
_LETTERS = string.ascii_letters + string.digits


class Ids:
    """Makes identifiers; the same seed makes the same ones in the same order."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311  identifiers of a local test workspace guard nothing
        self.last_number = 0

    def new(self, prefix: str) -> str:
        """A fresh id such as C0000017K3QX: the counter keeps it unique, the letters keep it unguessable."""
        return f"{prefix}{self.number():06d}{self.word(5, _ALPHABET)}"

    def word(self, length: int, alphabet: str = _LETTERS) -> str:
        """Random characters."""
        return "".join(self._random.choices(alphabet, k=length))

    def digits(self, length: int) -> str:
        """Random digits, the first not zero."""
        return self.word(1, "123456789") + self.word(length - 1, string.digits)

    def hexadecimal(self, length: int) -> str:
        """Random lowercase hexadecimal digits."""
        return self.word(length, "0123456789abcdef")

    def trigger(self) -> str:
        """A trigger id: digits.digits.hex."""
        return f"{self.digits(12)}.{self.digits(12)}.{self.hexadecimal(32)}"

    def uuid(self) -> str:
        """An id in the form of a UUID, as `client_msg_id` has."""
        digits = self.hexadecimal(32)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def number(self) -> int:
        """The next number of this workspace, for ids that must sort in the order they were made."""
        self.last_number += 1
        return self.last_number
