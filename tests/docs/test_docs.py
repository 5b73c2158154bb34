import pytest
from build_docs import FOLDER, PAGES

from ropa.rules.catalogue import list_rules
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
