"""Retention texts in seven languages: what reads alike, and what must not be taken for it."""

import pytest

from ropa.phrases.retention import read_retention
from ropa.phrases.retention_references import names_law
from ropa.phrases.retention_terms import find_terms
from ropa.phrases.retention_tokens import read_tokens, split_statements
from ropa.vocabulary import read_vocabulary

LANGUAGES = ("en", "de", "fr", "nl", "it", "es", "da")


def _summarise(text: str) -> tuple[str, str, str, bool]:
    reading = read_retention(text)
    return reading.kind, reading.duration, reading.trigger, reading.open_ended


@pytest.mark.parametrize(
    "texts",
    [
        (
            "6 years after the end of the contract",
            "6 Jahre nach Vertragsende",
            "6 ans après la fin du contrat",
            "6 jaar na einde contract",
            "6 anni dalla fine del contratto",
            "6 años desde la finalización del contrato",
            "6 år efter kontraktens ophør",
        ),
        (
            "two years after last contact",
            "zwei Jahre nach letztem Kontakt",
            "deux ans après le dernier contact",
            "twee jaar na laatste contact",
            "due anni dall'ultimo contatto",
            "dos años desde el último contacto",
            "to år efter sidste kontakt",
        ),
        (
            "until consent is withdrawn",
            "bis zum Widerruf der Einwilligung",
            "jusqu'au retrait du consentement",
            "tot intrekking van de toestemming",
            "fino alla revoca del consenso",
            "hasta la retirada del consentimiento",
            "indtil samtykket trækkes tilbage",
        ),
        (
            "at least 5 years",
            "mindestens 5 Jahre",
            "au moins 5 ans",
            "ten minste 5 jaar",
            "almeno 5 anni",
            "al menos 5 años",
            "mindst 5 år",
        ),
        (
            "as long as necessary",
            "solange erforderlich",
            "aussi longtemps que nécessaire",
            "zolang noodzakelijk",
            "per il tempo necessario",
            "mientras sea necesario",
            "så længe det er nødvendigt",
        ),
        (
            "indefinitely",
            "unbefristet",
            "illimité",
            "onbeperkt",
            "illimitato",
            "indefinido",
            "ubegrænset",
        ),
        (
            "as required by law",
            "nach gesetzlichen Aufbewahrungsfristen",
            "selon obligations légales",
            "conform wettelijke verplichting",
            "secondo gli obblighi di legge",
            "según obligaciones legales",
            "i henhold til gældende lovgivning",
        ),
        (
            "see retention policy",
            "siehe Löschkonzept",
            "voir politique de conservation",
            "zie bewaarbeleid",
            "vedi politica di conservazione",
            "ver política de conservación",
            "se slettepolitik",
        ),
        (
            "not stored",
            "keine Speicherung",
            "non conservé",
            "niet opgeslagen",
            "non conservati",
            "no se conservan",
            "opbevares ikke",
        ),
        (
            "reviewed every 2 years",
            "Überprüfung alle 2 Jahre",
            "réexamen tous les 2 ans",
            "elke 2 jaar herzien",
            "riesame ogni 2 anni",
            "revisión cada 2 años",
            "gennemgang hvert 2. år",
        ),
    ],
    ids=lambda texts: texts[0],
)
def test_same_in_every_language(texts: tuple[str, ...]) -> None:
    readings = {language: _summarise(text) for language, text in zip(LANGUAGES, texts, strict=True)}
    assert readings == dict.fromkeys(LANGUAGES, readings["en"])
    assert readings["en"][0] != "unreadable"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("3 annees", "3 années"),
        ("jusqu'a la desinscription", "jusqu'à la désinscription"),
        ("30 dias", "30 días"),
        ("5 anos desde la extincion del contrato", "5 años desde la extinción del contrato"),
        ("6 maneder", "6 måneder"),
        ("6 maaneder", "6 måneder"),
        ("5 år efter ansaettelsens ophor", "5 år efter ansættelsens ophør"),
        ("zwoelf Monate", "zwölf Monate"),
        ("3 Jahre nach Kontoschliessung", "3 Jahre nach Kontoschließung"),
        ("wird nicht geloescht", "wird nicht gelöscht"),
        ("finche necessario", "finché necessario"),
    ],
)
def test_lost_accent_still_reads(typed: str, written: str) -> None:
    assert _summarise(typed) == _summarise(written)
    assert _summarise(typed)[0] != "unreadable"


@pytest.mark.parametrize(
    ("reads", "differs"),
    [
        ("unbefristet", "unbefristeter Arbeitsvertrag"),
        ("durée indéterminée", "contrat à durée indéterminée"),
        ("voor onbepaalde tijd", "contract voor onbepaalde tijd"),
        ("a tempo indeterminato", "contratto a tempo indeterminato"),
        ("indefinido", "contrato indefinido"),
        ("tidsubegrænset", "tidsubegrænset ansættelse"),
        ("nach Ende des Vertrags", "nach Abschluss des Vertrags"),
        ("5 ans après la fin du contrat", "5 ans après la conclusion du contrat"),
        ("2 jaar na uitdiensttreding", "2 jaar na indiensttreding"),
        ("10 Jahre nach Vertragsende", "10 Jahre nach Geldwäschegesetz"),
        ("10 anni dal collaudo", "10 anni, come stabilito dal titolare"),
        ("10 J.", "10 j"),
        ("2 ans", "2 ans et demi"),
        ("2 jaar", "2 en een half jaar"),
        ("un anno", "un anno e mezzo"),
        ("jusqu'aux 18 ans", "jusqu'aux 30 jours"),
        ("indtil barnet fylder 18 år", "18 år"),
        ("2 anni dalla cessazione del contratto", "2 anni o alla cessazione del contratto"),
        ("mientras no se solicite su supresión", "supresión"),
        ("jährliche Überprüfung", "tägliche Überschreibung"),
        ("nicht gelöscht", "nicht gespeichert"),
        ("illimitato", "non illimitato"),
        ("bis zum Widerspruch", "Recht auf Widerspruch"),
    ],
)
def test_look_alikes_of_a_language_differ(reads: str, differs: str) -> None:
    assert _summarise(reads) != _summarise(differs)


