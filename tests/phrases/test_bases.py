"""Lawful bases: what a cell says about Article 6, and what it does not say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropa.phrases.bases import cites_statute, read_bases
from ropa.vocabulary import read_vocabulary

# text -> the points in the order of the text
READ = {
    # citations
    "6(1)(f)": "f",
    "6(1)(F)": "f",
    "Art. 6.1.f": "f",
    "Article 6 (1) (f) GDPR": "f",
    "Art 6(1)f": "f",
    "6.1(f)": "f",
    "6 1 f": "f",
    "Art6(1)(c)": "c",
    "A6-1-f": "f",
    "Article 6(f)": "f",
    "Art. 6 Abs. 1 lit. f DSGVO": "f",
    "Art. 6 Abs. 1 S. 1 lit. b, f DSGVO": "b f",
    "article 6, paragraph 1, point (f)": "f",
    "point (f) of Article 6(1)": "f",
    "6(1)(b) and (f)": "b f",
    "6(1)(a), (b) & (f)": "a b f",
    "6(1)(b)/(f)": "b f",
    "6(1)(b)/6(1)(f)": "b f",
    "6.1.b, c and f": "b c f",
    "6(1)(a)-(c)": "a b c",
    "6(1)(ea)": "ea",
    "UK GDPR Article 6(1)(a) \u2013 Consent": "a",
    "Art. 6.1.a et 9.2.a": "a",
    "Articles 6(1)(c) and 9(2)(b)": "c",
    "(f)": "f",
    "f": "f",
    "(b) and (f)": "b f",
    "lit. f": "f",
    "6.1.b and a legitimate interest": "b f",
    # words
    "Consent": "a",
    "CONSENT": "a",
    "permission given by the person": "a",
    "opt-in": "a",
    "opt-in by ticking a box": "a",
    "consent in writing, opt-out by mail, link, post, telephone": "a",
    "consent sought first": "a",
    "contract": "b",
    "Contractual necessity": "b",
    "performance of a contract": "b",
    'contract ("needed to provide our products or services")': "b",
    "necessary for the performance of a contract to which the data subject is party": "b",
    "steps prior to entering into a contract": "b",
    "privacy_contract": "b",
    "legal obligation": "c",
    "LEGAL_OBLIGATION": "c",
    '"where the law requires it"': "c",
    "required by law": "c",
    "statutory duty": "c",
    "legal and regulatory obligations": "c",
    "vital interests": "d",
    "Vital interests of the data subject": "d",
    "public task": "e",
    "public interest": "e",
    "exercise of official authority": "e",
    "statutory functions": "e",
    "recognised legitimate interest": "ea",
    "Recognised legitimate interests (crime)": "ea",
    "legitimate interests": "f",
    "LegitimateInterests": "f",
    "dpv:LegitimateInterest": "f",
    "legitimate interest(s) (marketing)": "f",
    "LI": "f",
    "LI - LIA/2024/07": "f",
    "legitimate interests (not overridden by the rights of the data subject)": "f",
    # several
    "consent where given, or legitimate interests": "a f",
    'legitimate interests "where you have consented"': "f a",
    "contract, and again legitimate interests (both listed)": "b f",
    "legal obligation; vital interests": "c d",
    'legitimate interests; "where the law requires it"': "f c",
    "Consent (Art. 6(1)(a))": "a",
    # denials
    "not consent": "",
    "no consent needed": "",
    "consent is not required": "",
    "Consent: no": "",
    "Consent: no\nContract: yes": "b",
    "Consent: no\nContract: no\nLegal obligation: yes": "c",
    "Consent: no objection: see note": "a",
    "We do not rely on consent": "",
    "Consent not required; legitimate interests": "f",
    "not consent but legitimate interests": "f",
    "Legitimate interests - no consent needed": "f",
    "where consent is not given, legitimate interests": "f",
    "not only consent": "a",
    "consent has not been withdrawn": "a",
    # implied consent is read as consent
    "by using this website, you consent": "a",
    "explicit consent": "a",
    # no basis
    "": "",
    "Article 6": "",
    "Article 6(1)": "",
    "6(1) a decision of the board": "",
    "Article 9(2)(a)": "",
    "substantial public interest": "",
    "section 6(1)(a) of the Example Act": "",
    "46(1)(f)": "",
    "regulation 6(1)(a)": "",
    "LIA": "",
    "soft opt-in": "",
    "contractors only": "",
    "contract with processor": "",
    "legitimate interests assessment": "",
    "(controller's to state)": "",
    "as instructed": "",
    "The Staff Regulations (and particularly Art. 27-34)": "",
    "N/A": "",
    "business need": "",
    "withdrawal of consent by phone": "",
}


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_the_basis_is_read(text: str, expected: str) -> None:
    codes = " ".join(term.code for term in read_bases(text).terms)
    assert codes == " ".join(f"6(1)({letter})" for letter in expected.split())


def test_every_choice_of_the_drop_down_is_read() -> None:
    for row in read_vocabulary("choices"):
        if row["list"] == "lawful_basis":
            assert [term.code for term in read_bases(row["value"]).terms] == [
                row["value"].split()[0]
            ]


@pytest.mark.parametrize(
    ("text", "implied"),
    {
        "by using this website, you consent": True,
        "By continuing to use our site you consent to cookies": True,
        "consent by use of the website": True,
        "pre-ticked": True,
        "implied consent": True,
        "deemed consent": True,
        "deemed to have consented": True,
        "silence": True,
        "opt-in by ticking a box": False,
        "the box is not pre-ticked; consent": False,
        "we do not rely on implied consent; consent by opt-in": False,
        "consent given by using the opt-in form on our website": False,
        "contract, made by using the website": False,
        "consent": False,
        "": False,
    }.items(),
)
def test_implied_consent_is_told_from_consent(text: str, *, implied: bool) -> None:
    bases = read_bases(text)
    assert bases.implied_consent is implied
    if implied:
        assert "6(1)(a)" in {term.code for term in bases.terms}


@pytest.mark.parametrize(
    ("text", "codes"),
    {
        "explicit consent": {"9(2)(a)"},
        "Article 9(2)(a)": {"9(2)(a)"},
        "Art. 6.1.a et 9.2.a": {"9(2)(a)"},
        "6(1)(e); 9(2)(g) substantial public interest": {"9(2)(g)"},
        "6(1)(c) and 9(2)(b), (h)": {"9(2)(b)", "9(2)(h)"},
        "consent": set(),
        "not explicit consent": set(),
        "public interest": set(),
    }.items(),
)
def test_article_9_conditions_in_a_basis_cell_are_kept_apart(text: str, codes: set[str]) -> None:
    assert read_bases(text).article_9 == codes


@pytest.mark.parametrize(
    ("text", "statute"),
    {
        "The Staff Regulations (and particularly Art. 27-34)": True,
        "Companies Act 2006 s.386": True,
        "legal obligation (Companies Act 2006)": True,
        "Regulation (EU) No 31/1962": True,
        "Directive 2006/43/EC": True,
        "section 5 of the Widgets (Safety) Act": True,
        "Money Laundering Regulations 2017": True,
        "\u00a7 257 HGB": True,
        "DPA 2018 s.8": False,
        "section 8 of the Data Protection Act 2018": False,
        "Data Protection Act 2018, section 10(3)": False,
        "UK GDPR Article 6(1)(c)": False,
        "Regulation (EU) 2016/679": False,
        "Regulation (EU) 2018/1725, Article 5(1)(a)": False,
        "section 3 of this policy": False,
        "act on the request": False,
        "legal obligation": False,
    }.items(),
)
def test_a_statute_is_told_from_data_protection_law(text: str, *, statute: bool) -> None:
    assert read_bases(text).statute is statute
    assert cites_statute(text) is statute


@pytest.mark.parametrize(
    ("text", "outside"),
    {
        "Regulation (EU) 2018/1725 Article 5(1)(a)": "eudpr",
        "EUDPR": "eudpr",
        "DPA 2018 Part 3": "law_enforcement",
        "Part 3 of the Data Protection Act 2018, s.35": "law_enforcement",
        "Directive (EU) 2016/680": "law_enforcement",
        "led by marketing": "",
        "DPA 2018 Schedule 1 Part 3": "",
        "GDPR": "",
    }.items(),
)
def test_regimes_outside_the_gdpr_are_said(text: str, outside: str) -> None:
    assert read_bases(text).outside == outside


@pytest.mark.parametrize(
    ("text", "tied"),
    {
        "consent (newsletter); contract (orders)": True,
        "Contract for orders, legitimate interests for security": True,
        "Newsletter: consent; orders: contract": True,
        "consent - newsletter; contract - orders": True,
        "marketing by consent, orders by contract": True,
        "Consent (Art 6(1)(a)) for newsletters; Contract (Art 6(1)(b)) for orders": True,
        "Consent for emails and legitimate interests for postal marketing": True,
        "Contract (staff), legal obligation (payroll tax), legitimate interests (security)": True,
        "consent where given, or legitimate interests": False,
        "consent (where given) or legitimate interests (otherwise)": False,
        "legitimate interests where you have consented": False,
        "Contract; legitimate interests": False,
        "contract, and again legitimate interests (both listed)": False,
        "legal obligation; vital interests (two in one; no law named)": False,
        "Consent (Art 6(1)(a)); Contract (Art 6(1)(b))": False,
        "consent for marketing; legitimate interests for marketing": False,
        "legal obligation (Companies Act 2006); legitimate interests (fraud prevention)": False,
        "contract; legitimate interests (marketing)": False,
        "consent (newsletter)": False,
        "": False,
    }.items(),
)
def test_bases_tied_to_their_own_use_are_told_from_a_heap(text: str, *, tied: bool) -> None:
    assert read_bases(text).tied is tied


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    bases = read_bases(text)
    assert len({term.code for term in bases.terms}) == len(bases.terms)


@given(st.lists(st.sampled_from([*READ, ";", ",", "(", ")", "for", "not", " and "]), max_size=6))
def test_no_mixture_of_phrases_breaks_the_reader(pieces: list[str]) -> None:
    assert read_bases(" ".join(pieces)).outside in {"", "eudpr", "law_enforcement"}
