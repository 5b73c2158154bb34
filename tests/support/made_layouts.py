"""What other layouts can hold: samples cut down to it, so that both sides state the same facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from registers import Row, Source

from ropa.schema import read_fields

CONTACTS = frozenset({"name", "address", "email", "telephone", "dpo", "representative"})
"""Fields of the organisation that a contact block holds."""


@dataclass(frozen=True, slots=True)
class Held:
    """The fields that a layout has a place for.

    Attributes
    ----------
    name : str
        The layout.
    fields : mapping
        Table to the names of the fields that it holds, besides those that join rows.
    role : str
        The role that the layout itself states of every record.
    """

    name: str
    fields: Mapping[str, frozenset[str]]
    role: str = ""


ICO = Held(
    "ico-controller",
    {
        "organisation": CONTACTS,
        "activities": frozenset(
            {
                *("function", "purpose", "joint_controller", "data_subjects", "data_categories"),
                *("recipients", "transfers", "retention", "security_measures", "lawful_basis"),
                *("special_category_condition", "legitimate_interest", "lia_reference", "rights"),
                *("automated_decisions", "source", "consent_record", "location"),
                *("dpia_required", "dpia_status", "dpia_reference", "schedule_1_condition"),
                *("policy_document", "policy_adherence"),
            }
        ),
        "data_items": frozenset({"data_category", "retention", "source"}),
        "recipients": frozenset(
            {"recipient", "country", "contract_reference", "transfer_mechanism"}
        ),
    },
    "Controller",
)
CNIL = Held(
    "cnil",
    {
        "organisation": CONTACTS,
        "activities": frozenset(
            {
                *("activity", "purpose", "joint_controller", "data_subjects", "data_categories"),
                *("recipients", "transfers", "retention", "security_measures", "last_reviewed"),
            }
        ),
        "data_items": frozenset({"data_category", "special_category", "retention"}),
        "recipients": frozenset(
            {"recipient", "role", "country", "transfer_mechanism", "mechanism_evidence"}
        ),
    },
    "Controller",
)
_JOINS = frozenset({"activity_id"})


def cut_source(source: Source, held: Held) -> Source:
    """Return a sample without what a layout has no place for.

    Processors' records go where the layout is one for controllers. The fields that the layout lacks
    become columns that the house workbook lacks.
    """
    kept = [row for row in source.tables["activities"] if row.get("role") != "Processor"]
    kept = [{**row, "role": held.role} for row in kept] if held.role else kept
    ids = {row["activity_id"] for row in kept}
    tables: dict[str, Sequence[Row]] = {"activities": kept, "controllers": ()}
    tables["organisation"] = source.tables["organisation"]
    for table in ("data_items", "recipients"):
        tables[table] = [row for row in source.tables[table] if row["activity_id"] in ids]
    names = {
        (one.table, one.name)
        for one in read_fields()
        if one.name not in held.fields.get(one.table, frozenset()) | _JOINS
    }
    names -= {("activities", "role")} if held.role else set()
    absent = source.absent | names | {("controllers", "")}
    return Source(_blank(tables, absent), absent)


def _blank(
    tables: Mapping[str, Sequence[Row]], absent: frozenset[tuple[str, str]]
) -> dict[str, list[Row]]:
    return {
        table: [
            {name: value for name, value in row.items() if (table, name) not in absent}
            for row in rows
        ]
        for table, rows in tables.items()
    }


def set_fields(source: Source, table: str, **values: object) -> Source:
    """Return a source in whose rows of a table some fields have these values."""
    rows = [{**row, **values} for row in source.tables[table]]
    return Source({**source.tables, table: rows}, source.absent)


def say(value: object) -> str:
    """Return a value as the text that a reader of a workbook finds."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value.isoformat()} 00:00:00"
    return "" if value is None else str(value)


def list_children(source: Source, table: str, one: object) -> list[Row]:
    """Return the rows of a table that belong to one activity."""
    return [row for row in source.tables.get(table, ()) if row["activity_id"] == one]


def place(rows: Sequence[Sequence[str]], *, down: int = 0, right: int = 0) -> list[list[str]]:
    """Return rows moved down and to the right."""
    return [[] for _ in range(down)] + [[""] * right + list(row) for row in rows]


