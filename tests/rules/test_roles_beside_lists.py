"""Several recipients in one cell, and a role beside it: of which of them it is said."""

from pathlib import Path

import openpyxl
import pytest

import ropa
from ropa.report.template import write_template

HEADINGS = {
    "ref": "Ref",
    "activity": "Processing activity",
    "purpose": "Purpose",
    "basis": "Lawful basis",
    "subjects": "Data subjects",
    "data": "Data categories",
    "names": "Recipients",
    "role": "Role of recipient",
    "country": "Recipient country",
    "contract": "Contract reference",
    "ends": "Contract end date",
    "transfers": "Transfers",
    "retention": "Retention",
    "security": "Security measures",
}
FILLED = {
    "basis": "Article 6(1)(b) contract",
    "subjects": "Employees",
    "data": "Name; bank details",
    "transfers": "None",
    "retention": "6 years after employment ends",
    "security": "Encryption at rest; access by role",
}
TWO = "Larkmere Ltd; Fernhollow GmbH"
THREE = "Larkmere Ltd; Fernhollow GmbH; Otterholt SA"
LARKMERE, FERNHOLLOW, OTTERHOLT = THREE.split("; ")
Row = dict[str, str]


def make(tmp_path: Path, *rows: Row, left_out: tuple[str, ...] = ("country", "ends")) -> Path:
    """Write a register with one row an activity; a row without ``ref`` goes on with the last."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    kept = [name for name in HEADINGS if name not in left_out]
    sheet.append([HEADINGS[name] for name in kept])
    for number, given in enumerate(rows, start=1):
        texts = {"ref": f"A{number}", "activity": f"Payroll {number}"}
        texts |= {"purpose": f"Pay staff of site {number}", **FILLED}
        texts = given if given.get("ref") == "" else texts | given
        sheet.append([texts.get(name) or None for name in kept])
    path = tmp_path / "register.xlsx"
    book.save(path)
    return path


def find(path: Path) -> list[tuple[str, str, str]]:
    """Return the findings on recipients: rule, what it is about, and cell."""
    found = ropa.audit(ropa.load(path), as_of="2026-09-30", rules=["REC"]).findings
    return sorted(zip(found["rule"], found["subject"], found["cell"], strict=True))


CASES: dict[str, tuple[Row, list[str]]] = {
    f"{names!r}, {role!r}, {contract!r}": ({"names": names, "role": role, "contract": contract}, to)
    for names, role, contract, to in [
        # A role that is stated once is that of each, however the names are listed.
        (TWO, "Processor", "", [LARKMERE, FERNHOLLOW]),
        (TWO, "processors", "None", [LARKMERE, FERNHOLLOW]),
        (TWO, "Data processor (Art. 28)", "TBC", [LARKMERE, FERNHOLLOW]),
        (TWO.replace("; ", "\n"), "Processor", "", [LARKMERE, FERNHOLLOW]),
        (TWO.replace("; ", ", "), "Processor", "", [LARKMERE, FERNHOLLOW]),
        # So is the contract; without a processor none is missed.
        (TWO, "Processors", "Contract C-12", []),
        (TWO, "Processors", "C-12; C-13", []),
        (TWO, "Controllers", "", []),
        (TWO, "Joint controller", "", []),
        (TWO, "Authorities", "", []),
        # Nothing tells which is which.
        (TWO, "", "", []),
        (TWO, "TBC", "", []),
        (TWO, "Processor and controller", "", []),
        (TWO, "Processor / controller", "", []),
        # Lists of one length are paired.
        (TWO, "Processor; controller", "", [LARKMERE]),
        (TWO, "Controller, processor", "", [FERNHOLLOW]),
        (TWO, "1. Processor\n2. Sub-processor", "C-1; none", [FERNHOLLOW]),
        (TWO, "Processor; processor", "", [LARKMERE, FERNHOLLOW]),
        (TWO, "Processor; TBC", "", [LARKMERE]),
        (TWO, "Processors", "none; C-2", [LARKMERE]),
        (TWO, "Controller; processor", "none; C-2", []),
        (THREE, "Processor; controller; processor", "", [LARKMERE, OTTERHOLT]),
        # Lists of another length are not, unless they say but one thing.
        (THREE, "Processor; processor", "", [LARKMERE, FERNHOLLOW, OTTERHOLT]),
        (THREE, "Processor; controller", "", []),
        (THREE, "Processor; TBC", "", []),
        (THREE, "Processors", "C-1; none", []),
        # What an item says of itself goes before the role of all.
        (f"HMRC; {LARKMERE}", "Processors", "", [LARKMERE]),
        (f"Our own staff; {LARKMERE}", "Processors", "", [LARKMERE]),
        (f"Otterholt SA (controller); {LARKMERE}", "Processors", "", [LARKMERE]),
        (
            f"Sub-processor: Otterholt; {LARKMERE}",
            "Processors",
            "",
            ["Sub-processor: Otterholt", LARKMERE],
        ),
        (
            f"Court Street Staff Ltd; {LARKMERE}",
            "Processors",
            "",
            ["Court Street Staff Ltd", LARKMERE],
        ),
        (f"TBC; {LARKMERE}", "Processors", "", [LARKMERE]),
    ]
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    """Audit the cases as the rows of one register."""
    path = make(tmp_path_factory.mktemp("cases"), *(row for row, _ in CASES.values()))
    return find(path)


@pytest.mark.parametrize(
    ("row", "expected"),
    [(row, one[1]) for row, one in enumerate(CASES.values(), start=2)],
    ids=CASES,
)
def test_whose_contract_is_missing(
    found: list[tuple[str, str, str]], row: int, expected: list[str]
) -> None:
    told = [(rule, subject) for rule, subject, cell in found if cell[1:] == str(row)]
    assert told == [("REC-03", subject) for subject in sorted(expected)]


def test_a_country_is_of_none_of_them(tmp_path: Path) -> None:
    path = make(
        tmp_path,
        {"names": TWO, "role": "Processor", "country": "Germany", "contract": ""},
        left_out=("ends",),
    )
    assert find(path) == [("REC-03", FERNHOLLOW, "J2"), ("REC-03", LARKMERE, "J2")]
    transfers = ropa.load(path).transfers
    assert [*zip(transfers["recipient"], transfers["country_code"], strict=True)] == [("", "DE")]


def test_a_country_that_is_blank_is_missing_for_each(tmp_path: Path) -> None:
    path = make(tmp_path, {"names": TWO, "role": "Processor", "contract": "C-1"}, left_out=())
    assert find(path) == [("REC-08", FERNHOLLOW, "I2"), ("REC-08", LARKMERE, "I2")]


def test_a_contract_that_has_ended_is_that_of_the_processor(tmp_path: Path) -> None:
    row = {"names": TWO, "role": "Controller; processor", "contract": "C-1", "country": "Germany"}
    path = make(tmp_path, row | {"ends": "2025-12-31"}, left_out=())
    assert find(path) == [("REC-04", FERNHOLLOW, "K2")]
    assert find(make(tmp_path, row | {"ends": "2026-12-31"}, left_out=())) == []


def test_the_value_is_the_text_of_the_cell(tmp_path: Path) -> None:
    path = make(tmp_path, {"names": TWO, "role": "Processors", "contract": "C-1; none"})
    found = ropa.audit(ropa.load(path), as_of="2026-09-30", rules=["REC"]).findings
    assert [*found["value"]] == ["C-1; none"]


def test_vague_words_are_told_once_each(tmp_path: Path) -> None:
    row = {"names": "Third parties; partners", "role": "Processors", "contract": "C-1"}
    found = find(make(tmp_path, row))
    assert found == [("REC-02", "Third parties", "G2"), ("REC-02", "partners", "G2")]


def test_two_columns_of_recipients_and_one_role(tmp_path: Path) -> None:
    """Nothing tells of which column's recipients the role is said."""
    path = make(tmp_path, {"names": TWO, "role": "Processor", "contract": ""})
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["M1"], sheet["M2"] = "Internal recipients", "Pay office; board"
    book.save(path)
    assert find(path) == []


