"""The samples in other people's layouts give the findings that they give in the house workbook."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from layout_writers import list_sheet, save_workbook, write_ico
from made_layouts import CNIL, ENGLISH, FRENCH, ICO, FormWords, cut_source, write_cnil
from openpyxl.utils.cell import coordinate_to_tuple
from registers import Row, Source, clean_source, to_workbook
from rule_cases import AS_OF

from ropa.auditing import audit_register
from ropa.findings import VALUE_LENGTH
from ropa.normalise import normalise_registers
from ropa.recognise import Recognition, recognise
from ropa.workbook.cells import Workbook, read_workbook

SAMPLES = (
    "clean",
    "call-handling-provider",
    "online-community",
    "telecoms-provider",
    "telephone-answering-service",
    "trade-association",
)
ICO_WAYS = {"ico": False, "ico merged": True}
"""Whether the repeated cells are merged."""
FORM_WAYS = {
    "French sheets": (FRENCH, "sheets"),
    "French stacked": (FRENCH, "stacked"),
    "English sheets": (ENGLISH, "sheets"),
    "English beside": (ENGLISH, "beside"),
}
"""The labels, and how the forms lie."""
NAMED = re.compile(r"([A-Z]\d+): ")
NAMELESS = "?"
FINDING = ["rule", "activity_id", "field", "subject"]

Finding = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the audit of one register gives: records, findings, rules that could not be judged.

    ``quotes`` holds of each finding on an activity its rule, sheet, cell and value.
    """

    records: int
    findings: frozenset[Finding]
    not_evaluated: frozenset[tuple[str, str]]
    quotes: frozenset[tuple[str, str, str, str]]


@cache
def state_in_ico(name: str) -> Source:
    """Cut a sample down to what the ICO's layout holds, each activity's id within its purpose."""
    source = cut_source(clean_source(name), ICO)
    rows = [{**row, "purpose": _name(row)} for row in source.tables["activities"]]
    source = Source({**source.tables, "activities": rows}, source.absent)
    return _state_places(_state_items(source))


def _name(row: Row) -> str:
    purpose = str(row.get("purpose") or "")
    return f"{row['activity_id']}: {purpose}" if purpose else ""


def _state_items(source: Source) -> Source:
    """Let an activity's own cells list the items that the rows of the layout list for it."""
    return _join_cells(source, "data_items", "data_categories", "data_category")


def _state_places(source: Source) -> Source:
    """Likewise the recipients, and their countries as the activity's transfers."""
    source = _join_cells(source, "recipients", "recipients", "recipient")
    return _join_cells(source, "recipients", "transfers", "country")


def _join_cells(source: Source, table: str, field: str, item: str) -> Source:
    rows = []
    for row in source.tables["activities"]:
        mine = [one for one in source.tables[table] if one["activity_id"] == row["activity_id"]]
        texts = dict.fromkeys(str(one.get(item) or "") for one in mine)
        rows.append({**row, field: "\n".join(filter(None, texts))} if mine else row)
    return Source({**source.tables, "activities": rows}, source.absent)


def name_case(layout: str, sample: str) -> str:
    return f"{sample} in {layout}"


@cache
def write_all() -> dict[str, Workbook]:
    """Return every sample in every layout."""
    found = {}
    for name in SAMPLES:
        for layout, merged in ICO_WAYS.items():
            found[name_case(layout, name)] = write_ico(state_in_ico(name), merged=merged)
        for layout, (words, arrangement) in FORM_WAYS.items():
            found[name_case(layout, name)] = make_forms(state_in_forms(name), words, arrangement)
    return found


@cache
def recognise_all() -> dict[str, Recognition]:
    return {name: recognise(workbook) for name, workbook in write_all().items()}


@cache
def audit_all() -> dict[str, Outcome]:
    """Return what the audit of each gives, and of the house workbooks that state the same.

    Nothing crosses from one register to another, so that one pass serves them all.
    """
    houses = {}
    for name in SAMPLES:
        houses[name_case("ico house", name)] = recognise(to_workbook(state_in_ico(name)))
        houses[name_case("form house", name)] = recognise(to_workbook(state_in_forms(name)))
    both = recognise_all() | houses
    groups = {name: [one] for name, one in both.items() if one.is_register}
    result = audit_register(normalise_registers(groups), as_of=AS_OF, regime="uk")
    activities = result.register.frames["activities"]
    findings, missing = result.frames["findings"], result.frames["not_evaluated"]
    return {name: _make_outcome(name, activities, findings, missing) for name in groups}


def _make_outcome(
    name: str, activities: pd.DataFrame, findings: pd.DataFrame, missing: pd.DataFrame
) -> Outcome:
    own = activities[activities["register"] == name]
    whys = missing.loc[missing["register"] == name, ["rule", "why"]]
    found = findings[findings["register"] == name]
    placed = found.loc[found["activity_id"] != "", ["rule", "sheet", "cell", "value"]]
    return Outcome(
        len(own),
        list_findings(own, found),
        frozenset((rule, why) for rule, why in whys.to_numpy()),
        frozenset((rule, sheet, cell, value) for rule, sheet, cell, value in placed.to_numpy()),
    )


