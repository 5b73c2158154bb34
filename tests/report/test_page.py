"""report.html: complete, safe and the same on every run, whatever the register holds."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from build_samples import SAMPLES
from hatchling.builders.wheel import WheelBuilder
from html_pages import Page, make_audit

from ropa.audits import Audit
from ropa.charts.palette import SEVERITY_COLOURS, choose_ink, luminance
from ropa.report.page import anchors, write_page

ROOT = Path(__file__).parents[2]
DAY = "2026-09-30"

quick = pytest.mark.usefixtures("without_charts")


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


def test_the_same_bytes_in_every_process(written_page: bytes) -> None:
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
    assert ran.stdout == written_page


def test_lines_end_alike(written_page: bytes) -> None:
    assert b"\r" not in written_page
    assert written_page.startswith(b"<!DOCTYPE html>\n")


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
    page = Page(write_page(make_audit(spread(HOSTILE), rules=rules)))
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
    data = write_page(make_audit(patch, rules=["LAW", "RGT", "TRF-02"]))
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
def test_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch, telephone: Audit) -> None:
    monkeypatch.setattr(anchors, "MOST_FINDINGS", 10)
    monkeypatch.setattr(anchors, "MOST_ACTIVITIES", 4)
    page = Page(write_page(telephone))
    assert "The 44 least severe findings are left out here" in page.section("findings")
    assert len([one for one in page.find("tr") if one.get("id")]) == 10
    assert len(page.find("article")) == 4
    assert "7 more activities have no section here" in page.section("activities")
    ids = {one.get("id") for one in page.elements}
    links = {one.get("href")[1:] for one in page.find("a")}
    assert links <= ids


@quick
def test_an_audit_of_nothing() -> None:
    page = Page(write_page(make_audit(as_of="2017-01-31", rules=["GOV-03"])))
    assert "No finding." in page.section("findings")
    assert "no open finding in what could be judged" in page.section("verdict")
