"""The letters of a text file: which encoding its bytes are in.

In this order: what a byte order mark says; UTF-8; UTF-16 by where its zero bytes stand; else
windows-1252, in which Excel writes "CSV" in the west. A byte that the encoding does not know
becomes U+FFFD, the replacement character, so that it is seen and no letter is made up.
Sources: Unicode 15.0, 23.8 (byte order mark) and 3.9 (replacement); RFC 3629; WHATWG Encoding 9.1.
"""

from __future__ import annotations

import codecs
import re

from ropa.errors import InputError

# The longer mark first: UTF-32's begins like UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_TEXT = "not text, though its extension says so; export it again as CSV (UTF-8)"
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f]")
_MAX_CONTROL = 1 / 20  # of all characters: stray ones are pasted in, more are another format
_MIN_ZEROS = 1 / 10  # of all characters, in UTF-16 without a mark
_MIN_ZEROS_IN_LINE = 1 / 2
_REPLACED = "\N{REPLACEMENT CHARACTER}"


def decode(data: bytes) -> str:
    """Return the text that the bytes of a file stand for, without a byte order mark.

    Raises
    ------
    InputError
        If they are no text: zero characters, or very many control characters.
    """
    text = _decode(data)
    if "\0" in text or len(_CONTROL.findall(text)) > _MAX_CONTROL * len(text):
        raise InputError(_NOT_TEXT)
    return text


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" in data:
        return _decode_utf_16(data)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _decode_mixed(data)


def _decode_utf_16(data: bytes) -> str:
    # Letters, delimiters and line ends of ASCII have a zero byte: before them or after them.
    before = data[::2].count(0)
    after = data[1::2].count(0)
    try:
        text = data.decode("utf-16-be" if before > after else "utf-16-le")
    except UnicodeDecodeError:
        raise InputError(_NOT_TEXT) from None
    # A stray zero byte in another encoding gives Chinese letters, and few of the line ends.
    ends = text.count("\n") + text.count("\r")
    share = max(before, after) / len(text)
    is_likely = share >= (_MIN_ZEROS if ends else _MIN_ZEROS_IN_LINE)
    if not is_likely or 2 * ends < data.count(b"\n") + data.count(b"\r"):
        raise InputError(_NOT_TEXT)
    return text


def _decode_mixed(data: bytes) -> str:
    """Decode bytes that are not wholly UTF-8.

    Sequences that are UTF-8 hardly ever come about by chance: a text with more of them than of
    other bytes is UTF-8 with damage. Read as windows-1252 its every accent would be wrong.
    """
    text = data.decode(errors="replace")
    damaged = text.count(_REPLACED)
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    if beyond_ascii - damaged > damaged:
        return text
    return data.decode("windows-1252", "replace")
