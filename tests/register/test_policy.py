"""A policy: what it settles, and that each mistake in it is one line that names it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

import ropa
from ropa.policy import Policy, Waiver, read_policy

HEADINGS = ("Process", "Purpose", "Data subjects", "Retention", "Legal\nground", "Check", "Check")
CELLS = ("Payroll", "Pay the staff", "Employees", "6 years", "Contract", "Leeds", "weekly")


def write(path: Path, headings: tuple[str, ...] = HEADINGS) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sheet1"
    sheet.append(list(headings))
    sheet.append(list(CELLS))
    book.save(path)
    return path


def save(folder: Path, *lines: str) -> Path:
    path = folder / "ropa.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def settle(register: ropa.Register) -> Mapping[str, tuple[str, float]]:
    rows = register.mapping
    fields = (rows["table"] + "." + rows["field"]).where(rows["field"] != "", "")
    return dict(zip(rows["cell"], zip(fields, rows["confidence"], strict=True), strict=True))


def test_headings_and_cells_are_settled(tmp_path: Path) -> None:
    policy = save(
        tmp_path,
        "[mapping]",
        '"legal GROUND" = ""',
        '"Sheet1!F1" = "location"',
        '"Sheet1!G1" = "activities.notes"',
    )
    register = ropa.load(write(tmp_path / "a.xlsx"), policy=policy)
    found = settle(register)
    assert found["E1"] == ("", 1.0)
    assert found["F1"] == ("activities.location", 1.0)
    assert found["G1"] == ("activities.notes", 1.0)
    row = register.activities.iloc[0]
    assert (row["location"], row["notes"], row["lawful_basis_state"]) == (
        "Leeds",
        "weekly",
        "absent",
    )


def test_without_a_policy_the_same_headings_are_read_otherwise(tmp_path: Path) -> None:
    found = settle(ropa.load(write(tmp_path / "a.xlsx")))
    assert found["E1"][0] == "activities.lawful_basis"
    assert (found["F1"][0], found["G1"][0]) == ("", "")


def test_a_policy_may_be_given_as_a_value(tmp_path: Path) -> None:
    policy = Policy({"Legal ground": ""})
    assert settle(ropa.load(write(tmp_path / "a.xlsx"), policy))["E1"] == ("", 1.0)


def test_names_become_complete_and_the_file_is_hashed(tmp_path: Path) -> None:
    found = read_policy(
        save(tmp_path, "[mapping]", '"A" = "purpose"', '"B" = "recipients.country"')
    )
    assert dict(found.mapping) == {"A": "activities.purpose", "B": "recipients.country"}
    assert len(found.sha256) == 64
    assert found.sha256 != read_policy(save(tmp_path, "[mapping]")).sha256


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_files_of_any_editor_are_read(start: bytes, end: bytes, tmp_path: Path) -> None:
    path = tmp_path / "ropa.toml"
    path.write_bytes(start + end.join((b"[mapping]", '"Zweck \u2013 x" = "purpose"'.encode(), b"")))
    assert dict(read_policy(path).mapping) == {"Zweck \u2013 x": "activities.purpose"}


def test_an_empty_policy_settles_nothing(tmp_path: Path) -> None:
    assert dict(read_policy(save(tmp_path, "")).mapping) == {}


WRONG = {
    "unknown table": (
        ("[maping]", '"A" = "purpose"'),
        "a policy has no 'maping': did you mean mapping?",
    ),
    "unknown key": (("x = 1",), "a policy has no 'x'; it has [mapping]"),
    "broken": (("[mapping]", '"A" = '), "line 2"),
    "twice": (("[mapping]", '"A" = "purpose"', '"A" = ""'), "line 3"),
    "two fields": (("[mapping]", '"A b" = "purpose"', '"a  B" = ""'), "'a B' is given two fields"),
    "no table": (('mapping = "purpose"',), "write [mapping] above its lines"),
    "a number": (("[mapping]", '"A" = 1'), "'A' is given no text"),
    "no quotes": (
        ("[mapping]", 'Legal.ground = "purpose"'),
        "put the whole heading between quotes",
    ),
    "no field": (("[mapping]", '"A" = "lawful_bases"'), "did you mean lawful_basis?"),
    "no such table": (
        ("[mapping]", '"A" = "activity.purpose"'),
        "did you mean activities.purpose?",
    ),
    "nothing like it": (("[mapping]", '"A" = "zzzzzz"'), "the data dictionary lists the fields"),
    "of another table": (("[mapping]", '"A" = "country"'), "did you mean recipients.country?"),
    "empty heading": (("[mapping]", '" " = "purpose"'), "a heading is empty"),
    "no rule": (("[severity]", '"TRF-99" = "low"'), "[severity]: 'TRF-99': there is no rule"),
    "close rule": (("[rules]", 'off = ["TRF-4"]'), "did you mean TRF-04?"),
    "no severity": (("[severity]", '"TRF-04" = "higher"'), "did you mean high?"),
    "severity as number": (("[severity]", '"TRF-04" = 1'), "it is critical, high, medium, low or"),
    "two severities": (
        ("[severity]", '"TRF" = "low"', '"TRF-04" = "high"'),
        "TRF-04 is given two severities",
    ),
    "off as text": (("[rules]", 'off = "TRF-04"'), "[rules]: off is no list"),
    "other key": (("[rules]", 'of = ["TRF-04"]'), "there is no 'of': did you mean off?"),
    "no months": (("[review]", "months = 0"), "[review]: months is no whole number from 1"),
    "months as text": (("[review]", 'months = "12"'), "[review]: months is no whole number"),
    "months as truth": (("[review]", "months = true"), "[review]: months is no whole number"),
    "no such requirement": (
        ("[required]", 'fields = ["ownr"]'),
        "[required]: fields: there is no field 'ownr': did you mean owner?",
    ),
    "empty requirement": (("[required]", 'fields = [" "]'), "a name is empty"),
    "waiver as table": (("[waiver]", 'finding = "0123456789ab"'), "write [[waiver]] above"),
    "waiver without reason": (
        ("[[waiver]]", 'finding = "0123456789ab"', 'approver = "B"', "expiry = 2026-12-31"),
        "[[waiver]] 1: reason is missing",
    ),
    "waiver without expiry": (
        ("[[waiver]]", 'finding = "0123456789ab"', 'approver = "B"', 'reason = "r"'),
        "[[waiver]] 1: expiry is no date",
    ),
    "waiver of a moment": (
        ("[[waiver]]", 'finding = "0123456789ab"', "expiry = 2026-12-31T10:00:00"),
        "[[waiver]] 1: expiry is no date",
    ),
    "waiver of nothing": (
        ("[[waiver]]", 'approver = "B"', 'reason = "r"', "expiry = 2026-12-31"),
        "name either its finding, or its rule and its activity",
    ),
    "waiver of half": (
        ("[[waiver]]", 'rule = "RET-01"', 'approver = "B"', 'reason = "r"', "expiry = 2026-12-31"),
        "name either its finding, or its rule and its activity",
    ),
    "waiver of no finding": (
        ("[[waiver]]", 'finding = "E9"', 'approver = "B"', 'reason = "r"', "expiry = 2026-12-31"),
        "finding is no id of a finding",
    ),
    "waiver of a family": (
        (
            "[[waiver]]",
            'rule = "RET"',
            'activity = "E9"',
            'approver = "B"',
            'reason = "r"',
            "expiry = 2026-12-31",
        ),
        "rule is a family: name one rule",
    ),
    "second waiver": (
        (
            "[[waiver]]",
            'finding = "0123456789ab"',
            'approver = "B"',
            'reason = "r"',
            "expiry = 2026-12-31",
            "[[waiver]]",
            'finder = "x"',
        ),
        "[[waiver]] 2: there is no 'finder': did you mean finding?",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_one_line_that_names_the_file(case: str, tmp_path: Path) -> None:
    lines, told = WRONG[case]
    with pytest.raises(ropa.InputError) as caught:
        read_policy(save(tmp_path, *lines))
    line = str(caught.value)
    assert line.startswith("ropa.toml: ")
    assert told in line
    assert line.isprintable()


def test_what_is_no_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ropa.InputError, match=r"gone\.toml: there is no such policy"):
        read_policy(tmp_path / "gone.toml")
    with pytest.raises(ropa.InputError, match="this is a folder"):
        read_policy(tmp_path)
    (tmp_path / "x.toml").write_bytes(b"[mapping]\n\"\xff\" = ''")
    with pytest.raises(ropa.InputError, match="no UTF-8"):
        read_policy(tmp_path / "x.toml")
    (tmp_path / "big.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(ropa.InputError, match="larger than 1 MB"):
        read_policy(tmp_path / "big.toml")


def test_a_policy_in_the_working_folder_is_not_picked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, "[mapping]", '"Legal ground" = ""')
    monkeypatch.chdir(tmp_path)
    found = settle(ropa.load(write(tmp_path / "a.xlsx")))
    assert found["E1"][0] == "activities.lawful_basis"


def test_every_table_is_read(tmp_path: Path) -> None:
    lines = (
        "[severity]",
        '"RET-06" = "info"',
        '"SEC" = "low"',
        "[rules]",
        'off = ["PUR-03", "MKT"]',
        "[review]",
        "months = 6",
        "[required]",
        'fields = ["owner", "recipients.contract_reference", "activities.owner"]',
        "[[waiver]]",
        'rule = "TRF-03"',
        'activity = " E9 "',
        'reason = "leaves in May"',
        'approver = "The board"',
        "expiry = 2026-12-31",
        "[[waiver]]",
        'finding = "0123456789ab"',
        'reason = "r"',
        'approver = "B"',
        'expiry = "2027-01-31"',
    )
    found = read_policy(save(tmp_path, *lines))
    assert dict(found.severity) == {"RET-06": "info", "SEC-01": "low", "SEC-02": "low"}
    assert found.off == {"PUR-03", "MKT-01", "MKT-02"}
    assert found.review_months == 6
    assert found.required == (("activities", "owner"), ("recipients", "contract_reference"))
    assert found.waivers == (
        Waiver("", "TRF-03", "E9", "leaves in May", "The board", date(2026, 12, 31)),
        Waiver("0123456789ab", "", "", "r", "B", date(2027, 1, 31)),
    )


def test_an_empty_policy_is_the_default(tmp_path: Path) -> None:
    found = read_policy(save(tmp_path, ""))
    assert replace(found, sha256="") == Policy()
    assert found.review_months == 12


def test_a_policy_cannot_be_changed(tmp_path: Path) -> None:
    found = read_policy(save(tmp_path, "[mapping]", '"A" = "purpose"'))
    with pytest.raises(TypeError):
        found.mapping["A"] = ""  # type: ignore[index]
