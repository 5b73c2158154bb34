"""Texts in cells that are made to do harm, and text files that are hardly text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_registers import (
    AS_EVER,
    HEADINGS,
    NEWSLETTER,
    PAYROLL,
    document,
    format_csv,
    found,
    grid,
    save_csv,
    save_document,
    save_rows,
    save_sheet,
    with_texts,
)
from hostile_runs import Audited, Case, Refused, Run
from workbook_parts import sheet_part

ZALGO = "".join(letter + "\u0300\u0301\u0489\u0334\u0362" * 40 for letter in "Pay the staff")
RIGHT_TO_LEFT = (
    "\u202effats eht yaP\u202c \u05e9\u05db\u05e8 \u0631\u0648\u0627\u062a\u0628 \u2067x\u2069"
)
DANGEROUS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://example.org","x")',
)
MARKUP = "<script>alert(1)</script><b onclick=x>&amp;</b><!-- ]]> <?x?> {{7*7}} {% x %} %s {0}"
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x1b[31m\x9b31m\x08\x08\x7f"
TABLE = format_csv()


def in_cells(texts: dict[str, str], kind: str = "xlsx") -> Callable[[Path], Path]:
    """Return what writes the register with other texts in some cells."""

    def write(folder: Path) -> Path:
        rows = with_texts(texts)
        if kind == "ods":
            return save_document(folder, document(rows))
        if kind == "csv":
            return save_csv(folder, format_csv(rows))
        return save_rows(folder, rows)

    return write


def text(data: str | bytes, name: str = "register.csv") -> Callable[[Path], Path]:
    """Return what writes a text file."""
    return lambda folder: save_csv(folder, data, name)


def at_end(more: str) -> Callable[[Path], Path]:
    return text(TABLE + more)


def raw_cell(inside: bytes) -> Callable[[Path], Path]:
    """Return what writes the register with XML as it stands in B2."""

    def write(folder: Path) -> Path:
        part = sheet_part(grid(with_texts({"B2": "STAND-IN"})))
        return save_sheet(folder, part.replace(b"STAND-IN", inside))

    return write


def headed(*headings: str, more: tuple[str, ...] = ()) -> Callable[[Path], Path]:
    return lambda folder: save_rows(folder, [headings, (*PAYROLL, *more), (*NEWSLETTER, *more)])


CASES = (
    # -- length --
    Case("cell of 32,767 letters", in_cells({"B2": "a b " * 8191 + "abc"}), AS_EVER),
    Case("cell of 100,000 letters", in_cells({"B2": "pay " * 25_000}), AS_EVER),
    Case(
        "cell of 131,073 letters",
        in_cells({"B2": "p" * 131_073}),
        Refused("sheet 'S1': cell B2 holds more than 131,072 characters"),
    ),
    Case(
        "cell of 10,000 ligatures that are sentences",
        in_cells({"B2": "\ufdfa" * 10_000}),
        Refused("sheet 'S1': cell B2 holds more than 131,072 characters"),
    ),
    Case("cell of 5,000 such ligatures", in_cells({"B2": "\ufdfa" * 5_000}), AS_EVER),
    Case(
        "cell of 131,073 letters in a document",
        in_cells({"B2": "p" * 131_073}, "ods"),
        Refused("cell B2 holds more than 131,072 characters"),
    ),
    Case(
        "cell of 131,073 letters in a text file",
        in_cells({"B2": "p" * 131_073}, "csv"),
        Refused("a cell in row 2 is longer than 131,072 characters"),
    ),
    Case(
        "each cell of 20,000 letters",
        in_cells({f"{one}{n}": "six years, staff; " * 1100 for one in "ABCDEFGHI" for n in (2, 3)}),
        Audited(2, frozenset()),
    ),
    # -- letters --
    Case(
        "escapes of controls",
        in_cells({"B2": "Pay_x0000__x001B_[31m_x000D__xFFFF__xD800_"}),
        AS_EVER,
    ),
    Case(
        "text that is an escaped control alone",
        in_cells({"G2": "_x0000_"}),
        found(("GOV-08", "G2")),
    ),
    Case("zero byte as a reference", raw_cell(b"a&#0;b"), Refused("damaged")),
    Case("zero byte", raw_cell(b"a\0b"), Refused("damaged")),
    Case("controls in XML", raw_cell(b"a&#1;&#27;[31m"), Refused("damaged")),
    Case("half a character in XML", raw_cell(b"a&#xD800;b"), Refused("damaged")),
    Case("half a character in UTF-8", raw_cell(b"a\xed\xa0\x80b"), Refused("damaged")),
    Case("no characters", raw_cell("a\ufffe\uffffb".encode()), AS_EVER),
    Case("zalgo", in_cells({"B2": ZALGO}), AS_EVER),
    Case("zalgo in the headings", headed(*(one + "\u0301\u0489" for one in HEADINGS)), AS_EVER),
    Case("right to left", in_cells({"B2": RIGHT_TO_LEFT, "A2": "\u202e" + "lloryaP"}), AS_EVER),
    Case(
        "invisible letters only",
        in_cells({"G2": "\u200b\u200d\u2060\ufeff\u00ad"}),
        found(("GOV-08", "G2")),
    ),
    Case(
        "terminal commands in a text file",
        in_cells({"B2": ESCAPES + "Pay", "A2": "Pay" + ESCAPES}, "csv"),
        AS_EVER,
    ),
    # -- what programs run --
    *(
        Case(
            f"{kind}: texts that begin as formulas",
            in_cells(
                dict(zip(("A2", "B2", "C2", "D2", "E2", "B3", "C3", "D3"), DANGEROUS, strict=True)),
                kind,
            ),
            AS_EVER,
        )
        for kind in ("xlsx", "ods", "csv")
    ),
    Case("markup in cells", in_cells({"A2": MARKUP, "B2": MARKUP, "E2": MARKUP}), AS_EVER),
    Case(
        "pieces of expressions",
        in_cells({"B2": "(" * 5000, "G2": "6 years " * 3000, "H2": "Art 6(1)(" * 2000}),
        found(("PUR-01", "B2")),
    ),
    Case(
        "numbers without end",
        in_cells({"G2": "9" * 5000 + " years", "B2": "1/" * 5000}),
        found(("GOV-08", "G2")),
    ),
    # -- headings --
    Case(
        "each heading twice",
        lambda folder: save_rows(
            folder, [(*HEADINGS, *HEADINGS), (*PAYROLL, *PAYROLL), (*NEWSLETTER, *NEWSLETTER)]
        ),
        AS_EVER,
    ),
    Case(
        "two thousand columns",
        headed(*HEADINGS, *(f"Column {n}" for n in range(2000)), more=("x",) * 2000),
        AS_EVER,
    ),
    Case(
        "two thousand columns of one heading",
        headed(*HEADINGS, *["Purpose"] * 2000, more=("x",) * 2000),
        AS_EVER,
    ),
    Case("heading of 30,000 letters", headed(*HEADINGS, "Purpose " * 3750, more=("x",)), AS_EVER),
    # -- text files --
    Case(
        "zero bytes in a text file",
        at_end("x\0y\n"),
        Refused("not text, though its extension says so"),
    ),
    Case(
        "binary as a text file",
        text(bytes(range(256)) * 50),
        Refused("not text, though its extension says so"),
    ),
    Case(
        "quotation that never ends",
        at_end('"Third,x\n'),
        Refused("the quotation that begins in row 4 does not end"),
    ),
    Case(
        "quotation that ends before more text",
        at_end('"Third,"x,y\n'),
        Refused("in row 4 text follows the quotation mark that ends a cell"),
    ),
    Case(
        "quotation that never ends, and megabytes after it",
        text(TABLE + '"' + "x,y\n" * 500_000),
        Refused("a cell in row 4 is longer than"),
    ),
    Case(
        "line of 10 MB",
        text(TABLE + "x" * 10_000_000),
        Refused("a cell in row 4 is longer than 131,072"),
    ),
    Case(
        "line of ten million delimiters",
        text(TABLE + "," * 10_000_000),
        Refused("more than 16,384 cells"),
    ),
    Case(
        "ten million quotation marks",
        text(TABLE + '"' * 10_000_000),
        Refused("longer than 131,072"),
    ),
    Case("ten million line ends", text(TABLE + "\n" * 10_000_000), AS_EVER),
    Case(
        "rows past the last one",
        text(TABLE + "\n" * 1_048_576 + "x\n"),
        Refused("more than 1,048,576 rows"),
    ),
    Case(
        "a million rows of one letter",
        text(TABLE + "x\n" * 1_000_000),
        Refused("more than 250,000 rows stand below the headings in row 1"),
    ),
    Case("UTF-16 without a mark", text(TABLE.encode("utf-16-le")), AS_EVER),
    Case(
        "UTF-16 under a mark of UTF-8",
        text(b"\xef\xbb\xbf" + TABLE.encode("utf-16-le")),
        Refused("not text"),
    ),
    Case("UTF-16 cut in a character", text(TABLE.encode("utf-16")[:-1]), AS_EVER),
    Case("UTF-32", text(TABLE.encode("utf-32")), AS_EVER),
    Case("UTF-7", text(TABLE.encode("utf-7")), AS_EVER),
    Case("EBCDIC", text(TABLE.encode("cp500")), Refused("not text, though")),
    Case(
        "Shift JIS",
        text(format_csv(with_texts({"B2": "\u7d66\u4e0e"})).encode("shift-jis")),
        AS_EVER,
    ),
    Case(
        "half characters in a text file",
        text(format_csv(with_texts({"B2": "Pay \udcff\ud800 staff"}))),
        AS_EVER,
    ),
    Case(
        "separator line that names a quote",
        text('sep="\n' + TABLE),
        Audited(2, frozenset({("RET-01", "G4")})),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hostile_texts(case: Case, try_case: Callable[[Case], Run]) -> None:
    try_case(case)
