"""Numbers instead of UIDs: what the last report numbered, in the commands that follow."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.cli.run import read_settings
from lastresort.errors import RefusedError
from lastresort.history.numbers import Numbered, Numbering, find_numbering, keep_numbers
from lastresort.interviews.detection import name_exactly

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lastresort.cli.options import QuestionOptions, SourceOptions
    from lastresort.history.numbers import What
    from lastresort.model import Occurrence
    from lastresort.outputs.invocation import Invocation

Groups = dict[str, Any]
"""The options of a command: the groups that it takes, by their parameter."""


def is_number(word: object) -> bool:
    """Tell whether a word may be the number of something that a report printed."""
    return isinstance(word, str) and word.isascii() and word.isdigit() and len(word) < 5 and word[0] != "0"


def with_names(groups: Groups) -> Groups:
    """Return the options of a command with the exact name in place of a number, and what the report knew.

    A number stands among the sources (`apply 1 calendar.ics`), in front of them (`message 2`), or in
    `--interview 2`. The calendars and options of that report are taken where this command gives none.

    Raises RefusedError for a number that no report over these calendars printed.
    """
    source, question, own = (groups.get(name) for name in ("source", "question", "own"))
    if source is None or question is None:
        return groups
    words = list(source.sources or ())
    if own is not None and is_number(getattr(own, "kind", None)):
        words.insert(0, own.kind)
        groups = {**groups, "own": own._replace(kind="email")}
    numbers = [word for word in words if is_number(word) and not os.path.exists(word)]
    named = is_number(question.interview)
    if not numbers and not named:
        return groups
    if len(numbers) + named > 1:
        raise RefusedError("one number at a time: each names an interview of the last report")
    sources = [word for word in words if word not in numbers]
    number = numbers[0] if numbers else question.interview
    numbering = _find("interviews", sources, source, question)
    if numbering is None and named:
        return groups  # words of a title may be a number
    row = _row(numbering, int(number))
    assert numbering
    known = json.loads(numbering.options)
    source = _filled(source._replace(sources=list(sources or numbering.sources) or None), known)
    question = _filled(question._replace(interview=None), {**known, "interview": row.name})
    return {**groups, "source": source, "question": question}


class NumberedEvent(NamedTuple):
    """What the last `agenda` numbered, where it was read, and with which options."""

    row: Numbered
    sources: tuple[str, ...]
    options: Mapping[str, Any]

    def asked(self, source: SourceOptions) -> SourceOptions:
        """Return the calendars and options of that run, where this one gives none."""
        sources = list(source.sources or self.sources) or None
        filled: SourceOptions = _filled(source._replace(sources=sources), self.options)
        return filled


def find_event(number: str, source: SourceOptions) -> NumberedEvent:
    """Return the event with this number. Raises RefusedError where no agenda numbered one so."""
    numbering = _find("events", list(source.sources or ()), source)
    row = _row(numbering, int(number))
    assert numbering
    return NumberedEvent(row, numbering.sources, json.loads(numbering.options))


def as_reported(source: SourceOptions) -> SourceOptions:
    """Return the calendars with whom and where the last report over them took me to be."""
    numbering = _find("interviews", list(source.sources or ()), source)
    known = json.loads(numbering.options) if numbering else {}
    filled: SourceOptions = _filled(source, {name: known[name] for name in ("me", "tz") if name in known})
    return filled


def keep(what: What, run: Invocation, state: str, occurrences: Iterable[Occurrence], zone: str) -> Invocation:
    """Keep what a report numbers, and return the invocation whose commands may use the numbers.

    What cannot be kept is named in full by the commands: standard input, secret addresses, a state folder
    that cannot be written.
    """
    if not run.repeatable:
        return run
    rows = tuple(
        Numbered(
            name=name_exactly(one, zone),
            start=one.interval.start,
            uid=one.event.uid or "",
            recurring=one.recurrence_id is not None,
        )
        for one in occurrences
    )
    sources = tuple(os.path.abspath(path) for path in run.sources)
    return run._replace(numbered=keep_numbers(state, Numbering(what, sources, run.options, rows)))


def recognise(run: Invocation, state: str, name: str) -> Invocation:
    """Return the invocation by the number that the last report over these calendars gave what is so named."""
    sources = tuple(os.path.abspath(path) for path in run.sources)
    known = find_numbering(state, "interviews", sources) if run.repeatable else None
    names = [row.name for row in known.rows] if known else []
    if name not in names:
        return run
    number = names.index(name) + 1
    return run._replace(numbered=True, first=number, number=number)


def _find(what: What, sources: list[str], *groups: SourceOptions | QuestionOptions) -> Numbering | None:
    """Return the numbers of the last report over the sources given, else over the configured ones, or any."""
    settings = read_settings(*groups)
    wanted = tuple(os.path.abspath(path) for path in sources)
    if wanted or settings.calendars:
        return find_numbering(settings.state, what, wanted)
    return find_numbering(settings.state, what, None)


def _row(numbering: Numbering | None, number: int) -> Numbered:
    if numbering is None:
        raise RefusedError(
            f"{number} is no number that is known here: 'lastresort check' numbers the interviews of these "
            "calendars, 'lastresort agenda' the events"
        )
    if number > len(numbering.rows):
        many = len(numbering.rows)
        raise RefusedError(
            f"the last report over these calendars numbered {many or 'nothing'}, so {number} is none"
        )
    return numbering.rows[number - 1]


def _filled(group: Any, known: Mapping[str, Any]) -> Any:
    """Return the options given, and where one is not given that of the report."""
    missing = {
        field: tuple(known[field]) if isinstance(known[field], list) else known[field]
        for field, value in group._asdict().items()
        if field in known and value in (None, False, (), [])
    }
    return group._replace(**missing)
