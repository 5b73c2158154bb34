"""The slides on the work: top risks, trend, decisions asked for, method and evidence."""

from datetime import date, timedelta

import pandas as pd

from ropa import __version__
from ropa.charts.palette import PANEL, SEVERITY_COLOURS
from ropa.comparison.waivers import EXPIRED, IN_FORCE
from ropa.phrases.sentences import count_words, spell_day
from ropa.report.console import REGIME_NAMES
from ropa.report.deck.facts import (
    DAY,
    Facts,
    count_findings,
    find_bare,
    list_risks,
    word_severities,
)
from ropa.report.deck.native_charts import add_stack
from ropa.report.deck.pages import Look, Page, Table
from ropa.report.deck.standing import STATUS_COLOURS
from ropa.report.deck.template import Box
from ropa.report.findings_json import name_policy

_SOON = timedelta(days=92)
"""A quarter ahead: what ends until then cannot wait for the next audit."""

_OPEN = ("new", "reopened", "persisting")
_MOST_DATES = 8
_UNJUDGED = "not evaluated"
_HASH = 16
_MOST_INPUTS = 10
_WIDE = 10.0
_OWNERS = "Owners and dates are those that were entered in the findings.xlsx of the last audit."
_EVIDENCE = (
    "findings.xlsx: each finding with its cell, provision and remedy; the speaker notes of these"
    " slides name the finding ids"
)


def word_risks(facts: Facts) -> str:
    """Return how many grave findings there are and how many of them nobody owns."""
    rows = facts.grave
    if rows.empty:
        return "No critical or high risk is open" if len(facts.live) else "No risk is open"
    bare = find_bare(rows)
    told = f"{word_severities(rows)} {'risk' if len(rows) == 1 else 'risks'}"
    if bare.empty:
        return f"{told}, each with an owner and a date"
    return f"{told}; {len(bare):,} without an owner or a date"


def show_risks(page: Page, facts: Facts) -> None:
    """Fill the slide with a native table of the worst, findings of one rule together."""
    area = page.area
    risks = list_risks(facts.live)
    if not risks:
        page.write_panel(Box(area.left, area.top, area.width, 1.0), "No finding is open.")
    else:
        table = Table(
            ("Severity", "Risk", "Where", "Owner", "Due"),
            tuple((one.severity, one.what, one.where, one.owner, one.due) for one in risks),
            (1.0, 4.3, 3.1, 1.7, 1.4),
            SEVERITY_COLOURS,
        )
        spoken = "Table of the gravest risks with severity, place, owner and due date."
        page.write_table(
            area, table, spoken, "and {} more kinds of findings: see findings.xlsx".format
        )
    page.note([f"{word_risks(facts)}. {_OWNERS}"], facts.live)


def count_trend(facts: Facts) -> pd.DataFrame:
    """Return the number of findings by date (ISO, in order) and status."""
    history = facts.result.history
    counts = pd.crosstab(history["as_of"], history["status"])
    days = {one.as_of.isoformat() for one in facts.result.earlier}
    days |= {facts.result.as_of.isoformat(), *counts.index}
    columns = [*_OPEN, "waived", _UNJUDGED, "fixed"]
    return counts.reindex(index=sorted(days), columns=columns, fill_value=0).astype("int64")


def word_trend(facts: Facts) -> str:
    """Return how the number of open findings went."""
    trend = count_trend(facts)[list(_OPEN)].sum(axis=1)
    first, now = int(trend.iloc[0]), int(trend.iloc[-1])
    since = spell_day(date.fromisoformat(str(trend.index[0])))
    if first == now:
        return f"Open findings: {now:,}, as many as on {since}"
    went = "fell" if now < first else "rose"
    return f"Open findings {went} from {first:,} to {now:,} since {since}"


