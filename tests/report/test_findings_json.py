"""The audit as JSON: every key that is promised, in order, and nothing that is no JSON."""

import hashlib
import json
import math
from typing import Any

import pandas as pd
import pytest
from build_samples import SAMPLES

import ropa
from ropa.audits import Audit
from ropa.findings import COLUMNS, SEVERITIES
from ropa.report.findings_json import (
    build_document,
    dump_document,
    format_document,
    hash_rules,
    write_parts,
)
from ropa.rules.catalogue import list_rules

SAMPLE = SAMPLES / "telephone-answering-service.xlsx"

KEYS = [
    *("ropa", "as_of", "regime", "inputs", "law", "rules", "policy", "previous", "what_if"),
    *("summary", "findings", "fixed", "not_evaluated", "history"),
    *("pending", "waivers", "activities", "changes", "screening"),
]


@pytest.fixture(scope="module")
def audit() -> Audit:
    return ropa.audit(ropa.load(SAMPLE), as_of="2026-09-30")


@pytest.fixture(scope="module")
def document(audit: Audit) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    found: dict[str, Any] = json.loads(format_document(audit), parse_constant=refuse)
    return found


def test_the_document_has_every_key_in_order(document: dict[str, Any]) -> None:
    assert list(document) == KEYS
    assert list(document["inputs"][0]) == ["file", "sha256", "layout", "records"]
    assert list(document["law"]) == ["version", "sha256"]
    assert list(document["rules"]) == ["count", "sha256", "codes"]
    assert list(document["policy"]) == ["sha256"]
    assert list(document["summary"]) == ["severity", "family", "completeness", "transfers"]


def test_what_was_audited_is_named(document: dict[str, Any], audit: Audit) -> None:
    assert document["ropa"] == ropa.__version__
    assert (document["as_of"], document["regime"]) == ("2026-09-30", "uk")
    assert document["inputs"] == [
        {
            "file": SAMPLE.name,
            "sha256": hashlib.sha256(SAMPLE.read_bytes()).hexdigest(),
            "layout": "house",
            "records": 11,
        }
    ]
    assert document["law"] == {"version": audit.law.version, "sha256": audit.law.sha256}
    assert document["rules"] == {
        "count": len(list_rules()),
        "sha256": hash_rules(list_rules()),
        "codes": [one.code for one in list_rules()],
    }


def test_what_there_is_nothing_of_is_there_and_empty(document: dict[str, Any]) -> None:
    assert document["policy"] == {"sha256": ""}
    assert document["previous"] == document["what_if"] == document["fixed"] == []
    assert document["pending"] == document["waivers"] == document["changes"] == []


def test_the_history_begins_with_this_audit(document: dict[str, Any]) -> None:
    ids = [one["id"] for one in document["findings"]]
    assert document["history"] == {one: [["2026-09-30", "new"]] for one in sorted(ids)}


def test_a_finding_has_every_key_in_order_and_texts_only(
    document: dict[str, Any], audit: Audit
) -> None:
    assert len(document["findings"]) == len(audit.findings) > 0
    for finding in document["findings"]:
        assert tuple(finding) == COLUMNS
        assert {type(value) for value in finding.values()} == {str}
    assert document["findings"] == audit.findings.to_dict("records")


def test_the_summary_counts_the_findings(document: dict[str, Any]) -> None:
    severities = [one["severity"] for one in document["findings"]]
    families = [one["rule"][:3] for one in document["findings"]]
    summary = document["summary"]
    assert list(summary["severity"]) == list(SEVERITIES)
    assert summary["severity"] == {one: severities.count(one) for one in SEVERITIES}
    assert summary["family"] == {one: families.count(one) for one in sorted(set(families))}


def test_completeness_adds_up_item_by_item(document: dict[str, Any]) -> None:
    rows = {row["item"]: row for row in document["summary"]["completeness"]}
    assert list(rows) == sorted(rows)
    assert set(rows) == {
        *(f"30(1)({letter})" for letter in "abcdefg"),
        *(f"30(2)({letter})" for letter in "abcd"),
    }
    for row in rows.values():
        assert list(row) == ["item", "stated", "none", "gap", "total"]
        assert row["stated"] + row["none"] + row["gap"] == row["total"]
        assert {type(row[key]) for key in ("stated", "none", "gap", "total")} == {int}
    assert rows["30(1)(a)"]["total"] == 1
    assert rows["30(1)(b)"]["total"] == 9
    assert rows["30(2)(b)"]["total"] == 2


