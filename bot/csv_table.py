"""Tables as CSV, for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet would compute, where people may have typed it; the wide signs where it is set up for Japanese."""


def in_csv(headings: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A table with headings, in which nothing is a formula."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(headings)
    table.writerows([_plain(value) for value in row] for row in rows)
    return written.getvalue().rstrip("\n")


def _plain(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = "\n".join(value.splitlines())  # a bare carriage return would end the row
    return f"'{text}" if value.startswith(BEGINS_A_FORMULA) else text
