"""What identifies an activity, whatever its place, and under which regimes a register is judged."""

from collections.abc import Mapping, Sequence

import pandas as pd
import pytest
from made_sheets import FIRST, make_form, make_grid, make_register, recognise_sheets
from registers import Source, clean_source, to_register

from ropa.normalise import normalise_registers

# -- identities and labels ----------------------------------------------------------------------


def identify(*rows: Mapping[str, str]) -> dict[str, str]:
    """Return the identity of each activity by its note."""
    register = make_register(make_grid("Activities", rows))
    frame = register.activities
    return dict(zip(frame["notes"], frame["identity"], strict=True))


def activity(note: str, **cells: str) -> dict[str, str]:
    base = {"ID": "", "Business function": "HR", "Activity": "Payroll", "Purpose": "Pay"}
    more = {heading.replace("_", " "): text for heading, text in cells.items()}
    return base | {"Data subjects": "", "Security measures": "", "Notes": note} | more


def test_a_stated_id_identifies_whatever_the_rest_says() -> None:
    found = identify(activity("a", ID="K 1 "), activity("b", ID="k2", Activity="Other"))
    assert found == {"a": "k 1", "b": "k2"}


def test_repeated_ids_are_told_apart_by_function() -> None:
    found = identify(
        activity("a", ID="1"),
        activity("b", ID="1", Business_function="Sales"),
        activity("c", ID="2"),
    )
    assert found == {"a": "1|hr", "b": "1|sales", "c": "2"}


def test_without_ids_function_and_name_identify_and_the_purpose_serves_as_name() -> None:
    found = identify(activity("a"), activity("b", Activity="", Purpose="Hire"))
    assert found == {"a": "|hr|payroll", "b": "|hr|hire"}


def test_no_id_is_none_however_it_is_written() -> None:
    texts = ["None", "TBC", "-", " "]
    found = identify(*(activity(text, ID=text, Activity=f"Pay {text}") for text in texts))
    assert found == {"None": "|hr|pay none", "TBC": "|hr|pay tbc", "-": "|hr|pay -", " ": "|hr|pay"}


@pytest.mark.parametrize("differs", ["Purpose", "Data subjects", "Security measures"])
def test_equal_rows_are_numbered_by_content_and_not_by_place(differs: str) -> None:
    rows = [activity(note) | {differs: text} for note, text in (("a", "x"), ("b", "y"), ("c", "z"))]
    found = identify(*rows)
    assert found == {"a": "|hr|payroll", "b": "|hr|payroll~2", "c": "|hr|payroll~3"}
    for moved in (rows[::-1], [rows[1], rows[2], rows[0]]):
        assert identify(*moved) == found


def test_equal_rows_with_one_id_are_numbered_too() -> None:
    rows = [activity("a", ID="1", Purpose="x"), activity("b", ID="1", Purpose="y")]
    assert identify(*rows) == identify(*rows[::-1]) == {"a": "1|hr", "b": "1|hr~2"}


def test_rows_that_are_equal_in_everything_differ_in_identity_alone() -> None:
    register = make_register(make_grid("Activities", [activity("a"), activity("a")]))
    assert list(register.activities["identity"]) == ["|hr|payroll", "|hr|payroll~2"]
    assert register.activities["label"].nunique() == 2


def test_label_is_the_stated_id_or_six_hexadecimal_digits() -> None:
    rows = [activity("a", ID=" K-1 "), activity("b", Activity="Hire")]
    labels = make_register(make_grid("Activities", rows)).activities["label"]
    assert labels[0] == "K-1"
    assert pd.Series([labels[1]]).str.fullmatch("~[0-9a-f]{6}").all()


def test_identity_holds_no_place_and_no_register() -> None:
    source = clean_source()
    one = to_register(source, "one").activities
    moved = Source(
        {**source.tables, "activities": source.tables["activities"][::-1]}, source.absent
    )
    other = to_register(moved, "other").activities
    assert dict(zip(one["activity_id"], one["identity"], strict=True)) == dict(
        zip(other["activity_id"], other["identity"], strict=True)
    )


# -- regimes ------------------------------------------------------------------------------------


REGIMES: Sequence[tuple[Mapping[str, str], tuple[str, str]]] = [
    ({"regimes": "UK GDPR"}, ("uk", "regimes")),
    ({"regimes": "EU GDPR"}, ("eu", "regimes")),
    ({"regimes": "Both"}, ("uk+eu", "regimes")),
    ({"regimes": "UK GDPR", "establishments": "Germany"}, ("uk", "regimes")),
    ({"establishments": "United Kingdom"}, ("uk", "establishments")),
    ({"regimes": "TBC", "establishments": "Norway"}, ("eu", "establishments")),
    ({"establishments": "France; United Kingdom"}, ("uk+eu", "establishments")),
    (
        {"establishments": "United Kingdom", "address": "1 Rue Haute, Paris, France"},
        ("uk", "establishments"),
    ),
    ({"address": "1 High Street, London, United Kingdom"}, ("uk", "address")),
    ({"establishments": "None", "address": "Hauptstr. 1, Berlin, Germany"}, ("eu", "address")),
    ({"establishments": "United States"}, ("uk+eu", "assumed")),
    ({"regimes": "GDPR"}, ("uk+eu", "assumed")),
    ({"name": "Made-up company"}, ("uk+eu", "assumed")),
]


def test_regimes_come_from_the_first_cell_that_tells_them() -> None:
    groups = {
        str(number): [recognise_sheets(make_form(**cells), make_grid("Activities", [FIRST]))]
        for number, (cells, _) in enumerate(REGIMES)
    }
    rows = normalise_registers(groups).organisation.to_dict("records")
    found = [
        ("+".join(one for one in ("uk", "eu") if row[f"regimes_{one}"]), row["regimes_from"])
        for row in rows
    ]
    cells = [cells for cells, _ in REGIMES]
    assert list(zip(cells, found, strict=True)) == REGIMES


def test_without_an_organisation_both_regimes_are_assumed() -> None:
    row = make_register(make_grid("Activities", [FIRST])).organisation.iloc[0]
    assert (row["regimes_uk"], row["regimes_eu"], row["regimes_from"]) == (True, True, "assumed")
