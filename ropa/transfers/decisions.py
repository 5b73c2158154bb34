"""One transfer, judged: on what it rests under one regime on one day.

`judge_transfer` asks one question after the other, in the order of `_QUESTIONS`; the first that has
an answer decides. What is law on the day comes from the law tables.
"""

from collections.abc import Callable
from datetime import date, timedelta
from types import MappingProxyType

from ropa.lawbook import Adequacy, Law, Mechanism
from ropa.transfers.facts import LAW_NAMES, NEW_CLAUSES, Facts
from ropa.transfers.values import ARTICLE_46, Statement, Verdict

_OTHER = MappingProxyType({"uk": "eu", "eu": "uk"})
_DEROGATIONS = frozenset({"derogation", "compelling"})
_SITE_CONSENT = "SITE-CONSENT"
_COMPELLING = "D49-CLI"
_MODULE_4 = "SCC-2021-M4"


def judge_transfer(regime: str, stated: Statement, on: date, law: Law) -> Verdict:
    """Decide on what a transfer rests, and which rule that breaks.

    Parameters
    ----------
    regime : {"uk", "eu"}
        The exporter's regime. The two never stand in for each other, except that the United
        Kingdom reads the Union's tables until the end of 2020, as the law tables say.
    stated : Statement
        What the register says.
    on : date
        Day on which it is judged.
    law : Law
        The law tables.

    Returns
    -------
    Verdict
        At most one rule. A tool that is good on the day wins over a lapsed one named beside it.
    """
    facts = Facts(regime, stated, on, law)
    for question in _QUESTIONS:
        verdict = question(facts)
        if verdict is not None:
            return verdict
    return facts.settle("unidentified")


# --- fine --------------------------------------------------------------------------------------


def _stay_or_adequate(one: Facts) -> Verdict | None:
    if one.destination == "home":
        return one.settle("home")
    if one.destination == "unreadable":
        return one.settle("unreadable")
    if one.destination == "adequate" and one.adequacy is not None:
        return one.settle("adequacy", instrument=one.adequacy.id)
    return None


def _rest_on_condition(one: Facts) -> Verdict | None:
    """Adequacy for some recipients, claimed and shown."""
    adequacy = one.adequacy
    if adequacy is None or adequacy.coverage == "full":
        return None
    shown = bool(one.fitting_claims) and one.stated.evidence
    if adequacy.coverage == "category":
        shown = shown or one.country in one.stated.conditions
    elif adequacy.depends_on:
        shown = shown and _names(one, adequacy)
    return one.settle("adequacy_conditional", instrument=adequacy.id) if shown else None


def _names(one: Facts, adequacy: Adequacy) -> bool:
    return any(adequacy.id in one.read(code).instruments for code in one.codes)


def _rest_on_tool(one: Facts) -> Verdict | None:
    """Find a tool of Article 46 that works for this exporter on this day."""
    found = [
        tool for code in one.codes for tool in _find_tools(one, code) if tool.kind in ARTICLE_46
    ]
    if not found:
        return None
    modules = {code for code in one.codes if code.startswith(NEW_CLAUSES)}
    assessed = any(tool.assessment_needed for tool in found) and modules != {_MODULE_4}
    return one.settle(
        found[0].kind,
        instrument=" ".join(sorted({tool.id for tool in found})),
        assessable=assessed and bool(one.law.find_assessment(one.regime, one.on)),
    )


def _find_tools(one: Facts, code: str) -> tuple[Mechanism, ...]:
    """Return what a code stands for that works on the day and could be concluded when it was."""
    if _is_unclear(one, code):
        return ()
    return tuple(tool for tool in one.mechanisms(code) if not _is_late(one, tool))


def _is_unclear(one: Facts, code: str) -> bool:
    """Tell whether a code names no version while there are several.

    Until the clauses of 2021 came, "standard contractual clauses" meant the old ones.
    """
    if one.read(code).reading != "unidentified":
        return False
    named = one.instruments(code)
    starts = [
        row["valid_from"]
        for row in one.law.rows("transfer_mechanisms")
        if row["id"] in named and row["regime"] == "eu"
    ]
    return one.on.isoformat() >= max(starts)


def _is_late(one: Facts, tool: Mechanism) -> bool:
    concluded, last = one.stated.concluded, tool.new_contract_until
    return concluded is not None and last is not None and concluded > last


# --- broken, in the order in which the safeguard is judged --------------------------------------


def _report_lapsed(one: Facts) -> Verdict | None:
    for code in one.codes:
        end = _find_end(one, code)
        if end is not None and end < one.on:
            since = end + timedelta(days=1)
            message = f"{_head(one, code)} cannot be relied on since {since}."
            return one.settle("lapsed", rule="TRF-04", message=message)
        late = [tool for tool in one.mechanisms(code) if _is_late(one, tool)]
        if late and not _is_unclear(one, code):
            last = max(tool.new_contract_until for tool in late if tool.new_contract_until)
            message = (
                f"{_head(one, code)}, dated {one.stated.concluded}, could be concluded until "
                f"{last} only."
            )
            return one.settle("lapsed", rule="TRF-04", message=message)
    return None


def _find_end(one: Facts, code: str) -> date | None:
    """Return the last day of a code; of one that only the other regime has, its day there."""
    reading = one.read(code).reading
    regime = _OTHER[one.regime] if reading == "other_regime" else one.regime
    return one.law.mechanism_end(regime, code) if reading != "unidentified" else None


