"""The calendars of one run as they are opened: how each is reached, and how its events are to be taken."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from lastresort.errors import SourceError
from lastresort.ics.reader import CalendarPolicy
from lastresort.model import Problem, SourceInfo
from lastresort.sources import Access, is_remote, label, open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from lastresort.config import CalendarEntry, Settings
    from lastresort.model import Document, Interval, Limits

_NOT_CONFIGURED = Access()


class Calendars:
    """Opens sources one by one, and knows afterwards what failed and what the configuration says of each.

    `policies` and `colors` go by the documents' `source`: a folder or server holds several calendars.
    """

    def __init__(self, settings: Settings, now: datetime, limits: Limits, *, offline: bool) -> None:
        self._settings, self._now, self._limits, self._offline = settings, now, limits, offline
        self._configured = {_place(entry.source): entry for entry in settings.calendars}
        self.failed: list[SourceInfo] = []
        self.problems: list[Problem] = []
        self.policies: dict[str, CalendarPolicy] = {}
        self.colors: dict[str, str] = {}
        self.owners: frozenset[str] = frozenset()
        """My addresses in the calendars read, besides those of all."""

    def documents(
        self, specs: Sequence[str], window: Interval, tell: Callable[[str], None]
    ) -> Iterator[Document]:
        """Yield what the sources hold, of servers only what lies in the window; `tell` takes what comes next.

        One that cannot be read is noted, and hides no other.
        """
        for name, spec in self._named(specs):
            entry = self._configured.get(_place(spec))
            tell(name)
            try:
                opened = open_source(
                    spec,
                    limits=self._limits,
                    stdin=sys.stdin.buffer if spec == "-" else None,
                    name=name,
                    access=entry.access if entry else _NOT_CONFIGURED,
                    offline=self._offline,
                    allow_http=self._settings.allow_http or bool(entry and entry.allow_http),
                    cache_dir=self._settings.cache,
                    now=self._now,
                    window=window,
                )
            except SourceError as error:
                self.failed.append(SourceInfo(name, error=str(error)))
                self.problems.append(Problem(name, "unread-source", str(error), lost=True))
                continue
            self.problems.extend(opened.problems)
            for document in opened.documents:
                if entry:
                    self._note(entry, document.source)
                yield document

    def _named(self, specs: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Each source once, with its name: two feeds of one host are told apart by their order."""
        taken: dict[str, int] = {}
        for spec in dict.fromkeys(specs):
            entry = self._configured.get(_place(spec))
            name = (entry.name if entry else "") or label(spec)
            taken[name] = taken.get(name, 0) + 1
            yield (name if taken[name] == 1 else f"{name} ({taken[name]})"), spec

    def _note(self, entry: CalendarEntry, source: str) -> None:
        self.policies[source] = read_policy(entry)
        self.owners |= frozenset(entry.me)
        if entry.color:
            self.colors[source] = entry.color


def read_policy(entry: CalendarEntry) -> CalendarPolicy:
    """Return how the events of a configured calendar are to be taken."""
    plain = CalendarPolicy()
    return CalendarPolicy(
        timed_free=entry.timed_free or plain.timed_free,
        all_day=entry.all_day or plain.all_day,
        tentative=entry.tentative or plain.tentative,
        unanswered=entry.unanswered or plain.unanswered,
        owner=frozenset(entry.me),
    )


def _place(spec: str) -> str:
    """What tells that two ways of writing a source mean the same one."""
    return spec if spec == "-" or is_remote(spec) else os.path.realpath(spec)
