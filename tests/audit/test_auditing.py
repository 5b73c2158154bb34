"""From hits to findings, with made-up rules: regimes, provisions, places, what was not judged."""

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest
from made_rules import (
    AS_OF,
    Find,
    hit_all,
    hit_one,
    hit_several,
    make,
    make_rule,
    only,
    run,
)

import ropa
from ropa.errors import UsageError
from ropa.findings import COLUMNS, compute_id
from ropa.register import Register
from ropa.results import NOT_EVALUATED_COLUMNS
from ropa.rules.case import Case
from ropa.rules.catalogue import rule, select_rules
from ropa.rules.hits import join_hits, make_hits, skip_rows

# -- one finding --------------------------------------------------------------------------------


def test_a_finding_says_everything(clean: Register) -> None:
    one = make_rule("LAW-01", hit_one("K05", "purpose", subject="Some Ltd"), severity="low")
    expected = {
        "id": compute_id("LAW-01", "k05", "purpose", "some ltd"),
        "rule": "LAW-01",
        "name": "made_up",
        "severity": "low",
        "duty": "law",
        "regime": "uk+eu",
        "activity_id": "K05",
        "activity": "Payroll",
        "field": "purpose",
        "subject": "Some Ltd",
        "message": "It is wrong.",
        "value": str(clean.activities["purpose"][4]),
        "file": "made.xlsx",
        "sheet": "Activities",
        "cell": "H6",
        "provision": "UK GDPR Art 6(1), 5(2), 13(1)(c); GDPR Art 6(1), 5(2), 13(1)(c)",
        "remedy": "Write what is right.",
        "status": "new",
        "owner": "",
        "due": "",
        "decision": "",
        "remark": "",
    }
    found = only(run(clean, one))
    assert found == expected
    assert tuple(found) == COLUMNS


def test_a_finding_on_the_register_names_no_activity(clean: Register) -> None:
    def find(case: Case) -> pd.DataFrame:
        return make_hits(case.organisation, "name", "Wrong.", table="organisation")

    found = only(run(clean, make_rule("IDN-06", find, roles="R")))
    assert (found["activity_id"], found["activity"]) == ("", "")
    assert (found["sheet"], found["cell"]) == ("Organisation", "B1")
    assert found["value"] == "Contact centre services company (sample)"
    assert found["id"] == compute_id("IDN-06", "", "name", "")


def test_an_audit_without_findings_has_all_columns(clean: Register) -> None:
    result = run(clean, make_rule("LAW-01", hit_one("K99", "purpose")))
    for frame in (result.findings, result.fixed):
        assert list(frame.columns) == list(COLUMNS)
        assert len(frame) == 0
        assert {str(one) for one in frame.dtypes} == {"str"}
    assert list(result.not_evaluated.columns) == list(NOT_EVALUATED_COLUMNS)
    assert len(run(clean).findings) == 0


def test_a_result_cannot_be_changed_through_its_frames(clean: Register) -> None:
    result = run(clean, make_rule("LAW-01", hit_all("purpose")))
    before = result.findings.copy(deep=True)
    given = result.findings
    given.loc[0, "message"] = "changed"
    given["message"].array[1] = "changed"
    given["more"] = 1
    pd.testing.assert_frame_equal(result.findings, before)


def test_activities_without_a_name_show_their_purpose_and_without_an_id_a_label() -> None:
    register = make({"K05.Activity": "TBC", "K05.ID": "", "-recipients.K05.*": True})
    find: Find = lambda case: make_hits(  # noqa: E731 - a rule in one line
        case.activities[case.activities["purpose"] == case.activities["purpose"][4]],
        "owner",
        "Wrong.",
    )
    found = only(run(register, make_rule("LAW-01", find)))
    assert found["activity"] == register.activities["purpose"][4]
    assert found["activity_id"] == register.activities["label"][4]
    assert found["activity_id"].startswith("~")


def test_activities_that_are_not_live_are_not_judged() -> None:
    register = make({"K05.Status": "Ended", "K06.Status": "Proposed", "K07.Status": ""})
    found = run(register, make_rule("LAW-01", hit_all("purpose"))).findings
    live = {f"K{number:02}" for number in range(1, 25)} - {"K05", "K06"}
    assert set(found["activity_id"]) == live


