"""What a layout tells beyond its cells: roles, capacities, names above records, open headings."""

from datetime import date

import pytest
from made_sheets import make_register

from ropa.auditing import audit_register
from ropa.phrases.behalf import acts_for_others
from ropa.register import Register
from ropa.results import Result
from ropa.workbook.cells import make_sheet

HEADINGS = ["Processing activity", "Purpose", "Data subjects", "Personal data", "Security measures"]
ROW = ["Payroll", "Pay the staff", "Staff", "Bank details", "Encryption"]


def read(headings: list[str], *rows: list[str]) -> Register:
    return make_register(make_sheet("Register", [headings, *rows]))


def audit(register: Register) -> Result:
    return audit_register(register, as_of=date(2026, 9, 30), regime="uk")


def list_rules(result: Result) -> set[str]:
    return set(result.findings["rule"])


# -- open headings ------------------------------------------------------------------------------


def test_a_missing_column_is_one_finding() -> None:
    assert "RET-01" in list_rules(audit(read(HEADINGS, ROW)))


def test_a_column_that_may_be_it_is_not_judged_as_missing() -> None:
    rows = [*ROW, "72 months"], ["News", "Send the news", *ROW[2:], "1 year"]
    result = audit(read([*HEADINGS, "Xyz"], *rows))
    assert "RET-01" not in list_rules(result)
    whys = result.not_evaluated.set_index("rule")["why"]
    assert whys["RET-01"] == "the heading in F1 may be 'Retention': settle what it means"


BASES = ["Article 6(1)(b) contract", "Article 6(1)(c) legal obligation"]
NEWS = ["News", "Send the news", *ROW[2:]]


@pytest.mark.parametrize(
    "bases",
    [
        (BASES, BASES[::-1]),
        ([BASES[0], ""], ["", BASES[1]]),
        ([BASES[0], BASES[1]], [BASES[0], ""]),
        (BASES, [BASES[0], f"{BASES[1]}, see note"]),
    ],
)
def test_columns_of_one_heading_that_differ_are_told_by_their_cells(
    bases: tuple[list[str], list[str]],
) -> None:
    one, other = bases
    rows = [*ROW, one[0], other[0]], [*NEWS, one[1], other[1]]
    result = audit(read([*HEADINGS, "Lawful basis", "Lawful basis"], *rows))
    assert not {rule for rule in list_rules(result) if rule.startswith("LAW")}
    whys = result.not_evaluated.set_index("rule")["why"]
    told = "the headings in F1 and G1 may each be 'Lawful basis': settle what they mean"
    assert {whys[rule] for rule in ("LAW-01", "LAW-02", "LAW-10", "MKT-01")} == {told}


def test_many_columns_of_one_heading_are_told_by_the_first() -> None:
    repeated = [*ROW, *(f"{years} years" for years in range(1, 7))]
    result = audit(read([*HEADINGS, *["Retention"] * 6], repeated))
    why = result.not_evaluated.set_index("rule")["why"]["RET-01"]
    assert why.startswith("the headings in F1, G1, H1 and 3 more may each be 'Retention':")


@pytest.mark.parametrize(
    ("bases", "cell"),
    [
        ((["Contract", ""], ["Contract", ""]), "F3"),
        ((["Contract", ""], ["", ""]), "F3"),
        ((["", ""], ["Contract", ""]), "G3"),
    ],
)
def test_a_column_that_repeats_another_or_is_blank_leaves_nothing_open(
    bases: tuple[list[str], list[str]], cell: str
) -> None:
    one, other = bases
    rows = [*ROW, one[0], other[0]], [*NEWS, one[1], other[1]]
    result = audit(read([*HEADINGS, "Lawful basis", "lawful basis"], *rows))
    found = result.findings.set_index("rule")["cell"]
    assert found["LAW-01"] == cell


def test_other_headings_over_the_same_texts_stay_open() -> None:
    """Nothing says that they mean the same: next quarter their texts may differ."""
    rows = read([*HEADINGS, "Lawful basis", "Legal basis"], [*ROW, "Contract", "Contract"])
    held = rows.mapping.set_index("cell")["status"]
    assert [held["F1"], held["G1"]] == ["ambiguous", "ambiguous"]


