"""Every rule finds its defect wherever it is planted, and nothing else is found.

Several hundred registers are drawn from the clean one, each around one plant. A file of plants
holds one table a plant::

    [[plant]]
    rule = "LAW-01"
    name = "no basis"                          # unique within the rule
    on = ["controller", "not special"]         # classes of activities (classes.toml)
    patch = { "Lawful basis" = ["", "TBC"] }   # a list is a choice of wordings
    expect = ["LAW-01 lawful_basis"]           # every finding that follows

    [[plant]]
    rule = "REC-03"
    name = "a processor without a contract"
    on = ["live"]
    recipient = { "Role" = "^Processor$" }     # one of its recipients; or: item, a data item
    patch = { "recipient.Contract reference" = "" }
    expect = ["REC-03 contract_reference"]

Without ``on`` the plant is on the register as a whole and stands once; its keys are those of
``tests/support/registers.py``, and so are those with a table before them. ``{Heading}`` in a text
is what the cell says, ``{id}`` the activity, ``{name}`` the recipient or data item. ``regimes`` and
``as_of`` limit where the plant holds (``as_of = "any"``: each date of ``classes.toml``);
``under_uk`` lists what follows besides where the law of the United Kingdom is judged; ``conflicts``
names rules or families whose plants do not stand beside it. A plant that expects nothing is a near
miss: it only stands beside others.

The registers are the same in each run; ``--hypothesis-seed=N`` draws others.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from planting import Drawn, audit_registers, draw_register
from plants import read_plants

from ropa.rules.catalogue import list_rules

CODES = tuple(rule.code for rule in list_rules())
SHOWN = 5
AT_LEAST = 4
"""Registers that are drawn around each rule; one around each of its plants if there are more."""


@dataclass(frozen=True, slots=True)
class Score:
    """What was planted, and what was found, over all registers."""

    registers: int
    planted: Counter[str]
    found: Counter[str]
    extra: Counter[str]
    wrong: dict[str, list[str]]

    def list_lines(self) -> list[str]:
        """Return the table: rule, plants, recall and precision."""
        cells = []
        for rule in CODES:
            planted, found, extra = self.planted[rule], self.found[rule], self.extra[rule]
            recall = found / planted if planted else 0.0
            precision = found / (found + extra) if found + extra else 0.0
            cells.append(f"{rule} {planted:4d}  {recall:.3f}  {precision:.3f}")
        columns = -(-len(cells) // 3)
        parts = [cells[start : start + columns] for start in range(0, len(cells), columns)]
        lines = ["    ".join(row) for row in zip_longest(*parts, fillvalue="")]
        heading = "    ".join(["rule  plants recall prec."] * len(parts))
        total = f"{self.registers} registers, {self.planted.total()} findings planted"
        return [total, heading, *lines]


class Summary:
    """Prints the table at the end of the run."""

    def __init__(self, score: Score) -> None:
        self.score = score

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("planted defects")
        for line in self.score.list_lines():
            terminalreporter.write_line(line)


@pytest.fixture(scope="module")
def score(request: pytest.FixtureRequest) -> Score:
    chosen = request.config.getoption("--hypothesis-seed")
    drawn = _draw_registers(int(chosen or 0))
    made = _score(drawn)
    request.config.pluginmanager.register(Summary(made))
    return made


def _draw_registers(base: int) -> list[Drawn]:
    drawn: list[Drawn] = []
    rules: dict[str, list[int]] = {}
    for index, plant in enumerate(read_plants()):
        if plant.expect:
            rules.setdefault(plant.rule, []).append(index)
    for indices in rules.values():
        each, more = divmod(max(AT_LEAST, len(indices)), len(indices))
        for place, index in enumerate(indices):
            _draw_around(index, each + (place < more), base, drawn)
    return drawn


def _draw_around(index: int, count: int, base: int, drawn: list[Drawn]) -> None:
    """Append registers around one plant."""
    chosen: list[Drawn] = []

    @seed(base * 10_000 + index)
    @settings(
        max_examples=count + 1,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],  # a register is many draws
    )
    @given(draw_register(read_plants()[index]))
    def keep(one: Drawn) -> None:
        chosen.append(one)

    keep()
    # The first is always the plainest that there is: no companion, the first place.
    drawn += chosen[1:]


def _score(drawn: Sequence[Drawn]) -> Score:
    score = Score(len(drawn), Counter(), Counter(), Counter(), {})
    for one, found in zip(drawn, audit_registers(drawn), strict=True):
        score.planted.update(rule for rule, _, _ in one.expect)
        score.found.update(rule for rule, _, _ in one.expect & found)
        score.extra.update(rule for rule, _, _ in found - one.expect)
        for sign, places in (("missed", one.expect - found), ("extra", found - one.expect)):
            for place in sorted(places):
                text = f"{sign}: {' '.join(place)} in {one.describe()}"
                score.wrong.setdefault(place[0], []).append(text)
    return score


@pytest.mark.parametrize("rule", CODES)
def test_planted_defects_are_found_and_nothing_else(rule: str, score: Score) -> None:
    wrong = score.wrong.get(rule, [])
    if wrong:
        pytest.fail(f"{len(wrong)} wrong\n" + "\n".join(wrong[:SHOWN]), pytrace=False)


@pytest.mark.parametrize("rule", CODES)
def test_rule_is_planted(rule: str, score: Score) -> None:
    assert score.planted[rule] >= AT_LEAST


def test_every_plant_is_of_a_rule_that_it_expects() -> None:
    wrong = [
        plant.title
        for plant in read_plants()
        if plant.expect and plant.rule not in {text.split()[0] for text in plant.expect}
    ]
    assert wrong == []
    assert {plant.rule for plant in read_plants()} == set(CODES)


def test_registers_are_many(score: Score) -> None:
    assert score.registers >= 300