def test_a_child_and_a_transfer_name_their_activity_and_their_own_cell(clean: Register) -> None:
    def find(case: Case) -> pd.DataFrame:
        rows = case.transfers.drop_duplicates("recipient_key")
        beside = rows[rows["origin"] == "recipients"].iloc[:1]
        items = case.data_items.iloc[:1]
        return join_hits(
            [
                make_hits(beside, "transfer_mechanism", "Wrong.", table="transfers"),
                make_hits(items, "source", "Wrong.", table="data_items"),
            ]
        )

    rows = run(clean, make_rule("TRF-03", find)).findings
    assert rows[["activity_id", "sheet", "cell"]].to_numpy().tolist() == [
        ["K01", "Data items", "E2"],
        ["K01", "Recipients", "J2"],
    ]


# -- regimes and provisions ---------------------------------------------------------------------


def test_one_defect_is_one_row_under_both_regimes(clean: Register) -> None:
    both = make_rule("LAW-01", hit_one("K05", "lawful_basis"))
    assert only(run(clean, both))["regime"] == "uk+eu"
    assert only(run(clean, both, regime="both"))["regime"] == "uk+eu"
    found = only(run(clean, both, regime="uk"))
    assert (found["regime"], found["provision"]) == ("uk", "UK GDPR Art 6(1), 5(2), 13(1)(c)")
    found = only(run(clean, both, regime="eu"))
    assert (found["regime"], found["provision"]) == ("eu", "GDPR Art 6(1), 5(2), 13(1)(c)")


def test_the_id_does_not_depend_on_the_regime(clean: Register) -> None:
    one = make_rule("LAW-01", hit_one("K05", "lawful_basis"))
    assert len({only(run(clean, one, regime=name))["id"] for name in ("uk", "eu", "both")}) == 1


def test_one_provision_of_two_regimes_is_named_once(clean: Register) -> None:
    found = only(run(clean, make_rule("LAW-01", hit_one("K05", "owner")), as_of=date(2019, 6, 1)))
    assert (found["regime"], found["provision"]) == ("uk+eu", "GDPR Art 6(1), 5(2), 13(1)(c)")


def test_a_regime_without_a_provision_is_dropped(clean: Register) -> None:
    one = make_rule("MKT-01", hit_one("K05", "purpose"))
    found = only(run(clean, one))
    assert (found["regime"], found["provision"]) == ("uk", "PECR reg 22")
    result = run(clean, one, regime="eu")
    assert len(result.findings) == len(result.not_evaluated) == 0


def test_a_hit_of_one_regime_counts_under_it_alone(clean: Register) -> None:
    one = make_rule("LAW-01", hit_one("K05", "purpose", regime="eu"))
    assert only(run(clean, one))["regime"] == "eu"
    assert len(run(clean, one, regime="uk").findings) == 0


def test_verdicts_that_differ_by_regime_are_told_apart_in_one_row(clean: Register) -> None:
    find = hit_several(
        hit_one("K05", "purpose", "Bad.", regime="eu", severity="critical"),
        hit_one("K05", "purpose", "Not so bad.", regime="uk", severity="low"),
    )
    found = only(run(clean, make_rule("LAW-01", find)))
    assert found["regime"] == "uk+eu"
    assert found["severity"] == "critical"
    assert found["message"] == "UK: Not so bad. EU: Bad."
    assert found["provision"].startswith("UK GDPR")


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_hits_on_one_cell_the_more_severe_stays(clean: Register, *, turned: bool) -> None:
    parts = [
        hit_one("K05", "purpose", "Not so bad.", severity="low"),
        hit_one("K05", "purpose", "Bad.", severity="critical"),
    ]
    found = only(run(clean, make_rule("LAW-01", hit_several(*parts[:: -1 if turned else 1]))))
    assert (found["severity"], found["message"]) == ("critical", "Bad.")


def test_a_provision_and_a_duty_depend_on_the_party(clean: Register) -> None:
    one = make_rule(
        "RET-01",
        hit_several(hit_one("K05", "retention"), hit_one("K19", "retention")),
        duty="record",
        processor_duty="guidance",
    )
    rows = run(clean, one, regime="uk").findings
    assert rows[["activity_id", "provision", "duty"]].to_numpy().tolist() == [
        ["K05", "UK GDPR Art 30(1)(f)", "record"],
        ["K19", "UK GDPR Art 28(3)(g)", "guidance"],
    ]


