"""A register is read the same whatever its columns are called and however its rows are laid out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from made_layouts import list_children, say
from made_sheets import make_register
from registers import Row, clean_source, to_register

from ropa.auditing import audit_register
from ropa.phrases.matching import fold
from ropa.register import Register, concat_registers
from ropa.vocabulary import read_vocabulary
from ropa.workbook.cells import Range, Sheet, make_sheet

OWN = (
    *("function", "activity", "purpose", "lawful_basis", "data_subjects", "security_measures"),
    *("location", "owner", "automated_decisions", "special_category_condition"),
)
"""Fields that an activity states once."""
LISTED = {"data_categories": "data_category", "retention": "retention"}
PAIRED = {"recipients": "recipient", "recipients.country": "country"}
FIELDS = (*OWN, *LISTED, "recipients")
CORE = ("activity", "purpose", "data_subjects", "data_categories", "retention", "recipients")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a register is laid out.

    Attributes
    ----------
    chosen : tuple of str
        Ids of its activities.
    headings : mapping
        Field to heading, in the order of the columns.
    rows : str
        ``"cells"``: an activity a row. ``"items"``: one row a data category. ``"recipients"``: one
        row a recipient.
    repeats : str
        What stands in the further rows of an activity: ``"blank"``, ``"same"`` or ``"merged"``.
    above, gap, left : int
        Rows above the headings, blank rows between records, blank columns at the left.
    """

    chosen: tuple[str, ...]
    headings: Mapping[str, str]
    rows: str
    repeats: str
    above: int
    gap: int
    left: int


@cache
def list_controllers() -> Mapping[str, Row]:
    rows = clean_source().tables["activities"]
    return {str(row["activity_id"]): row for row in rows if row["role"] == "Controller"}


@cache
def list_headings(name: str) -> tuple[str, ...]:
    """Return the English headings of a field that are known by themselves.

    A recipient's country may also be called what an activity's transfers are called: those headings
    are left out.
    """
    table, _, field = name.rpartition(".")
    rows = [row for row in read_vocabulary("headings") if row["language"] == "en"]
    own = {row["term"] for row in rows if row["table"] == "activities"}
    return tuple(
        row["term"]
        for row in rows
        if (row["table"], row["field"]) == (table or "activities", field)
        and not (row["weight"] or row["band"])
        and not (table and row["term"] in own)
    )


STYLES: tuple[Callable[[str], str], ...] = (
    str,
    str.capitalize,
    str.upper,
    lambda text: f"{text.capitalize()}:",
    lambda text: f"{text} (if applicable)",
    lambda text: f"  {text}*",
)


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    ids = st.lists(st.sampled_from(sorted(list_controllers())), min_size=2, max_size=5, unique=True)
    rows = draw(st.sampled_from(("cells", "items", "recipients")))
    more = draw(st.lists(st.sampled_from([one for one in OWN if one not in CORE]), unique=True))
    fields = [*CORE, *more, *(["recipients.country"] if rows == "recipients" else [])]
    headings = {
        name: draw(st.sampled_from(STYLES))(draw(st.sampled_from(list_headings(name))))
        for name in draw(st.permutations(fields))
    }
    return Layout(
        tuple(draw(ids)),
        headings,
        rows,
        draw(st.sampled_from(("blank", "same", "merged"))),
        draw(st.integers(0, 6)),
        draw(st.integers(0, 2)),
        draw(st.integers(0, 2)),
    )


def write(layout: Layout, activities: Mapping[str, Row] | None = None) -> Sheet:
    activities = activities or list_controllers()
    title = [["Record of processing activities"]] if layout.above else []
    rows = [*title, *[[]] * (layout.above - 1), list(layout.headings.values())]
    merged: list[Range] = []
    for one in layout.chosen:
        records = list(_list_rows(layout, activities[one]))
        if layout.repeats == "merged" and len(records) > 1:
            top = len(rows) + 1
            merged += [
                (top, column + layout.left, top + len(records) - 1, column + layout.left)
                for column, name in enumerate(layout.headings, start=1)
                if not any(record[column - 1] for record in records[1:])
            ]
        rows += [*records, *[[]] * layout.gap]
    return make_sheet("Sheet1", [[""] * layout.left + row for row in rows], merged=merged)


def _list_rows(layout: Layout, activity: Row) -> Sequence[list[str]]:
    """Return the rows of one activity."""
    table = {"items": "data_items", "recipients": "recipients"}.get(layout.rows, "")
    children = list_children(clean_source(), table, activity["activity_id"]) if table else []
    fields = {"items": LISTED, "recipients": PAIRED}.get(layout.rows, {}) if children else {}
    return [
        [
            say(child.get(fields[name]))
            if name in fields
            else say(activity.get(name))
            if number == 0 or layout.repeats == "same"
            else ""
            for name in layout.headings
        ]
        for number, child in enumerate(children or [{}])
    ]


