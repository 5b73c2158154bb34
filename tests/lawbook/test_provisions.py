"""Which provision a rule rests on, for every rule, regime and period."""

from datetime import date

import pytest

from ropa.lawbook import load_law

LAW = load_law()
COUNTS = {
    "IDN": 9, "PUR": 3, "LAW": 14, "SPC": 7, "DAT": 5, "RET": 9, "REC": 8, "TRF": 14, "SEC": 2,
    "DPI": 2, "RGT": 4, "MKT": 2, "GOV": 8,
}  # fmt: skip
RULES = [f"{family}-{n:02d}" for family, count in COUNTS.items() for n in range(1, count + 1)]
UK_ONLY = {"LAW-12", "SPC-03", "SPC-04", "SPC-07", "RET-07", "RET-08", "MKT-01", "MKT-02"}
LATER = {"TRF-08": "2020-07-16", "LAW-12": "2026-02-05"}
BEFORE_2018 = {"TRF-03", "TRF-04", "TRF-05", "TRF-06", "TRF-07", "TRF-13"}


def _find(rule: str, regime: str, on: str, party: str = "") -> str:
    return LAW.find_provision(rule, regime, date.fromisoformat(on), party=party)


def test_the_catalogue_is_complete() -> None:
    assert len(RULES) == 87
    # What a policy requires has its provision too; it is no rule of the catalogue.
    assert {row["rule"] for row in LAW.rows("provisions")} == {*RULES, "POL-01"}


@pytest.mark.parametrize("regime", ["uk", "eu"])
@pytest.mark.parametrize(
    "on",
    [
        "2018-05-25",
        "2020-07-16",
        "2020-12-31",
        "2021-01-01",
        "2025-08-19",
        "2025-08-20",
        "2026-02-04",
        "2026-02-05",
        "2026-09-30",
    ],
)
def test_every_rule_rests_on_something(regime: str, on: str) -> None:
    silent = {rule for rule in RULES if not _find(rule, regime, on)}
    early = {rule for rule, first in LATER.items() if on < first}
    assert silent == early | (UK_ONLY if regime == "eu" else set())


@pytest.mark.parametrize("regime", ["uk", "eu"])
def test_before_the_gdpr_only_transfers_are_judged(regime: str) -> None:
    assert {rule for rule in RULES if _find(rule, regime, "2018-05-24")} == BEFORE_2018
    for rule in BEFORE_2018:
        found = _find(rule, regime, "2015-10-06")
        assert found.startswith("Directive 95/46/EC Art 2")
        assert ("DPA 1998" in found) == (regime == "uk")


def test_each_regime_cites_its_own_law() -> None:
    for row in LAW.rows("provisions"):
        text, name = row["provision"], row["id"]
        if row["valid_from"] < "2018-05-25":
            assert "GDPR" not in text, name
        elif row["regime"] == "eu":
            assert text.startswith("GDPR Art "), name
        elif row["valid_to"] == "2020-12-31":
            assert "UK GDPR" not in text, name
            assert "GDPR Art " in text, name
        else:
            assert "GDPR" not in text.replace("UK GDPR", ""), name
            assert text.startswith(("UK GDPR Art ", "DPA 2018 ", "PECR reg ")), name


def test_what_was_renumbered_is_not_cited_by_its_old_number() -> None:
    gone = (
        "Art 44,", "Art 45,", "Art 45(", "46(1),", "46(1)\n", "Art 22(", "s.17A", "s.14", "s.19",
        "Art 4(11)", "Art 89",
    )  # fmt: skip
    for row in LAW.rows("provisions"):
        if row["regime"] == "uk" and not row["valid_to"]:
            text = row["provision"] + "\n"
            assert not [one for one in gone if one in text], row["id"]


