"""What is easily got wrong: one line a case, both sides of each day."""

from datetime import date

import pytest

from ropa.lawbook import load_law

LAW = load_law()


def _day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("regime", "country", "on", "expected"),
    [
        # Two regimes, two lists; neither stands in for the other after 2020.
        ("eu", "BR", "2026-01-25", None),
        ("eu", "BR", "2026-01-26", "EUADQ-BR"),
        ("uk", "BR", "2026-09-30", None),
        ("eu", "EPO", "2025-07-14", None),
        ("eu", "EPO", "2025-07-15", "EUADQ-EPO"),
        ("uk", "EPO", "2026-09-30", None),
        ("uk", "GI", "2026-09-30", "UKADQ-GI"),
        ("eu", "GI", "2026-09-30", None),
        # The United States.
        ("uk", "US", "2015-10-05", "EUADQ-US-SH"),
        ("uk", "US", "2015-10-06", None),
        ("uk", "US", "2016-07-11", None),
        ("uk", "US", "2016-07-12", "EUADQ-US-PS"),
        ("uk", "US", "2020-07-15", "EUADQ-US-PS"),
        ("uk", "US", "2020-07-16", None),
        ("uk", "US", "2020-07-17", None),
        ("uk", "US", "2023-07-10", None),
        ("uk", "US", "2023-10-11", None),
        ("uk", "US", "2023-10-12", "UKADQ-US"),
        ("eu", "US", "2020-07-15", "EUADQ-US-PS"),
        ("eu", "US", "2020-07-16", None),
        ("eu", "US", "2023-07-09", None),
        ("eu", "US", "2023-07-10", "EUADQ-US-DPF"),
        # The United Kingdom as seen from the Union: overlaps are resolved.
        ("eu", "GB", "2020-12-31", None),
        ("eu", "GB", "2021-01-01", "EUADQ-GB-BRIDGE"),
        ("eu", "GB", "2021-06-27", "EUADQ-GB-BRIDGE"),
        ("eu", "GB", "2021-06-28", "EUADQ-GB-1"),
        ("eu", "GB", "2025-06-27", "EUADQ-GB-1"),
        ("eu", "GB", "2025-06-28", "EUADQ-GB-2"),
        ("eu", "GB", "2025-12-18", "EUADQ-GB-2"),
        ("eu", "GB", "2025-12-19", "EUADQ-GB-3"),
        ("eu", "GB", "2025-12-27", "EUADQ-GB-3"),
        ("eu", "GB", "2031-12-27", "EUADQ-GB-3"),
        ("eu", "GB", "2031-12-28", None),
        # The United Kingdom reads the tables of the Union until the end of 2020.
        ("uk", "CH", "2019-01-01", "EUADQ-CH"),
        ("uk", "CH", "2020-12-31", "EUADQ-CH"),
        ("uk", "CH", "2021-01-01", "UKADQ-CH"),
        ("uk", "JP", "2019-01-22", None),
        ("uk", "JP", "2019-01-23", "EUADQ-JP"),
        ("uk", "FR", "2020-12-31", None),
        ("uk", "FR", "2021-01-01", "UKADQ-EEA"),
        ("uk", "NO", "2026-09-30", "UKADQ-EEA"),
        ("uk", "RE", "2026-09-30", "UKADQ-EEA"),
        ("eu", "KR", "2021-12-17", "EUADQ-KR"),
        ("uk", "KR", "2022-12-18", None),
        ("uk", "KR", "2022-12-19", "UKADQ-KR"),
        ("eu", "HU", "2004-04-30", "EUADQ-HU"),
        ("eu", "HU", "2004-05-01", None),
        ("eu", "IN", "2026-09-30", None),
        ("uk", "", "2026-09-30", None),
    ],
)
def test_adequacy(regime: str, country: str, on: str, expected: str | None) -> None:
    found = LAW.find_adequacy(regime, country, _day(on))
    assert (found and found.id) == expected


@pytest.mark.parametrize("regime", ["uk", "eu"])
@pytest.mark.parametrize("country", ["CA", "JP", "KR", "IL"])
def test_adequacy_by_category(regime: str, country: str) -> None:
    found = LAW.find_adequacy(regime, country, _day("2026-09-30"))
    assert found is not None
    assert found.coverage == "category"


