"""What is no register, with the reason; who keeps a register; headings that are not settled."""

import pytest
from layout_writers import FIDES, ICO_BANDS, ICO_HEADINGS, write_fides, write_ico, write_phrase_grid
from made_grids import DOOR, HEADINGS, NEWS, PAY, grid, mapped, purposes
from made_layouts import ICO, cut_source
from made_sheets import make_register, recognise_sheets
from registers import clean_source

from ropa.normalise import normalise
from ropa.recognise import Recognition, recognise
from ropa.workbook.cells import Sheet, Workbook, make_sheet

# --- 13. Near misses ---------------------------------------------------------------------------

ASSETS = [
    ["Asset ID", "Asset name", "Asset owner", "Classification", "Location", "Retention period"],
    ["A-1", "Personnel files", "Head of HR", "Confidential", "Cabinet 3", "6 years"],
    ["A-2", "Visitor book", "Reception", "Internal", "Front desk", "1 year"],
]
RISKS = [
    ["Risk ID", "Risk description", "Likelihood", "Impact", "Risk owner", "Mitigation", "Status"],
    ["R-1", "Personal data are lost", "3", "4", "Head of IT", "Back-ups", "Open"],
]
ELEMENTS = [
    ["Data element", "Description", "System", "PHI (Y/N)", "Data type", "Length", "Source system"],
    ["Patient name", "Full name", "Ward system", "Y", "Text", "60", "Admission"],
    ["Date of birth", "Day of birth", "Ward system", "Y", "Date", "10", "Admission"],
]
FIELDS = [
    ["Field", "Mandatory", "BE", "CY", "DK", "FI", "LU", "UK"],
    ["Purpose", "Yes", "x", "x", "x", "x", "x", "x"],
    ["Lawful basis", "No", "x", "", "x", "", "", "x"],
    ["Retention", "Yes", "x", "x", "x", "x", "x", "x"],
]
BREACHES = [
    ["Breach reference", "Date of breach", "Date discovered", "Nature of the breach", "Notified"],
    ["B-1", "2026-03-01", "2026-03-02", "Letter to a wrong address", "No"],
]
REQUESTS = [
    ["Request reference", "Date received", "Requester", "Type of request", "Date due", "Closed"],
    ["S-1", "2026-02-01", "A customer", "Access", "2026-03-01", "2026-02-20"],
]
NEAR = {
    "asset register": ASSETS,
    "risk register": RISKS,
    "data inventory": ELEMENTS,
    "field list": FIELDS,
    "breach register": BREACHES,
    "request log": REQUESTS,
}


@pytest.mark.parametrize(("kind", "rows"), NEAR.items())
def test_near_misses_are_refused_and_named(kind: str, rows: list[list[str]]) -> None:
    recognition = recognise_sheets(make_sheet("Sheet1", rows))
    assert not recognition.is_register
    assert kind in recognition.why
    assert recognition.layout == ""


@pytest.mark.parametrize("rows", NEAR.values())
def test_a_near_miss_beside_a_register_is_left_out(rows: list[list[str]]) -> None:
    sheet = grid(HEADINGS, PAY, NEWS)
    assert purposes(make_sheet("Other", rows), sheet) == [PAY[0], NEWS[0]]
    recognition = recognise_sheets(make_sheet("Other", rows), sheet)
    assert [one.sheet for one in recognition.ignored if one.why] == ["Other"]


def test_a_small_register_with_asset_words_is_one() -> None:
    headings = ["Asset owner", "Purpose", "Data subjects", "Personal data", "Retention", "Location"]
    row = ["Head of HR", "Pay the staff", "Employees", "Bank details", "6 years", "Cabinet 3"]
    assert purposes(grid(headings, row)) == ["Pay the staff"]


EMPTY = "empty template"


@pytest.mark.parametrize(
    "rows",
    [
        [HEADINGS],
        [["Register"], [], HEADINGS, *[[" "] * 6] * 20],
        [HEADINGS, ["Choose an item.", "Choose an item.", "", "Please select", "", ""]],
        [["ID", *HEADINGS], *[[str(number)] for number in range(1, 30)]],
        [HEADINGS, ["Example: pay the staff", *PAY[1:]]],
    ],
)
def test_an_empty_template_is_refused(rows: list[list[str]]) -> None:
    recognition = recognise_sheets(grid(*rows))
    assert not recognition.is_register
    assert EMPTY in recognition.why


