"""A policy: what a reader of registers settles by hand, in a TOML file of their own.

So far the meaning of headings. A policy is only ever the file that is named: none is picked up
from the working folder.
"""

import difflib
import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ropa.errors import InputError
from ropa.phrases.matching import fold
from ropa.schema import read_fields

OWN_TABLE = "activities"
"""Table of a field that is named without one."""

LARGEST = 1_000_000
"""Bytes that a policy may have: far more than a person writes."""

_CLOSE = 0.6


@dataclass(frozen=True, slots=True)
class Policy:
    """What was settled by hand.

    Attributes
    ----------
    mapping : mapping of str to str
        Heading as typed, or cell (``"Sheet1!F9"``), to ``table.field``, or to nothing where it
        means no field.
    sha256 : str
        Hash of the file's bytes; empty for a policy that comes from no file.
    """

    mapping: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sha256: str = ""


def read_policy(path: str | Path) -> Policy:
    """Read a policy.

    Parameters
    ----------
    path : path
        A TOML file with the table ``[mapping]``: its keys are headings as typed (line breaks as
        spaces) or cells such as ``"Sheet1!F9"``, its values ``"activities.lawful_basis"``, the
        bare name of a field of the activities, or ``""`` for no field.

    Returns
    -------
    Policy
        Its fields' names are complete.

    Raises
    ------
    InputError
        The file is missing or broken, has a table that no policy has, or names a field that the
        data dictionary does not have.
    """
    path = Path(path)
    name = _show(path.name or str(path))
    data = _read_bytes(path, name)
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(f"{name}: this is no UTF-8 text; save the policy as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        last = f"at line {len(data.splitlines())}"
        told = _show(str(error)).replace("at end of document", last)
        raise InputError(f"{name}: this is no TOML: {told}") from None
    except RecursionError:
        raise InputError(f"{name}: this is no policy: it is nested too deep") from None
    unknown = [key for key in content if key not in _READERS]
    if unknown:
        raise InputError(
            f"{name}: a policy has no {_quote(unknown[0])}{_suggest(unknown[0], _READERS)}; "
            f"it has {_join([f'[{one}]' for one in _READERS])}"
        )
    parts = {key: _READERS[key](name, value) for key, value in content.items()}
    return Policy(**parts, sha256=hashlib.sha256(data).hexdigest())


def _read_bytes(path: Path, name: str) -> bytes:
    if path.is_dir():
        raise InputError(f"{name}: this is a folder; name the policy's file")
    try:
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


def _read_mapping(name: str, value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise InputError(f"{name}: mapping is no table: write [mapping] above its lines")
    mapping = {key: _read_field(name, key, one) for key, one in value.items()}
    seen: dict[str, str] = {}
    for key, one in mapping.items():
        if not fold(key):
            raise InputError(f"{name}: [mapping]: a heading is empty; name its cell instead")
        if seen.setdefault(fold(key), one) != one:
            raise InputError(f"{name}: [mapping]: {_quote(key)} is given two fields; keep one line")
    return MappingProxyType(mapping)


def _read_field(name: str, key: str, value: object) -> str:
    """Return the complete name of a field that a line names; empty for none."""
    where = f"{name}: [mapping]: {_quote(key)}"
    if isinstance(value, dict):
        raise InputError(f"{where} is a table: put the whole heading between quotes")
    if not isinstance(value, str):
        raise InputError(f'{where} is given no text: write a field, or "" for no field')
    stated = value.strip()
    if not stated:
        return ""
    known = [f"{one.table}.{one.name}" for one in read_fields()]
    complete = stated if "." in stated else f"{OWN_TABLE}.{stated}"
    if complete in known:
        return complete
    elsewhere = [one for one in known if one.endswith(f".{stated}")]
    if elsewhere:
        hint = f": did you mean {_join(elsewhere, 'or')}?"
    else:
        names = known if "." in stated else [one.partition(".")[2] for one in known]
        close = _suggest(stated, dict.fromkeys(names))
        hint = close or ": the data dictionary lists the fields"
    raise InputError(f"{where}: there is no field {_quote(stated)}{hint}")


_READERS: Mapping[str, Callable[[str, object], Any]] = MappingProxyType({"mapping": _read_mapping})
"""Table of a policy to what reads it: the attribute of the same name."""


def _suggest(stated: str, known: "Mapping[str, object] | list[str]") -> str:
    close = difflib.get_close_matches(stated, list(known), n=1, cutoff=_CLOSE)
    return f": did you mean {close[0]}?" if close else ""


def _join(names: list[str], word: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def _show(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in " ".join(text.split()))


def _quote(text: str) -> str:
    line = _show(text)
    return repr(line if len(line) <= 60 else f"{line[:59]}\N{HORIZONTAL ELLIPSIS}")  # noqa: PLR2004 - a line's worth
