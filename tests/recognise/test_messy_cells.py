"""Cells as they are found: empties in disguise, leftovers of templates, types, several values."""

import pytest
from made_grids import DOOR, HEADINGS, NEWS, PAY, grid, purposes, whys
from made_sheets import make_register, recognise_sheets

from ropa.workbook.addresses import cell_address

WHERE = [*HEADINGS[:5], "Transfers", "Safeguards"]


def read(field: str, heading: str, *texts: str) -> list[str]:
    """Return a field of activities, each with one of these texts under a heading."""
    headings = ["Name", *HEADINGS, heading] if heading not in HEADINGS else ["Name", *HEADINGS]
    rows = []
    for number, text in enumerate(texts):
        row = [f"Activity {number}", *PAY, ""]
        row[headings.index(heading)] = text
        rows.append(row)
    return [str(one) for one in make_register(grid(headings, *rows)).activities[field]]


# --- 5. Empty in disguise ----------------------------------------------------------------------


TRANSFERS = {
    "none": [
        *("N/A", "n/a", "Nil ", "nil", "None", "Non concerné", "Sans objet", "No transfers"),
        *("Not applicable", "Néant", "Keine", "geen"),
    ],
    "placeholder": ["TBC", "tbd", "unknown", "?", "à compléter"],
    "blank": [" ", ""],
    "stated": ["United States", "Nilgiri hills, India", "None of the data but India"],
}


def test_what_a_transfer_cell_says_is_told_apart() -> None:
    texts = [(text, state) for state, texts in TRANSFERS.items() for text in texts]
    states = read("transfers_state", "Transfers", *[text for text, _ in texts])
    assert list(zip([text for text, _ in texts], states, strict=True)) == texts


def test_namibia_is_a_country_and_no_gap() -> None:
    headings = [*HEADINGS, "Recipient country"]
    register = make_register(grid(headings, [*PAY, "Namibia"], [*NEWS, "NA"]))
    assert list(register.recipients["country"]) == ["Namibia", "NA"]


# --- 6. Leftovers of templates -----------------------------------------------------------------


PROMPTS = [
    "Choose an item.",
    "Select...",
    "Please select",
    "Sélectionnez un élément dans cette liste déroulante",
    "[insert retention period]",
]


def test_prompts_are_placeholders() -> None:
    states = read("retention_state", "Retention", *PROMPTS, "2 years")
    assert dict(zip(PROMPTS, states, strict=False)) == dict.fromkeys(PROMPTS, "placeholder")
    assert states[-1] == "stated"


def test_a_row_of_prompts_is_no_record() -> None:
    prompts = ["Choose an item.", "Please select", "", "Choose an item.", "", ""]
    sheet = grid(HEADINGS, PAY, NEWS, DOOR, prompts, prompts)
    assert purposes(sheet) == [PAY[0], NEWS[0], DOOR[0]]
    assert "rows 5-6: prompts of the template" in whys(recognise_sheets(sheet))


@pytest.mark.parametrize(
    "name",
    [
        "Example",
        "EXAMPLE: Payroll",
        "(EXEMPLE) Gestion de la paie",
        "Example - pay the staff",
        "e.g. pay the staff",
        "1 - Exemple",
        "Beispiel: Lohnabrechnung",
        "[Example] Newsletter",
    ],
)
def test_examples_of_the_template_are_no_records(name: str) -> None:
    sheet = grid(HEADINGS, [name, *DOOR[1:]], PAY, NEWS)
    assert purposes(sheet) == [PAY[0], NEWS[0]]
    assert "row 2: an example" in whys(recognise_sheets(sheet))


@pytest.mark.parametrize(
    "name",
    [
        "Example Street car park: watch the gate",
        "Examples of good work are shown to new staff",
        "Exemplary service award",
        "Exemption requests: answer them",
        "Send sample boxes to customers",
        "Sample analysis for patients",
    ],
)
def test_a_name_that_merely_begins_like_an_example_is_a_record(name: str) -> None:
    assert purposes(grid(HEADINGS, [name, *DOOR[1:]], PAY)) == [name, PAY[0]]


def test_a_record_in_a_sheet_named_example_is_read() -> None:
    assert purposes(grid(HEADINGS, PAY, NEWS, name="Exemple de fiche")) == [PAY[0], NEWS[0]]


# --- 7. Types ----------------------------------------------------------------------------------


def test_dates_are_read_as_dates_and_as_text() -> None:
    days = read("last_reviewed_on", "Last reviewed", "2026-05-15 00:00:00", "15/05/2026", "soon")
    assert [day[:10] for day in days] == ["2026-05-15", "2026-05-15", "NaT"]


def test_bare_numbers_take_the_unit_of_their_heading() -> None:
    headings = [*HEADINGS[:3], "Retention (years)", *HEADINGS[4:]]
    rows = [[*PAY[:3], "2.0", *PAY[4:]], [*NEWS[:3], "End of contract", *NEWS[4:]]]
    activities = make_register(grid(headings, *rows)).activities
    assert list(activities["retention_duration"]) == ["P2Y", ""]
    assert list(activities["retention_kind"]) == ["fixed", "event"]


def test_a_bare_number_without_a_unit_is_not_guessed() -> None:
    activities = make_register(grid(HEADINGS, [*PAY[:3], "2.0", *PAY[4:]], NEWS)).activities
    assert list(activities["retention_duration"]) == ["", "P2Y"]
    assert activities["retention_state"].iloc[0] == "unreadable"


