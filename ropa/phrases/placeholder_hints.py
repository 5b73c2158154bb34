"""Which of many texts may hold a placeholder: so that few are searched for one.

A placeholder is made of question marks, of underscores, of the letter x, or of no letters at all;
else it begins with a term of ``vocabulary/placeholders.csv`` or ``vocabulary/states.csv``
(`ropa.phrases.states.find_placeholder`).
"""

from functools import cache
from typing import TYPE_CHECKING

from ropa.phrases.columns import Distinct
from ropa.phrases.matching import Matcher, build_matcher
from ropa.vocabulary import read_vocabulary

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Beyond ASCII letters have more than one form: a text that holds any, folded, is searched.
_MARKED = r"[?_]|xx|yyyy|[^\x00-\x7f]|^\W*$"


@cache
def _load_words() -> Matcher:
    rows = [row for row in read_vocabulary("states") if row["code"] == "placeholder"]
    return build_matcher((row["term"], "") for row in [*rows, *read_vocabulary("placeholders")])


def may_hold_placeholder(texts: Distinct) -> "npt.NDArray[np.bool_]":
    """Tell for each text whether it may hold a placeholder; one that cannot, does not."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    column = pa.array(texts.folded, pa.large_string())
    marked = pc.match_substring_regex(column, _MARKED)
    flags: npt.NDArray[np.bool_] = texts.hold(_load_words()) | marked.to_numpy(zero_copy_only=False)
    return flags
