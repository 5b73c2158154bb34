"""Cells to tables: what each kind of cell becomes, and that no row is lost or mixed up."""

from collections.abc import Mapping, Sequence

import pandas as pd
from made_sheets import (
    FIRST,
    make_grid,
    make_register,
    read_rows,
    read_texts,
    recipient,
    recognise_sheets,
)

from ropa.normalise import normalise, normalise_registers
from ropa.register import Register
from ropa.schema import read_fields
from ropa.workbook.cells import make_sheet


def list_terms(register: Register, field: str, table: str = "activities") -> list[str]:
    terms = register.terms
    chosen = terms[(terms["table"] == table) & (terms["field"] == field)]
    return list(chosen["code"])


# -- states -------------------------------------------------------------------------------------


STATES = {
    "Pay the staff": "stated",
    "termination of contracts": "stated",
    "None of the staff": "stated",
    "None": "none",
    "n/a": "none",
    "Sans objet": "none",
    "": "blank",
    " \n\t ": "blank",
    "TBC": "placeholder",
    "?": "placeholder",
    "[insert purpose]": "placeholder",
}


def test_a_text_has_one_state_and_stays_as_typed() -> None:
    rows = read_texts("Purpose", list(STATES))
    assert dict(zip(rows["purpose"], rows["purpose_state"], strict=True)) == STATES


def test_nothing_is_trimmed_converted_or_dropped() -> None:
    texts = ["NA", "None", "007", "  x  ", "=1+1", "null", "TRUE", "1e5", "a\nb", "\u00a0"]
    assert list(read_texts("Notes", texts)["notes"]) == texts


def test_an_error_value_is_unreadable_and_an_issue_at_its_cell() -> None:
    register = make_register(make_grid("Activities", [FIRST], errors={(2, 3): "#REF!"}))
    row = register.activities.iloc[0]
    assert (row["purpose"], row["purpose_state"]) == ("#REF!", "unreadable")
    issues = register.issues[["file", "sheet", "cell", "table", "field", "key"]]
    assert issues.to_dict("records") == [
        {
            "file": "made.xlsx",
            "sheet": "Activities",
            "cell": "C2",
            "table": "activities",
            "field": "purpose",
            "key": 0,
        }
    ]
    assert "error value" in register.issues["problem"].iloc[0]


def test_a_formula_without_its_result_is_unreadable_and_no_blank() -> None:
    sheet = make_grid("Activities", [FIRST | {"Retention": "", "Notes": "x"}], uncached={(2, 4)})
    register = make_register(sheet)
    row = register.activities.iloc[0]
    assert (row["retention"], row["retention_state"]) == ("", "unreadable")
    assert (row["retention_kind"], row["notes_state"]) == ("", "stated")
    assert register.issues[["cell", "field"]].to_numpy().tolist() == [["D2", "retention"]]


def test_an_unreadable_cell_of_the_organisation_is_found_too() -> None:
    form = make_sheet("Organisation", [["Name", ""], ["Address", ""]], errors={(2, 2): "#N/A"})
    register = make_register(form, make_grid("Activities", [FIRST]))
    row = register.organisation.iloc[0]
    assert (row["name_state"], row["address_state"]) == ("blank", "unreadable")
    assert register.issues[["sheet", "cell"]].to_numpy().tolist() == [["Organisation", "B2"]]


def test_a_row_of_one_error_value_is_a_record() -> None:
    sheet = make_grid("Activities", [FIRST, dict.fromkeys(FIRST, "")], errors={(3, 2): "#NAME?"})
    register = make_register(sheet)
    assert list(register.activities["activity_state"]) == ["stated", "unreadable"]


def test_a_row_of_white_space_is_no_record() -> None:
    blank = dict.fromkeys(FIRST, "  ")
    register = make_register(make_grid("Activities", [FIRST, blank, FIRST | {"ID": "K2"}]))
    assert list(register.activities["activity_id"]) == ["K1", "K2"]
    assert list(register.activities["row"]) == [2, 4]


