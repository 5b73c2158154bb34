"""States of a cell, placeholders inside a text, and answers of yes and no."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ropa.phrases.states import find_placeholder, read_answer, read_state
from ropa.vocabulary import read_vocabulary

REPRODUCIBLE = settings(max_examples=300, database=None, derandomize=True, deadline=None)

STATES = {
    "none": """None|none.|NONE|N/A|n/a|N/A.|n.a.|NA|n\\a|Nil|nil |No|No.|(none)|"None"|- N/A -
        |Not applicable|not applicable.|NOT  APPLICABLE|Nothing|No transfers|no transfers.
        |No third country transfers|No international transfers|No recipients|None designated
        |No DPO|Sans objet|Non concerné|Néant|Keine|Entfällt|Ninguno|No aplica|Non-applicable
        |None / N/A|N/A - not applicable|None (nil)|None, none
        |\uff2e\uff0f\uff21|none\u200b|No special category data""",
    "placeholder": """TBC|tbc|T.B.C.|TBD|TBA|?|??|-|--|\u2013|\u2014|...|\u2026|/|n/k|N/K
        |Unknown|unknown.
        |To be confirmed|to be confirmed.|To be determined|Not known|None?|N/A?|Please select
        |Please select...|Select an option|Choose an item.|Click or tap here to enter text.
        |[insert name]|[Insert name of controller]|<date>|<insert date>|{{company}}|[TBC]|(TBC)
        |xxx|XXXX|XX/XX/XXXX|dd/mm/yyyy|DD/MM/YYYY|Yes/No|Y/N|None / TBC|Don\u2019t know|***
        |Sélectionnez un élément|À compléter|Bitte auswählen|Lorem ipsum|_____""",
    "blank": "| |\t|\n|\u00a0|\u200b|\ufeff",
    "stated": """termination|Termination|Namibia|None of the staff are affected|none of the above
        |No longer than 6 years|Not required|In progress|Not started|Under review|Completed|Yes
        |XX January 2024|None, except HMRC|N/A for staff, HMRC for payroll|Nilsson Ltd|Noise
        |Unknown callers|TBC Bank|6 years|0|Dashboard|Not applicable to children under 13
        |Pending litigation files|Select committee|No transfers outside the EEA except to India
        |[Smith]|<dpo@example.org>|XXL|2.0|A|National insurance number|Tba Ltd|Nonesuch|x
        |Anna|Canada|Northern Ireland|no-reply@example.org|Name: -|Draft contract|Pending""",
}
WHOLE_CELLS = [
    (text if state == "blank" else text.strip(" \n") or text, state)
    for state, texts in STATES.items()
    for text in texts.split("|")
]


@pytest.mark.parametrize(("text", "state"), WHOLE_CELLS)
def test_state_of_a_whole_cell(text: str, state: str) -> None:
    assert read_state(text) == state


def test_every_choice_of_the_house_workbook_is_an_answer() -> None:
    values = {row["value"] for row in read_vocabulary("choices")}
    assert {value for value in values if read_state(value) != "stated"} == {"None", "No"}


@pytest.mark.parametrize("row", read_vocabulary("states"), ids=lambda row: row["term"])
def test_every_term_is_read_and_only_whole(row: dict[str, str]) -> None:
    assert read_state(f" {row['term'].upper()}. ") == row["code"]
    assert read_state(f"{row['term']} Aardvark Ltd") == "stated"


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("Notice dated XX January 2024", "XX January 2024"),
        ("XX January 2024", "XX January 2024"),
        ("31 January XXXX", "31 January XXXX"),
        ("Reviewed on xx/xx/2024", "xx/xx/2024"),
        ("by 31 March 20XX", "31 March 20XX"),
        ("in 20XX", "20XX"),
        ("kept for XX years", "XX years"),
        ("Owner TBC", "TBC"),
        ("Mailchimp; tbc; Google", "tbc"),
        ("Contract end (TBC)", "TBC"),
        ("TBC/TBD by HR", "TBC"),
        ("Contract to be confirmed", "to be confirmed"),
        ("Country: to be confirmed, see notes", "to be confirmed"),
        ("Processor [insert name] in Germany", "[insert name]"),
        ("Sent to <company name> weekly", "<company name>"),
        ("Dear {{name}}", "{{name}}"),
        ("Owner [to be agreed with HR]", "[to be agreed with HR]"),
        ("Valid from <date>", "<date>"),
        ("until (insert date)", "(insert date)"),
        ("Lorem ipsum dolor sit amet", "Lorem ipsum"),
        ("Basis: please select", "please select"),
        ("Held by ?? in India", "??"),
        ("Owner: ?", "?"),
        ("Name: ______", "______"),
        ("Last reviewed DD/MM/YYYY", "DD/MM/YYYY"),
        ("Contact XXXX at the supplier", "XXXX"),
        ("Delete as appropriate: yes", "Delete as appropriate"),
        ("TBC", "TBC"),
        ("-", "-"),
        ("[date]", "[date]"),
    ],
)
def test_placeholder_left_in_a_text(text: str, fragment: str) -> None:
    assert find_placeholder(text) == fragment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "None",
        "22 January 2024",
        "15/05/2026",
        "1.10.2024",
        "XXL shirts",
        "Size XX-large",
        "Annex XX",
        "Chapter XXX-1",
        "Exxon",
        "DPO <dpo@example.org>",
        "Jane Doe [Finance]",
        "Smith (Jane)",
        "[Smith]",
        "record id TBC-12",
        "card XXXX XXXX XXXX 1234",
        "stored as XXXX-XXXX-XXXX-1234",
        "The identity needs to be confirmed.",
        "Identity has to be confirmed, then access is given",
        "Details to be confirmed by the caller at sign-up",
        "Why?",
        "What is held? See notes",
        "Qui ? Tous",
        "a < b and c > d",
        "<b>bold</b>",
        "version 2.x.10",
        "see https://example.org/tbc",
        "tbc@example.org",
        "my____file",
        "customers are asked to select an optional extra",
        "Please contact HR",
        "The data are entered [by staff]",
        "(enter by the side door)",
        "Todo el personal",
        "maximum",
        "Windows XP",
        "source unknown",
        "x-ray",
    ],
)
def test_no_placeholder_in_ordinary_words(text: str) -> None:
    assert find_placeholder(text) == ""


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes", "yes"),
        ("yes.", "yes"),
        ("Y", "yes"),
        ("TRUE", "yes"),
        ("Required", "yes"),
        ("Yes - see DPIA-3", "yes"),
        ("Yes see DPIA-3", "yes"),
        ("yes, completed", "yes"),
        ('"Yes"', "yes"),
        ("\u2713", "yes"),
        ("Required since 2020", "yes"),
        ("Required: yes", "yes"),
        ("Oui", "yes"),
        ("No", "no"),
        ("no.", "no"),
        ("N", "no"),
        ("False", "no"),
        ("None", "no"),
        ("Not required", "no"),
        ("No: screening ref 12", "no"),
        ("N - screened", "no"),
        ("NO (low risk)", "no"),
        ("Not required as low risk", "no"),
        ("DPIA required: no", ""),
        ("Required: no", "no"),
        ("No longer required", "no"),
        ("Nein", "no"),
        ("", ""),
        ("N/A", ""),
        ("n.a.", ""),
        ("Yes/No", ""),
        ("Y/N", ""),
        ("Yes?", ""),
        ("No. 12", ""),
        ("No 12", ""),
        ("No information", ""),
        ("No longer", ""),
        ("Nordic", ""),
        ("Yesterday", ""),
        ("Y Smith", ""),
        ("None of the staff", ""),
        ("no-reply@example.org", ""),
        ("Y.M.C.A.", ""),
        ("Maybe", ""),
        ("Unknown", ""),
        ("See the notes: yes", ""),
        ("Not sure", ""),
    ],
)
def test_answer_leads_the_text(text: str, answer: str) -> None:
    assert read_answer(text) == answer


@REPRODUCIBLE
@given(st.text(max_size=60) | st.text("xX?-_[]<>(){}./ 0123TBCtbcmay\n", max_size=30))
def test_any_text_has_a_state_and_an_answer(text: str) -> None:
    state = read_state(text)
    assert state in {"stated", "none", "blank", "placeholder"}
    assert read_answer(text) in {"yes", "no", ""}
    fragment = find_placeholder(text)
    assert fragment in text
    assert fragment or state != "placeholder"
