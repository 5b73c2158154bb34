"""Who is a processor by its name or its heading: its contract is asked for, and nobody else's."""

from collections.abc import Mapping, Sequence

import pytest
from made_sheets import recognise_sheets

import ropa
from ropa.normalise import normalise_registers
from ropa.register import Register
from ropa.workbook.cells import make_sheet

GRID = {
    "Ref": "A1",
    "Activity": "Payroll",
    "Purpose": "Pay the staff",
    "Lawful basis": "Contract",
    "Data subjects": "Employees",
    "Data categories": "Bank details",
    "Recipients": "Larkmere Ltd",
    "Transfers": "None",
    "Retention": "6 years after employment ends",
    "Security": "MFA",
}
FORM = {
    "Name of processing": "Raffle",
    "Purpose(s)": "Run the raffle",
    "Lawful basis": "Contract",
    "Data subjects": "Supporters",
    "Types of personal data": "Name",
    "Shared with": "Larkmere Ltd",
    "Transferred outside UK?": "No",
    "How long kept": "6 years",
    "Security": "MFA",
}
FRENCH = {
    "N°": "A1",
    "Traitement": "Paie",
    "Finalités": "Payer le personnel",
    "Base légale": "Contrat",
    "Personnes concernées": "Salariés",
    "Catégories de données": "RIB",
    "Destinataires": "Larkmere SARL",
    "Transferts hors UE": "Aucun",
    "Durée de conservation": "5 ans",
    "Mesures de sécurité": "MFA",
}
CONTRACT = "Contract reference"
ASKED = "Contract in place with processor?"

Table = Sequence[Sequence[str]]


def read(**sheets: Table) -> Register:
    made = [make_sheet(name.replace("_", " "), rows) for name, rows in sheets.items()]
    return normalise_registers({"made": [recognise_sheets(*made)]})


def lay(texts: Mapping[str, str]) -> Table:
    return [[*texts], [*texts.values()]]


def find(register: Register) -> list[tuple[str, str]]:
    """Return of whom a contract is missed, and the cell."""
    found = ropa.audit(register, as_of="2026-09-30", rules=["REC-03"]).findings
    return list(zip(found["subject"], found["cell"], strict=True))


@pytest.mark.parametrize("contract", ["", "No", "None", "TBC"])
@pytest.mark.parametrize(
    "name",
    [
        "Mailchimp (processor)",
        "Mailchimp (data processor)",
        "Mailchimp (processor, US)",
        "Mailchimp (US) (processor)",
        "Processor: Larkmere Ltd",
        "Breathe - data processor",
        "Sub-processor - Fernhollow GmbH",
        "Fernhollow GmbH (Auftragsverarbeiter)",
        "Otterholt SA (sous-traitant)",
    ],
)
def test_a_name_that_tells_a_processor_asks_for_its_contract(name: str, contract: str) -> None:
    register = read(Register=lay(GRID | {"Recipients": name, CONTRACT: contract}))
    assert find(register) == [(name, "K2")]
    assert list(register.recipients["recipient"]) == [name]
    assert list(register.recipients["role"]) == [""]


@pytest.mark.parametrize(
    ("name", "contract"),
    [
        ("Mailchimp (processor)", "C-12"),
        ("Mailchimp (processor)", "Yes"),
        ("Larkmere Ltd", ""),
        ("Larkmere Processors Ltd", ""),
        ("Larkmere Ltd (payment processor)", ""),
        ("Larkmere Ltd - payment processor", ""),
        ("Larkmere Ltd (processor?)", ""),
        ("Larkmere Ltd (not a processor)", ""),
        ("Larkmere Ltd (processor, contract C-12)", ""),
        ("Larkmere Ltd (processor) - signed 2024", ""),
        ("Larkmere Ltd (processor / controller)", ""),
        ("Larkmere Ltd (controller)", ""),
        ("Larkmere Ltd (joint controller)", ""),
        ("Processors", ""),
        ("None", ""),
    ],
)
def test_a_name_that_tells_no_processor_asks_for_none(name: str, contract: str) -> None:
    assert find(read(Register=lay(GRID | {"Recipients": name, CONTRACT: contract}))) == []


def test_of_a_list_each_name_tells_its_own_role() -> None:
    names = "Mailchimp (processor); HMRC (controller); Larkmere Ltd"
    register = read(Register=lay(GRID | {"Recipients": names, CONTRACT: ""}))
    assert find(register) == [("Mailchimp (processor)", "K2")]
    assert sorted(register.recipients["recipient"]) == sorted(names.split("; "))
    assert find(read(Register=lay(GRID | {"Recipients": names, CONTRACT: "C-12"}))) == []


def test_a_role_before_several_names_is_that_of_each() -> None:
    names = "Processors: Larkmere Ltd, Otterholt SA\nHMRC"
    register = read(Register=lay(GRID | {"Recipients": names, CONTRACT: ""}))
    assert [name for name, _ in find(register)] == [
        "Processors: Larkmere Ltd",
        "Processors: Otterholt SA",
    ]
    assert list(register.recipients["role_code"]) == ["processor", "processor", ""]


def test_a_role_before_a_name_makes_no_other_party_of_it() -> None:
    """A row of the sheet of recipients is the same party's, and its contract counts."""
    activities = lay(GRID | {"Recipients": "Processors: Larkmere Ltd, Otterholt SA"})
    rows = [
        ["Activity ID", "Recipient", "Role", CONTRACT],
        *(["A1", one, "Processor", "CT-1"] for one in ("Larkmere Ltd", "Otterholt SA")),
    ]
    register = read(Register=activities, Recipients=rows)
    assert list(register.recipients["recipient"]) == ["Larkmere Ltd", "Otterholt SA"]
    assert find(register) == []