def test_a_missing_column_is_absent_and_a_missing_sheet_too() -> None:
    register = make_register(make_grid("Activities", [FIRST]))
    row = register.activities.iloc[0]
    given = {"activity_id", "activity", "purpose"}
    absent = {field.name for field in read_fields("activities")} - given
    assert {name for name in absent if row[f"{name}_state"] != "absent"} == set()
    assert {name for name in given if row[f"{name}_state"] != "stated"} == set()
    organisation = register.organisation.iloc[0]
    states = {organisation[f"{field.name}_state"] for field in read_fields("organisation")}
    assert states == {"absent"}
    assert len(register.recipients) == len(register.controllers) == 0


def test_absent_differs_from_blank_by_file() -> None:
    one = recognise_sheets(make_grid("Activities", [FIRST | {"Owner": ""}]), file="a.xlsx")
    other = recognise_sheets(make_grid("Activities", [FIRST]), file="b.xlsx")
    register = normalise([one, other], register="both")
    assert list(register.activities["owner_state"]) == ["blank", "absent"]


def test_text_that_the_grammar_cannot_read_is_unreadable_and_not_quoted() -> None:
    cells = {
        "Role": "boss",
        "Status": "perhaps",
        "Retention": "blue",
        "DPIA required": "perhaps",
        "Special category condition": "because",
        "Criminal-offence condition": "because",
        "Schedule 1 condition": "because",
    }
    register = make_register(make_grid("Activities", [FIRST | cells]))
    names = {one.heading: one.name for one in read_fields("activities")}
    row = register.activities.iloc[0]
    found = {heading: (row[names[heading]], row[f"{names[heading]}_state"]) for heading in cells}
    assert found == {heading: (text, "unreadable") for heading, text in cells.items()}
    issues = register.issues
    assert sorted(issues["field"]) == sorted(names[heading] for heading in cells)
    assert list(issues["cell"]) == ["D2", "E2", "F2", "G2", "H2", "I2", "J2"]
    assert (issues["problem"] != "").all()
    assert not issues["problem"].str.contains("boss|perhaps|blue|because").any()


def test_an_unknown_country_is_unreadable_with_a_hint_and_no_value() -> None:
    sheet = make_grid(
        "Recipients", [{"Activity ID": "K1", "Recipient": "Some Ltd", "Country": "Germny"}]
    )
    register = make_register(make_grid("Activities", [FIRST]), sheet)
    row = register.recipients.iloc[0]
    assert (row["country"], row["country_state"]) == ("Germny", "unreadable")
    assert list_terms(register, "country", "recipients") == []
    issue = register.issues.iloc[0]
    assert (issue["cell"], issue["hint"]) == ("C2", "did you mean Germany?")
    transfer = register.transfers.iloc[0]
    assert (transfer["country_code"], transfer["country_kind"]) == ("", "unknown")


def test_a_cell_that_lists_items_is_one_issue_however_many_items_it_has() -> None:
    cells = FIRST | {"Data categories": "Name; address; bank details", "Retention": ""}
    sheet = make_grid("Activities", [cells], errors={(2, 5): "#REF!"})
    register = make_register(sheet)
    assert list(register.data_items["retention_state"]) == ["unreadable"] * 3
    assert register.issues[["table", "cell"]].to_numpy().tolist() == [["activities", "E2"]]


def test_none_and_no_answer_a_question_and_a_placeholder_does_not() -> None:
    expected = {"Yes": "yes", "No: screened": "no", "N/A": "no", "TBC": "", "": ""}
    rows = read_texts("DPIA required", list(expected))
    assert dict(zip(rows["dpia_required"], rows["dpia_required_answer"], strict=True)) == expected


# -- parsed columns -----------------------------------------------------------------------------