# -- whose role ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        (["Role", "Recipients", "Contract"], ("activities", "mapped")),
        (["Recipients", "Retention", "Role"], ("activities", "mapped")),
        (["Recipients", "Role", "Contract"], ("recipients", "mapped")),
        (["Recipient", "Role", "Recipient country"], ("recipients", "mapped")),
        (["Recipients", "Role", "Retention"], ("activities", "ambiguous")),
        (["Retention", "Recipients", "Role"], ("activities", "ambiguous")),
        (["Recipients", "Our role", "Contract"], ("activities", "mapped")),
    ],
)
def test_a_role_beside_the_recipients_may_be_theirs(
    headings: list[str], told: tuple[str, str]
) -> None:
    cells = {"Retention": "6 years", "Contract": "C-12", "Recipient country": "France"}
    texts = [cells.get(one, "Processor" if "ole" in one else "Larkmere Ltd") for one in headings]
    found = read([*HEADINGS, *headings], [*ROW, *texts]).mapping
    role = found[found["field"] == "role"].iloc[0]
    assert (role["table"], role["status"]) == told


def test_a_role_of_recipients_makes_nobody_a_processor() -> None:
    headings = [*HEADINGS, "Lawful basis", "Recipients", "Role", "Contract"]
    register = read(headings, [*ROW, BASES[0], "Larkmere Ltd", "Processor", ""])
    rules = list_rules(audit(register))
    assert list(register.recipients["role_code"]) == ["processor"]
    assert "REC-03" in rules
    assert "LAW-11" not in rules


def test_of_two_roles_beside_recipients_one_stays_open() -> None:
    headings = [*HEADINGS, "Recipient role", "Recipients", "Role", "Contract"]
    mapping = read(headings, [*ROW, "Processor", "Larkmere Ltd", "Processor", "C-12"]).mapping
    assert list(mapping.loc[mapping["cell"].isin(["F1", "H1"]), "status"]) == [
        "mapped",
        "ambiguous",
    ]


# -- whose names --------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["Entity", "Company", "Organisation", "Soci\u00e9t\u00e9"])
def test_whose_activity_it_is_is_no_recipient(heading: str) -> None:
    headings = [heading, "Role", *HEADINGS, "Recipients"]
    rows = [
        ["Larkmere Ltd", "Controller", *ROW, "None"],
        ["Otterholt SA", "Controller", *NEWS, "None"],
    ]
    register = read(headings, *rows)
    found = register.mapping.set_index("cell")["status"]
    assert (found["A1"], found["B1"]) == ("ambiguous", "mapped")
    assert list(register.activities["role_code"]) == ["controller", "controller"]
    assert not {"Larkmere Ltd", "Otterholt SA"} & set(register.recipients["recipient"])
    assert set(register.extras["text"]) == {"Larkmere Ltd", "Otterholt SA"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], ["Entity"]),  # after the activity: who receives the data
        (["Company", "Recipient country"], []),
        (["Processor"], []),
    ],
)
def test_a_recipients_own_column_is_kept(before: list[str], after: list[str]) -> None:
    cells = {"Recipient country": "France"}
    texts = [[cells.get(one, "Larkmere Ltd") for one in part] for part in (before, after)]
    register = read([*before, *HEADINGS, *after], [*texts[0], *ROW, *texts[1]])
    assert list(register.recipients["recipient"]) == ["Larkmere Ltd"]


@pytest.mark.parametrize(
    ("heading", "near"),
    [("LIA in place", "dpia_status"), ("TIA in place?", "dpia_status"), ("ISA", "dpia_status")],
)
def test_a_short_word_in_place_of_another_is_no_slip_of_the_pen(heading: str, near: str) -> None:
    held = read([*HEADINGS, heading], [*ROW, "Yes"]).mapping.set_index("cell").loc["F1"]
    assert held["field"] != near


def test_who_with_is_no_question_about_the_people_concerned() -> None:
    headings = [*HEADINGS, "Shared with third parties?", "Who with"]
    register = read(headings, [*ROW, "Yes", "Larkmere Ltd"], [*NEWS, "No", ""])
    assert list(register.activities["data_subjects"]) == ["Staff", "Staff"]
    assert "Larkmere Ltd" in set(register.recipients["recipient"])
    assert list(register.activities["recipients_state"]) == ["stated", "none"]


# -- capacities ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Processors", "processor"),
        ("Databehandler", "processor"),
        ("Sub-processors", "sub-processor"),
        ("Name of recipient", ""),
    ],
)
def test_a_heading_tells_the_capacity_of_its_recipients(heading: str, code: str) -> None:
    rows = read([*HEADINGS, heading], [*ROW, "Payco; Hostco"]).recipients
    assert list(rows["recipient"]) == ["Payco", "Hostco"]
    assert set(rows["role_code"]) == {code}


def test_a_blank_under_such_a_heading_is_no_recipient() -> None:
    rows = read([*HEADINGS, "Processors"], [*ROW, ""], [*ROW[:1], *ROW[1:], "None"]).recipients
    assert rows.empty


