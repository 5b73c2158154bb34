"""The audit on a terminal: complete, narrow enough, and deaf to a register's control characters."""

import itertools
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from build_samples import SAMPLES
from made_sheets import make_register
from registers import clean_source, patch_source, to_register
from rich.console import Console

import ropa
from ropa.report.console import clean_text, show_progress
from ropa.report.defects import name_defect
from ropa.report.terminal import TOP, print_audit
from ropa.results import Result
from ropa.rules.catalogue import list_rules
from ropa.summaries import ITEM_NAMES, summarise
from ropa.workbook.cells import make_sheet

NAME = "call-handling-provider"
WIDTHS = (80, 120)


def show(result: Result, *, width: int = 100, out: Path | None = None, colour: bool = False) -> str:
    file = StringIO()
    console = Console(
        file=file,
        width=width,
        highlight=False,
        force_terminal=colour,
        color_system="truecolor" if colour else None,
        legacy_windows=False,
    )
    print_audit(result, out=out, console=console)
    return file.getvalue()


def make(patch: Mapping[str, object], name: str = "made") -> Result:
    register = to_register(patch_source(clean_source(), patch), name)
    return ropa.audit(register, as_of="2026-09-30")


@pytest.fixture(scope="module")
def result() -> Result:
    return ropa.audit(ropa.load(SAMPLES / f"{NAME}.xlsx"), as_of="2026-09-30")


@pytest.fixture(scope="module")
def text(result: Result) -> str:
    return show(result)


def list_defects(text: str) -> list[str]:
    """Return the blocks of the defects: from one head line to the next."""
    heads = [match.start() for match in re.finditer(r"^ \w+  [A-Z]{3}-\d\d ", text, re.MULTILINE)]
    return [text[a:b] for a, b in itertools.pairwise([*heads, len(text)])]


def test_the_head_says_what_was_read_and_how_it_was_judged(text: str, result: Result) -> None:
    head = " ".join(text.partition("Complete under")[0].split())
    assert str(result.register.organisation["name"][0]) in head
    assert f"{NAME}.xlsx: 16 activities" in head
    assert "as of 2026-09-30, UK GDPR" in head
    assert f"{result.law.version}; {len(list_rules())} rules" in head


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        ({}, "UK GDPR and EU GDPR\n"),
        (
            {"organisation.Regimes": "", "organisation.Establishments": "Ireland"},
            "EU GDPR, from the countries of establishment",
        ),
        (
            {"organisation.Regimes": "", "organisation.Establishments": ""},
            "UK GDPR, from the country of the address",
        ),
        (
            {
                "organisation.Regimes": "",
                "organisation.Establishments": "",
                "organisation.Address": "",
            },
            "UK GDPR and EU GDPR, assumed: neither regime nor establishment is stated",
        ),
    ],
)
def test_where_the_regimes_come_from_is_told(patch: Mapping[str, object], told: str) -> None:
    assert told in show(make(patch), width=120)


def test_activities_that_are_not_audited_and_cells_that_are_not_read_are_told() -> None:
    shown = show(make({"K05.Retention": "blue", "K06.Status": "Ended"}), width=120)
    assert "25 activities, of which 2 ended or proposed (not audited)" in shown
    assert re.search(r"Unreadable +1 cells?\b", shown)


def test_the_completeness_table_is_that_of_the_summary(text: str, result: Result) -> None:
    rows = summarise(result).completeness
    for row in rows.to_dict("records"):
        lines = [line for line in text.splitlines() if line.startswith(str(row["item"]))]
        assert len(lines) == (1 if row["total"] else 0)
        if lines:
            assert ITEM_NAMES[str(row["item"])] in lines[0]
            counts = [row["stated"], *([row["none"]] if row["none"] else [])]
            counts += [row["gap"], row["total"]]
            assert lines[0].split()[-len(counts) :] == [str(one) for one in counts]


def test_severities_are_counted(text: str, result: Result) -> None:
    counts = result.findings["severity"].value_counts()
    line = next(one for one in text.splitlines() if "findings:" in one)
    assert line.startswith(f"{len(result.findings)} findings")
    assert {name: int(count) for count, name in re.findall(r"(\d+) (\w+) ?", line)[1:]} == {
        str(name): int(count) for name, count in counts.items()
    }


