"""The bytes of a deck: the same for the same content.

The XML stays as it was written: a house style may name a prefix in an attribute alone, and a
canonical spelling would drop its declaration.
"""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from ropa.charts.canvas import clean
from ropa.report.archive import DOCUMENT_TIME, freeze_archive, rewrite_archive

_APP = "docProps/app.xml"
_THUMBNAIL = "/thumbnail"
_WORKBOOKS = "ppt/embeddings/"
_APP_XML = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"><Application>ropa</Application></Properties>'
)


def dump_deck(deck: Any, title: str) -> bytes:  # noqa: ANN401 - python-pptx has no types
    """Return a deck's bytes, with fixed dates in it and in the workbooks behind its charts."""
    _settle_properties(deck.core_properties, title)
    for rel in list(deck.part.package._rels.values()):  # noqa: SLF001 - no public way
        if rel.reltype.endswith(_THUMBNAIL):  # a picture of the template's own first slide
            deck.part.package.drop_rel(rel.rId)
    raw = BytesIO()
    deck.save(raw)
    return rewrite_archive(raw.getvalue(), _freeze_member)


def _freeze_member(name: str, content: bytes) -> bytes:
    if name == _APP:
        return _APP_XML
    if name.startswith(_WORKBOOKS) and name.endswith(".xlsx"):
        return freeze_archive(content)
    return content


def _settle_properties(properties: Any, title: str) -> None:  # noqa: ANN401 - as above
    """Name the deck, and drop what a template says of itself."""
    day = datetime.fromisoformat(DOCUMENT_TIME).astimezone(UTC).replace(tzinfo=None)
    properties.title = clean(title)[:250]
    properties.author = properties.last_modified_by = "ropa"
    properties.created = properties.modified = properties.last_printed = day
    properties.revision = 1
    for name in ("subject", "keywords", "comments", "category", "version", "content_status"):
        setattr(properties, name, "")
