"""The words of headings: each leads to one field, in the form that the engine compares."""

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from ropa.vocabulary import read_vocabulary

LANGUAGES = ("en", "fr", "de", "nl", "it", "es", "da")
ARTICLE_30 = (
    "organisation.name",
    "organisation.dpo",
    "organisation.representative",
    "activities.joint_controller",
    "activities.activity",
    "activities.purpose",
    "activities.data_subjects",
    "activities.data_categories",
    "activities.recipients",
    "activities.transfers",
    "activities.retention",
    "activities.security_measures",
    "recipients.transfer_mechanism",
    "controllers.name",
)
# vocabulary -> its codes; each has a term for every code
CODES = {
    "form_columns": "description detail retention type recipient country mechanism reference name"
    " first_name company address postcode city telephone email",
    "contact_labels": "party:organisation party:dpo party:representative party:joint_controller"
    " party:dpo_company name first_name company address postcode city country telephone email"
    " name_and_contact",
    "near_misses": "asset_register risk_register data_inventory field_list breach_register"
    " request_log supplier_list retention_schedule training_log consent_log dpia_form",
    "row_marks": "ditto example note instruction type_word group",
}
GENERIC = (
    "title name basis entry org transfer controller notes category data subject period measures"
    " ref no id owner status comments reason activity process description employees email"
)
FIELDS = {f"{row['table']}.{row['field']}": row for row in read_vocabulary("fields")}
HEADINGS = read_vocabulary("headings")
CASES = tuple(
    csv.DictReader(
        (Path(__file__).parent / "cases" / "headings.csv").read_text("utf-8").splitlines(),
        strict=True,
    )
)


def name_field(table: str, field: str) -> str:
    return f"{table}.{field}" if table or field else ""