def test_a_column_of_yes_and_no_names_no_country() -> None:
    headings = [*HEADINGS, "Recipients", "Transfer", "Third country", "Safeguards"]
    register = read(headings, [*ROW, "Mailchimp", "Yes", "USA", "SCCs"])
    rows = register.recipients
    assert rows[["recipient", "country", "transfer_mechanism"]].to_numpy().tolist() == [
        ["Mailchimp", "USA", "SCCs"]
    ]
    assert list(register.activities["transfers"]) == ["Yes\nUSA"]


def test_no_transfer_is_no_country_of_a_recipient() -> None:
    headings = [*HEADINGS, "Processors", "Third country transfers", "Link to contract"]
    rows = read(headings, [*ROW, "Payco", "None", "DPA-3"]).recipients
    assert list(rows["contract_reference"]) == ["DPA-3"]
    assert list(rows["country_state"]) == ["absent"]


# -- roles --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("Expenses on behalf of Alpha Ltd.", True),
        ("Calls answered on behalf of our clients", True),
        ("Traitement de la paie pour le compte de la société Exemple", False),
        ("Paie pour le compte de Exemple SA", True),
        ("Lohnabrechnung im Auftrag von Beispiel GmbH", True),
        ("Collecting donations on behalf of members", False),
        ("To act on behalf of the public", False),
        ("Pay the staff", False),
    ],
)
def test_who_acts_for_others(text: str, acts: bool) -> None:  # noqa: FBT001
    assert acts_for_others(text) is acts


def test_words_that_name_a_controller_make_a_processors_record() -> None:
    register = read(HEADINGS, ROW, ["Expenses", "Expenses on behalf of Alpha Ltd.", *ROW[2:]])
    assert list(register.activities["role_code"]) == ["", "processor"]
    assert list(register.activities["on_behalf_of"]) == ["", "Expenses on behalf of Alpha Ltd."]
    result = audit(register)
    assert "IDN-04" not in list_rules(result)


def test_controller_beside_a_lawful_basis_is_left_open() -> None:
    headings = [*HEADINGS, "Lawful basis", "Controller"]
    register = read(headings, [*ROW, "Contract", "Made-up Ltd"])
    status = register.mapping.set_index("heading")["status"]
    assert status["Controller"] == "ambiguous"
    assert list(register.extras["text"]) == ["Made-up Ltd"]


# -- registers turned on their side -------------------------------------------------------------

SIDE = [
    ["Purpose", "Pay staff", "Send news", "Security"],
    ["Lawful basis", "Contract", "Consent", "Legitimate interests"],
    ["Data subjects", "Staff", "Customers", "Visitors"],
    ["Personal data", "Bank details", "E-mail address", "Images"],
    ["Retention", "6 years", "2 years", "30 days"],
]


def test_each_column_is_a_record_and_what_stands_above_its_name() -> None:
    names = ["", "Payroll", "Newsletter", "Cameras"]
    register = make_register(make_sheet("Register", [names, *SIDE]))
    assert list(register.activities["activity"]) == names[1:]
    assert list(register.activities["retention"]) == ["6 years", "2 years", "30 days"]


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        (["", "ROPA-01", "ROPA-02", "ROPA-03"], ["ROPA-01", "ROPA-02", "ROPA-03"]),
        (["", "A1", "A2", "A3"], ["A1", "A2", "A3"]),
        (["", "A1", "A1", "A2"], ["", "", ""]),
        (["", "Finance", "Marketing", "Security"], ["", "", ""]),
        (["", "2024", "2025", "2026"], ["", "", ""]),
        (["Version", "V1", "V2", "V3"], ["", "", ""]),
        (["", "A1", "", "A3"], ["", "", ""]),
    ],
)
def test_ids_above_the_names_are_the_ids(above: list[str], expected: list[str]) -> None:
    names = ["Activity", "Payroll", "Newsletter", "Cameras"]
    register = make_register(make_sheet("Register", [above, names, *SIDE]))
    assert list(register.activities["activity"]) == names[1:]
    assert list(register.activities["activity_id"]) == expected


def test_a_column_of_guidance_is_no_record() -> None:
    guidance = ["Why you need the data", "One of six", "Whose data", "What data", "How long"]
    rows = [[*row[:2], told] for row, told in zip(SIDE, guidance, strict=True)]
    register = make_register(make_sheet("Register", [["Activity", "Payroll", "Guidance"], *rows]))
    assert list(register.activities["activity"]) == ["Payroll"]
