"""The first two slides: where we stand, and what changed or what a first audit covers."""

from ropa.charts.palette import ITEM_STATE_COLOURS, PANEL, SEVERITY_COLOURS
from ropa.phrases.sentences import count_words, spell_day
from ropa.report.console import REGIME_NAMES
from ropa.report.deck.facts import (
    Facts,
    count_findings,
    find_bare,
    list_risks,
    word_severities,
)
from ropa.report.deck.native_charts import add_stack
from ropa.report.deck.pages import Look, Page, Table, list_evidence
from ropa.report.deck.template import Box
from ropa.report.verdict_words import word_verdict
from ropa.schema import NOT_LIVE
from ropa.summaries import ITEM_NAMES

STATUS_COLOURS = {
    "new": SEVERITY_COLOURS["high"],
    "reopened": SEVERITY_COLOURS["medium"],
    "persisting": SEVERITY_COLOURS["low"],
    "waived": SEVERITY_COLOURS["info"],
    "fixed": PANEL,
}
"""What became of a finding, to colour; those that need work are the darker ones."""

_GAP = 0.15


def show_standing(page: Page, facts: Facts) -> None:
    """Fill the first slide: counts by severity, and completeness item by item."""
    area = page.area
    counts = facts.summary.severity
    tile_height = min(1.05, area.height * 0.21)
    width = (area.width - _GAP * (len(counts) - 1)) / len(counts)
    for at, (severity, number) in enumerate(counts.items()):
        place = Box(area.left + at * (width + _GAP), area.top, width, tile_height)
        colour = SEVERITY_COLOURS[severity] if number else PANEL
        page.write_tile(place, f"{number:,}", severity, colour)
    top = area.top + tile_height + 0.2
    height = area.top + area.height - top
    left = area.width * 0.36
    page.write(Box(area.left, top, left, height), _list_sentences(facts), Look(15.0), gap=0.12)
    place = Box(area.left + left + 0.25, top, area.width - left - 0.25, height)
    _add_completeness(page, facts, place)
    verdict = word_verdict(facts.result, facts.summary)
    page.note(
        [
            f"{verdict}. {facts.organisation}, as of {facts.day}.",
            _describe_items(facts),
            "The gravest findings (id, rule, severity, activity, cell, provision):",
            *(["none"] if facts.grave.empty else []),
        ],
        facts.grave,
    )


def _list_sentences(facts: Facts) -> list[str]:
    table = facts.summary.completeness
    total, gaps = int(table["total"].sum()), int(table["gap"].sum())
    told = []
    if total:
        share = (total - gaps) * 100 // total
        told.append(
            f"Article 30: {total - gaps:,} of {total:,} required entries are there ({share}%)."
        )
    if facts.judged and facts.away:
        told.append(_word_transfers(facts))
    open_ones = facts.grave
    bare = find_bare(open_ones)
    if len(open_ones):
        told.append(
            f"Owner or date missing: {len(bare):,} of {len(open_ones):,} critical and high"
            " findings."
        )
    waived = int((facts.result.findings["status"] == "waived").sum())
    if waived:
        told.append(f"Accepted risks: {count_findings(waived)}, not counted above.")
    skipped = facts.result.not_evaluated["rule"].nunique()
    if skipped:
        told.append(f"Not judged: {count_words(skipped, 'rule', 'rules')}, wholly or in part.")
    if facts.endings:
        told.append(f"What if: {'; '.join(facts.endings)}.")
    return told or ["Nothing in this register could be counted on this date."]


def _word_transfers(facts: Facts) -> str:
    activities = count_words(facts.away, "activity", "activities")
    told = [
        f"{number} {words}"
        for number, words in (
            (facts.failing, "without a working safeguard"),
            (facts.unclear, "with country or safeguard not clear"),
        )
        if number
    ]
    return f"Transfers abroad: {activities}, {' and '.join(told) or 'each on a basis that works'}."


def _add_completeness(page: Page, facts: Facts, box: Box) -> None:
    rows = facts.summary.completeness
    rows = rows[rows["total"] > 0]
    page.write(
        Box(box.left, box.top, box.width, 0.3),
        ["Entries that Article 30 requires, by item"],
        Look(13.0, bold=True),
    )
    place = Box(box.left, box.top + 0.3, box.width, box.height - 0.3)
    if rows.empty:
        page.write_panel(place, "No item of Article 30 could be judged on this date.")
        return
    words = {"stated": "stated", "none": "“none”, which is an answer", "gap": "gap"}
    shown = [one for one in words if rows[one].sum() or one != "none"]
    add_stack(
        page,
        place,
        [_name_item(str(one)) for one in rows["item"]],
        {words[one]: [int(number) for number in rows[one]] for one in shown},
        {words[one]: ITEM_STATE_COLOURS[one] for one in shown},
        _describe_items(facts),
    )


def _describe_items(facts: Facts) -> str:
    rows = [
        f"{_name_item(str(row['item']))}: {row['gap']} of {row['total']} missing"
        + (f", {row['none']} “none”" if row["none"] else "")
        for row in facts.summary.completeness.to_dict("records")
        if row["total"]
    ]
    told = "; ".join(rows) or "No item of Article 30 could be judged"
    return f"Bar chart of the entries that Article 30 requires. {told}."


def _name_item(item: str) -> str:
    return f"{ITEM_NAMES[item].removesuffix(' (processor)')}, {item}"


