"""Made files by their plans: a source and the seeds of what is done to it, one after the other.

A plan is a line of text such as ``clean.xlsx|17|4``, and gives the same file wherever it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

from build_samples import SAMPLES
from fuzz_cells import Book, Page, change_cells, list_pages, plant
from fuzz_markup import change_bytes, change_markup
from fuzz_writers import write_book, write_document, write_workbook
from layout_writers import write_fides, write_ico, write_phrase_grid
from made_layouts import write_cnil
from old_workbooks import write_old_workbook
from registers import clean_source

from ropa.errors import InputError
from ropa.workbook import find_workbooks, read_workbook

LEVELS = ("cells", "markup", "bytes")


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of a made file, its extension, its rows if known, what was done to it last."""

    data: bytes
    suffix: str
    book: Book | None = None
    level: str = ""


@cache
def list_sources(folder: Path | None = None) -> Mapping[str, File]:
    """Return the files that fuzzing begins with: the samples, other layouts, a folder's files."""
    found = {path.name: _read(path) for path in sorted(SAMPLES.glob("*.xlsx"))}
    source = clean_source()
    books = {
        "ico": list_pages(write_ico(source, merged=True)),
        "phrases": list_pages(write_phrase_grid(source)),
        "fides": list_pages(write_fides(source)),
    }
    for arrangement in ("sheets", "stacked", "beside"):
        names, cells = write_cnil(source, arrangement=arrangement)
        pages = [
            Page(name, [list(row) for row in rows]) for name, rows in zip(names, cells, strict=True)
        ]
        books[f"forms-{arrangement}"] = pages
    for name in ("clean", "telecoms-provider", "trade-association"):
        books[name] = list_pages(read_workbook(SAMPLES / f"{name}.xlsx"))
    for name, book in books.items():
        plant(book, Random(name))  # noqa: S311 - the same each time, no secret
        found[f"{name}/workbook"] = File(write_workbook(book, Random(name)), ".xlsx", book)  # noqa: S311
        found[f"{name}/document"] = File(write_document(book, Random(name)), ".ods", book)  # noqa: S311
    rows = [[cell[:200] for cell in row] for row in books["phrases"][0].rows[:12]]
    found["phrases/old"] = File(write_old_workbook(rows), ".xls", None)
    if folder is not None:
        found |= {f"+{path.name}": _read(path) for path in find_workbooks(folder)}
    return found


def _read(path: Path) -> File:
    try:
        book = list_pages(read_workbook(path))
    except InputError:
        book = None
    return File(path.read_bytes(), path.suffix.lower(), book or None)


def make_file(plan: str, folder: Path | None = None) -> File:
    """Return the file of a plan."""
    name, *seeds = plan.split("|")
    file = list_sources(folder)[name]
    for seed in seeds:
        file = _change(file, Random(seed))  # noqa: S311 - the same each time, no secret
    return file


def _change(file: File, random: Random) -> File:
    level = random.choices(LEVELS, (6, 4, 1))[0]
    if level == "cells" and file.book:
        book = change_cells(file.book, random)
        data, suffix = write_book(book, random)
        return File(data, suffix, book, level)
    if level != "bytes" and (data_ := change_markup(file.data, random)) is not None:
        return File(data_, file.suffix, None, "markup")
    return replace(file, data=change_bytes(file.data, random), book=None, level="bytes")
