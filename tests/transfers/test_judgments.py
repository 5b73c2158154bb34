"""Every transfer of a register, judged: the pairing of cells, the two axes, the two regimes."""

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest
from registers import clean_source, patch_source, to_register

from ropa.lawbook import load_law
from ropa.register import Register, concat_registers
from ropa.transfers import SAFEGUARDS, judge_transfers

AS_OF = date(2026, 9, 30)
CRM = "recipients.K10.Cresswater CRM Inc"
PAYMENTS = "recipients.K24.Copperlane Payments Inc"
DRIVE = "recipients.K20.Google Drive"


def read(patch: Mapping[str, object], name: str = "clean") -> Register:
    return to_register(patch_source(clean_source(), patch), name)


def judge(register: Register, activity: str = "") -> pd.DataFrame:
    rows = judge_transfers(register, AS_OF, load_law())
    labels = register.frames["activities"].set_index("key")["label"]
    rows = rows.assign(label=rows["activity_key"].map(labels))
    return rows[rows["label"] == activity] if activity else rows


def list_broken(rows: pd.DataFrame) -> set[tuple[str, str, str, str]]:
    """Return rule, regime, origin and subject of each verdict that breaks a rule."""
    found = set()
    for column in ("destination_rule", "safeguard_rule"):
        broken = rows[rows[column] != ""]
        found |= set(
            broken[[column, "regime", "origin", "subject"]].itertuples(index=False, name=None)
        )
    return found


def test_one_row_a_live_transfer_and_regime() -> None:
    register = read({"K10.Status": "Ended"})
    rows = judge(register)
    frame = register.frames["transfers"]
    status = frame["activity_key"].map(
        register.frames["activities"].set_index("key")["status_code"]
    )
    live = frame[~status.isin(["ended", "proposed"])]
    assert len(live) < len(frame)
    assert not rows.duplicated(["key", "regime"]).any()
    assert set(rows["key"]) == set(live["key"])
    assert len(rows) == 2 * len(live)
    assert set(rows["safeguard"]) <= set(SAFEGUARDS)
    assert rows["key"].is_monotonic_increasing


def test_clean_register_rests_on_what_it_states() -> None:
    rows = judge(read({"K08.Scale": "12"}))
    rows = rows[rows["recipient_key"] >= 0]
    held = {
        (one.label, one.country_code, one.regime): str(one.safeguard) for one in rows.itertuples()
    }
    for regime in ("uk", "eu"):
        assert held["K10", "US", regime] == "adequacy_conditional"
        assert held["K24", "US", regime] == "clauses"
        assert held["K14", "CH", regime] == "adequacy"
    assert held["K05", "GB", "uk"] == "home"
    assert held["K05", "GB", "eu"] == "adequacy"
    assert held["K05", "IE", "uk"] == "adequacy"
    assert held["K02", "CA", "eu"] == "adequacy_conditional"
    assert list_broken(rows) == set()


def test_recipient_in_several_countries_is_judged_for_each() -> None:
    rows = judge(read({f"{DRIVE}.Transfer mechanism": ""}), "K20")
    assert list_broken(rows) == {
        ("TRF-03", regime, "recipients", "Google Drive (United States)") for regime in ("uk", "eu")
    }
    ireland = rows[(rows["country_code"] == "IE") & (rows["recipient"] == "Google Drive")]
    assert set(ireland["safeguard"]) == {"home", "adequacy"}


def test_mechanism_holds_for_each_country_of_its_recipient() -> None:
    changed = {
        f"{PAYMENTS}.Country": "India; Brazil; United States",
        "K24.Transfers": "India; Brazil; United States",
    }
    rows = judge(read(changed), "K24")
    rows = rows[rows["recipient_key"] >= 0]
    assert set(rows[rows["country_code"] == "IN"]["safeguard"]) == {"clauses"}
    assert list_broken(rows) == set()