def word_change(facts: Facts) -> str:
    """Return what changed since the last audit, or that this is the first one."""
    if facts.last is None:
        number = len(facts.result.register.activities)
        return (
            f"First audit: {count_words(number, 'activity', 'activities')} read,"
            f" {count_findings(len(facts.live))} to work on"
        )
    counts = facts.live["status"].value_counts()
    fixed = len(facts.result.fixed)
    parts = [f"{counts.get(one, 0):,} {one}" for one in ("new", "reopened") if counts.get(one, 0)]
    still = int(counts.get("persisting", 0))
    parts = parts or ["nothing new"]
    told = [*parts, f"{_say(fixed)} fixed", f"{_say(still)} still open"]
    return f"Since {spell_day(facts.last)}: {', '.join(told)}"


def _say(number: int) -> str:
    return f"{number:,}" if number else "none"


def show_change(page: Page, facts: Facts) -> None:
    """Fill the second slide."""
    if facts.last is None:
        _show_coverage(page, facts)
    else:
        _show_difference(page, facts)


def _show_coverage(page: Page, facts: Facts) -> None:
    register = facts.result.register
    ended = int(register.activities["status_code"].isin(NOT_LIVE).sum())
    parties = register.recipients["recipient"].map(str.casefold)
    rows = [
        ("Organisation", facts.organisation),
        ("Read from", ", ".join(one.file for one in register.inputs) or "no file"),
        (
            "Activities",
            f"{len(register.activities):,} read"
            + (f", of which {ended:,} ended or proposed (not judged)" if ended else ""),
        ),
        ("Recipients", f"{parties[parties != ''].nunique():,} by name"),
        ("Countries", ", ".join(sorted(facts.countries)) or "none outside the home area named"),
        ("Law", f"{REGIME_NAMES.get(facts.result.regime, facts.result.regime)} on {facts.day}"),
        ("Rules", f"{len(facts.result.rules)} run"),
        (
            "Findings",
            f"{len(facts.live):,}: {word_severities(facts.live)}" if len(facts.live) else "none",
        ),
        ("Next audit", "is compared with this one: what is new, fixed or still open"),
    ]
    table = Table(("What", "This audit"), tuple(rows), (1.0, 4.0), {}, size=14.0)
    page.write_table(page.area, table, "Table: what the first audit covers.", "and {} more".format)
    skipped = facts.result.not_evaluated.drop_duplicates(["rule", "why"])
    page.note(
        [
            "This is the first audit: there is nothing to compare it with.",
            *(f"Not judged: {row['rule']}: {row['why']}" for row in skipped.to_dict("records")),
        ]
    )


def _show_difference(page: Page, facts: Facts) -> None:
    area = page.area
    result = facts.result
    counts = result.findings["status"].value_counts()
    numbers = {one: int(counts.get(one, 0)) for one in ("new", "reopened", "persisting")}
    numbers |= {"fixed": len(result.fixed), "waived": int(counts.get("waived", 0))}
    words = {"persisting": "still open", "waived": "accepted"}
    tile_height = min(1.0, area.height * 0.2)
    width = (area.width - _GAP * (len(numbers) - 1)) / len(numbers)
    for at, (status, number) in enumerate(numbers.items()):
        place = Box(area.left + at * (width + _GAP), area.top, width, tile_height)
        colour = STATUS_COLOURS[status] if number else PANEL
        page.write_tile(place, f"{number:,}", words.get(status, status), colour)
    top = area.top + tile_height + 0.2
    half = (area.width - 0.3) / 2
    foot, used = 0.75, 0.0
    height = area.top + area.height - top - foot - 0.15
    arrived = facts.live[facts.live["status"].isin(("new", "reopened"))]
    for left, title, rows, nothing in (
        (area.left, "New or reopened, worst first", arrived, "Nothing is new or reopened."),
        (area.left + half + 0.3, "Fixed since then", result.fixed, "Nothing was fixed."),
    ):
        page.write(Box(left, top, half, 0.3), [title], Look(13.0, bold=True))
        texts = [f"{one.severity}: {one.what}" for one in list_risks(rows)]
        room = Box(left, top + 0.34, half, height - 0.34)
        used = max(used, page.write(room, texts or [nothing], Look(13.0), lines=2))
    place = Box(area.left, top + 0.34 + used + 0.15, area.width, foot)
    page.write_panel(place, _word_activities(facts), size=13.0)
    page.note(
        [
            f"{word_change(facts)}.",
            "New or reopened:",
            *(list_evidence(arrived.head(15)) or ["none"]),
            "Fixed:",
            *(list_evidence(result.fixed.head(15)) or ["none"]),
            *(
                f"Cannot be compared: {row['id']} {row['rule']}: {row['why']}"
                for row in result.pending.to_dict("records")
            ),
        ]
    )


def _word_activities(facts: Facts) -> str:
    changes = facts.result.changes["change"].value_counts()
    told = [f"{changes[one]} {one}" for one in ("added", "removed", "renamed") if one in changes]
    said = f"Activities: {', '.join(told)}." if told else "The same activities as last time."
    pending = len(facts.result.pending)
    if pending:
        said += (
            f" {count_findings(pending)} of earlier audits cannot be compared now"
            " (the activity is gone, or the rule was not run): neither open nor fixed."
        )
    return said
