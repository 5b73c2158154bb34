"""board.pptx: nothing leaves its box, however long the names and however many the findings."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pptx import Presentation

import ropa
from ropa.charts.canvas import wrap
from ropa.report.deck import write_deck
from ropa.report.deck.measures import break_lines, measure_text
from ropa.results import Result

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "telephone-answering-service.xlsx"
LONG = "Gesellschaft für außerordentlich umfangreiche Verarbeitungsverzeichnisse " * 8
HOSTILE = '=HYPERLINK("https://example.org")\x07 <a:t>&\u202e _x0041_ {{7*7}}'
_EMU, _DEFAULT = 914400, 18.0


@cache
def audit() -> Result:
    register = ropa.load(SAMPLE)
    earlier = ropa.audit(register, as_of="2026-06-30", rules=["TRF", "REC", "IDN", "RET"])
    rules = [one.code for one in earlier.rules]
    return ropa.audit(register, as_of="2026-09-30", rules=rules, previous=earlier)


def stretch(words: str, times: int) -> Result:
    """Return the audit with its texts replaced and its findings repeated."""
    result = audit()
    rows = result.frames["findings"]
    many = pd.concat([rows] * times, ignore_index=True)
    many["rule"] = [f"{one[:3]}-{at % 40:02}" for at, one in enumerate(many["rule"])]
    told = ["activity", "activity_id", "subject", "message", "owner", "due", "sheet"]
    many[told] = words
    organisation = result.register.frames["organisation"].assign(name=words)
    register = replace(
        result.register, frames={**result.register.frames, "organisation": organisation}
    )
    frames = {**result.frames, "findings": many, "fixed": many}
    return replace(result, frames=frames, register=register)


def read(result: Result) -> Any:  # noqa: ANN401 - python-pptx has no types
    return Presentation(BytesIO(write_deck(result)))


def list_boxes(made: Any) -> Iterator[tuple[str, float, float, list[tuple[str, float, bool]]]]:  # noqa: ANN401 - as above
    """Yield each box of text: its name, room in inches, paragraphs with size and weight."""
    for at, slide in enumerate(made.slides, start=1):
        for one in slide.shapes:
            if one.has_table:
                for row in one.table.rows:
                    for column, cell in zip(one.table.columns, row.cells, strict=True):
                        room = (column.width - cell.margin_left - cell.margin_right) / _EMU
                        high = (row.height - cell.margin_top - cell.margin_bottom) / _EMU
                        yield f"{at} {one.name}", room, high, list_runs(cell.text_frame)
            elif one.has_text_frame and one.width:
                frame = one.text_frame
                room = (one.width - frame.margin_left - frame.margin_right) / _EMU
                high = (one.height - frame.margin_top - frame.margin_bottom) / _EMU
                yield f"{at} {one.name}", room, high, list_runs(frame)


def list_runs(frame: Any) -> list[tuple[str, float, bool]]:  # noqa: ANN401 - as above
    return [
        (run.text, run.font.size.pt if run.font.size else _DEFAULT, bool(run.font.bold))
        for paragraph in frame.paragraphs
        for run in paragraph.runs
    ]


@pytest.mark.parametrize(("words", "times"), [(LONG, 70), ("W" * 400, 1), ("", 0)])
def test_texts_keep_within_their_boxes(words: str, times: int) -> None:
    made = read(stretch(words, times) if times else stretch("", 1))
    seen = 0
    for name, room, high, runs in list_boxes(made):
        # Measured anew with the charts' own measure, which knows nothing of the deck's.
        need = sum(
            len(wrap(text, room + 0.01, size, bold=bold)) * size * 1.2 / 72
            for text, size, bold in runs
        )
        assert need <= high + 0.02, (name, runs)
        assert not any(
            wrap(text, room + 0.01, size, bold=bold)[0] != text
            for text, size, bold in runs
            if " " not in text
        ), (name, runs)
        seen += len(runs)
    assert seen > 50


def test_shapes_keep_within_the_slide_and_apart_from_the_foot() -> None:
    made = read(stretch(LONG, 70))
    for slide in made.slides:
        for one in slide.shapes:
            if not one.is_placeholder:
                assert one.left >= 0
                assert one.left + one.width <= made.slide_width
                assert one.top + one.height <= 6.9 * _EMU, (slide.shapes.title.text, one.name)


def test_what_is_left_out_is_counted() -> None:
    made = read(stretch("short", 70))
    rows = audit().frames["findings"]
    slide = made.slides[4]
    table = next(one.table for one in slide.shapes if one.has_table)
    kinds = stretch("short", 70).findings.groupby(["severity", "rule"]).ngroups
    told = "\n".join(one.text_frame.text for one in slide.shapes if one.has_text_frame)
    assert len(rows) > 0
    assert f"and {kinds - len(table.rows) + 1} more kinds of findings: see findings.xlsx" in told
    assert len(slide.notes_slide.notes_text_frame.text.split("\n")) <= 41


def test_text_from_a_register_stays_text() -> None:
    data = write_deck(stretch(HOSTILE, 1))
    made = Presentation(BytesIO(data))
    told = "\n".join(text for *_, runs in list_boxes(made) for text, *_ in runs)
    assert '=HYPERLINK("https://example.org") <a:t>& _x0041_' in told
    assert not {"\x07", "\u202e"} & set(told)
    for slide in made.slides:
        assert not [one for one in slide.part.rels.values() if one.is_external]


def test_wide_letters_are_measured_as_wide() -> None:
    assert measure_text("漢" * 10, 72.0) >= 10
    lines = break_lines("漢字 " * 20, 2.0, 20.0, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert break_lines("short words", 5.0, 10.0) == ["short words"]
