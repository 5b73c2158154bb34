"""The slides on transfers: where the data go, and what each transfer rests on."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from ropa.charts.canvas import clean
from ropa.charts.flow_picture import draw_flows, measure_flows
from ropa.charts.flow_words import describe_flows
from ropa.charts.palette import PANEL, SAFEGUARD_COLOURS, SEVERITY_COLOURS
from ropa.charts.safeguard_groups import (
    GROUPS,
    SHORT_WORDS,
    find_group,
    rank_group,
    rank_safeguard,
)
from ropa.charts.saving import figure_png
from ropa.phrases.place_names import country_name
from ropa.phrases.sentences import count_words
from ropa.report.deck.facts import HOME, Facts, list_risks
from ropa.report.deck.native_charts import add_bars
from ropa.report.deck.pages import Look, Page, Table
from ropa.report.deck.template import Box
from ropa.transfers import SAFEGUARDS

_ASKED_FOR = "US"
"""The country that boards ask for first: it is named even where nothing goes there."""

_HEAD = 0.8
"""Inches of a flow picture that hold its own title: the slide has one."""

_LIMITS = (16, 12, 9, 7, 5)
_LEAST_SCALE = 0.86
_MOST_TILES = 3
_TRANSFER = (
    "A transfer is an activity and a recipient abroad, counted once, by the worse of the verdicts"
    " where two laws judge it. A ribbon is as thick as the number of activities."
)
_COUNTED = (
    "An activity counts once under each safeguard that its transfers rest on, under either law;"
    " transfers inside the home area are left out."
)
_LEAST_TABLE = 1.2
_WIDE = 10.0
_FAMILY = "TRF"


def word_flows(facts: Facts) -> str:  # noqa: PLR0911 - one answer a line
    """Return where the data go, in one sentence: the worst that is to be said first."""
    total = facts.count_transfers()
    asked = country_name(_ASKED_FOR)
    there = facts.countries.get(asked, {}).get("failing", 0)
    failing, unclear = facts.count_transfers("failing"), facts.count_transfers("unclear")
    if there:
        has = "has" if there == 1 else "have"
        told = f"{_count(there)} to the {asked} {has} no working safeguard"
        rest = failing - there
        return f"{told}, {rest} elsewhere neither" if rest else told
    if failing:
        return f"{failing} of {_count(total)} abroad without a working safeguard"
    if unclear:
        return f"{unclear} of {_count(total)} abroad: country or safeguard is not clear"
    if total:
        rest = facts.count_transfers("derogation")
        if rest:
            return f"{rest} of {_count(total)} abroad rest on a derogation of Article 49"
        return f"{_count(total)} abroad, all adequate or with a safeguard"
    if facts.unplaced:
        return "Recipients are recorded, but no country is named for any of them"
    if not facts.flows.flows:
        return "No recipient and no country is recorded"
    return "All recorded flows stay in the home area"


def _count(number: int) -> str:
    return count_words(number, "transfer", "transfers")


def show_flows(page: Page, facts: Facts) -> None:
    """Fill the slide with the flow picture and the countries that matter most."""
    area = page.area
    strip = min(0.72, area.height * 0.16)
    tiles = _list_tiles(facts)
    width = (area.width - 0.15 * (len(tiles) - 1)) / len(tiles)
    for at, text in enumerate(tiles):
        place = Box(area.left + at * (width + 0.15), area.top, width, strip)
        page.write_panel(place, text, size=13.0 if area.width > _WIDE else 11.0)
    top = area.top + strip + 0.12
    room = Box(area.left, top, area.width, area.top + area.height - top)
    if facts.flows.flows:
        figure = _draw(facts, room)
        high = figure.get_size_inches()[1]
        data = BytesIO(figure_png(figure))
        page.add_picture(room, data, describe_flows(facts.flows), skipped=_HEAD / high)
    else:
        page.write_panel(room, "The register states no recipient and no country.")
    rows = facts.live[facts.live["rule"].str.startswith(_FAMILY)]
    page.note(
        [
            f"{word_flows(facts)}. As of {facts.day}.",
            _TRANSFER,
            describe_flows(facts.flows),
        ],
        rows,
    )


def _draw(facts: Facts, room: Box) -> Any:  # noqa: ANN401 - a figure
    """Draw the picture with as many boxes as can be read from the back of the room."""
    for limit in _LIMITS:
        wide, high = measure_flows(facts.flows, limit=limit)
        if min(room.width / wide, room.height / (high - _HEAD)) >= _LEAST_SCALE:
            break
    return draw_flows(facts.flows, limit=limit)


def _list_tiles(facts: Facts) -> list[str]:
    """Return what goes to the country that is asked for, and to the others that are worst."""
    asked = country_name(_ASKED_FOR)
    others = sorted(
        (one for one in facts.countries if one != asked),
        key=lambda one: (
            *(-facts.countries[one].get(group, 0) for group in ("failing", "unclear")),
            -sum(facts.countries[one].values()),
            one,
        ),
    )
    shown = [asked] if asked in facts.countries else []
    shown += others[: _MOST_TILES - max(len(shown), 1)]
    told = [f"{one}: {_word_groups(facts.countries[one])}" for one in shown]
    if asked not in facts.countries:
        told.insert(0, f"{asked}: no transfer is named")
    hidden = len(facts.countries) - len(shown)
    if hidden:
        told[-1] += f" (and {count_words(hidden, 'more country', 'more countries')})"
    return told


def _word_groups(groups: Mapping[str, int]) -> str:
    total = sum(groups.values())
    told = [f"{groups[one]} {GROUPS[one]}" for one in sorted(groups, key=rank_group) if groups[one]]
    return f"{_count(total)} ({', '.join(told)})"


def word_safeguards(facts: Facts) -> str:
    """Return what transfers rest on, in one sentence."""
    if not facts.judged:
        return "Transfers could not be judged in this audit"
    activities = count_words(facts.away, "activity", "activities")
    if not facts.away:
        return "No transfer abroad is recorded"
    if facts.failing:
        has = "has" if facts.failing == 1 else "have"
        return (
            f"{facts.failing} of {activities} with transfers abroad {has} one without"
            " a working safeguard"
        )
    if facts.unclear:
        has = "has" if facts.unclear == 1 else "have"
        return (
            f"{facts.unclear} of {activities} with transfers abroad {has} one whose country"
            " or safeguard is not clear"
        )
    return f"The transfers of {activities} rest on a basis that works on {facts.day}"


def show_safeguards(page: Page, facts: Facts) -> None:
    """Fill the slide with a native chart, one bar a safeguard, and a table of the same."""
    area = page.area
    rows = facts.summary.transfers
    abroad = rows[rows["safeguard"] != HOME]
    order = sorted(abroad.to_dict("records"), key=lambda row: rank_safeguard(str(row["safeguard"])))
    if not order:
        page.write_panel(Box(area.left, area.top, area.width, 1.0), _word_nothing(facts))
    else:
        _add_safeguards(page, facts, order)
    findings = facts.live[facts.live["rule"].str.startswith(_FAMILY)]
    page.note(
        [
            f"{word_safeguards(facts)}.",
            _COUNTED,
            *(
                f"{SAFEGUARDS[str(row['safeguard'])]}: {row['activities']} activities,"
                f" {row['recipients']} named recipients"
                for row in order
            ),
        ],
        findings,
    )


def _word_nothing(facts: Facts) -> str:
    if not facts.judged:
        return "The rule on safeguards broke off, so that no transfer was judged."
    return "The register records no transfer outside the home area on this date."


def _add_safeguards(page: Page, facts: Facts, order: list[Any]) -> None:
    area = page.area
    words = [_start(SHORT_WORDS[str(row["safeguard"])][1]) for row in order]
    bars = [
        (
            word,
            int(row["activities"]),
            SAFEGUARD_COLOURS[find_group(str(row["safeguard"]))],
        )
        for word, row in zip(words, order, strict=True)
    ]
    wide = area.width * (0.52 if area.width > _WIDE else 0.38)
    told = ", ".join(f"{word} {number}" for word, number, _ in bars)
    spoken = f"Bar chart of activities by what their transfers rest on: {told}."
    page.write(
        Box(area.left, area.top, wide, 0.3),
        ["Activities by safeguard"],
        Look(13.0, bold=True),
    )
    height = min(area.height - 0.35, 0.35 + 0.55 * len(bars))
    add_bars(page, Box(area.left, area.top + 0.35, wide, height), "Activities", bars, spoken)
    table = Table(
        ("", "What it means", "Activities", "Recipients"),
        tuple(
            (
                _start(GROUPS[find_group(str(row["safeguard"]))]),
                _start(SAFEGUARDS[str(row["safeguard"])]),
                f"{row['activities']:,}",
                f"{row['recipients']:,}" if row["recipients"] else "not named",
            )
            for row in order
        ),
        (1.45, 2.0, 1.1, 1.2),
        {_start(GROUPS[one]): SAFEGUARD_COLOURS.get(one, PANEL) for one in GROUPS},
        most=3,
        size=11.0,
    )
    place = Box(area.left + wide + 0.2, area.top, area.width - wide - 0.2, area.height)
    spoken = "Table: safeguards with their group, activities and named recipients."
    used = page.write_table(place, table, spoken, "and {} more safeguards".format)
    used = max(used, height + 0.35) + 0.2
    _add_defects(page, facts, Box(area.left, area.top + used, area.width, area.height - used))


def _add_defects(page: Page, facts: Facts, box: Box) -> None:
    """List what is wrong with the transfers, where there is room below the chart."""
    rows = facts.live[facts.live["rule"].str.startswith(_FAMILY)]
    if rows.empty or box.height < _LEAST_TABLE:
        return
    risks = list_risks(rows)
    table = Table(
        ("Severity", "What is wrong", "Where"),
        tuple((one.severity, one.what, one.where) for one in risks),
        (1.0, 5.0, 4.0),
        SEVERITY_COLOURS,
    )
    spoken = "Table of what is wrong with the transfers, the gravest first."
    page.write_table(box, table, spoken, "and {} more kinds of findings: see findings.xlsx".format)


def _start(words: str) -> str:
    return clean(words[:1].upper() + words[1:])
