"""The way in: a findings.json, a findings.xlsx, or the folder with both."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from ropa.errors import InputError
from ropa.previous.documents import parse_object, read_document, read_file
from ropa.previous.filled import read_filled_workbook
from ropa.previous.found import FORM, Found, join_problems, list_problems, make_problem
from ropa.previous.owners import settle_words
from ropa.previous.values import OWNED, Previous, make_frames
from ropa.workbook.files import READABLE, shown

_DOCUMENT = "findings.json"
_WORKBOOK = "findings.xlsx"
_MANIFEST = "manifest.json"


def read_previous(path: str | Path) -> Previous:
    """Read an earlier audit back, with what the owners of its findings wrote since.

    Parameters
    ----------
    path : path
        A ``findings.json``; a ``findings.xlsx``, whatever it is called by now and whichever
        program saved it; or a folder of reports. Of a folder the findings are those of its
        ``findings.json``, the owners' words those of its ``findings.xlsx`` where that was changed.

    Returns
    -------
    Previous
        Its findings sorted as an audit sorts them. What could not be used stands in ``problems``.

    Raises
    ------
    InputError
        It is missing, damaged, too large, of another shape or written by a later version; the
        workbook has no findings or lacks a column; the folder holds no reports, or those of
        different audits.
    """
    path = Path(path)
    name = shown(path.name or str(path))
    if _has(path, folder=True):
        return _settle(_read_folder(path, name))
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _settle(read_document(path, name))
    if suffix in READABLE:
        return _settle(read_filled_workbook(path, name))
    if not _has(path):
        raise InputError(f"{name}: there is no such file; check the path")
    raise InputError(f"{name}: this is no report of findings; {FORM}")


def _has(path: Path, *, folder: bool = False) -> bool:
    """Say whether there is such a file or folder; a name that nothing can have is none."""
    try:
        return path.is_dir() if folder else path.exists()
    except OSError:
        return False


def _read_folder(folder: Path, name: str) -> Found:
    """Read a folder of reports; the owners' words are those of the workbook."""
    document, workbook = folder / _DOCUMENT, folder / _WORKBOOK
    called = f"{name}/{_WORKBOOK}"
    if not _has(document):
        if not _has(workbook):
            raise InputError(f"{name}: neither {_DOCUMENT} nor {_WORKBOOK} lies in it; {FORM}")
        return replace(read_filled_workbook(workbook, called), file=name)
    found = replace(read_document(document, f"{name}/{_DOCUMENT}"), file=name)
    written = _read_hashes(folder / _MANIFEST, f"{name}/{_MANIFEST}")
    problems = [found.problems]
    if written.get(_DOCUMENT, found.sha256) != found.sha256:
        what = "the file was changed since the audit wrote it: it was read as it is now"
        problems.append(make_problem(f"{name}/{_DOCUMENT}", "", "", what))
    found = replace(found, problems=join_problems(problems))
    if not _has(workbook):
        return found
    if hashlib.sha256(read_file(workbook, called)).hexdigest() == written.get(_WORKBOOK):
        return found
    return _join(found, read_filled_workbook(workbook, called, whole=False))


def _read_hashes(path: Path, name: str) -> dict[str, Any]:
    """Return the SHA-256 of the reports by name; none without a manifest."""
    if not _has(path):
        return {}
    outputs = parse_object(read_file(path, name), name).get("outputs")
    return outputs if isinstance(outputs, dict) else {}


def _join(found: Found, filled: Found) -> Found:
    """Lay the words of a workbook over the findings of its audit.

    A finding whose row was deleted keeps what it had when the workbook was written.
    """
    if filled.as_of not in (None, found.as_of):
        raise InputError(
            f"{filled.file}: is of another audit than {_DOCUMENT} beside it, as of another day; "
            "give one of the two alone"
        )
    stated = found.findings.drop(columns=[*OWNED, *_list_places(found.findings)])
    stated = stated.drop_duplicates("id").set_index("id")
    rows = filled.findings
    known = rows["id"].isin(stated.index)
    apart = known & _are_apart(rows, stated)
    problems = [
        list_problems(
            rows[~known], "id", "the audit has no finding of this id: the row was not used"
        ),
        list_problems(
            rows[apart],
            "id",
            "the rule or the activity beside this id is another's, as where a column was sorted "
            "without the others: the row was not used",
        ),
    ]
    used = rows.loc[known & ~apart, ["id", *OWNED, *_list_places(rows)]]
    rest = found.findings[~found.findings["id"].isin(used["id"])]
    return replace(
        found,
        sha256=filled.sha256,
        findings=pd.concat([rest, used.join(stated, on="id")], ignore_index=True),
        problems=join_problems([found.problems, filled.problems, *problems]),
    )


def _are_apart(rows: pd.DataFrame, stated: pd.DataFrame) -> pd.Series:
    """Tell the rows in which the id has come to stand beside what another finding says."""
    apart = pd.Series(data=False, index=rows.index)
    for name in ("rule", "activity_id"):
        if name in rows:
            own = rows["id"].map(stated[name])
            apart |= own.notna() & (own != rows[name])
    return apart


def _list_places(rows: pd.DataFrame) -> list[str]:
    return [name for name in rows.columns if name.startswith("in_") or name.endswith("_cell")]


def _settle(found: Found) -> Previous:
    """Return the value that a file amounts to, the owners' words settled."""
    if found.as_of is None:
        raise InputError(f"{found.file}: does not say as of which day it was audited; {FORM}")
    findings, problems = settle_words(found.findings)
    fixed, _ = settle_words(found.fixed)
    pending, doubts = settle_words(found.pending)
    frames = make_frames(
        {
            "findings": findings,
            "fixed": fixed,
            "pending": pending,
            "not_evaluated": found.not_evaluated,
            "activities": found.activities,
            "problems": join_problems([found.problems, problems, doubts]),
        }
    )
    return Previous(
        file=found.file,
        sha256=found.sha256,
        as_of=found.as_of,
        regime=found.regime,
        version=found.version,
        rules=found.rules,
        inputs=found.inputs,
        history=found.history,
        frames=frames,
    )
