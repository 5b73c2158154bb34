"""What is lost when a verdict changes: each word of the closed list, both ways."""

import pandas as pd
import pytest

from ropa.transfers import LOSABLE, SAFEGUARDS, find_lost, is_told_elsewhere


def lose(before: str, after: str, rule: str = "") -> bool:
    frame = pd.DataFrame({"before": [before], "after": [after], "rule": [rule]})
    return bool(find_lost(frame["before"], frame["after"], frame["rule"]).iloc[0])


@pytest.mark.parametrize("before", sorted(SAFEGUARDS))
def test_only_what_carries_can_be_lost(before: str) -> None:
    assert lose(before, "none", "TRF-03") == (before in LOSABLE)


def test_nothing_is_lost_where_another_instrument_carries() -> None:
    assert not lose("adequacy_conditional", "clauses")
    assert lose("adequacy_conditional", "clauses", "TRF-05"), "a defective one does not"


def test_nothing_is_lost_where_nothing_changes() -> None:
    assert not lose("adequacy_open", "adequacy_open", "TRF-07")
    assert lose("adequacy", "adequacy_open", "TRF-07"), "a condition that is not shown"


@pytest.mark.parametrize(
    ("origin", "after", "rule", "elsewhere"),
    [
        ("activities", "none", "", True),
        ("activities", "none", "TRF-03", False),
        ("activities", "unidentified", "", False),
        ("activities", "unreadable", "", False),
        ("recipients", "none", "", False),
    ],
)
def test_a_country_of_an_activity_is_told_at_its_recipient(
    origin: str,
    after: str,
    rule: str,
    elsewhere: bool,  # noqa: FBT001 - what must come
) -> None:
    one = pd.DataFrame({"origin": [origin], "after": [after], "rule": [rule]})
    assert is_told_elsewhere(one["origin"], one["after"], one["rule"]).tolist() == [elsewhere]
