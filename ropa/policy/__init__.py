"""A policy: what an organisation settles for its audits, in a TOML file of its own.

What headings mean, how severe a defect is, which rules are off, how often a record is reviewed,
which fields it wants filled, and which risks somebody has accepted until when. A policy is only
ever the file that is named: none is picked up from the working folder.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ropa.errors import InputError
from ropa.phrases.sentences import join_words
from ropa.policy.lines import quote, show, suggest
from ropa.policy.tables import READERS
from ropa.policy.values import REVIEW_MONTHS, Waiver

__all__ = ["LARGEST", "Policy", "Waiver", "read_policy"]

LARGEST = 1_000_000
"""Bytes that a policy may have: far more than a person writes."""

_MOST_DOTS = 1_000
"""Dots in a line: the time that a dotted key takes grows with the square of its parts."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What was settled by hand.

    Attributes
    ----------
    mapping : mapping of str to str
        Heading as typed, or cell (``"Sheet1!F9"``), to ``table.field``, or to nothing where it
        means no field.
    severity : mapping of str to str
        Code of a rule to the severity of all its findings, instead of the rule's own.
    off : frozenset of str
        Codes of the rules that are not run.
    review_months : int
        Months after which a review is overdue.
    required : tuple of (str, str)
        Table and field that the organisation wants filled, whatever the law asks.
    waivers : tuple of Waiver
        Accepted risks.
    sha256 : str
        Hash of the file's bytes; empty for a policy that comes from no file.
    """

    mapping: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    severity: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    off: frozenset[str] = frozenset()
    review_months: int = REVIEW_MONTHS
    required: tuple[tuple[str, str], ...] = ()
    waivers: tuple[Waiver, ...] = ()
    sha256: str = ""


def read_policy(path: str | Path) -> Policy:
    """Read a policy.

    Parameters
    ----------
    path : path
        A TOML file with some of these tables:

        - ``[mapping]``: headings as typed (line breaks as spaces) or cells such as
          ``"Sheet1!F9"``, to ``"activities.lawful_basis"``, the bare name of a field of the
          activities, or ``""`` for no field;
        - ``[severity]``: codes of rules to ``"critical"``, ``"high"``, ``"medium"``, ``"low"`` or
          ``"info"``;
        - ``[rules]``: ``off``, a list of codes (``"PUR-03"``) or families (``"MKT"``);
        - ``[review]``: ``months``, after which a review is overdue;
        - ``[required]``: ``fields``, a list of fields as in ``[mapping]``;
        - ``[[waiver]]``, once for each: ``finding`` (an id) or ``rule`` and ``activity``;
          ``reason``, ``approver`` and ``expiry`` (its last day).

    Returns
    -------
    Policy
        Its fields' names are complete, its families spread to codes.

    Raises
    ------
    InputError
        The file is missing or broken, or one of its lines says what no policy can: the error names
        the table and the key.
    """
    path = Path(path)
    name = show(path.name or str(path))
    data = _read_bytes(path, name)
    too_deep = f"{name}: this is no policy: it is nested too deep"
    if any(line.count(b".") > _MOST_DOTS for line in data.splitlines()):
        raise InputError(too_deep)
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(f"{name}: this is no UTF-8 text; save the policy as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        last = f"at line {len(data.splitlines())}"
        told = show(str(error)).replace("at end of document", last)
        raise InputError(f"{name}: this is no TOML: {told}") from None
    except RecursionError:
        raise InputError(too_deep) from None
    except ValueError:  # of a number with thousands of digits
        raise InputError(f"{name}: this is no TOML: a number in it is too long") from None
    unknown = [key for key in content if key not in READERS]
    if unknown:
        raise InputError(
            f"{name}: a policy has no {quote(unknown[0])}{suggest(unknown[0], READERS)}; "
            f"it has {join_words([f'[{one}]' for one in READERS])}"
        )
    parts: dict[str, object] = {}
    for key, value in content.items():
        attribute, read = READERS[key]
        parts[attribute] = read(name, value)
    return Policy(**parts, sha256=hashlib.sha256(data).hexdigest())  # type: ignore[arg-type]  # each reader gives its attribute


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise InputError(f"{name}: this is a folder; name the policy's file")
        if path.exists() and not path.is_file():
            raise InputError(f"{name}: this is no regular file; name the policy's file")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise InputError(f"{name}: there is no such policy; check the path") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "invalid path"
        raise InputError(f"{name}: the policy cannot be read ({why.lower()})") from None
    if len(data) > LARGEST:
        raise InputError(f"{name}: this is no policy: it is larger than {LARGEST // 10**6} MB")
    return data