def show_trend(page: Page, facts: Facts) -> None:
    """Fill the slide with a native column chart, one column an audit."""
    area = page.area
    trend = count_trend(facts)
    shown = trend.tail(_MOST_DATES)
    words = {"persisting": "still open", "waived": "accepted", _UNJUDGED: "could not be compared"}
    series = [*_OPEN[::-1], "waived", _UNJUDGED]
    series = [one for one in series if shown[one].sum()] or ["new"]
    foot = 0.5
    days = [_word_short(str(one)) for one in shown.index]
    spoken = "; ".join(
        f"{day}: " + ", ".join(f"{int(row[one])} {words.get(one, one)}" for one in trend.columns)
        for day, (_, row) in zip(days, shown.iterrows(), strict=True)
    )
    add_stack(
        page,
        Box(area.left, area.top, area.width, area.height - foot - 0.1),
        days,
        {words.get(one, one): [int(number) for number in shown[one]] for one in series},
        {words.get(one, one): STATUS_COLOURS.get(one, PANEL) for one in series},
        f"Column chart of findings at each audit. {spoken}.",
        upright=True,
    )
    fixed = ", ".join(
        f"{int(number):,} on {day}"
        for day, number in zip(days, shown["fixed"], strict=True)
        if number
    )
    told = f"Found fixed: {fixed}." if fixed else "No finding was found fixed at these audits."
    if len(trend) > len(shown):
        told += f" {len(trend) - len(shown)} earlier audits are not shown."
    place = Box(area.left, area.top + area.height - foot, area.width, foot)
    page.write(place, [told], Look(13.0))
    page.note([f"{word_trend(facts)}.", "Findings by audit and status:", *spoken.split("; ")])


def _word_short(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%b %Y}"


def list_decisions(facts: Facts) -> list[tuple[str, str, str]]:
    """Return what is asked of the board, why, and where the evidence is."""
    decisions = []
    bare = find_bare(facts.grave)
    if len(bare):
        decisions.append(
            (
                f"Name an owner and a due date for {count_findings(len(bare))}",
                f"{word_severities(bare)}; the owner or the date is missing",
                _cite(bare),
            )
        )
    failing = facts.grave[facts.grave["rule"].str.startswith("TRF")]
    if facts.failing and len(failing):
        number = facts.count_transfers("failing") or facts.failing
        decisions.append(
            (
                f"Safeguard or stop {count_words(number, 'transfer', 'transfers')} abroad",
                "no working safeguard on this date",
                _cite(failing),
            )
        )
    unclear = facts.count_transfers("unclear") or facts.unclear
    doubtful = facts.live[facts.live["rule"].str.startswith("TRF")]
    if facts.unclear and len(doubtful):
        decisions.append(
            (
                f"Have {count_words(unclear, 'transfer', 'transfers')} abroad cleared up",
                "the country or the safeguard is not clear",
                _cite(doubtful),
            )
        )
    today = facts.result.as_of.isoformat()
    dues = facts.live["due"].str.strip()
    late = facts.live[dues.str.fullmatch(DAY) & (dues < today)]
    if len(late):
        decisions.append(
            (
                f"Settle {count_findings(len(late))} past the due date",
                f"{word_severities(late)}; the earliest was due on {late['due'].min()}",
                _cite(late),
            )
        )
    decisions += _list_waiver_decisions(facts)
    reopened = facts.live[facts.live["status"] == "reopened"]
    if len(reopened):
        decisions.append(
            (
                f"Ask why {count_findings(len(reopened))} came back",
                f"{word_severities(reopened)}, closed or accepted before",
                _cite(reopened),
            )
        )
    return decisions


def _list_waiver_decisions(facts: Facts) -> list[tuple[str, str, str]]:
    waivers = facts.result.waivers
    limit = (facts.result.as_of + _SOON).isoformat()
    ending = waivers[(waivers["state"] == IN_FORCE) & (waivers["expiry"] <= limit)]
    ended = waivers[waivers["state"] == EXPIRED]
    told = []
    for rows, verb, why in (
        (ended, "ended", "the last one ended on"),
        (ending, "ends within a quarter", "the first one ends on"),
    ):
        if len(rows):
            day = rows["expiry"].max() if rows is ended else rows["expiry"].min()
            number = count_words(len(rows), "accepted risk", "accepted risks")
            pairs = zip(rows["finding"], rows["rule"] + " " + rows["activity_id"], strict=True)
            cited = [one or rule for one, rule in pairs]
            decision = f"Renew or close {number}: acceptance {verb}"
            told.append((decision, f"{why} {day}", _shorten(cited)))
    return told