def test_an_empty_ico_template_is_refused() -> None:
    source = cut_source(clean_source(), ICO)
    empty = type(source)({**source.tables, "activities": ()}, source.absent)
    recognition = recognise(write_ico(empty))
    assert not recognition.is_register
    assert EMPTY in recognition.why


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["Hello"]],
        [["Name", "Price"], ["Chair", "30"]],
        [["Purpose"], ["Pay the staff"]],
        [["Dear colleague, please fill in the purpose and the retention of the personal data."]],
        [["Name", "Address", "Email", "Telephone"], ["A", "B", "c@example.org", "01632 960001"]],
        [["Data subjects", "Lawful bases"], ["Employees", "Consent"], ["Customers", "Contract"]],
    ],
)
def test_what_has_no_headings_of_a_register_is_refused_in_one_line(rows: list[list[str]]) -> None:
    recognition = recognise_sheets(make_sheet("Sheet1", rows))
    assert not recognition.is_register
    assert recognition.why
    assert "\n" not in recognition.why


LABELLED = {
    "Name of processing": "Raffle",
    "Purpose of processing": "Run the raffle",
    "Lawful basis": "Contract",
    "Categories of data subjects": "Supporters",
    "Retention period": "6 years",
}


@pytest.mark.parametrize("gap", [[], [[]]])
def test_a_form_with_its_labels_above_its_values_is_told_so(gap: list[list[str]]) -> None:
    rows = [row for label, text in LABELLED.items() for row in ([label], [text], *gap)]
    recognition = recognise_sheets(make_sheet("Raffle", rows))
    assert not recognition.is_register
    assert "sheet 'Raffle' stand above their values" in recognition.why
    bare = recognise_sheets(make_sheet("Raffle", [[label] for label in LABELLED]))
    assert "above" not in bare.why


# --- Contact blocks ----------------------------------------------------------------------------

ORGANISATION = {
    "name": "Hillside Ltd",
    "address": "1 Mill Lane, Northhaven",
    "email": "privacy@example.org",
    "telephone": "01632 960001",
}
REGISTER = [[], HEADINGS, PAY, NEWS]
DPO = "Data protection officer, dpo@example.org"


def read_organisation(*rows: list[str], merged: tuple[tuple[int, int, int, int], ...] = ()) -> dict:  # type: ignore[type-arg]
    sheet = grid(*rows, *REGISTER, merged=merged)
    assert purposes(sheet) == [PAY[0], NEWS[0]]
    found = make_register(sheet).organisation.iloc[0]
    names = (*ORGANISATION, "dpo", "representative")
    return {name: found[name] for name in names if found[name]}


def test_contacts_under_three_titles_are_read() -> None:
    people = {"dpo": "J. Officer\n2 Mill Lane\ndpo@example.org\n01632 960002"}
    people["representative"] = "Seaview GmbH\n3 Quay\nrep@example.org\n01632 960003"
    parts = zip(
        ("Name", "Address", "Email", "Telephone"),
        ORGANISATION.values(),
        people["dpo"].split("\n"),
        people["representative"].split("\n"),
        strict=True,
    )
    titles = ["Controller", "", "Data Protection Officer (if applicable)", ""]
    rows = [[label, one, label, two, label, three] for label, one, two, three in parts]
    merged = ((1, 1, 1, 2), (1, 3, 1, 4), (1, 5, 1, 6))
    found = read_organisation([*titles, "Representative (if applicable)"], *rows, merged=merged)
    assert found == ORGANISATION | people


def test_contacts_of_the_ico_template_are_those_of_the_organisation() -> None:
    source = cut_source(clean_source(), ICO)
    register = normalise([recognise(write_ico(source))], register="made")
    stated = source.tables["organisation"][0]
    found = register.organisation.iloc[0]
    for name in (*ORGANISATION, "dpo", "representative"):
        assert found[name] == stated[name], name


def test_a_label_for_name_and_contact_details_above_its_value() -> None:
    labels = ["Organization Name and contact details", "", "Data Protection Officer", ""]
    values = ["Hillside Ltd", "", DPO, ""]
    merged = tuple((row, left, row, left + 1) for row in (1, 2) for left in (1, 3))
    found = read_organisation(labels, values, merged=merged)
    assert (found.get("name"), found.get("dpo")) == ("Hillside Ltd", DPO)


def test_contacts_as_label_and_value_neighbours_on_merged_rows() -> None:
    rows = [
        ["Coordonnées du responsable de l'organisme", "Nom :", "Hillside SARL", "Adresse :"],
        ["", "Code postal :", "75001", "Ville :", "Paris", "Téléphone :", "01632 960001"],
        ["Coordonnées du délégué à la protection des données", "Nom :", "J. Officer"],
        ["", "Ville :", "Lyon", "Téléphone :", "01632 960002", "Adresse mél :"],
    ]
    rows[0] += ["1 rue du Moulin", "Adresse mél :", "privacy@example.org"]
    rows[3] += ["dpo@example.org"]
    found = read_organisation(*rows, merged=((1, 1, 2, 1), (3, 1, 4, 1)))
    assert found["name"] == "Hillside SARL"
    assert found["address"] == "1 rue du Moulin\n75001\nParis"
    assert (found["email"], found["telephone"]) == ("privacy@example.org", "01632 960001")
    assert found["dpo"] == "J. Officer\nLyon\n01632 960002\ndpo@example.org"
    assert "representative" not in found


