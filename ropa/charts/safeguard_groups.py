"""How a picture names and groups what a transfer rests on (`ropa.transfers.values.SAFEGUARDS`)."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "failing": "no working safeguard",
        "unclear": "safeguard not shown or not readable",
        "derogation": "derogation, Article 49",
        "tool": "safeguard of Article 46",
        "adequate": "adequate",
        "home": "stays in the home area",
        "unjudged": "not judged",
        "unplaced": "no country named",
    }
)
"""Group of safeguards to its words in a legend, the worst first."""

SHORT_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "none": ("failing", "no safeguard stated"),
        "lapsed": ("failing", "safeguard lapsed"),
        "claimed_adequacy": ("failing", "adequacy does not exist"),
        "other_regime": ("failing", "other regime's tool"),
        "words_only": ("unclear", "general words only"),
        "adequacy_open": ("unclear", "adequacy condition open"),
        "clauses_unidentified": ("unclear", "clauses of no version"),
        "unidentified": ("unclear", "country not identified"),
        "unreadable": ("unclear", "not readable"),
        "derogation": ("derogation", "derogation, Art 49"),
        "adhoc": ("tool", "authorised clauses"),
        "public": ("tool", "public bodies' tool"),
        "certification": ("tool", "certification"),
        "code": ("tool", "code of conduct"),
        "bcr": ("tool", "binding corporate rules"),
        "clauses": ("tool", "contractual clauses"),
        "adequacy_conditional": ("adequate", "adequate, as shown"),
        "adequacy": ("adequate", "adequate"),
        "home": ("home", "home area"),
        "unjudged": ("unjudged", "not judged"),
        "": ("unplaced", "no country named"),
    }
)
"""Safeguard to its group and its words beside a country, the worst first. ``unjudged`` is a flow
into a country without a verdict, the empty word a flow that leads to none."""

_RANKS: Mapping[str, int] = MappingProxyType({one: at for at, one in enumerate(SHORT_WORDS)})
_GROUP_RANKS: Mapping[str, int] = MappingProxyType({one: at for at, one in enumerate(GROUPS)})


def choose_worst(safeguards: Iterable[str]) -> str:
    """Return the worst of some safeguards; empty where there is none."""
    return min(safeguards, key=_RANKS.__getitem__, default="")


def rank_safeguard(safeguard: str) -> int:
    """Return 0 for the worst safeguard; an order to sort by."""
    return _RANKS[safeguard]


def rank_group(group: str) -> int:
    """Return 0 for the worst group; an order to sort by."""
    return _GROUP_RANKS[group]


def find_group(safeguard: str) -> str:
    """Return the group of a safeguard."""
    return SHORT_WORDS[safeguard][0]
