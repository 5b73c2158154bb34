"""The Register: frozen, true to its workbooks cell by cell, and described to the last column."""

from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pandera.errors
import pytest
from build_samples import SAMPLES
from registers import clean_source, patch_source, to_register, to_registers

import ropa
from ropa.register import (
    Register,
    build_register,
    find_activities,
    find_cells,
    locate,
    locate_headings,
    read_cells,
)
from ropa.schema import (
    CELL_ITEMS,
    CONTACT_FIELDS,
    DATA_TABLES,
    PARSED,
    STATES,
    TABLES,
    Field,
    build_model,
    list_columns,
    make_frame,
    read_fields,
)
from ropa.vocabulary import read_vocabulary

WORKBOOKS = sorted(SAMPLES.glob("*.xlsx"))
SHEETS = {
    "organisation": "Organisation",
    "activities": "Activities",
    "data_items": "Data items",
    "recipients": "Recipients",
    "controllers": "Controllers",
}
KINDS = {
    *PARSED,
    *("text", "id", "recipients", "places", "transfers", "subjects", "data", "rights"),
    *("conditions", "conditions_10", "schedule_1"),
}
TABLE_KINDS = {"subjects", "data", "rights"}

each_field = pytest.mark.parametrize(
    "field", read_fields(), ids=lambda field: f"{field.table}.{field.name}"
)


@cache
def load_sample(path: Path) -> Register:
    return ropa.load(path)


@pytest.fixture(scope="module")
def clean() -> Register:
    return to_register(clean_source(), "clean")


# -- frozen -------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_changing_a_returned_frame_changes_nothing(table: str, clean: Register) -> None:
    before = getattr(clean, table).copy(deep=True)
    given = getattr(clean, table)
    if len(given):
        column = given.columns[0]
        given.loc[given.index[0], column] = "changed"
        given[column] = "changed"
        del given[given.columns[1]]
    given["added"] = 1
    pd.testing.assert_frame_equal(getattr(clean, table), before)


def test_changing_the_values_below_a_frame_changes_nothing(clean: Register) -> None:
    before = clean.activities.copy(deep=True)
    given = clean.activities
    for column in ("key", "purpose", "role_assumed", "last_reviewed_on"):
        for values in (given[column].to_numpy(), given[column].array):
            try:
                values[0] = values[1]
            except ValueError as error:
                assert "read-only" in str(error)  # noqa: PT017 - either refuses or copies
    pd.testing.assert_frame_equal(clean.activities, before)


def test_a_register_cannot_be_changed(clean: Register) -> None:
    with pytest.raises(FrozenInstanceError):
        clean.inputs = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        clean.frames["activities"] = pd.DataFrame()  # type: ignore[index]
    with pytest.raises(AttributeError):
        clean.nothing  # noqa: B018 - asking is the test


def test_a_register_shows_counts_and_no_text(clean: Register) -> None:
    assert repr(clean) == "<Register of 1 file(s): 25 activities, 61 data items, 44 recipients>"
    assert "Payroll" not in repr(clean)
    assert repr(clean)[1:-1] in clean._repr_html_()


# -- every cell where it is said to be ----------------------------------------------------------


