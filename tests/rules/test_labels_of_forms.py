"""Plain labels of a form that speak of its recipients are read as a grid's columns of them are."""

from collections.abc import Mapping, Sequence

import pandas as pd
import pytest
from made_layouts import lay_beside, place
from made_sheets import recognise_sheets

import ropa
from ropa.normalise import normalise_registers
from ropa.register import Register
from ropa.workbook.cells import Sheet, make_sheet

FORM = {
    "Ref": "A1",
    "Activity": "Payroll",
    "Purpose": "Pay the staff",
    "Lawful basis": "Article 6(1)(b) contract",
    "Data subjects": "Staff",
    "Data categories": "Name; bank details",
    "Recipients": "Larkmere Ltd",
    "Transfers": "None",
    "Retention": "6 years after the end of employment",
    "Security measures": "Encryption; access control",
}
FRENCH = {
    "Réf": "A1",
    "Activité de traitement": "Paie",
    "Finalité": "Payer le personnel",
    "Base légale": "Article 6(1)(b) contrat",
    "Personnes concernées": "Salariés",
    "Catégories de données": "Nom ; RIB",
    "Destinataires": "Larkmere SARL",
    "Transferts": "Aucun",
    "Durée de conservation": "5 ans",
    "Mesures de sécurité": "Chiffrement",
}
TWO = "Larkmere Ltd; Fernhollow GmbH"
ROLE, CONTRACT = "Role of recipient", "Contract reference"
FAMILIES = ["REC", "TRF", "DAT", "RET", "GOV"]

Found = list[tuple[str, str, str]]


def read(*sheets: Sheet) -> Register:
    return normalise_registers({"made": [recognise_sheets(*sheets)]})


def write(labels: Mapping[str, str]) -> list[list[str]]:
    return [[label, text] for label, text in labels.items()]


def write_table(*recipients: tuple[str, str], **labels: str) -> list[list[str]]:
    """Return a form with a small table of recipients, role and name, and labels below it."""
    head = [[label, text] for label, text in FORM.items() if label != "Recipients"]
    rows = [
        [f"Recipient {number}", role, "", "", name]
        for number, (role, name) in enumerate(recipients, start=1)
    ]
    titles = ["Recipients", "Type of recipient", "", "", "Details"]
    more = [[label.replace("_", " "), text] for label, text in labels.items()]
    return [*head, titles, *rows, [], *more]


def tell(findings: pd.DataFrame) -> Found:
    """Return of each finding its rule, what it is about, and its cell."""
    return sorted(zip(findings["rule"], findings["subject"], findings["cell"], strict=True))


def find(register: Register) -> Found:
    return tell(ropa.audit(register, as_of="2026-09-30", rules=FAMILIES).findings)


def find_in(rows: Sequence[Sequence[str]]) -> Found:
    return find(read(make_sheet("Form", rows)))


