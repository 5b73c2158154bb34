"""What a portfolio finds is what each register has alone, and its questions agree with theirs."""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from build_samples import SAMPLES
from made_portfolios import write_portfolio
from portfolio_crews import AS_OF, run

import ropa
from ropa.errors import UsageError
from ropa.flows import list_us_transfers, list_vendors, reach_instrument, reach_loss
from ropa.normalise import normalise_registers
from ropa.policy import Policy
from ropa.portfolio import batches, questions
from ropa.portfolio.value import Portfolio
from ropa.recognise import Recognition
from ropa.register import concat_registers
from ropa.rules.case import Case
from ropa.rules.catalogue import select_rules
from ropa.summaries import summarise

MADE = "north/register 00000.xlsx"
JOINED = "west.register"
SAMPLE = "online-community.xlsx"
BROKEN = "register 00003.xlsx"
ALONE = (JOINED, SAMPLE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with registers of two layouts, one of two files, and one that is broken."""
    folder = tmp_path_factory.mktemp("portfolio")
    write_portfolio(folder, registers=7, activities=12)
    shutil.move(folder / "west", folder / JOINED)
    (folder / JOINED / "~$open.xlsx").write_bytes(b"lock")
    (folder / BROKEN).write_bytes(b"PK")
    (folder / "south/coast/register 00005.xlsx").unlink()
    shutil.copy(SAMPLES / SAMPLE, folder)
    return folder


@pytest.fixture(scope="module")
def found(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    return run(folder, tmp_path_factory.mktemp("results"), policy=Policy())


@pytest.fixture(scope="module")
def alone(folder: Path) -> dict[str, ropa.Audit]:
    """Return the audits of some of the registers by themselves."""
    return {name: ropa.audit(ropa.load(folder / name), as_of=AS_OF) for name in ALONE}


def test_each_register_has_the_findings_that_it_has_alone(
    found: Portfolio, alone: dict[str, ropa.Audit]
) -> None:
    for name, audit in alone.items():
        expected = audit.findings.drop(columns="file").reset_index(drop=True)
        assert len(expected) > 20
        pd.testing.assert_frame_equal(found.findings(name).drop(columns="file"), expected)
    files = {name: set(found.findings(name)["file"]) for name in ALONE}
    joined = {f"{JOINED}/register 00002.xlsx", f"{JOINED}/register 00006.xlsx"}
    assert files == {SAMPLE: {SAMPLE}, JOINED: joined}


@pytest.mark.parametrize("name", ALONE)
def test_its_row_counts_what_its_own_summary_does(
    found: Portfolio, alone: dict[str, ropa.Audit], name: str
) -> None:
    row, audit = found.registers.set_index("register").loc[name], alone[name]
    summary = summarise(audit)
    assert row["findings"] == len(audit.findings)
    assert row["not_evaluated"] == len(audit.not_evaluated)
    assert {one: row[one] for one in summary.severity} == dict(summary.severity)
    items = summary.completeness[summary.completeness["item"] != "30(1)(a)"]
    assert (row["items"], row["gaps"]) == (items["total"].sum(), items["gap"].sum())
    assert row["completeness"] == 1 - row["gaps"] / row["items"]
    resting = {f"transfers_{one}": count for one, count, _ in summary.transfers.to_numpy()}
    held = {one: row[one] for one in row.index if one.startswith("transfers_") and row[one]}
    assert held == resting
    sent = list_us_transfers(ropa.flow_graph(audit.register, as_of=AS_OF))
    assert row["us_transfers"] == len(sent.drop_duplicates(["activity_id", "recipient"]))
    assert row["regime"] == audit.regime
    organisation = audit.register.organisation["name"].iloc[0]
    assert row["name"] == organisation
    if len(audit.register.inputs) == 1:
        (read,) = audit.register.inputs
        assert (row["sha256"], row["layout"]) == (read.sha256, read.layout)


def test_what_was_refused_has_no_numbers(found: Portfolio) -> None:
    row = found.registers.set_index("register").loc[BROKEN]
    assert (row["state"], row["findings"]) == ("refused", pd.NA)
    assert row["reason"]


def test_vendors_add_up(found: Portfolio, folder: Path, alone: dict[str, ropa.Audit]) -> None:
    rows = found.registers.query("state == 'audited'")
    others = set(rows["register"]) - set(alone)
    registers = [one.register for one in alone.values()]
    registers += [ropa.load(folder / one) for one in sorted(others)]
    graph = ropa.flow_graph(concat_registers(registers))
    each = list_vendors(graph)
    each = each.assign(folded=each["vendor"].str.casefold().str.split().str.join(" "))
    expected = each.groupby("folded").agg(
        registers=("register", "nunique"),
        activities=("activities", "sum"),
        special_activities=("special_activities", "sum"),
    )
    vendors = found.list_vendors()
    folded = vendors["vendor"].str.casefold().str.split().str.join(" ")
    held = vendors.set_index(folded.rename("folded"))[list(expected)].sort_index()
    pd.testing.assert_frame_equal(held, expected, check_dtype=False, check_index_type=False)
    first = vendors.iloc[0]
    assert first["registers"] > 1
    assert first["register_share"] == first["registers"] / len(rows)
    assert first["activity_share"] == first["activities"] / rows["activities"].sum()
    assert first["special_share"] == first["special_activities"] / rows["special_activities"].sum()


def test_it_does_not_matter_when_counts_are_added_up(
    found: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found.list_vendors()
    parts = questions.read_parts

    def read_singly(folder: Path, table: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        for rows in parts(folder, table, columns):
            yield from (part for _, part in rows.groupby("register"))

    monkeypatch.setattr(questions, "read_parts", read_singly)
    for waiting in (0, 30, 10_000):
        monkeypatch.setattr(questions, "_WAITING", waiting)
        pd.testing.assert_frame_equal(found.list_vendors(), before)


def test_the_loss_of_a_vendor_reaches_what_it_does_in_each_register(
    found: Portfolio, alone: dict[str, ropa.Audit]
) -> None:
    vendor = found.list_vendors()["vendor"].iloc[0]
    reached = found.reach_vendor(vendor.upper()).set_index("register")
    assert len(reached) == found.list_vendors()["registers"].iloc[0]
    assert (reached["sole_activities"] <= reached["activities"]).all()
    assert reached["sole_activities"].any()
    for name in set(ALONE) & set(reached.index):
        lost = reach_loss(ropa.flow_graph(alone[name].register), vendor).query("kind == 'activity'")
        row = reached.loc[name]
        assert row["activities"] == len(lost)
        assert row["special_activities"] == lost["special_activities"].sum()
    with pytest.raises(UsageError, match="no register names 'Nobody Ltd'"):
        found.reach_vendor("Nobody Ltd")


def test_the_end_of_an_instrument_reaches_what_it_does_in_each_register(
    found: Portfolio, alone: dict[str, ropa.Audit]
) -> None:
    listed = found.list_instruments().set_index("instrument")
    assert {"EUADQ-US-DPF", "UKADQ-US", "UK-IDTA", "UKADQ-EEA"} <= set(listed.index)
    several = concat_registers([one.register for one in alone.values()])
    names = {one.register.activities["register"].iloc[0]: name for name, one in alone.items()}
    for instrument in (*listed.index, "EUADQ-CH"):  # the last one carries nothing here
        reached = found.reach_instrument(instrument).set_index("register")
        assert len(reached) == listed["registers"].get(instrument, 0)
        each = reach_instrument(several, instrument, as_of=AS_OF).query("kind == 'activity'")
        special = each.groupby("register")["special_activities"].sum().rename(names).to_dict()
        held = reached.loc[reached.index.isin(ALONE)]
        expected = each["register"].map(names).value_counts().to_dict()
        assert held["activities"].to_dict() == expected, instrument
        assert held["special_activities"].to_dict() == special, instrument
    with pytest.raises(UsageError, match="there is no instrument 'DPF'"):
        found.reach_instrument("DPF")


def test_rules_are_counted_by_register(found: Portfolio) -> None:
    each = found.count_rules()
    assert each["findings"].sum() == found.registers["findings"].sum()
    rules = found.list_rules().set_index("rule")
    assert rules["registers"].to_dict() == each["rule"].value_counts().to_dict()
    assert rules["findings"].to_dict() == each.groupby("rule")["findings"].sum().to_dict()


def test_the_summary_says_the_same(found: Portfolio) -> None:
    told, rows = found.document, found.registers
    assert told["registers"]["audited"] == (rows["state"] == "audited").sum()
    assert sum(told["severity"].values()) == told["findings"] == rows["findings"].sum()
    assert [one["rule"] for one in told["rules_hit"]] == found.list_rules()["rule"].tolist()
    assert told["vendors"][0]["vendor"] == found.list_vendors()["vendor"].iloc[0]
    sheets = pd.read_excel(found.folder / "portfolio.xlsx", sheet_name=None, engine="openpyxl")
    assert sheets["Registers"]["Register"].tolist().count(MADE) == 1
    assert sheets["Refused"]["Register"].tolist() == [BROKEN]
    assert sheets["Vendors"]["Vendor"].iloc[0] == told["vendors"][0]["vendor"]
    assert len(sheets["Instruments"]) == len(told["instruments"])


def test_a_rule_that_breaks_off_is_lost_in_its_own_register_only(
    folder: Path, found: Portfolio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (rule,) = select_rules(["SEC-01"])

    def break_off(case: Case) -> pd.DataFrame:
        if MADE in set(case.organisation["register"]):
            raise KeyError("text of a cell")
        return rule.evaluate(case)

    few = [replace(rule, evaluate=break_off), *select_rules(["RET-01"])]
    monkeypatch.setattr("ropa.auditing.list_rules", lambda: few)
    (tmp_path / "in").mkdir()
    for name in (MADE, "south/coast/register 00001.xlsx"):
        (tmp_path / "in" / name).parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(folder / name, tmp_path / "in" / name)
    counts = run(tmp_path / "in", tmp_path / "out", policy=Policy()).count_rules()
    whole = found.count_rules()
    whole = whole[whole["register"].isin(counts["register"]) & whole["rule"].isin(counts["rule"])]
    lost = (whole["register"] == MADE) & (whole["rule"] == "SEC-01")
    assert lost.any()
    pd.testing.assert_frame_equal(counts, whole[~lost].reset_index(drop=True))


def test_what_breaks_off_one_register_refuses_it_alone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(groups: Mapping[str, Sequence[Recognition]]) -> ropa.Register:
        if MADE in groups:
            raise ValueError("text of a cell")
        return normalise_registers(groups)

    monkeypatch.setattr(batches, "normalise_registers", break_off)
    monkeypatch.setattr("ropa.auditing.list_rules", lambda: select_rules(["SEC-01"]))
    (tmp_path / "in" / "north").mkdir(parents=True)
    for name in (MADE, "north/register 00004.xlsx"):
        shutil.copy(folder / name, tmp_path / "in" / name)
    rows = run(tmp_path / "in", tmp_path / "out", policy=Policy()).registers
    assert rows["state"].tolist() == ["refused", "audited"]
    assert rows["reason"].iloc[0].startswith("a fault of ropa itself (ValueError")
    assert "text of a cell" not in rows["reason"].iloc[0]


def test_a_bad_workbook_is_a_row_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notes.xlsx").write_text("only text")
    (tmp_path / "in" / "list.csv").write_text("Fruit,Price\napple,3\n")
    (tmp_path / "in" / "empty.xlsx").write_bytes(b"")
    found = run(tmp_path / "in", tmp_path / "out")
    reasons = found.registers.set_index("register")["reason"]
    assert list(reasons.index) == ["empty.xlsx", "list.csv", "notes.xlsx"]
    assert reasons["list.csv"].startswith("not a register: ")
    assert "plain text" in reasons["notes.xlsx"]
    assert found.registers["sha256"].str.len().eq(64).all()
    assert found.document["registers"]["refused"] == len(found.document["refused"]) == 3
    assert found.document["findings"] == 0
    for frame in (found.list_vendors(), found.list_rules(), found.list_instruments()):
        assert frame.empty


def test_duckdb_reads_the_partitions_as_the_manual_shows(found: Portfolio) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "portfolio.md").read_text()
    query = re.search(r"```sql\n(.*?)```", manual, re.DOTALL)
    assert query
    shown = query[1].replace("'results/", f"'{found.folder}/")
    counted = dict(duckdb.connect().execute(shown).fetchall())
    names = found.registers["register"]
    findings = pd.concat([found.findings(one).assign(register=one) for one in names])
    assert counted == findings.groupby("rule")["register"].nunique().to_dict()
    assert len(counted) > 20
