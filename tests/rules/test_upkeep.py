"""Activities that stand twice, where several sheets, files or registers hold them."""

from datetime import date

import pandas as pd
from made_sheets import FIRST, make_grid, make_register, recognise_sheets

from ropa.auditing import audit_register
from ropa.normalise import normalise
from ropa.recognise import Recognition
from ropa.register import Register, concat_registers
from ropa.rules.catalogue import select_rules

AS_OF = date(2026, 9, 30)
OTHER = {"ID": "K1", "Activity": "Newsletter", "Purpose": "Tell members what is on"}


def find(register: Register, code: str) -> pd.DataFrame:
    return audit_register(register, as_of=AS_OF, regime="uk", rules=select_rules([code])).findings


def find_doubles(register: Register) -> list[tuple[str, str]]:
    found = find(register, "GOV-05")
    return list(zip(found["cell"], found["field"], strict=True))


def make_file(file: str, *rows: dict[str, str]) -> Recognition:
    return recognise_sheets(make_grid("Activities", rows), file=file)


def test_one_sheet_numbers_its_activities_once() -> None:
    assert find_doubles(make_register(make_grid("Activities", [FIRST, OTHER]))) == [
        ("A3", "activity_id")
    ]


def test_the_first_cell_is_named() -> None:
    again = FIRST | {"ID": "K2"}
    found = find(make_register(make_grid("Activities", [FIRST, again])), "GOV-05")
    assert list(found["message"]) == ["The name and purpose of this activity stand in B2 already."]


def test_the_id_of_one_row_and_the_name_of_another() -> None:
    third = FIRST | {"ID": "K2"} | {"Activity": OTHER["Activity"], "Purpose": OTHER["Purpose"]}
    rows = [FIRST | {"ID": "K2"}, OTHER, third]
    found = find(make_register(make_grid("Activities", rows)), "GOV-05")
    assert list(found["message"]) == ["The ID of this activity stands in A2 already."]


def test_each_sheet_numbers_its_own_activities() -> None:
    sheets = [make_grid("Sales", [FIRST]), make_grid("Finance", [OTHER])]
    register = make_register(*sheets)
    assert len(register.activities) == 2
    assert find_doubles(register) == []


def test_sheets_of_departments_may_say_the_same() -> None:
    rows = [FIRST, OTHER | {"ID": "K2"}]
    register = make_register(make_grid("Sales", rows), make_grid("Finance", rows))
    assert len(register.activities) == 4
    assert find_doubles(register) == []


def test_each_file_numbers_its_own_activities() -> None:
    register = normalise([make_file("a.xlsx", FIRST), make_file("b.xlsx", FIRST)], register="all")
    assert len(register.activities) == 2
    assert find_doubles(register) == []


def test_nothing_crosses_from_one_register_to_another() -> None:
    one = normalise([make_file("a.xlsx", FIRST)], register="one")
    other = normalise([make_file("a.xlsx", FIRST)], register="other")
    assert find_doubles(concat_registers([one, other])) == []
    twice = normalise([make_file("a.xlsx", FIRST, OTHER)], register="twice")
    assert find_doubles(concat_registers([one, twice])) == [("A3", "activity_id")]


def test_recipients_under_a_doubled_id_are_one_finding() -> None:
    rows = [{"Activity ID": "K1", "Recipient": "Some Ltd", "Role": "Processor"}]
    grids = [make_grid("Activities", [FIRST, OTHER]), make_grid("Recipients", rows)]
    register = make_register(*grids)
    assert list(register.issues["problem"]) == ["several activities bear this id"]
    assert len(find(register, "GOV-05")) == 1
    assert len(find(register, "GOV-08")) == 0


def test_recipients_under_an_id_of_two_departments_cannot_be_told_apart() -> None:
    rows = [{"Activity ID": "K1", "Recipient": "Some Ltd", "Role": "Processor"}]
    activities = [
        FIRST | {"Business function": "Finance"},
        OTHER | {"Business function": "Sales"},
    ]
    register = make_register(make_grid("Activities", activities), make_grid("Recipients", rows))
    assert len(find(register, "GOV-05")) == 0
    assert list(find(register, "GOV-08")["field"]) == ["activity_id"]