def test_broken_and_uncalculated_cells_are_unreadable() -> None:
    sheet = grid(
        HEADINGS,
        [*PAY[:3], "", *PAY[4:]],
        [*NEWS[:3], "", *NEWS[4:]],
        DOOR,
        errors={(2, 4): "#REF!"},
        uncached=frozenset({(3, 4)}),
    )
    register = make_register(sheet)
    assert list(register.activities["retention_state"]) == ["unreadable", "unreadable", "stated"]
    assert {"D2", "D3"} <= set(register.issues["cell"])


def test_a_record_whose_id_is_broken_is_one() -> None:
    sheet = grid(["ID", *HEADINGS], ["", *PAY], ["2", *NEWS], errors={(2, 1): "#REF!"})
    assert purposes(sheet) == [PAY[0], NEWS[0]]


CODES = {
    "CONSENT": "6(1)(a)",
    "LEGAL_OBLIGATION": "6(1)(c)",
    "legitimateInterests": "6(1)(f)",
    "PUBLIC_TASK": "6(1)(e)",
    "VITAL_INTERESTS": "6(1)(d)",
    "privacy_contract": "6(1)(b)",
}


def test_codes_of_exports_are_read() -> None:
    rows = [[f"Activity {number}", *PAY[1:5], code] for number, code in enumerate(CODES)]
    terms = make_register(grid(HEADINGS, *rows)).terms
    found = terms[terms["field"] == "lawful_basis"].set_index("key")["code"].to_dict()
    assert found == dict(enumerate(CODES.values()))


# --- 8. and 9. Several values in a cell --------------------------------------------------------


LISTS = [
    "Name; address; bank details",
    "Name\naddress\nbank details",
    "Name | address | bank details",
    "Name, address, bank details",
    "\u2022 Name\n\u2022 address\n\u2022 bank details",
    "1. Name\n2. address\n3. bank details",
    "- Name\n- address\n- bank details",
    "Name / address / bank details",
]


def test_lists_are_split_however_they_are_written() -> None:
    rows = [[f"Activity {number}", PAY[1], cell, *PAY[3:]] for number, cell in enumerate(LISTS)]
    items = make_register(grid(HEADINGS, *rows)).data_items
    found = items.groupby("activity_key")["data_category"].agg(list).to_dict()
    assert found == {number: ["Name", "address", "bank details"] for number in range(len(LISTS))}


def test_a_sentence_is_not_cut_at_its_commas() -> None:
    cell = "What callers, who may be in distress, tell us of their health, is written down"
    register = make_register(grid(HEADINGS, [*PAY[:2], cell, *PAY[3:]], NEWS))
    rows = register.data_items
    assert list(rows[rows["activity_key"] == 0]["data_category"]) == [cell]


def test_two_bases_in_one_cell_are_both_read() -> None:
    register = make_register(grid(HEADINGS, [*PAY[:5], "Art. 6.1.a et 9.2.a"], NEWS))
    terms = register.terms
    found = terms[(terms["field"] == "lawful_basis") & (terms["key"] == 0)]
    assert "6(1)(a)" in set(found["code"])


def test_several_periods_in_one_cell_are_kept() -> None:
    cell = "Payslips: 6 years; time sheets: 2 years"
    activities = make_register(grid(HEADINGS, [*PAY[:3], cell, *PAY[4:]], NEWS)).activities
    assert activities["retention"].iloc[0] == cell
    assert activities["retention_duration"].iloc[0] == "P6Y"


# --- 10. Contradictions stay as they are -------------------------------------------------------


def test_no_transfer_beside_safeguards_keeps_both() -> None:
    row = [*PAY[:5], "No transfers", "Standard contractual clauses"]
    register = make_register(grid(WHERE, row, [*NEWS[:5], "India", "IDTA"]))
    assert list(register.activities["transfers_state"]) == ["none", "stated"]
    mechanisms = set(register.recipients["transfer_mechanism"])
    assert mechanisms == {"Standard contractual clauses", "IDTA"}


def test_a_home_country_listed_as_a_third_country_is_kept() -> None:
    register = make_register(grid(WHERE, [*PAY[:5], "Germany", ""], [*NEWS[:5], "India", ""]))
    assert sorted(register.transfers["country_code"]) == ["DE", "IN"]


# --- 11. Texts that must not spread ------------------------------------------------------------


def test_no_text_of_a_cell_is_in_a_reason() -> None:
    encoded = "U2VjcmV0IG5hbWUgb2YgYSBwZXJzb24gYW5kIG1vcmU="
    rows = [["Example " + encoded, *DOOR[1:]], [encoded], PAY, [encoded + ":"], NEWS, [], [encoded]]
    recognition = recognise_sheets(grid(HEADINGS, *rows))
    assert encoded not in whys(recognition)
    assert encoded not in repr([one.why for one in recognition.ignored])


# --- Anchors -----------------------------------------------------------------------------------


def test_every_field_leads_to_the_cell_that_it_was_read_from() -> None:
    sheet = grid([], ["", *HEADINGS], ["", *PAY], [], ["", *NEWS])
    register = make_register(sheet)
    mapping = register.mapping.set_index("heading")["cell"].to_dict()
    assert mapping == {
        heading: cell_address(2, column) for column, heading in enumerate(HEADINGS, start=2)
    }
    assert list(register.activities["row"]) == [3, 5]
