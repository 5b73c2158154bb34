"""IDN: in which role the organisation acts for each activity, and for or with whom."""

import pandas as pd

from ropa.phrases.matching import load_matcher
from ropa.phrases.roles import read_role
from ropa.phrases.states import read_answer
from ropa.rules.case import Case, is_gap, is_stated, map_texts, read_column, satisfies
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits

_ABSENT = "absent"


def hit_layout(rows: pd.DataFrame, field: str, message: str) -> pd.DataFrame:
    """Return one hit a register, at its headings, for what the layout has no column for."""
    once = rows.drop_duplicates("register").assign(key=-1)
    return make_hits(once, field, message)


@rule("IDN-03", roles="CP", severity="medium", duty="record")
def role_unclear(case: Case) -> pd.DataFrame:
    """Find activities whose role is blank, or that state two roles at once.

    Not where the layout fixes the role, nor where an activity stands once in each role. Text that
    names no role of the GDPR is an unreadable cell (GOV-08).

    Why it matters
    --------------
    A controller's record (Article 30(1)) and a processor's (Article 30(2)) hold different things.
    Where the role is open the activity is judged as a controller's, which may be wrong.

    Remedy
    ------
    Write controller, joint controller or processor; give an activity that is carried out in two
    roles one row for each.

    References
    ----------
    GDPR Art 4(7), 4(8), 30(1), 30(2). European Data Protection Board, Guidelines 07/2020.
    """
    rows = case.activities
    # A role that comes from the layout is no gap of the row.
    blank = is_gap(rows, "role", none_is_gap=True) & rows["role_assumed"]
    several = rows["role_several"]
    message = pd.Series("No role is stated; judged as a controller's record.", index=rows.index)
    message = message.mask(
        several, "Two roles are stated at once; judged as a controller's record."
    )
    unclear = blank | several
    # No field is needed: the template or the sheet may fix the role of all its activities.
    open_rows = rows[(rows["role_state"] == _ABSENT) & rows["role_assumed"]]
    return join_hits(
        (
            hit_layout(open_rows, "role", "The layout has no column for 'Role'."),
            make_hits(rows[unclear], "role", message[unclear]),
        )
    )


@rule("IDN-04", roles="P", severity="high", duty="record")
def controllers_not_named(case: Case) -> pd.DataFrame:
    """Find processor records that do not name the controllers on whose behalf they are.

    "The client" is no name. Not where the record refers to the list of controllers and the sheet
    Controllers names them.

    Why it matters
    --------------
    A processor's record is kept for each controller. Without the names nobody can tell whose
    instructions apply, or whom to warn of a breach.

    Remedy
    ------
    Name each controller, or refer to the sheet Controllers and list them there with their contact
    details.

    References
    ----------
    GDPR Art 30(2)(a), 33(2).
    """
    rows = case.processor_rows
    controllers = case.register.frames["controllers"]
    named = controllers.loc[is_stated(controllers, "name"), "register"]
    listed = rows["register"].isin(named)
    absent = rows["on_behalf_of_state"] == _ABSENT
    blank = is_gap(rows, "on_behalf_of", none_is_gap=True)
    reading = map_texts(rows["on_behalf_of"].where(is_stated(rows, "on_behalf_of"), ""), _read_name)
    nameless = (reading == "generic") | ((reading == "list") & ~listed)
    message = pd.Series("The controllers acted for are not stated.", index=rows.index)
    message = message.mask(
        nameless,
        "The controllers acted for are only described, and no list referred to names them.",
    )
    broken = blank | nameless
    lacking = hit_layout(
        rows[absent & ~listed],
        "on_behalf_of",
        "The layout has no column for the controllers acted for, and no sheet lists them.",
    )
    return join_hits([make_hits(rows[broken], "on_behalf_of", message[broken]), lacking])


def _read_name(text: str) -> str:
    """Tell whether a text only describes controllers or only points to a list of them."""
    for vocabulary, code in (("controller_list", "list"), ("generic_controller", "generic")):
        matcher = load_matcher(vocabulary)
        if matcher.covers(text) and code in matcher.find_codes(text):
            return code
    return ""


@rule("IDN-05", roles="C", severity="medium", duty="record")
def joint_controller_not_named(case: Case) -> pd.DataFrame:
    """Find joint controllers' activities without the other controller or without the arrangement.

    Where no role is stated, naming a joint controller states it.

    Why it matters
    --------------
    The record names the joint controller, and joint controllers must lay down in an arrangement
    who answers for which duty. Without either nobody can tell who answers to the people concerned.

    Remedy
    ------
    Name the joint controller with contact details and give the reference of the arrangement.

    References
    ----------
    GDPR Art 26(1), 30(1)(a).
    """
    rows = case.controller_rows
    named = is_stated(rows, "joint_controller") & rows["role_assumed"]
    named &= ~satisfies(read_column(rows, "joint_controller"), _decides_alone)
    rows = rows[(rows["role_code"] == "joint controller") | named]
    nameless = is_gap(rows, "joint_controller", none_is_gap=True)
    nameless |= satisfies(read_column(rows, "joint_controller"), _is_answer)
    loose = is_gap(rows, "arrangement", none_is_gap=True)
    field = pd.Series("joint_controller", index=rows.index).where(nameless, "arrangement")
    message = pd.Series("The other controller is not named.", index=rows.index)
    message = message.mask(
        nameless & loose, "Neither the other controller nor the arrangement with it is stated."
    )
    message = message.mask(~nameless, "The arrangement with the other controller is not stated.")
    broken = nameless | loose
    hits = [make_hits(rows[broken], field[broken], message[broken])]
    for one, what in (("joint_controller", "joint controller"), ("arrangement", "arrangement")):
        absent = rows[rows[f"{one}_state"] == _ABSENT]
        hits.append(hit_layout(absent, one, f"The layout has no column for the {what}."))
    return join_hits(hits)


def _is_answer(text: str) -> bool:
    """Tell whether a text answers that there is another controller, and does not name it."""
    return read_answer(text) == "yes"


def _decides_alone(text: str) -> bool:
    """Tell whether a text says that there is no other controller."""
    alone = load_matcher("sole_controllers").find(text)
    return bool(alone) or read_answer(text) == "no" or read_role(text) == ("controller",)


@rule("IDN-07", roles="P", severity="high", duty="record")
def no_processing_category(case: Case) -> pd.DataFrame:
    """Find processor records that do not say what is done on the controller's behalf.

    The name of the activity or a description of the service is enough.

    Why it matters
    --------------
    The categories of processing are the core of a processor's record: purposes and lawful bases
    are the controller's to state.

    Remedy
    ------
    Describe the service in a few words, such as "telephone answering with message taking".

    References
    ----------
    GDPR Art 30(2)(b).
    """
    rows = case.processor_rows
    fields = ("activity", "purpose")
    absent = {field: rows[f"{field}_state"] == _ABSENT for field in fields}
    missing = {field: is_gap(rows, field, none_is_gap=True) | absent[field] for field in fields}
    silent = missing["activity"] & missing["purpose"]
    no_column = absent["activity"] & absent["purpose"]
    field = pd.Series("activity", index=rows.index).mask(absent["activity"], "purpose")
    broken = silent & ~no_column
    message = "The category of processing that is carried out for the controller is not stated."
    lacking = "The layout has no column for the category of processing."
    return join_hits(
        [
            make_hits(rows[broken], field[broken], message),
            hit_layout(rows[silent & no_column], "activity", lacking),
        ]
    )
