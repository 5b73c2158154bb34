"""The cells of a sample in other layouts: the ICO's, grids of phrases, the columns of Fides, lists.

Forms stand in `made_layouts`.
"""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

import openpyxl
from made_layouts import list_children, say
from openpyxl.styles import Font
from registers import Row, Source

from ropa.workbook.cells import Range, Sheet, Workbook, make_sheet

ICO_BANDS = (
    ("Article 30 Record of Processing Activities", 11),
    ("Privacy Notices", 7),
    ("Consent", 1),
    ("Access Requests", 1),
    ("Data Protection Impact Assessments", 3),
    ("Personal Data Breaches", 2),
    ("Data Protection Act 2018 - Special Category or Criminal Conviction and Offence data", 5),
)
"""What stands above the headings, and over how many of them."""

ICO_HEADINGS: tuple[tuple[str, str], ...] = (
    ("Business function", "function"),
    ("Purpose of processing", "purpose"),
    ("Name and contact details of joint controller (if applicable)", "joint_controller"),
    ("Categories of individuals", "data_subjects"),
    ("Categories of personal data", "data_categories"),
    ("Categories of recipients", "recipients"),
    ("Link to contract with processor", "recipients.contract_reference"),
    (
        (
            "Names of third countries or international organisations that personal data are"
            " transferred to (if applicable)"
        ),
        "transfers",
    ),
    (
        (
            "Safeguards for exceptional transfers of personal data to third countries or"
            " international organisations (if applicable)"
        ),
        "recipients.transfer_mechanism",
    ),
    ("Retention schedule (if possible)", "retention"),
    (
        "General description of technical and organisational security measures (if possible)",
        "security_measures",
    ),
    ("Article 6 lawful basis for processing personal data", "lawful_basis"),
    (
        "Article 9 condition for processing special category data",
        "special_category_condition",
    ),
    ("Legitimate interests for the processing (if applicable)", "legitimate_interest"),
    ("Link to record of legitimate interests assessment (if applicable)", "lia_reference"),
    ("Rights available to individuals", "rights"),
    (
        "Existence of automated decision-making, including profiling (if applicable)",
        "automated_decisions",
    ),
    ("The source of the personal data (if applicable)", "source"),
    ("Link to record of consent", "consent_record"),
    ("Location of personal data", "location"),
    ("Data Protection Impact Assessment required?", "dpia_required"),
    ("Data Protection Impact Assessment progress", "dpia_status"),
    ("Link to Data Protection Impact Assessment", "dpia_reference"),
    ("Has a personal data breach occurred?", ""),
    ("Link to record of personal data breach", ""),
    (
        "Data Protection Act 2018 Schedule 1 Condition for processing",
        "schedule_1_condition",
    ),
    ("GDPR Article 6 lawful basis for processing", ""),
    ("Link to retention and erasure policy document", "policy_document"),
    (
        "Is personal data retained and erased in accordance with the policy document?",
        "policy_adherence",
    ),
    ("Reasons for not adhering to policy document (if applicable)", ""),
)
"""The thirty headings, each with the field that it means."""

ICO_HEADER_ROW = 9

PHRASES: tuple[tuple[str, str, str], ...] = (
    ("Name of the processing", "dct:title", "activity"),
    ("The purposes of the processing", "dpv:hasPurpose", "purpose"),
    ("A description of the categories of data subjects ", "dpv:hasDataSubject", "data_subjects"),
    ("The categories of personal data", "dpv:hasPersonalData", "data_categories"),
    ("The categories of recipients", "dpv:hasRecipient", "recipients"),
    ("International recipient country ", "dpv:hasLocation", "transfers"),
    (
        "The envisaged time limits for erasure of the different categories of data",
        "dpv:hasStorageCondition",
        "retention",
    ),
    (
        "A general description of the technical and organisational security measures",
        "dpv:hasTechnicalOrganisationalMeasure",
        "security_measures",
    ),
)
"""Headings in the words of Article 30(1), the vocabulary's term below each, and the field."""

FIDES: tuple[tuple[str, str], ...] = (
    ("Fides dataset", ""),
    ("Fides system", ""),
    ("Department or Business function", "function"),
    *ICO_HEADINGS[1:4],
    ("Categories of personal data (Fides taxonomy)", "data_categories"),
    *ICO_HEADINGS[5:11],
    ("Role or Responsibility", "role"),
    *ICO_HEADINGS[11:18],
    *ICO_HEADINGS[20:23],
)
"""The columns of a data map that Fides exports."""


def write_ico(source: Source, *, merged: bool = False) -> Workbook:
    """Return a sample in the ICO's layout for controllers.

    An activity takes a row for each of its recipients and data items, whichever are more. Cells
    that say the same again are blank, or merged with the first.
    """
    organisation = next(iter(source.tables["organisation"]), {})
    bands = [text for text, width in ICO_BANDS for text in (text, *[""] * (width - 1))]
    rows = [*_list_contacts(organisation), bands, [text for text, _ in ICO_HEADINGS]]
    ranges = list(_merge_bands())
    for activity in source.tables["activities"]:
        records = list(list_records(source, activity, ICO_HEADINGS))
        if merged and len(records) > 1:
            top = len(rows) + 1
            ranges += [
                (top, column, top + len(records) - 1, column)
                for column in _list_own_columns(source, activity)
            ]
        rows += records
    notes = make_sheet("Notes", [["Guidance"], ["Fill in one line for each purpose."]], index=1)
    template = make_sheet("Template", rows, merged=ranges)
    return Workbook("ico.xlsx", "0" * 64, (template, notes))


