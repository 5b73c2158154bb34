"""A page as a test reads it: its elements, each with the text within it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from registers import clean_source, patch_source, to_register

import ropa
from ropa.audits import Audit

VOID = {"meta", "link", "input", "br", "rect", "path", "use"}


@dataclass
class Element:
    tag: str
    attributes: Mapping[str, str]
    parents: tuple[Element, ...]
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def is_within(self, identity: str) -> bool:
        return any(one.get("id") == identity for one in self.parents)


class Page(HTMLParser):
    """The elements of a page, each with the text within it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(data.decode())
        self.close()
        assert self.open == [], "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        one = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open))
        self.elements.append(one)
        if tag not in VOID:
            self.open.append(one)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.texts.append(data)

    def find(self, tag: str, **attributes: str) -> list[Element]:
        return [
            one
            for one in self.elements
            if one.tag == tag and all(one.get(name) == text for name, text in attributes.items())
        ]

    def section(self, identity: str) -> str:
        (found,) = self.find("section", id=identity)
        return found.text


def make_audit(patch: Mapping[str, object] | None = None, **settings: object) -> Audit:
    """Audit the clean register with a patch, as of 2026-09-30 unless told."""
    register = to_register(patch_source(clean_source(), patch or {}), "clean")
    given: dict[str, object] = {"as_of": "2026-09-30"} | settings
    return ropa.audit(register, **given)  # type: ignore[arg-type]  # as each test gives them
