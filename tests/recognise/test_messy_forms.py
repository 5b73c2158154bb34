"""Forms as they are found: stacked, side by side, with examples left in, beside other sheets."""

from pathlib import Path

import pytest
from layout_writers import list_sheet, save_workbook
from made_grids import COSTS, DOOR, HEADINGS, NEWS, PAY, RISKS, TUTORIAL, mapped, whys
from made_layouts import (
    CNIL,
    ENGLISH,
    FRENCH,
    Cells,
    FormWords,
    cut_source,
    lay_beside,
    place,
    write_form,
)
from made_sheets import make_register, recognise_sheets
from registers import Source, clean_source

from ropa.normalise import normalise
from ropa.recognise import recognise
from ropa.workbook.cells import Sheet, Workbook, make_sheet, read_workbook


def source() -> Source:
    return cut_source(clean_source(), CNIL)


def forms(count: int, first: int = 0, words: FormWords = FRENCH) -> list[Cells]:
    rows = source().tables["activities"][first : first + count]
    return [write_form(source(), row, words) for row in rows]


def names(*sheets: Sheet) -> list[str]:
    """Return the name of the activity of each form that is recognised, or grid row."""
    blocks = [one for one in recognise_sheets(*sheets).blocks if one.table == "activities"]
    return [
        one.sheet.text(*one.cells["activity"][0]) or "" for one in blocks if one.cells["activity"]
    ]


FIRST = ["Call recording for quality coaching", "Adviser recruitment"]


@pytest.mark.parametrize("offset", [0, 1, 5])
@pytest.mark.parametrize("gap", [9, 10, 12])
def test_forms_side_by_side_at_uneven_offsets_are_read(offset: int, gap: int) -> None:
    one, other = forms(2)
    rows = lay_beside(place(one, down=2), place(other, down=2 + offset, right=gap))
    assert names(make_sheet("Forms", rows)) == FIRST


@pytest.mark.parametrize("between", [0, 1, 6])
def test_stacked_forms_are_read(between: int) -> None:
    one, other = forms(2)
    assert names(make_sheet("Forms", [*one, *[[]] * between, *other])) == FIRST


def test_a_form_says_what_its_rows_say() -> None:
    (form,) = forms(1)
    register = make_register(make_sheet("Form", form))
    activity = register.activities.iloc[0]
    assert activity["activity_id"] == "K01"
    assert activity["role_code"] == "controller"
    items = register.data_items
    assert list(zip(items["data_category"], items["retention"], strict=True)) == [
        ("Call recordings", "6 months after the call"),
        ("Call quality scores", "2 years after the call"),
    ]
    rows = register.recipients.set_index("recipient")
    assert rows.loc["Alderpoint Storage Inc", "country"] == "United States"
    assert rows.loc["Alderpoint Storage Inc", "role"] == "Sub-processor"
    assert rows.loc["Larkmere Recording Ltd", "country"] == "United Kingdom"
    assert len(rows) == 2


def test_sensitive_data_are_marked_by_their_section() -> None:
    form = forms(1, first=6)[0]
    items = make_register(make_sheet("Form", form)).data_items
    assert set(items["special_category"]) == {"Yes"}


def test_a_form_is_no_organisation_and_its_actors_are() -> None:
    found = make_register(make_sheet("Form", forms(1)[0])).organisation.iloc[0]
    stated = source().tables["organisation"][0]
    for name in ("name", "address", "email", "telephone", "dpo", "representative"):
        assert found[name] == stated[name], name


def test_the_example_of_the_template_is_no_record() -> None:
    example, real = forms(2)
    example = [list(row) for row in example]
    example[2][1], example[3][1] = "(EXEMPLE) Gestion de la paie", "1 - Exemple"
    sheets = make_sheet("Exemple", example), make_sheet("Fiche", real, index=1)
    assert names(*sheets) == FIRST[1:]
    assert "an example" in whys(recognise_sheets(*sheets))


def test_a_real_form_in_the_sheet_named_example_is_read() -> None:
    one, other = forms(2)
    sheets = make_sheet("Exemple de fiche", one), make_sheet("Fiche", other, index=1)
    assert names(*sheets) == FIRST


def blank_form() -> Cells:
    activity = {"activity_id": "ref-001"}
    empty = Source({**source().tables, "organisation": ()}, source().absent)
    form = write_form(empty, activity)
    prompt = "Sélectionnez un élément dans cette liste déroulante"
    for row in form:
        if row and row[0].endswith(" 1") and not row[0].startswith("Sous"):
            row[1:] = [prompt, "", "", prompt]
    return form


def test_a_blank_form_is_no_record() -> None:
    sheets = make_sheet("Modèle", blank_form()), make_sheet("Fiche", forms(1)[0], index=1)
    assert names(*sheets) == FIRST[:1]
    assert "Modèle: " in whys(recognise_sheets(*sheets))


