"""What the drop-downs offer is what the readers understand: each choice, read from its cell."""

import re
from collections.abc import Hashable, Mapping
from typing import NamedTuple

import pytest
from registers import Source, to_register

from ropa.register import Register
from ropa.report.house_layout import list_choices
from ropa.schema import Field, read_fields


class Case(NamedTuple):
    """One choice of one drop-down, in the row of its own activity."""

    one: str
    field: Field
    value: str


OFFERS = [
    (field, value)
    for field in read_fields()
    for choice in list_choices()
    if choice.name == field.values
    for value in choice.values
]
CASES = [Case(f"X{number}", field, value) for number, (field, value) in enumerate(OFFERS, 1)]

DPF = "EU-US Data Privacy Framework"
CLAUSES = "EU standard contractual clauses (2021/914) Module"
MODULES = {
    "One": "SCC-2021-M1",
    "Two": "SCC-2021-M2",
    "Three": "SCC-2021-M3",
    "Four": "SCC-2021-M4",
}
CODES: Mapping[str, set[str]] = {
    "None": set(),
    "Official authority": {"official_authority"},
    "Schedule 1 condition": {"schedule_1"},
    "Adequacy": {"ADEQUACY"},
    DPF: {"DPF"},
    "UK Extension (UK-US data bridge)": {"UK-EXTENSION"},
    f"{DPF} with the UK Extension": {"DPF", "UK-EXTENSION"},
    **{f"{CLAUSES} {number}": {code} for number, code in MODULES.items()},
    **{
        f"{CLAUSES} {number}; UK Addendum": {code, "UK-ADDENDUM"}
        for number, code in MODULES.items()
    },
    "International Data Transfer Agreement (IDTA)": {"IDTA"},
    "Binding corporate rules": {"BCR"},
    "UK binding corporate rules": {"UK-BCR"},
    "Approved code of conduct": {"CODE"},
    "Approved certification": {"CERTIFICATION"},
    "Instrument between public bodies": {"PUBLIC-BODIES"},
    "Article 49(1)(a) explicit consent": {"D49-A"},
    "Article 49(1)(b) contract with the data subject": {"D49-B"},
    "Article 49(1)(c) contract in the interest of the data subject": {"D49-C"},
    "Article 49(1)(d) important reasons of public interest": {"D49-D"},
    "Article 49(1)(e) legal claims": {"D49-E"},
    "Article 49(1)(f) vital interests": {"D49-F"},
    "Article 49(1)(g) public register": {"D49-G"},
    "Article 49(1) second subparagraph: compelling legitimate interests": {"D49-CLI"},
}


def make_source(cases: list[Case]) -> Source:
    tables: dict[str, list[dict[str, object]]] = {
        "organisation": [{"name": "Made-up company"}],
        "activities": [],
        "data_items": [],
        "recipients": [],
    }
    for one, field, value in cases:
        activity: dict[str, object] = {"activity_id": one, "activity": f"Made-up activity {one}"}
        tables["activities"].append(activity)
        if field.table == "organisation":
            tables["organisation"][0][field.name] = value
        elif field.table == "activities":
            activity[field.name] = value
        else:
            tables[field.table].append({"activity_id": one, field.name: value})
    return Source(tables)


@pytest.fixture(scope="module")
def register() -> Register:
    """Read all choices but the organisation's in one register."""
    return to_register(make_source([one for one in CASES if not is_form(one)]), "choices")


def is_form(case: Case) -> bool:
    return case.field.table == "organisation"


def find_row(register: Register, case: Case) -> dict[Hashable, object]:
    rows = register.frames[case.field.table]
    if case.field.table == "activities":
        rows = rows[rows["label"] == case.one]
    elif not is_form(case):
        rows = rows[(rows["activity_id"] == case.one) & (rows["origin"] == "sheet")]
    assert len(rows) == 1
    return dict(rows.iloc[0])


def find_codes(register: Register, case: Case, key: object) -> set[str]:
    terms = register.frames["terms"]
    chosen = (terms["table"] == case.field.table) & (terms["field"] == case.field.name)
    return set(terms.loc[chosen & (terms["key"] == key), "code"])


def expect_codes(case: Case) -> set[str]:
    """Return the codes that a choice stands for: most choices say them."""
    if case.value in CODES:
        return CODES[case.value]
    if case.field.values == "schedule_1":
        paragraph = re.findall(r"para (\d+):", case.value)
        return {f"S1-{int(number):02}" for number in paragraph}
    return set(re.findall(r"\d\(\d\)\(\w+\)", case.value))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.field.name}: {case.value}")
def test_choice_is_read_as_what_it_says(case: Case, register: Register) -> None:
    found = to_register(make_source([case]), "choice") if is_form(case) else register
    row = find_row(found, case)
    name, value = case.field.name, case.value
    state = row[f"{name}_state"]
    assert row[name] == value
    if case.field.kind in ("bases", "conditions", "conditions_10", "schedule_1", "mechanisms"):
        assert find_codes(found, case, row["key"]) == expect_codes(case)
        assert state == ("none" if value == "None" else "stated")
    elif case.field.kind in ("role", "status", "recipient_role"):
        assert row[f"{name}_code"] == value.lower()
        assert state == "stated"
    elif case.field.kind == "yes_no":
        assert row[f"{name}_answer"] == value.lower()
    elif case.field.kind == "regimes":
        assert row["regimes_from"] == "regimes"
        assert (row["regimes_uk"], row["regimes_eu"]) == ("UK" in value, "EU" in value)
    else:
        assert case.field.kind == "text"
        assert state in ("stated", "none")
    issues = found.frames["issues"]
    assert issues[(issues["field"] == name) & (issues["key"] == row["key"])].empty


def test_every_kind_of_choice_is_read() -> None:
    assert {case.field.values for case in CASES} == {choice.name for choice in list_choices()}
    assert [case.value for case in CASES if case.field.values == "schedule_1"][1:] == sorted(
        {case.value for case in CASES if case.field.values == "schedule_1"} - {"None"},
        key=lambda value: int(re.findall(r"para (\d+)", value)[0]),
    )
