"""Examples: for each rule a cell that breaks it, and the same cell put right.

They illustrate the catalogue and judge nothing. They stand in ``vocabulary/rule_examples.csv``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from ropa.schema import read_fields
from ropa.vocabulary import read_vocabulary


@dataclass(frozen=True, slots=True)
class Example:
    """One cell as it breaks a rule and as it does not.

    Attributes
    ----------
    rule : str
        Code of the rule.
    table, field : str
        Where the cell stands, in the names of the data dictionary.
    heading : str
        Heading of the cell in the house workbook.
    given : str
        What else the record says, where that matters; else empty.
    wrong, right : str
        Text of the cell; empty for a blank cell.
    """

    rule: str
    table: str
    field: str
    heading: str
    given: str
    wrong: str
    right: str


@cache
def read_examples() -> Mapping[str, Example]:
    """Return the example of each rule by the rule's code.

    Raises
    ------
    KeyError
        An example names a field that the data dictionary lacks: a mistake of this package.
    """
    headings = {(one.table, one.name): one.heading for one in read_fields()}
    return MappingProxyType(
        {
            row["rule"]: Example(**row, heading=headings[row["table"], row["field"]])
            for row in read_vocabulary("rule_examples")
        }
    )
