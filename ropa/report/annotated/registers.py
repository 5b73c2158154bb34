"""The inputs of an audit with its findings written into them, and where each finding stands."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pandas as pd

from ropa.auditing import audit_register
from ropa.errors import InputError, OutputError
from ropa.normalise import normalise
from ropa.recognise import recognise
from ropa.register import Input
from ropa.report.annotated.marks import parse_place
from ropa.report.annotated.markup import UnusualError
from ropa.report.annotated.workbooks import annotate_workbook
from ropa.report.conversion import build_house_tables
from ropa.report.house_workbook import write_house_workbook
from ropa.results import Result
from ropa.rules.requirements import required_field_blank
from ropa.workbook import cell_address, read_workbook
from ropa.workbook.kinds import Kind, find_kind

NAME = "annotated"
LINK_COLUMNS = ("id", "file", "sheet", "cell")

_TYPES = "[Content_Types].xml"
_MACROS = re.compile(rb"\.macroEnabled\.main\+xml")


@dataclass(frozen=True, slots=True)
class Annotated:
    """The annotated workbooks of an audit.

    Attributes
    ----------
    files : mapping
        Name to bytes.
    places : DataFrame
        One row a finding that stands in one of them: ``id``, ``file``, ``sheet``, ``cell``.
    """

    files: Mapping[str, bytes]
    places: pd.DataFrame


def annotate_register(result: Result) -> dict[str, bytes]:
    """Write the findings of an audit into the workbooks that it read.

    Returns
    -------
    dict
        File name to bytes. One workbook: ``annotated.xlsx``, or ``.xlsm`` where it has macros.
        Several: ``annotated/`` and their names. Input of other kinds: ``annotated.xlsx``, the
        register as a house workbook.

    Raises
    ------
    OutputError
        An input has changed since it was read, or is gone.
    """
    return dict(build_annotated(result).files)


def list_link_places(result: Result) -> pd.DataFrame:
    """Tell where each finding stands in the annotated workbooks.

    Returns
    -------
    DataFrame
        One row a finding with a cell there: ``id``, ``file`` (as `annotate_register` names it),
        ``sheet``, ``cell`` (of a range the first).

    Raises
    ------
    OutputError
        As `annotate_register`.
    """
    return build_annotated(result).places


def build_annotated(result: Result) -> Annotated:
    """Return the annotated workbooks and the places in them, made in one go.

    Raises
    ------
    OutputError
        An input has changed since it was read, or is gone.
    """
    findings = result.findings
    inputs = [(one, _read_input(one)) for one in result.register.inputs]
    kinds = [find_kind(data, Path(one.file).suffix.lower()) for one, data in inputs]
    files: dict[str, bytes] = {}
    places = []
    others = []
    for (one, data), kind in zip(inputs, kinds, strict=True):
        if kind is not Kind.WORKBOOK:
            others.append(one.file)
            continue
        own = findings[findings["file"] == one.file]
        try:
            name = _name_copy(one.file, data, alone=len(inputs) == 1)
            files[name] = annotate_workbook(data, own)
        except UnusualError:
            others.append(one.file)
            continue
        except InputError as error:
            raise OutputError(f"{one.file}: cannot be annotated: {error}") from None
        places.append(own.assign(file=name))
    if others:
        data, moved = _convert(result)
        name = f"{NAME}.xlsx"
        files[name] = annotate_workbook(data, moved)
        places.append(moved[moved["id"].isin(_ids_in(findings, others))].assign(file=name))
    return Annotated(files, _list_places(places))


def _read_input(one: Input) -> bytes:
    try:
        data = one.path.read_bytes()
    except OSError:
        raise OutputError(
            f"{one.file}: cannot be read again: put it back and run the audit again"
        ) from None
    if hashlib.sha256(data).hexdigest() != one.sha256:
        raise OutputError(f"{one.file}: has changed since it was read: run the audit again")
    return data


def _ids_in(findings: pd.DataFrame, files: list[str]) -> pd.Series:
    """Return the findings in these files, or in none."""
    return findings.loc[findings["file"].isin([*files, ""]), "id"]


def _name_copy(file: str, data: bytes, *, alone: bool) -> str:
    """Return the name of an annotated copy: its ending tells what it holds."""
    from ropa.report.annotated.packages import Package

    types = Package(data).read(_TYPES)
    if types is None:
        raise UnusualError
    ending = ".xlsm" if _MACROS.search(types) else ".xlsx"
    if alone:
        return f"{NAME}{ending}"
    return f"{NAME}/{file}" if file.lower().endswith(ending) else f"{NAME}/{file}{ending}"


def _convert(result: Result) -> tuple[bytes, pd.DataFrame]:
    """Return the register as a house workbook, and the findings with their cells in it.

    The cells come from an audit of that workbook, in which each finding has the same id.
    """
    tables, shape = build_house_tables(result.register)
    data = BytesIO()
    write_house_workbook(data, tables, shape=shape)
    found = recognise(read_workbook(Path(f"{NAME}.xlsx"), data=data.getvalue()))
    again = audit_register(
        normalise([found], register=NAME),
        as_of=result.as_of,
        regime=result.regime,
        rules=[one for one in result.rules if one.code != required_field_blank.code],
        law=result.law,
        policy=result.policy,
    ).findings
    columns = ["file", "sheet", "cell"]
    moved = result.findings.drop(columns=columns).merge(again[["id", *columns]], on="id")
    return data.getvalue(), moved


def _list_places(found: list[pd.DataFrame]) -> pd.DataFrame:
    empty = pd.DataFrame(columns=list(LINK_COLUMNS), dtype="str")
    rows = pd.concat([empty, *found], ignore_index=True)[list(LINK_COLUMNS)]
    cells = [parse_place(cell) for cell in rows["cell"]]
    first = ["" if place is None else cell_address(*place) for place in cells]
    rows = rows.assign(cell=pd.Series(first, index=rows.index, dtype="str"))
    return rows[rows["cell"] != ""].reset_index(drop=True)
