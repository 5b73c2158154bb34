"""The text source of the clean register: whole, consistent with itself, and as varied as promised.

The rules themselves say whether it is clean; here stands what must hold before they are asked.
"""

import csv
import re
import tomllib
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "data" / "samples" / "sources" / "clean.toml"
AS_OF = date(2026, 9, 30)
FIRST_REVIEW = date(2025, 10, 1)
EARLIEST_END = date(2026, 12, 31)
IDS = [f"K{number:02}" for number in range(1, 26)]
SHEETS = ("activities", "data_items", "recipients", "controllers")

EVERY_ROW = (
    *("Role", "Business function", "Activity", "Purpose", "Data subjects", "Data categories"),
    *("Children or vulnerable", "Recipients", "Source of data", "Security measures", "Location"),
    *("Scale", "Transfers", "Automated decisions", "Joint controller", "Owner", "Status"),
    *("Last reviewed", "Reference"),
)
CONTROLLER_ROW = (
    *("Lawful basis", "Special category condition", "Criminal-offence condition", "Rights"),
    *("DPIA required", "DPIA status", "DPIA reference"),
)
CONTROLLERS_TO_STATE = (*CONTROLLER_ROW, "Legitimate interest", "LIA reference", "Consent record")
AREA = {"United Kingdom", "Ireland", "Germany"}
MAILBOX = re.compile(r"[\w.+-]+@[\w.-]+")
TELEPHONE = re.compile(r"(?<![\w./-])0\d{3,}(?: \d+)*")


@cache
def read_source() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def list_activities() -> dict[str, dict[str, Any]]:
    source = read_source()
    return {block["ID"]: source["everything"] | block for block in source["activities"]}


def list_children(table: str) -> list[dict[str, Any]]:
    """Give one row for each activity that a child block names."""
    rows = []
    for block in read_source()[table]:
        stated = block["Activity ID"]
        ids = stated if isinstance(stated, list) else [stated]
        rows += [block | {"Activity ID": activity} for activity in ids]
    return rows


