"""Forms with a column that explains the labels: the answers are the record."""

from collections.abc import Sequence

import pytest
from made_sheets import make_register, recognise_sheets

from ropa.workbook.cells import Sheet, make_sheet

FORM = [
    ("Activity name", "What do you call it?", "Raffle"),
    ("Purpose", "Say why you hold the data", "Run the raffle"),
    ("Lawful basis", "Which of the six bases applies?", "Contract"),
    ("Data subjects", "Whose data?", "Supporters"),
    ("Personal data", "What data?", "Telephone number"),
    ("Recipients", "Who gets it?", "None"),
    ("Retention", "How long do you keep it?", "1 year after the draw"),
    ("Security", "How is it kept safe?", "Locked cabinet"),
]
NAMES = [("Raffle", "Run the raffle", "1 year after the draw")]


def make(form: Sequence[tuple[str, ...]], *order: int, above: tuple[str, ...] = ()) -> Sheet:
    rows = [above, *form] if above else form
    return make_sheet("Raffle", [[row[one] for one in order] for row in rows])


def read(sheet: Sheet) -> list[tuple[str, ...]]:
    found = make_register(sheet).activities
    return list(zip(found["activity"], found["purpose"], found["retention"], strict=True))


@pytest.mark.parametrize("above", [(), ("Question", "Guidance", "Answer"), ("Field", "Help", "")])
@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1)])
def test_guidance_is_no_record(above: tuple[str, ...], order: tuple[int, ...]) -> None:
    sheet = make(FORM, *order, above=above)
    assert read(sheet) == NAMES
    whys = [one.why for one in recognise_sheets(sheet).ignored]
    assert whys == [f"column {'ABC'[order.index(1)]}: the guidance of a form"]


def test_guidance_that_asks_nothing_is_known_by_its_heading() -> None:
    form = [(label, f"The {label.lower()} in your own words", value) for label, _, value in FORM]
    assert read(make(form, 0, 1, 2, above=("Question", "Guidance", "Answer"))) == NAMES


@pytest.mark.parametrize("above", [(), ("Question", "Guidance", "Answer")])
def test_a_form_with_nothing_but_guidance_is_no_record(above: tuple[str, ...]) -> None:
    form = [(label, text, "") for label, text, _ in FORM if text.endswith("?")]
    assert not recognise_sheets(make(form, 0, 1, 2, above=above)).is_register


def test_records_side_by_side_are_both_kept() -> None:
    form = [(label, value, value.replace("raffle", "fete")) for label, _, value in FORM]
    assert len(read(make(form, 0, 1, 2))) == 1 + 1


def test_a_form_half_of_prompts_is_a_record() -> None:
    form = [(label, value) for label, _, value in FORM[:3]]
    form += [(label, text) for label, text, _ in FORM[3:]]
    assert read(make(form, 0, 1)) == [("Raffle", "Run the raffle", "How long do you keep it?")]


def test_an_activity_called_guidance_is_one() -> None:
    form = [("Activity name", "Guidance"), *((label, value) for label, _, value in FORM[1:])]
    assert read(make(form, 0, 1))[0][0] == "Guidance"