@pytest.mark.parametrize(
    ("regime", "country", "on", "expected"),
    [
        ("eu", "HR", "2013-06-30", False),
        ("eu", "HR", "2013-07-01", True),
        ("eu", "GB", "2020-02-01", True),
        ("eu", "GB", "2020-12-31", True),
        ("eu", "GB", "2021-01-01", False),
        ("uk", "GB", "2018-01-01", True),
        ("uk", "GB", "2026-09-30", True),
        ("uk", "DE", "2020-12-31", True),
        ("uk", "DE", "2021-01-01", False),
        ("uk", "GI", "2020-12-31", True),
        ("uk", "GI", "2021-01-01", False),
        ("eu", "GI", "2021-01-01", False),
        ("eu", "IS", "2018-06-01", True),
        ("eu", "LI", "2026-09-30", True),
        ("eu", "CH", "2026-09-30", False),
        ("eu", "HU", "2004-04-30", False),
        ("eu", "HU", "2004-05-01", True),
        ("eu", "AX", "2026-09-30", True),
        ("eu", "FO", "2026-09-30", False),
        ("eu", "GL", "2026-09-30", False),
        ("uk", "JE", "2026-09-30", False),
    ],
)
def test_home(regime: str, country: str, on: str, *, expected: bool) -> None:
    assert LAW.domestic(regime, country, _day(on)) is expected


def test_members_now_are_the_thirty() -> None:
    territories = {"AX", "GF", "GP", "MF", "MQ", "RE", "YT"}
    members = LAW.find_members(_day("2026-09-30"))
    assert len(members - territories) == 30
    assert {"FR", "HR", "IS", "LI", "NO", "IE"} | territories <= members
    assert not {"GB", "GI", "CH", "GL", "UA", "MC"} & members


@pytest.mark.parametrize(
    ("regime", "code", "on", "expected"),
    [
        # Old clauses: last usable day.
        ("eu", "SCC-2010", "2022-12-27", ["EU-SCC-2010"]),
        ("eu", "SCC-2010", "2022-12-28", []),
        ("eu", "SCC-OLD", "2022-12-28", []),
        ("uk", "SCC-2010", "2020-12-31", ["EU-SCC-2010"]),
        ("uk", "SCC-2010", "2021-01-01", ["UK-OLD-SCC"]),
        ("uk", "SCC-2010", "2024-03-20", ["UK-OLD-SCC"]),
        ("uk", "SCC-2010", "2024-03-21", []),
        # New clauses alone are no tool of the United Kingdom.
        ("eu", "SCC-2021-M2", "2021-06-26", []),
        ("eu", "SCC-2021-M2", "2021-06-27", ["EU-SCC-2021-M2"]),
        ("uk", "SCC-2021-M2", "2026-09-30", []),
        ("uk", "SCC-2021", "2021-09-01", []),
        ("uk", "UK-ADDENDUM", "2022-03-20", []),
        ("uk", "UK-ADDENDUM", "2022-03-21", ["UK-ADDENDUM"]),
        ("uk", "IDTA", "2026-09-30", ["UK-IDTA"]),
        ("eu", "IDTA", "2026-09-30", []),
        ("eu", "UK-ADDENDUM", "2026-09-30", []),
        # (EU) 2021/915 is no transfer tool, nor is the use of a site.
        ("eu", "CP-2021", "2026-09-30", []),
        ("uk", "CP-2021", "2026-09-30", []),
        ("eu", "SITE-CONSENT", "2026-09-30", []),
        ("uk", "BCR", "2016-01-01", ["EU-DIR-BCR"]),
        ("uk", "BCR", "2019-01-01", ["EU-BCR"]),
        ("uk", "BCR", "2026-09-30", ["UK-BCR"]),
        ("eu", "UK-BCR", "2026-09-30", []),
        ("uk", "D49-B", "2026-09-30", ["UK-D49"]),
        ("eu", "D49-CLI", "2017-01-01", []),
        ("eu", "D49-CLI", "2026-09-30", ["EU-D49-CLI"]),
        ("uk", "ADEQUACY", "2026-09-30", []),
    ],
)
def test_mechanisms(regime: str, code: str, on: str, expected: list[str]) -> None:
    assert [one.id for one in LAW.find_mechanisms(regime, code, _day(on))] == expected


