"""What a finding quotes, how findings are ordered, and ids that stay from audit to audit."""

from collections.abc import Mapping

import pandas as pd
import pytest
from made_rules import (
    AS_OF,
    hit_all,
    hit_one,
    hit_several,
    make,
    make_rule,
    only,
    run,
)
from registers import (
    Source,
    clean_source,
    list_texts,
    patch_source,
    to_register,
    to_registers,
)

from ropa.auditing import audit_register
from ropa.findings import COLUMNS, SEVERITIES, VALUE_LENGTH
from ropa.normalise import normalise
from ropa.recognise import recognise
from ropa.register import Register
from ropa.results import Result
from ropa.rules.case import Case
from ropa.rules.hits import join_hits, make_hits
from ropa.schema import CONTACT_FIELDS
from ropa.workbook.cells import Workbook, make_sheet

# -- values -------------------------------------------------------------------------------------

LONG = "words and more words " * 15
ENCODED = "QWxhZGRpbjpvcGVuIHNlc2FtZQ0KQWxhZGRpbjpvcGVuIHNlc2FtZQ=="


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("short", "short"),
        (LONG, LONG[:VALUE_LENGTH]),
        (" as typed\n", " as typed\n"),
        (ENCODED, ""),
        ("ab" * 40, ""),
        ("see policy " + "x" * 30, "see policy " + "x" * 30),
        ("=cmd()", "=cmd()"),
    ],
)
def test_a_finding_quotes_its_cell_within_limits(text: str, value: str) -> None:
    register = make({"K05.Notes": text})
    assert only(run(register, make_rule("LAW-01", hit_one("K05", "notes"))))["value"] == value


def test_an_error_value_is_quoted_as_it_stands() -> None:
    texts = list_texts(clean_source())
    sheets = [
        make_sheet(name, rows, errors={(6, 8): "#REF!"} if name == "Activities" else {})
        for name, rows in texts.items()
    ]
    register = normalise([recognise(Workbook("made.xlsx", "0" * 64, tuple(sheets)))], register="a")
    found = only(run(register, make_rule("LAW-01", hit_one("K05", "purpose"))))
    assert (found["cell"], found["value"]) == ("H6", "#REF!")


@pytest.mark.parametrize(("table", "field"), sorted(CONTACT_FIELDS))
def test_contact_details_are_never_quoted(table: str, field: str) -> None:
    patch = {"+controllers": [{"Name": "Some plc"}]}
    register = to_register(patch_source(clean_source(), patch), "made")
    frames = dict(register.frames)
    frames[table] = frames[table].assign(
        **{field: "someone@example.org", f"{field}_state": "stated"}
    )
    register = Register(frames, register.inputs)

    def find(case: Case) -> pd.DataFrame:
        return make_hits(case.register.frames[table].iloc[:1], field, "Wrong.", table=table)

    found = only(run(register, make_rule("IDN-06", find, roles="R")))
    assert found["value"] == ""
    assert found["cell"]


# -- order --------------------------------------------------------------------------------------


def test_findings_are_sorted_by_severity_rule_and_place() -> None:
    def find(case: Case) -> pd.DataFrame:
        rows = case.activities.iloc[[10, 2, 7]]
        hits = [
            make_hits(rows, field, "Wrong.", severity=severity)
            for severity in SEVERITIES[::-1]
            for field in ("owner", "purpose", "activity_id")
        ]
        own = make_hits(case.organisation, "name", "Wrong.", table="organisation")
        return join_hits([*hits, own])

    def find_other(case: Case) -> pd.DataFrame:
        rows = case.recipients.iloc[[5, 1]]
        return make_hits(rows, "country", "Wrong.", table="recipients", severity="critical")

    rules = [make_rule("RET-01", find_other), make_rule("LAW-01", find)]
    frame = run(make(), *rules).frames["findings"]
    order = frame["severity"].map(SEVERITIES.index)
    places = list(
        zip(
            order, frame["rule"], frame["file"], frame["sheet"], frame["row"], frame["column"],
            strict=True,
        )
    )  # fmt: skip
    assert places == sorted(places)
    assert len(places) == 12
    assert set(frame["rule"]) == {"LAW-01", "RET-01"}


# -- ids ----------------------------------------------------------------------------------------


def test_ids_are_unique_where_rule_field_and_subject_repeat() -> None:
    rows = [{"like": "K05"}, {"like": "K05", "Purpose": "Other"}]
    register = make({"+activities": rows})
    find = hit_several(hit_all("owner"), hit_all("purpose", subject="Some Ltd"))
    found = run(register, make_rule("LAW-01", find)).findings
    assert len(found) == 2 * 26
    assert found["id"].is_unique
    assert found["id"].str.fullmatch("[0-9a-f]{12}").all()