def test_plain_labels_above_a_register_are_the_organisation() -> None:
    rows = [
        ["Name of the controller", "Hillside Ltd"],
        ["Address", "1 Mill Lane, Northhaven"],
        ["Email", "privacy@example.org"],
        ["Telephone", "01632 960001"],
        ["Data protection officer", DPO],
    ]
    assert read_organisation(*rows) == ORGANISATION | {"dpo": DPO}


def test_an_empty_contact_block_states_nothing() -> None:
    labels = ["Name", "Address", "Email", "Telephone"]
    found = read_organisation(
        ["Controller", "", "Data Protection Officer"], *[[one] for one in labels]
    )
    assert found == {}


def test_a_contact_block_is_no_record() -> None:
    rows = [["Controller", "Hillside Ltd"], ["Data protection officer", DPO]]
    assert purposes(grid(*rows, [], HEADINGS, PAY, NEWS)) == [PAY[0], NEWS[0]]


# --- Headings that are not settled -------------------------------------------------------------


def statuses(recognition: Recognition) -> dict[str, tuple[str, str]]:
    return {one.text: (one.status, one.field) for one in recognition.headings}


def with_columns(*headings: str, cells: tuple[str, ...] = ()) -> Sheet:
    rows = [[*row, *(cells or ("",) * len(headings))] for row in (PAY, NEWS, DOOR)]
    return grid([*HEADINGS, *headings], *rows)


@pytest.mark.parametrize(
    "heading",
    [
        "Colour",
        "Budget code",
        "Number of staff in the purpose team",
        "Has a personal data breach occurred?",
        "Risk level",
        "Date of the retention meeting",
        "Approved by the purpose committee",
    ],
)
def test_what_no_field_holds_is_not_mapped_and_kept(heading: str) -> None:
    sheet = with_columns(heading, cells=("Something said",))
    recognition = recognise_sheets(sheet)
    assert statuses(recognition)[heading][0] != "mapped"
    (block,) = (one for one in recognition.blocks if one.table == "activities")
    assert [text for text, _ in block.extras] == [heading]
    assert set(mapped(recognition)) == set(HEADINGS)


def test_unmapped_columns_are_kept_beside_their_record() -> None:
    rows = make_register(with_columns("Colour", cells=("green",))).extras
    assert list(rows["heading"]) == ["Colour"] * 3
    assert list(rows["text"]) == ["green"] * 3
    assert list(rows["key"]) == [0, 1, 2]
    assert rows[["row", "column"]].to_numpy().tolist() == [[2, 7], [3, 7], [4, 7]]


@pytest.mark.parametrize("twin", ["Retention", "Retention period", "Lawful basis"])
def test_two_columns_that_claim_one_field_are_both_reported(twin: str) -> None:
    sheet = with_columns(twin, cells=("9 years" if "Ret" in twin else "Legal obligation",))
    register = make_register(sheet)
    field = "retention" if "Ret" in twin else "lawful_basis"
    held = [one for one in recognise_sheets(sheet).headings if one.field == field]
    assert [one.status for one in held] == ["ambiguous", "ambiguous"]
    assert list(register.activities[f"{field}_state"]) == ["absent"] * 3


def test_an_empty_twin_leaves_the_field_to_the_filled_column() -> None:
    assert mapped(recognise_sheets(with_columns("Retention period")))["Retention"] == (
        "activities.retention"
    )


def test_an_ambiguous_heading_names_what_it_may_mean_and_is_not_mapped() -> None:
    headings = ["Purpose", "Data subjects", "Personal data", "Retention", "Xyz"]
    rows = [[*row[:4], row[5]] for row in (PAY, NEWS, DOOR)]
    found = statuses(recognise_sheets(grid(headings, *rows)))
    assert found["Xyz"] == ("ambiguous", "lawful_basis")


TICKED = ("Consent", "Contract", "Legal obligation", "Legitimate interests")


@pytest.mark.parametrize(("yes", "no"), [("x", ""), ("X", "-"), ("\u2713", ""), ("Yes", "No")])
def test_columns_of_ticks_state_no_text(yes: str, no: str) -> None:
    """One column a lawful basis: a tick is neither a record of consent nor a contract."""
    rows = [
        [*row[:5], *[yes if number == place else no for place in range(len(TICKED))]]
        for number, row in enumerate((NEWS, PAY, DOOR))
    ]
    found = mapped(recognise_sheets(grid([*HEADINGS[:5], *TICKED], *rows)))
    assert not set(TICKED) & set(found)