def test_a_joint_controller_and_an_unknown_role_are_no_processor() -> None:
    register = make({"K05.Role": "TBC", "K06.Role": "Controller and processor"})
    find = hit_several(*(hit_one(label, "retention") for label in ("K05", "K06", "K17")))
    rows = run(register, make_rule("RET-01", find), regime="uk").findings
    assert set(rows["provision"]) == {"UK GDPR Art 30(1)(f)"}


def test_a_hit_may_have_a_severity_and_a_duty_of_its_own(clean: Register) -> None:
    find = hit_several(
        hit_one("K05", "purpose", severity="info", duty="guidance"), hit_one("K06", "purpose")
    )
    rows = run(clean, make_rule("LAW-01", find, severity="high")).findings
    assert rows[["activity_id", "severity", "duty"]].to_numpy().tolist() == [
        ["K06", "high", "law"],
        ["K05", "info", "guidance"],
    ]


# -- what was not evaluated ---------------------------------------------------------------------


def test_before_the_regulation_a_duty_is_not_evaluated(clean: Register) -> None:
    one = make_rule("LAW-01", hit_all("purpose"))
    result = run(clean, one, as_of=date(2018, 5, 24))
    assert len(result.findings) == 0
    assert result.not_evaluated.to_dict("records") == [
        {
            "rule": "LAW-01",
            "activity_id": "",
            "why": "no such provision was in force on 2018-05-24",
        }
    ]
    assert len(run(clean, one, as_of=date(2018, 5, 25)).findings) == 24


def test_before_the_regulation_transfers_are_judged(clean: Register) -> None:
    result = run(clean, make_rule("TRF-03", hit_one("K05", "purpose")), as_of=date(2018, 5, 24))
    assert only(result)["provision"].startswith("Directive 95/46/EC")
    assert len(result.not_evaluated) == 0


def test_a_rule_that_is_not_about_any_record_is_not_asked_for() -> None:
    register = make({f"-K{number:02}": True for number in range(19, 26)})
    one = make_rule("LAW-01", hit_all("purpose"), roles="P")
    result = run(register, one, as_of=date(2018, 5, 24))
    assert len(result.findings) == len(result.not_evaluated) == 0
    assert len(run(register, one).findings) == 0


def test_a_missing_column_of_the_record_is_one_finding_at_the_headings() -> None:
    register = make({"-column.Activities.Retention": True})
    one = make_rule("RET-01", hit_all("retention"), duty="record", needs=["retention"])
    result = run(register, one)
    found = only(result)
    assert (found["activity_id"], found["activity"], found["value"]) == ("", "", "")
    assert (found["sheet"], found["cell"]) == ("Activities", "A1:AL1")
    assert found["file"] == "made.xlsx"
    assert found["message"] == "The layout has no column for 'Retention'."
    assert found["field"] == "retention"
    assert len(result.not_evaluated) == 0


def test_a_missing_column_for_another_rule_is_not_evaluated() -> None:
    register = make({"-column.Activities.Retention": True})
    for duty in ("law", "guidance"):
        one = make_rule("RET-01", hit_all("owner"), duty=duty, needs=["owner", "retention"])
        result = run(register, one)
        assert len(result.findings) == 0
        assert result.not_evaluated.to_dict("records") == [
            {
                "rule": "RET-01",
                "activity_id": "",
                "why": "the layout has no column for 'Retention'",
            }
        ]


def test_a_missing_sheet_is_found_at_the_headings_of_the_activities() -> None:
    register = make({"-sheet.Recipients": True, "-sheet.Organisation": True})
    one = make_rule("REC-01", hit_all("owner"), duty="record", needs=["recipients.recipient"])
    found = only(run(register, one))
    assert (found["sheet"], found["cell"]) == ("Activities", "A1:AM1")
    assert "'Recipient'" in found["message"]


def test_a_rule_whose_columns_are_there_is_evaluated(clean: Register) -> None:
    one = make_rule("RET-01", hit_one("K05", "owner"), needs=["owner", "recipients.country"])
    assert only(run(clean, one))["activity_id"] == "K05"


