"""What the audits of the sample registers must find, and must not find."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from build_samples import SAMPLES

import ropa
from ropa.auditing import audit_register
from ropa.findings import COLUMNS, DUTIES, SEVERITIES, VALUE_LENGTH
from ropa.lawbook import load_law
from ropa.register import Register, concat_registers
from ropa.results import Result
from ropa.schema import CONTACT_FIELDS

AS_OF = "2026-09-30"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.xlsx"))
CALLS, TRADE, COMMUNITY = "telephone-answering-service", "trade-association", "online-community"
HANDLER, TELECOMS = "call-handling-provider", "telecoms-provider"

Expected = tuple[str, str, str]

FOUND: list[Expected] = [
    (CALLS, "E6", "TRF-04"),
    (CALLS, "E9", "TRF-03"),
    (CALLS, "E8", "TRF-03"),
    (CALLS, "E9", "LAW-07"),
    (CALLS, "E3", "RET-03"),
    (TRADE, "A13", "SPC-02"),
    (TRADE, "A5", "LAW-03"),
    (TRADE, "A3", "RET-02"),
    (TRADE, "A3", "TRF-02"),
    (COMMUNITY, "C8", "RET-04"),
    (COMMUNITY, "C3", "TRF-09"),
    (HANDLER, "D13", "SPC-05"),
    (HANDLER, "D2", "LAW-11"),
    (HANDLER, "D1", "IDN-04"),
    (TELECOMS, "B5", "DPI-01"),
    (TELECOMS, "B2", "LAW-03"),
    (TELECOMS, "B1", "TRF-01"),
]
ABSENT: list[Expected] = [
    (CALLS, "E4", "RET"),
    (CALLS, "E7", "RET"),
    (CALLS, "E9", "RET"),
    (CALLS, "E7", "LAW-01"),
    (CALLS, "E8", "LAW-01"),
    (TRADE, "A3", "LAW-01"),
    (TRADE, "A10", "LAW-01"),
    (HANDLER, "D1", "DAT-02"),
    (TELECOMS, "B1", "TRF-03"),
]

each_sample = pytest.mark.parametrize("name", NAMES)


@cache
def load_sample(name: str) -> Register:
    return ropa.load(SAMPLES / f"{name}.xlsx")


@cache
def audit_sample(name: str, as_of: str = AS_OF, regime: str | None = None) -> Result:
    return ropa.audit(load_sample(name), as_of=as_of, regime=regime)


def list_rules_of(name: str, activity: str, as_of: str = AS_OF) -> list[str]:
    findings = audit_sample(name, as_of).findings
    return list(findings.loc[findings["activity_id"] == activity, "rule"])


@pytest.mark.parametrize(("name", "activity", "rule"), FOUND)
def test_what_must_be_found(name: str, activity: str, rule: str) -> None:
    assert rule in list_rules_of(name, activity)


@pytest.mark.parametrize(("name", "activity", "rule"), ABSENT)
def test_what_must_not_be_found(name: str, activity: str, rule: str) -> None:
    assert activity in set(load_sample(name).activities["activity_id"])
    assert [one for one in list_rules_of(name, activity) if one.startswith(rule)] == []


def test_a_charge_for_access_is_found_somewhere() -> None:
    assert "RGT-03" in set(audit_sample(CALLS).findings["rule"])


def test_a_lapsed_mechanism_is_told_with_the_day() -> None:
    findings = audit_sample(CALLS).findings
    row = findings[(findings["rule"] == "TRF-04") & (findings["activity_id"] == "E6")].iloc[0]
    assert "2020-07-16" in row["message"]
    assert row["value"] == "EU-US Privacy Shield"
    assert row["regime"] == "uk"


def test_the_same_mechanism_worked_in_2019() -> None:
    assert "TRF-04" not in list_rules_of(CALLS, "E6", "2019-06-01")
    assert list_rules_of(CALLS, "E6", "2019-06-01") != list_rules_of(CALLS, "E6")


@pytest.mark.parametrize("regime", ["uk", "eu", "both"])
def test_the_clean_register_gives_no_finding(regime: str) -> None:
    result = audit_sample("clean", AS_OF, regime)
    shown = result.findings[["rule", "activity_id", "field", "message"]].to_dict("records")
    assert shown == []
    assert result.not_evaluated.to_dict("records") == []
    assert result.regime == regime


# -- every finding of every sample --------------------------------------------------------------


@cache
def read_texts(name: str) -> Mapping[tuple[str, str], str]:
    """Return what openpyxl reads: sheet and address to text."""
    book = openpyxl.load_workbook(SAMPLES / f"{name}.xlsx", data_only=True)
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def list_tables(findings: pd.DataFrame) -> pd.Series:
    names = {"Organisation": "organisation", "Activities": "activities"}
    names |= {"Recipients": "recipients", "Data items": "data_items", "Controllers": "controllers"}
    return findings["sheet"].map(names)


@each_sample
def test_every_finding_quotes_the_cell_that_it_names(name: str) -> None:
    findings = audit_sample(name).findings
    texts = read_texts(name)
    pairs = zip(list_tables(findings), findings["field"], strict=True)
    for row, pair in zip(findings.to_dict("records"), pairs, strict=True):
        where = (row["rule"], row["activity_id"], row["sheet"], row["cell"])
        assert ":" not in row["cell"], where
        text = texts.get((str(row["sheet"]), str(row["cell"])), "")
        expected = "" if pair in CONTACT_FIELDS else text[:VALUE_LENGTH]
        assert row["value"] == expected, where


@each_sample
def test_every_finding_on_an_activity_stands_in_a_row_of_it(name: str) -> None:
    findings = audit_sample(name).findings
    texts = read_texts(name)
    own = findings[findings["activity_id"] != ""]
    for row in own.to_dict("records"):
        assert row["cell"], row["rule"]
        assert row["file"] == f"{name}.xlsx"
        number = str(row["cell"]).lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        assert texts[str(row["sheet"]), f"A{number}"] == row["activity_id"]


@each_sample
def test_every_finding_is_complete(name: str) -> None:
    result = audit_sample(name)
    findings = result.findings
    assert list(findings.columns) == list(COLUMNS)
    assert not findings.isna().any(axis=None)
    assert findings["id"].str.fullmatch("[0-9a-f]{12}").all()
    assert findings["id"].is_unique
    assert set(findings["severity"]) <= set(SEVERITIES)
    assert set(findings["duty"]) <= set(DUTIES)
    assert set(findings["status"]) <= {"new"}
    for column in ("message", "remedy", "provision", "file", "sheet", "cell", "field"):
        assert (findings[column].str.strip() != "").all(), column
    rules = {one.code: one for one in result.rules}
    assert (findings["name"] == findings["rule"].map(lambda code: rules[code].name)).all()
    assert (findings["remedy"] == findings["rule"].map(lambda code: rules[code].remedy)).all()
    for column in ("owner", "due", "decision", "remark"):
        assert set(findings[column]) <= {""}


@each_sample
def test_every_provision_is_the_law_of_the_day(name: str) -> None:
    law, day = load_law(), date.fromisoformat(AS_OF)
    processors = load_sample(name).activities.query("role_code == 'processor'")["activity_id"]
    for row in audit_sample(name).findings.to_dict("records"):
        party = "processor" if row["activity_id"] in set(processors) else ""
        regimes = str(row["regime"]).split("+")
        found = [law.find_provision(str(row["rule"]), one, day, party=party) for one in regimes]
        assert row["provision"] == "; ".join(dict.fromkeys(found)), row["rule"]
        assert all(found)


@each_sample
def test_no_message_tells_contact_details(name: str) -> None:
    register = load_sample(name)
    secrets = {
        text
        for table, field in CONTACT_FIELDS
        for text in register.frames[table].query(f"{field}_state == 'stated'")[field]
    }
    messages = " ".join(audit_sample(name).findings["message"])
    assert [text for text in secrets if text in messages] == []


@each_sample
def test_an_audit_repeats(name: str) -> None:
    again = ropa.audit(load_sample(name), as_of=AS_OF)
    for table, frame in audit_sample(name).frames.items():
        pd.testing.assert_frame_equal(again.frames[table], frame)


def test_all_samples_in_one_pass_give_the_findings_of_each() -> None:
    both = concat_registers([load_sample(name) for name in NAMES])
    together = audit_register(both, as_of=date.fromisoformat(AS_OF)).frames
    for name in NAMES:
        for table in ("findings", "not_evaluated"):
            part = together[table][together[table]["register"] == name]
            expected = audit_sample(name).frames[table]
            pd.testing.assert_frame_equal(part.reset_index(drop=True), expected)


def test_hash_seeds_do_not_show(tmp_path: Path) -> None:
    documents = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [
                *(sys.executable, "-m", "ropa", "audit", str(SAMPLES / f"{CALLS}.xlsx")),
                *("--as-of", AS_OF, "--json", "-"),
            ],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "HOME": str(tmp_path)},
        )
        documents.append(done.stdout)
    assert documents[0] == documents[1]
    assert b"TRF-04" in documents[0]
