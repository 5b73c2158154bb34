"""What the cases of TRF-10 and TRF-12 cannot say: messages, severities, dates, many registers."""

from datetime import date

import pandas as pd
import pytest
from registers import clean_source, patch_source, to_register, to_registers

from ropa.lawbook import load_law
from ropa.register import Register
from ropa.rules.case import Case
from ropa.rules.hits import NOT_EVALUATED
from ropa.rules.known_vendors import vendor_known_abroad
from ropa.rules.onward_transfers import onward_transfer_not_recorded

AS_OF = date(2026, 9, 30)
FREE = {"recipients.K01.Alderpoint Storage Inc.Data categories": ""}
USES: dict[str, object] = {
    "K16.Recipients": "Larkmere Recording Ltd",
    "+recipients": [{"like": "K01", "Activity ID": "K16"}],
}


def make_register(patch: dict[str, object]) -> Register:
    return to_register(patch_source(clean_source(), patch), "clean")


def find_onward(register: Register, as_of: date = AS_OF) -> pd.DataFrame:
    return onward_transfer_not_recorded.evaluate(Case(register, as_of, load_law()))


def find_vendors(register: Register, as_of: date = AS_OF) -> pd.DataFrame:
    return vendor_known_abroad.evaluate(Case(register, as_of, load_law()))


def test_message_names_processor_sub_processor_country_and_activity() -> None:
    hits = find_onward(make_register(FREE | USES))
    assert hits["regime"].tolist() == ["uk", "eu"]
    assert hits["subject"].unique().tolist() == ["Alderpoint Storage Inc"]
    message = hits["message"].iloc[0]
    words = ["K01", "Larkmere Recording Ltd", "Alderpoint Storage Inc", "the United States"]
    assert [word for word in words if word not in message] == []
    assert hits["severity"].tolist() == ["", ""]


def test_chain_is_told_with_the_party_between() -> None:
    free = {"recipients.K05.Rookwell Data Centres Ltd.Data categories": ""}
    patch: dict[str, object] = {**FREE, **free}
    patch |= {"recipients.K01.Alderpoint Storage Inc.Via": "Rookwell Data Centres Ltd"}
    patch |= {"K16.Recipients": "Marlpit Payroll Bureau Ltd", "K16.Transfers": "Ireland"}
    patch |= {"+recipients": [{"like": "K05", "Activity ID": "K16"}]}
    hits = find_onward(make_register(patch))
    message = hits.loc[hits["message"].str.contains("Marlpit"), "message"].iloc[0]
    assert "K05 and K01" in message
    assert "through Rookwell Data Centres Ltd to Alderpoint Storage Inc" in message


@pytest.mark.parametrize(("as_of", "expected"), [("2020-12-31", {}), ("2021-01-01", {"uk": "low"})])
def test_ireland_was_at_home_until_the_end_of_2020(as_of: str, expected: dict[str, str]) -> None:
    patch: dict[str, object] = {"recipients.K05.Rookwell Data Centres Ltd.Data categories": ""}
    patch |= {"K16.Recipients": "Marlpit Payroll Bureau Ltd"}
    patch |= {"+recipients": [{"like": "K05", "Activity ID": "K16"}]}
    hits = find_onward(make_register(patch), date.fromisoformat(as_of))
    assert dict(zip(hits["regime"], hits["severity"], strict=True)) == expected


def test_several_countries_are_one_hit() -> None:
    country = {"recipients.K01.Alderpoint Storage Inc.Country": "Japan; United States; India"}
    hits = find_onward(make_register(FREE | country | USES))
    assert len(hits) == 2
    assert "in India, Japan and the United States;" in hits["message"].iloc[0]


def test_unreadable_transfers_are_not_evaluated() -> None:
    rows = [{"like": "K01", "Activity ID": "K16", "Country": "Qqqland"}]
    hits = find_onward(make_register(FREE | USES | {"+recipients": rows}))
    assert hits["severity"].tolist() == [NOT_EVALUATED]


def test_nothing_crosses_from_one_register_to_another() -> None:
    uses = {"-recipients.K01.Alderpoint Storage Inc": True} | USES
    both = to_registers(
        {
            "one": patch_source(clean_source(), FREE),
            "two": patch_source(clean_source(), uses),
        }
    )
    assert find_onward(both).empty
    both = to_registers(
        {
            "one": patch_source(clean_source(), FREE | USES),
            "two": patch_source(clean_source(), uses),
        }
    )
    assert find_onward(both)["register"].unique().tolist() == ["one"]


def test_vendor_message_makes_no_verdict() -> None:
    rows = [{"Activity ID": "K16", "Recipient": "Google Drive", "Role": "Controller"}]
    hits = find_vendors(make_register({"+recipients": rows}))
    assert hits["regime"].tolist() == ["uk"]
    assert hits["message"].iloc[0] == (
        "Google Drive is known to be established in Ireland and the United States, and no country "
        "is recorded for it."
    )


@pytest.mark.parametrize(("as_of", "expected"), [("2020-12-31", []), ("2021-01-01", ["uk"])])
def test_vendor_in_ireland_was_at_home_until_the_end_of_2020(
    as_of: str, expected: list[str]
) -> None:
    rows = [{"Activity ID": "K16", "Recipient": "Google Drive", "Role": "Controller"}]
    hits = find_vendors(make_register({"+recipients": rows}), date.fromisoformat(as_of))
    assert hits["regime"].tolist() == expected


def test_cells_beside_the_vendor_place_it() -> None:
    row = {"Activity ID": "K16", "Recipient": "Mailchimp", "Role": "Controller"}
    placed = row | {"Mechanism evidence": "Hosted in Switzerland, contract annex 2"}
    silent = row | {"Mechanism evidence": "Contract annex 2"}
    assert find_vendors(make_register({"+recipients": [placed]})).empty
    assert len(find_vendors(make_register({"+recipients": [silent]}))) == 2