def list_statuses(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    recognition = recognise_sheets(make_sheet("Form", rows))
    return {one.text: one.status for one in recognition.headings}


CASES: list[tuple[dict[str, str], Found]] = [
    ({}, []),
    ({ROLE: "Processor", CONTRACT: ""}, [("REC-03", "Larkmere Ltd", "B12")]),
    ({ROLE: "Processor", CONTRACT: "None"}, [("REC-03", "Larkmere Ltd", "B12")]),
    ({ROLE: "Processor", CONTRACT: "C-12"}, []),
    ({ROLE: "Controller", CONTRACT: ""}, []),
    ({ROLE: "", CONTRACT: ""}, []),
    ({ROLE: "Processor"}, []),
    ({CONTRACT: ""}, []),
    ({CONTRACT: "", ROLE: "Processor"}, [("REC-03", "Larkmere Ltd", "B11")]),
    (
        {ROLE: "Processor", CONTRACT: "C-12", "Recipient country": ""},
        [("REC-08", "Larkmere Ltd", "B13")],
    ),
    ({ROLE: "Processor", CONTRACT: "C-12", "Recipient country": "France"}, []),
    (
        {ROLE: "Processor", CONTRACT: "C-12", "Contract end date": "2026-01-31"},
        [("REC-04", "Larkmere Ltd", "B13")],
    ),
    ({ROLE: "Processor", CONTRACT: "C-12", "Contract end date": "2027-01-31"}, []),
    (
        {"Recipient country": "India", "Transfer mechanism": "", "Transfers": "India"},
        [("TRF-03", "Larkmere Ltd", "B12")],
    ),
    # "Yes" is no country of the recipient's.
    ({ROLE: "Processor", CONTRACT: "C-12", "Transfers": "Yes"}, [("TRF-02", "", "B8")]),
    # Several recipients in one cell.
    (
        {"Recipients": TWO, ROLE: "Processors", CONTRACT: ""},
        [("REC-03", "Fernhollow GmbH", "B12"), ("REC-03", "Larkmere Ltd", "B12")],
    ),
    (
        {"Recipients": TWO, ROLE: "Processors", CONTRACT: "C-1; none"},
        [("REC-03", "Fernhollow GmbH", "B12")],
    ),
    ({"Recipients": TWO, ROLE: "Processors", CONTRACT: "C-12"}, []),
    (
        {"Recipients": TWO, ROLE: "Controller; processor", CONTRACT: ""},
        [("REC-03", "Fernhollow GmbH", "B12")],
    ),
    ({"Recipients": TWO, ROLE: "", CONTRACT: ""}, []),
]


@pytest.fixture(scope="module")
def found() -> dict[str, Found]:
    """Audit each case as a form and as a grid, each a register of its own, in one pass."""
    layouts = {}
    for number, (labels, _) in enumerate(CASES):
        form = FORM | labels
        layouts[f"form {number}"] = write(form)
        layouts[f"grid {number}"] = [list(form), list(form.values())]
    recognised = {
        name: [recognise_sheets(make_sheet("Form", rows), file=name)]
        for name, rows in layouts.items()
    }
    findings = ropa.audit(
        normalise_registers(recognised), as_of="2026-09-30", rules=FAMILIES
    ).findings
    return {name: tell(findings[findings["file"] == name]) for name in layouts}


@pytest.mark.parametrize("number", range(len(CASES)))
def test_labels_give_the_findings_of_columns(number: int, found: dict[str, Found]) -> None:
    labels, expected = CASES[number]
    form, grid = found[f"form {number}"], found[f"grid {number}"]
    assert form == expected
    assert [one[:2] for one in grid] == [one[:2] for one in form]
    assert {*list_statuses(write(FORM | labels)).values()} == {"mapped"}


def test_a_finding_quotes_the_cell_beside_the_label() -> None:
    rows = write(FORM | {ROLE: "Processor", CONTRACT: "TBC"})
    audit = ropa.audit(read(make_sheet("Form", rows)), as_of="2026-09-30", rules=["REC-03"])
    assert audit.findings[["cell", "value"]].to_numpy().tolist() == [["B12", "TBC"]]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"Rôle du destinataire": "Sous-traitant", "Référence du contrat": ""}, ["B12"]),
        ({"Rôle du destinataire": "Sous-traitant", "Référence du contrat": "C-12"}, []),
    ],
)
def test_labels_in_french(labels: dict[str, str], expected: list[str]) -> None:
    found = find_in(write(FRENCH | labels))
    assert [cell for rule, _, cell in found if rule == "REC-03"] == expected


def test_each_of_several_forms_has_its_own() -> None:
    one = write(FORM | {ROLE: "Processor", CONTRACT: ""})
    other = write(FORM | {"Ref": "A2", "Activity": "Rota", ROLE: "Processor", CONTRACT: "C-1"})
    last = write(FORM | {"Ref": "A3", "Activity": "Canteen", "Purpose": "Feed the staff"})
    told = ("REC-03", "Larkmere Ltd")
    assert [*told, "B12"] in [list(row) for row in find_in([*one, [], *other, [], *last])]
    stacked = find_in([*last, [], *other, [], *one])
    assert [row for row in stacked if row[0] == "REC-03"] == [(*told, "B36")]
    beside = find_in(lay_beside(place(other), place(last, right=4), place(one, down=2, right=8)))
    assert [row for row in beside if row[0] == "REC-03"] == [(*told, "J14")]


def test_a_form_turned_on_its_side() -> None:
    records = [
        FORM | {ROLE: "Processor", CONTRACT: "C-1"},
        FORM | {"Ref": "A2", "Activity": "Rota", ROLE: "Processor", CONTRACT: ""},
    ]
    found = find_in([[label, *(one[label] for one in records)] for label in records[0]])
    assert [row for row in found if row[0] == "REC-03"] == [("REC-03", "Larkmere Ltd", "C12")]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("C-2", [("REC-03", "Larkmere Ltd", "B11")]),
        ("", [("REC-03", "Larkmere Ltd", "B11"), ("REC-03", "Otterholt SA", "B14")]),
        ("None", [("REC-03", "Larkmere Ltd", "B11"), ("REC-03", "Otterholt SA", "B14")]),
    ],
)
def test_numbered_labels_are_those_of_each_recipient(second: str, expected: Found) -> None:
    kept = {name: text for name, text in FORM.items() if name not in {"Recipients", "Transfers"}}
    first = {"Recipient 1": "Larkmere Ltd", f"{ROLE} 1": "Processor", f"{CONTRACT} 1": ""}
    other = {"Recipient 2": "Otterholt SA", f"{ROLE} 2": "Processor", f"{CONTRACT} 2": second}
    blank = {"Recipient 3": "", f"{ROLE} 3": "", f"{CONTRACT} 3": "", "Transfers": "None"}
    assert find_in(write(kept | first | other | blank)) == expected


