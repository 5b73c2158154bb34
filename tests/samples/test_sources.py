"""The text sources of the sample registers hold only what the house workbook has a cell for."""

import csv
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "data" / "samples" / "sources"
TABLES = ("organisation", "activities", "data_items", "recipients", "controllers")
ID = "ID"
ACTIVITY_ID = "Activity ID"

IDS = {
    "trade-association": [f"A{number}" for number in range(1, 15)],
    "telecoms-provider": [f"B{number}" for number in range(1, 11)],
    "online-community": [f"C{number}" for number in range(1, 9)],
    "call-handling-provider": [f"D{number}" for number in range(1, 17)],
    "telephone-answering-service": [f"E{number}" for number in range(1, 12)],
}
NAMES = sorted(IDS)
PROCESSOR = {"D1", "D2", "E7", "E8"}
NO_PURPOSE = {"A13"}

# What a data protection officer reads between the lines of a notice but the notice does not say.
NEVER_STATED = {
    "organisation": ("Representative", "Public authority", "Sectors regulated", "Headcount"),
    "activities": (
        *("Joint controller", "Arrangement", "Business function", "LIA reference", "Law cited"),
        *("Criminal-offence condition", "Schedule 1 condition", "Policy document"),
        *("DPIA required", "DPIA status", "DPIA reference", "Owner", "Status", "Last reviewed"),
    ),
    "recipients": ("Contract reference", "Contract end", "Authorisation", "Transfer assessment"),
}

MAILBOX = re.compile(r"[\w.+-]+@[\w.-]+")
NUMBER = re.compile(r"(?<![\w.])(?:\+|\(0|0)\d*(?:[ ().-]*\d){6,}")


def read_text(name: str) -> str:
    return (SOURCES / f"{name}.toml").read_text(encoding="utf-8")


def read_source(name: str) -> dict[str, Any]:
    return tomllib.loads(read_text(name))


def list_headings(table: str) -> list[str]:
    path = ROOT / "ropa" / "vocabulary" / "fields.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return [row["heading"] for row in csv.DictReader(stream) if row["table"] == table]


def list_blocks(source: dict[str, Any], table: str) -> list[dict[str, Any]]:
    block = source.get(table, [])
    return block if isinstance(block, list) else [block]


