"""Boxes to tick: what is ticked is stated, and the arrangement tells whose a box is."""

import pytest

from ropa.phrases.boxes import read_all_boxes, read_boxes


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("☐ Consent ☒ Contract ☐ Legal obligation", "Contract"),
        ("☒ Contact details ☐ Health", "Contact details"),
        ("☐ Yes ☒ No", "No"),
        ("Yes ☐ No ☑", "No"),
        ("Yes ☑ / No ☐", "Yes"),
        ("Yes  ☐  No  ☑", "No"),
        ("[ ] A [x] B", "B"),
        ("[X] A [] B", "A"),
        ("A [x] B [ ]", "A"),
        ("[\u00a0] Yes [x] No", "No"),
        ("( ) Yes (x) No", "No"),
        ("□ A ■ B", "B"),
        ("○ Yes ◉ No", "No"),
        ("\uf0a8 Yes \uf0fe No", "No"),
        ("✓ Contract ✗ Consent", "Contract"),
        ("Contract ✓ Consent ✗", "Contract"),
        ("Consent (N) Contract (Y)", "Contract"),
        ("(N) Consent (Y) Contract", "Contract"),
        ("Encryption (yes), backups (no), MFA (yes)", "Encryption; MFA"),
        ("☐ Consent\n☒ Contract\n☐ Legal obligation", "Contract"),
        ("Consent ☐\nContract ☒\n", "Contract"),
        ("☐\nYes\n☒\nNo", "No"),
        ("☐ Larkmere Ltd ☒ HMRC ☒ Otterholt SA", "HMRC; Otterholt SA"),
        ("☒ HMRC\n☐ Larkmere Ltd\n☒ Otterholt SA", "HMRC\nOtterholt SA"),
    ],
)
def test_only_what_is_ticked_is_stated(text: str, stated: str) -> None:
    assert read_boxes(text).text == stated
    assert read_boxes(text).clear
    assert read_boxes(stated).text == stated


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Basis: ☐ Consent ☒ Contract", "Basis: Contract"),
        ("Basis ☐Consent ☒Contract", "Basis; Contract"),
        ("☒ Yes ☐ No\nCountry: USA", "Yes\nCountry: USA"),
        ("☒ Contract ☐ Legitimate\ninterests", "Contract"),
        ("Yes ☐ No ☑ (see DPIA-3)", "No (see DPIA-3)"),
        ("Contract ☑ Other ☐ (consent)", "Contract"),
        ("☐ (a) consent ☒ (b) contract", "(b) contract"),
    ],
)
def test_words_beside_the_boxes_stay(text: str, stated: str) -> None:
    assert read_boxes(text).text == stated


@pytest.mark.parametrize(
    "text",
    ["☐ Yes ☐ No", "Yes ☐ No ☐", "☐ Consent", "[ ] Consent [ ] Contract", "Basis: ☐ A ☐ B"],
)
def test_where_nothing_is_ticked_nothing_is_stated(text: str) -> None:
    assert read_boxes(text).text == ""


@pytest.mark.parametrize(
    ("text", "stated"),
    [("☒ Contract", "Contract"), ("☒ A ☒ B", "A; B"), ("☑ No", "No"), ("☑ DPIA-3", "☑ DPIA-3")],
)
def test_where_all_is_ticked_all_is_stated(text: str, stated: str) -> None:
    assert read_boxes(text).text == stated


@pytest.mark.parametrize(
    "text",
    ["A ☐ B ☒ C", "Yes / No ☐ ☒", "☐ Yes No ☑", "☐ Yes ✗ No", "A ☐ B ☐ C"],
)
def test_a_box_between_words_is_nobodys(text: str) -> None:
    assert read_boxes(text).text == text
    assert not read_boxes(text).clear


@pytest.mark.parametrize(
    "text",
    [
        *("", "Contract", "☐", "☒", "x", "[x]", "(N)"),
        *("■ Name ■ Address", "□ Name □ Address", "● Name ○ First name"),  # bullets
        *("for [x] years", "signed on [ ] by [ ] in London", "Contract (x)", "data()"),
        *("Larkmere (N)", "Consent (No longer given)", "6 years ☐ archived"),
    ],
)
def test_other_signs_are_left_alone(text: str) -> None:
    assert read_boxes(text).text == text
    assert read_boxes(text).clear


def test_texts_without_boxes_are_not_copied() -> None:
    texts = ["Contract", "Bank details (pay)", "Données de santé"]
    assert read_all_boxes(texts) is texts
    assert read_all_boxes([*texts, "☐ Yes ☒ No"]) == [*texts, "No"]