def test_columns_named_like_bases_with_texts_are_mapped() -> None:
    headings = [*HEADINGS[:5], "Legitimate interests", "Link to record of consent"]
    rows = [[*PAY[:5], "Keep the office safe", ""], [*NEWS[:5], "", "CR-7, opt-in form"]]
    found = mapped(recognise_sheets(grid(headings, *rows)))
    assert found["Legitimate interests"] == "activities.legitimate_interest"
    assert found["Link to record of consent"] == "activities.consent_record"


def test_fixes_settle_headings_by_text_and_by_cell() -> None:
    sheet = with_columns("Column 7", "Column 8", cells=("some words", "other words"))
    workbook = Workbook("made.xlsx", "0" * 64, (sheet,))
    fixes = {"column 7": "activities.notes", "Sheet1!H1": "activities.owner", "Lawful basis": ""}
    found = mapped(recognise(workbook, fixes))
    assert found["Column 7"] == "activities.notes"
    assert found["Column 8"] == "activities.owner"
    assert "Lawful basis" not in found


def test_a_fix_wins_over_a_template() -> None:
    workbook = write_ico(cut_source(clean_source(), ICO))
    assert "Business function" in mapped(recognise(workbook))
    found = mapped(
        recognise(workbook, {"Business function": "activities.owner", "Purpose of processing": ""})
    )
    assert found["Business function"] == "activities.owner"
    assert "Purpose of processing" not in found


# --- The ICO's template ------------------------------------------------------------------------


def ico_mapping(headings: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [
        (text, name if "." in name or not name else f"activities.{name}") for text, name in headings
    ]


def read_mapping(workbook: Workbook, row: int) -> list[tuple[str, str]]:
    return [
        (one.text, f"{one.table}.{one.field}" if one.status == "mapped" else "")
        for one in recognise(workbook).headings
        if one.row == row
    ]


def test_every_heading_of_the_ico_template_means_its_field() -> None:
    workbook = write_ico(cut_source(clean_source(), ICO))
    assert read_mapping(workbook, 9) == ico_mapping(ICO_HEADINGS)


def test_every_heading_of_fides_means_its_field() -> None:
    workbook = write_fides(cut_source(clean_source(), ICO))
    assert recognise(workbook).layout == "fides-datamap"
    assert read_mapping(workbook, 9) == ico_mapping(FIDES)


def test_the_two_article_6_columns_are_told_apart_without_the_template() -> None:
    """Only the columns from "Privacy notices" on: too few for the template to be known."""
    headings = ["Purpose of processing", *[text for text, _ in ICO_HEADINGS[11:13]]]
    headings += [text for text, _ in ICO_HEADINGS[25:28]]
    bands = ["", ICO_BANDS[1][0], "", ICO_BANDS[6][0], "", ""]
    row = ["Pay the staff", "Contract", "None", "Part 1 para 1", "Legal obligation", "APD-1"]
    found = mapped(recognise_sheets(grid(bands, [*headings, "Retention"], [*row, "6 years"])))
    assert found[headings[1]] == "activities.lawful_basis"
    assert headings[4] not in found


@pytest.mark.parametrize(
    ("band", "field"),
    [
        ("Consent", "activities.consent_record"),
        ("Data Protection Impact Assessments", "activities.dpia_reference"),
        ("Personal Data Breaches", ""),
    ],
)
def test_a_link_to_record_means_what_its_band_says(band: str, field: str) -> None:
    bands = ["Article 30", *[""] * 5, band, ""]
    headings = [*HEADINGS, "Link to record of", "Colour"]
    rows = [[*row, f"REF-{number}"] for number, row in enumerate((PAY, NEWS, DOOR))]
    sheet = grid(bands, headings, *rows, merged=[(1, 1, 1, 6), (1, 7, 1, 8)])
    assert mapped(recognise_sheets(sheet)).get("Link to record of", "") == field


# --- Grids of phrases --------------------------------------------------------------------------


def test_the_words_of_article_30_are_read_above_their_terms() -> None:
    source = cut_source(clean_source(), ICO)
    recognition = recognise(write_phrase_grid(source))
    assert recognition.layout == "article-30"
    register = normalise([recognition], register="made")
    stated = source.tables["activities"]
    assert list(register.activities["purpose"]) == [row["purpose"] for row in stated]
    plain = normalise([recognise(write_phrase_grid(source, terms=False))], register="made")
    assert list(plain.activities["retention"]) == list(register.activities["retention"])