def read_grid(path: Path) -> Mapping[tuple[str, str], str]:
    """Return what openpyxl reads: sheet and address to text."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def list_all_cells(register: Register) -> pd.DataFrame:
    """Return each field of each row of a register's data tables and transfers."""
    parts = [
        pd.DataFrame({"table": table, "key": register.frames[table]["key"], "field": field.name})
        for table in DATA_TABLES
        for field in read_fields(table)
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_every_field_of_every_row_is_what_stands_in_its_cell(path: Path) -> None:
    register, grid = load_sample(path), read_grid(path)
    rows = list_all_cells(register)
    cells = find_cells(register, rows)
    places, texts = locate(register, cells), read_cells(register, cells)
    own = {
        (table, row["key"]): row
        for table in DATA_TABLES
        for row in register.frames[table].to_dict("records")
    }
    seen = 0
    asked = zip(
        rows.to_dict("records"),
        cells.to_dict("records"),
        places.to_dict("records"),
        texts,
        strict=True,
    )
    for row, cell, place, text in asked:
        where = (row["table"], row["key"], row["field"])
        record = own[row["table"], row["key"]]
        typed, state = record[row["field"]], record[f"{row['field']}_state"]
        if place["cell"] == "":
            assert state == "absent", where
            continue
        assert place["file"] == path.name
        assert place["sheet"] == SHEETS[cell["table"]]
        found = grid.get((place["sheet"], place["cell"]), "")
        assert text == found, where
        if state != "absent":
            item = record.get("origin") == "cell"
            assert typed in found if item else typed == found, where
            seen += 1
    assert seen > 400


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_every_cell_below_a_heading_is_in_the_register(path: Path) -> None:
    register, grid = load_sample(path), read_grid(path)
    rows = list_all_cells(register)
    places = locate(register, find_cells(register, rows))
    known = set(zip(places["sheet"], places["cell"], strict=True))
    headings = set(zip(register.mapping["sheet"], register.mapping["cell"], strict=True))
    wanted = {place for place in grid if place[0] in SHEETS.values()}
    assert wanted - headings == {place for place in wanted & known if place not in headings}
    assert headings <= wanted


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_a_transfer_stands_where_its_place_is_named(path: Path) -> None:
    register, grid = load_sample(path), read_grid(path)
    transfers = register.transfers
    field = transfers["origin"].map({"recipients": "country", "activities": "transfers"})
    rows = pd.DataFrame({"table": "transfers", "key": transfers["key"], "field": field})
    places = locate(register, find_cells(register, rows))
    for place, row in zip(places.to_dict("records"), transfers.to_dict("records"), strict=True):
        assert place["cell"]
        assert row["country"] in grid.get((place["sheet"], place["cell"]), "")
    owners = find_activities(register, find_cells(register, rows))
    assert list(owners) == list(transfers["activity_key"])


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_children_belong_to_the_activity_of_their_row(path: Path) -> None:
    register = load_sample(path)
    ids = register.activities.set_index("key")["activity_id"]
    for table in ("data_items", "recipients"):
        rows = register.frames[table]
        own = rows[rows["origin"] == "sheet"]
        assert list(own["activity_key"].map(ids)) == list(own["activity_id"])
        cells = pd.DataFrame({"table": table, "key": rows["key"], "field": rows.columns[7]})
        owners = find_activities(register, find_cells(register, cells))
        assert list(owners) == list(rows["activity_key"])


def test_an_item_of_a_cell_leads_back_to_that_cell() -> None:
    source = patch_source(clean_source(), {"-sheet.Data items": True})
    register = to_register(source, "one")
    items = register.data_items.iloc[:1]
    names = {child: own for own, child in CELL_ITEMS["data_items"].items()}
    for field in ("data_category", "special_category", "retention", "source"):
        cell = find_cells(register, items.assign(table="data_items", field=field)).iloc[0]
        own = names.get(field, "data_categories")
        assert (cell["table"], cell["key"], cell["field"]) == (
            "activities",
            items["activity_key"].iloc[0],
            own,
        )


def test_locating_keeps_the_order_and_the_index_of_what_is_asked(clean: Register) -> None:
    rows = pd.DataFrame(
        {
            "table": ["recipients", "activities", "organisation", "activities"],
            "key": [3, 2, 0, 0],
            "field": ["country", "purpose", "name", "nothing of the kind"],
        },
        index=[30, 10, 20, 10_000],
    )
    places = locate(clean, find_cells(clean, rows))
    assert list(places.index) == [30, 10, 20, 10_000]
    assert list(places["cell"]) == ["E5", "H4", "B1", ""]
    assert list(places["sheet"]) == ["Recipients", "Activities", "Organisation", ""]
    assert list(places["row"]) == [5, 4, 1, 0]
    assert len(locate(clean, find_cells(clean, rows.iloc[:0]))) == 0


def test_cells_outside_the_layout_have_no_place_and_no_text() -> None:
    source = patch_source(clean_source(), {"-column.Activities.Purpose": True})
    register = to_register(source, "one")
    rows = pd.DataFrame({"table": "activities", "key": [0, 0], "field": ["purpose", "owner"]})
    cells = find_cells(register, rows)
    assert list(locate(register, cells)["cell"].map(bool)) == [False, True]
    assert read_cells(register, cells)[0] == ""


# -- headings -----------------------------------------------------------------------------------


def test_headings_are_one_range_a_register() -> None:
    register = to_registers(
        {
            "all": clean_source(),
            "fewer": patch_source(clean_source(), {"-column.Activities.Notes": True}),
            "no sheet": patch_source(clean_source(), {"-sheet.Recipients": True}),
        }
    )
    found = {
        table: dict(locate_headings(register, table)[["register", "cell"]].to_numpy().tolist())
        for table in ("organisation", "activities", "recipients")
    }
    assert found == {
        "organisation": {"all": "A1:A14", "fewer": "A1:A14", "no sheet": "A1:A14"},
        "activities": {"all": "A1:AM1", "fewer": "A1:AL1", "no sheet": "A1:AM1"},
        "recipients": {"all": "A1:N1", "fewer": "A1:N1"},
    }
    one = locate_headings(register, "activities", "notes")
    assert one[["register", "cell"]].to_numpy().tolist() == [["all", "AM1"], ["no sheet", "AM1"]]
    headings = locate_headings(register, "activities")
    assert list(headings["file"]) == ["all.xlsx", "fewer.xlsx", "no sheet.xlsx"]
    assert set(headings["sheet"]) == {"Activities"}
    assert headings[["row", "column"]].drop_duplicates().to_numpy().tolist() == [[1, 1]]


# -- the models catch mistakes ------------------------------------------------------------------


Plant = Callable[[pd.DataFrame], pd.DataFrame]


def plant_null(frame: pd.DataFrame) -> pd.DataFrame:
    frame.loc[0, "purpose"] = None
    return frame


PLANTED: Mapping[str, Plant] = {
    "a state of no kind": lambda frame: frame.assign(
        purpose_state=frame["purpose_state"].cat.rename_categories({"stated": "maybe"})
    ),
    "no state": lambda frame: frame.assign(
        purpose_state=frame["purpose_state"].where(frame.index > 0)
    ),
    "states as texts": lambda frame: frame.assign(
        purpose_state=frame["purpose_state"].astype("str")
    ),
    "a null text": plant_null,
    "a role of no kind": lambda frame: frame.assign(role_code="boss"),
    "a key twice": lambda frame: frame.assign(key=0),
    "numbers as text": lambda frame: frame.assign(row=frame["row"].astype("str")),
    "texts as objects": lambda frame: frame.assign(purpose=frame["purpose"].astype("object")),
    "a truth value as number": lambda frame: frame.assign(role_assumed=1),
    "a column too many": lambda frame: frame.assign(more=""),
    "a column too few": lambda frame: frame.drop(columns="purpose"),
    "columns in another order": lambda frame: frame[frame.columns[::-1]],
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_caught(fault: str, clean: Register) -> None:
    frames = {**clean.frames, "activities": PLANTED[fault](clean.activities)}
    with pytest.raises(pandera.errors.SchemaErrors):
        build_register(frames)


@pytest.mark.parametrize("table", TABLES)
def test_the_models_pass_what_was_normalised_and_empty_frames(table: str, clean: Register) -> None:
    build_model(table).validate(clean.frames[table], lazy=True)
    empty = make_frame(table, {name: [] for name in list_columns(table)})
    build_model(table).validate(empty, lazy=True)
    assert list(empty.columns) == list(clean.frames[table].columns)
    assert dict(empty.dtypes) == dict(clean.frames[table].dtypes)


def test_a_register_without_anything_is_whole() -> None:
    register = build_register({})
    assert {table: len(register.frames[table]) for table in TABLES} == dict.fromkeys(TABLES, 0)


# -- the data dictionary ------------------------------------------------------------------------


@each_field
def test_a_field_is_described(field: Field) -> None:
    assert field.table in DATA_TABLES
    assert field.name.isidentifier()
    assert field.name == field.name.lower()
    assert field.heading == field.heading.strip()
    assert field.meaning.endswith(".")
    assert len(field.meaning.split()) >= 2
    assert field.note.endswith(".")
    assert field.kind in KINDS
    assert field.width > 0


@each_field
def test_the_vocabulary_of_a_field_exists(field: Field) -> None:
    offered = {row["list"] for row in read_vocabulary("choices")}
    if field.kind in TABLE_KINDS:
        assert {"term", "code"} <= read_vocabulary(field.values)[0].keys()
    else:
        assert field.values in offered | {""}  # noqa: PD011 - a vocabulary, no frame


@pytest.mark.parametrize("table", DATA_TABLES)
def test_fields_and_headings_of_a_table_are_unique(table: str) -> None:
    fields = read_fields(table)
    assert fields
    assert len({field.name for field in fields}) == len(fields)
    assert len({field.heading.casefold() for field in fields}) == len(fields)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_a_meaning_and_no_list(table: str, clean: Register) -> None:
    columns = list_columns(table)
    assert all(column.meaning.endswith(".") for column in columns.values())
    assert all(column.meaning.strip(".") for column in columns.values())
    assert set(clean.frames[table].dtypes.astype("str")) <= {
        *("str", "category", "bool", "int64", "Int64", "float64", "datetime64[s]")
    }


@each_field
def test_a_field_has_its_text_its_state_and_what_its_kind_gives(field: Field) -> None:
    columns = list_columns(field.table)
    assert columns[field.name].dtype == "str"
    state = columns[f"{field.name}_state"]
    assert (state.dtype, state.allowed) == ("category", STATES)
    for suffix in PARSED.get(field.kind, {}):
        assert f"{field.name}_{suffix}" in columns


def test_named_fields_exist() -> None:
    known = {(field.table, field.name) for field in read_fields()}
    assert known >= CONTACT_FIELDS
    for table, fields in CELL_ITEMS.items():
        for own, child in fields.items():
            assert {("activities", own), (table, child)} <= known
