"""The law as dated tables: one CSV file a table, one row a fact, each with its source.

`load_law` returns the value that everything else asks: what was in force, under which regime, on
which day. Days are inclusive: ``valid_from`` is the first day, ``valid_to`` the last one on which
a row can be relied on; an empty ``valid_to`` means that no end is known. What a judgment strikes
down at once ends the day before. Under the regime ``uk`` the rows of ``eu`` stand in for missing
ones until the end of 2020 and never afterwards.

No row is ever changed in order to be right today: a new period is a new row.
"""

from ropa.lawbook.book import Law, load_law
from ropa.lawbook.values import Adequacy, Mechanism, MechanismCode

__all__ = ["Adequacy", "Law", "Mechanism", "MechanismCode", "load_law"]
