"""One small grid and one small form in each language: headings, states, bases, periods, places."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pytest
from made_sheets import make_register, recognise_sheets

from ropa.register import Register
from ropa.workbook.cells import Sheet, make_sheet

FIELDS = (
    *("activity", "purpose", "data_subjects", "data_categories", "recipients", "transfers"),
    *("retention", "security_measures", "lawful_basis"),
)


@dataclass(frozen=True, slots=True)
class Language:
    """What a small register says in one language.

    Attributes
    ----------
    headings : tuple of str
        The headings of `FIELDS`.
    rows : tuple of tuple of str
        Two records: one with a contract, a transfer to the United States and a period of five
        years; one with consent, "no transfer" and a period of thirty days.
    labels : tuple of str
        The labels of a form, where they differ from the headings.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], tuple[str, ...]]
    labels: Mapping[str, str]


LANGUAGES = {
    "fr": Language(
        (
            "Nom du traitement",
            "Finalités",
            "Catégories de personnes concernées",
            "Catégories de données personnelles",
            "Destinataires",
            "Transferts hors UE",
            "Durée de conservation",
            "Mesures de sécurité",
            "Base juridique",
        ),
        (
            (
                "Paie",
                "Payer les salariés",
                "Salariés",
                "Coordonnées bancaires",
                "Banque",
                "États-Unis",
                "5 ans",
                "Chiffrement",
                "Exécution du contrat",
            ),
            (
                "Lettre d'information",
                "Envoyer la lettre",
                "Abonnés",
                "Adresse électronique",
                "Aucun",
                "Aucun transfert hors UE",
                "30 jours",
                "Mots de passe",
                "Consentement",
            ),
        ),
        {"purpose": "Finalité principale", "lawful_basis": "Base légale"},
    ),
    "de": Language(
        (
            "Bezeichnung der Verarbeitungstätigkeit",
            "Zweck der Verarbeitung",
            "Kategorien betroffener Personen",
            "Kategorien personenbezogener Daten",
            "Kategorien von Empfängern",
            "Übermittlung in Drittländer",
            "Löschfristen",
            "Technische und organisatorische Maßnahmen",
            "Rechtsgrundlage",
        ),
        (
            (
                "Lohnabrechnung",
                "Löhne zahlen",
                "Beschäftigte",
                "Bankverbindung",
                "Bank",
                "USA",
                "5 Jahre",
                "Verschlüsselung",
                "Art. 6 Abs. 1 lit. b DSGVO",
            ),
            (
                "Rundbrief",
                "Rundbrief versenden",
                "Abonnenten",
                "E-Mail-Adresse",
                "Keine",
                "Keine Übermittlung in Drittländer",
                "30 Tage",
                "Kennwörter",
                "Einwilligung",
            ),
        ),
        {"purpose": "Zwecke", "retention": "Aufbewahrungsdauer"},
    ),
    "nl": Language(
        (
            "Naam van de verwerking",
            "Doel van de verwerking",
            "Categorieën van betrokkenen",
            "Categorieën van persoonsgegevens",
            "Ontvangers",
            "Doorgifte aan derde landen",
            "Bewaartermijn",
            "Beveiligingsmaatregelen",
            "Grondslag",
        ),
        (
            (
                "Salarisadministratie",
                "Salarissen betalen",
                "Werknemers",
                "Bankgegevens",
                "Bank",
                "Verenigde Staten",
                "5 jaar",
                "Versleuteling",
                "Uitvoering van de overeenkomst",
            ),
            (
                "Nieuwsbrief",
                "Nieuwsbrief versturen",
                "Abonnees",
                "E-mailadres",
                "Geen",
                "Geen doorgifte buiten de EER",
                "30 dagen",
                "Wachtwoorden",
                "Toestemming",
            ),
        ),
        {"purpose": "Doeleinden", "data_subjects": "Betrokkenen"},
    ),
    "it": Language(
        (
            "Nome del trattamento",
            "Finalità del trattamento",
            "Categorie di interessati",
            "Categorie di dati personali",
            "Destinatari",
            "Trasferimenti verso paesi terzi",
            "Termini di cancellazione",
            "Misure di sicurezza",
            "Base giuridica",
        ),
        (
            (
                "Buste paga",
                "Pagare i dipendenti",
                "Dipendenti",
                "Coordinate bancarie",
                "Banca",
                "Stati Uniti",
                "5 anni",
                "Cifratura",
                "Esecuzione del contratto",
            ),
            (
                "Bollettino",
                "Inviare il bollettino",
                "Abbonati",
                "Indirizzo di posta elettronica",
                "Nessuno",
                "Nessun trasferimento extra UE",
                "30 giorni",
                "Parole d'ordine",
                "Consenso",
            ),
        ),
        {"purpose": "Finalità", "retention": "Periodo di conservazione"},
    ),
    "es": Language(
        (
            "Nombre del tratamiento",
            "Fines del tratamiento",
            "Categorías de interesados",
            "Categorías de datos personales",
            "Destinatarios",
            "Transferencias internacionales",
            "Plazo de conservación",
            "Medidas de seguridad",
            "Base jurídica",
        ),
        (
            (
                "Nóminas",
                "Pagar al personal",
                "Empleados",
                "Datos bancarios",
                "Banco",
                "Estados Unidos",
                "5 años",
                "Cifrado",
                "Ejecución de un contrato",
            ),
            (
                "Boletín",
                "Enviar el boletín",
                "Suscriptores",
                "Correo electrónico",
                "Ninguno",
                "No se realizan transferencias internacionales",
                "30 días",
                "Contraseñas",
                "Consentimiento",
            ),
        ),
        {"purpose": "Finalidad", "lawful_basis": "Legitimación"},
    ),
    "da": Language(
        (
            "Behandlingsaktivitet",
            "Formål med behandlingen",
            "Kategorier af registrerede",
            "Kategorier af personoplysninger",
            "Modtagere",
            "Overførsel til tredjelande",
            "Slettefrist",
            "Sikkerhedsforanstaltninger",
            "Retsgrundlag",
        ),
        (
            (
                "Løn",
                "Udbetale løn",
                "Medarbejdere",
                "Bankoplysninger",
                "Bank",
                "USA",
                "5 år",
                "Kryptering",
                "Opfyldelse af en kontrakt",
            ),
            (
                "Nyhedsbrev",
                "Sende nyhedsbrevet",
                "Abonnenter",
                "E-mailadresse",
                "Ingen",
                "Ingen overførsel til tredjelande",
                "30 dage",
                "Adgangskoder",
                "Samtykke",
            ),
        ),
        {"purpose": "Formål", "data_subjects": "Registrerede"},
    ),
}
CODES = sorted(LANGUAGES)


