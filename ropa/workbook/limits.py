"""How large a workbook may be. Each limit has its reason; past it reading ends with one line.

A register of 100,000 activities and 20 columns is a file of 16 MB and inflates to 110 MB, so
every limit leaves room for several times that.
"""

MAX_FILE = 256 * 2**20
"""Bytes of the file: it is read into memory once, so that what was checked is what is read."""

MAX_PARTS = 20_000
"""Members of the archive: a workbook has a handful a sheet. The directory costs memory for each."""

MAX_INFLATED = 512 * 2**20
"""Bytes of all members together, inflated. About 500,000 rows of 20 columns."""

MAX_RATIO = 200
"""Inflated size over packed size. Real sheets reach 10 to 50, zip bombs 1,000."""

RATIO_FROM = 32 * 2**20
"""The ratio is judged from this many inflated bytes on: small parts that repeat are harmless."""

MAX_AREA = 26 * 1_048_576
"""Cells in the box from A1 to the last valued cell, for a sheet and for all sheets together.

Columns A to Z over the whole height of a sheet, about 27 million. Fast readers set aside memory
for each cell of the box (32 bytes and more), whether it holds a value or not: two values, in A1
and XFD1048576, would ask for 549 GB and end the process.
"""

DENSE_AREA = 4_000_000
"""Boxes up to this size may be as empty as they like: 128 MB in the fast reader."""

MIN_FILL = 1 / 8
"""A larger box that holds fewer valued cells than this share is read cell by cell instead."""

MAX_TEXT = 2**30
"""Bytes of text in the cells of a sheet. A shared string counts wherever it is used: one long
string in a million cells is a small file and gigabytes of text. Arrow's offsets end at 2 GB."""

MAX_RECORDS = 250_000
"""Rows of a table of activities. A few bytes make a row, and each becomes a record that is judged
by every rule: 100,000 take 1 GB."""

MAX_CELL = 2**17
"""Characters of one cell. Spreadsheet programs hold 32,767, and Python's reader of delimited text
holds this. What reads phrases and writes reports would take minutes over a book in a cell."""

MAX_MARKS = 2**20
"""Error cells, formulas without a result or merged ranges that repeat: a few bytes stand for a
million of them, and each costs 200 bytes."""

MAX_SECONDS = 120
"""Time in which the process that reads a binary workbook must be done. 65,536 rows of 20 columns,
the most that an ``.xls`` sheet has, take a few seconds."""

MAX_MEMORY = 4 * 2**30
"""Bytes of address space that the process which reads a binary workbook may take, at most."""

FREE_MEMORY = 448 * 2**20
"""Bytes of these that any file may take. The reader sets aside 32 bytes for each cell of a box,
several times over: an ``.xls`` file of 5 kB, with values in two corners, would take 2 GB."""

MEMORY_A_BYTE = 32
"""Bytes that each byte of the file adds: 65,536 rows of 20 columns are 50 MB and take 700."""
