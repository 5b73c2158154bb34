"""The catalogue on a terminal: complete, narrow, and with the law of the day."""

import re
from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from rich.console import Console

from ropa.errors import UsageError
from ropa.lawbook import load_law
from ropa.report.catalogue_terminal import print_catalogue, print_rule
from ropa.rules.catalogue import FAMILY_NAMES, Rule, list_rules, select_rules
from ropa.rules.examples import read_examples

DAY = date(2026, 9, 30)
RULES = list_rules()
SECTIONS = ("Why it matters", "Remedy", "Example", f"Law on {DAY}", "References")

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def capture(show: Callable[[Console], None], *, width: int = 80) -> str:
    file = StringIO()
    show(Console(file=file, width=width, highlight=False, force_terminal=False))
    return file.getvalue()


def show_rule(code: str, day: date = DAY, *, width: int = 80) -> str:
    (rule,) = select_rules([code])
    return capture(lambda to: print_rule(rule, load_law(), day, console=to), width=width)


def show_rules(*codes: str, width: int = 80) -> str:
    rules = select_rules(codes or None)
    return capture(lambda to: print_catalogue(rules, console=to), width=width)


def fold(text: str) -> str:
    return " ".join(text.split())


def split_sections(text: str) -> dict[str, str]:
    titles = r"^(Why it matters|Remedy|Example|Law on [\w -]+?|References) *$"
    parts = re.split(titles, text, flags=re.MULTILINE)
    return {name: fold(body) for name, body in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize("width", [60, 80, 120])
def test_catalogue_fits_the_terminal(width: int) -> None:
    assert max(len(line) for line in show_rules(width=width).splitlines()) <= width


def test_catalogue_lists_each_rule_once_under_its_family() -> None:
    found: dict[str, list[str]] = {}
    for line in show_rules().splitlines():
        if title := re.match(r"([A-Z]{3}) (\w.*)", line):
            assert title[2].rstrip() == FAMILY_NAMES[title[1]]
            found[title[1]] = []
        elif code := re.match(r"  ([A-Z]{3}-\d\d)  ", line):
            found[code[1][:3]].append(code[1])
    assert list(found) == [one for one in FAMILY_NAMES if one in {r.code[:3] for r in RULES}]
    assert sorted(code for codes in found.values() for code in codes) == [
        rule.code for rule in RULES
    ]
    assert all(codes == sorted(codes) for codes in found.values())


@each_rule
def test_catalogue_says_how_bad_and_what(rule: Rule) -> None:
    shown = fold(show_rules(rule.code))
    sentence = rule.summary.partition(". ")[0].removeprefix("Find ").rstrip(".")
    assert f"{rule.code} {rule.severity} {rule.duty} {sentence[0].upper()}{sentence[1:]}." in shown
    assert "1 rule. " in shown


def test_catalogue_counts_the_chosen_rules() -> None:
    shown = show_rules("TRF", "LAW-01")
    chosen = select_rules(["TRF", "LAW-01"])
    assert f"{len(chosen)} rules. " in shown
    assert "LAW-02" not in shown


@each_rule
def test_rule_is_told_in_full(rule: Rule) -> None:
    text = show_rule(rule.code)
    sections = split_sections(text)
    assert [one for one in sections if one != "Law on other days"] == list(SECTIONS)
    assert sections["Why it matters"] == rule.why
    assert sections["Remedy"] == rule.remedy
    assert sections["References"] == rule.references
    head = fold(text.partition("Why it matters")[0])
    assert head.startswith(f"{rule.code} {rule.name.replace('_', ' ')} {rule.summary} judges ")
    assert f" severity {rule.severity} duty {rule.duty}: " in head


@each_rule
@pytest.mark.parametrize("width", [60, 80])
def test_rule_fits_the_terminal(rule: Rule, width: int) -> None:
    lines = show_rule(rule.code, width=width).splitlines()
    assert max(len(line) for line in lines) <= width


@each_rule
def test_law_of_the_day_comes_first(rule: Rule) -> None:
    law = load_law()
    told = split_sections(show_rule(rule.code))[f"Law on {DAY}"]
    for regime in ("uk", "eu"):
        provision = law.find_provision(rule.code, regime, DAY)
        pattern = rf"{regime.upper()} from \d{{4}}-\d\d-\d\d {re.escape(provision)}"
        assert bool(re.search(pattern, told)) == bool(provision)


def test_law_of_another_day() -> None:
    before, since = "UK 2021-01-01 to 2026-02-04", "UK from 2026-02-05"
    now = split_sections(show_rule("TRF-04"))
    then = split_sections(show_rule("TRF-04", date(2026, 2, 4)))
    assert since in now[f"Law on {DAY}"]
    assert before in now["Law on other days"]
    assert before in then["Law on 2026-02-04"]
    assert since in then["Law on other days"]


def test_day_without_a_provision() -> None:
    sections = split_sections(show_rule("RET-01", date(2018, 5, 24)))
    assert sections["Law on 2018-05-24"] == "No provision: the rule does not apply."
    assert "from 2018-05-25 GDPR Art 30(1)(f)" in sections["Law on other days"]


def test_processors_are_told_their_own_law_and_duty() -> None:
    text = fold(show_rule("RET-01"))
    assert "on processors' records guidance: good practice" in text
    assert "UK GDPR Art 28(3)(g) (processors' records)" in text


def test_records_that_a_rule_judges() -> None:
    assert "judges controllers' records severity" in fold(show_rule("PUR-01"))
    assert "judges processors' records severity" in fold(show_rule("IDN-04"))
    assert "judges controllers' records, the register as a whole" in fold(show_rule("REC-06"))


@each_rule
def test_example_is_shown(rule: Rule) -> None:
    told = split_sections(show_rule(rule.code))["Example"]
    example = read_examples()[rule.code]
    given = f" given {example.given}" if example.given else ""
    wrong = example.wrong or "(blank)"
    assert told.startswith(f"cell {example.heading}, in the sheet ")
    assert told.endswith(f"{given} wrong {wrong} right {example.right}")


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("trf-04", "TRF-04"),
        ("TRF4", "TRF-04"),
        ("TRF_04", "TRF-04"),
        ("LWA-01", "LAW-01"),
        ("ret", "RET"),
        ("no_lawful_basis", "LAW-01"),
        ("no lawful bases", "LAW-01"),
    ],
)
def test_unknown_code_gets_a_suggestion(stated: str, meant: str) -> None:
    with pytest.raises(UsageError, match=rf"no rule {stated}: did you mean {meant}\?$"):
        select_rules([stated])


@pytest.mark.parametrize("stated", ["", "XYZ", "ABC-01", "something else", "1234"])
def test_nothing_near_is_suggested_for_what_is_far(stated: str) -> None:
    with pytest.raises(UsageError, match=r": see the list of rules$"):
        select_rules([stated])
