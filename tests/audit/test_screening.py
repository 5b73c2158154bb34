"""Screening for impact assessments: each criterion leads to the cells that raised it."""

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest
from registers import clean_source, patch_source, to_register, to_registers

from ropa.auditing import audit_register
from ropa.findings import VALUE_LENGTH
from ropa.lawbook import load_law
from ropa.register import Register
from ropa.rules.case import Case
from ropa.rules.catalogue import select_rules
from ropa.rules.risk_criteria import CRITERIA
from ropa.screening import COLUMNS, VERDICTS, list_criteria

AS_OF = date(2026, 9, 30)
NEEDED, SUGGESTED, NOT_NEEDED = VERDICTS

Place = tuple[str, str, str]
"""Criterion, field and cell."""

PATCHES: Mapping[str, tuple[Mapping[str, object], set[Place]]] = {
    "evaluation": (
        {"K14.Purpose": "Deliver the website; profiling of visitors"},
        {("evaluation", "purpose", "H15")},
    ),
    "no evaluation": ({"K14.Purpose": "Deliver the website; no profiling"}, set()),
    "automated decision": (
        {"K14.Automated decisions": "Yes: robots are shut out"},
        {("automated_decision", "automated_decisions", "AC15")},
    ),
    "no automated decision": ({"K14.Automated decisions": "No: the operator decides"}, set()),
    "evaluation by automated means": (
        {"K14.Purpose": "Profiling of visitors", "K14.Automated decisions": "Yes"},
        {
            ("evaluation", "purpose", "H15"),
            ("automated_decision", "automated_decisions", "AC15"),
            ("35(3)(a)", "purpose", "H15"),
            ("35(3)(a)", "automated_decisions", "AC15"),
        },
    ),
    "monitoring": (
        {"K14.Notes": "Systematic monitoring of use"},
        {("monitoring", "notes", "AM15")},
    ),
    "monitoring of another kind": ({"K14.Notes": "Equality monitoring"}, set()),
    "a public area": (
        {"K14.Scale": "Large scale", "K14.Notes": "Video surveillance of the town centre"},
        {
            ("monitoring", "notes", "AM15"),
            ("large_scale", "scale", "AA15"),
            ("35(3)(c)", "notes", "AM15"),
            ("35(3)(c)", "scale", "AA15"),
        },
    ),
    "a public area without monitoring": ({"K14.Notes": "Shown in a shopping centre"}, set()),
    "tracking": (
        {"K14.Location": "Vehicle tracking server"},
        {("monitoring", "location", "Z15"), ("ico_tracking", "location", "Z15")},
    ),
    "sensitive data in the activity's cell": (
        {"K10.Data categories": "Name; health data"},
        {("sensitive_data", "data_categories", "P11")},
    ),
    "sensitive data in an item that is marked": (
        {
            "+data_items": [
                {"Activity ID": "K10", "Data category": "Remarks", "Special category": "Yes"}
            ]
        },
        {("sensitive_data", "special_category", "C")},
    ),
    "data that only sound sensitive": ({"K10.Data categories": "Health and safety log"}, set()),
    "large scale": (
        {"K14.Scale": "Large scale: visitors of ten sites"},
        {("large_scale", "scale", "AA15")},
    ),
    "not large scale": ({"K14.Scale": "Not on a large scale"}, set()),
    "matching": (
        {"K14.Purpose": "Data matching with bought lists"},
        {("matching", "purpose", "H15"), ("ico_matching", "purpose", "H15")},
    ),
    "vulnerable people by their category": (
        {"K14.Data subjects": "Patients"},
        {("vulnerable_subjects", "data_subjects", "N15")},
    ),
    "vulnerable people by their own cell": (
        {"K14.Children or vulnerable": "Children of visitors"},
        {("vulnerable_subjects", "vulnerable_subjects", "O15")},
    ),
    "vulnerable people denied": ({"K14.Children or vulnerable": "No children"}, set()),
    "children targeted": (
        {"K14.Data subjects": "Children", "K14.Purpose": "Profiling of visitors"},
        {
            ("vulnerable_subjects", "data_subjects", "N15"),
            ("evaluation", "purpose", "H15"),
            ("ico_targeting", "data_subjects", "N15"),
            ("ico_targeting", "purpose", "H15"),
        },
    ),
    "innovation": (
        {"K14.Activity": "Website with artificial intelligence"},
        {("innovation", "activity", "G15"), ("ico_innovation", "activity", "G15")},
    ),
    "no innovation": ({"K14.Notes": "No AI, no machine learning"}, set()),
    "denial": (
        {"K14.Notes": "Blacklisted addresses", "K14.Automated decisions": "Yes"},
        {
            ("denial", "notes", "AM15"),
            ("automated_decision", "automated_decisions", "AC15"),
            ("ico_denial", "notes", "AM15"),
            ("ico_denial", "automated_decisions", "AC15"),
        },
    ),
    "biometric and genetic data": (
        {"K10.Data categories": "Fingerprints; genetic data"},
        {
            ("sensitive_data", "data_categories", "P11"),
            ("ico_biometric", "data_categories", "P11"),
            ("ico_genetic", "data_categories", "P11"),
        },
    ),
}
"""What is changed, and what the United Kingdom's screening must show more than before."""


def _screen(register: Register, as_of: date = AS_OF) -> pd.DataFrame:
    return list_criteria(Case(register, as_of, load_law()))


def _list_places(found: pd.DataFrame) -> set[tuple[str, Place]]:
    shown = found[found["regime"] == "uk"]
    places = shown[["criterion", "field", "cell"]].itertuples(index=False, name=None)
    return {(one, place) for one, place in zip(shown["activity_id"], places, strict=True)}