def test_completeness_and_findings_agree(document: dict[str, Any]) -> None:
    rows = {row["item"]: row for row in document["summary"]["completeness"]}
    gaps = {
        rule: {one["activity_id"] for one in document["findings"] if one["rule"] == rule}
        for rule in ("LAW-01", "RET-01", "TRF-01", "TRF-02", "IDN-01", "IDN-04")
    }
    assert rows["30(1)(a)"]["gap"] == len(gaps["IDN-01"])
    assert rows["30(2)(a)"]["gap"] == len(gaps["IDN-04"])
    assert rows["30(1)(f)"]["gap"] == len(gaps["RET-01"])
    assert rows["30(1)(e)"]["gap"] + rows["30(2)(c)"]["gap"] == len(gaps["TRF-01"] | gaps["TRF-02"])


def test_transfers_are_counted_by_safeguard(document: dict[str, Any]) -> None:
    rows = document["summary"]["transfers"]
    for row in rows:
        assert list(row) == ["safeguard", "activities", "recipients"]
        assert (type(row["activities"]), type(row["recipients"])) == (int, int)
    names = [row["safeguard"] for row in rows]
    assert names == sorted(set(names))
    found = {row["safeguard"]: row for row in rows}
    assert found["none"] == {"safeguard": "none", "activities": 2, "recipients": 2}
    assert found["lapsed"] == {"safeguard": "lapsed", "activities": 1, "recipients": 1}


def test_what_was_not_evaluated_has_its_keys() -> None:
    audit = ropa.audit(ropa.load(SAMPLE), as_of="2018-05-24", rules=["LAW-01", "TRF-03"])
    document = build_document(audit)
    assert [list(row) for row in document["not_evaluated"]] == [["rule", "activity_id", "why"]]
    assert document["rules"]["count"] == 2


def test_the_text_is_utf_8_of_fixed_form(audit: Audit) -> None:
    text = format_document(audit)
    assert text.endswith("\n}\n")
    assert text.startswith('{\n  "ropa": ')
    assert text == format_document(audit)
    assert json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n" == text


def test_letters_stay_letters() -> None:
    audit = ropa.audit(ropa.load(SAMPLE), as_of="2026-09-30", rules=["LAW-01"])
    frames = dict(audit.frames)
    frames["findings"] = frames["findings"].assign(value="Zażółć gęślą jaźń € \x07")
    changed = type(audit)(audit.register, audit.as_of, audit.law, audit.rules, frames)
    text = format_document(changed)
    assert "Zażółć gęślą jaźń €" in text
    assert "\x07" not in text
    assert json.loads(text)["findings"][0]["value"].endswith("\x07")


def test_the_hash_of_the_rules_tells_their_words_and_not_their_order() -> None:
    rules = list_rules()
    assert hash_rules(rules) == hash_rules(rules[::-1])
    assert hash_rules(rules) != hash_rules(rules[1:])
    assert len(hash_rules([])) == 64


def test_numbers_are_finite(document: dict[str, Any]) -> None:
    def walk(value: object) -> None:
        if isinstance(value, dict):
            for one in value.values():
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)
        else:
            assert isinstance(value, str | int)
            assert isinstance(value, str) or math.isfinite(value)

    walk(document)


def test_rows_written_by_columns_are_the_same_text(
    audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert format_document(audit) == dump_document(build_document(audit))
    frame = pd.DataFrame(
        {"text": ['a"\\\n\u2028', "é\x00", "", "é\x00"], "number": [1, 2, -3, 0], "flag": True}
    )
    nested = {"list": [{"a": [1, {"b": None}]}], "none": [], "text": "line\nline"}
    rows = json.loads(frame.to_json(orient="records"))
    for chunk in (1, 3, 100):
        monkeypatch.setattr("ropa.report.findings_json._CHUNK", chunk)
        written = write_parts({"rows": frame, "nested": nested, "no rows": frame[:0]})
        assert written.decode() == dump_document({"rows": rows, "nested": nested, "no rows": []})