def make_grid(one: Language) -> Sheet:
    return make_sheet("Register", [one.headings, *one.rows])


def make_forms(one: Language) -> tuple[Sheet, ...]:
    labels = [one.labels.get(field, text) for field, text in zip(FIELDS, one.headings, strict=True)]
    return tuple(
        make_sheet(f"Form {number}", list(zip(labels, row, strict=True)), index=number)
        for number, row in enumerate(one.rows)
    )


@cache
def read(code: str, shape: str) -> Register:
    one = LANGUAGES[code]
    sheets = (make_grid(one),) if shape == "grid" else make_forms(one)
    return make_register(*sheets)


SHAPES = pytest.mark.parametrize("shape", ["grid", "form"])
IN_EACH = pytest.mark.parametrize("code", CODES)


@IN_EACH
def test_every_heading_of_a_grid_means_its_field(code: str) -> None:
    one = LANGUAGES[code]
    found = {
        heading.text: (heading.status, f"{heading.table}.{heading.field}")
        for heading in recognise_sheets(make_grid(one)).headings
    }
    assert found == {
        text: ("mapped", f"activities.{field}")
        for text, field in zip(one.headings, FIELDS, strict=True)
    }


@IN_EACH
def test_every_label_of_a_form_means_its_field(code: str) -> None:
    sheet, _ = make_forms(LANGUAGES[code])
    found = [
        (heading.status, f"{heading.table}.{heading.field}")
        for heading in recognise_sheets(sheet).headings
    ]
    assert found == [("mapped", f"activities.{field}") for field in FIELDS]


@SHAPES
@IN_EACH
def test_the_texts_are_kept_as_typed(code: str, shape: str) -> None:
    activities = read(code, shape).activities
    assert len(activities) == 2
    for place, field in enumerate(FIELDS):
        texts = [row[place] for row in LANGUAGES[code].rows]
        assert list(activities[field]) == texts, field


@SHAPES
@IN_EACH
def test_periods_are_read(code: str, shape: str) -> None:
    activities = read(code, shape).activities
    assert list(activities["retention_duration"]) == ["P5Y", "P30D"]
    assert list(activities["retention_kind"]) == ["fixed", "fixed"]


@SHAPES
@IN_EACH
def test_lawful_bases_are_read(code: str, shape: str) -> None:
    terms = read(code, shape).terms
    found = terms[(terms["table"] == "activities") & (terms["field"] == "lawful_basis")]
    assert list(found["code"]) == ["6(1)(b)", "6(1)(a)"]


@SHAPES
@IN_EACH
def test_countries_and_denials_of_transfers_are_read(code: str, shape: str) -> None:
    register = read(code, shape)
    assert list(register.activities["transfers_state"]) == ["stated", "none"]
    assert list(register.activities["recipients_state"]) == ["stated", "none"]
    assert list(register.transfers["country_code"]) == ["US"]


@IN_EACH
def test_nothing_in_a_small_register_is_unreadable(code: str) -> None:
    assert read(code, "grid").issues.empty
