"""What the cases of the rules on transfers cannot say: headings, entries, messages."""

from datetime import date
from types import MappingProxyType

from registers import clean_source, patch_source, to_register

from ropa.lawbook import load_law
from ropa.register import Register
from ropa.rules.case import Case
from ropa.rules.hits import NOT_EVALUATED
from ropa.rules.transferring import (
    no_transfer_assessment,
    no_transfer_mechanism,
    transfers_not_stated,
)

AS_OF = date(2026, 9, 30)


def make_case(patch: dict[str, object], heading: str = "") -> Case:
    register = to_register(patch_source(clean_source(), patch), "clean")
    if heading:
        rows = register.frames["mapping"]
        chosen = (rows["table"] == "activities") & (rows["field"] == "transfers")
        frames = dict(register.frames)
        frames["mapping"] = rows.assign(heading=rows["heading"].mask(chosen, heading))
        register = Register(MappingProxyType(frames), register.inputs)
    return Case(register, AS_OF, load_law())


def test_optional_heading_gives_one_info_for_the_register() -> None:
    patch: dict[str, object] = {"K08.Transfers": "", "K16.Transfers": ""}
    patch |= {"K08.Location": "", "K16.Location": ""}
    hits = transfers_not_stated.evaluate(make_case(patch, "Third countries (if applicable)"))
    assert hits[["key", "field", "severity"]].to_numpy().tolist() == [[-1, "transfers", "info"]]
    assert "2 activities" in hits["message"].iloc[0]
    assert len(transfers_not_stated.evaluate(make_case(patch))) == 2


def test_optional_heading_without_blanks_gives_nothing() -> None:
    case = make_case({"K08.Location": ""}, "Third countries (if applicable)")
    assert transfers_not_stated.evaluate(case).empty


def test_unreadable_mechanism_is_not_evaluated() -> None:
    cell = "recipients.K24.Copperlane Payments Inc.Transfer mechanism"
    hits = no_transfer_mechanism.evaluate(make_case({cell: "zzz qqq"}))
    assert hits["severity"].tolist() == [NOT_EVALUATED]


def test_assessment_is_named_as_each_regime_does() -> None:
    cell = "recipients.K24.Copperlane Payments Inc.Transfer assessment"
    hits = no_transfer_assessment.evaluate(make_case({cell: ""}))
    messages = dict(zip(hits["regime"], hits["message"], strict=True))
    assert "transfer impact assessment" in messages["eu"]
    assert "transfer risk assessment" in messages["uk"]