def test_a_hit_on_a_field_that_the_layout_lacks_still_has_a_place() -> None:
    register = make({"-column.Activities.Retention": True})
    found = only(run(register, make_rule("RET-01", hit_one("K05", "retention"))))
    assert (found["activity_id"], found["sheet"], found["value"]) == ("K05", "Activities", "")
    assert found["cell"] == "A1:AL1"


def test_rows_that_cannot_be_judged_are_told_by_activity(clean: Register) -> None:
    def find(case: Case) -> pd.DataFrame:
        skipped = skip_rows(case.activities.iloc[4:6], "it cannot be read")
        return join_hits([hit_one("K07", "purpose")(case), skipped, skipped])

    result = run(clean, make_rule("LAW-01", find))
    assert only(result)["activity_id"] == "K07"
    assert result.not_evaluated.to_numpy().tolist() == [
        ["LAW-01", "K05", "it cannot be read"],
        ["LAW-01", "K06", "it cannot be read"],
    ]


def test_rows_of_a_child_that_cannot_be_judged_are_told_by_their_activity(clean: Register) -> None:
    def find(case: Case) -> pd.DataFrame:
        return skip_rows(case.recipients.iloc[:1], "it cannot be read", table="recipients")

    result = run(clean, make_rule("REC-03", find))
    assert result.not_evaluated.to_numpy().tolist() == [["REC-03", "K01", "it cannot be read"]]
    assert len(result.findings) == 0


# -- the arguments of an audit ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"as_of": "30.9.2026"}, "as_of: '30.9.2026' is no date: write it as 2026-12-01"),
        ({"as_of": "2026-02-30"}, "as_of: '2026-02-30' is no date"),
        ({"as_of": ""}, "as_of: '' is no date"),
        ({"as_of": AS_OF, "regime": "us"}, "there is no regime 'us'"),
        ({"as_of": AS_OF, "rules": ["TRF-99"]}, "there is no rule TRF-99"),
        ({"as_of": AS_OF, "rules": ["LAW-01", "law-01"]}, "there is no rule law-01"),
    ],
)
def test_a_wrong_argument_is_told(
    arguments: Mapping[str, object], told: str, clean: Register
) -> None:
    with pytest.raises(UsageError) as caught:
        ropa.audit(clean, **arguments)  # type: ignore[arg-type]
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


def test_no_rule_at_all_is_an_audit_of_nothing(clean: Register) -> None:
    result = ropa.audit(clean, as_of="2026-09-30", rules=[])
    assert len(result.findings) == 0
    assert result.rules == select_rules([])


def test_the_date_and_the_law_of_an_audit_are_kept(clean: Register) -> None:
    law = ropa.law().ending("EUADQ-US-DPF", on="2026-09-01")
    result = ropa.audit(clean, as_of="2026-09-30", rules=["TRF"], law=law)
    assert (result.as_of, result.law) == (AS_OF, law)
    assert len(result.findings) > 0
    assert len(ropa.audit(clean, as_of=AS_OF, rules=["TRF"]).findings) == 0


# -- the decorator ------------------------------------------------------------------------------


def test_a_rule_takes_its_texts_from_its_docstring() -> None:
    one = make_rule("LAW-01", hit_all("owner"), needs=["owner", "recipients.country"])
    assert (one.summary, one.why) == ("Something is wrong.", "It matters to the test.")
    assert (one.remedy, one.references) == ("Write what is right.", "GDPR Art 5.")
    assert one.needs == (("activities", "owner"), ("recipients", "country"))


def test_a_rule_without_a_remedy_is_a_mistake() -> None:
    def made_up(case: Case) -> pd.DataFrame:
        """Something is wrong."""
        return hit_all("owner")(case)

    with pytest.raises(TypeError, match="lacks"):
        rule("LAW-01", roles="C", severity="low", duty="law")(made_up)


# -- what was once a crash ----------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2018-05-24", "2019-06-01", "2022-01-01", "2026-09-30"])
def test_an_undated_instrument_is_judged_on_every_day(day: str) -> None:
    patch = {
        "recipients.*.*.Transfer mechanism": "Standard contractual clauses 2010/87/EU",
        "recipients.*.*.Mechanism date": "",
    }
    result = ropa.audit(make(patch), as_of=day, rules=["TRF"])
    assert ("TRF-04" in set(result.findings["rule"])) == (day == "2026-09-30")
