"""`audit --previous`, `audit --policy`, `audit --what-if`, `compare` and `rules` as commands."""

import json
from pathlib import Path

import openpyxl
import pytest
from commands import CALLS, CLEAN, choose_few_rules, stop

from ropa.cli import main

Q2, Q3 = "2026-06-30", "2026-09-30"


@pytest.fixture(autouse=True)
def few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    choose_few_rules(monkeypatch)


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    code = main([str(one) for one in arguments])
    captured = capsys.readouterr()
    assert (code, captured.err) == (0, "")
    return captured.out


def audit(capsys: pytest.CaptureFixture[str], *more: str | Path) -> dict[str, object]:
    document: dict[str, object] = json.loads(run(capsys, "audit", CALLS, *more, "--json", "-"))
    return document


def fill_in(path: Path, rule: str, **words: str) -> None:
    """Write an owner's words beside the findings of a rule."""
    book = openpyxl.load_workbook(path)
    sheet = book["Findings"]
    headings = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[headings.index("Rule")].value == rule:
            for heading, value in words.items():
                row[headings.index(heading.replace("_", " "))].value = value
    book.save(path)


def by_rule(document: dict[str, object], key: str = "findings") -> dict[str, str]:
    rows = document[key]
    assert isinstance(rows, list)
    return {f"{row['rule']} {row['activity_id']}": row["status"] for row in rows}


def test_a_quarter_with_the_owners_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "q2"
    run(capsys, "audit", CALLS, "--as-of", Q2, "--out", folder)
    words = {"Owner": "A. Owner", "Due_date": "2026-12-31", "Remark": "known"}
    fill_in(folder / "findings.xlsx", "TRF-04", Decision="accepted", **words)
    fill_in(folder / "findings.xlsx", "LAW-07", Decision="accepted", Owner="B. Owner")
    lapsed = words | {"Due_date": "2026-08-31"}
    fill_in(folder / "findings.xlsx", "TRF-03", Decision="accepted", **lapsed)
    now = audit(capsys, "--as-of", Q3, "--previous", folder)
    told = by_rule(now)
    assert told["TRF-04 E6"] == "waived"
    assert told["LAW-07 E9"] == "persisting"
    assert told["TRF-03 E8"] == told["TRF-03 E9"] == "reopened"
    assert now["previous"] == [
        {
            "sha256": now["previous"][0]["sha256"],  # type: ignore[index]
            "as_of": Q2,
        }
    ]
    states = {row["finding"]: row["state"] for row in now["waivers"]}  # type: ignore[attr-defined]
    assert sorted(states.values()) == [
        "expired",
        "expired",
        "in force",
        "no waiver: it lacks a remark and a due date",
    ]
    text = run(capsys, "audit", CALLS, "--as-of", Q3, "--previous", folder)
    assert "Since 2026-06-30: 0 new" in text
    assert "1 waived" in text


@pytest.mark.parametrize("name", ["findings.json", "findings.xlsx", ""])
def test_each_form_of_an_earlier_audit_gives_the_same(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "q2"
    run(capsys, "audit", CALLS, "--as-of", Q2, "--out", folder)
    now = audit(capsys, "--as-of", Q3, "--previous", folder / name)
    assert set(by_rule(now).values()) == {"persisting"}
    assert now["fixed"] == []


def test_waived_findings_do_not_count_for_the_gate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waiver = (
        '[[waiver]]\nrule = "{}"\nactivity = "{}"\nreason = "r"\napprover = "B"\n'
        "expiry = 2026-12-31\n"
    )
    policy = tmp_path / "ropa.toml"
    accepted = [("TRF-03", "E8"), ("TRF-03", "E9"), ("TRF-04", "E6")]
    policy.write_text("".join(waiver.format(*one) for one in accepted), encoding="utf-8")
    arguments = ["audit", str(CALLS), "--as-of", Q3, "--fail-on", "critical"]
    assert main(arguments) == 1
    assert main([*arguments, "--policy", str(policy)]) == 0
    assert "Waivers: 3 in force" in capsys.readouterr().out


def test_the_hash_of_the_policy_is_in_every_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy, folder = tmp_path / "ropa.toml", tmp_path / "out"
    policy.write_text("[review]\nmonths = 6\n", encoding="utf-8")
    run(capsys, "audit", CALLS, "--as-of", Q3, "--policy", policy, "--out", folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    sheet = openpyxl.load_workbook(folder / "findings.xlsx")["Method"]
    method = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=2)}
    told = manifest["policy"]["sha256"]
    assert len(told) == 64
    assert (findings["policy"]["sha256"], method["Policy SHA-256"]) == (told, told)


def test_what_if_shows_what_falls(capsys: pytest.CaptureFixture[str]) -> None:
    ending = "end EUADQ-US-DPF 2026-12-01"
    text = run(capsys, "audit", CLEAN, "--as-of", "2026-12-31", "--what-if", ending)
    flat = " ".join(text.split())
    assert "UKADQ-US ended" in flat
    assert "Mailchimp" in flat
    code = main(["audit", str(CLEAN), "--as-of", "2026-12-31", "--what-if", ending, "--json", "-"])
    document = json.loads(capsys.readouterr().out)
    assert code == 0
    ended = {one["instrument"]: one["falls_with"] for one in document["what_if"]}
    assert ended == {"EUADQ-US-DPF": "", "UKADQ-US": "EUADQ-US-DPF"}


def test_compare_tells_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    run(capsys, "audit", CALLS, "--as-of", Q2, "--out", old)
    run(capsys, "audit", CLEAN, "--as-of", Q3, "--out", new)
    text = run(capsys, "compare", old, new)
    assert "From 2026-06-30 to 2026-09-30" in text
    assert "Activities removed: " in text
    document = json.loads(run(capsys, "compare", old, new / "findings.json", "--json", "-"))
    assert document["summary"]["new"] == 0
    assert document["summary"]["pending"] > 0
    assert {row["change"] for row in document["changes"]} == {"added", "removed"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("audit", CALLS, "--previous", "gone.json"), "gone.json: there is no such file"),
        (("audit", CALLS, "--what-if", "EUADQ-US-DPF"), "instead of 'end'"),
        (("audit", CALLS, "--what-if", "end NOTHING 2026-12-01"), "there is no instrument"),
        (("audit", CALLS, "--policy", "gone.toml"), "gone.toml: there is no such policy"),
        (("compare", "one.json", "two.json"), "one.json: there is no such file"),
        (("compare", "one.json"), "NEW"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    arguments: tuple[str | Path, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told in stop(capsys, *arguments)


def test_rules_are_listed_and_one_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    assert "TRF-04" in run(capsys, "rules")
    text = run(capsys, "rules", "TRF-04", "--as-of", Q3)
    assert "mechanism lapsed" in text
    assert "UK GDPR Art 44A(1)" in text
    assert "did you mean TRF-04" in stop(capsys, "rules", "trf4")
