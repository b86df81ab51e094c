"""What keeps starting cheap: a program that is run every morning should not be noticed.

`NamedTuple` is that of `typing`, without making a type of every annotation, and without compiling a
constructor for a value that the run never makes: a tenth of its price, for each of the hundred values that a
run may need. `pattern` compiles a regular expression when it is first used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from collections import _tuplegetter
    from functools import cache
    from types import FunctionType

    class _Record(tuple):
        """What all of them share. Fields, defaults and how to read them are put into each class."""

        __slots__ = ()

        def __new__(cls, *values, **named):
            """Make the constructor of the class for its first value, and put it in the place of this one."""
            owner = next(one for one in cls.__mro__ if "_fields" in one.__dict__)
            owner.__new__ = _constructor(owner)
            return owner.__new__(cls, *values, **named)

        @classmethod
        def _make(cls, values):
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **changed):
            made = tuple.__new__(type(self), map(changed.pop, self._fields, self))
            if changed:
                raise ValueError(f"Got unexpected field names: {list(changed)!r}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            fields = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({fields})"

        def __getnewargs__(self):
            return tuple(self)

    def _constructor(owner):
        """What makes a value of as many fields, under the names of these: compiled once for each number."""
        code = _maker_of(len(owner._fields)).__code__
        named = f"{owner.__qualname__}.__new__"
        code = code.replace(co_name="__new__", co_qualname=named, co_varnames=("_cls", *owner._fields))
        return FunctionType(code, {"_new": tuple.__new__}, "__new__", tuple(owner._field_defaults.values()))

    @cache
    def _maker_of(count):
        values = "".join(f"_{place}, " for place in range(count))
        return eval(f"lambda _cls, {values}: _new(_cls, ({values}))")  # noqa: S307 (as in collections)

    class _Maker(type):
        def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(mcs, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            body["_field_defaults"] = {field: body[field] for field in fields if field in body}
            body["_fields"] = body["__match_args__"] = fields
            body["__slots__"] = ()
            for place, field in enumerate(fields):
                body[field] = _tuplegetter(place, None)
            return type(name, (_Record,), body)

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