@cache
def read_house() -> Register:
    return to_register(clean_source(), "house")


def list_texts(register: Register, names: Sequence[str]) -> dict[str, dict[str, tuple[str, str]]]:
    """Return, by the activity's name, the text and the state of each field."""
    rows = register.activities.set_index("activity", drop=False)
    return {
        str(name): {field: (row[field], row[f"{field}_state"]) for field in names}
        for name, row in rows.iterrows()
    }


def list_items(register: Register, table: str, *names: str) -> dict[str, set[tuple[str, ...]]]:
    """Return, by the activity's name, what its items are; an item has the activity's own period."""
    activities = register.activities.set_index("key")
    rows = getattr(register, table)
    rows = rows[rows["activity_key"] >= 0]
    found: dict[str, set[tuple[str, ...]]] = {}
    for _, row in rows.iterrows():
        parent = activities.loc[row["activity_key"]]
        texts = tuple(_say(row, parent, name) for name in names)
        own = found.setdefault(str(parent["activity"]), set())
        assert texts not in own, "an item stands twice"
        own.add(texts)
    return found


def _say(row: "pd.Series", parent: "pd.Series", name: str) -> str:
    text = row[name] or (parent["retention"] if name == "retention" else "")
    return fold(text)


def keep(found: Mapping[str, object], layout: Layout) -> dict[str, object]:
    names = [str(list_controllers()[one]["activity"]) for one in layout.chosen]
    return {name: found[name] for name in names if name in found}


@given(layouts())
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),  # shrinking a layout takes minutes
    suppress_health_check=[HealthCheck.too_slow],
)
def test_a_register_is_read_the_same_in_any_layout(layout: Layout) -> None:
    register = make_register(write(layout))
    mapping = register.mapping.set_index("heading")
    for name, heading in layout.headings.items():
        where = mapping.loc[heading.strip() if heading.strip() in mapping.index else heading]
        assert where["status"] == "mapped", heading
        assert where["field"] == name.rpartition(".")[2], heading
    assert len(register.activities) == len(layout.chosen)
    own = [name for name in layout.headings if name in OWN]
    if layout.rows == "cells":
        own += ["retention", "data_categories", "recipients"]
    house = read_house()
    assert list_texts(register, own) == keep(list_texts(house, own), layout)
    names = ("data_category", *(["retention"] if layout.rows == "items" else []))
    assert list_items(register, "data_items", *names) == keep(
        list_items(house, "data_items", *names), layout
    )
    names = ("recipient", *(["country"] if layout.rows == "recipients" else []))
    assert list_items(register, "recipients", *names) == keep(
        list_items(house, "recipients", *names), layout
    )


# -- findings keep their ids ----------------------------------------------------------------------

DEFECTS: Mapping[str, str] = {
    "purpose": "business purposes",
    "lawful_basis": "",
    "retention": "as long as necessary",
    "recipients": "third parties",
    "data_categories": "various",
}


@st.composite
def quarters(draw: st.DrawFn) -> tuple[Mapping[str, Row], tuple[Layout, ...]]:
    """Draw the defects of some activities, and several layouts in which all stand."""
    first = replace(draw(layouts()), rows="cells")
    activities = {
        one: {**list_controllers()[one], **dict(draw(st.sets(st.sampled_from([*DEFECTS.items()]))))}
        for one in first.chosen
    }
    others = [
        replace(
            first,
            chosen=tuple(draw(st.permutations(first.chosen))),
            headings={
                name: draw(st.sampled_from(STYLES))(draw(st.sampled_from(list_headings(name))))
                for name in draw(st.permutations(list(first.headings)))
            },
            above=draw(st.integers(0, 6)),
            gap=draw(st.integers(0, 2)),
            left=draw(st.integers(0, 2)),
        )
        for _ in range(5)
    ]
    return activities, (first, *others)


@given(quarters())
@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow],
)
def test_findings_keep_their_ids_when_rows_columns_and_headings_change(
    drawn: tuple[Mapping[str, Row], tuple[Layout, ...]],
) -> None:
    activities, variants = drawn
    registers = [
        make_register(write(layout, activities), name=f"r{number}")
        for number, layout in enumerate(variants)
    ]
    rows = audit_register(concat_registers(registers), as_of=date(2026, 9, 30)).frames["findings"]
    own = rows[rows["activity_id"] != ""]
    ids = {name: frozenset(found["id"]) for name, found in own.groupby("register")}
    assert len(set(ids.values())) <= 1
    assert len(ids) in (0, len(variants))
