"""Planted defects: registers made from the clean one with defects at places that are drawn.

A plant states a defect for a class of activities, not for one of them: where it fits, which cells
it changes to what, and every finding that then follows, of whatever rule. It is data
(``tests/rules/plants/*.toml``, see ``tests/rules/test_planted_defects.py``). A register is drawn
around one plant: its place, its wording, its companions at other activities, the activities that
are left out and the order of the rows.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st
from plants import CHILDREN, TABLES, Plant, Setting, Spot, list_days, read_plants
from registers import Source, clean_source, patch_source, to_registers
from rule_cases import Place

COMPANIONS = 9
LEFT_OUT = 5


@dataclass(frozen=True, slots=True)
class Planted:
    """A plant at one place in one wording.

    Attributes
    ----------
    plant : Plant
        The plant.
    spot : Spot
        Where it stands.
    patch : mapping
        The change, as `registers.patch_source` takes it.
    expect : frozenset of Place
        The findings that follow.
    """

    plant: Plant
    spot: Spot
    patch: Mapping[str, object]
    expect: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A register that was drawn.

    Attributes
    ----------
    setting : Setting
        Date and regime of its audit.
    planted : tuple of Planted
        Its defects, those on the register as a whole first.
    left_out : tuple of str
        Activities of the clean register that it lacks.
    orders : mapping
        Table to the order of its rows.
    """

    setting: Setting
    planted: tuple[Planted, ...]
    left_out: tuple[str, ...]
    orders: Mapping[str, tuple[int, ...]]

    @property
    def expect(self) -> frozenset[Place]:
        """Every finding that it must give."""
        return frozenset(place for one in self.planted for place in one.expect)

    def describe(self) -> str:
        """Tell in a few lines what was planted where."""
        day, regime = self.setting
        lines = [f"{day} {regime}, without {' '.join(self.left_out) or 'nothing'}"]
        lines += [f"  {one.plant.title}: {dict(one.patch)}" for one in self.planted]
        return "\n".join(lines)


# -- drawing --------------------------------------------------------------------------------------


@st.composite
def draw_register(draw: st.DrawFn, lead: Plant) -> Drawn:
    """Draw a register with one defect, and others beside it."""
    setting = draw(st.sampled_from(lead.settings))
    planted = [_plant(draw, lead, lead.spots, setting)]
    fitting = [plant for plant in read_plants() if setting in plant.settings]
    for _ in range(draw(st.integers(0, COMPANIONS))):
        plant = draw(st.sampled_from(fitting))
        spots = [spot for spot in plant.spots if _is_free(plant, spot, planted)]
        if spots:
            planted.append(_plant(draw, plant, spots, setting))
    tables = clean_source().tables
    ids = [str(row["activity_id"]) for row in tables["activities"]]
    kept = {one.spot.activity for one in planted} | set(_list_mentioned(planted))
    left_out = draw(st.sets(st.sampled_from(ids), max_size=LEFT_OUT)) - kept
    orders = {
        table: tuple(draw(st.permutations(range(len(tables[table])))))
        for table in ("activities", "data_items", "recipients", "controllers")
    }
    # What holds for the register as a whole is planted first: a cell of one activity comes last.
    planted.sort(key=lambda one: bool(one.spot.activity))
    return Drawn(setting, tuple(planted), tuple(sorted(left_out)), orders)


def _plant(draw: st.DrawFn, plant: Plant, spots: Sequence[Spot], setting: Setting) -> Planted:
    spot = draw(st.sampled_from(spots))
    names = {"id": spot.activity, "name": spot.child, **spot.cells}
    patch = {}
    for key, value in plant.patch.items():
        if isinstance(value, list) and not key.startswith("+"):
            value = draw(st.sampled_from(value))  # noqa: PLW2901  one wording of several
        value = _fill(value, names)  # noqa: PLW2901  with the words of the place
        if key not in spot.cells or value != spot.cells[key]:
            patch[_address(key, spot)] = value
    texts = plant.expect if setting[1] == "eu" else (*plant.expect, *plant.under_uk)
    expect = frozenset(_read_place(text, spot) for text in texts)
    return Planted(plant, spot, patch, expect)


