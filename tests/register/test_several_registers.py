"""Several files are one register, and several registers in one pass are as each alone."""

from collections.abc import Mapping

import pandas as pd
import pytest
from made_sheets import FIRST, make_form, make_grid, recipient, recognise_sheets
from registers import clean_source, list_texts, patch_source, to_workbook

from ropa.normalise import normalise, normalise_registers
from ropa.recognise import recognise
from ropa.register import Register, concat_registers, locate
from ropa.schema import DATA_TABLES, TABLES, build_model
from ropa.workbook.cells import Workbook


def test_several_files_are_one_register() -> None:
    one = recognise_sheets(
        make_form(name="Made-up company"), make_grid("Activities", [FIRST]), file="hr/a.xlsx"
    )
    other = recognise_sheets(
        make_grid("Activities", [FIRST | {"ID": "K2"}, FIRST | {"ID": "K3"}]),
        make_grid("Recipients", [recipient("K1", "Some Ltd"), recipient("K3", "Other Ltd")]),
        file="b.xlsx",
    )
    register = normalise([one, other], register="all")
    assert set(register.activities["register"]) == {"all"}
    assert list(register.activities["file"]) == ["hr/a.xlsx", "b.xlsx", "b.xlsx"]
    assert list(register.recipients["activity_key"]) == [0, 2]
    assert list(register.organisation["name"]) == ["Made-up company"]
    assert [(item.file, item.records) for item in register.inputs] == [
        ("hr/a.xlsx", 1),
        ("b.xlsx", 2),
    ]
    cells = pd.DataFrame({"table": "activities", "key": [0, 2], "field": "purpose"})
    assert locate(register, cells)[["file", "cell"]].to_numpy().tolist() == [
        ["hr/a.xlsx", "C2"],
        ["b.xlsx", "C3"],
    ]


def test_of_several_organisation_sheets_the_first_one_filled_in_counts() -> None:
    files = [
        recognise_sheets(
            make_form(name=name, address=""),
            make_grid("Activities", [FIRST | {"ID": f"K{number}"}]),
            file=f"{number}.xlsx",
        )
        for number, name in enumerate(("", "Made-up company", "Other company"))
    ]
    register = normalise(files, register="all")
    assert register.organisation[["name", "file"]].to_numpy().tolist() == [
        ["Made-up company", "1.xlsx"]
    ]


PATCHES: Mapping[str, Mapping[str, object]] = {
    "as it is": {},
    "fewer columns": {
        "-column.Activities.Lawful basis": True,
        "-sheet.Recipients": True,
        "K07.Retention": "blue",
    },
    "repeated": {
        "+activities": [{"like": "K01"}, {"like": "K02", "ID": ""}],
        "recipients.K01.*.Country": "Germny",
    },
    "no organisation": {"-sheet.Organisation": True, "-K09": True},
}


@pytest.fixture(scope="module")
def workbooks() -> Mapping[str, Workbook]:
    return {
        name: to_workbook(patch_source(clean_source(), patch), f"{name}.xlsx")
        for name, patch in PATCHES.items()
    }


@pytest.fixture(scope="module")
def alone(workbooks: Mapping[str, Workbook]) -> Mapping[str, Register]:
    return {name: normalise([recognise(one)], register=name) for name, one in workbooks.items()}


@pytest.fixture(scope="module")
def together(workbooks: Mapping[str, Workbook]) -> Register:
    return normalise_registers({name: [recognise(one)] for name, one in workbooks.items()})


def take_part(register: Register, table: str, name: str) -> pd.DataFrame:
    """Return one register's rows, its keys and blocks numbered from 0 in their order."""
    frame = _keep(register, table, name)
    ranks = {
        one: {key: number for number, key in enumerate(sorted(_keep(register, one, name)["key"]))}
        for one in (*DATA_TABLES, "transfers")
    }
    tables = frame["table"] if "table" in frame else pd.Series(table, index=frame.index)
    if "key" in frame:
        pairs = zip(tables, frame["key"], strict=True)
        frame["key"] = [ranks[str(one)][key] for one, key in pairs]
    for column, parent in (("activity_key", "activities"), ("recipient_key", "recipients")):
        if column in frame:
            frame[column] = [ranks[parent].get(key, -1) for key in frame[column]]
    if "block" in frame:
        frame["block"] = frame["block"].rank(method="dense")
    return frame


def _keep(register: Register, table: str, name: str) -> pd.DataFrame:
    frame = register.frames[table]
    return frame[frame["register"] == name].reset_index(drop=True)


@pytest.fixture(scope="module")
def joined(alone: Mapping[str, Register]) -> Register:
    return concat_registers(list(alone.values()))


@pytest.mark.parametrize("table", TABLES)
def test_registers_read_in_one_pass_are_as_read_alone(
    table: str, alone: Mapping[str, Register], together: Register
) -> None:
    for name, one in alone.items():
        expected = take_part(one, table, name)
        pd.testing.assert_frame_equal(take_part(together, table, name), expected)


@pytest.mark.parametrize("table", TABLES)
def test_registers_held_together_are_as_alone(
    table: str, alone: Mapping[str, Register], joined: Register
) -> None:
    for name, one in alone.items():
        expected = take_part(one, table, name)
        pd.testing.assert_frame_equal(take_part(joined, table, name), expected)


def test_registers_held_together_keep_the_data_dictionary(joined: Register) -> None:
    for table in TABLES:
        build_model(table).validate(joined.frames[table], lazy=True)
    assert [item.register for item in joined.inputs] == list(PATCHES)


def test_issues_keep_the_order_of_registers_and_cells(together: Register) -> None:
    issues = together.issues
    assert list(issues["register"].unique()) == ["fewer columns", "repeated"]
    assert set(issues["field"]) == {"retention", "country", "activity_id"}
    assert (issues["cell"] != "").all()


def test_registers_of_one_name_cannot_be_held_together(alone: Mapping[str, Register]) -> None:
    one = alone["as it is"]
    with pytest.raises(ValueError, match="one name"):
        concat_registers([one, one])


def test_reading_leaves_its_input_alone() -> None:
    source = clean_source()
    before = list_texts(source)
    workbook = to_workbook(source)
    texts = {sheet.name: sheet.texts.to_pydict() for sheet in workbook.sheets}
    normalise([recognise(workbook)], register="clean")
    assert {sheet.name: sheet.texts.to_pydict() for sheet in workbook.sheets} == texts
    assert list_texts(clean_source()) == before