@pytest.fixture(scope="module")
def clean() -> pd.DataFrame:
    return _screen(to_register(clean_source(), "clean"))


@pytest.fixture(scope="module")
def patched() -> pd.DataFrame:
    sources = {name: patch_source(clean_source(), patch) for name, (patch, _) in PATCHES.items()}
    return _screen(to_registers(sources))


@pytest.mark.parametrize("name", PATCHES)
def test_a_criterion_is_raised_by_its_cell_and_by_no_other(
    name: str, clean: pd.DataFrame, patched: pd.DataFrame
) -> None:
    more = _list_places(patched[patched["register"] == name]) - _list_places(clean)
    expected = PATCHES[name][1]
    found = {place for _, place in more}
    if expected and any(cell == "C" for _, _, cell in expected):  # a row that was added
        found = {(criterion, field, cell.rstrip("0123456789")) for criterion, field, cell in found}
    assert found == expected


def test_every_criterion_is_shown_by_some_patch() -> None:
    shown = {criterion for _, places in PATCHES.values() for criterion, _, _ in places}
    # These two stand in the clean register.
    assert set(CRITERIA) - shown == {"35(3)(b)", "ico_profiling"}


def test_one_register_has_the_rows_that_it_has_among_others(patched: pd.DataFrame) -> None:
    name = "denial"
    alone = _screen(to_register(patch_source(clean_source(), PATCHES[name][0]), name))
    among = patched[patched["register"] == name].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, among)


def test_what_the_clean_register_amounts_to(clean: pd.DataFrame) -> None:
    found = clean[["activity_id", "regime", "verdict"]].drop_duplicates()
    verdicts = {(row.activity_id, row.regime): row.verdict for row in found.itertuples()}
    high = {key: verdict for key, verdict in verdicts.items() if verdict != NOT_NEEDED}
    assert high == {
        ("K01", "uk"): NEEDED,
        ("K01", "eu"): SUGGESTED,
        ("K02", "uk"): NEEDED,
        ("K02", "eu"): NEEDED,
        ("K15", "uk"): SUGGESTED,
        ("K15", "eu"): SUGGESTED,
    }
    assert clean["assessed"].all()
    # Processors do not assess; K14 and K16 raise nothing.
    assert not set(clean["activity_id"]) & {"K14", "K16", "K19", "K20", "K21", "K22"}


def test_the_columns_and_their_order(clean: pd.DataFrame) -> None:
    assert tuple(clean.columns) == COLUMNS
    assert list(clean["activity_id"]) == sorted(clean["activity_id"])
    assert list(clean[clean["activity_id"] == "K01"]["regime"].drop_duplicates()) == ["uk", "eu"]
    assert not clean.duplicated().any()
    assert clean["value"].str.len().between(1, VALUE_LENGTH).all()
    first = clean[clean["criterion"] == "35(3)(a)"].iloc[0]
    assert (first["source"], first["counts"]) == ("UK GDPR Art 35(3)(a)", "alone")
    assert "by automated means" in first["trigger"]


def test_large_scale_of_sensitive_data_needs_both_cells() -> None:
    source = patch_source(clean_source(), {"K08.Scale": "Large scale: the whole country"})
    found = _screen(to_register(source, "clean"))
    found = found[(found["criterion"] == "35(3)(b)") & (found["regime"] == "eu")]
    assert set(found["activity_id"]) == {"K08"}
    assert {"data_categories", "scale"} <= set(found["field"])
    assert set(found["verdict"]) == {NEEDED}


def test_a_sample_cell_by_cell() -> None:
    found = _screen(to_register(clean_source("telecoms-provider"), "telecoms-provider"))
    shown = found[["activity_id", "criterion", "cell", "verdict", "assessed"]]
    assert list(shown.itertuples(index=False, name=None)) == [
        ("B5", "monitoring", "G6", SUGGESTED, False),
        ("B5", "monitoring", "H6", SUGGESTED, False),
        ("B5", "monitoring", "AM6", SUGGESTED, False),
        ("B5", "vulnerable_subjects", "N6", SUGGESTED, False),
    ]


@pytest.mark.parametrize(
    "name", ["online-community", "telephone-answering-service", "call-handling-provider"]
)
def test_samples_that_give_no_reason_for_an_assessment(name: str) -> None:
    assert set(_screen(to_register(clean_source(name), name))["verdict"]) <= {NOT_NEEDED}


def test_the_rule_and_the_screening_agree() -> None:
    blank = {f"*.DPIA {what}": "" for what in ("required", "status", "reference")}
    register = to_register(patch_source(clean_source(), blank), "clean")
    found = _screen(register)
    assert not found["assessed"].any()
    high = found[found["verdict"] != NOT_NEEDED]
    rule = audit_register(register, as_of=AS_OF, rules=select_rules(["DPI-01"])).findings
    pairs = {
        (one, regime)
        for one, joined in zip(rule["activity_id"], rule["regime"], strict=True)
        for regime in joined.split("+")
    }
    assert pairs == set(zip(high["activity_id"], high["regime"], strict=True))
    assert pairs


def test_the_authority_list_is_the_united_kingdoms(clean: pd.DataFrame) -> None:
    listed = clean[clean["criterion"].str.startswith("ico_")]
    assert set(listed["regime"]) == {"uk"}


def test_there_is_no_screening_before_the_law() -> None:
    register = to_register(clean_source(), "clean")
    assert _screen(register, date(2018, 5, 24)).empty
    assert tuple(_screen(register, date(2018, 5, 24)).columns) == COLUMNS
    assert not _screen(register, date(2018, 5, 25)).empty
