import pytest
from build_docs import FOLDER, PAGES, build_catalogue, format_example

from ropa.rules.catalogue import list_rules
from ropa.rules.examples import Example, read_examples
from ropa.schema import DATA_TABLES, read_fields


@pytest.mark.parametrize("name", PAGES)
def test_page_is_what_its_source_gives(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), (
        f"run python docs/build_docs.py: {name} is out of date"
    )


def test_dictionary_tells_every_field() -> None:
    page = (FOLDER / "data_dictionary.md").read_text(encoding="utf-8")
    for table in DATA_TABLES:
        for field in read_fields(table):
            assert f"| `{field.name}` | {field.heading} | {field.meaning}" in page


def test_catalogue_tells_every_rule() -> None:
    page = (FOLDER / "rules.md").read_text(encoding="utf-8")
    for rule in list_rules():
        assert f"## {rule.code} {rule.name}\n" in page
        assert rule.remedy in page


def test_catalogue_shows_the_example_of_every_rule() -> None:
    sections = build_catalogue().split("\n## ")[1:]
    examples = read_examples()
    assert len(sections) == len(list_rules())
    for section in sections:
        assert f"**Example.** {format_example(examples[section[:6]])}\n" in section


@pytest.mark.parametrize(
    ("given", "wrong", "line"),
    [
        ("", "", "Owner in the sheet Activities: not a blank but `Finance`."),
        ("", "TBC", "Owner in the sheet Activities: not `TBC` but `Finance`."),
        ("Role: Processor", "", "Owner in the sheet Activities (Role: Processor): not a blank but"),
    ],
)
def test_example_is_one_line(given: str, wrong: str, line: str) -> None:
    example = Example("GOV-04", "activities", "owner", "Owner", given, wrong, "Finance")
    assert format_example(example).startswith(line)