def _report_false_adequacy(one: Facts) -> Verdict | None:
    if not one.claims or one.fitting_claims or not one.country:
        return None
    claim = max(one.claims, key=lambda code: one.read(code).reading != "adequacy")
    named = one.instruments(claim) if one.read(claim).reading != "adequacy" else frozenset()
    head = f"{_head(one, claim)} is claimed" if named else "Adequacy is claimed"
    message = f"{head} for {one.place}, {_describe_adequacy(one)}."
    return one.settle("claimed_adequacy", rule="TRF-06", message=message)


def _describe_adequacy(one: Facts) -> str:
    """Say what adequacy the country has instead, if it has or had any."""
    if one.adequacy is not None:
        return f"which is adequate by {one.adequacy.instrument} only on {one.on}"
    history = one.law.find_adequacy_history(one.regime, one.country)
    later = [row.valid_from for row in history if row.valid_from > one.on]
    since = f" (it has from {min(later)})" if later else ""
    return f"which has no adequacy under {one.law_name} on {one.on}{since}"


def _report_open_condition(one: Facts) -> Verdict | None:
    """Adequacy for some recipients: a list counts when claimed, a category claimed or not."""
    adequacy = one.adequacy
    if adequacy is None or one.destination in ("home", "adequate"):
        return None
    if adequacy.coverage == "list" and not one.fitting_claims:
        return None
    if not one.fitting_claims and one.stated.state in ("unreadable", "absent"):
        return None
    lead = ""
    if adequacy.depends_on and not _names(one, adequacy):
        names = [
            row["name"]
            for row in one.law.rows("mechanism_codes")
            if row["regime"] == one.regime and adequacy.id in row["instruments"].split(";")
        ]
        lead = f"{names[0]} is not named: " if names else ""
    place = one.place if lead else one.place[0].upper() + one.place[1:]
    message = (
        f"{lead}{place} is adequate by {adequacy.instrument} on a condition that the record "
        f"does not show to be met: {adequacy.condition}."
    )
    return one.settle("adequacy_open", rule="TRF-07", message=message)


def _report_other_tool(one: Facts) -> Verdict | None:
    """Instruments that are no tool under this regime on this day."""
    messages: list[str] = []
    for code in one.codes:
        if code in one.claims or code == _SITE_CONSENT or _is_unclear(one, code):
            continue
        reading = one.read(code).reading
        if reading == "other_regime":
            other = LAW_NAMES[_OTHER[one.regime]]
            messages.append(
                f"{_head(one, code)}: recognised by {other} alone, and no safeguard under "
                f"{one.law_name}."
            )
        elif reading == "no_tool":
            messages.append(f"{_head(one, code)}: no transfer tool.")
        elif not one.mechanisms(code):
            messages.append(
                f"{_head(one, code)} cannot be relied on before {_find_start(one, code)}."
            )
    if messages:
        return one.settle("other_regime", rule="TRF-05", message=messages[0])
    if any(_is_unclear(one, code) for code in one.codes):
        message = (
            "Standard contractual clauses are named without their version: the instrument is not "
            "identified."
        )
        return one.settle("clauses_unidentified", rule="TRF-05", message=message, severity="medium")
    return None


def _find_start(one: Facts, code: str) -> str:
    named = one.read(code).instruments
    rows = one.law.rows("transfer_mechanisms")
    return min(row["valid_from"] for row in rows if row["id"] in named)


def _judge_derogation(one: Facts) -> Verdict | None:
    named = [
        code
        for code in one.codes
        if code == _SITE_CONSENT or any(tool.kind in _DEROGATIONS for tool in one.mechanisms(code))
    ]
    if not named:
        return None
    compelling = _COMPELLING in named
    if _SITE_CONSENT in named:
        message = (
            "Consent to the transfer is taken from the use of a site, which is no explicit consent."
        )
    elif one.stated.occasional:
        return one.settle("derogation", compelling=compelling)
    else:
        message = (
            f"{_head(one, named[0])} is relied on, and nothing says that the transfer is "
            "occasional."
        )
    return one.settle("derogation", rule="TRF-09", message=message, compelling=compelling)


def _report_words(one: Facts) -> Verdict | None:
    if not one.stated.vague or one.claims:
        return None
    message = "The safeguard is described in general words that name no instrument."
    return one.settle("words_only", rule="TRF-13", message=message)


def _report_nothing(one: Facts) -> Verdict | None:
    if one.destination == "unidentified":
        return one.settle("unidentified")
    if one.stated.state in ("unreadable", "absent"):
        return one.settle("unreadable")
    lack = "is adequate for some recipients only" if one.adequacy else "is not adequate"
    message = (
        f"Data go to {one.place}, which {lack} under {one.law_name} on {one.on}, and no "
        "safeguard is stated."
    )
    return one.settle("none", rule="TRF-03", message=message)


def _head(one: Facts, code: str) -> str:
    """Return the instrument's name as a sentence begins."""
    name = one.read(code).name
    return name[0].upper() + name[1:]


_QUESTIONS: tuple[Callable[[Facts], Verdict | None], ...] = (
    _stay_or_adequate,
    _rest_on_condition,
    _rest_on_tool,
    _report_lapsed,
    _report_false_adequacy,
    _report_open_condition,
    _report_other_tool,
    _judge_derogation,
    _report_words,
    _report_nothing,
)
"""In order: a transfer has the verdict of the first that answers."""
