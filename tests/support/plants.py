"""Plants: defects stated for every place of the clean register where they fit.

They are data (``tests/rules/plants/*.toml``); their format is told in
``tests/rules/test_planted_defects.py``. Registers with them are drawn in `planting`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from registers import Row, clean_source
from rule_cases import AS_OF

from ropa.schema import read_fields

PLANTS = Path(__file__).parents[1] / "rules" / "plants"
CLASSES = "classes.toml"
REGIMES = ("own", "uk", "eu", "both")
ANY = "any"
KEYS = {"rule", "name", "on", "recipient", "item", "patch", "expect", "under_uk", "regimes"}
KEYS |= {"as_of", "conflicts"}
CHILDREN = {"recipient": ("recipients", "recipient"), "item": ("data_items", "data_category")}
TABLES = ("organisation.", "controllers.", "recipients.", "data_items.")

Setting = tuple[date, str]
"""Date and regime of an audit; "own" is the regime that the register states."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a plant can stand: an activity, and one of its recipients or data items.

    Attributes
    ----------
    activity : str
        Stated id of the activity; empty for a plant on the register as a whole.
    child : str
        Name of the recipient or data item, if the plant is about one.
    cells : mapping
        The cells there: ``Heading``, ``recipient.Heading``, ``item.Heading`` to text.
    """

    activity: str
    child: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plant:
    """One defect, stated for every place where it fits.

    Attributes
    ----------
    rule, name : str
        The rule that must find it, and what it is.
    spots : tuple of Spot
        Where it fits in the clean register.
    patch : mapping
        Cells to texts; a list of texts is a choice of wordings.
    expect : tuple of str
        Every finding: ``RULE field`` at the place, ``RULE - field`` on the register.
    under_uk : tuple of str
        Those that follow besides where the law of the United Kingdom is judged.
    settings : tuple of Setting
        Dates and regimes under which it holds.
    conflicts : tuple of str
        Rules or families whose plants it does not stand beside.
    """

    rule: str
    name: str
    spots: tuple[Spot, ...]
    patch: Mapping[str, object]
    expect: tuple[str, ...]
    under_uk: tuple[str, ...]
    settings: tuple[Setting, ...]
    conflicts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the plant is called: unique."""
        return f"{self.rule}: {self.name}"


@cache
def read_plants() -> tuple[Plant, ...]:
    """Return the plants of every file, by file and place in it.

    Raises
    ------
    ValueError
        A plant has a key that is unknown, fits nowhere, or has a title that another one bears.
    """
    paths = [path for path in sorted(PLANTS.glob("*.toml")) if path.name != CLASSES]
    plants = tuple(
        _make_plant(block)
        for path in paths
        for block in tomllib.loads(path.read_text(encoding="utf-8"))["plant"]
    )
    titles = [plant.title for plant in plants]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice:
        raise ValueError(f"two plants are called {twice[0]!r}")
    return plants


@cache
def _read_classes() -> Mapping[str, Any]:
    return tomllib.loads((PLANTS / CLASSES).read_text(encoding="utf-8"))


def list_days() -> dict[date, Mapping[str, Any]]:
    """Return the dates of audits: regimes, and the patch by which the clean register is clean."""
    days: dict[date, Mapping[str, Any]] = {AS_OF: {"regimes": REGIMES, "patch": {}}}
    return days | {block["as_of"]: block for block in _read_classes()["day"]}


def _make_plant(block: Mapping[str, Any]) -> Plant:
    title = f"{block['rule']}: {block['name']}"
    if surplus := sorted(block.keys() - KEYS):
        raise ValueError(f"{title}: unknown {surplus}")
    days = list_days()
    chosen = list(days) if block.get("as_of") == ANY else block.get("as_of", [AS_OF])
    regimes = block.get("regimes", REGIMES)
    settings = tuple((day, one) for day in chosen for one in days[day]["regimes"] if one in regimes)
    if not settings or not set(regimes) <= set(REGIMES):
        raise ValueError(f"{title}: no such day or regime")
    spots = tuple(_list_spots(block)) if "on" in block else (Spot("", "", {}),)
    if not spots:
        raise ValueError(f"{title}: fits nowhere")
    return Plant(
        block["rule"],
        block["name"],
        spots,
        block["patch"],
        tuple(block["expect"]),
        tuple(block.get("under_uk", ())),
        settings,
        tuple(block.get("conflicts", ())),
    )


def _list_spots(block: Mapping[str, Any]) -> list[Spot]:
    kind = next((kind for kind in CHILDREN if kind in block), "")
    found = []
    for row in clean_source().tables["activities"]:
        one = str(row["activity_id"])
        if not all(_belongs(row, name) for name in block["on"]):
            continue
        own = _read_cells("activities", row)
        if not kind:
            found.append(Spot(one, "", own))
            continue
        table, name = CHILDREN[kind]
        for child in _list_children(table, one):
            cells = _read_cells(table, child)
            if _fits(cells, block[kind]):
                named = {f"{kind}.{heading}": text for heading, text in cells.items()}
                found.append(Spot(one, str(child[name]), own | named))
    return found


def _belongs(row: Row, name: str) -> bool:
    """Tell whether an activity belongs to a class, or does not, for ``"not ..."``."""
    positive = name.removeprefix("not ")
    conditions: Mapping[str, str] = _read_classes()["class"][positive]
    own = {key: one for key, one in conditions.items() if not key.startswith(TABLES)}
    found = _fits(_read_cells("activities", row), own)
    for key, pattern in conditions.items():
        if key not in own:
            table, _, heading = key.partition(".")
            children = _list_children(table, str(row["activity_id"]))
            found &= any(_fits(_read_cells(table, one), {heading: pattern}) for one in children)
    return found == (positive == name)


def _list_children(table: str, activity: str) -> list[Row]:
    return [row for row in clean_source().tables[table] if row["activity_id"] == activity]


def _read_cells(table: str, row: Row) -> dict[str, str]:
    texts = {one.heading: row.get(one.name) for one in read_fields(table)}
    return {heading: "" if one is None else str(one) for heading, one in texts.items()}


def _fits(cells: Mapping[str, str], patterns: Mapping[str, str]) -> bool:
    return all(re.search(pattern, cells[heading]) for heading, pattern in patterns.items())
