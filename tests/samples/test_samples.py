"""The sample workbooks hold what their text sources say, byte for byte and cell by cell."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from build_samples import SAMPLES, build_samples, list_sources, read_source

from ropa.report.house_layout import SHEETS, VOCABULARY_SHEET
from ropa.schema import read_fields

NAMES = [path.stem for path in list_sources()]
HINT = "run: python data/build_samples.py"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {path.stem: path for path in build_samples(tmp_path_factory.mktemp("samples"))}


def test_each_source_has_its_workbook() -> None:
    assert sorted(path.stem for path in SAMPLES.glob("*.xlsx")) == NAMES, HINT


@pytest.mark.parametrize("name", NAMES)
def test_workbook_is_what_its_source_builds(name: str, built: Mapping[str, Path]) -> None:
    committed = (SAMPLES / f"{name}.xlsx").read_bytes()
    assert committed == built[name].read_bytes(), HINT


def show(value: object) -> object:
    """Return a source's value as a workbook gives it back."""
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - cells have no zone
    return None if value == "" else value


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_those_of_the_source(name: str) -> None:
    workbook = openpyxl.load_workbook(SAMPLES / f"{name}.xlsx")
    tables = read_source(SAMPLES / "sources" / f"{name}.toml")
    assert workbook.sheetnames == [*SHEETS.values(), VOCABULARY_SHEET]
    for table, sheet in SHEETS.items():
        fields = read_fields(table)
        found = [list(row) for row in workbook[sheet].iter_rows(values_only=True)]
        rows = [[show(row.get(field.name)) for field in fields] for row in tables[table]]
        headings: list[object] = [field.heading for field in fields]
        if table == "organisation":
            expected = [list(pair) for pair in zip(headings, rows[0], strict=True)]
        else:
            expected = [headings, *rows]
        assert found == expected


def write_source(folder: Path, text: str) -> Path:
    path = folder / "made.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_is_copied_unless_a_block_says_otherwise(tmp_path: Path) -> None:
    text = """
        [everything]
        "Retention" = "6 years"
        "Owner" = "Head of finance"
        [[activities]]
        "ID" = "X1"
        "Retention" = ""
        [[activities]]
        "ID" = "X2"
        "Last reviewed" = 2026-06-15
    """
    tables = read_source(write_source(tmp_path, text))
    assert tables["activities"] == [
        {"activity_id": "X1", "retention": "", "owner": "Head of finance"},
        {
            "activity_id": "X2",
            "retention": "6 years",
            "owner": "Head of finance",
            "last_reviewed": date(2026, 6, 15),
        },
    ]
    assert tables["recipients"] == []


def test_rows_of_several_activities_stand_in_the_order_of_the_activities(tmp_path: Path) -> None:
    blocks = "".join(f'[[activities]]\n"ID" = "X{number}"\n' for number in (1, 2, 3))
    text = f"""{blocks}
        [[recipients]]
        "Activity ID" = ["X3", "X1"]
        "Recipient" = "First Ltd"
        [[recipients]]
        "Activity ID" = "*"
        "Recipient" = "Second Ltd"
        [[recipients]]
        "Activity ID" = "X2"
        "Recipient" = "Third Ltd"
    """
    rows = read_source(write_source(tmp_path, text))["recipients"]
    assert [(row["activity_id"], row["recipient"]) for row in rows] == [
        ("X1", "First Ltd"),
        ("X1", "Second Ltd"),
        ("X2", "Second Ltd"),
        ("X2", "Third Ltd"),
        ("X3", "First Ltd"),
        ("X3", "Second Ltd"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[activity]]\n"ID" = "X1"', "no table activity"),
        ('[[activities]]\n"Id" = "X1"', "activities has no heading Id"),
        ('[[activities]]\n"ID" = "X1"\n"Owner" = ["a"]', "activities, Owner"),
        ('[[activities]]\n"ID" = "X1"\n"Owner" = true', "activities, Owner"),
        ('[everything]\n"Owners" = "a"', "no heading Owners"),
        (
            '[[activities]]\n"ID" = "X1"\n[[recipients]]\n"Activity ID" = "X2"',
            "no activity X2",
        ),
    ],
)
def test_mistakes_of_a_source_are_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"made.toml: .*{message}"):
        read_source(write_source(tmp_path, text))
