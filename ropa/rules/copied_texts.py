"""GOV: one text copied through several columns of a record."""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from ropa.phrases.columns import Texts
from ropa.phrases.matching import load_matcher
from ropa.phrases.retention import read_retention
from ropa.register import locate
from ropa.rules.case import Case, is_stated, map_texts, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import make_hits
from ropa.schema import read_fields

_LETTERS, _WORDS = 40, 6

_QUESTIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "activity": frozenset(("why",)),
        "purpose": frozenset(("why",)),
        "lawful_basis": frozenset(("ground",)),
        "legitimate_interest": frozenset(("why", "ground")),
        "consent_record": frozenset(("ground", "rights")),
        "law_cited": frozenset(("ground",)),
        "data_subjects": frozenset(("who",)),
        "vulnerable_subjects": frozenset(("who",)),
        "data_categories": frozenset(("what",)),
        "recipients": frozenset(("to whom",)),
        "special_category_condition": frozenset(("ground",)),
        "criminal_offence_condition": frozenset(("ground",)),
        "schedule_1_condition": frozenset(("ground",)),
        "source": frozenset(("who", "to whom")),
        "retention": frozenset(("how long",)),
        "security_measures": frozenset(("how safe",)),
        "location": frozenset(("to whom", "how safe")),
        "rights": frozenset(("rights",)),
        "automated_decision_safeguards": frozenset(("rights",)),
        "transfers": frozenset(("to whom",)),
    }
)
"""Field to the questions that it may answer: fields that share one may say the same."""


@rule("GOV-07", roles="CP", severity="low", duty="guidance")
def copied_text(case: Case) -> pd.DataFrame:
    """Find a long text that stands in several columns of one activity.

    Of 40 letters and 6 words or more, alike but for case, spaces and the mark at its end. Not
    where the columns ask for what may be the same, such as the name and the purpose or the basis
    and the condition, and not where the text refers to another document. Reported once for each
    text, at the first column that repeats it.

    Why it matters
    --------------
    Each column asks another question. One text for two of them was pasted to fill a gap, and the
    record does not say what belongs there.

    Remedy
    ------
    Write in each column what it asks for.

    References
    ----------
    GDPR Art 5(2), 30(1), 30(2).
    """
    cells = _list_long_texts(case.activities)
    pairs = cells.merge(cells, on=["key", "text"], suffixes=("_before", ""))
    pairs = pairs[pairs["place_before"] < pairs["place"]]
    kept = [
        _QUESTIONS[one].isdisjoint(_QUESTIONS[other])
        for one, other in zip(pairs["field_before"], pairs["field"], strict=True)
    ]
    pairs = pairs[pd.Series(kept, index=pairs.index, dtype=bool)]
    pairs = pairs[~map_texts(read_column(pairs, "text"), _refers).astype(bool)]
    before, here = _locate(case, pairs, "field_before"), _locate(case, pairs, "field")
    # A cell that spans two columns holds its text once.
    once = (before == here).all(axis=1)
    pairs = pairs[~once].sort_values(["key", "place", "place_before"])
    pairs = pairs.drop_duplicates(["key", "text"])
    headings = {field.name: field.heading for field in read_fields("activities")}
    other = pairs["field_before"].map(headings) + " (" + before["cell"][pairs.index] + ")"
    rows = case.activities.set_index("key").loc[pairs["key"]].reset_index()
    rows.index = pairs.index
    message = "The same long text stands under " + other + "."
    return make_hits(rows, pairs["field"], message)


def _list_long_texts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the long texts that an activity states at least twice.

    Returns
    -------
    DataFrame
        One row a cell: ``key``, ``field``, ``place`` (its place in the record) and ``text``.
    """
    columns = {}
    for field in _QUESTIONS:
        stated = rows[is_stated(rows, field)]
        columns[field] = (stated, read_column(stated, field))
    long = {field: _fold_long(texts) for field, (_, texts) in columns.items()}
    held = Counter(text for texts in long.values() for text in set(texts.values()))
    parts = []
    for place, (field, (stated, texts)) in enumerate(columns.items()):
        found = texts.pick({key: text for key, text in long[field].items() if held[text] > 1})
        keys = stated["key"].loc[found.index]
        text = found.astype("str")
        parts.append(pd.DataFrame({"key": keys, "field": field, "place": place, "text": text}))
    cells = pd.concat(parts, ignore_index=True)
    return cells[cells.duplicated(["key", "text"], keep=False)]


def _fold_long(column: Texts) -> dict[int, str]:
    """Return the long texts of a column as they are compared, by their numbers."""
    folded = column.distinct.folded
    found = ((number, folded[number].rstrip(" .;,")) for number in column.present.tolist())
    return {
        number: text
        for number, text in found
        if len(text) >= _LETTERS and len(text.split()) >= _WORDS
    }


def _refers(text: str) -> bool:
    """Tell whether a text names the document where the answer stands."""
    found = load_matcher("pointer_words").find(text)
    leads = bool(found) and not text[: found[0].start].strip(" (*-")
    return leads or read_retention(text).kind == "elsewhere"


def _locate(case: Case, pairs: pd.DataFrame, field: str) -> pd.DataFrame:
    cells = pairs[["key"]].assign(table="activities", field=pairs[field])
    return locate(case.register, cells)[["file", "sheet", "cell"]]