def test_at_most_ten_defects_with_where_why_and_remedy(text: str, result: Result) -> None:
    defects = list_defects(text)
    assert len(defects) == TOP == 10
    rules = {one.code: one for one in list_rules()}
    ranks = []
    for block in defects:
        flat = " ".join(block.split())
        severity, code = flat.split()[:2]
        rows = result.findings[result.findings["rule"] == code]
        first = rows.iloc[0]
        ranks.append(["critical", "high", "medium", "low", "info"].index(severity))
        assert severity == first["severity"]
        assert str(first["provision"]) in flat
        assert name_defect(rules[code].name) in flat
        assert f"why {first['message']}" in flat
        assert f"remedy {rules[code].remedy}" in flat
        assert f"{first['sheet']}!{first['cell']}" in flat
        assert f"where {first['activity_id']}" in flat
    assert ranks == sorted(ranks)
    assert len({block.split()[1] for block in defects}) == TOP


def test_the_most_severe_rules_are_shown(text: str, result: Result) -> None:
    shown = {block.split()[1] for block in list_defects(text)}
    severe = result.findings[result.findings["severity"].isin(("critical", "high"))]
    assert set(severe["rule"]) <= shown


def test_a_clean_register_is_told_so() -> None:
    shown = show(make({}))
    assert "Complete under Article 30; no defect found" in shown
    assert list_defects(shown) == []


def test_where_the_reports_are_is_told(result: Result) -> None:
    shown = show(result, out=Path("reports/2026-Q3"))
    assert "Reports in reports/2026-Q3" in shown
    assert "Reports in" not in show(result)


def test_what_was_not_evaluated_is_told() -> None:
    result = ropa.audit(
        to_register(clean_source(), "made"), as_of=date(2018, 5, 24), rules=["LAW-01", "PUR-01"]
    )
    shown = " ".join(show(result).split())
    assert (
        "Not evaluated: 2 rules (LAW-01: no such provision was in force on 2018-05-24 ...)" in shown
    )


def test_what_can_be_settled_is_told_before_what_is_lacking() -> None:
    headings = ["Activity", "Purpose", "Data subjects", "Retention", "Recipients", *["Basis"] * 2]
    row = ["Payroll", "Pay the staff", "Staff", "6 years", "HMRC", "Contract", "Legal obligation"]
    register = make_register(make_sheet("Register", [headings, row]))
    shown = " ".join(show(ropa.audit(register, as_of="2026-09-30"), width=200).split())
    assert "(LAW-01: the headings in F1 and G1 may each be 'Lawful basis': settle what" in shown


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal(result: Result, width: int) -> None:
    lines = show(result, width=width).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= width


@pytest.mark.parametrize("width", [20, 40, 300])
def test_odd_widths_lose_nothing_of_the_counts(result: Result, width: int) -> None:
    shown = "".join(show(result, width=width).split())
    assert f"{len(result.findings)}findings:" in shown


NASTY = "\x1b[31mred\x1b]0;title\x07 \x9b2J \u202egnp.exe\u2066 \x08\x7f\r" + "[bold]markup[/bold]"


def test_nothing_of_a_register_commands_the_terminal() -> None:
    patch = {
        "organisation.Name": NASTY,
        "organisation.Regimes": NASTY,
        "*.Lawful basis": NASTY,
        "*.Purpose": f"TBC {NASTY}",
        "*.ID": NASTY,
        "recipients.*.*.Recipient": NASTY,
        "recipients.*.*.Country": NASTY,
        "recipients.*.*.Transfer mechanism": NASTY,
    }
    result = make(patch, name=NASTY)
    assert len(result.findings) > 0
    shown = show(result, out=Path(NASTY))
    bad = {one for one in shown if unicodedata.category(one) in ("Cc", "Cf") and one != "\n"}
    assert bad == set()
    assert "[bold]markup[/bold]" in shown


def test_a_register_without_a_name_is_called_by_its_file_without_control_characters() -> None:
    shown = show(make({"organisation.Name": ""}, name=NASTY))
    assert "\x1b" not in shown
    assert "red" in shown.splitlines()[0]


def test_colours_are_the_only_commands(result: Result) -> None:
    shown = show(result, colour=True)
    assert "\x1b[" in shown
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == show(result)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("plain", "plain"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("a\x1bb", "a\ufffdb"),
        ("a\x9bb\x00\x7f", "a\ufffdb\ufffd\ufffd"),
        ("a\u202eb\u2069", "a\ufffdb\ufffd"),
        ("Zażółć €", "Zażółć €"),
    ],
)
def test_clean_text(given: str, shown: str) -> None:
    assert clean_text(given) == shown


def test_progress_is_silent_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress() as report:
        report("working")
    assert capsys.readouterr() == ("", "")
