"""How this run was called, as the commands that it prints have to repeat it."""

from __future__ import annotations

import os
from typing import NamedTuple, get_type_hints

from typer.models import ArgumentInfo, OptionInfo

from lastresort.outputs.invocation import Invocation


def describe_run(*groups: NamedTuple) -> Invocation:
    """Return the calendars and options as they were given; what was left out is left out again.

    A run on standard input cannot be repeated, and the address of a feed or server is often its password:
    neither is ever printed.
    """
    given = [word for group in groups for word in _arguments(group)]
    repeatable = not any(word == "-" or "://" in word for word in given)
    return Invocation(calendars=tuple(given) if repeatable else (), repeatable=repeatable)


def _arguments(group: NamedTuple) -> list[str]:
    """The words of a group of options that differ from their defaults, sources first."""
    hints = get_type_hints(type(group), include_extras=True)
    positional: list[str] = []
    options: list[str] = []
    for field, value in group._asdict().items():
        if value in (None, False, (), []):
            continue
        (info,) = (one for one in hints[field].__metadata__ if isinstance(one, ArgumentInfo | OptionInfo))
        if isinstance(info.envvar, str) and os.environ.get(info.envvar) == value:
            continue  # it stands there for the next run as well
        values = list(value) if isinstance(value, list | tuple) else [value]
        if isinstance(info, ArgumentInfo):
            positional += [str(one) for one in values]
        elif value is True:
            options.append(_flag(info))
        else:
            options += [word for one in values for word in (_flag(info), str(one))]
    return [*positional, *options]


def _flag(info: OptionInfo) -> str:
    """The long name of an option; Typer keeps the first name that `Option` is given as its default."""
    names = (str(name) for name in (info.default, *(info.param_decls or ())))
    return next(name for name in names if name.startswith("--"))