def lay_beside(*blocks: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return blocks of rows, each at its own place, as the rows of one sheet."""
    height = max(map(len, blocks))
    width = max(len(row) for block in blocks for row in block)
    cells = [[""] * width for _ in range(height)]
    for block in blocks:
        for number, row in enumerate(block):
            for column, text in enumerate(row):
                cells[number][column] = text or cells[number][column]
    return cells


@dataclass(frozen=True, slots=True)
class FormWords:
    """The labels of the CNIL's form in one language."""

    title: str
    name: str
    number: str
    created: str
    updated: str
    actors: tuple[str, ...]
    parties: tuple[str, str, str, str, str]
    purpose: tuple[str, str, str]
    data: tuple[str, str, str, str]
    sensitive: tuple[str, str]
    subjects: tuple[str, str, str, str]
    recipients: tuple[str, str, str]
    security: tuple[str, str, str]
    transfers: tuple[str, ...]


FRENCH = FormWords(
    "Fiche de registre",
    "Nom du traitement",
    "N° / RÉF",
    "Date de création du traitement",
    "Mise à jour du traitement",
    ("Acteurs", "Nom", "Adresse", "Code Postal", "Ville", "Pays", "Téléphone", "Adresse mél"),
    (
        "Responsable du traitement",
        "Délégué à la protection des données",
        "Société du DPO (si celui-ci est externe)",
        "Représentant",
        "Responsable(s) conjoint(s)",
    ),
    ("Finalité(s) du traitement effectué", "Finalité principale", "Sous-finalité"),
    (
        "Catégories de données personnelles concernées",
        "Description",
        "Durée de conservation",
        "État civil, identité, données d'identification",
    ),
    ("Données sensibles", "Données concernant la santé"),
    ("Catégories de personnes concernées", "Description", "Précisions", "Catégorie de personnes"),
    ("Destinataires", "Type de destinataire", "Destinataire"),
    ("Mesures de sécurité", "Type de mesure de sécurité", "Mesure de sécurité"),
    (
        "Transferts hors UE",
        "Destinataire",
        "Pays",
        "Type de Garanties",
        "Liens vers la documentation",
        "Organisme destinataire",
    ),
)
ENGLISH = FormWords(
    "Record sheet",
    "Name of the processing operation",
    "No. / REF",
    "Creation date of the processing operation",
    "Update of the processing operation",
    ("Stakeholders", "Name", "Address", "Postcode", "City", "Country", "Telephone", "Email"),
    (
        "Data controller",
        "Data protection officer",
        "DPO's company (if external)",
        "Representative",
        "Joint controller(s)",
    ),
    ("Purpose(s) of the data processing", "Main purpose", "Sub-purpose"),
    (
        "Categories of personal data concerned",
        "Description",
        "Data retention period",
        "Civil status, identity, identification data",
    ),
    ("Sensitive data", "Data concerning health"),
    ("Categories of data subjects concerned", "Description", "Details", "Category of people"),
    ("Recipients", "Type of recipient", "Recipient"),
    ("Security measures", "Type of security measure", "Security measure"),
    (
        "Transfers outside the EU",
        "Recipient",
        "Country",
        "Type of guarantees",
        "Links to the documentation",
        "Recipient organisation",
    ),
)

Cells = list[list[str]]


def write_form(source: Source, activity: Row, words: FormWords = FRENCH) -> Cells:
    """Return one activity as the rows of a form: label in A, value in B and further."""
    one = activity["activity_id"]
    recipients = list_children(source, "recipients", one)
    return [
        [words.title],
        [],
        [words.name, say(activity.get("activity"))],
        [words.number, say(one)],
        [words.created, "2024-01-15 00:00:00"],
        [words.updated, say(activity.get("last_reviewed"))],
        [],
        *_write_actors(source, activity, words),
        [],
        [words.purpose[0]],
        [words.purpose[1], say(activity.get("purpose"))],
        *[[f"{words.purpose[2]} {number}"] for number in (1, 2, 3)],
        [],
        *_write_data(source, activity, words),
        [],
        [words.subjects[0], words.subjects[1], "", "", words.subjects[2]],
        [f"{words.subjects[3]} 1", say(activity.get("data_subjects"))],
        [f"{words.subjects[3]} 2"],
        [],
        *_write_recipients(activity, recipients, words),
        [],
        [words.security[0], words.security[1], "", "", FRENCH.subjects[2]],
        [f"{words.security[2]} 1", say(activity.get("security_measures"))],
        [],
        *_write_transfers(activity, recipients, words),
    ]


def _write_actors(source: Source, activity: Row, words: FormWords) -> Cells:
    organisation = next(iter(source.tables["organisation"]), {})
    own = [say(organisation.get(name)) for name in ("name", "address", "telephone", "email")]
    controller, dpo, company, representative, joint = words.parties
    return [
        list(words.actors),
        [controller, own[0], own[1], "", "", "", own[2], own[3]],
        [dpo, say(organisation.get("dpo"))],
        [company],
        [representative, say(organisation.get("representative"))],
        [joint, say(activity.get("joint_controller"))],
    ]


def _write_data(source: Source, activity: Row, words: FormWords) -> Cells:
    """Return the two sections of data categories, the sensitive ones in the second."""
    items = list_children(source, "data_items", activity["activity_id"])
    own: Row = {
        "data_category": activity.get("data_categories"),
        "retention": activity.get("retention"),
    }
    items = items or [own]
    title, description, retention, label = words.data
    special = [one for one in items if one.get("special_category") == "Yes"]
    plain = [one for one in items if one not in special]
    return [
        [title, description, "", "", retention],
        *[[label, _name(one), "", "", say(one.get("retention"))] for one in plain],
        [],
        [words.sensitive[0], description, "", "", retention],
        *[[words.sensitive[1], _name(one), "", "", say(one.get("retention"))] for one in special],
    ]


def _name(item: Row) -> str:
    return say(item.get("data_category"))


def _write_recipients(activity: Row, recipients: Sequence[Row], words: FormWords) -> Cells:
    title, kind, label = words.recipients
    own: Row = {"recipient": activity.get("recipients")}
    rows = [
        [f"{label} {number}", say(one.get("role")), "", "", say(one.get("recipient"))]
        for number, one in enumerate(recipients or [own], start=1)
    ]
    return [[title, kind, "", "", words.subjects[2]], *rows]


def _write_transfers(activity: Row, recipients: Sequence[Row], words: FormWords) -> Cells:
    title, recipient, country, kind, links, label = words.transfers
    placed = [one for one in recipients if one.get("country") or one.get("transfer_mechanism")]
    own: Row = {"country": activity.get("transfers")}
    rows = [
        [
            f"{label} {number}",
            say(one.get("recipient")),
            say(one.get("country")),
            say(one.get("transfer_mechanism")),
            "",
            say(one.get("mechanism_evidence")),
        ]
        for number, one in enumerate(placed or [own], start=1)
    ]
    return [[title, recipient, country, kind, "", links], *rows]


def write_cnil(
    source: Source, words: FormWords = FRENCH, arrangement: str = "sheets"
) -> tuple[list[str], list[Cells]]:
    """Return the names and rows of the sheets that hold a sample's forms.

    Parameters
    ----------
    source : Source
        The sample.
    words : FormWords
        The labels.
    arrangement : str
        ``"sheets"``: one form a sheet. ``"stacked"``: all in one, one below the other.
        ``"beside"``: two side by side a sheet, the second lower by a few rows.
    """
    forms = [write_form(source, activity, words) for activity in source.tables["activities"]]
    if arrangement == "sheets":
        names = [f"Form {number}" for number in range(1, len(forms) + 1)]
        return names, forms
    if arrangement == "stacked":
        return ["Forms"], [[row for form in forms for row in [*form, [], []]]]
    pairs = [forms[start : start + 2] for start in range(0, len(forms), 2)]
    sheets = [
        lay_beside(
            *(place(form, down=3 * number, right=9 * number) for number, form in enumerate(pair))
        )
        for pair in pairs
    ]
    return [f"Forms {number}" for number in range(1, len(sheets) + 1)], sheets