@pytest.mark.parametrize(
    ("regime", "code", "expected"),
    [
        ("eu", "SCC-OLD", "2022-12-27"),
        ("uk", "SCC-OLD", "2024-03-20"),
        ("uk", "SAFE-HARBOUR", "2015-10-05"),
        ("eu", "PRIVACY-SHIELD", "2020-07-15"),
        ("uk", "PRIVACY-SHIELD", "2020-07-15"),
        ("eu", "DPF", None),
        ("uk", "UK-EXTENSION", None),
        ("uk", "DPF", None),
        ("eu", "SCC-2021", None),
        ("uk", "BCR", None),
        ("eu", "SITE-CONSENT", None),
    ],
)
def test_mechanism_ends(regime: str, code: str, expected: str | None) -> None:
    assert LAW.mechanism_end(regime, code) == (_day(expected) if expected else None)


def test_readings() -> None:
    assert LAW.find_code("uk", "SCC-2021").reading == "other_regime"
    assert LAW.find_code("eu", "SCC-2021").reading == "instrument"
    assert LAW.find_code("uk", "DPF").reading == "other_regime"
    assert LAW.find_code("uk", "UK-EXTENSION").instruments == ("UKADQ-US",)
    assert LAW.find_code("uk", "SCC").reading == "unidentified"
    assert LAW.find_code("eu", "CP-2021").reading == "no_tool"
    assert LAW.find_code("eu", "ADEQUACY").reading == "adequacy"


def test_module_4_needs_no_assessment_and_module_2_does() -> None:
    day = _day("2026-09-30")
    assert not LAW.find_mechanisms("eu", "SCC-2021-M4", day)[0].assessment_needed
    assert LAW.find_mechanisms("eu", "SCC-2021-M2", day)[0].assessment_needed


@pytest.mark.parametrize(
    ("regime", "on", "expected"),
    [
        ("eu", "2020-07-15", ""),
        ("eu", "2020-07-16", "transfer impact assessment"),
        ("uk", "2020-12-31", "transfer impact assessment"),
        ("uk", "2021-01-01", "transfer risk assessment"),
        ("uk", "2026-02-04", "transfer risk assessment"),
        ("uk", "2026-02-05", "data protection test (transfer risk assessment)"),
    ],
)
def test_assessments(regime: str, on: str, expected: str) -> None:
    assert LAW.find_assessment(regime, _day(on)) == expected


@pytest.mark.parametrize(
    ("regime", "point", "on", "expected"),
    [
        ("uk", "6(1)(ea)", "2026-02-04", False),
        ("uk", "6(1)(ea)", "2026-02-05", True),
        ("eu", "6(1)(ea)", "2026-09-30", False),
        ("uk", "6(1)(f)", "2018-05-24", False),
        ("uk", "6(1)(f)", "2018-05-25", True),
        ("uk", "6(1)(f)", "2021-01-01", True),
        ("eu", "6(1)(a)", "2026-09-30", True),
    ],
)
def test_lawful_bases(regime: str, point: str, on: str, *, expected: bool) -> None:
    assert LAW.is_basis_available(regime, point, _day(on)) is expected


def test_every_basis_and_condition_on_every_side_of_2021() -> None:
    for on in ("2018-05-25", "2020-12-31", "2021-01-01", "2026-02-04", "2026-02-05"):
        for regime in ("uk", "eu"):
            extra = regime == "uk" and on >= "2026-02-05"
            bases = {row["point"] for row in LAW.find_rows("lawful_bases", regime, _day(on))}
            assert bases == {f"6(1)({one})" for one in "abcdef"} | (
                {"6(1)(ea)"} if extra else set()
            )
            conditions = {row["point"] for row in LAW.find_rows("article_9", regime, _day(on))}
            assert conditions == {f"9(2)({one})" for one in "abcdefghij"} | {"10"}


