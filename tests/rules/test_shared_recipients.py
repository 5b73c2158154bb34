"""A row of recipients or data items for several activities: "A1, A2", "A1-A3", "All"."""

from collections.abc import Sequence

import pandas as pd
import pytest
from made_sheets import recognise_sheets

import ropa
from ropa.normalise import joining, normalise_registers
from ropa.register import Register
from ropa.workbook.cells import make_sheet

HEADINGS = ["Ref", "Activity", "Purpose", "Data subjects", "Data categories", "Recipients"]
OWN = ["Activity ID", "Recipient", "Role", "Country", "Contract reference"]
MISSED = "the row of Recipients!A2 names no known activity and is not judged"


def read(ids: Sequence[str], *stated: str, sheet: str = "Recipients") -> Register:
    """Read activities of some ids, and rows of recipients that name them."""
    rows = [
        [one, f"Payroll {number}", f"Pay site {number}", "Staff", "Bank details", "Larkmere Ltd"]
        for number, one in enumerate(ids, start=1)
    ]
    own = [[one, "Larkmere Ltd", "Processor", "UK", ""] for one in stated]
    sheets = [make_sheet("Register", [HEADINGS, *rows]), make_sheet(sheet, [OWN, *own])]
    return normalise_registers({"made": [recognise_sheets(*sheets)]})


def join(register: Register) -> list[str]:
    """Return the activities of the rows of recipients, "" for none."""
    names = register.activities.set_index("key")["activity_id"]
    rows = register.recipients
    rows = rows[rows["origin"] == "sheet"]
    return [names.get(key, "") for key in rows["activity_key"]]


@pytest.mark.parametrize(
    "text",
    [
        "A1, A2",
        "A1,A2",
        "A1; A2",
        "A1 & A2",
        "A1 and A2",
        "A1\nA2",
        "A1/A2",
        "a1, a2, A1",
        "A1-A2",
        "A1 to A2",
        "Payroll 1, Payroll 2",
    ],
)
def test_a_row_of_several_activities_is_a_recipient_of_each(text: str) -> None:
    register = read(["A1", "A2", "A3"], text)
    assert join(register) == ["A1", "A2"]
    found = ropa.audit(register, as_of="2026-09-30", rules=["REC-03"]).findings
    told = zip(found["activity_id"], found["subject"], found["cell"], strict=True)
    assert list(told) == [("A1", "Larkmere Ltd", "E2"), ("A2", "Larkmere Ltd", "E2")]
    assert register.issues.empty


@pytest.mark.parametrize("text", ["All", "all activities", "Alle", "Tous les traitements"])
def test_a_row_of_all_activities_is_a_recipient_of_each(text: str) -> None:
    assert join(read(["A1", "A2", "A3"], "A2", text)) == ["A2", "A1", "A2", "A3"]


@pytest.mark.parametrize(
    ("ids", "text", "named"),
    [
        (["A, B", "A", "B"], "A, B", "A, B"),
        (["1/2", "1", "2"], "1/2", "1/2"),
        (["A1-A2", "A1", "A2"], "A1-A2", "A1-A2"),
        (["All", "A1", "A2"], "All", "All"),
    ],
)
def test_an_id_that_reads_like_a_list_stays_whole(ids: list[str], text: str, named: str) -> None:
    assert join(read(ids, text)) == [named]


@pytest.mark.parametrize(
    "text", ["A1, A9", "A1-A9", "A9, A8", "1/2", "1-2", "A1 or so", "All but A1", "A1 (part), A2"]
)
def test_a_list_that_is_not_all_known_is_joined_to_none_and_said_so(text: str) -> None:
    register = read(["A1", "A2", "A3", "1", "2"], text)
    assert join(register) == [""]
    result = ropa.audit(register, as_of="2026-09-30")
    assert "GOV-08" in set(result.findings["rule"])
    assert "REC-03" not in set(result.findings["rule"])
    unjudged = result.not_evaluated
    assert {"REC-03", "REC-07", "REC-08"} <= set(unjudged.loc[unjudged["why"] == MISSED, "rule"])


def test_of_several_rows_without_an_activity_the_first_is_told() -> None:
    result = ropa.audit(read(["A1"], "B1", "A1", "B2"), as_of="2026-09-30", rules=["REC-03"])
    assert list(result.findings["cell"]) == ["E3"]
    assert list(result.not_evaluated["why"]) == [
        "2 rows name no known activity and are not judged, the first in Recipients!A2"
    ]
    result = ropa.audit(read(["A1"], "A1"), as_of="2026-09-30", rules=["REC-03"])
    assert result.not_evaluated.empty


def test_ids_of_another_register_are_not_known() -> None:
    one, other = (
        [make_sheet("Register", [HEADINGS, [name, "Pay", "Pay all", "Staff", "Pay", "None"]])]
        for name in ("A1", "A2")
    )
    one.append(make_sheet("Recipients", [OWN, ["A1, A2", "Larkmere Ltd", "Processor", "", ""]]))
    one.append(make_sheet("More", [OWN, ["All", "Fernhollow GmbH", "Processor", "", ""]]))
    groups = {"one": [recognise_sheets(*one)], "other": [recognise_sheets(*other)]}
    rows = normalise_registers(groups).frames["recipients"]
    assert dict(zip(rows["recipient"], rows["activity_key"], strict=True)) == {
        "Larkmere Ltd": -1,
        "Fernhollow GmbH": 0,
    }


def test_a_data_item_of_several_activities_is_one_of_each() -> None:
    rows = [[one, "Pay", f"Pay {one}", "Staff", "Pay", "None"] for one in ("A1", "A2")]
    items = [["Activity ID", "Data category", "Retention"], ["A1, A2", "Sickness records", ""]]
    sheets = [make_sheet("Register", [HEADINGS, *rows]), make_sheet("Data", items)]
    found = normalise_registers({"made": [recognise_sheets(*sheets)]}).frames["data_items"]
    sick = found[found["data_category"] == "Sickness records"]
    assert list(sick["activity_key"]) == [0, 1]


@pytest.mark.parametrize(("most", "keys"), [(4, [0, 1, 0, 1]), (3, [-1, -1])])
def test_rows_for_all_do_not_multiply_without_bound(
    monkeypatch: pytest.MonkeyPatch, most: int, keys: list[int]
) -> None:
    monkeypatch.setattr(joining, "_MOST_ROWS", most)
    rows = pd.DataFrame({"register": "made", "activity_id": ["A1, A2", "All"]})
    activities = pd.DataFrame({"register": "made", "activity_id": ["A1", "A2"], "key": [0, 1]})
    activities = activities.assign(
        activity_id_state="stated", activity="", activity_state="blank", identity=["one", "two"]
    )
    found = joining.join_activities(rows, activities)
    assert list(found["activity_key"]) == keys
