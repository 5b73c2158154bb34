"""Rows told apart at once in long grids: as each would be, judged by itself."""

import random
from typing import Any

import numpy as np
import pytest
from made_grids import DOOR, HEADINGS, NEWS, PAY, grid, purposes, whys
from made_sheets import recognise_sheets

from ropa.recognise import Recognition, rows

NAMED = ["No", "Activity", *HEADINGS]
BLANK = [""] * len(HEADINGS)


def make_rows(chance: random.Random, count: int) -> list[list[str]]:
    """Make records between all that is no record, or no record of its own."""
    found: list[list[str]] = []
    for number in range(count):
        record = [str(number), f"Activity {number}", *chance.choice((PAY, NEWS, DOOR))]
        more = ["", "", *BLANK[:2], chance.choice(("Photographs", "")), "3 years", "", ""]
        same = [*found[-1][:2], *record[2:]] if found else record
        odd = chance.choice(
            (
                ["Example", *record[1:]],
                [record[0], "(EXAMPLE) Payroll", *record[2:]],
                ["", "Note: see the schedule", *BLANK],
                ["HUMAN RESOURCES", "", *BLANK],
                ["", "", *BLANK],
                ["tbc", "[insert name]", "tbc", "tbc", "", "", "", ""],
                ["", "", "", "", "", "", "", "Contract"],
                ["", "", *record[2:]],
                [str(number), "", *BLANK],
                [*same[:2], *BLANK[:3], "3 years", "", ""],
                more,
                same,
            )
        )
        found.append(odd if chance.random() < 0.4 else record)
    return found


def read(recognition: Recognition) -> list[object]:
    return [
        [(one.table, one.rows.tolist(), one.starts.tolist()) for one in recognition.blocks],
        recognition.ignored,
    ]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("marked", [False, True], ids=["plain", "with errors and merged cells"])
def test_rows_judged_at_once_are_those_judged_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    marked: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    chance = random.Random(seed)  # noqa: S311 - rows for a test, the same each time
    made = make_rows(chance, 120)
    more: dict[str, Any] = {
        "errors": {(9, 2): "#REF!", (10, 1): "#N/A"},
        "merged": [(20, 1, 22, 1), (30, 2, 31, 2)],
    }
    sheet = grid(NAMED, *made, **(more if marked else {}))
    at_once = read(recognise_sheets(sheet))
    monkeypatch.setattr(rows, "_find_plain", lambda _, counts: np.zeros(len(counts), dtype=bool))
    assert at_once == read(recognise_sheets(sheet))


def test_what_is_no_record_in_a_long_grid_is_told() -> None:
    made = [
        [str(number), f"Activity {number}", f"Purpose {number}", *PAY[1:]] for number in range(60)
    ]
    made[20] = ["Example", *made[20][1:]]
    made[40] = ["", "Note: the next ones are new", *BLANK]
    found = recognise_sheets(grid(NAMED, *made))
    assert "row 22: an example" in whys(found)
    assert "row 42: a note" in whys(found)
    kept = purposes(grid(NAMED, *made))
    assert kept == [f"Purpose {number}" for number in range(60) if number not in (20, 40)]


def test_a_row_that_repeats_the_names_above_continues_its_record() -> None:
    made = [[str(number), f"Activity {number}", *PAY] for number in range(30)]
    made[11] = [*made[10][:5], "1 year", *made[10][6:]]
    (block, *_) = recognise_sheets(grid(NAMED, *made)).blocks
    assert len(block.rows) == 30
    pairs = zip(block.rows.tolist(), block.starts.tolist(), strict=True)
    assert [(row, start) for row, start in pairs if row != start] == [(13, 12)]
