"""report.html: complete, safe and the same on every run, whatever the register holds."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from build_samples import SAMPLES
from hatchling.builders.wheel import WheelBuilder
from matplotlib.figure import Figure
from quarters import Q1, Q2, Q3, audit
from registers import clean_source, patch_source, to_register

import ropa
from ropa.audits import Audit
from ropa.charts.palette import SEVERITY_COLOURS, choose_ink, luminance
from ropa.findings import SEVERITIES
from ropa.phrases.sentences import join_words
from ropa.policy import Policy, Waiver
from ropa.report.page import anchors, rendering, write_page
from ropa.report.page.anchors import Anchors
from ropa.report.page.history import list_changes
from ropa.report.page.verdict import build_verdict
from ropa.report.page.wording import count, format_date, make_slug, name_defect
from ropa.what_if import change_law

ROOT = Path(__file__).parents[2]
DAY = "2026-09-30"
VOID = {"meta", "link", "input", "br", "rect", "path", "use"}
PARTS = ("draw_completeness", "draw_families", "draw_flows")


@pytest.fixture
def without_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw nothing: the charts take most of the time, and are looked at elsewhere."""
    for name in PARTS:
        monkeypatch.setattr(rendering, name, lambda _: Figure(figsize=(1, 1)))


quick = pytest.mark.usefixtures("without_charts")


@dataclass
class Element:
    tag: str
    attributes: Mapping[str, str]
    parents: tuple["Element", ...]
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def is_within(self, identity: str) -> bool:
        return any(one.get("id") == identity for one in self.parents)