PARSED: Sequence[tuple[str, str, Mapping[str, object]]] = [
    ("Role", "Joint controller", {"role_code": "joint controller", "role_assumed": False}),
    ("Role", "", {"role_code": "", "role_assumed": True, "role_several": False}),
    (
        "Role",
        "Controller and processor",
        {"role_code": "", "role_assumed": True, "role_several": True},
    ),
    ("Status", "Ended", {"status_code": "ended"}),
    ("Last reviewed", "2024-02-29 00:00:00", {"last_reviewed_problem": ""}),
    (
        "Retention",
        "6 years after the end of employment",
        {"retention_kind": "event_period", "retention_days": 2190, "retention_duration": "P6Y"},
    ),
    ("Retention", "None", {"retention_state": "none", "retention_kind": "none"}),
    ("Retention", "", {"retention_state": "blank", "retention_kind": ""}),
    ("Retention", "As long as necessary", {"retention_kind": "circular"}),
    ("Retention", "Never deleted", {"retention_kind": "unlimited"}),
    ("Lawful basis", "By using this site you consent", {"lawful_basis_implied": True}),
    ("Lawful basis", "Consent", {"lawful_basis_implied": False}),
    ("Lawful basis", "Companies Act 2006 s.386", {"lawful_basis_statute": True}),
    ("Lawful basis", "because", {"lawful_basis_state": "stated"}),
    ("Transfers", "No transfers outside the UK", {"transfers_state": "none"}),
    ("Transfers", "India", {"transfers_state": "stated"}),
]


def test_a_text_is_read_by_the_kind_of_its_field() -> None:
    rows = read_rows([{heading: text} for heading, text, _ in PARSED]).to_dict("records")
    found = [
        (heading, text, {name: row[name] for name in expected})
        for (heading, text, expected), row in zip(PARSED, rows, strict=True)
    ]
    assert found == PARSED


def test_a_date_is_a_day_and_an_impossible_one_a_problem() -> None:
    rows = read_texts("Last reviewed", ["29 February 2024", "30 February 2024"])
    assert rows["last_reviewed_on"][0] == pd.Timestamp(2024, 2, 29)
    assert pd.isna(rows["last_reviewed_on"][1])
    assert [bool(one) for one in rows["last_reviewed_problem"]] == [False, True]
    assert list(rows["last_reviewed_state"]) == ["stated", "stated"]


def test_terms_hold_each_thing_of_a_cell_that_may_hold_several() -> None:
    cells = {
        "Lawful basis": "Contract; legal obligation",
        "Special category condition": "9(2)(b)",
        "Data categories": "Name; health",
    }
    register = make_register(make_grid("Activities", [FIRST | cells]))
    assert list_terms(register, "lawful_basis") == ["6(1)(b)", "6(1)(c)"]
    assert list_terms(register, "special_category_condition") == ["9(2)(b)"]
    assert len(list_terms(register, "data_categories")) == 2
    assert set(register.terms["register"]) == {"made"}


def test_terms_belong_to_their_own_row() -> None:
    rows = [
        FIRST | {"ID": one, "Lawful basis": text}
        for one, text in (("K1", "Contract; consent"), ("K2", ""), ("K3", "Contract"), ("K4", "x"))
    ]
    terms = make_register(make_grid("Activities", rows)).terms
    terms = terms[terms["field"] == "lawful_basis"]
    assert terms[["key", "code"]].to_numpy().tolist() == [
        [0, "6(1)(b)"],
        [0, "6(1)(a)"],
        [2, "6(1)(b)"],
    ]


# -- children -----------------------------------------------------------------------------------


def test_children_find_their_activity_by_its_folded_id() -> None:
    activities = make_grid("Activities", [FIRST, FIRST | {"ID": "K 2"}])
    rows = [recipient(" k1", "Some Ltd"), recipient("K\u00a02 ", "Other Ltd")]
    register = make_register(activities, make_grid("Recipients", rows))
    assert list(register.recipients["activity_key"]) == [0, 1]
    assert len(register.issues) == 0