@pytest.mark.parametrize(
    ("rule", "regime", "on", "expected"),
    [
        ("RET-01", "eu", "2026-09-30", "GDPR Art 30(1)(f)"),
        ("RET-01", "uk", "2020-12-31", "GDPR Art 30(1)(f)"),
        ("RET-01", "uk", "2021-01-01", "UK GDPR Art 30(1)(f)"),
        ("IDN-01", "uk", "2026-09-30", "UK GDPR Art 30(1)(a), 30(2)(a)"),
        ("LAW-01", "uk", "2026-09-30", "UK GDPR Art 6(1), 5(2), 13(1)(c)"),
        ("LAW-07", "uk", "2026-02-04", "UK GDPR Art 4(11), recital 32"),
        ("LAW-07", "uk", "2026-02-05", "UK GDPR Art 4(1)(11), recital 32"),
        ("LAW-12", "uk", "2026-02-05", "UK GDPR Art 6(1)(ea), 6(5), Annex 1"),
        ("SPC-02", "uk", "2025-08-20", "UK GDPR Art 9(2), 6(1)"),
        ("SPC-05", "uk", "2019-01-01", "GDPR Art 10; DPA 2018 s.10(5), s.11(2), Sch 1"),
        ("SPC-07", "uk", "2026-09-30", "DPA 2018 Sch 1 para 41(c)"),
        ("TRF-01", "eu", "2026-09-30", "GDPR Art 30(1)(e), 30(2)(c)"),
        ("TRF-03", "uk", "2026-02-04", "UK GDPR Art 44, 46(1)"),
        ("TRF-03", "uk", "2026-02-05", "UK GDPR Art 44A(1), 46(1A)"),
        ("TRF-03", "eu", "2026-02-05", "GDPR Art 44, 46(1)"),
        ("TRF-05", "uk", "2026-02-05", "UK GDPR Art 46(1A), 46(2), 47A; DPA 2018 s.119A"),
        ("TRF-06", "uk", "2023-01-01", "UK GDPR Art 45(1); DPA 2018 s.17A, Sch 21 para 4"),
        ("TRF-06", "uk", "2026-09-30", "UK GDPR Art 44A(2)(a), 45A; DPA 2018 Sch 21 para 4"),
        ("TRF-08", "uk", "2026-09-30", "UK GDPR Art 46(1A)(a)(ii), 46(6)"),
        ("RGT-04", "uk", "2026-02-04", "UK GDPR Art 22(1), 22(3); DPA 2018 s.14"),
        ("RGT-04", "uk", "2026-02-05", "UK GDPR Art 22A-22D"),
        ("RGT-04", "eu", "2026-02-05", "GDPR Art 22(1), 22(3)"),
        ("MKT-01", "uk", "2026-09-30", "PECR reg 22"),
        ("MKT-02", "uk", "2026-09-30", "PECR reg 6, Sch A1"),
        ("MKT-02", "eu", "2026-09-30", ""),
        ("XXX-01", "uk", "2026-09-30", ""),
    ],
)
def test_provisions(rule: str, regime: str, on: str, expected: str) -> None:
    assert _find(rule, regime, on) == expected


def test_a_processor_is_judged_by_its_own_duty() -> None:
    assert _find("RET-01", "uk", "2026-09-30", "processor") == "UK GDPR Art 28(3)(g)"
    assert _find("REC-02", "eu", "2026-09-30", "processor") == "GDPR Art 28(2), 28(4)"
    # Where nothing of its own is said, the rule's provision names both.
    assert _find("SEC-01", "eu", "2026-09-30", "processor") == "GDPR Art 30(1)(g), 30(2)(d)"


def test_article_30_items_on_either_side_of_2021() -> None:
    for regime, on in (("eu", "2026-09-30"), ("uk", "2019-01-01"), ("uk", "2026-09-30")):
        rows = LAW.find_rows("record_fields", regime, date.fromisoformat(on))
        items = {row["item"] for row in rows if row["item"].startswith("30(")}
        assert items >= {f"30(1)({one})" for one in "abcdefg"} | {f"30(2)({one})" for one in "abcd"}
        schedule = {row["item"] for row in rows if row["item"].startswith("Sch 1")}
        assert len(schedule) == (3 if regime == "uk" else 0)