def _cite(rows: pd.DataFrame) -> str:
    pairs = rows[["rule", "activity_id"]].drop_duplicates().itertuples(index=False, name=None)
    return _shorten([f"{rule} {one}".strip() for rule, one in pairs])


def _shorten(cited: list[str], most: int = 3) -> str:
    cited = list(dict.fromkeys(cited))
    more = f" and {len(cited) - most} more" if len(cited) > most else ""
    return ", ".join(cited[:most]) + more


def word_decisions(facts: Facts) -> str:
    """Return how many decisions are asked for."""
    number = len(list_decisions(facts))
    if not number:
        return "No decision is asked for"
    return f"{count_words(number, 'decision is', 'decisions are')} asked for"


def show_decisions(page: Page, facts: Facts) -> None:
    """Fill the slide with a native table of decisions."""
    area = page.area
    decisions = list_decisions(facts)
    if not decisions:
        page.write_panel(
            Box(area.left, area.top, area.width, 1.2),
            "Nothing critical or high lacks an owner or a date, nothing is overdue, no accepted"
            " risk ends within a quarter.",
        )
    else:
        rows = tuple((str(at), *one) for at, one in enumerate(decisions, start=1))
        table = Table(
            ("", "Decision", "Why", "Evidence"),
            rows,
            (0.4, 4.2, 4.0, 3.2),
            {},
            most=3,
            size=15.0 if area.width > _WIDE else 13.0,
        )
        spoken = "Table of the decisions asked for, with reason and evidence."
        page.write_table(area, table, spoken, lambda rest: f"and {rest} more")
    page.note(
        [
            f"{word_decisions(facts)}.",
            *(f"{what} ({why}): {cited}" for what, why, cited in decisions),
        ],
        find_bare(facts.grave),
    )


def show_method(page: Page, facts: Facts) -> None:
    """Fill the last slide: what was read, by which law and rules, and where the evidence is."""
    result = facts.result
    inputs = result.register.inputs
    skipped = result.not_evaluated["rule"].nunique()
    unread = len(result.register.issues)
    files = [f"{one.file} (SHA-256 {one.sha256[:_HASH]}…)" for one in inputs[:2]]
    more = f" and {len(inputs) - 2} more" if len(inputs) > 2 else ""  # noqa: PLR2004 - two fit
    rows = [
        ("Read", (", ".join(files) or "no file") + more),
        ("Judged", f"as of {facts.day}, {REGIME_NAMES.get(result.regime, result.regime)}"),
        (
            "Law tables",
            f"brought up to date on {result.law.version} (SHA-256 {result.law.sha256[:_HASH]}…)",
        ),
        (
            "Rules",
            f"{len(result.rules)} run"
            + (
                f"; {skipped} not judged, wholly or in part" if skipped else "; all could be judged"
            ),
        ),
        ("Cells not read", f"{unread:,}; none was guessed" if unread else "none"),
        (
            "Compared with",
            _shorten([f"the audit of {spell_day(one.as_of)}" for one in result.earlier])
            or "nothing: this is the first audit",
        ),
        ("Evidence", _EVIDENCE),
        ("Tool", f"ropa {__version__}: the same input gives the same findings"),
    ]
    if facts.endings:
        rows.insert(3, ("What if", "; ".join(facts.endings)))
    policy = name_policy(result)
    if policy:
        rows.insert(4, ("Policy", f"the organisation's own (SHA-256 {policy[:_HASH]}…)"))
    table = Table(("What", "How"), tuple(rows), (1.0, 4.6), {}, size=13.0)
    page.write_table(page.area, table, "Table: method and evidence.", "and {} more".format)
    page.note(
        [
            *(
                f"Input: {one.file}, SHA-256 {one.sha256}, {one.records} records"
                for one in inputs[:_MOST_INPUTS]
            ),
            f"Law tables: {result.law.version}, SHA-256 {result.law.sha256}",
            *(
                f"Not judged: {row['rule']} {row['activity_id']}: {row['why']}"
                for row in result.not_evaluated.to_dict("records")
            ),
        ]
    )
