import pytest

from storage.tables import Status
from workflows.lifecycle import MEANING, PHASES, Step, choices, skipped, step

TABLE = """
               triage     investigating mitigating monitoring resolved  closed    declined  merged
triage         none       forward       jump       jump       resolve   forbidden decline   merge
investigating  forbidden  none          forward    jump       resolve   forbidden forbidden forbidden
mitigating     forbidden  back          none       forward    resolve   forbidden forbidden forbidden
monitoring     forbidden  back          forbidden  none       resolve   forbidden forbidden forbidden
resolved       forbidden  reopen        forbidden  forbidden  none      forbidden forbidden forbidden
closed         forbidden  reopen        forbidden  forbidden  forbidden none      forbidden forbidden
declined       forbidden  reopen        forbidden  forbidden  forbidden forbidden none      forbidden
merged         forbidden  forbidden     forbidden  forbidden  forbidden forbidden forbidden none
"""


def _cells() -> list[tuple[Status, Status, Step]]:
    header, *lines = TABLE.strip().splitlines()
    rows = [line.split() for line in lines]
    return [
        (Status(row[0]), Status(after), Step(cell))
        for row in rows
        for after, cell in zip(header.split(), row[1:], strict=True)
    ]


@pytest.mark.parametrize(("before", "after", "expected"), _cells())
def test_every_change_of_status_is_what_the_table_says(before: Status, after: Status, expected: Step) -> None:
    assert step(before, after) is expected


def test_the_table_has_every_pair_and_every_status_a_phase_and_a_meaning() -> None:
    assert len(_cells()) == len(Status) ** 2
    assert set(PHASES) == set(MEANING) == set(Status)


def test_a_jump_leaves_out_what_lies_between() -> None:
    assert skipped(Status.TRIAGE, Status.MONITORING) == (Status.INVESTIGATING, Status.MITIGATING)
    assert skipped(Status.TRIAGE, Status.INVESTIGATING) == ()


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.TRIAGE, ["investigating", "mitigating", "monitoring"]),
        (Status.INVESTIGATING, ["mitigating", "monitoring"]),
        (Status.MITIGATING, ["investigating", "monitoring"]),
        (Status.MONITORING, ["investigating"]),
        (Status.RESOLVED, []),
        (Status.MERGED, []),
    ],
)
def test_what_may_be_picked_is_what_may_follow(status: Status, expected: list[str]) -> None:
    assert list(choices(status)) == expected