def test_the_country_of_the_recipient_states_the_transfers() -> None:
    form = {name: text for name, text in FORM.items() if name != "Transfers"}
    assert "TRF-01" in {rule for rule, *_ in find_in(write(form))}
    assert not find_in(write(form | {"Recipient country": "France"}))


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({}, []),
        ({"Contract_reference": "C-12"}, []),
        ({"Contract_reference": ""}, ["Fernhollow GmbH", "Larkmere Ltd"]),
        ({"Contract_reference": "C-1; none; none"}, ["Fernhollow GmbH"]),
        ({"Contract_reference": "C-12", "Recipient_country": "France"}, []),
    ],
)
def test_labels_beside_a_small_table_are_said_of_all(
    labels: dict[str, str], expected: list[str]
) -> None:
    rows = write_table(
        *(("Processor", "Larkmere Ltd"), ("Processor", "Fernhollow GmbH"), ("Controller", "HMRC")),
        **labels,
    )
    at = f"B{len(FORM) + 5}"
    assert find_in(rows) == [("REC-03", name, at) for name in expected]


@pytest.mark.parametrize(("contract", "rules"), [("", ["REC-03"]), ("C-12", [])])
def test_labels_beside_a_small_table_with_one_recipient(contract: str, rules: list[str]) -> None:
    rows = write_table(("Processor", "Larkmere Ltd"), Contract_reference=contract)
    assert [rule for rule, *_ in find_in(rows)] == rules
    rows = write_table(("", "Larkmere Ltd"), Role_of_recipient="Processor", Contract=contract)
    assert [rule for rule, *_ in find_in(rows)] == rules


def test_a_country_beside_a_small_table_is_of_none_of_several() -> None:
    rows = write_table(
        ("Processor", "Larkmere Ltd"), ("Processor", "Fernhollow GmbH"), Recipient_country="France"
    )
    transfers = read(make_sheet("Form", rows)).transfers
    assert [*zip(transfers["recipient"], transfers["country_code"], strict=True)] == [("", "FR")]
    rows = write_table(("Processor", "Larkmere Ltd"), Recipient_country="France")
    transfers = read(make_sheet("Form", rows)).transfers
    assert list(transfers["recipient"]) == ["Larkmere Ltd"]


def test_what_is_not_read_is_not_shown_as_mapped() -> None:
    """Of which of the data in the table "yes" is said is not told."""
    labels = [label for label in FORM if label != "Data categories"]
    rows = [[label, FORM[label]] for label in labels]
    table = [["Data categories", "Description", "", "", "Retention"], ["Data 1", "Name"]]
    special = ["Special category", "Yes"]
    assert list_statuses([*rows, special])["Special category"] == "mapped"
    assert list_statuses([*rows, *table, [], special])["Special category"] == "ambiguous"


def test_a_special_category_beside_the_data() -> None:
    items = read(make_sheet("Form", write(FORM | {"Special category": "Yes"}))).data_items
    said = items[items["special_category_state"] == "stated"]
    assert list(said["data_category"]) == ["Name; bank details"]


def test_the_labels_of_one_register_ask_nothing_of_another() -> None:
    asking = make_sheet("Form", write(FORM | {ROLE: "Processor", CONTRACT: "C-12"}))
    table = make_sheet("Form", write_table(("Processor", "Larkmere Ltd")))
    transfers = make_sheet(
        "Form",
        [
            *write_table(("Processor", "Otterholt SA")),
            ["Transfers outside the EU", "Recipient", "Country"],
            ["Recipient organisation 1", "Otterholt SA", "France"],
        ],
    )
    alone = [find(read(one)) for one in (asking, table, transfers)]
    assert alone == [[], [], []]
    together = normalise_registers(
        {
            name: [recognise_sheets(one)]
            for name, one in {"a": asking, "b": table, "c": transfers}.items()
        }
    )
    assert find(together) == []