def test_further_rows_of_a_record(tmp_path: Path) -> None:
    """Names in the activity's own column are no sheet of recipients that others are missing in."""
    path = make(
        tmp_path,
        {"names": TWO, "role": "Processor", "contract": "C-1"},
        {"ref": "", "names": "Otterholt SA; Birchvale Ltd", "role": "Processor"},
        {"ref": "", "names": "Hazelbeck Ltd; HMRC"},
        {"names": "Rookwell Ltd"},
    )
    assert find(path) == [("REC-03", "Birchvale Ltd", "I3"), ("REC-03", "Otterholt SA", "I3")]


def test_the_template_with_a_column_for_the_role(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    write_template(path, layout="ico-controller")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headings = {cell.value: cell for row in sheet["A1:L9"] for cell in row}
    beside = sheet.max_column + 1
    sheet.cell(headings["Categories of recipients"].row, beside).value = "Role of recipient"
    for row, (role, contract) in enumerate(
        [("Processors", ""), ("Processors", "Contract C-12"), ("", ""), ("", "Contract C-13")], 10
    ):
        texts = [FILLED["subjects"], FILLED["data"], TWO, contract, "None", None]
        texts += [FILLED["retention"], FILLED["security"], FILLED["basis"]]
        sheet.cell(row, 1).value, sheet.cell(row, 2).value = "HR", f"Pay staff of site {row}"
        for column, text in enumerate(texts, start=4):
            sheet.cell(row, column).value = text
        sheet.cell(row, beside).value = role
    book.save(path)
    assert find(path) == [("REC-03", FERNHOLLOW, "G10"), ("REC-03", LARKMERE, "G10")]


def test_a_grid_in_french(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    rows = {
        "Réf": ("A1", "A2"),
        "Activité de traitement": ("Paie", "Recrutement"),
        "Finalité": ("Payer le personnel", "Choisir les candidats"),
        "Base légale": ("Article 6(1)(b) contrat", "Article 6(1)(b) contrat"),
        "Personnes concernées": ("Salariés", "Candidats"),
        "Catégories de données": ("Nom ; RIB", "Nom ; CV"),
        "Destinataires": ("Larkmere SARL ; Otterholt SAS", "Larkmere SARL ; Otterholt SAS"),
        "Rôle du destinataire": ("Sous-traitants", "Sous-traitant ; responsable de traitement"),
        "Référence du contrat": ("", ""),
        "Transferts": ("Aucun", "Aucun"),
        "Durée de conservation": ("5 ans", "2 ans"),
        "Mesures de sécurité": ("Chiffrement", "Chiffrement"),
    }
    for column, (heading, texts) in enumerate(rows.items(), start=1):
        for row, text in enumerate((heading, *texts), start=1):
            sheet.cell(row, column).value = text or None
    path = tmp_path / "registre.xlsx"
    book.save(path)
    assert find(path) == [
        ("REC-03", "Larkmere SARL", "I2"),
        ("REC-03", "Larkmere SARL", "I3"),
        ("REC-03", "Otterholt SAS", "I2"),
    ]


def test_the_flows_bear_the_roles(tmp_path: Path) -> None:
    path = make(tmp_path, {"names": TWO, "role": "Controller; processor", "contract": "C-1"})
    edges = ropa.flow_graph(ropa.load(path)).edges(data=True)
    roles = {target[2]: data["role"] for _, target, data in edges if data["flow"] == "disclosed"}
    assert roles == {"larkmere ltd": "controller", "fernhollow gmbh": "processor"}
