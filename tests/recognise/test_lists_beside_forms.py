"""A list of activities on a sheet of forms is read, or said to be unread: never lost."""

import pytest
from made_grids import DOOR, HEADINGS, NEWS, PAY, whys
from made_layouts import CNIL, ENGLISH, FRENCH, Cells, FormWords, cut_source, lay_beside, write_form
from made_sheets import make_register, recognise_sheets
from registers import clean_source

from ropa.recognise import Recognition
from ropa.workbook.cells import make_sheet

FORM = "Call recording for quality coaching"
UNREAD = "a table that no blank row parts from a form"

each_language = pytest.mark.parametrize("words", [FRENCH, ENGLISH], ids=["French", "English"])


def make_form(words: FormWords = FRENCH) -> Cells:
    source = cut_source(clean_source(), CNIL)
    return write_form(source, source.tables["activities"][0], words)


def make_list(*rows: list[str], title: str = "") -> Cells:
    named = [["Activity", *HEADINGS], *([row[0].upper(), *row] for row in rows)]
    return [[title], *named] if title else named


def recognise_rows(rows: Cells) -> Recognition:
    return recognise_sheets(make_sheet("Register", rows))


def read_purposes(rows: Cells) -> list[str]:
    return sorted(make_register(make_sheet("Register", rows)).activities["purpose"])


def list_blocks(found: Recognition) -> list[tuple[str, str]]:
    return [(one.table, one.orientation) for one in found.blocks if one.table == "activities"]


FORM_PURPOSE = "Coach advisers on the quality of the calls that they handle"


@each_language
def test_a_list_below_a_form_is_read(words: FormWords) -> None:
    rows = [*make_form(words), [], *make_list(PAY, NEWS)]
    assert read_purposes(rows) == sorted([FORM_PURPOSE, PAY[0], NEWS[0]])
    assert UNREAD not in whys(recognise_rows(rows))


@each_language
def test_a_list_above_a_form_is_read(words: FormWords) -> None:
    form = [["Record of this activity"], [], *make_form(words)]
    rows = [*make_list(PAY, title="All activities"), [], ["NEWS", *NEWS], [], *form]
    assert read_purposes(rows) == sorted([FORM_PURPOSE, PAY[0], NEWS[0]])


def test_a_list_with_a_blank_row_in_it_is_read_to_its_end() -> None:
    rows = [*make_form(), [], *make_list(PAY), [], ["DOOR", *DOOR]]
    assert read_purposes(rows) == sorted([FORM_PURPOSE, PAY[0], DOOR[0]])


def test_a_form_says_nothing_of_the_list_below_it() -> None:
    alone = make_register(make_sheet("Register", make_form())).activities.iloc[0]
    rows = [*make_form(), [], *make_list(PAY, NEWS)]
    activities = make_register(make_sheet("Register", rows)).activities
    (beside,) = [one for _, one in activities.iterrows() if one["purpose"] == FORM_PURPOSE]
    for name in ("activity", "purpose", "lawful_basis", "data_subjects", "retention", "recipients"):
        assert beside[name] == alone[name], name


def test_a_list_between_two_forms_is_read() -> None:
    rows = [*make_form(), [], *make_list(PAY), [], *make_form(ENGLISH)]
    found = recognise_rows(rows)
    assert sorted(list_blocks(found)) == [
        ("activities", "form"),
        ("activities", "form"),
        ("activities", "grid"),
    ]


def test_a_list_at_the_side_of_a_form_is_said_to_be_unread() -> None:
    rows = lay_beside(make_form(), [[""] * 9 + row for row in make_list(PAY, NEWS)])
    found = recognise_rows(rows)
    assert list_blocks(found) == [("activities", "form")]
    assert UNREAD in whys(found)


@each_language
def test_the_tables_of_a_form_are_no_lists(words: FormWords) -> None:
    rows = lay_beside(make_form(words), [[""] * 9 + row for row in make_form(words)])
    for cells in (make_form(words), [*make_form(words), [], *make_form(words)], rows):
        found = recognise_rows(cells)
        assert {kind for _, kind in list_blocks(found)} == {"form"}
        assert UNREAD not in whys(found)