# English texts whose words mean something else in another language.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An employee leaves + 6 years", ("event_period", "P6Y", "employment_end", False)),
        ("kept until they die", ("event", "", "other_event", False)),
        ("may be kept 2 years", ("fixed", "P2Y", "", False)),
        ("6 months due to the contract", ("fixed", "P6M", "", False)),
        ("once a year deleted", ("fixed", "P1Y", "", False)),
        ("dog licence: 5 years", ("fixed", "P5Y", "", False)),
        ("fine records 6 years", ("fixed", "P6Y", "", False)),
        ("6 years after a fall", ("event_period", "P6Y", "other_event", False)),
        ("2 years after prescription", ("event_period", "P2Y", "other_event", False)),
        ("until the next revision", ("event", "", "other_event", False)),
        ("2 years after reception", ("event_period", "P2Y", "other_event", False)),
        ("6 years per employee", ("fixed", "P6Y", "", False)),
        ("6 years (NA for contractors)", ("fixed", "P6Y", "", False)),
        ("until the wet signature", ("event", "", "collection", False)),
        ("until Sept 2027", ("fixed", "", "", False)),
        ("by direct debit: 6 years per direct debit", ("fixed", "P6Y", "", False)),
        ("non-EU data kept indefinitely", ("unlimited", "", "", False)),
        ("complete when the contract completes", ("event", "", "contract_end", False)),
        ("c/o client: 6 years after payment", ("event_period", "P6Y", "transaction", False)),
    ],
)
def test_english_is_left_alone(text: str, expected: tuple[str, str, str, bool]) -> None:
    assert _summarise(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a tag",
        "one tag",
        "one an",
        "1 time",
        "due",
        "sei",
        "to",
        "en",
        "sept",
        "die",
        "an",
        "mois",
        "once",
        "man",
        "pas",
        "mar",
        "dag",
        "as",
        "sei dipendenti",
        "to kunder",
        "cinq salariés",
        "vier medewerkers",
        "tres empleados",
        "fünf Mitarbeiter",
        "due diligence",
    ],
)
def test_words_alone_are_no_period(text: str) -> None:
    assert read_retention(text).kind == "unreadable"


EVENTS = [
    row
    for name in ("retention_triggers", "retention_things")
    for row in read_vocabulary(name)
    if row["language"] != "en"
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda row: row["term"])
def test_period_after_every_event(event: dict[str, str]) -> None:
    term = event["term"].replace("(s)", "")
    reading = read_retention(f"7 months after {term}")
    assert (reading.kind, reading.duration, reading.trigger) == (
        "event_period",
        "P7M",
        event["code"],
    )


UNITS = {"de": "Wochen", "fr": "semaines", "nl": "weken", "it": "settimane", "es": "semanas"}
UNITS["da"] = "uger"
NUMBERS = [
    (row["term"], row["code"], UNITS[language])
    for row in read_vocabulary("numbers")
    for language in row["language"].split()
    if language in UNITS
]


@pytest.mark.parametrize(("word", "number", "unit"), NUMBERS)
def test_numbers_in_words(word: str, number: str, unit: str) -> None:
    assert read_retention(f"{word} {unit}").duration == f"P{number}W"
    assert read_retention(f"{word} ({number}) {unit}").duration == f"P{number}W"
    assert read_retention(word).kind == "unreadable"


def test_at_least_twelve_numbers_and_the_tens() -> None:
    for language in UNITS:
        rows = read_vocabulary("numbers")
        known = {int(row["code"]) for row in rows if language in row["language"].split()}
        # "un" and "ein" are read as the article they are.
        assert {*range(2, 13), *range(20, 60, 10)} <= known


def test_stop_after_a_number_or_an_abbreviation_ends_no_sentence() -> None:
    assert split_statements("bis 15. März 2027") == ("bis 15. März 2027",)
    assert split_statements("10 Jahre gem. HGB") == ("10 Jahre gem. HGB",)
    assert split_statements("6 years. March 2027") == ("6 years", "March 2027")
    assert split_statements("until 2027. March 2027") == ("until 2027", "March 2027")
    assert split_statements("see annex 6. May be kept") == ("see annex 6", "May be kept")


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("10 Jahre (Mindestlohngesetz)", True),
        ("5 år efter bogføringsloven", True),
        ("10 anni, art. 2220 c.c.", True),
        ("gemäß DSGVO", False),
        ("nach Bundesdatenschutzgesetz", False),
        ("RGPD", False),
        ("sloven", False),
    ],
)
def test_statutes_of_other_languages(text: str, law: bool) -> None:  # noqa: FBT001
    assert names_law(text) is law


def test_a_term_says_its_languages() -> None:
    (token,) = read_tokens("vertragsende")
    assert (token.kind, token.code) == ("trigger", "contract_end")
    assert token.languages == {"de"}
    assert [term.code for term in find_terms("revision")] == []
    assert "review" in [term.code for term in find_terms("révision")]


@pytest.mark.parametrize("name", ["retention_joints", "retention_english", "time_dates"])
def test_each_small_word_stands_once(name: str) -> None:
    terms = [row["term"] for row in read_vocabulary(name)]
    assert sorted(terms) == sorted(set(terms))
