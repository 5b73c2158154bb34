"""The colours stay apart for readers who see fewer of them, and texts stand out on them.

The matrices simulate the full lack of one kind of cones in linear RGB: G. M. Machado, M. M.
Oliveira and L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color Vision
Deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), 2009, table 1.
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pytest

from ropa.charts import (
    ITEM_STATE_COLOURS,
    RETENTION_COLOURS,
    SAFEGUARD_COLOURS,
    SEVERITY_COLOURS,
    STATUS_COLOURS,
)
from ropa.charts.palette import OPACITY, PANEL, PAPER, QUIET_INK, choose_ink, luminance
from ropa.charts.safeguard_groups import GROUPS
from ropa.findings import SEVERITIES


def fade(colour: str) -> str:
    """Return a ribbon's colour on white paper."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - (255 - part) * OPACITY):02X}" for part in parts)


VISIONS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)
# A just noticeable difference is about 2.3 in CIE 1976 L*a*b*.
APART = 10.0
RIBBONS = {group: fade(colour) for group, colour in SAFEGUARD_COLOURS.items()}
ALL_COLOURS = [
    SEVERITY_COLOURS,
    ITEM_STATE_COLOURS,
    SAFEGUARD_COLOURS,
    RETENTION_COLOURS,
    STATUS_COLOURS,
    RIBBONS,
]


def to_lab(colour: str, vision: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(VISIONS[vision] @ linear, 0, 1)
    x, y, z = np.cbrt(np.maximum(TO_XYZ @ seen / WHITE, 0.008856))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("colours", ALL_COLOURS)
def test_colours_stay_apart(colours: Mapping[str, str], vision: str) -> None:
    distances = {
        (one, other): float(
            np.linalg.norm(to_lab(colours[one], vision) - to_lab(colours[other], vision))
        )
        for one, other in combinations(colours, 2)
    }
    assert {pair: far for pair, far in distances.items() if far < APART} == {}


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    "colour",
    [*SEVERITY_COLOURS.values(), *ITEM_STATE_COLOURS.values(), *STATUS_COLOURS.values()],
)
def test_a_text_stands_out_on_a_colour(colour: str) -> None:
    # WCAG 2.2, success criterion 1.4.3, asks for 4.5.
    assert contrast(choose_ink(colour), colour) >= 4.5


def test_quiet_texts_can_be_read() -> None:
    for colour in (PAPER, PANEL, ITEM_STATE_COLOURS["none"]):
        assert contrast(QUIET_INK, colour) >= 4.5


def test_severities_go_from_dark_to_light() -> None:
    assert tuple(SEVERITY_COLOURS) == SEVERITIES
    shades = [luminance(colour) for colour in SEVERITY_COLOURS.values()]
    assert shades == sorted(shades)


def test_each_group_of_safeguards_has_its_colour() -> None:
    assert tuple(SAFEGUARD_COLOURS) == tuple(GROUPS)
    assert len(set(SAFEGUARD_COLOURS.values())) == len(GROUPS)
