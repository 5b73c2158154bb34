"""The activities one by one: what each record says, cell by cell, and what was found in it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ropa.attribution import quote_cells
from ropa.findings import VALUE_LENGTH
from ropa.register import find_cells, locate, read_cells
from ropa.report.page.anchors import Anchors
from ropa.report.page.finding_rows import Findings
from ropa.report.page.wording import name_place
from ropa.results import Result
from ropa.schema import NOT_LIVE, read_fields

LENGTH = 600
"""Characters of a cell that the page shows at most."""

_NOTES: Mapping[str, str] = {
    "none": "an answer: none",
    "placeholder": "a placeholder, which counts as a gap",
    "unreadable": "could not be read",
}
_NAMES = ("activity_id", "activity")
_RECIPIENT = ("recipient", "role", "country", "transfer_mechanism", "contract_reference")


def list_activities(
    result: Result, findings: Findings, anchors: Anchors
) -> tuple[dict[str, Any], ...]:
    """Return one mapping an activity that has a section, in the register's order.

    Each has its ``records`` (one but where records share id and name), its ``findings`` and its
    ``recipients``.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for row in findings.rows:
        if row["target"]:
            found.setdefault(row["target"], []).append(row)
    records = _select_records(anchors)
    frame = result.register.frames["activities"].set_index("key")
    frame = frame[frame.index.isin(records["key"])]
    contents = _read_contents(result, frame)
    recipients = _read_recipients(result, frame.index)
    blank, absent = (_list_headings(frame, state) for state in ("blank", "absent"))
    statuses = dict(zip(frame.index, frame["status_code"], strict=True))
    several = len(result.register.frames["organisation"]) > 1
    sections: dict[str, dict[str, Any]] = {}
    for key, register, label, activity in records.itertuples(index=False, name=None):
        anchor = anchors.activities.get((register, label, activity))
        if anchor is None:
            continue
        section = sections.setdefault(
            anchor,
            {
                "anchor": anchor,
                "label": label,
                "name": activity,
                "register": register if several else "",
                "findings": found.get(anchor, []),
                "records": [],
            },
        )
        section["records"].append(
            {
                "live": statuses[key] not in NOT_LIVE,
                "status": statuses[key],
                "fields": contents.get(key, []),
                "blank": blank.get(key, []),
                "absent": absent.get(key, []),
                "recipients": recipients.get(key, []),
            }
        )
    return tuple(sections.values())


def _select_records(anchors: Anchors) -> pd.DataFrame:
    """Return the records that have a section: of many, only these are read."""
    names = ["register", "label", "activity"]
    shown = pd.DataFrame(list(anchors.activities), columns=names, dtype="str")
    return anchors.records[["key", *names]].merge(shown, on=names)


def _list_headings(frame: pd.DataFrame, state: str) -> dict[int, list[str]]:
    """Return the headings of the fields that are in a state, by the activity's key."""
    found: dict[int, list[str]] = {}
    for one in read_fields("activities"):
        for key in frame.index[frame[f"{one.name}_state"] == state].tolist():
            found.setdefault(key, []).append(one.heading)
    return found


def _read_contents(result: Result, frame: pd.DataFrame) -> dict[int, list[dict[str, Any]]]:
    """Return what the fields of each activity say, by its key."""
    fields = [one for one in read_fields("activities") if one.name not in _NAMES]
    headings = {one.name: one.heading for one in fields}
    parts = [
        pd.DataFrame(
            {
                "key": frame.index[shown],
                "field": one.name,
                "state": frame.loc[shown, f"{one.name}_state"],
            }
        )
        for one in fields
        for shown in [~frame[f"{one.name}_state"].isin(("blank", "absent"))]
    ]
    rows = pd.concat(parts, ignore_index=True).assign(table="activities")
    told = _quote(result, rows)
    kept: dict[int, list[dict[str, Any]]] = {}
    for row in rows.join(told).to_dict("records"):
        entry = {
            "heading": headings[row["field"]],
            "text": row["text"],
            "place": row["place"],
            "note": _NOTES.get(row["state"], ""),
        }
        kept.setdefault(row["key"], []).append(entry)
    return kept


def _read_recipients(result: Result, activities: pd.Index) -> dict[int, list[dict[str, Any]]]:
    """Return the recipients of some activities, by the activity's key."""
    frame = result.register.frames["recipients"]
    frame = frame[frame["activity_key"].isin(activities)]
    parts = [
        frame[["key"]].assign(table="recipients", field=name).reset_index(drop=True)
        for name in _RECIPIENT
    ]
    rows = pd.concat(parts, ignore_index=True)
    texts = _quote(result, rows)["text"]
    size = len(frame)
    columns = {
        name: texts.iloc[at * size : (at + 1) * size].tolist() for at, name in enumerate(_RECIPIENT)
    }
    kept: dict[int, list[dict[str, Any]]] = {}
    for at, key in enumerate(frame["activity_key"].tolist()):
        kept.setdefault(key, []).append({name: columns[name][at] for name in _RECIPIENT})
    return kept


def _quote(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    """Return ``text`` and ``place`` of some fields; what findings do not quote is empty here."""
    files = len(result.register.inputs) > 1
    cells = find_cells(result.register, rows[["table", "key", "field"]])
    texts = read_cells(result.register, cells)
    hidden = (quote_cells(texts, cells) == "") & (texts.str.slice(0, VALUE_LENGTH) != "")
    cut = texts.str.slice(0, LENGTH).mask(
        texts.str.len() > LENGTH, texts.str.slice(0, LENGTH) + "…"
    )
    places = locate(result.register, cells)
    return pd.DataFrame(
        {
            "text": cut.mask(hidden, ""),
            "place": [name_place(row, files=files) for row in places.to_dict("records")],
        },
        index=rows.index,
    )
