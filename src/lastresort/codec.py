"""Named tuples as JSON and back, for what is kept between two runs.

The annotations of a named tuple say what is expected: other named tuples, `tuple[X, ...]`, `tuple[X, Y]`,
`frozenset[X]`, `X | None`, `Literal`, `datetime` (aware; UTC when read), `bytes` (as Base64), `str`, `int`,
`bool`. A type that is named in an annotation must be importable at run time.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, TypeVar, cast, get_args, get_origin, get_type_hints

from lastresort.errors import LastResortError

Kept = TypeVar("Kept", bound=NamedTuple)
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


class NewerError(LastResortError):
    """A later version of this program has written the document."""


def encode(record: NamedTuple, version: int) -> bytes:
    """Return a named tuple as a JSON object, with the version of its format."""
    return json.dumps({"version": version, **_plain(record)}, indent=1).encode()


def decode(raw: bytes, kind: type[Kept], version: int) -> Kept:
    """Return the named tuple in a JSON object. Fields that are missing have their defaults.

    Raises ValueError for anything that is no such object, NewerError for one of a later version.
    """
    try:
        document = json.loads(raw)
        newer = document.pop("version") > version
    except (RecursionError, KeyError, TypeError, AttributeError):
        raise ValueError from None
    if newer:
        raise NewerError
    return cast("Kept", _read(document, kind))


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {field: _plain(part) for field, part in value._asdict().items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _read(value: Any, kind: Any) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return None if value is None and NoneType in parts else _read(value, parts[0])
    if origin is tuple and parts[-1] is not ...:
        if not isinstance(value, list) or len(value) != len(parts):
            raise ValueError
        return tuple(map(_read, value, parts))
    if origin in {tuple, frozenset}:
        if not isinstance(value, list):
            raise ValueError
        return origin(_read(part, parts[0]) for part in value)
    if origin is Literal:
        if value not in parts:
            raise ValueError
        return value
    if hasattr(kind, "_fields"):
        return _read_fields(value, kind)
    if kind is datetime:
        return _moment(value)
    if kind is bytes:
        return b64decode(_read(value, str), validate=True)
    if type(value) is not kind:
        raise ValueError
    return value


def _read_fields(value: Any, kind: Any) -> Any:
    hints = _hints(kind)
    if not isinstance(value, dict) or not set(value) <= set(hints):
        raise ValueError
    try:
        return kind(**{field: _read(part, hints[field]) for field, part in value.items()})
    except TypeError:  # a field without a default is missing
        raise ValueError from None


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _moment(text: Any) -> datetime:
    """An instant in UTC, years away from the ends of what a datetime can hold: it is reckoned with."""
    moment = datetime.fromisoformat(_read(text, str))
    if moment.tzinfo is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError
    return moment.astimezone(UTC)
