"""Conditions of Articles 9 and 10 GDPR and of Schedule 1 to the Data Protection Act 2018."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropa.phrases.conditions import read_conditions, read_criminal_conditions, read_schedule_1
from ropa.vocabulary import read_vocabulary

SCHEDULE_1 = read_vocabulary("schedule_1")

ARTICLE_9 = {
    "explicit consent": "a",
    "Consent": "a",
    "Art 9.2.b": "b",
    "9(2)(h)": "h",
    "Art. 9 Abs. 2 lit. a DSGVO": "a",
    "Article 9, paragraph 2, point (j)": "j",
    "Article 9(2)(b) and (f)": "b f",
    "9(2)(a) explicit consent, 9(2)(f) legal claims": "a f",
    "Art. 6.1.a et 9.2.a": "a",
    "(b)": "b",
    "employment, social security": "b",
    "Employment, social security and social protection": "b",
    "employment": "b",
    "vital interests": "c",
    "not-for-profit body": "d",
    "manifestly made public by the data subject": "e",
    "establishment, exercise or defence of legal claims": "f",
    "substantial public interest": "g",
    "Substantial public interest (Sch 1 para 18)": "g",
    "DPA 2018 Sch 1 Pt 2 para 18": "g",
    "Schedule 1, Part 1, paragraph 1": "b",
    "Occupational health": "h",
    "provision of health or social care": "h",
    "public health": "i",
    "archiving, research and statistics": "j",
    "research": "j",
    "not explicit consent": "",
    "explicit consent is not required": "",
    "implied consent": "",
    "public interest": "",
    "legitimate interests": "",
    "health and safety": "",
    "market research agency used": "",
    "Explicit consent for the employment file": "a",
    "employment file": "",
    "6(1)(f)": "",
    "Schedule 1 Part 3 paragraph 29": "",
    "None": "",
    "": "",
}


@pytest.mark.parametrize(("text", "expected"), ARTICLE_9.items())
def test_article_9_conditions_are_read(text: str, expected: str) -> None:
    codes = " ".join(term.code for term in read_conditions(text))
    assert codes == " ".join(f"9(2)({letter})" for letter in expected.split())


CRIMINAL = {
    "Official authority": "official_authority",
    "under the control of official authority": "official_authority",
    "Schedule 1 condition": "schedule_1",
    "DPA 2018, Schedule 1": "schedule_1",
    "DPA 2018 Sch 1 Pt 1 para 1": "S1-01",
    "Schedule 1 paragraphs 10 and 18": "S1-10 S1-18",
    "Preventing or detecting unlawful acts": "S1-10",
    "Part 3 para 29: Consent": "S1-29",
    "Consent": "S1-29",
    "authorised by law": "law",
    "Rehabilitation of Offenders Act 1974 (Exceptions) Order 1975": "law",
    "Sch 1 para 10; authorised by domestic law": "S1-10 law",
    "not under official authority": "",
    "Article 10": "",
    "DBS check": "",
    "DBS check with the consent of the applicant": "",
    "employment vetting": "",
    "None": "",
    "": "",
}


@pytest.mark.parametrize(("text", "expected"), CRIMINAL.items())
def test_criminal_offence_conditions_are_read(text: str, expected: str) -> None:
    assert " ".join(term.code for term in read_criminal_conditions(text)) == expected


PARAGRAPHS = {
    "Sch 1 Pt 1 para 1": "S1-01",
    "Schedule 1, Part 2, paragraph 18": "S1-18",
    "Sch. 1 Pt. II para. 18(1)": "S1-18",
    "paragraph 1 of Part 1 of Schedule 1": "S1-01",
    "para 10": "S1-10",
    "paras 10 and 18": "S1-10 S1-18",
    "paragraphs 8, 10 & 18": "S1-08 S1-10 S1-18",
    "Schedule 1 (18)": "S1-18",
    "condition 18": "S1-18",
    "S1-10": "S1-10",
    "Schedule 1 Part 2 paragraph 8 - equality of opportunity": "S1-08",
    "Preventing or detecting unlawful acts": "S1-10",
    "preventing fraud": "S1-14",
    "Safeguarding": "S1-18",
    "Insurance": "S1-20",
    "Equality of opportunity; occupational pensions": "S1-08 S1-21",
    # a paragraph that is no condition, or stands in another Part or annex
    "Sch 1 Part 3 para 10": "",
    "Part 1 paragraph 18": "",
    "para 5": "",
    "para 39": "",
    "Annex 1 para 2": "",
    "Schedule 2 para 5": "",
    "Article 9, paragraph 2": "",
    "not insurance": "",
    "insurance broker": "",
    "safeguarding policy of the school": "",
    "substantial public interest": "",
    "18": "",
    "None": "",
    "": "",
}


@pytest.mark.parametrize(("text", "expected"), PARAGRAPHS.items())
def test_schedule_1_is_read(text: str, expected: str) -> None:
    assert " ".join(term.code for term in read_schedule_1(text)) == expected


def test_every_title_is_read_as_its_paragraph() -> None:
    wrong = {
        row["term"]: [term.code for term in read_schedule_1(row["term"])]
        for row in SCHEDULE_1
        if [term.code for term in read_schedule_1(row["term"])] != [row["code"]]
    }
    assert wrong == {}


def test_every_paragraph_is_read_in_its_part_and_in_no_other() -> None:
    for row in SCHEDULE_1:
        for part in ("1", "2", "3"):
            text = f"Schedule 1, Part {part}, paragraph {row['paragraph']}"
            expected = [row["code"]] if part == row["part"] else []
            assert [term.code for term in read_schedule_1(text)] == expected, text


def test_every_choice_of_the_drop_downs_is_read() -> None:
    for row in read_vocabulary("choices"):
        value = row["value"]
        if row["list"] == "schedule_1" and value != "None":
            number = int(value.split("para ")[1].split(":")[0])
            assert [term.code for term in read_schedule_1(value)] == [f"S1-{number:02}"]
        if row["list"] == "article_9" and value != "None":
            assert [term.code for term in read_conditions(value)] == [value.split()[0]]
        if row["list"] == "article_10" and value != "None":
            assert len(read_criminal_conditions(value)) == 1


@given(st.text(max_size=80))
def test_no_text_breaks_the_readers(text: str) -> None:
    for read in (read_conditions, read_criminal_conditions, read_schedule_1):
        codes = [term.code for term in read(text)]
        assert len(set(codes)) == len(codes)


@given(
    st.lists(
        st.sampled_from([*ARTICLE_9, *CRIMINAL, *PARAGRAPHS, ";", "(", "not", "and"]), max_size=6
    )
)
def test_no_mixture_of_phrases_breaks_the_readers(pieces: list[str]) -> None:
    for read in (read_conditions, read_criminal_conditions, read_schedule_1):
        assert all(term.code for term in read(" ".join(pieces)))