@pytest.mark.parametrize(
    ("patch", "activity", "expected"),
    [
        # The cell names the country of a recipient that states none: judged there, not twice.
        ({f"{CRM}.Country": ""}, "K10", set()),
        (
            {f"{CRM}.Country": "", f"{CRM}.Transfer mechanism": "EU-US Privacy Shield"},
            "K10",
            {("TRF-04", "recipients", "Cresswater CRM Inc")},
        ),
        (
            {
                f"{CRM}.Country": "",
                f"{CRM}.Transfer mechanism": "Adequacy",
                "K10.Transfers": "India",
            },
            "K10",
            {("TRF-06", "activities", "India")},
        ),
        # Nobody states a mechanism for the country of the cell.
        ({"K14.Transfers": "Switzerland; India"}, "K14", {("TRF-03", "activities", "India")}),
        # The cell states transfers in general, the recipient says where.
        ({"K10.Transfers": "Yes"}, "K10", set()),
        # Neither says where.
        (
            {"K10.Transfers": "Yes", f"{CRM}.Country": ""},
            "K10",
            {("TRF-02", "activities", "")},
        ),
        # The cell denies nothing and states nothing; the recipient has a mechanism and no country.
        (
            {"K10.Transfers": "", f"{CRM}.Country": ""},
            "K10",
            {("TRF-02", "recipients", "Cresswater CRM Inc")},
        ),
        # A country that cannot be read is reported with its cell alone.
        (
            {f"{CRM}.Country": "Untied Stats", "K10.Transfers": "Yes"},
            "K10",
            {("TRF-02", "activities", "")},
        ),
        ({f"{CRM}.Country": "Untied Stats", "K10.Transfers": "None"}, "K10", set()),
        # A mechanism that cannot be read: no verdict on the safeguard.
        ({f"{PAYMENTS}.Transfer mechanism": "#REF!"}, "K24", set()),
        # A tool needs no country to be the wrong one.
        (
            {
                f"{PAYMENTS}.Country": "",
                f"{PAYMENTS}.Transfer mechanism": "Appropriate safeguards",
                "K24.Transfers": "",
            },
            "K24",
            {
                ("TRF-02", "recipients", "Copperlane Payments Inc"),
                ("TRF-13", "recipients", "Copperlane Payments Inc"),
            },
        ),
    ],
)
def test_cells_of_activity_and_recipient(
    patch: Mapping[str, object], activity: str, expected: set[tuple[str, str, str]]
) -> None:
    broken = list_broken(judge(read(patch), activity))
    assert broken == {(rule, regime, *rest) for rule, *rest in expected for regime in ("uk", "eu")}


def test_layout_without_mechanisms_gives_no_verdict_on_them() -> None:
    register = read({"-column.Recipients.Transfer mechanism": ""})
    rows = judge(register)
    abroad = rows[rows["country_code"] == "US"]
    assert set(abroad["safeguard"]) == {"unreadable"}
    assert set(abroad["safeguard_rule"]) == {""}


@pytest.mark.parametrize(
    ("denial", "severity"),
    [
        ("None", "high"),
        ("Sans objet", "high"),
        ("No transfers to the United States", "high"),
        ("None outside the EEA", "high"),
        ("None: servers in the United Kingdom", "high"),
        ("No restricted transfers", "high"),
        ("No transfers to China", ""),
        ("Not transferred without safeguards", ""),
        ("United States", ""),
    ],
)
def test_denial_beside_a_recipient_on_clauses(denial: str, severity: str) -> None:
    rows = judge(read({"K24.Transfers": denial}), "K24")
    rows = rows[rows["destination_rule"] == "TRF-11"]
    found = {"high" if one == "" else one for one in rows["destination_severity"]}
    assert found == ({severity} if severity else set())


def test_plain_denial_beside_an_adequate_country_is_milder() -> None:
    rows = judge(read({"K14.Transfers": "None"}), "K14")
    rows = rows[rows["destination_rule"] == "TRF-11"]
    assert set(rows["destination_severity"]) == {"low"}
    assert rows["destination_message"].str.contains("Switzerland").all()


def test_assessment_and_documentation() -> None:
    patch = {f"{PAYMENTS}.Transfer assessment": ""}
    rows = judge(read(patch))
    assert set(rows[rows["assessment_missing"]]["subject"]) == {"Copperlane Payments Inc"}
    words = "Article 49(1) second subparagraph: compelling legitimate interests"
    patch = {f"{PAYMENTS}.Transfer mechanism": words, f"{PAYMENTS}.Mechanism evidence": ""}
    rows = judge(read(patch))
    assert set(rows[rows["safeguards_undocumented"]]["subject"]) == {"Copperlane Payments Inc"}
    assert not rows["assessment_missing"].any()


def test_old_clauses_and_the_date_of_the_contract() -> None:
    old = {f"{PAYMENTS}.Transfer mechanism": "Standard contractual clauses 2010/87/EU"}
    for day, broken in ((date(2021, 9, 26), False), (date(2021, 9, 27), True)):
        register = read({**old, f"{PAYMENTS}.Mechanism date": day})
        rows = judge_transfers(register, date(2022, 6, 1), load_law())
        rows = rows[(rows["subject"] == "Copperlane Payments Inc") & (rows["regime"] == "eu")]
        assert (set(rows["safeguard_rule"]) == {"TRF-04"}) is broken


def test_several_registers_are_judged_as_one_by_one() -> None:
    patches: list[dict[str, object]] = [
        {f"{CRM}.Mechanism evidence": ""},
        {f"{CRM}.Country": "", "K10.Transfers": "Yes", "organisation.Regimes": "UK GDPR"},
        {"K24.Transfers": "None"},
    ]
    registers = [read(patch, f"r{i}") for i, patch in enumerate(patches)]
    together = judge_transfers(concat_registers(registers), AS_OF, load_law())
    shown = [column for column in together if not str(column).endswith("key")]
    for register in registers:
        alone = judge_transfers(register, AS_OF, load_law())
        name = register.frames["organisation"]["register"].iloc[0]
        part = together[together["register"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(part[shown], alone[shown])


def test_register_without_transfers() -> None:
    register = read({"-sheet.Recipients": "", "*.Transfers": "None"})
    rows = judge_transfers(register, AS_OF, load_law())
    assert rows.empty
    assert "safeguard" in rows
