"""Options in groups: a command takes whole named tuples, Typer sees their fields as its parameters.

A dozen commands share some forty options; spelled out in every signature they would drift apart.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

import typer

from lastresort.errors import ClosedPipeError, RefusedError, StoppedError, UnmatchedError


def build_command(name: str, function: Callable[..., int | None]) -> Any:
    """Return the Click command of a function whose parameters are named tuples of annotated options."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, context_settings={"help_option_names": ["-h", "--help"]})(spread(function))
    return typer.main.get_command(app)


def spread(function: Callable[..., int | None]) -> Callable[..., int | None]:
    """Return the function taking every field of its named-tuple parameters as a keyword."""
    groups: dict[str, Any] = get_type_hints(function)
    groups.pop("return", None)

    def command(**values: Any) -> int | None:
        def filled(group: Any) -> Any:
            return group(**{field: _settled(values[field]) for field in group._fields})

        given = {parameter: filled(group) for parameter, group in groups.items()}
        try:
            return _by_number(function, given) if _has_number(values) else function(**given)
        except BrokenPipeError:  # before Typer makes it exit 1
            raise ClosedPipeError from None
        except KeyboardInterrupt:  # before Typer ends without a word
            raise StoppedError from None

    command.__doc__ = function.__doc__
    command.__name__ = function.__name__
    command.__annotations__ = {}
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [parameter for group in groups.values() for parameter in _parameters(group)]
    )
    return command


def _has_number(values: dict[str, Any]) -> bool:
    """Tell whether something may be named by the number that a report gave it."""
    words = [*(values.get("sources") or ()), values.get("interview"), values.get("kind")]
    return any(isinstance(word, str) and word.isdigit() for word in words)


def _by_number(function: Callable[..., int | None], given: dict[str, Any]) -> int | None:
    """Call a command with the names that numbers stand for; what they named has to be there still."""
    from lastresort.cli.numbers import with_names

    named = with_names(given)
    try:
        return function(**named)
    except UnmatchedError:
        if named is given:
            raise
        raise RefusedError(
            "what this number stands for is gone, or at another time than in the last report: "
            "'lastresort check' numbers anew"
        ) from None


def _settled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _parameters(group: Any) -> list[inspect.Parameter]:
    types = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field,
            inspect.Parameter.KEYWORD_ONLY,
            default=group._field_defaults[field],
            annotation=types[field],
        )
        for field in group._fields
    ]