def test_a_child_of_no_known_activity_stays_and_is_an_issue() -> None:
    ids = ["K1", "K9", "", "None", "TBC"]
    sheet = make_grid("Recipients", [recipient(one, f"To {one}") for one in ids])
    register = make_register(make_grid("Activities", [FIRST]), sheet)
    assert list(register.recipients["recipient"]) == [f"To {one}" for one in ids]
    assert list(register.recipients["activity_key"]) == [0, -1, -1, -1, -1]
    issues = register.issues
    assert list(issues["cell"]) == ["A3", "A4", "A5", "A6"]
    assert set(issues["sheet"]) == {"Recipients"}
    assert set(issues["field"]) == {"activity_id"}
    assert set(issues["problem"]) == {"no activity bears this id"}


def test_children_of_a_repeated_id_go_to_the_first_and_are_issues() -> None:
    activities = make_grid("Activities", [FIRST, FIRST | {"Activity": "Pensions"}])
    items = [
        {"Activity ID": "K1", "Data category": name, "Retention": "1 year"} for name in ("A", "B")
    ]
    register = make_register(activities, make_grid("Data items", items))
    assert list(register.data_items["activity_key"]) == [0, 0]
    assert list(register.issues["cell"]) == ["A2", "A3"]
    assert set(register.issues["problem"]) == {"several activities bear this id"}


def test_ids_name_activities_of_their_own_register_only() -> None:
    one = recognise_sheets(make_grid("Activities", [FIRST]))
    other = recognise_sheets(
        make_grid("Activities", [FIRST | {"ID": "K2"}]),
        make_grid("Recipients", [recipient("K1", "Some Ltd"), recipient("K2", "Other Ltd")]),
    )
    register = normalise_registers({"one": [one], "other": [other]})
    assert list(register.recipients["activity_key"]) == [-1, 1]


def test_an_error_value_is_no_id() -> None:
    activities = make_grid("Activities", [dict.fromkeys(FIRST, "x")], errors={(2, 1): "#REF!"})
    sheet = make_grid("Recipients", [recipient("", "Some Ltd")], errors={(2, 1): "#REF!"})
    register = make_register(activities, sheet)
    assert list(register.recipients["activity_key"]) == [-1]


def test_items_of_a_cell_are_rows_of_their_own_with_the_cells_beside_it() -> None:
    cells = {
        "Data categories": "Name; bank details",
        "Retention": "6 years",
        "Source of data": "The person",
        "Recipients": "Bank; HMRC",
    }
    register = make_register(make_grid("Activities", [FIRST | cells]))
    items = register.data_items
    assert list(items["data_category"]) == ["Name", "bank details"]
    assert set(items["retention"]) == {"6 years"}
    assert set(items["retention_days"]) == {2190}
    assert set(items["source"]) == {"The person"}
    assert set(items["origin"]) == {"cell"}
    assert set(items["activity_key"]) == {0}
    assert set(items["activity_id_state"]) == {"absent"}
    assert list(register.recipients["recipient"]) == ["Bank", "HMRC"]
    assert set(register.recipients["country_state"]) == {"absent"}


def test_rows_of_the_sheet_are_not_repeated_by_the_cell_of_the_same_activity() -> None:
    cell = {"Data categories": "Name; health; Health", "Retention": "6 years"}
    activities = make_grid("Activities", [FIRST | cell, FIRST | cell | {"ID": "K2"}])
    own = [{"Activity ID": "K1", "Data category": " HEALTH", "Retention": "1 year"}]
    items = make_register(activities, make_grid("Data items", own)).data_items
    rows = items[["activity_key", "data_category", "origin", "retention"]].to_numpy().tolist()
    assert [row for row in rows if row[0] == 0] == [
        [0, " HEALTH", "sheet", "1 year"],
        [0, "Name", "cell", "6 years"],
    ]
    assert {row[2] for row in rows if row[0] == 1} == {"cell"}