@pytest.mark.parametrize(
    ("regime", "on", "expected"),
    [
        ("uk", "2001-01-30", "Information Commissioner"),
        ("uk", "2026-09-29", "Information Commissioner"),
        ("uk", "2026-09-30", "Information Commission"),
        ("eu", "2026-09-30", "supervisory authority"),
    ],
)
def test_authorities(regime: str, on: str, expected: str) -> None:
    assert LAW.find_authority(regime, _day(on)) == expected


@pytest.mark.parametrize("regime", ["uk", "eu"])
def test_the_duty_to_keep_a_record_begins(regime: str) -> None:
    assert not LAW.is_regime_in_force(regime, _day("2018-05-24"))
    assert LAW.is_regime_in_force(regime, _day("2018-05-25"))
    assert LAW.is_regime_in_force(regime, _day("2026-09-30"))


@pytest.mark.parametrize(
    ("regime", "term", "on", "expected"),
    [
        ("uk", "Data Protection Act 1998", "2018-05-24", False),
        ("uk", "Data Protection Act 1998", "2018-05-25", True),
        ("eu", "Data Protection Act 1998", "2026-09-30", False),
        ("uk", "Article 45", "2026-02-04", False),
        ("uk", "Article 45", "2026-02-05", True),
        ("eu", "Article 45", "2026-09-30", False),
        ("uk", "section 17A DPA 2018", "2026-02-05", True),
        ("eu", "Privacy Shield", "2020-07-15", False),
        ("eu", "Privacy Shield", "2020-07-16", True),
        ("eu", "2010/87/EU", "2022-12-27", False),
        ("eu", "2010/87/EU", "2022-12-28", True),
        ("uk", "2010/87/EU", "2024-03-20", False),
        ("uk", "2010/87/EU", "2024-03-21", True),
    ],
)
def test_stale_citations(regime: str, term: str, on: str, *, expected: bool) -> None:
    found = {row["term"] for row in LAW.find_stale_citations(regime, _day(on))}
    assert (term in found) is expected


@pytest.mark.parametrize(
    ("regime", "basis", "right", "on", "fit", "expected"),
    [
        ("eu", "6(1)(a)", "withdrawal", "2026-09-30", "yes", "Y"),
        ("uk", "6(1)(f)", "objection", "2019-06-01", "yes", "Y"),
        ("uk", "6(1)(ea)", "objection", "2026-02-05", "yes", "Y"),
        ("uk", "6(1)(c)", "portability", "2026-09-30", "no", "N"),
        ("uk", "6(1)(b)", "objection", "2026-09-30", "limited", "N"),
        ("eu", "6(1)(c)", "erasure", "2026-09-30", "limited", "N"),
    ],
)
def test_rights(regime: str, basis: str, right: str, on: str, fit: str, expected: str) -> None:
    rows = LAW.find_rows("rights", regime, _day(on))
    found = [row for row in rows if (row["basis"], row["right"]) == (basis, right)]
    assert [(row["fit"], row["expected"]) for row in found] == [(fit, expected)]


def test_charge_for_access_was_lawful_once() -> None:
    before, after = (
        LAW.find_rows("access_fees", "uk", _day(on))[0]["charge"]
        for on in ("2018-05-24", "2018-05-25")
    )
    assert before.startswith("up to 10 pounds")
    assert after.startswith("free")


def test_history_says_when_adequacy_lapsed() -> None:
    history = LAW.find_adequacy_history("uk", "US")
    assert [(one.id, one.valid_to) for one in history] == [
        ("EUADQ-US-SH", _day("2015-10-05")),
        ("EUADQ-US-PS", _day("2020-07-15")),
        ("UKADQ-US", None),
    ]
    # What the United Kingdom borrowed ended with the borrowing.
    assert [(one.id, one.valid_to) for one in LAW.find_adequacy_history("uk", "CH")] == [
        ("EUADQ-CH", _day("2020-12-31")),
        ("UKADQ-CH", None),
    ]
    assert LAW.find_adequacy_history("uk", "BR") == ()
    assert [one.id for one in LAW.find_adequacy_history("uk", "HR")] == ["UKADQ-EEA"]
