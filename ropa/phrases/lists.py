"""Many values in one cell: where one ends and the next begins.

Splitting too little leaves two names in one item; splitting too much cuts a sentence into
nonsense. Strong separators (new line, semicolon, bar, bullet, numbering, spaced slash) always
split. A comma splits only a plain enumeration of short items.
"""

import re

from ropa.phrases.matching import fold

_MAX_WORDS = 6  # a longer stretch between two commas is prose
_LINE = re.compile(r"\r\n?|[\n\v\f\u0085\u2028\u2029]")
_BULLET = "\u2022\u2023\u25aa\u25ab\u25cf\u25cb\u25e6\u2043\u2219\uf0b7\u25ba\u25b6"
_STRONG = re.compile(rf"[;|\uff1b{_BULLET}]|(?<=\s)/(?=\s)|(?<=\s)\u00b7(?=\s)")
_DASH = re.compile(r"(?<=\s)[-*\u2013\u2014](?=\s)")
_MARKER = re.compile(
    rf"^\s*(?:[-*\u2013\u2014\u00b7](?=\s)|[{_BULLET}]|\(?(?:[0-9]{{1,2}}|[a-z]|[ivx]{{1,4}})\)(?=\s)"
    r"|[0-9]{1,2}\.(?=\s))\s*",  # no "A." here: it is the initial of a name
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"(?<!\S)\(?([0-9]{1,2}(?=[.)])|[a-z](?=\)))[.)](?=\s)")
# A word that makes a text prose: a verb, a conjunction or a pronoun.
_PROSE = re.compile(
    r"(?<!\w)(?:is|are|was|were|be|been|has|have|had|will|shall|may|can|must|should|would|we|you|they"
    r"|who|which|that|where|when|while|because|unless|until|if|so|but|except|however|only|not"
    r"|also|then|please|see|including|include|includes|such)(?!\w)",
    re.IGNORECASE,
)
# A comma that belongs to a name or an address: "Jones, Inc.", "Smith, Jones & Co",
# "12 High Street, Leeds", "EC1A 1BB".
_KEEP_COMMAS = re.compile(
    r", ?(?:inc|ltd|llc|llp|plc|gmbh|co|corp|s\.a|sa|ag|bv|b\.v|nv|limited|incorporated)(?![\w])"
    r"|(?:^|, ?)[0-9]+[a-z]? [\w' ]+(?:street|road|lane|avenue|square|way|house|court)"
    r"|(?<!\w)[a-z]{1,2}[0-9][0-9a-z]?\s?[0-9][a-z]{2}(?!\w)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[a-z0-9)][.!?] [A-Z]|[!?]\Z")
_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9])")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)  # its commas belong to it
_CONJUNCTION = re.compile(r"^\s*(?:and|or)\s+", re.IGNORECASE)
_ABBREVIATED = re.compile(
    r"(?<!\w)(?:etc|inc|ltd|co|corp|approx|no|dept|e\.g|i\.e)\.\Z", re.IGNORECASE
)


def split_list(text: str) -> tuple[str, ...]:
    """Split a cell into its items.

    Nothing is split inside brackets, in numbers, addresses or company names, nor at commas in
    prose or beside a stronger separator ("Mailchimp, USA; Google Drive, EU" has two items).

    Parameters
    ----------
    text : str
        The cell as typed.

    Returns
    -------
    tuple of str
        Items as typed, without bullets, numbering and outer punctuation, in their order; blanks
        are dropped and of items that differ in case and spacing only the first is kept.
    """
    items: dict[str, str] = {}
    for item in list_items(text):
        items.setdefault(fold(item), item)
    return tuple(items.values())


def list_items(text: str) -> tuple[str, ...]:
    """Split a cell into its items as `split_list` does, and keep those that say the same."""
    lines = split_lines(text)
    pieces = [piece for line in lines for piece in _split_line(line)]
    if len(pieces) == 1 and len(lines) == 1 and not _MARKER.match(lines[0]):
        pieces = _split_enumeration(pieces[0])
    return tuple(item for item in map(_tidy, pieces) if fold(item))


def split_lines(text: str) -> list[str]:
    """Return the lines of a cell that are not blank, wrapped ones joined."""
    return _join_wrapped([line for line in _LINE.split(text) if line.strip()])


def _join_wrapped(lines: list[str]) -> list[str]:
    """Join a line that ends in a comma with the next: the cell was wrapped, not listed."""
    joined: list[list[str]] = []
    for line in lines:
        if joined and joined[-1][-1].rstrip().endswith(","):
            joined[-1].append(line)
        else:
            joined.append([line])
    return [" ".join(parts) for parts in joined]


def _split_line(line: str) -> list[str]:
    marks = [(match.start(), match.end()) for match in _STRONG.finditer(line)]
    if _MARKER.match(line):
        if line.lstrip()[0] in "-*\u2013\u2014":
            marks += [match.span() for match in _DASH.finditer(line)]
        else:
            marks += _find_numbering(line)
    return _cut(line, sorted(marks))


def _find_numbering(line: str) -> list[tuple[int, int]]:
    """Find "1. ... 2. ..." or "(a) ... (b) ...": markers that count on from the first."""
    marks: list[tuple[int, int]] = []
    expected = ""
    for match in _NUMBERING.finditer(line):
        if expected and match[1] != expected:
            continue
        marks.append(match.span())
        expected = str(int(match[1]) + 1) if match[1].isdigit() else chr(ord(match[1]) + 1)
    return marks


def _cut(text: str, marks: list[tuple[int, int]]) -> list[str]:
    """Cut the text at the marks that stand outside brackets."""
    inside = _bracketed(text)
    pieces, start = [], 0
    for begin, end in marks:
        # The bracket of a marker such as "(b)" opens at the mark itself: look before it.
        if begin >= start and not (inside[begin] and inside[max(0, begin - 1)]):
            pieces.append(text[start:begin])
            start = end
    return [*pieces, text[start:]]


def _bracketed(text: str) -> list[bool]:
    """Tell for each character whether a closed bracket surrounds it."""
    inside, opened = [False] * len(text), []
    for place, character in enumerate(text):
        if character in "([{":
            opened.append(place)
        elif character in ")]}" and opened:
            begin = opened.pop()
            if not opened:
                inside[begin : place + 1] = [True] * (place + 1 - begin)
    return inside


def _split_enumeration(text: str) -> list[str]:
    """Split at commas if the text is a plain enumeration, else return it whole."""
    outside = "".join(
        " " if hidden else character
        for character, hidden in zip(text, _bracketed(text), strict=True)
    )
    outside = _ADDRESS.sub(lambda match: "_" * len(match[0]), outside)
    pieces = _cut(text, [match.span() for match in _COMMA.finditer(outside)])
    visible = [
        piece.split() for piece in _cut(outside, [m.span() for m in _COMMA.finditer(outside)])
    ]
    plain = " ".join(outside.split())
    if (
        max(map(len, visible)) > _MAX_WORDS
        or "&" in visible[-1]
        or _PROSE.search(plain)
        or _KEEP_COMMAS.search(plain)
        or _SENTENCE.search(plain)
    ):
        return [text]
    return [pieces[0], *(_CONJUNCTION.sub("", piece) for piece in pieces[1:])]


def _tidy(piece: str) -> str:
    item = _MARKER.sub("", piece, count=1)
    bare = ""
    while bare != item:
        bare, item = item, item.strip().strip(",;")
    if item.endswith(".") and item.count(".") == 1 and not _ABBREVIATED.search(item):
        item = item[:-1].rstrip()
    return item