def test_what_a_column_says_of_the_role_comes_first() -> None:
    grid = GRID | {"Recipients": "Mailchimp (processor)", CONTRACT: ""}
    assert find(read(Register=lay(grid | {"Role of recipient": "Controller"}))) == []
    assert find(read(Register=lay(grid | {"Role of recipient": "Partner"}))) == []
    assert find(read(Register=lay(grid | {"Role of recipient": ""}))) == [
        ("Mailchimp (processor)", "K2")
    ]


def test_without_a_column_for_contracts_none_is_missed() -> None:
    register = read(Register=lay(GRID | {"Recipients": "Mailchimp (processor)"}))
    result = ropa.audit(register, as_of="2026-09-30", rules=["REC-03"])
    assert result.findings.empty
    assert list(result.not_evaluated["rule"]) == ["REC-03"]


@pytest.mark.parametrize(
    ("heading", "missed"),
    [
        ("Processor", True),
        ("Processor name", True),
        ("Data processor", True),
        ("Sub-processor", True),
        ("Recipient", False),
        ("Processor / recipient", False),
        ("Processor or third party", False),
    ],
)
def test_the_heading_of_a_sheet_of_processors_tells_their_role(heading: str, missed: bool) -> None:  # noqa: FBT001
    own = [["Activity ref", heading, "Country", CONTRACT], ["A1", "Larkmere Ltd", "UK", ""]]
    found = find(read(Register=lay(GRID), Processors=own))
    assert found == ([("Larkmere Ltd", "D2")] if missed else [])
    own[1][-1] = "C-12"
    assert find(read(Register=lay(GRID), Processors=own)) == []


@pytest.mark.parametrize("name", ["", "None", "TBC"])
def test_a_row_that_names_no_processor_is_none(name: str) -> None:
    own = [["Activity ref", "Processor", "Country", CONTRACT], ["A1", name, "UK", ""]]
    assert find(read(Register=lay(GRID), Processors=own)) == []


@pytest.mark.parametrize(
    ("grid", "heading", "asked", "none"),
    [
        (GRID, "Processors used", "DPA in place?", "None"),
        (GRID, "Processors", CONTRACT, "None"),
        (FRENCH, "Sous-traitants", "Contrat art. 28", "Aucun"),
        (FRENCH, "Sous-traitant(s)", "Contrat art. 28", "Néant"),
    ],
)
def test_a_column_of_processors_beside_the_recipients(
    grid: Mapping[str, str], heading: str, asked: str, none: str
) -> None:
    def fill(name: str, contract: str) -> Register:
        return read(Register=lay({**grid, heading: name, asked: contract}))

    others = grid.get("Recipients", grid.get("Destinataires"))
    assert find(fill("Salesforce", "")) == [("Salesforce", "L2")]
    assert find(fill("Salesforce", "C-12")) == []
    assert find(fill("Salesforce; Zoom", "C-1; C-2")) == []
    assert {*fill("Salesforce", "").recipients["recipient"]} == {"Salesforce", others}
    assert find(fill(none, "")) == []
    assert list(fill(none, "").recipients["recipient"]) == [others]


def test_a_country_beside_two_columns_of_recipients_is_of_neither_alone() -> None:
    more = {"Processors used": "Salesforce", CONTRACT: "", "Recipient country": "USA"}
    register = read(Register=lay(GRID | {"Transfers": "USA"} | more))
    assert find(register) == [("Salesforce", "L2")]
    rows = register.recipients
    assert list(rows.loc[rows["country"] != "", "recipient"]) == [""]


def test_recipients_and_processors_in_one_column_are_not_all_processors() -> None:
    texts = {"Recipients and processors" if one == "Recipients" else one: GRID[one] for one in GRID}
    assert find(read(Register=lay(texts | {CONTRACT: ""}))) == []


def test_none_beside_a_recipient_is_no_recipient() -> None:
    register = read(Register=lay(GRID | {"Recipients": "Larkmere Ltd\nNone"}))
    assert list(register.recipients["recipient"]) == ["Larkmere Ltd"]


@pytest.mark.parametrize(
    ("labels", "missed"),
    [
        ({"Shared with": "Larkmere Ltd (processor)", ASKED: "No"}, ["Larkmere Ltd (processor)"]),
        ({"Shared with": "Larkmere Ltd (processor)", ASKED: ""}, ["Larkmere Ltd (processor)"]),
        ({"Shared with": "Larkmere Ltd (processor)", ASKED: "Yes, C-12"}, []),
        ({"Shared with": "Larkmere Ltd", ASKED: "No"}, []),
        ({"Processors used": "Fernhollow GmbH", ASKED: "No"}, ["Fernhollow GmbH"]),
        ({"Processors used": "Fernhollow GmbH", ASKED: "Yes, C-12"}, []),
        ({"Processors used": "None", ASKED: "No"}, []),
    ],
)
def test_a_label_of_a_form_asks_for_the_contract(
    labels: Mapping[str, str], missed: list[str]
) -> None:
    rows = [[label, text] for label, text in {**FORM, **labels}.items()]
    cell = f"B{1 + [label for label, _ in rows].index(ASKED)}"
    register = read(Raffle=rows)
    assert find(register) == [(name, cell) for name in missed]
    rules = ropa.audit(register, as_of="2026-09-30", rules=["REC"]).findings["rule"]
    assert not {*rules} - {"REC-03"}
