"""--deck-template: the house style of an organisation, found by type and never by name."""

import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.util import Inches

import ropa
from ropa.errors import InputError
from ropa.report.deck import write_deck
from ropa.report.deck.template import open_base
from ropa.results import Result

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
_DECK = b"presentationml.presentation.main+xml"
_TEMPLATE = b"presentationml.template.main+xml"
_MACROS = b"ms-powerpoint.presentation.macroEnabled.main+xml"


@cache
def audit() -> Result:
    register = ropa.load(SAMPLES / "telephone-answering-service.xlsx")
    return ropa.audit(register, as_of="2026-09-30", rules=["TRF", "LAW"])


def make_template(path: Path, keep: tuple[str, ...] = ()) -> Path:
    """Write a template with renamed layouts and one slide; keep some types of layouts, or all."""
    made = Presentation()
    made.slides.add_slide(made.slide_layouts[6])
    box = made.slides[0].shapes.add_textbox(0, 0, Inches(3), Inches(1))
    box.text_frame.text = "Slide of the template itself"
    for at, layout in enumerate(list(made.slide_layouts)):
        layout.name = f"Vorlage {at}"
        kind = layout._element.get("type")  # noqa: SLF001 - no public way
        if keep and kind not in keep and not layout.used_by_slides:
            made.slide_layouts.remove(layout)
    made.save(str(path))
    return path


def swap(path: Path, old: bytes, new: bytes) -> Path:
    """Rewrite a word of a file's content types."""
    data = BytesIO(path.read_bytes())
    with zipfile.ZipFile(data) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def texts(made: Any) -> str:  # noqa: ANN401 - python-pptx has no types
    return "\n".join(
        one.text_frame.text for slide in made.slides for one in slide.shapes if one.has_text_frame
    )


def test_slides_take_the_templates_layout(tmp_path: Path) -> None:
    template = make_template(tmp_path / "house.pptx")
    made = Presentation(BytesIO(write_deck(audit(), template=template)))
    assert (made.slide_width, made.slide_height) == (Inches(10), Inches(7.5))
    assert len(made.slides) == 7
    assert {slide.slide_layout.name for slide in made.slides} == {"Vorlage 1"}
    assert "Slide of the template itself" not in texts(made)
    assert "as of 30 September 2026" in texts(made)
    empty = [
        one.name
        for slide in made.slides
        for one in slide.placeholders
        if one.placeholder_format.type in (KIND.BODY, KIND.OBJECT)
    ]
    assert empty == []
    archive = zipfile.ZipFile(BytesIO(write_deck(audit(), template=template)))
    slides = [one for one in archive.namelist() if one.startswith("ppt/slides/slide")]
    assert len(slides) == 7


def test_a_potx_is_a_template_as_well(tmp_path: Path) -> None:
    plain = make_template(tmp_path / "house.pptx")
    template = swap(make_template(tmp_path / "house.potx"), _DECK, _TEMPLATE)
    assert write_deck(audit(), template=template) == write_deck(audit(), template=plain)


def test_a_title_alone_is_enough(tmp_path: Path) -> None:
    base = open_base(make_template(tmp_path / "house.pptx", ("titleOnly",)))
    assert base.layout._element.get("type") == "titleOnly"  # noqa: SLF001 - no public way
    assert base.area.top >= base.title.top + base.title.height
    assert base.area.top + base.area.height <= 7


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("house.txt", b"text", "give a file that ends in .pptx or .potx"),
        ("house.pptx", b"text", "no deck that can be read"),
        ("house.pptx", b"", "no deck that can be read"),
        ("house.potx", None, "cannot read the deck template: No such file or directory"),
    ],
)
def test_what_is_no_template_is_refused(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        write_deck(audit(), template=path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_workbook_by_another_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "house.pptx"
    path.write_bytes((SAMPLES / "clean.xlsx").read_bytes())
    with pytest.raises(InputError, match="no deck that can be read"):
        open_base(path)


def test_macros_are_refused(tmp_path: Path) -> None:
    path = make_template(tmp_path / "house.pptx")
    content = b"application/vnd.openxmlformats-officedocument." + _DECK
    with pytest.raises(InputError, match="without macros"):
        open_base(swap(path, content, b"application/vnd." + _MACROS))


def test_a_template_without_a_usable_layout_is_refused(tmp_path: Path) -> None:
    path = make_template(tmp_path / "house.pptx", ("blank", "vertTx"))
    with pytest.raises(InputError, match="has no usable layout: add one with a title") as caught:
        open_base(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("limit", "value", "told"),
    [
        ("_MOST_SLIDES", 0, "no deck that can be read"),
        ("_MOST_PLACEHOLDERS", 1, "has no usable layout"),
        ("_LARGEST", 1.0, "has no usable layout"),
    ],
)
def test_a_template_beyond_what_a_deck_has_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: float, told: str
) -> None:
    path = make_template(tmp_path / "house.pptx")
    open_base(path)
    monkeypatch.setattr(f"ropa.report.deck.template.{limit}", value)
    with pytest.raises(InputError, match=told):
        open_base(path)
