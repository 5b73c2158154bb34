"""Workbooks as plain rows, and what fuzzing does to their cells."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from random import Random

from ropa.workbook.cells import Range, Workbook

CANARY = "qzxcanary"
"""A word that stands in cells alone: no line on stderr may hold it."""

NASTIES: tuple[str, ...] = (
    *("", " ", "\u00a0", "\u200b", "\ufeff", "-", "--", "?", ".", "0", "-1", "1e308", "-0.0"),
    *("NaN", "nan", "None", "null", "<NA>", "inf", "True", "FALSE", "#REF!", "#N/A", "=1+1"),
    *(
        "a" * 32_767,
        "(" * 3_000,
        ")" * 3_000,
        "a," * 3_000,
        ";" * 3_000,
        "\n" * 2_000,
        "a b " * 5_000,
    ),
    *(
        "6 years " * 800,
        "not " * 2_000,
        "and " * 2_000,
        "1/" * 2_000,
        "- " * 3_000,
        "Ltd, " * 1_000,
    ),
    *(
        "9" * 400 + " years",
        "99999999999999999999 days",
        "0 years",
        "-5 years",
        "1/0 years",
        "1e9 years",
    ),
    *("\u0661\u0662 months", "\u00b2 years", "\u00bd year", "\u216b months", "\U0001d7d4 years"),
    *("2\u00b2 years", "P6Y", "P1Y2M3DT4H", "1_000 days", "1,5 ans", "1.000.000 Tage", "0x10 days"),
    *("31/02/2024", "2024-13-45", "29 February 2023", "9999-12-31 00:00:00", "0001-01-01 00:00:00"),
    *(
        "1900-02-29 00:00:00",
        "00:00:00",
        "2024-02-29T00:00:00",
        "99/99/9999",
        "1/1/1",
        "60",
        "45351",
    ),
    *(
        "Art. 6(1)(zz)",
        "Article 99999999999999999999(1)",
        "Art 6(1)(a)-(f)",
        "6(1)(",
        "Art.",
        "9(2)(j)(k)",
    ),
    *(
        "Korea",
        "Georgia",
        "Congo",
        "EEA except France",
        "all countries except",
        "worldwide",
        "UK/US/EU",
    ),
    *(
        "%s %d {0} {}",
        "<script>alert(1)</script>",
        "[a](http://example.org)",
        "\\",
        "'",
        '"',
        "\\1\\g<0>",
    ),
    *(
        "\u202egnp",
        "\u0130",
        "\u0130stanbul \u0130\u0130\u0130 6 years",
        "\u1e9e",
        "\ufb01le",
        "A\u0301",
    ),
    *(
        "Stra\u00dfe",
        "\u212a",
        "\U0001f600" * 50,
        "\u0345\u0345",
        "\u1ff3",
        "\u03a3\u03c2",
        "\U000e0001",
    ),
    *(
        "a@example.org",
        "@",
        "+44 1632 960001",
        "https://example.org/?a=b#c",
        "mailto:a@example.org",
    ),
    *(
        "Yes",
        "No",
        "Y/N",
        "yes/no",
        "N/A - see above",
        "TBC",
        "see below",
        "as above",
        "ditto",
        '"',
    ),
    *(
        "(a) first (b) second (c) third",
        "1. one 2. two 3. three",
        "\u2022 one\n\u2022 two",
        "x;y|z/w",
    ),
    *(
        "\t",
        "a\tb",
        "a\r\nb",
        "\r",
        "\x0b",
        "\x1f",
        "a\x1fb",
        "\x85",
        "\u2028",
        "_x000D_",
        "_x0041_",
    ),
    *(
        "House",
        "Activity",
        "Activities",
        "Retention",
        "Purpose",
        "Lawful basis",
        "Purpose\nof processing",
    ),
)
"""Texts that readers of texts stumble over."""

Rows = list[list[str]]


@dataclass(slots=True)
class Page:
    """A sheet: its name, its rows and its merged ranges."""

    name: str
    rows: Rows
    merged: list[Range] = field(default_factory=list)
    hidden: bool = False


Book = list[Page]


def list_pages(workbook: Workbook) -> Book:
    """Return the sheets of a workbook as plain rows."""
    return [
        Page(
            sheet.name,
            [
                [sheet.text(row, column) or "" for column in range(1, sheet.columns + 1)]
                for row in range(1, sheet.rows + 1)
            ],
            list(sheet.merged),
        )
        for sheet in workbook.sheets
    ]


@cache
def list_words() -> tuple[str, ...]:
    """Return the words of the vocabulary: what means something somewhere."""
    found: set[str] = set()
    for path in resources.files("ropa.vocabulary").iterdir():
        if path.name.endswith(".csv"):
            rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
            found.update(text for row in rows[1:] for text in row if 1 < len(text) < 80)
    return tuple(sorted(found))


def change_cells(book: Book, random: Random) -> Book:
    """Return a book of which some cells, rows, columns or sheets were changed."""
    made = [Page(one.name, [list(row) for row in one.rows], list(one.merged)) for one in book]
    for _ in range(random.choice((1, 2, 4, 8, 16))):
        page = random.choice(made)
        if not any(page.rows):
            page.rows.append(["Purpose"])
        random.choice(CHANGES)(page, random)
        if random.random() < 0.03:
            _change_sheets(made, random)
    plant(made, random)
    return made


def plant(book: Book, random: Random) -> None:
    """Put the canary into a few cells that hold a text."""
    for _ in range(6):
        page = random.choice(book)
        row, column = _pick(page, random)
        if row < len(page.rows) and column < len(page.rows[row]) and page.rows[row][column].strip():
            page.rows[row][column] += f" {CANARY}"


def make_text(random: Random, old: str = "") -> str:  # noqa: PLR0911 - one for each kind
    """Return a text that is likely to be read wrongly, made from another one or not."""
    kind = random.randrange(7)
    at = random.randrange(len(old) + 1)
    words = list_words()
    if kind == 0:
        return random.choice(NASTIES)
    if kind == 1:
        return random.choice(words)
    if kind == 2:
        joint = random.choice((", ", "; ", " and ", " / ", "\n", " ", "", " (", " - ", ": "))
        return joint.join(random.choice(words) for _ in range(random.choice((2, 3, 20))))
    if kind == 3:
        return old[:at] + random.choice(NASTIES) + old[at:]
    if kind == 4:
        return old[:at] + old[at + random.randrange(1, 5) :]
    if kind == 5:
        return random.choice(
            (old.upper(), old.swapcase(), old[::-1], old * 3, old.replace(" ", ""))
        )
    return f"{old} {random.choice(words)}"


def _pick(page: Page, random: Random) -> tuple[int, int]:
    row = random.randrange(max(len(page.rows), 1))
    if random.random() < 0.3:
        row = min(row, 3)
    width = len(page.rows[row]) if row < len(page.rows) else 0
    return row, random.randrange(max(width, 1))


def _set(page: Page, row: int, column: int, text: str) -> None:
    while len(page.rows) <= row:
        page.rows.append([])
    line = page.rows[row]
    line.extend([""] * (column + 1 - len(line)))
    line[column] = text


def _change_text(page: Page, random: Random) -> None:
    row, column = _pick(page, random)
    old = page.rows[row][column] if column < len(page.rows[row]) else ""
    _set(page, row, column, make_text(random, old))


def _fill_column(page: Page, random: Random) -> None:
    _, column = _pick(page, random)
    text = make_text(random)[:2_000]
    for row in range(random.randrange(len(page.rows)), len(page.rows)):
        _set(page, row, column, text if random.random() < 0.7 else make_text(random)[:2_000])


def _swap_texts(page: Page, random: Random) -> None:
    (row, column), (other, place) = _pick(page, random), _pick(page, random)
    if random.random() < 0.5:
        other = row
    one = page.rows[row][column] if column < len(page.rows[row]) else ""
    two = page.rows[other][place] if place < len(page.rows[other]) else ""
    _set(page, row, column, two)
    _set(page, other, place, one)


def _swap_columns(page: Page, random: Random) -> None:
    (_, one), (_, two) = _pick(page, random), _pick(page, random)
    start = random.choice((0, 1, random.randrange(len(page.rows))))
    for row in page.rows[start:]:
        if max(one, two) < len(row):
            row[one], row[two] = row[two], row[one]


def _drop_column(page: Page, random: Random) -> None:
    _, column = _pick(page, random)
    for row in page.rows:
        del row[column : column + 1]


def _double_column(page: Page, random: Random) -> None:
    (_, column), (_, place) = _pick(page, random), _pick(page, random)
    for row in page.rows:
        row.insert(place, row[column] if column < len(row) else "")


def _drop_row(page: Page, random: Random) -> None:
    del page.rows[random.randrange(len(page.rows))]


def _add_row(page: Page, random: Random) -> None:
    old = random.choice(page.rows)
    new = random.choice(([], list(old), [make_text(random, text)[:500] for text in old]))
    for _ in range(random.choice((1, 1, 2, 30))):
        page.rows.insert(random.choice((0, 1, random.randrange(len(page.rows) + 1))), list(new))


def _move_row(page: Page, random: Random) -> None:
    row = page.rows.pop(random.randrange(len(page.rows)))
    page.rows.insert(random.randrange(len(page.rows) + 1), row)


def _shift(page: Page, random: Random) -> None:
    for row in page.rows:
        row[:0] = [""] * random.choice((0, 1, 1)) if random.random() < 0.1 else [""]


def _merge(page: Page, random: Random) -> None:
    top, left = _pick(page, random)
    bottom = top + random.choice((0, 0, 1, 2, 5, 100))
    right = left + random.choice((0, 0, 1, 2, 5, 100))
    page.merged.append((top + 1, left + 1, bottom + 1, right + 1))


def _blank(page: Page, random: Random) -> None:
    row, column = _pick(page, random)
    for line in page.rows[row : row + random.choice((1, 3, 99))]:
        for place in range(column, min(len(line), column + random.choice((1, 3, 99)))):
            line[place] = ""


def _far_cell(page: Page, random: Random) -> None:
    row, column = random.choice(((len(page.rows) + 40, 3), (2, 90), (400, 120), (0, 700)))
    _set(page, row, column, make_text(random)[:200])


def _transpose(page: Page, random: Random) -> None:
    if random.random() < 0.3:
        width = max(map(len, page.rows))
        lines = [row + [""] * (width - len(row)) for row in page.rows]
        page.rows[:] = [list(row) for row in zip(*lines, strict=True)]


CHANGES: tuple[Callable[[Page, Random], None], ...] = (
    *((_change_text,) * 8),
    *((_swap_texts,) * 3),
    *(_fill_column, _swap_columns, _drop_column, _double_column, _drop_row, _add_row, _move_row),
    *(_shift, _merge, _merge, _blank, _far_cell, _transpose),
)


def _change_sheets(book: Book, random: Random) -> None:
    page = random.choice(book)
    kind = random.randrange(5)
    if kind == 0 and len(book) > 1:
        book.remove(page)
    elif kind == 1:
        name = f"{page.name[:20]} {len(book)}"
        book.insert(random.randrange(len(book) + 1), Page(name, [list(row) for row in page.rows]))
    elif kind == 2:
        page.name = random.choice(("a" * 31, "\u202e'", "Activities", "$&<>", "Sheet 1", "=1"))
    elif kind == 3:
        page.hidden = True
    else:
        random.shuffle(book)