def test_a_workbook_of_blank_forms_is_no_register() -> None:
    recognition = recognise_sheets(make_sheet("Modèle", blank_form()))
    assert not recognition.is_register
    assert recognition.why


@pytest.mark.parametrize("other", [COSTS, RISKS, TUTORIAL])
def test_sheets_beside_forms_are_ignored_with_a_reason(other: list[list[str]]) -> None:
    sheets = make_sheet("Fiche", forms(1)[0]), make_sheet("Other", other, index=1)
    assert names(*sheets) == FIRST[:1]
    assert [one.sheet for one in recognise_sheets(*sheets).ignored if one.why] == ["Other"]


LIST = [
    ["Identification du traitement", "", "", "", "Finalité du traitement", "Données sensibles ?"],
    [
        *("Nom du traitement", "N° / RÉF", "Date de création de la fiche"),
        *("Dernière mise à jour de la fiche", "", "Oui/non"),
    ],
]
MERGED = ((1, 1, 1, 4), (1, 5, 2, 5))


def list_activities(*ids: str) -> Sheet:
    rows = [row for row in source().tables["activities"] if row["activity_id"] in ids]
    cells = [
        [str(row["activity"]), str(row["activity_id"]), "", "", str(row["purpose"]), "Non"]
        for row in rows
    ]
    return make_sheet("Liste", [*LIST, *cells], merged=MERGED)


def test_a_list_and_its_forms_are_one_register() -> None:
    sheets = [list_activities("K01", "K02", "K03")]
    sheets += [list_sheet(f"Fiche {n}", form, n) for n, form in enumerate(forms(2), start=1)]
    activities = make_register(*sheets).activities.set_index("activity_id")
    assert sorted(activities.index) == ["K01", "K02", "K03"]
    assert str(activities.loc["K01", "security_measures"]).startswith("Role-based access")
    assert str(activities.loc["K03", "purpose"]).startswith("Keep people who are barred")


def test_a_list_alone_is_a_register() -> None:
    activities = make_register(list_activities("K01", "K02")).activities
    assert list(activities["activity_id"]) == ["K01", "K02"]
    assert list(activities["retention_state"]) == ["absent", "absent"]


def test_a_value_that_is_a_word_of_the_form_ends_nothing() -> None:
    labels = ["Name of the processing", "Purpose", "Data subjects", "Categories of personal data"]
    labels += ["Recipients", "Retention period", "Lawful basis"]
    values = ["Newsletter", "Send it", "Clients", "Email address", "Country", "2 years", "Consent"]
    activity = make_register(
        make_sheet("Form", list(zip(labels, values, strict=True)))
    ).activities.iloc[0]
    fields = ("activity", "purpose", "data_subjects", "data_categories", "recipients", "retention")
    assert [activity[name] for name in (*fields, "lawful_basis")] == values


def test_other_labels_of_a_form_are_kept() -> None:
    form = [*forms(1)[0], [], ["Couleur du classeur", "vert"]]
    register = make_register(make_sheet("Form", form))
    found = register.extras.set_index("heading")["text"].to_dict()
    assert found["Couleur du classeur"] == "vert"
    assert "Couleur du classeur" not in mapped(recognise_sheets(make_sheet("Form", form)))


@pytest.mark.parametrize("label", ["Activity", ""])
def test_of_records_side_by_side_none_is_lost(label: str) -> None:
    """One activity a column: each is read, or the sheet is not taken for a register at all."""
    rows = [
        [label, "Payroll", "Newsletter", "Entrance"],
        *[list(row) for row in zip(HEADINGS, PAY, NEWS, DOOR, strict=True)],
    ]
    recognition = recognise_sheets(make_sheet("Sheet1", rows))
    stated = {
        one.sheet.text(*place)
        for one in recognition.blocks
        for place in one.cells.get("purpose", ())
    }
    assert stated in ({PAY[0], NEWS[0], DOOR[0]}, set())
    assert bool(stated) == recognition.is_register


def test_labels_of_four_fields_in_a_letter_are_no_form() -> None:
    rows = [["Purpose"], ["Retention"], ["Recipients"], ["Data subjects"]]
    assert not recognise_sheets(make_sheet("Letter", rows)).is_register


@pytest.mark.parametrize("words", [FRENCH, ENGLISH])
def test_forms_in_a_file_are_read_as_those_in_memory(words: FormWords, tmp_path: Path) -> None:
    sheets = tuple(list_sheet(f"Form {n}", form, n) for n, form in enumerate(forms(2, 0, words)))
    made = Workbook("forms.xlsx", "0" * 64, sheets)
    path = save_workbook(made, tmp_path / "forms.xlsx", far={"Form 0": "Z900"})
    one, other = (
        normalise([recognise(book)], register="made") for book in (made, read_workbook(path))
    )
    for table in ("activities", "data_items", "recipients", "organisation"):
        assert one.frames[table].equals(other.frames[table]), table
