"""Which tentative events are the times of one interview, among which it can be chosen."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from lastresort.interviews.process import written_round

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.model import Event, Occurrence

_WORDS = re.compile(r"[^\W\d_]{2,}")
_ADJACENT = timedelta(minutes=30)
"""Events so close to each other are parts of one visit, unless their titles say that they are options."""


def find_polls(occurrences: Sequence[Occurrence]) -> tuple[tuple[Occurrence, ...], ...]:
    """Return the polls among the occurrences, the options of each in order of time.

    Options are tentative events of one organiser whose titles are the same but for numbers, and no rounds.
    """
    alike: dict[object, list[Occurrence]] = {}
    for one in occurrences:
        is_round = written_round(one.event) is not None and not _calls_option(one.event)
        if one.event.status == "TENTATIVE" and not is_round:
            words = tuple(_WORDS.findall(one.event.summary.lower()))
            alike.setdefault((words, one.event.organizer), []).append(one)
    polls = (tuple(sorted(options, key=lambda one: one.interval)) for options in alike.values())
    return tuple(options for options in polls if _is_poll(options))


def _is_poll(options: Sequence[Occurrence]) -> bool:
    if len({one.event.uid for one in options}) < max(2, len(options)):  # a series is none
        return False
    apart = all(later.interval.start - one.interval.end >= _ADJACENT for one, later in pairwise(options))
    return apart or any(_calls_option(one.event) for one in options)


def _calls_option(event: Event) -> bool:
    from lastresort.times.language import calls_option  # the words of eight languages, for polls alone

    return calls_option(event.summary)