def group_children(table: str, heading: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {activity: [] for activity in IDS}
    for row in list_children(table):
        found[row["Activity ID"]].append(row[heading])
    return found


def list_controller_rows() -> dict[str, dict[str, Any]]:
    return {key: row for key, row in list_activities().items() if row["Role"] != "Processor"}


def list_processor_rows() -> dict[str, dict[str, Any]]:
    return {key: row for key, row in list_activities().items() if row["Role"] == "Processor"}


def list_recipients(**wanted: str) -> list[dict[str, Any]]:
    return [
        row
        for row in list_children("recipients")
        if all(text in row.get(name.replace("_", " "), "") for name, text in wanted.items())
    ]


def split_items(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(";")]


def fold_items(cell: str) -> list[str]:
    return sorted(item.lower() for item in split_items(cell))


def list_headings(table: str) -> set[str]:
    path = ROOT / "ropa" / "vocabulary" / "fields.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["heading"] for row in csv.DictReader(stream) if row["table"] == table}


def list_choices(name: str) -> set[str]:
    path = ROOT / "ropa" / "vocabulary" / "choices.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["value"] for row in csv.DictReader(stream) if row["list"] == name}


def list_cells() -> list[tuple[str, Any]]:
    source = read_source()
    blocks = [source["organisation"], source["everything"]]
    blocks += [block for table in SHEETS for block in source[table]]
    return [cell for block in blocks for cell in block.items()]


def test_ids_are_unique_and_in_order() -> None:
    assert [block["ID"] for block in read_source()["activities"]] == IDS


def test_keys_are_headings_of_the_house_workbook() -> None:
    source = read_source()
    assert set(source) == {"organisation", "everything", *SHEETS}
    assert set(source["organisation"]) == list_headings("organisation")
    assert set(source["everything"]) <= list_headings("activities") - {"ID"}
    for table in SHEETS:
        assert {key for block in source[table] for key in block} <= list_headings(table)


def test_cells_are_clean_text_dates_or_lists_of_ids() -> None:
    for key, value in list_cells():
        if isinstance(value, list):
            assert key == "Activity ID"
        elif not isinstance(value, date):
            assert value == " ".join(value.split()), key
            assert value, key


def test_organisation_stands_under_both_regimes() -> None:
    organisation = read_source()["organisation"]
    assert organisation["Name"] == "Contact centre services company (sample)"
    assert organisation["Regimes"] == "UK GDPR; EU GDPR"
    assert organisation["Establishments"] == "United Kingdom; Ireland"
    assert organisation["Representative"] == "None: established in both"


def test_only_one_row_is_not_live() -> None:
    stated = Counter(row["Status"] for row in list_activities().values())
    assert stated == {"Live": 24, "Proposed": 1}


def test_every_row_is_filled() -> None:
    gaps = [
        (key, name)
        for rows, names in (
            (list_activities(), EVERY_ROW),
            (list_controller_rows(), CONTROLLER_ROW),
            (list_processor_rows(), ("On behalf of",)),
        )
        for key, row in rows.items()
        for name in names
        if not row.get(name)
    ]
    assert gaps == []


def test_processor_rows_leave_to_the_controller_what_is_the_controllers() -> None:
    rows = list_processor_rows()
    assert len(rows) >= 7
    stated = [(key, name) for key, row in rows.items() for name in CONTROLLERS_TO_STATE]
    assert [(key, name) for key, name in stated if name in rows[key]] == []


def test_clients_are_those_of_the_controllers_sheet() -> None:
    named = {
        name for row in list_processor_rows().values() for name in split_items(row["On behalf of"])
    }
    sheet = read_source()["controllers"]
    assert named == {row["Name"] for row in sheet}
    assert len(named) == len(sheet)
    assert all(set(row) == list_headings("controllers") for row in sheet)


def test_both_lists_of_recipients_agree() -> None:
    rows = group_children("recipients", "Recipient")
    cells = {key: split_items(row["Recipients"]) for key, row in list_activities().items()}
    assert {key: sorted(names) for key, names in rows.items()} == {
        key: [] if names == ["None"] else sorted(names) for key, names in cells.items()
    }
    assert sum(names == ["None"] for names in cells.values()) >= 3


def test_both_lists_of_data_agree() -> None:
    items = group_children("data_items", "Data category")
    for key, row in list_activities().items():
        if items[key]:
            assert sorted(name.lower() for name in items[key]) == fold_items(row["Data categories"])


def test_data_disclosed_are_data_held() -> None:
    activities = list_activities()
    for row in list_children("recipients"):
        held = fold_items(activities[row["Activity ID"]]["Data categories"])
        assert set(fold_items(row["Data categories"])) <= set(held), row["Recipient"]


def test_every_category_has_a_retention() -> None:
    items = group_children("data_items", "Retention")
    for key, row in list_activities().items():
        assert row.get("Retention") or items[key], key


def test_retention_in_the_cell_repeats_the_data_items() -> None:
    items: dict[str, list[str]] = {key: [] for key in IDS}
    for row in list_children("data_items"):
        items[row["Activity ID"]].append(f"{row['Data category']}: {row['Retention']}".lower())
    both = {
        key: row["Retention"]
        for key, row in list_activities().items()
        if items[key] and "Retention" in row
    }
    assert len(both) >= 2
    assert {key: fold_items(cell) for key, cell in both.items()} == {
        key: sorted(items[key]) for key in both
    }
    assert sum(bool(items[key]) for key in IDS) - len(both) >= 2


def test_retention_differs_between_categories() -> None:
    periods = group_children("data_items", "Retention")
    assert sum(len(set(stated)) >= 2 for stated in periods.values()) >= 8
    styles = {row["Retention"] for row in list_children("data_items")}
    styles |= {row["Retention"] for row in list_activities().values() if "Retention" in row}
    assert {"P2Y", "30 days", "Current year + 6", "The browsing session"} <= styles
    assert {"End of employment + 6 years", "Until consent is withdrawn"} <= styles


def test_each_basis_has_its_record() -> None:
    for key, row in list_controller_rows().items():
        basis = row["Lawful basis"].lower()
        interests = "legitimate interests" in basis
        assert ("Legitimate interest" in row) == interests, key
        assert ("LIA reference" in row) == interests, key
        assert ("Consent record" in row) == ("consent" in basis), key
        if "legal obligation" in basis:
            assert "(UK)" in row["Law cited"], key
            assert "(Ireland)" in row["Law cited"], key
        if "consent" in basis:
            assert "withdrawal" in row["Consent record"], key


def test_the_mix_of_bases() -> None:
    cells = [row["Lawful basis"].lower() for row in list_controller_rows().values()]
    assert sum("consent" in cell for cell in cells) == 4
    assert sum("legal obligation" in cell for cell in cells) == 6
    assert sum("legitimate interests" in cell for cell in cells) == 7
    assert sum("contract" in cell for cell in cells) == 2
    assert not any("(ea)" in cell or "recognised" in cell for cell in cells)


def test_the_mix_of_conditions() -> None:
    rows = list_controller_rows()
    special = {k for k, row in rows.items() if row["Special category condition"] != "None"}
    criminal = {k for k, row in rows.items() if row["Criminal-offence condition"] != "None"}
    assert special == {"K07", "K08"}
    assert criminal == {"K03"}
    assert {key for key, row in rows.items() if "Schedule 1 condition" in row} == special | criminal
    with_policy = {key for key, row in rows.items() if "Policy document" in row}
    assert with_policy == {"K03", "K08"}
    assert {key for key, row in rows.items() if "Policy adherence" in row} == with_policy
    flagged = {r["Activity ID"] for r in list_children("data_items") if "Yes" in r.values()}
    assert flagged & set(rows) <= special
    assert flagged - set(rows) == {"K21", "K22", "K23"}


def test_the_mix_of_people() -> None:
    rows = list_activities()
    assert {key for key, row in rows.items() if "Children" in row["Data subjects"]} == {
        "K18",
        "K22",
    }
    vulnerable = {key for key, row in rows.items() if row["Children or vulnerable"] != "No"}
    assert vulnerable >= {"K01", "K07", "K18", "K21", "K22", "K23"}


def test_one_activity_has_a_joint_controller() -> None:
    rows = list_activities()
    joint = {key for key, row in rows.items() if row["Joint controller"] != "None"}
    assert joint == {key for key, row in rows.items() if row["Role"] == "Joint controller"}
    assert joint == {key for key, row in rows.items() if "Arrangement" in row}
    assert len(joint) == 1


def test_one_activity_has_automated_decisions_with_safeguards() -> None:
    rows = list_activities()
    automated = {key for key, row in rows.items() if row["Automated decisions"] != "None"}
    assert automated == {"K02"}
    assert automated == {k for k, row in rows.items() if "Automated decision safeguards" in row}


def test_impact_assessments_agree_with_themselves() -> None:
    done = 0
    for key, row in list_controller_rows().items():
        reference = row["DPIA reference"]
        if row["DPIA required"] == "Yes":
            done += 1
            assert (row["DPIA status"], reference[:5]) == ("Completed", "DPIA-"), key
        else:
            assert row["DPIA required"] == f"No: screening {reference}", key
            assert row["DPIA status"] == "Not required", key
            assert "Large scale" not in row["Scale"], key
    assert done >= 5


def test_recipients_have_a_country_and_a_known_role() -> None:
    for row in list_children("recipients"):
        assert row["Country"], row["Recipient"]
        assert row["Role"] in list_choices("recipient_role"), row["Recipient"]


def test_processors_have_a_contract_that_runs() -> None:
    processors = list_recipients(Role="rocessor")
    assert len(processors) >= 15
    for row in processors:
        assert row["Contract reference"], row["Recipient"]
    ends = [row["Contract end"] for row in list_children("recipients") if "Contract end" in row]
    assert min(ends) >= EARLIEST_END
    assert all("Contract end" in row for row in processors)


def test_sub_processors_are_authorised_and_hang_together() -> None:
    names = group_children("recipients", "Recipient")
    subs = list_recipients(Role="Sub-processor")
    assert len(subs) >= 10
    assert all(row["Authorisation"] for row in subs)
    chained = [row for row in subs if "Via" in row]
    assert len(chained) == 3
    assert all(row["Via"] in names[row["Activity ID"]] for row in chained)
    controllers = list_controller_rows()
    assert all("Via" in row for row in subs if row["Activity ID"] in controllers)
    # A processor with sub-processors brings them along wherever it is used.
    for row in chained:
        users = {key for key, found in names.items() if row["Via"] in found}
        assert users == {key for key, found in names.items() if row["Recipient"] in found}


def test_transfers_name_every_country_outside_the_area() -> None:
    countries = group_children("recipients", "Country")
    for key, row in list_activities().items():
        reached = {name for cell in countries[key] for name in split_items(cell)}
        cell = row["Transfers"]
        if cell == "None":
            assert not reached, key
        elif cell.startswith("N"):
            assert reached <= AREA, key
            assert re.search("outside the U.* and the E", cell), key
        else:
            assert set(split_items(cell)) == reached, key


def test_restricted_transfers_have_an_instrument_for_both_regimes() -> None:
    abroad = [row for row in list_children("recipients") if set(split_items(row["Country"])) - AREA]
    headings = ("Transfer mechanism", "Mechanism evidence", "Mechanism date", "Transfer assessment")
    assert all(name in row for row in abroad for name in headings)
    inside = [row for row in list_children("recipients") if row not in abroad]
    assert not any(name in row for row in inside for name in headings)
    american = list_recipients(Country="United States")
    framework = [row for row in american if "Data Privacy" in row["Transfer mechanism"]]
    clauses = [row for row in american if "2021/914" in row["Transfer mechanism"]]
    assert len(american) == len(framework) + len(clauses) == 6
    assert len(clauses) == 2
    assert all("UK Extension" in row["Transfer mechanism"] for row in framework)
    assert all("UK Extension" in row["Mechanism evidence"] for row in framework)
    assert all("UK Addendum" in row["Transfer mechanism"] for row in clauses)
    assert all(re.search("TIA-.*TRA-", row["Transfer assessment"]) for row in clauses)
    assert [row["Recipient"] for row in list_recipients(Mechanism_evidence="PIPEDA")] == [
        row["Recipient"] for row in list_recipients(Country="Canada")
    ]
    assert [row["Recipient"] for row in list_recipients(Mechanism_evidence="APPI")] == [
        row["Recipient"] for row in list_recipients(Country="Japan")
    ]


def test_dates_are_dates_and_not_in_the_future() -> None:
    for key, row in list_activities().items():
        reviewed = row["Last reviewed"]
        assert isinstance(reviewed, date), key
        assert FIRST_REVIEW <= reviewed <= AS_OF, key
    made = [row["Mechanism date"] for row in list_children("recipients") if "Mechanism date" in row]
    assert max(made) <= AS_OF
    assert read_source()["organisation"]["Register date"] <= AS_OF
    written = re.findall(r"\d{4}-\d{2}-\d{2}", " ".join(str(value) for _, value in list_cells()))
    ends = {
        str(row["Contract end"]) for row in list_children("recipients") if "Contract end" in row
    }
    assert max(set(written) - ends) <= str(AS_OF)


def test_mailboxes_and_telephone_numbers_are_made_up() -> None:
    text = SOURCE.read_text(encoding="utf-8")
    boxes, numbers = MAILBOX.findall(text), TELEPHONE.findall(text)
    assert min(len(boxes), len(numbers)) > 5
    assert [box for box in boxes if not box.endswith("@example.org")] == []
    assert [number for number in numbers if not re.fullmatch(r"01632 960\d{3}", number)] == []