def read_fields() -> dict[tuple[str, str], set[str]]:
    """Return the fields of each term under each band; an empty text says that none holds it."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in HEADINGS:
        found[row["term"], row["band"]].add(name_field(row["table"], row["field"]))
    return dict(found)


READ = read_fields()


def fold(text: str) -> str:
    """Return a text in lower case; the sharp s is a letter of its own and stays."""
    return "".join(letter if letter == "ß" else letter.casefold() for letter in text)


def normalise(heading: str) -> str:
    """Return a heading as typed in the form of a term."""
    text = re.sub(r"\([^)]*\)", "", heading.replace("\\n", " ").replace("_", " "))
    text = fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))
    text = re.sub(r"^\W*(?:\(?[a-z0-9]{1,2}[.):]|[0-9]{1,2}(?= ))[\s-]*", "", text)
    return " ".join(text.split()).lstrip("¿").rstrip("?:;*. ")


def test_every_field_exists() -> None:
    named = {name_field(row["table"], row["field"]) for row in HEADINGS}
    assert named - {""} <= set(FIELDS)


def test_a_term_leads_to_one_field_of_a_table() -> None:
    counts = Counter((row["term"], row["table"], row["band"]) for row in HEADINGS)
    assert [term for term, count in counts.items() if count > 1] == []


def test_accents_and_a_final_s_do_not_lead_elsewhere() -> None:
    found: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in HEADINGS:
        bare = unicodedata.normalize("NFD", row["term"].replace("-", " "))
        letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
        words = " ".join(word.removesuffix("s") for word in letters.split())
        found[words, row["table"], row["band"]].add(row["field"])
    assert [key for key, fields in found.items() if len(fields) > 1] == []


def test_a_heading_of_no_field_has_no_field() -> None:
    assert [term for term, fields in READ.items() if "" in fields and len(fields) > 1] == []


@pytest.mark.parametrize("name", ["headings", *CODES])
def test_terms_are_in_the_form_that_is_compared(name: str) -> None:
    for row in read_vocabulary(name):
        for text in (row["term"], row.get("band", "")):
            assert text == " ".join(fold(text).split())
            if name != "row_marks":  # there "source:" marks a note and "source" does not
                assert not text.endswith((":", "?", "*", ".", ";"))
            assert "_" not in text
            assert "\u2019" not in text  # the engine reads it as a straight apostrophe
        assert row["term"]
        assert row["language"] in LANGUAGES


def test_terms_of_headings_hold_no_remark_in_brackets() -> None:
    assert [row["term"] for row in HEADINGS if set("()[]") & set(row["term"])] == []


def test_weights() -> None:
    assert {row["weight"] for row in HEADINGS} == {"", "weak"}
    assert [row["term"] for row in HEADINGS if row["weight"] and not row["table"]] == []


@pytest.mark.parametrize(
    "term",
    GENERIC.split(),
)
def test_generic_words_are_weak(term: str) -> None:
    rows = [row for row in HEADINGS if row["term"] == term and row["table"] and not row["band"]]
    assert {row["weight"] for row in rows} == {"weak"}


def test_every_field_has_an_english_term() -> None:
    named = {name_field(row["table"], row["field"]) for row in HEADINGS if row["language"] == "en"}
    assert set(FIELDS) <= named


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_every_item_of_article_30(language: str) -> None:
    counts = Counter(
        name_field(row["table"], row["field"])
        for row in HEADINGS
        if row["language"] == language and not row["weight"] and not row["band"]
    )
    assert {item: counts[item] for item in ARTICLE_30 if counts[item] < 5} == {}


def test_the_headings_of_the_dictionary_are_terms() -> None:
    for name, row in FIELDS.items():
        assert name in READ[fold(row["heading"]), ""]


@pytest.mark.parametrize(
    ("term", "field", "other"),
    [
        ("responsabile del trattamento", "recipients.recipient", "controllers.name"),
        ("responsabile della protezione dei dati", "organisation.dpo", "recipients.recipient"),
        ("titolare del trattamento", "controllers.name", "activities.owner"),
        ("responsable", "controllers.name", "activities.owner"),
        ("personne responsable", "activities.owner", "organisation.name"),
        ("responsible person", "activities.owner", "organisation.name"),
        ("encargado del tratamiento", "recipients.recipient", "controllers.name"),
        ("databehandler", "recipients.recipient", "controllers.name"),
        ("slettefrist", "activities.retention", "activities.notes"),
        ("legal basis for transfer", "recipients.transfer_mechanism", "activities.lawful_basis"),
        ("article 9 lawful basis", "activities.special_category_condition", "activities.retention"),
        ("link to contract with processor", "recipients.contract_reference", "activities.notes"),
    ],
)
def test_false_friends_are_told_apart(term: str, field: str, other: str) -> None:
    assert field in READ[term, ""]
    assert other not in READ[term, ""]


@pytest.mark.parametrize(
    ("term", "band", "field"),
    [
        ("link to record of", "consent", "activities.consent_record"),
        ("link to record of", "dpia", "activities.dpia_reference"),
        ("link to record of", "personal data breach", ""),
        ("gdpr article 6 lawful basis for processing", "", "activities.lawful_basis"),
        ("gdpr article 6 lawful basis for processing", "data protection act 2018", ""),
        ("name", "controller", "controllers.name"),
        ("name", "joint controller", "activities.joint_controller"),
        ("name", "processor", "recipients.recipient"),
        ("country", "transfers", "recipients.country"),
    ],
)
def test_a_band_decides(term: str, band: str, field: str) -> None:
    assert field in READ[term, band]


@pytest.mark.parametrize("name", CODES)
def test_codes_of_the_smaller_vocabularies(name: str) -> None:
    rows = read_vocabulary(name)
    codes = {row["code"].replace(" ", "_") for row in rows}
    assert codes == set(CODES[name].split())
    assert codes == {row["code"].replace(" ", "_") for row in rows if row["language"] == "en"}
    counts = Counter(row["term"] for row in rows)
    assert [term for term, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("name", ["form_columns", "near_misses", "row_marks"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_code(name: str, language: str) -> None:
    rows = read_vocabulary(name)
    held = {row["code"] for row in rows if row["language"] == language}
    shared = {"postcode", "telephone"}  # words that several languages share stand once
    assert {row["code"] for row in rows} - held <= shared


@pytest.mark.parametrize(
    "start", ["add", "use", "es", "provide", "select", "bv", "key", "source", "confidential"]
)
def test_words_that_begin_real_records_mark_no_row(start: str) -> None:
    assert start not in {row["term"] for row in read_vocabulary("row_marks")}


def test_the_cases_are_sound() -> None:
    expected = {case["expected"] for case in CASES}
    assert expected <= {*FIELDS, ""}
    assert len({case["heading"] for case in CASES}) == len(CASES) >= 400
    assert sum(not case["expected"] for case in CASES) >= 80
    assert sum(case["source"] == "paraphrase" for case in CASES) >= 120


def test_paraphrases_are_no_terms() -> None:
    paraphrases = [case["heading"] for case in CASES if case["source"] == "paraphrase"]
    assert [text for text in paraphrases if (normalise(text), "") in READ] == []


@pytest.mark.parametrize(
    "source",
    ["ICO controller", "ICO derivative", "CNIL list", "CNIL form", "GDPR text", "export", "House"],
)
def test_known_layouts_are_read_word_for_word(source: str) -> None:
    cases = [case for case in CASES if case["source"] == source]
    assert cases
    for case in cases:
        assert case["expected"] in READ[normalise(case["heading"]), ""], case["heading"]


def test_no_heading_is_read_as_another() -> None:
    for case in CASES:
        found = READ.get((normalise(case["heading"]), ""))
        assert found is None or case["expected"] in found, case["heading"]