def fill_activities(source: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Give each activity what holds for everything, unless its own block says otherwise."""
    return {block[ID]: source["everything"] | block for block in source["activities"]}


def name_activities(block: dict[str, Any], ids: list[str]) -> list[str]:
    stated = block[ACTIVITY_ID]
    if stated == "*":
        return ids
    return stated if isinstance(stated, list) else [stated]


def split_items(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(";")]


def test_there_are_exactly_these_sources() -> None:
    assert sorted(path.stem for path in SOURCES.glob("*.toml")) == sorted([*NAMES, "clean"])


@pytest.mark.parametrize("table", TABLES)
def test_headings_are_unique_in_each_sheet(table: str) -> None:
    headings = list_headings(table)
    assert headings
    assert [heading for heading, count in Counter(headings).items() if count > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_blocks_are_known(name: str) -> None:
    source = read_source(name)
    assert set(source) <= {*TABLES, "everything"}
    assert {"organisation", "everything", "activities"} <= set(source)


@pytest.mark.parametrize("name", NAMES)
def test_keys_are_headings_of_the_house_workbook(name: str) -> None:
    source = read_source(name)
    unknown = [
        (table, key)
        for table in TABLES
        for block in list_blocks(source, table)
        for key in block
        if key not in list_headings(table)
    ]
    assert unknown == []
    assert set(source["everything"]) <= set(list_headings("activities")) - {ID}


@pytest.mark.parametrize("name", NAMES)
def test_ids_stand_in_order(name: str) -> None:
    assert [block[ID] for block in read_source(name)["activities"]] == IDS[name]


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_clean_text(name: str) -> None:
    source = read_source(name)
    blocks = [source["everything"]]
    blocks += [block for table in TABLES for block in list_blocks(source, table)]
    cells = [
        (key, value)
        for block in blocks
        for key, value in block.items()
        if not (key == ACTIVITY_ID and isinstance(value, list))
    ]
    assert [cell for cell in cells if not isinstance(cell[1], str)] == []
    assert [cell for cell in cells if cell[1] != " ".join(cell[1].split())] == []


@pytest.mark.parametrize("name", NAMES)
def test_empty_text_only_takes_back_what_holds_for_everything(name: str) -> None:
    source = read_source(name)
    needless = [
        (block[ID], key)
        for block in source["activities"]
        for key, value in block.items()
        if value == source["everything"].get(key, "")
    ]
    assert needless == []


@pytest.mark.parametrize("name", NAMES)
def test_child_rows_belong_to_activities(name: str) -> None:
    source = read_source(name)
    stated = [
        activity
        for table in ("recipients", "data_items")
        for block in list_blocks(source, table)
        for activity in name_activities(block, IDS[name])
    ]
    assert set(stated) <= set(IDS[name])


@pytest.mark.parametrize("name", NAMES)
def test_both_lists_of_recipients_agree(name: str) -> None:
    source = read_source(name)
    rows: dict[str, list[str]] = {activity: [] for activity in IDS[name]}
    for block in list_blocks(source, "recipients"):
        for activity in name_activities(block, IDS[name]):
            rows[activity].append(block["Recipient"])
    cells = {
        activity: [item for item in split_items(block.get("Recipients", "")) if item]
        for activity, block in fill_activities(source).items()
    }
    cells = {activity: [] if items == ["None"] else items for activity, items in cells.items()}
    assert {activity: sorted(items) for activity, items in rows.items()} == {
        activity: sorted(items) for activity, items in cells.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_purpose_repeats_the_activity(name: str) -> None:
    activities = fill_activities(read_source(name))
    differing = {
        activity
        for activity, block in activities.items()
        if block.get("Purpose") != block["Activity"]
    }
    assert differing == NO_PURPOSE & set(activities)
    assert not any("Purpose" in activities[activity] for activity in differing)


@pytest.mark.parametrize("name", NAMES)
def test_every_activity_has_a_role_and_a_reference(name: str) -> None:
    activities = fill_activities(read_source(name))
    expected = {
        activity: "Processor" if activity in PROCESSOR else "Controller" for activity in activities
    }
    assert {activity: block["Role"] for activity, block in activities.items()} == expected
    assert all(block["Reference"] for block in activities.values())
    on_behalf = {activity for activity, block in activities.items() if block.get("On behalf of")}
    assert on_behalf == PROCESSOR & set(activities)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_invented(name: str) -> None:
    source = read_source(name)
    invented = [
        (table, heading)
        for table, headings in NEVER_STATED.items()
        for block in list_blocks(source, table)
        for heading in headings
        if heading in block
    ]
    assert invented == []
    assert not set(NEVER_STATED["activities"]) & set(source["everything"])
    assert list_blocks(source, "controllers") == []


def test_what_must_never_be_stated_is_a_heading() -> None:
    unknown = [
        heading
        for table, headings in NEVER_STATED.items()
        for heading in headings
        if heading not in list_headings(table)
    ]
    assert unknown == []


@pytest.mark.parametrize("name", NAMES)
def test_mailboxes_are_made_up(name: str) -> None:
    boxes = MAILBOX.findall(read_text(name))
    assert [box for box in boxes if not box.endswith("@example.org")] == []


@pytest.mark.parametrize("name", NAMES)
def test_telephone_numbers_are_made_up(name: str) -> None:
    numbers = NUMBER.findall(read_text(name))
    assert [number for number in numbers if not re.fullmatch(r"01632 960\d{3}", number)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("call 01632 960123", ["01632 960123"]),
        ("call +44 20 7946 0000.", ["+44 20 7946 0000"]),
        ("call (020) 79460000", ["(020) 79460000"]),
        ("25 May 2018, section 12; 960 days", []),
        ("22 July 2023", []),
    ],
)
def test_telephone_pattern_sees_numbers(text: str, found: list[str]) -> None:
    assert NUMBER.findall(text) == found


@pytest.mark.parametrize(
    ("name", "activity", "heading", "cell"),
    [
        ("trade-association", "A5", "Lawful basis", "Consent where given, or legitimate interests"),
        ("trade-association", "A13", "Special category condition", "Explicit consent"),
        ("trade-association", "A13", "Lawful basis", ""),
        ("trade-association", "A4", "Data subjects", ""),
        ("telecoms-provider", "B2", "Lawful basis", "Contract; legitimate interests"),
        ("telecoms-provider", "B5", "Data categories", ""),
        ("telecoms-provider", "B1", "Transfers", ""),
        ("online-community", "C8", "Retention", "Never deleted"),
        ("online-community", "C6", "Lawful basis", ""),
        ("call-handling-provider", "D1", "Lawful basis", ""),
        ("call-handling-provider", "D2", "Lawful basis", "Legitimate interests"),
        ("call-handling-provider", "D14", "Retention", "In accordance with our retention schedule"),
        ("telephone-answering-service", "E6", "Lawful basis", "Opt-in"),
        ("telephone-answering-service", "E9", "Lawful basis", "By using this website, you consent"),
        ("telephone-answering-service", "E9", "Retention", "26 months"),
        ("telephone-answering-service", "E11", "Lawful basis", ""),
        ("telephone-answering-service", "E4", "Recipients", "None"),
        ("telephone-answering-service", "E4", "Transfers", ""),
    ],
)
def test_cell_is_as_the_notice_states_it(name: str, activity: str, heading: str, cell: str) -> None:
    assert fill_activities(read_source(name))[activity].get(heading, "") == cell
