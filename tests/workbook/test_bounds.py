"""What little of a file could make much work, or mean other than it shows."""

import os
import zipfile
from pathlib import Path

import pytest
from refused_files import why

from ropa.errors import InputError
from ropa.report.annotated.markup import UnusualError, to_utf8
from ropa.report.replacement import replace_file
from ropa.workbook.delimited import read_delimited
from ropa.workbook.limits import MAX_CELL
from ropa.workbook.markup import is_charset, walk
from ropa.workbook.scans import Context, Tally
from ropa.workbook.values import Moment, iso_text, read_format

CHARSETS = ["utf-8", "UTF-8", "utf-16", "us-ascii", "iso-8859-1", "latin-1", "windows-1252"]
OTHERS = ["unicode_escape", "raw_unicode_escape", "utf-7", "idna", "punycode", "rot13", "zip", ""]


@pytest.mark.parametrize("name", CHARSETS)
def test_a_set_of_characters_is_read(name: str) -> None:
    assert is_charset(name)
    assert walk(f'<?xml version="1.0" encoding="{name}"?><a/>'.encode(name), _ignore)


@pytest.mark.parametrize("name", OTHERS)
def test_what_makes_markup_of_letters_is_none(name: str) -> None:
    assert not is_charset(name)


@pytest.mark.parametrize("name", ["unicode_escape", "raw_unicode_escape"])
def test_markup_that_hides_in_escapes_is_refused(name: str) -> None:
    part = f'<?xml version="1.0" encoding="{name}"?><t>\\u003cf>1+1\\u003c/f></t>'.encode()
    with pytest.raises(InputError, match="unusual encoding"):
        walk(part, _ignore)
    with pytest.raises(UnusualError):
        to_utf8(part)


def _ignore(_name: str, _attributes: dict[str, str]) -> None:
    """Take an element."""


def test_a_duration_beyond_all_calendars_stays_as_stored() -> None:
    assert iso_text("PT99999999999H") == "PT99999999999H"
    assert iso_text("PT1H30M") == "1:30:00"


@pytest.mark.parametrize(
    ("code", "moment"),
    [("[Red]0.00", None), ("[$-409]d mmm yyyy", Moment.DATE), ("[h]:mm", Moment.ELAPSED)],
)
def test_brackets_of_a_format_are_no_letters_of_a_date(code: str, moment: Moment | None) -> None:
    assert read_format(200, code) == moment


def test_a_format_of_brackets_alone_is_no_date() -> None:
    assert read_format(200, "[" * 300_000) is None


def test_columns_hidden_many_times_over_are_refused() -> None:
    tally = Tally(Context({}, from_1904=False, strings=tuple))
    for _ in range(1_000):
        tally.hide_columns({"min": "1", "max": "16384"})
    assert len(tally.hidden_columns) == 16_384
    with pytest.raises(InputError, match="damaged"):
        _hide_each(tally)


def _hide_each(tally: Tally) -> None:
    for last in range(16_384, 1, -1):
        tally.hide_columns({"min": "1", "max": str(last)})


def test_a_quoted_cell_may_hold_many_delimiters() -> None:
    text = "," * 17_000
    assert len(text) < MAX_CELL
    assert read_delimited(f'a,b\n"{text}",c\n'.encode()).rows == [["a", "b"], [text, "c"]]
    with pytest.raises(InputError, match="more than 16,384 cells"):
        read_delimited(f"a,b\n{text}x\n".encode())


def test_blanks_beyond_any_cell_are_refused(tmp_path: Path) -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    body = (
        f'<o:document-content xmlns:o="{space}office:1.0" xmlns:t="{space}table:1.0" '
        f'xmlns:x="{space}text:1.0"><o:body><o:spreadsheet><t:table t:name="S"><t:table-row>'
        '<t:table-cell o:value-type="string"><x:p>a<x:s x:c="900000000"/></x:p></t:table-cell>'
        "</t:table-row></t:table></o:spreadsheet></o:body></o:document-content>"
    )
    path = tmp_path / "blanks.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", body)
    assert why(path)


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are those of POSIX")
@pytest.mark.parametrize("kind", ["link", "pipe", "half a file"])
def test_what_stands_where_a_file_is_written_first_is_not_written_through(
    tmp_path: Path, kind: str
) -> None:
    other, new = tmp_path / "other", tmp_path / "file.new"
    other.write_bytes(b"kept")
    if kind == "link":
        new.symlink_to(other)
    elif kind == "pipe":
        os.mkfifo(new)
    else:
        new.write_bytes(b"ha")
    replace_file(tmp_path / "file", b"whole", new)
    assert (tmp_path / "file").read_bytes() == b"whole"
    assert not (tmp_path / "file").is_symlink()
    assert other.read_bytes() == b"kept"
    assert not new.exists()
