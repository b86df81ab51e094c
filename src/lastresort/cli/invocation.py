"""How this run was called, as the commands that it prints have to repeat it."""

import json
import os
from typing import Any, NamedTuple, get_type_hints

from typer.models import ArgumentInfo, OptionInfo

from lastresort.outputs.invocation import Invocation


def describe_run(*groups: NamedTuple) -> Invocation:
    """Return the calendars and options as they were given; what was left out is left out again.

    A run on standard input cannot be repeated, and the address of a feed or server is often its password:
    neither is ever printed.
    """
    given = [one for group in groups for one in _given(group)]
    words = [word for one in given for word in one.words]
    if any(word == "-" or "://" in word for word in words):
        return Invocation(repeatable=False)
    return Invocation(
        calendars=tuple(words),
        sources=tuple(word for one in given if one.positional for word in one.words),
        options=json.dumps({one.field: one.value for one in given if not one.positional}),
    )


class _Given(NamedTuple):
    """One option that differs from its default, and the words that give it again."""

    field: str
    value: Any
    words: tuple[str, ...]
    positional: bool


def _given(group: NamedTuple) -> list[_Given]:
    """Return the options of a group that were given, sources first."""
    hints = get_type_hints(type(group), include_extras=True)
    found = []
    for field, value in group._asdict().items():
        if value in (None, False, (), []):
            continue
        (info,) = (one for one in hints[field].__metadata__ if isinstance(one, ArgumentInfo | OptionInfo))
        if isinstance(info.envvar, str) and os.environ.get(info.envvar) == value:
            continue  # it stands there for the next run as well
        values = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
        if isinstance(info, ArgumentInfo):
            words = values
        elif value is True:
            words = [_flag(info)]
        else:
            words = [word for one in values for word in (_flag(info), one)]
        found.append(_Given(field, value, tuple(words), isinstance(info, ArgumentInfo)))
    return sorted(found, key=lambda one: not one.positional)


def _flag(info: OptionInfo) -> str:
    """Return the long name of an option; Typer keeps the first name that `Option` is given as its default."""
    names = (str(name) for name in (info.default, *(info.param_decls or ())))
    return next(name for name in names if name.startswith("--"))