def _fill(value: object, names: Mapping[str, str]) -> object:
    """Return a value with the words of the place in it, such as ``{Recipients}; others``."""
    if isinstance(value, str):
        return re.sub(r"\{([^{}]+)\}", lambda found: names[found[1]], value)
    if isinstance(value, list):
        return [_fill(one, names) for one in value]
    if isinstance(value, dict):
        return {key: _fill(one, names) for key, one in value.items()}
    return value


def _address(key: str, spot: Spot) -> str:
    """Return the key of `registers.patch_source` for one of a plant."""
    for kind, (table, _) in CHILDREN.items():
        if key.startswith(f"{kind}."):
            return f"{table}.{spot.activity}.{spot.child}.{key.partition('.')[2]}"
    if key.startswith((*TABLES, "*", "+", "-")):
        return key.replace("{id}", spot.activity).replace("{name}", spot.child)
    return f"{spot.activity}.{key}"


def _read_place(text: str, spot: Spot) -> Place:
    rule, *activity, column = text.split()
    one = activity[0].replace("{id}", spot.activity) if activity else spot.activity
    return rule, "" if one == "-" else one, column


def _is_free(plant: Plant, spot: Spot, planted: Sequence[Planted]) -> bool:
    """Tell whether a plant at a place leaves those that stand already as they are."""
    return not any(
        (spot.activity and one.spot.activity == spot.activity)
        or _clashes(plant, spot, one.plant)
        or _clashes(one.plant, one.spot, plant)
        or _touches(one.plant, spot.activity)
        or _touches(plant, one.spot.activity)
        for one in planted
    )


def _clashes(plant: Plant, spot: Spot, other: Plant) -> bool:
    """Tell whether a plant changes or asks for what another one must keep."""
    rules = {other.rule, *(text.split()[0] for text in (*other.expect, *other.under_uk))}
    everywhere = {key.rpartition(".")[2] for key in plant.patch if "*" in key}
    return (
        any(rule.startswith(plant.conflicts) for rule in rules)
        or (not spot.activity and plant.title == other.title)
        or any(key in other.patch for key in plant.patch if _is_shared(key))
        or any(key.rpartition(".")[2] in everywhere for key in other.patch)
    )


def _is_shared(key: str) -> bool:
    return key.startswith((*TABLES, "-column.", "-sheet.", "*")) and "{id}" not in key


def _touches(plant: Plant, activity: str) -> bool:
    """Tell whether a plant removes an activity, or changes it although it stands elsewhere."""
    return bool(activity) and any(activity in re.split(r"[-.]", key) for key in plant.patch)


def _list_mentioned(planted: Sequence[Planted]) -> list[str]:
    """Return the activities that a patch names: they must be there."""
    keys = " ".join(f"{key} {value}" for one in planted for key, value in one.patch.items())
    return re.findall(r"\bK\d\d\b", keys)


# -- auditing -------------------------------------------------------------------------------------


def make_source(drawn: Drawn) -> Source:
    """Return the cells of a register that was drawn."""
    source = patch_source(clean_source(), list_days()[drawn.setting[0]]["patch"])
    tables = {
        table: [source.tables[table][index] for index in drawn.orders[table]]
        if table in drawn.orders
        else rows
        for table, rows in source.tables.items()
    }
    source = patch_source(replace(source, tables=tables), {f"-{one}": 1 for one in drawn.left_out})
    for one in drawn.planted:
        source = patch_source(source, one.patch)
    return source


def audit_registers(drawn: Sequence[Drawn]) -> list[frozenset[Place]]:
    """Return the findings of each register; those of one date and regime in one pass."""
    from ropa.auditing import audit_register

    found = [frozenset[Place]() for _ in drawn]
    batches: dict[Setting, dict[str, Source]] = {}
    for index, one in enumerate(drawn):
        batches.setdefault(one.setting, {})[str(index)] = make_source(one)
    for (day, regime), batch in batches.items():
        chosen = None if regime == "own" else regime
        register = to_registers(batch)
        findings = audit_register(register, as_of=day, regime=chosen).frames["findings"]
        for name, rows in findings.groupby("register"):
            places = zip(rows["rule"], rows["activity_id"], rows["field"], strict=True)
            found[int(str(name))] = frozenset(places)
    return found