def list_findings(activities: pd.DataFrame, findings: pd.DataFrame) -> frozenset[Finding]:
    """Return findings by the id that the purpose tells, where the layout has no place for one.

    The one activity of the samples that has no purpose has no id there either: it is nameless.
    """
    names = {"": ""}
    for label, purpose in activities[["label", "purpose"]].to_numpy():
        told = NAMED.match(purpose)
        names[label] = told[1] if told else label if purpose else NAMELESS
    return frozenset(
        (rule, names[label], field, subject)
        for rule, label, field, subject in findings[FINDING].to_numpy()
    )


@cache
def state_in_forms(name: str) -> Source:
    """Cut a sample down to what the CNIL's form holds."""
    source = cut_source(clean_source(name), CNIL)
    # The form has a section of sensitive data and says nothing of the others.
    items = [
        {**row, "special_category": "Yes" if row.get("special_category") == "Yes" else ""}
        for row in source.tables["data_items"]
    ]
    source = Source({**source.tables, "data_items": items}, source.absent)
    return _state_places(_state_items(source))


def make_forms(source: Source, words: FormWords, arrangement: str) -> Workbook:
    names, sheets = write_cnil(source, words, arrangement)
    pairs = enumerate(zip(names, sheets, strict=True))
    return Workbook(
        "forms.xlsx",
        "0" * 64,
        tuple(list_sheet(name, rows, index) for index, (name, rows) in pairs),
    )


def allow_optional(findings: frozenset[Finding]) -> frozenset[Finding]:
    """Say of the whole register what the ICO's heading makes optional.

    The heading of the transfers says "if applicable": a blank below it may mean that there are
    none, so that the blanks of all activities are one remark on the register.
    """
    stated = {one for one in findings if one[0] != "TRF-01"}
    return frozenset(stated | {("TRF-01", "", "transfers", "")} if stated != findings else stated)


EACH = pytest.mark.parametrize("name", SAMPLES)
IN_ICO = pytest.mark.parametrize("layout", ICO_WAYS)
IN_FORMS = pytest.mark.parametrize("layout", FORM_WAYS)


@EACH
@pytest.mark.parametrize("layout", [*ICO_WAYS, *FORM_WAYS])
def test_the_layout_is_known_and_each_record_found(name: str, layout: str) -> None:
    recognition = recognise_all()[name_case(layout, name)]
    assert recognition.layout == ("ico-controller" if layout in ICO_WAYS else "cnil")
    assert recognition.regime == ("uk" if layout in ICO_WAYS else "eu")
    source = state_in_ico(name) if layout in ICO_WAYS else state_in_forms(name)
    assert audit_all()[name_case(layout, name)].records == len(source.tables["activities"])


@EACH
@pytest.mark.parametrize("layout", [*ICO_WAYS, *FORM_WAYS])
def test_a_finding_on_an_activity_quotes_the_cell_that_it_names(name: str, layout: str) -> None:
    workbook = write_all()[name_case(layout, name)]
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    blocks = recognise_all()[name_case(layout, name)].blocks
    labels = {heading.text for block in blocks for heading in block.headings}
    wrong = []
    for rule, sheet, cell, value in sorted(audit_all()[name_case(layout, name)].quotes):
        assert cell, rule
        if ":" in cell:  # the form has no such field: all its labels are meant
            continue
        row, column = coordinate_to_tuple(cell)
        text = sheets[sheet].text(row, column) or ""
        # Where a small table has no row at all, its heading is named: there is nothing to quote.
        if value != text[:VALUE_LENGTH] and (value or text not in labels):
            wrong.append((rule, sheet, cell, value, text))
    assert wrong == []


@EACH
@IN_ICO
def test_ico_gives_the_findings_of_the_house_workbook(name: str, layout: str) -> None:
    house = audit_all()[name_case("ico house", name)]
    assert audit_all()[name_case(layout, name)].findings == allow_optional(house.findings)


@EACH
@IN_FORMS
def test_forms_give_the_findings_of_the_house_workbook(name: str, layout: str) -> None:
    house = audit_all()[name_case("form house", name)]
    assert audit_all()[name_case(layout, name)].findings == house.findings


@EACH
@pytest.mark.parametrize("layout", [*ICO_WAYS, *FORM_WAYS])
def test_what_the_layout_cannot_hold_is_not_evaluated(name: str, layout: str) -> None:
    house = audit_all()[name_case("ico house" if layout in ICO_WAYS else "form house", name)]
    found = audit_all()[name_case(layout, name)].not_evaluated
    assert found == house.not_evaluated
    assert ("LAW-01" in {rule for rule, _ in found}) == (layout in FORM_WAYS)


@pytest.mark.parametrize("layout", [*ICO_WAYS, *FORM_WAYS])
def test_the_clean_register_stays_clean(layout: str) -> None:
    assert audit_all()[name_case(layout, "clean")].findings == set()


def test_the_ico_layout_in_a_file_is_read_as_in_memory(tmp_path: Path) -> None:
    made = write_ico(state_in_ico("telephone-answering-service"), merged=True)
    path = save_workbook(made, tmp_path / "ico.xlsx", far={"Template": "AX997"})
    one, other = (
        normalise_registers({"made": [recognise(book)]}) for book in (made, read_workbook(path))
    )
    for table in ("activities", "data_items", "recipients", "transfers", "organisation"):
        assert one.frames[table].equals(other.frames[table]), table
