"""What keeps starting cheap: a program that is run every morning should not be noticed.

`NamedTuple` is that of `typing`, without making a type of every annotation: a third of its price, for each
of the hundred values that a run may need. `pattern` compiles a regular expression when it is first used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from collections import namedtuple

    class _Maker(type):
        def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(mcs, name, bases, body)
            types = body.pop("__annotations__", {})
            defaults = [body.pop(field) for field in types if field in body]
            made = namedtuple(name, types, defaults=defaults, module=body["__module__"])
            made.__annotations__ = made.__new__.__annotations__ = types
            for key, value in body.items():
                if key not in _TUPLES_OWN:
                    setattr(made, key, value)
            return made

    _TUPLES_OWN = frozenset({"__module__", "__qualname__"})

    class NamedTuple(metaclass=_Maker):
        """A tuple whose fields have names: the annotated ones of the class, in order, with their defaults."""


class _Pattern:
    def __init__(self, text: str, flags: int) -> None:
        self._given = text, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)
        return found


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves as the compiled pattern, and is not compiled before it is used."""
    return cast("re.Pattern[str]", _Pattern(text, flags))