def _list_own_columns(source: Source, activity: Row) -> list[int]:
    """Return the columns of what an activity says once: not of its items or recipients."""
    one = activity["activity_id"]
    items = set(_OF_ITEMS) if list_children(source, "data_items", one) else set()
    paired = set(_OF_RECIPIENTS) if list_children(source, "recipients", one) else set()
    return [
        column
        for column, (_, name) in enumerate(ICO_HEADINGS, start=1)
        if name and "." not in name and name not in items | paired
    ]


def _list_contacts(organisation: Row) -> list[list[str]]:
    """Return the contact block, rows 1 to 7; each party keeps its parts in one cell or in four."""
    parts = ("name", "address", "email", "telephone")
    rows = [["Controller", "", "", "Data Protection Officer (if applicable)", "", "", ""]]
    rows[0] += ["Representative (if applicable)"]
    others = {"name": ("dpo", "representative")}
    for part in parts:
        dpo, representative = others.get(part, ("", ""))
        label = part.capitalize()
        rows.append([label, say(organisation.get(part)), "", label, say(organisation.get(dpo))])
        rows[-1] += ["", "", label, say(organisation.get(representative))]
    return [*rows, [], []]


def _merge_bands() -> list[Range]:
    left, found = 1, []
    for _, width in ICO_BANDS:
        if width > 1:
            found.append((ICO_HEADER_ROW - 1, left, ICO_HEADER_ROW - 1, left + width - 1))
        left += width
    return found


def list_records(
    source: Source, activity: Row, headings: Sequence[tuple[str, str]]
) -> list[list[str]]:
    """Return the rows of one activity: the first says everything, the others what is theirs."""
    one = activity["activity_id"]
    items = list_children(source, "data_items", one)
    recipients = list_children(source, "recipients", one)
    nothing: Row = {}
    pairs = list(zip_longest(items, recipients, fillvalue=nothing)) or [(nothing, nothing)]
    return [
        [
            _fill(name, activity if first else {}, item, recipient, bool(items), bool(recipients))
            for _, name in headings
        ]
        for first, (item, recipient) in zip([True] + [False] * len(pairs), pairs, strict=False)
    ]


_OF_ITEMS = {"data_categories": "data_category", "retention": "retention", "source": "source"}
_OF_RECIPIENTS = {"recipients": "recipient", "transfers": "country"}


def _fill(
    name: str,
    activity: Row,
    item: Row,
    recipient: Row,
    has_items: bool,  # noqa: FBT001 - a pair of facts of the activity
    has_recipients: bool,  # noqa: FBT001
) -> str:
    table, _, field = name.partition(".")
    if table == "recipients" and field:
        return say(recipient.get(field))
    if name in _OF_ITEMS and has_items:
        return say(item.get(_OF_ITEMS[name]))
    if name in _OF_RECIPIENTS and has_recipients:
        return say(recipient.get(_OF_RECIPIENTS[name]))
    return say(activity.get(name))


def write_phrase_grid(source: Source, *, terms: bool = True) -> Workbook:
    """Return the activities in a grid headed by the words of Article 30(1), terms below them."""
    rows = [[text for text, _, _ in PHRASES]]
    rows += [[term for _, term, _ in PHRASES]] if terms else []
    rows += [
        [say(activity.get(name)) for _, _, name in PHRASES]
        for activity in source.tables["activities"]
    ]
    return Workbook("phrases.xlsx", "0" * 64, (make_sheet("Sheet1", rows),))


def write_fides(source: Source) -> Workbook:
    """Return the activities in the columns of Fides, below a contact block and bands."""
    organisation = next(iter(source.tables["organisation"]), {})
    rows = [*_list_contacts(organisation), ["", "", "Article 30 Record of Processing Activities"]]
    rows.append([text for text, _ in FIDES])
    for number, activity in enumerate(source.tables["activities"]):
        records = list_records(source, activity, FIDES)
        rows += [[f"dataset_{number}", f"system_{number}", *record[2:]] for record in records]
    return Workbook("fides.xlsx", "0" * 64, (make_sheet("Sheet1", rows),))


def save_workbook(workbook: Workbook, path: Path, *, far: Mapping[str, str] | None = None) -> Path:
    """Write a workbook to a file; `far` is sheet to a cell that has a style and no text."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for sheet in workbook.sheets:
        made = book.create_sheet(sheet.name)
        for row in range(1, sheet.rows + 1):
            for column in range(1, sheet.columns + 1):
                if text := sheet.text(row, column):
                    made.cell(row, column, text)
        for top, left, bottom, right in sheet.merged:
            made.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        if far and sheet.name in far:
            made[far[sheet.name]].font = Font(bold=True)
    book.save(path)
    return path


def list_sheet(name: str, rows: Sequence[Sequence[str]], index: int = 0) -> Sheet:
    """Return a sheet of plain rows at its place in a workbook."""
    return make_sheet(name, rows, index=index)
