"""Cells with many values: split where a list is meant, left whole where it is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ropa.phrases.lists import list_items, split_list
from ropa.phrases.matching import fold


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Name; address; telephone", ["Name", "address", "telephone"]),
        ("Name;address ;; telephone;", ["Name", "address", "telephone"]),
        ("Contact details; Voice recordings  ", ["Contact details", "Voice recordings"]),
        ("Name\naddress\ntelephone", ["Name", "address", "telephone"]),
        ("Name\r\naddress\rtelephone", ["Name", "address", "telephone"]),
        ("Name\n\n  \naddress", ["Name", "address"]),
        ("a | b|c", ["a", "b", "c"]),
        ("- one\n- two\n- three", ["one", "two", "three"]),
        ("* one\n* two", ["one", "two"]),
        ("\u2022 one\n\u2022 two", ["one", "two"]),
        ("\u2022 one \u2022 two \u2022 three", ["one", "two", "three"]),
        ("\u25aa one \u25aa two", ["one", "two"]),
        ("- one - two - three", ["one", "two", "three"]),
        ("1. one\n2. two\n10. ten", ["one", "two", "ten"]),
        ("1. one 2. two 3. three", ["one", "two", "three"]),
        ("1) one 2) two", ["one", "two"]),
        ("(a) one\n(b) two", ["one", "two"]),
        ("(a) one (b) two (c) three", ["one", "two", "three"]),
        ("a) one b) two", ["one", "two"]),
        ("(i) one\n(ii) two", ["one", "two"]),
        ("Email / phone / post", ["Email", "phone", "post"]),
        ("Name, address, telephone", ["Name", "address", "telephone"]),
        ("Name, address, telephone.", ["Name", "address", "telephone"]),
        ("Name, address, and telephone", ["Name", "address", "telephone"]),
        ("Name, address, or telephone", ["Name", "address", "telephone"]),
        ("Name,address,telephone", ["Name", "address", "telephone"]),
        ("Name,, address", ["Name", "address"]),
        ("Germany, France", ["Germany", "France"]),
        ("IT, HR, Finance", ["IT", "HR", "Finance"]),
        ("Name (first, last), email", ["Name (first, last)", "email"]),
        ("Name,\naddress,\ntelephone", ["Name", "address", "telephone"]),
        ("Name; name ; NAME", ["Name"]),
        ("b; a; B; c", ["b", "a", "c"]),
        ("EU (Ireland; Germany); USA", ["EU (Ireland; Germany)", "USA"]),
        ("EU [Ireland; Germany]; USA", ["EU [Ireland; Germany]", "USA"]),
        ("Post (a / b) / phone", ["Post (a / b)", "phone"]),
        ("A (b; c; d", ["A (b", "c", "d"]),
        ("Mailchimp, USA; Google Drive, EU", ["Mailchimp, USA", "Google Drive, EU"]),
        ("Mailchimp, USA\nGoogle Drive, EU", ["Mailchimp, USA", "Google Drive, EU"]),
        ("v1.2, v1.3", ["v1.2", "v1.3"]),
        ("1, 2, 3", ["1", "2", "3"]),
        ("Name, address etc.", ["Name", "address etc."]),
        ("Banks; HM Revenue & Customs", ["Banks", "HM Revenue & Customs"]),
        ("Name\uff1b address", ["Name", "address"]),
        ("\u00a0Name\u00a0;\u00a0address", ["Name", "address"]),
        ("", []),
        (" ; ; \n", []),
        ("Name", ["Name"]),
        ("Name.", ["Name"]),
        ("1. Name", ["Name"]),
    ],
)
def test_list_is_split(text: str, items: list[str]) -> None:
    assert split_list(text) == tuple(items)


@pytest.mark.parametrize(
    "text",
    [
        "We collect names, addresses and telephone numbers",
        "Data are shared with the bank, which pays the wages",
        "Staff, if employed, and others",
        "Kept for 6 years, unless the client asks, then deleted",
        "Access is restricted, logged and reviewed",
        "Name. Address, telephone.",
        "1,000 people",
        "between 1,000 and 2,500,000 records",
        "Smith, Jones & Co",
        "Acme, Inc.",
        "Acme, Ltd",
        "12 High Street, Leeds",
        "Unit 4, Leeds, LS1 1AA",
        "and/or",
        "SMS/email",
        "Name (first; last)",
        "Name (first, last)",
        "state-of-the-art encryption",
        "Name - first and last",
        "A. Smith",
        "e.g. Smith",
        "Art. 6(1)(b)",
        "health and safety",
        "terms and conditions",
        "3.14",
        "Organisations that provide us with goods or services on a regular basis, banks",
        "https://example.org/a;b".replace(";", ","),
    ],
)
def test_prose_stays_whole(text: str) -> None:
    kept = text if text.endswith("Inc.") or text.count(".") != 1 else text.removesuffix(".")
    assert split_list(text) == (kept,)


@settings(max_examples=300, database=None, derandomize=True, deadline=None)
@given(st.text(max_size=60) | st.text("ab1 ,;|/()[]-*.\n\u2022&", max_size=40))
def test_items_of_any_text_are_clean(text: str) -> None:
    items = split_list(text)
    assert all(item and item == item.strip() for item in items)
    folded = [fold(item) for item in items]
    assert len(set(folded)) == len(folded)
    assert all(item in " ".join(text.split("\n")) or "," in text for item in items)


@settings(max_examples=100, database=None, derandomize=True, deadline=None)
@given(
    st.lists(
        st.sampled_from(["Name", "Postal address", "Bank details", "IP address", "Photograph"]),
        unique=True,
        min_size=2,
    ),
    st.sampled_from(["; ", ";", "\n", " | ", " / ", ", ", ",", "\n- ", " \u2022 "]),
)
def test_every_separator_gives_the_items_back(items: list[str], separator: str) -> None:
    assert split_list(separator.join(items)) == tuple(items)


def test_items_that_say_the_same_are_kept_where_they_are_counted() -> None:
    text = "Processor; processor;; Controller; Processor"
    assert split_list(text) == ("Processor", "Controller")
    assert list_items(text) == ("Processor", "processor", "Controller", "Processor")