def test_ids_are_unique_where_one_activity_names_a_recipient_twice() -> None:
    twice = [
        {"Activity ID": "K05", "Recipient": "Some Ltd", "Country": country}
        for country in ("Japan", "India")
    ]

    def find(case: Case) -> pd.DataFrame:
        rows = case.recipients[case.recipients["recipient"] == "Some Ltd"]
        return make_hits(rows, "country", "Wrong.", table="recipients", subject=rows["recipient"])

    one = make_rule("REC-03", find)
    found = run(make({"+recipients": twice}), one).findings
    turned = run(make({"+recipients": twice[::-1]}), one).findings
    assert found["id"].nunique() == 2
    assert dict(zip(found["id"], found["value"], strict=True)) == dict(
        zip(turned["id"], turned["value"], strict=True)
    )


def test_an_id_holds_no_message_no_severity_and_no_spelling_of_the_subject(
    clean: Register,
) -> None:
    hits = [
        hit_one("K05", "owner", "Wrong.", subject="Some Ltd"),
        hit_one("K05", "owner", "Not right.", subject=" SOME  ltd ", severity="critical"),
    ]
    ids = {only(run(clean, make_rule("LAW-01", one)))["id"] for one in hits}
    assert len(ids) == 1
    other = only(run(clean, make_rule("LAW-01", hit_one("K05", "owner", subject="Other"))))["id"]
    assert other not in ids


def rearrange(source: Source) -> Register:
    """Return the register of a workbook whose rows, columns and sheets are in another order."""
    sheets = []
    for name, rows in reversed(list_texts(source).items()):
        if name == "Organisation":
            cells = rows[::-1]
        else:
            cells = [row[::-1] for row in [rows[0], *rows[:0:-1]]]
        sheets.append(make_sheet(name, cells))
    workbook = Workbook("other name.xlsx", "1" * 64, tuple(sheets))
    return normalise([recognise(workbook)], register="another")


@pytest.mark.parametrize("patch", [{}, {"*.ID": ""}], ids=["with ids", "without ids"])
@pytest.mark.parametrize("name", ["telephone-answering-service", "call-handling-provider"])
def test_findings_stay_when_rows_columns_and_sheets_are_moved(
    name: str, patch: Mapping[str, object]
) -> None:
    source = patch_source(clean_source(name), patch)
    results = [run_all(to_register(source, "made")), run_all(rearrange(source))]
    kept = [column for column in COLUMNS if column not in ("file", "cell")]
    one, other = (result.findings[kept].sort_values("id") for result in results)
    pd.testing.assert_frame_equal(
        one.reset_index(drop=True), other.reset_index(drop=True), check_like=False
    )
    assert len(one) > 20


def run_all(register: Register) -> Result:
    return audit_register(register, as_of=AS_OF)


# -- several registers at once ------------------------------------------------------------------

PATCHES: Mapping[str, Mapping[str, object]] = {
    "gaps": {"*.Lawful basis": "", "organisation.Email": "", "*.Retention": "as long as necessary"},
    "columns": {
        "-column.Activities.Retention": True,
        "-column.Recipients.Transfer mechanism": True,
        "K05.Purpose": "TBC",
    },
    "sheets": {"-sheet.Recipients": True, "-sheet.Organisation": True, "-sheet.Data items": True},
    "one regime": {
        "organisation.Regimes": "EU GDPR",
        "recipients.*.*.Transfer mechanism": "EU-US Privacy Shield",
        "+activities": [{"like": "K05"}, {"like": "K06"}],
    },
    "clean": {},
}


def test_many_registers_in_one_pass_give_the_findings_of_each() -> None:
    sources = {name: patch_source(clean_source(), patch) for name, patch in PATCHES.items()}
    together = run_all(to_registers(sources)).frames
    seen = {}
    for name, source in sources.items():
        alone = run_all(to_register(source, name)).frames
        for table in ("findings", "not_evaluated"):
            part = together[table][together[table]["register"] == name]
            pd.testing.assert_frame_equal(part.reset_index(drop=True), alone[table])
        seen[name] = len(alone["findings"])
    assert seen.pop("clean") == 0
    assert all(seen.values())


def test_an_id_is_unique_within_a_register_only() -> None:
    register = to_registers({"a": clean_source(), "b": clean_source()})
    frame = run(register, make_rule("LAW-01", hit_one("K05", "owner"))).frames["findings"]
    assert list(frame["register"]) == ["a", "b"]
    assert len(set(frame["id"])) == 1


def test_a_missing_column_is_told_for_its_register_only() -> None:
    lacking = patch_source(clean_source(), {"-column.Activities.Retention": True})
    register = to_registers({"a": clean_source(), "b": lacking})
    one = make_rule("RET-01", hit_all("owner"), duty="record", needs=["retention"])
    frame = run(register, one).frames["findings"]
    assert frame.groupby("register").size().to_dict() == {"a": 24, "b": 1}
