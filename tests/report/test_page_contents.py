"""report.html: what it says of an audit."""

from datetime import date
from pathlib import Path

import pytest
from html_pages import Page, make_audit
from quarters import Q1, Q2, Q3, audit

import ropa
from ropa.audits import Audit
from ropa.phrases.sentences import join_words
from ropa.policy import Policy, Waiver
from ropa.report.defects import name_defect
from ropa.report.page import write_page
from ropa.report.page.history import list_changes
from ropa.report.page.wording import count, format_date, make_slug
from ropa.what_if import change_law

ROOT = Path(__file__).parents[2]
DAY = "2026-09-30"

quick = pytest.mark.usefixtures("without_charts")


def test_each_finding_is_told_whole(telephone: Audit, page: Page) -> None:
    rows = {one.get("id"): one for one in page.find("tr") if one.get("id")}
    findings = telephone.findings
    assert list(rows) == [f"finding-{one}" for one in findings["id"]]
    assert len(findings) > 50
    for row in findings.to_dict("records"):
        text = rows[f"finding-{row['id']}"].text
        place = f"{row['sheet']}!{row['cell']}"
        for part in (row["rule"], row["message"], row["remedy"], row["provision"], place):
            assert " ".join(part.split()) in text, part
        assert row["activity"][:40].split("\n")[0].strip() in text


def test_each_activity_has_its_section(telephone: Audit, page: Page) -> None:
    rows = telephone.register.activities
    for label in rows["label"]:
        (section,) = page.find("article", id=f"activity-{label.lower()}")
        own = telephone.findings[telephone.findings["activity_id"] == label]
        links = [
            one.get("href")
            for one in page.find("a")
            if one.is_within(section.get("id")) and "finding" in one.get("href")
        ]
        assert links == [f"#finding-{one}" for one in own["id"]]
    assert "Google Analytics" in page.find("article", id="activity-e9")[0].text


def test_the_verdict_says_how_bad_it_is(page: Page) -> None:
    text = page.section("verdict")
    assert "Not complete under Article 30; 3 critical findings need action now" in text
    assert "11 live activities gave 54 findings: 3 critical, 15 high" in text
    assert "Of 63 entries that Article 30 asks for, 7 are missing." in text
    assert "There is no earlier audit to compare with" in text


def test_the_united_states_are_called_out(page: Page) -> None:
    text = page.section("transfers")
    assert "3 recorded transfers go to the United States; 3 have no working safeguard" in text
    assert "may go to the United States" not in text


def test_completeness_agrees_with_the_summary(telephone: Audit, page: Page) -> None:
    rows = [one.text for one in page.find("tr") if one.is_within("completeness")]
    for row in telephone.summary().completeness.to_dict("records"):
        (told,) = [one for one in rows if one.startswith(row["item"])]
        assert told.endswith(f"{row['stated']}{row['none']}{row['gap']}{row['total']}")


@quick
def test_what_changed_is_told() -> None:
    expiry = date(2027, 9, 30)
    policy = Policy(waivers=(Waiver("", "PUR-01", "K09", "Counsel looks at it", "Board", expiry),))
    first = audit(Q1, {"K05.Purpose": "", "K12.Lawful basis": "", "K16.Lawful basis": ""})
    second = audit(Q2, {"K16.Lawful basis": ""}, previous=first)
    third = audit(
        Q3,
        {"K05.Purpose": "", "K07.Purpose": "", "K09.Purpose": "", "K16.Status": "Ended"},
        previous=[first, second],
        policy=policy,
    )
    page = Page(write_page(third))
    text = page.section("changes")
    assert "Compared with the audit of 30 June 2026" in text
    assert "New (1) high PUR-01 no purpose, K07" in text
    assert "Reopened (1) high PUR-01 no purpose, K05" in text
    assert "Fixed (0) Nothing was fixed." in text
    assert "Cannot be compared (1) high LAW-01 no lawful basis, K16" in text
    assert "Why: the activity is ended or only proposed" in text
    assert "Counsel looks at it" in text
    assert "30 September 2027" in text
    verdict = page.section("verdict")
    assert (
        "Since the audit of 30 June 2026 1 is new and 1 was reopened; 1 cannot be compared."
        in verdict
    )
    assert "1 accepted risk, not counted here, is listed below." in verdict
    assert "nothing critical, 2 findings of high severity" in verdict
    assert "Not judged: the record says that the activity is ended." in page.section("activities")
    again = list_changes(second)
    assert [row["rule"] for row in again.fixed.rows] == ["LAW-01", "PUR-01"]
    assert (len(again.new), len(again.reopened), len(again.pending)) == (0, 0, 0)


@quick
def test_what_if_is_said_before_all_else() -> None:
    law = change_law(ropa.law(), ["end EUADQ-US-DPF 2026-12-01"])
    page = Page(write_page(make_audit(as_of="2027-01-31", law=law, rules=["TRF"])))
    assert "What if: this audit supposes that" in page.section("verdict")
    assert "its last day is taken to be 30 November 2026" in page.section("verdict")
    assert "transfers that lose their safeguard" in page.section("transfers")
    screening = page.section("screening")
    assert "an assessment is needed by law; none lacks one." in screening
    assert "K01 Call recording for quality coaching: needed by law, recorded" in screening
    assert "“Call recordings; call quality scores”" not in screening, "quoted by the browser"
    assert "Call recordings; call quality scores Activities!P2" in screening


def test_what_stands_is_no_what_if(page: Page) -> None:
    assert "What if" not in page.find("main")[0].text


def test_the_evidence_can_be_checked(telephone: Audit, page: Page) -> None:
    text = page.section("method")
    assert telephone.register.inputs[0].sha256 in text
    assert telephone.law.sha256 in text
    assert telephone.law.version in text
    assert f"{len(telephone.rules)} rules run" in text


# -- wording -------------------------------------------------------------------------------------


def test_words() -> None:
    assert format_date("2026-03-01") == "1 March 2026"
    assert [format_date(one) for one in ("2026-02-30", "soon", "")] == ["2026-02-30", "soon", ""]
    assert [count(one, "gap") for one in (0, 1, 1200)] == ["0 gaps", "1 gap", "1,200 gaps"]
    assert [join_words(list(one)) for one in ("", "a", "ab", "abc")] == [
        *("", "a", "a and b", "a, b and c")
    ]
    assert name_defect("dpo_not_recorded") == "DPO not recorded"
    assert name_defect("endpoint_kept") == "endpoint kept"
    assert [make_slug(one) for one in ("A 1/b", "Übung", "<>", "x" * 99)] == [
        *("a-1-b", "bung", "", "x" * 40)
    ]
