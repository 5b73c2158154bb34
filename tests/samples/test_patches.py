"""The registers that rule tests are made of: as the disk would give them, and patched exactly."""

from collections.abc import Mapping
from datetime import date

import pytest
from build_samples import SAMPLES
from registers import Source, clean_source, list_texts, patch_source, to_workbook

from ropa.workbook import read_workbook

MADE = Source(
    {
        "organisation": [{"name": "Made-up company", "email": "privacy@example.org"}],
        "activities": [
            {"activity_id": "X1", "purpose": "Answer calls", "owner": "Operations"},
            {"activity_id": "X2", "purpose": "Pay people", "last_reviewed": date(2026, 6, 15)},
        ],
        "data_items": [{"activity_id": "X2", "data_category": "Payslips", "retention": "6 years"}],
        "recipients": [
            {"activity_id": "X1", "recipient": "Some.com Ltd", "country": "Ireland"},
            {"activity_id": "X2", "recipient": "Some.com Ltd", "country": "Ireland"},
            {"activity_id": "X2", "recipient": "Bank plc"},
        ],
        "controllers": [{"name": "Client plc", "contact": "client@example.org"}],
    }
)


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.xlsx")))
def test_workbook_in_memory_is_the_one_on_disk(name: str) -> None:
    made = to_workbook(clean_source(name), f"{name}.xlsx")
    found = read_workbook(SAMPLES / f"{name}.xlsx")
    assert made.file == found.file
    for one, other in zip(made.sheets, found.sheets[:-1], strict=True):
        assert (one.name, one.index, one.rows, one.columns) == (
            *(other.name, other.index, other.rows, other.columns),
        )
        assert one.texts.to_pylist() == other.texts.to_pylist()
        assert other.errors == {}
        assert other.uncached == frozenset()


def column(source: Source, table: str, name: str) -> list[object]:
    return [row.get(name) for row in source.tables[table]]


@pytest.mark.parametrize(
    ("patch", "table", "name", "expected"),
    [
        ({"X1.Purpose": ""}, "activities", "purpose", ["", "Pay people"]),
        ({"*.Owner": "DPO"}, "activities", "owner", ["DPO", "DPO"]),
        ({"organisation.Email": ""}, "organisation", "email", [""]),
        (
            {"recipients.X2.Some.com Ltd.Country": "India"},
            "recipients",
            "country",
            ["Ireland", "India", None],
        ),
        (
            {"recipients.*.Some.com Ltd.Country": "India"},
            "recipients",
            "country",
            ["India", "India", None],
        ),
        ({"recipients.X2.*.Country": ""}, "recipients", "country", ["Ireland", "", ""]),
        ({"data_items.X2.Payslips.Retention": "7"}, "data_items", "retention", ["7"]),
        ({"controllers.Client plc.Contact": ""}, "controllers", "contact", [""]),
        ({"-X2": True}, "activities", "activity_id", ["X1"]),
        ({"-X2": True}, "recipients", "activity_id", ["X1"]),
        ({"-X2": True}, "data_items", "activity_id", []),
        ({"-recipients.X2.Bank plc": True}, "recipients", "activity_id", ["X1", "X2"]),
        ({"-recipients.*.*": True}, "recipients", "activity_id", []),
        ({"-controllers.Client plc": True}, "controllers", "name", []),
        ({"+activities": [{"ID": "X3"}]}, "activities", "activity_id", ["X1", "X2", "X3"]),
        (
            {"+activities": [{"like": "X1", "ID": "X3"}]},
            "activities",
            "purpose",
            ["Answer calls", "Pay people", "Answer calls"],
        ),
        (
            {"+data_items": [{"Activity ID": "X1", "Data category": "Calls"}]},
            "data_items",
            "data_category",
            ["Payslips", "Calls"],
        ),
        ({"X1.Owner": "", "-X2": True}, "activities", "owner", [""]),
    ],
)
def test_patch_changes_what_it_names(
    patch: Mapping[str, object], table: str, name: str, expected: list[object]
) -> None:
    patched = patch_source(MADE, patch)
    assert column(patched, table, name) == expected
    assert column(MADE, "activities", "owner") == ["Operations", None]


def test_dropped_column_and_sheet_are_absent() -> None:
    patch = {"-column.Activities.Owner": True, "-column.Organisation.Email": True}
    texts = list_texts(patch_source(MADE, {**patch, "-sheet.Recipients": True}))
    assert "Recipients" not in texts
    assert "Owner" not in texts["Activities"][0]
    assert "Operations" not in texts["Activities"][1]
    assert ["Email", "privacy@example.org"] not in texts["Organisation"]
    assert {len(row) for row in texts["Activities"]} == {len(list_texts(MADE)["Activities"][0]) - 1}


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({"X9.Purpose": ""}, "fits no row"),
        ({"X1.Porpoise": ""}, "no heading 'Porpoise'"),
        ({"X1.Purpose": "Answer calls"}, "changes nothing"),
        ({"-X9": True}, "fits no row"),
        ({"-sheet.Vendors": True}, "no sheet 'Vendors'"),
        ({"+vendors": []}, "takes a list of rows"),
        ({"+activities": []}, "changes nothing"),
        ({"+activities": [{"like": "X9"}]}, "no activity X9"),
        ({"recipients.X1.Bank plc.Country": ""}, "fits no row"),
    ],
)
def test_patch_that_does_not_fit_is_an_error(patch: Mapping[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        patch_source(MADE, patch)
