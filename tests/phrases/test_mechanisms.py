"""Transfer mechanisms: the instrument that is named, and none that is denied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropa.phrases.mechanisms import read_mechanisms
from ropa.vocabulary import read_vocabulary

CODES = frozenset(
    {
        "SAFE-HARBOUR",
        "PRIVACY-SHIELD",
        "DPF",
        "UK-EXTENSION",
        "ADEQUACY",
        "SCC-2001",
        "SCC-2002",
        "SCC-2004",
        "SCC-2010",
        "SCC-OLD",
        "SCC-2021",
        "SCC-2021-M1",
        "SCC-2021-M2",
        "SCC-2021-M3",
        "SCC-2021-M4",
        "SCC",
        "CP-2021",
        "IDTA",
        "UK-ADDENDUM",
        "BCR",
        "UK-BCR",
        "CODE",
        "CERTIFICATION",
        "PUBLIC-BODIES",
        "ADHOC",
        "DEROGATION",
        "D49-A",
        "D49-B",
        "D49-C",
        "D49-D",
        "D49-E",
        "D49-F",
        "D49-G",
        "D49-CLI",
        "SITE-CONSENT",
    }
)

READ = {
    # adequacy
    "adequacy decision": "ADEQUACY",
    "Article 45 Adequacy": "ADEQUACY",
    "Adequate country": "ADEQUACY",
    "Decision (EU) 2021/1772": "ADEQUACY",
    "Safe Harbor": "SAFE-HARBOUR",
    "EU-US Privacy Shield": "PRIVACY-SHIELD",
    "EU-U.S. Privacy Shield": "PRIVACY-SHIELD",
    "EU-US Data Privacy Framework": "DPF",
    "DPF (active, HR data)": "DPF",
    "EU-US DPF with UK Extension": "DPF UK-EXTENSION",
    "UK-US data bridge": "UK-EXTENSION",
    "Adequacy: EU-US Data Privacy Framework": "DPF",
    "adequacy decision (Japan) and DPF (US)": "ADEQUACY DPF",
    # clauses
    "standard contractual clauses": "SCC",
    "SCCs": "SCC",
    "EU model clauses": "SCC",
    "Article 46(2)(c)": "SCC",
    "SCCs, signed 2022-03-01": "SCC",
    "SCCs 2021-11-02": "SCC",
    "Decision 2001/497/EC": "SCC-2001",
    "2002/16/EC": "SCC-2002",
    "SCC set II": "SCC-2004",
    "2010/87/EU": "SCC-2010",
    "SCCs (2010)": "SCC-2010",
    "old SCCs": "SCC-OLD",
    "SCCs under Directive 95/46/EC": "SCC-OLD",
    "SCCs (EU) 2021/914": "SCC-2021",
    "new EU SCCs": "SCC-2021",
    "SCCs of 4 June 2021": "SCC-2021",
    "SCCs 2021/914 Module Two with UK Addendum": "SCC-2021-M2 UK-ADDENDUM",
    "SCCs Module 2 and 3": "SCC-2021-M2 SCC-2021-M3",
    "SCC Module IV": "SCC-2021-M4",
    "SCCs M1": "SCC-2021-M1",
    "Module Two": "SCC-2021-M2",
    "2021/914, controller to processor": "SCC-2021-M2",
    "SCCs P2P": "SCC-2021-M3",
    "SCCs C2P": "SCC",
    "standard contractual clauses (EU) 2021/915": "CP-2021",
    "Article 28(7) clauses": "CP-2021",
    "SCCs and 2021/915 clauses": "SCC CP-2021",
    "IDTA": "IDTA",
    "International Data Transfer Agreement (IDTA)": "IDTA",
    "IDTA Addendum": "UK-ADDENDUM",
    "EU SCCs + UK Addendum": "SCC UK-ADDENDUM",
    "the IDTA or SCCs with the UK Addendum": "IDTA SCC UK-ADDENDUM",
    # other instruments
    "BCRs": "BCR",
    "Binding Corporate Rules": "BCR",
    "UK BCRs": "UK-BCR",
    "approved code of conduct": "CODE",
    "certification mechanism": "CERTIFICATION",
    "administrative arrangement": "PUBLIC-BODIES",
    "Article 46(3)(a)": "ADHOC",
    "ad hoc contractual clauses": "ADHOC",
    # derogations
    "Article 49": "DEROGATION",
    "derogation": "DEROGATION",
    "Art. 49(1)(a)": "D49-A",
    "explicit consent to the transfer": "D49-A",
    "Article 49(1)(b) contract with the data subject": "D49-B",
    "Art 49.1.c": "D49-C",
    "important reasons of public interest": "D49-D",
    "legal claims (Art. 49(1)(e))": "D49-E",
    "vital interests": "D49-F",
    "public register": "D49-G",
    "compelling legitimate interests": "D49-CLI",
    "Art. 49(1) second subparagraph": "D49-CLI",
    "by using the site you consent to the transfer": "SITE-CONSENT",
    '"by using the site you consent"': "SITE-CONSENT",
    # a note keeps the lapsed schemes, a denial does not
    "Privacy Shield (lapsed)": "PRIVACY-SHIELD",
    "Privacy Shield - no longer valid": "PRIVACY-SHIELD",
    "Privacy Shield (not valid since 2020)": "PRIVACY-SHIELD",
    "Privacy Shield - replaced": "PRIVACY-SHIELD",
    "Privacy Shield will be replaced by DPF": "PRIVACY-SHIELD DPF",
    "Privacy Shield to be replaced by SCCs": "PRIVACY-SHIELD SCC",
    "Privacy Shield replaced by SCCs (not signed)": "PRIVACY-SHIELD",
    "not the Privacy Shield": "",
    # what another instrument has replaced is history
    "Privacy Shield replaced by DPF (UK extension)": "DPF UK-EXTENSION",
    "Privacy Shield, since superseded by the new SCCs": "SCC-2021",
    "Privacy Shield (ersetzt durch SCC)": "SCC",
    "Data Privacy Framework (UK Ext) - active": "DPF UK-EXTENSION",
    "DPF UK Ext": "UK-EXTENSION",
    "SCCs instead of Privacy Shield": "SCC",
    "Previously Privacy Shield, now SCCs": "SCC",
    # denials
    "no SCCs in place": "",
    "SCCs not signed": "",
    "SCCs pending": "",
    "SCCs or BCRs not in place": "",
    "no adequacy decision, so SCCs are used": "SCC",
    "SCCs not required due to adequacy": "ADEQUACY",
    "countries without an adequacy decision": "",
    # no instrument
    "ISO 27001 certification": "",
    "DPF-like terms of the supplier code of conduct": "DPF",
    "supplier code of conduct": "",
    "appropriate safeguards": "",
    "data processing agreement": "",
    "adequate measures": "",
    "contract": "",
    "ask IT": "",
    "": "",
}


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_the_mechanism_is_read(text: str, expected: str) -> None:
    assert " ".join(term.code for term in read_mechanisms(text).terms) == expected


@pytest.mark.parametrize(
    ("text", "vague", "none"),
    [
        ("appropriate safeguards", True, False),
        ("steps to ensure that, wherever possible, the transfer complies", True, False),
        ("adequate measures", True, False),
        ("GDPR compliant", True, False),
        ("data processing agreement in place", True, False),
        ("Article 46 safeguards", True, False),
        ("no SCCs; reasonable steps", True, False),
        ("appropriate safeguards: SCCs", False, False),
        ("GDPR compliant (DPF)", False, False),
        ("none", False, True),
        ("no safeguard stated", False, True),
        ("no SCCs in place", False, True),
        ("SCCs not signed", False, True),
        ("IDTA", False, False),
        ("ask IT", False, False),
        ("", False, False),
    ],
)
def test_words_only_and_none_are_told_apart(text: str, *, vague: bool, none: bool) -> None:
    mechanisms = read_mechanisms(text)
    assert (mechanisms.vague, mechanisms.none) == (vague, none)


def test_every_code_has_a_wording_and_no_other_code_appears() -> None:
    read = {term.code for text in READ for term in read_mechanisms(text).terms}
    assert read == CODES
    assert {row["code"] for row in read_vocabulary("transfer_mechanism")} <= CODES


def test_every_choice_of_the_drop_down_is_read() -> None:
    for row in read_vocabulary("choices"):
        if row["list"] == "transfer_mechanism":
            mechanisms = read_mechanisms(row["value"])
            assert mechanisms.none if row["value"] == "None" else mechanisms.terms, row["value"]


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    mechanisms = read_mechanisms(text)
    assert [bool(mechanisms.terms), mechanisms.vague, mechanisms.none].count(True) <= 1


@given(st.lists(st.sampled_from([*READ, ";", "(", ")", "not", "and", "Module"]), max_size=6))
def test_no_mixture_of_phrases_breaks_the_reader(pieces: list[str]) -> None:
    assert {term.code for term in read_mechanisms(" ".join(pieces)).terms} <= CODES