def test_a_cell_that_lists_nothing_gives_no_item() -> None:
    texts = ["None", "TBC", ""]
    rows = [
        FIRST | {"ID": str(number), "Data categories": text, "Recipients": text}
        for number, text in enumerate(texts)
    ]
    register = make_register(make_grid("Activities", rows))
    assert len(register.data_items) == len(register.recipients) == 0


# -- transfers ----------------------------------------------------------------------------------


def list_places(register: Register) -> list[tuple[str, str, str]]:
    rows = register.transfers[["recipient", "country_code", "country_kind"]]
    return [(str(a), str(b), str(c)) for a, b, c in rows.to_numpy().tolist()]


def make_transfers(own: str, *rows: Mapping[str, str]) -> Register:
    sheets = [make_grid("Activities", [FIRST | {"Transfers": own}])]
    if rows:
        sheets.append(make_grid("Recipients", list(rows)))
    return make_register(*sheets)


def test_each_country_of_a_recipient_is_a_transfer_home_too() -> None:
    register = make_transfers("", recipient("K1", "Some Ltd", Country="United Kingdom; India"))
    assert list_places(register) == [
        ("Some Ltd", "GB", "country"),
        ("Some Ltd", "IN", "country"),
    ]
    assert set(register.transfers["origin"]) == {"recipients"}
    assert set(register.transfers["recipient_key"]) == {0}


def test_a_country_named_twice_is_one_transfer() -> None:
    register = make_transfers("", recipient("K1", "Some Ltd", Country="USA; United States"))
    assert list_places(register) == [("Some Ltd", "US", "country")]


def test_two_lists_are_never_crossed() -> None:
    register = make_transfers(
        "India; Japan", recipient("K1", "Some Ltd"), recipient("K1", "Other Ltd")
    )
    assert list_places(register) == [("", "IN", "country"), ("", "JP", "country")]
    assert set(register.transfers["recipient_key"]) == {-1}
    assert set(register.transfers["origin"]) == {"activities"}


def test_a_country_paired_with_a_recipient_is_not_repeated_by_the_cell() -> None:
    register = make_transfers("India; Japan", recipient("K1", "Some Ltd", Country="Japan"))
    assert list_places(register) == [("Some Ltd", "JP", "country"), ("", "IN", "country")]


def test_a_pair_of_another_activity_does_not_count() -> None:
    activities = make_grid(
        "Activities", [FIRST | {"Transfers": "Japan"}, FIRST | {"ID": "K2", "Transfers": ""}]
    )
    sheet = make_grid("Recipients", [recipient("K2", "Some Ltd", Country="Japan")])
    register = make_register(activities, sheet)
    rows = register.transfers[["activity_key", "recipient", "country_code"]].to_numpy().tolist()
    assert sorted(rows) == [[0, "", "JP"], [1, "Some Ltd", "JP"]]


def test_transfers_without_a_country_are_unplaced() -> None:
    register = make_transfers("Data may be sent to our partners")
    assert list_places(register) == [("", "", "unplaced")]


def test_a_mechanism_without_a_country_is_a_transfer_to_nowhere_stated() -> None:
    register = make_transfers(
        "", recipient("K1", "Some Ltd", Country="", Transfer_mechanism="IDTA")
    )
    assert list_places(register) == [("Some Ltd", "", "")]


def test_none_blank_and_denied_transfers_are_no_rows() -> None:
    texts = ["None", "", "TBC", "No transfers outside the UK or the EEA"]
    rows = [FIRST | {"ID": str(number), "Transfers": text} for number, text in enumerate(texts)]
    assert list_places(make_register(make_grid("Activities", rows))) == []


def test_a_recipient_of_no_known_activity_makes_no_transfer_but_stays() -> None:
    register = make_transfers("", recipient("K9", "Lost Ltd", Country="India"))
    assert list_places(register) == []
    assert list(register.recipients["recipient"]) == ["Lost Ltd"]


def test_recipients_without_any_country_column_make_no_transfer() -> None:
    register = make_register(make_grid("Activities", [FIRST | {"Recipients": "Bank; HMRC"}]))
    assert len(register.transfers) == 0