class Page(HTMLParser):
    """The elements of a page, each with the text within it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(data.decode())
        self.close()
        assert self.open == [], "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        one = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open))
        self.elements.append(one)
        if tag not in VOID:
            self.open.append(one)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.texts.append(data)

    def find(self, tag: str, **attributes: str) -> list[Element]:
        return [
            one
            for one in self.elements
            if one.tag == tag and all(one.get(name) == text for name, text in attributes.items())
        ]

    def section(self, identity: str) -> str:
        (found,) = self.find("section", id=identity)
        return found.text


def make(patch: Mapping[str, object] | None = None, **settings: object) -> Audit:
    register = to_register(patch_source(clean_source(), patch or {}), "clean")
    given: dict[str, object] = {"as_of": DAY} | settings
    return ropa.audit(register, **given)  # type: ignore[arg-type]  # as each test gives them


@pytest.fixture(scope="module")
def found() -> Audit:
    register = ropa.load(SAMPLES / "telephone-answering-service.xlsx")
    return ropa.audit(register, as_of=DAY)


@pytest.fixture(scope="module")
def written(found: Audit) -> bytes:
    return write_page(found)


@pytest.fixture(scope="module")
def page(written: bytes) -> Page:
    return Page(written)


# -- sound ---------------------------------------------------------------------------------------


def test_ids_are_unique_and_links_lead_somewhere(page: Page) -> None:
    ids = Counter(one.get("id") for one in page.elements if one.get("id"))
    assert [one for one, number in ids.items() if number > 1] == []
    inner = [one.get("href")[1:] for one in page.elements if one.get("href").startswith("#")]
    assert len(inner) > 100
    assert set(inner) <= set(ids)
    for name in ("aria-labelledby", "aria-describedby", "for"):
        named = [one.get(name) for one in page.elements if one.get(name)]
        assert named, name
        assert set(named) <= set(ids)
    pointed = re.findall(r"url\(#([^)]+)\)", " ".join(str(one.attributes) for one in page.elements))
    assert pointed
    assert set(pointed) <= set(ids)


def test_nothing_is_loaded_and_nothing_runs_from_an_attribute(page: Page) -> None:
    for one in page.elements:
        for name, value in one.attributes.items():
            assert not name.startswith("on"), (one.tag, name)
            assert name != "style"
            if name in {"href", "src", "action", "data", "poster", "srcset", "formaction"}:
                assert value.startswith("#") or value == "data:,", (one.tag, value)
    tags = Counter(one.tag for one in page.elements)
    assert (tags["script"], tags["style"], tags["svg"] > 2) == (1, 1, True)
    assert tags.keys().isdisjoint({"img", "iframe", "object", "embed", "form", "base", "image"})


def test_the_policy_allows_this_style_and_this_script_alone(page: Page) -> None:
    (meta,) = [one for one in page.find("meta") if one.get("http-equiv")]
    rules = dict(one.strip().split(" ", 1) for one in meta.get("content").split(";"))
    for kind in ("style", "script"):
        (element,) = page.find(kind)
        digest = hashlib.sha256("".join(element.texts).encode()).digest()
        assert rules[f"{kind}-src"] == f"'sha256-{base64.b64encode(digest).decode()}'"
        assert "$" not in element.text.replace("${", "")
    fixed = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}
    assert fixed.items() <= rules.items()
    assert rules["img-src"] == "data:"


def test_it_can_be_read_aloud(page: Page) -> None:
    (html,) = page.find("html")
    assert html.get("lang") == "en-GB"
    for tag in ("header", "nav", "main", "footer", "h1"):
        assert len(page.find(tag)) == 1, tag
    levels = [int(one.tag[1]) for one in page.elements if re.fullmatch(r"h[1-6]", one.tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    tables = len(page.find("table"))
    assert tables > 3
    assert len([one for one in page.find("caption") if one.text]) == tables
    labelled = {one.get("for") for one in page.find("label")}
    fields = page.find("input") + page.find("select")
    assert len(fields) == 5
    assert {one.get("id") for one in fields} == labelled
    pictures = page.find("svg", role="img")
    assert len(pictures) == 3
    for one in pictures:
        told = {each.get("id"): each.text for each in page.elements if each.is_within("main")}
        assert told[one.get("aria-labelledby")]
        assert len(told[one.get("aria-describedby")]) > 60


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        *((choose_ink(one), one) for one in SEVERITY_COLOURS.values()),
        *(("#4A5560", "#F5F7F9"), ("#1B4F82", "#FFFFFF"), ("#B83A0B", "#FFFFFF")),
    ],
)
def test_texts_stand_out(ink: str, paper: str) -> None:
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_wheel_holds_the_templates() -> None:
    files = {one.path for one in WheelBuilder(str(ROOT)).recurse_included_files()}
    folder = ROOT / "ropa" / "report" / "page" / "templates"
    assert len(list(folder.iterdir())) > 9
    assert {str(one) for one in folder.iterdir()} <= files


# -- the same ------------------------------------------------------------------------------------


def test_the_same_bytes_in_every_process(written: bytes) -> None:
    script = (
        "import sys, ropa; from ropa.report.page import write_page;"
        f"one = ropa.audit(ropa.load(sys.argv[1]), as_of={DAY!r});"
        "sys.stdout.buffer.write(write_page(one))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(SAMPLES / "telephone-answering-service.xlsx")],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)},
    )
    assert ran.stdout == written


def test_lines_end_alike(written: bytes) -> None:
    assert b"\r" not in written
    assert written.startswith(b"<!DOCTYPE html>\n")


# -- what it says --------------------------------------------------------------------------------


def test_each_finding_is_told_whole(found: Audit, page: Page) -> None:
    rows = {one.get("id"): one for one in page.find("tr") if one.get("id")}
    findings = found.findings
    assert list(rows) == [f"finding-{one}" for one in findings["id"]]
    assert len(findings) > 50
    for row in findings.to_dict("records"):
        text = rows[f"finding-{row['id']}"].text
        place = f"{row['sheet']}!{row['cell']}"
        for part in (row["rule"], row["message"], row["remedy"], row["provision"], place):
            assert " ".join(part.split()) in text, part
        assert row["activity"][:40].split("\n")[0].strip() in text


def test_each_activity_has_its_section(found: Audit, page: Page) -> None:
    rows = found.register.activities
    for label in rows["label"]:
        (section,) = page.find("article", id=f"activity-{label.lower()}")
        own = found.findings[found.findings["activity_id"] == label]
        links = [
            one.get("href")
            for one in page.find("a")
            if one.is_within(section.get("id")) and "finding" in one.get("href")
        ]
        assert links == [f"#finding-{one}" for one in own["id"]]
    assert "Google Analytics" in page.find("article", id="activity-e9")[0].text


def test_the_verdict_says_how_bad_it_is(page: Page) -> None:
    text = page.section("verdict")
    assert "3 findings cannot wait" in text
    assert "11 live activities gave 54 findings: 3 critical, 15 high" in text
    assert "Of 63 entries that Article 30 asks for, 7 are missing." in text
    assert "There is no earlier audit to compare with" in text


@pytest.mark.parametrize(
    ("numbers", "headline"),
    [
        ((0, 0, 0, 0, 0), "Nothing was found wrong in what could be judged"),
        ((0, 0, 0, 0, 1), "Nothing serious; 1 minor point"),
        ((0, 0, 0, 2, 1), "Nothing serious; 3 minor points"),
        ((0, 0, 3, 2, 1), "Nothing is critical or high; 3 findings of medium severity"),
        ((0, 1, 3, 2, 1), "Nothing is critical; 1 finding of high severity"),
        ((1, 1, 3, 2, 1), "1 finding cannot wait"),
    ],
)
def test_headlines(numbers: tuple[int, ...], headline: str, found: Audit) -> None:
    severity = dict(zip(SEVERITIES, numbers, strict=True))
    names = Anchors(tuple(found.findings["id"]), {}, pd.DataFrame())
    verdict = build_verdict(found, replace(found.summary(), severity=severity), names)
    assert verdict.headline == headline
    level = next((one for one, number in severity.items() if number), "")
    assert verdict.level == level


def test_the_united_states_are_called_out(page: Page) -> None:
    text = page.section("transfers")
    assert "3 recorded transfers go to the United States; 3 have no working safeguard" in text
    assert "may go to the United States" not in text


def test_completeness_agrees_with_the_summary(found: Audit, page: Page) -> None:
    rows = [one.text for one in page.find("tr") if one.is_within("completeness")]
    for row in found.summary().completeness.to_dict("records"):
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
    assert "2 findings of high severity" in verdict
    assert "Not judged: the record says that the activity is ended." in page.section("activities")
    again = list_changes(second)
    assert [row["rule"] for row in again.fixed.rows] == ["LAW-01", "PUR-01"]
    assert (len(again.new), len(again.reopened), len(again.pending)) == (0, 0, 0)


@quick
def test_what_if_is_said_before_all_else() -> None:
    law = change_law(ropa.law(), ["end EUADQ-US-DPF 2026-12-01"])
    page = Page(write_page(make(as_of="2027-01-31", law=law, rules=["TRF"])))
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


def test_the_evidence_can_be_checked(found: Audit, page: Page) -> None:
    text = page.section("method")
    assert found.register.inputs[0].sha256 in text
    assert found.law.sha256 in text
    assert found.law.version in text
    assert f"{len(found.rules)} rules run" in text


# -- hard registers ------------------------------------------------------------------------------

HOSTILE = (
    "<script>document.title='x'</script>",
    "</style><style>*{display:none}</style>",
    "javascript:alert(1)",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    '=HYPERLINK("https://example.org")',
    "<!--",
    "]]><svg onload=alert(1)>",
)


def spread(texts: Sequence[str]) -> Mapping[str, object]:
    """Return a patch that puts the texts where a page shows what a register says."""
    cells = [
        *("organisation.Name", "K16.Lawful basis", "K16.Activity", "K16.ID", "K05.Retention"),
        *("recipients.K12.Mailchimp.Transfer mechanism", "K04.Purpose", "K03.Rights"),
        *("recipients.K12.Mailchimp.Country", "recipients.K12.Mailchimp.Recipient"),
    ]
    return dict(zip(cells, [*texts, *texts][: len(cells)], strict=True))


@quick
def test_markup_in_cells_stays_text() -> None:
    rules = ["LAW", "RET", "TRF"]
    page = Page(write_page(make(spread(HOSTILE), rules=rules)))
    tags = Counter(one.tag for one in page.elements)
    assert (tags["script"], tags["style"]) == (1, 1)
    assert tags.keys().isdisjoint({"img", "iframe", "object", "embed", "form", "base", "image"})
    names = {name for one in page.elements for name in one.attributes}
    assert not any(name.startswith("on") or name in {"src", "style"} for name in names)
    (main,) = page.find("main")
    for text in HOSTILE[1:]:
        assert text in main.text
    assert page.find("h1")[0].text == HOSTILE[0]
    assert not any(one.get("href").startswith(("javascript", "http")) for one in page.elements)


@quick
def test_hard_registers_are_told_as_they_are() -> None:
    twins = [
        {"like": "K16", "ID": "K16", "Lawful basis": ""},
        {"like": "K15", "ID": "K15", "Activity": "Another name", "Lawful basis": ""},
    ]
    patch = {
        "K07.Joint controller": "Quillfeather, 01632 960123, q@example.org",
        "K03.Purpose": "pay\u202eroll \u0085run",
        "+activities": twins,
        "-column.Activities.Rights": True,
        "recipients.K12.Mailchimp.Country": "outside the UK and the EEA",
    }
    data = write_page(make(patch, rules=["LAW", "RGT", "TRF-02"]))
    page = Page(data)
    # Contact details are not quoted.
    assert "stated, not quoted here" in page.find("article", id="activity-k07")[0].text
    assert b"Quillfeather" not in data
    assert b"960123" not in data
    # What would be obeyed rather than read is marked.
    assert "pay\ufffdroll" in data.decode()
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x0b-\x1f\x7f-\x9f]", data.decode())
    # Records of one id and one name share a section, which says so; others do not.
    (shared,) = page.find("article", id="activity-k16")
    assert "2 records bear this ID and name" in shared.text
    assert "LAW-01" in shared.text
    first, second = (page.find("article", id=f"activity-k15{end}")[0] for end in ("", "--2"))
    assert "2 records bear" not in first.text + second.text
    assert "LAW-01" in second.text
    assert "LAW-01" not in first.text
    # A country that is not identified may be any.
    transfers = page.section("transfers")
    assert "1 recorded transfer has no identified country: it may go to the United" in transfers
    # What the layout lacks is not evaluated, and said.
    assert "the layout has no column for" in page.section("unjudged")
    assert "No such column in this layout: Rights." in shared.text


@quick
def test_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch, found: Audit) -> None:
    monkeypatch.setattr(anchors, "MOST_FINDINGS", 10)
    monkeypatch.setattr(anchors, "MOST_ACTIVITIES", 4)
    page = Page(write_page(found))
    assert "The 44 least severe findings are left out here" in page.section("findings")
    assert len([one for one in page.find("tr") if one.get("id")]) == 10
    assert len(page.find("article")) == 4
    assert "7 more activities have no section here" in page.section("activities")
    ids = {one.get("id") for one in page.elements}
    links = {one.get("href")[1:] for one in page.find("a")}
    assert links <= ids


@quick
def test_an_audit_of_nothing() -> None:
    page = Page(write_page(make(as_of="2017-01-31", rules=["GOV-03"])))
    assert "No finding." in page.section("findings")
    assert "Nothing was found wrong" in page.section("verdict")


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
