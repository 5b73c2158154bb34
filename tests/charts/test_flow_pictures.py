"""The flow picture shows what the graph holds, and nothing in it overlaps."""

from collections import Counter
from itertools import combinations, pairwise
from typing import Any

import networkx as nx
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.transforms import Bbox

import ropa
from ropa.charts import describe_flows, draw_completeness, draw_families, draw_flows
from ropa.charts.flow_columns import COUNTRY, Flows, Group, Slot, Step, list_flows
from ropa.charts.flow_folding import fold_flows
from ropa.charts.palette import house_style
from ropa.charts.safeguard_groups import GROUPS, SHORT_WORDS
from ropa.flows import select_flows
from ropa.register import Register, concat_registers
from ropa.transfers.values import SAFEGUARDS

AS_OF = "2026-09-30"


def find_boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return each text with the box that it takes, in pixels."""
    canvas: Any = FigureCanvasAgg(figure)
    with house_style():
        canvas.draw()
        renderer = canvas.get_renderer()
        return [
            (text.get_text(), text.get_window_extent(renderer))
            for axes in figure.axes
            for text in axes.texts
            if text.get_text()
        ]


def list_overlaps(figure: Figure) -> list[tuple[str, str]]:
    return [
        (one, other)
        for (one, box), (other, its) in combinations(find_boxes(figure), 2)
        if box.padded(-0.5).overlaps(its.padded(-0.5))
    ]


def list_outside(figure: Figure) -> list[str]:
    whole = figure.bbox
    return [
        text
        for text, box in find_boxes(figure)
        if box.x0 < whole.x0 or box.x1 > whole.x1 or box.y0 < whole.y0 or box.y1 > whole.y1
    ]


def list_texts(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def count_ribbons(figure: Figure) -> Counter[str]:
    patches = [one for axes in figure.axes for one in axes.patches]
    return Counter(str(one.get_label()) for one in patches if isinstance(one, PathPatch))


def count_flows(graph: "nx.MultiDiGraph") -> dict[str, Counter[str]]:
    """Return the flows into each country by verdict, where one regime judges alone."""
    found: dict[str, Counter[str]] = {}
    for _, target, data in graph.edges(data=True):
        if target[1] == COUNTRY:
            label = graph.nodes[target]["label"]
            found.setdefault(label, Counter())[data["safeguard"]] += 1
    return found


def test_no_text_overlaps_another(sample: str, sample_audit: ropa.Audit) -> None:
    graph = ropa.flow_graph(sample_audit.register, as_of=AS_OF)
    for chart in (draw_flows(graph), draw_completeness(sample_audit), draw_families(sample_audit)):
        assert list_texts(chart), sample
        assert list_overlaps(chart) == []
        assert list_outside(chart) == []


@pytest.mark.parametrize("limit", [2, 8, 24, 200])
def test_no_text_overlaps_in_a_crowd(strange_register: Register, limit: int) -> None:
    chart = draw_flows(ropa.flow_graph(strange_register, as_of=AS_OF), limit=limit)
    assert list_overlaps(chart) == []
    assert list_outside(chart) == []


def test_overlapping_texts_are_noticed(telephone_audit: ropa.Audit) -> None:
    chart = draw_flows(ropa.flow_graph(telephone_audit.register, as_of=AS_OF))
    first, second = chart.axes[0].texts[-2:]
    first.set_position(second.get_position())
    assert list_overlaps(chart) != []


def test_a_label_stays_in_its_box(strange_register: Register) -> None:
    chart = draw_flows(ropa.flow_graph(strange_register, as_of=AS_OF))
    texts = find_boxes(chart)
    frames = [
        one.get_window_extent()
        for one in chart.axes[0].patches
        if isinstance(one, Rectangle) and one.get_width() > 1
    ]
    assert len(frames) > 20
    for frame, other in combinations(frames, 2):
        assert not frame.padded(-0.5).overlaps(other.padded(-0.5))
    for text, box in texts:
        for frame in frames:
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1
            assert not box.overlaps(frame) or (
                inside and frame.y0 <= box.y0 + 1 and box.y1 - 1 <= frame.y1
            ), text


def test_countries_say_what_flows_rest_on(telephone_audit: ropa.Audit) -> None:
    graph = ropa.flow_graph(telephone_audit.register, as_of=AS_OF)
    chart = draw_flows(graph)
    texts = list_texts(chart)
    for label, verdicts in count_flows(graph).items():
        assert label in texts
        for safeguard, number in verdicts.items():
            assert f"{number} × {SHORT_WORDS[safeguard][1]}" in texts  # noqa: RUF001
    assert "Without a working safeguard: 3 of 4 flows into a country. As of 2026-09-30." in texts
    assert "United States: 2 × no safeguard stated, 1 × safeguard lapsed" in chart.description  # noqa: RUF001


def test_ribbons_bear_the_verdicts(telephone_audit: ropa.Audit) -> None:
    graph = ropa.flow_graph(telephone_audit.register, as_of=AS_OF)
    # Three activities fail on their way to a recipient and on to a country; one country is
    # adequate; three flows end at a recipient.
    assert count_ribbons(draw_flows(graph)) == {"failing": 6, "adequate": 1, "unplaced": 3}
    before = ropa.flow_graph(telephone_audit.register)
    assert count_ribbons(draw_flows(before)) == {"unjudged": 7, "unplaced": 3}


def test_a_failing_country_stands_out_without_colour(telephone_audit: ropa.Audit) -> None:
    chart = draw_flows(ropa.flow_graph(telephone_audit.register, as_of=AS_OF))
    weights = {text.get_text(): text.get_fontweight() for text in chart.axes[0].texts}
    assert (weights["United States"], weights["EU"]) == ("bold", "normal")
    hatched = {
        str(one.get_label())
        for one in chart.axes[0].patches
        if isinstance(one, PathPatch) and one.get_hatch()
    }
    assert hatched == {"failing"}


def test_what_is_folded_is_counted(strange_register: Register) -> None:
    graph = ropa.flow_graph(strange_register, as_of=AS_OF)
    (flows,) = list_flows(graph)
    whole, folded = fold_flows(flows), fold_flows(flows, 5)
    assert all(len(column) <= 5 for column in folded.columns)
    first = [len(column) for column in whole.columns]
    texts = list_texts(draw_flows(graph, limit=5))
    assert f"other recipients ({first[1] - 4})" in texts
    assert f"other countries ({first[-1] - 4})" in texts
    shown = sum(group.activities for group in flows.groups if group.slot in folded.columns[0])
    assert f"other activities ({whole.activities - shown})" in texts
    assert sum((Counter(one) for one in folded.verdicts.values()), Counter()) == sum(
        (Counter(one) for one in whole.verdicts.values()), Counter()
    )
    kept = {whole.labels[slot] for slot in folded.columns[-1] if slot in whole.verdicts}
    assert kept <= {"India", "Ghana", "Peru", "Mexico", "United States"}


def test_many_are_folded_by_what_they_rest_on(strange_register: Register) -> None:
    graph = ropa.flow_graph(strange_register, as_of=AS_OF)
    (flows,) = list_flows(graph)
    picture = fold_flows(flows, 12)
    assert all(len(column) <= 12 for column in picture.columns)
    texts = " ".join(list_texts(draw_flows(graph, limit=12)))
    others = [label for label in picture.labels.values() if label.startswith("other recipients")]
    assert any(label.startswith("other recipients, no working safeguard (") for label in others)
    assert any(label.startswith("other recipients, adequate (") for label in others)
    # The ribbons into a box of others that all fail are failing ones, and so on.
    for ribbon in picture.ribbons:
        label = picture.labels[ribbon.source]
        for group, words in GROUPS.items():
            if label.startswith(f"other recipients, {words} ("):
                assert list(GROUPS).index(ribbon.group) >= list(GROUPS).index(group)
    shown, whole = picture.folded["party"]
    assert f"{shown} of {whole} recipients" in texts
    # One that is folded as a recipient and named as a recipient's recipient counts as named.
    assert shown <= sum(int(label.rpartition("(")[2][:-1]) for label in others) < whole
    assert fold_flows(flows).folded == {}
    assert "Not named one by one" not in " ".join(list_texts(draw_flows(graph, limit=200)))


def test_a_few_of_thousands_have_no_box_of_their_own() -> None:
    few, many = (fold_flows(make_flows(number), 24) for number in (30, 2000))
    assert next(few.labels[slot] for slot in few.columns[0]) == "A0"
    assert {many.labels[slot] for slot in many.columns[0]} == {
        "activities, no working safeguard (667)",
        "activities, safeguard of Article 46 (667)",
        "activities, adequate (666)",
    }
    assert many.folded["activity"] == (2000, 2000)
    assert sum(one.activities for one in many.ribbons if one.source.column == 0) == 2000


def make_flows(number: int) -> Flows:
    """Return flows of as many activities, each to a recipient and into a country of its kind."""
    safeguards = ("none", "clauses", "adequacy")
    groups: list[Group] = []
    labels: dict[Slot, str] = {}
    for at in range(number):
        kind = safeguards[at % 3]
        slots = (
            Slot(0, "activity", f"{at:04}"),
            Slot(1, "party", f"{kind} {at % 90}"),
            Slot(2, "country", kind),
        )
        labels |= {slot: slot.name for slot in slots} | {slots[0]: f"A{at}"}
        steps = frozenset(Step(*pair, kind) for pair in pairwise(slots))
        groups.append(Group(slots[0], 1, steps))
    return Flows("Made", tuple(groups), labels, 3)


def test_a_single_other_is_itself() -> None:
    picture = fold_flows(make_flows(30), 24)
    assert not any(label.endswith("(1)") for label in picture.labels.values())


def test_a_thin_ribbon_can_be_seen(strange_register: Register) -> None:
    graph = ropa.flow_graph(strange_register, as_of=AS_OF)
    paths = [
        np.asarray(one.get_path().vertices)
        for one in draw_flows(graph).axes[0].patches
        if isinstance(one, PathPatch)
    ]
    assert paths
    assert min(abs(path[0][1] - path[-2][1]) for path in paths) >= 0.0119


def test_activities_with_the_same_flows_share_a_box(sample: str, sample_audit: ropa.Audit) -> None:
    graph = ropa.flow_graph(sample_audit.register, as_of=AS_OF)
    flowing = select_flows(graph).edges(data=True)
    activities = {data["activity_id"] for _, _, data in flowing}
    for flows in list_flows(graph):
        assert sum(group.activities for group in flows.groups) == len(activities)
        assert len({group.steps for group in flows.groups}) == len(flows.groups)
    if sample == "trade-association":
        text = " ".join(list_texts(draw_flows(graph)))
        assert "14 activities: A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11" in text


def test_a_recipient_of_a_recipient_has_its_own_column(sample_audit: ropa.Audit) -> None:
    graph = ropa.flow_graph(sample_audit.register, as_of=AS_OF)
    passes = any(a[1] == b[1] == "party" for a, b in graph.edges())
    assert ("Passed on to" in list_texts(draw_flows(graph))) == passes


def test_recipients_that_name_one_another_are_drawn(strange_register: Register) -> None:
    graph = ropa.flow_graph(strange_register, as_of=AS_OF)
    (flows,) = list_flows(graph)
    (group,) = (one for one in flows.groups if flows.labels[one.slot].startswith("Z1 "))
    ways = {(flows.labels[one.source], flows.labels[one.target]) for one in group.steps}
    assert {("First", "Mexico"), ("First", "Second"), ("Second", "First")} <= ways
    assert all(one.source.column < one.target.column for one in group.steps)


def test_registers_have_a_picture_each(telephone_audit: ropa.Audit) -> None:
    one = telephone_audit.register
    several = ropa.flow_graph(concat_registers([one, rename(one, "again")]), as_of=AS_OF)
    texts = list_texts(draw_flows(several))
    name = "Telephone answering service (sample)"
    assert {f"again: {name}", f"telephone-answering-service: {name}"} <= set(texts)
    assert texts.count("Mailchimp") == 2
    alone = count_ribbons(draw_flows(ropa.flow_graph(one, as_of=AS_OF)))
    assert count_ribbons(draw_flows(several)) == {key: 2 * n for key, n in alone.items()}
    many = concat_registers([rename(one, f"r{number}") for number in range(8)])
    texts = list_texts(draw_flows(ropa.flow_graph(many, as_of=AS_OF)))
    assert "Not drawn: 2 more registers." in texts


def rename(register: Register, name: str) -> Register:
    frames = {
        table: frame.assign(register=name).astype({"register": "str"})
        for table, frame in register.frames.items()
    }
    return Register(frames, register.inputs)


def test_an_empty_graph_is_drawn(empty_audit: ropa.Audit) -> None:
    graph = ropa.flow_graph(empty_audit.register, as_of=AS_OF)
    assert "No recipient and no country is stated." in list_texts(draw_flows(graph))
    assert describe_flows(graph) == "Flow picture. No recipient and no country is stated."


def test_the_day_is_told_where_the_graph_knows_it(telephone_audit: ropa.Audit) -> None:
    graph = ropa.flow_graph(telephone_audit.register, as_of=AS_OF)
    graph.graph["as_of"] = AS_OF
    assert any(text.endswith(f"As of {AS_OF}.") for text in list_texts(draw_flows(graph)))


def test_every_safeguard_has_words() -> None:
    assert set(SHORT_WORDS) == {*SAFEGUARDS, "unjudged", ""}
    assert {group for group, _ in SHORT_WORDS.values()} == set(GROUPS)
