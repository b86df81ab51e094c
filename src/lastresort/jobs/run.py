"""One run: its settings, its present moment, and the calendars that it opens and reads."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeAlias

from lastresort.config import CalendarEntry, Settings
from lastresort.errors import SourceError, UsageError
from lastresort.ics.problems import ProblemCode, ProblemLog
from lastresort.ics.reader import CalendarPolicy, ReadRequest, gather, read_agenda
from lastresort.model import Agenda, Document, Interval, Problem, SourceInfo
from lastresort.outputs.invocation import Invocation
from lastresort.sources import Access, Given, is_remote, label, open_source
from lastresort.zones import names as zones

if TYPE_CHECKING:
    from lastresort.ics.explain import Explanation


Source: TypeAlias = str | Given | Document
"""A path or an address, bytes under a name, or a document that was opened already."""

NOT_CALLED = Invocation(repeatable=False)
"""Of a run that no command line can repeat."""


def system_zone() -> str:
    """Return the machine's zone by its IANA name."""
    return zones.system_zone(os.environ)


@contextmanager
def watched_by_nobody() -> Iterator[Callable[[str], None]]:
    """Return, for the block, what takes the name of each source and tells nobody."""
    yield lambda name: None  # noqa: ARG005 (nobody is told)


UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/GMT", "GMT", "Universal", "Zulu"})
"""Zones of machines, not of people."""


class Run(NamedTuple):
    """What every read of one run shares."""

    settings: Settings
    now: datetime
    """The present moment in UTC, as far as my zone is known before a calendar is read."""
    now_in: Callable[[str], datetime]
    """The present moment in UTC, once my zone is known: it may have been written without one."""
    home: str | None
    """My zone where it was given; else the calendar's is taken, or the system's."""
    offline: bool = False
    stdin: BinaryIO | None = None
    """What `-` stands for."""
    watch: Callable[[], AbstractContextManager[Callable[[str], None]]] = watched_by_nobody
    """Gives, while sources are read, what is told the name of each."""
    invocation: Invocation = NOT_CALLED
    """How the run was called, for the commands that it prints."""

    @property
    def zone(self) -> str:
        """My zone as far as it is known before a calendar is read."""
        return self.home or system_zone()

    def open(self, sources: Sequence[Source], window: Interval) -> "Calendars":
        """Return the sources opened; of servers only what lies in the window is asked for.

        One that cannot be opened is noted, and hides no other.
        """
        configured = {_place(entry.source): entry for entry in self.settings.calendars}
        documents = [source for source in sources if isinstance(source, Document)]
        specs = [source for source in sources if not isinstance(source, Document)]
        failed: list[SourceInfo] = []
        problems: list[Problem] = []
        entries: dict[str, CalendarEntry] = {}
        with self.watch() as tell:
            for name, spec in _named(specs, configured):
                entry = configured.get(_place(spec))
                tell(name)
                try:
                    opened = open_source(
                        spec,
                        limits=self.settings.bounds,
                        stdin=self.stdin,
                        name=name,
                        access=entry.access if entry else Access(),
                        offline=self.offline,
                        allow_http=self.settings.allow_http or bool(entry and entry.allow_http),
                        cache_dir=self.settings.cache,
                        now=self.now,
                        window=window,
                    )
                except SourceError as error:
                    failed.append(SourceInfo(name, error=str(error)))
                    problems.append(Problem(name, "unread-source", str(error), lost=True))
                    continue
                problems += opened.problems
                documents += opened.documents
                if entry:
                    entries |= dict.fromkeys((document.source for document in opened.documents), entry)
        return Calendars(
            run=self,
            documents=tuple(documents),
            failed=tuple(failed),
            problems=tuple(problems),
            entries=MappingProxyType(entries),
        )


class Calendars(NamedTuple):
    """Sources opened once, to be read for several windows: standard input cannot be opened again."""

    run: Run
    documents: tuple[Document, ...]
    failed: tuple[SourceInfo, ...] = ()
    problems: tuple[Problem, ...] = ()
    entries: Mapping[str, CalendarEntry] = MappingProxyType({})
    """What the configuration says, by the documents' `source`: a folder or server holds several calendars."""

    @property
    def policies(self) -> Mapping[str, CalendarPolicy]:
        """How the events of each configured calendar are to be taken."""
        return {source: read_policy(entry) for source, entry in self.entries.items()}

    def read(self, window: Interval) -> Agenda:
        """Return what the sources hold in the window. Raises SourceError when none could be read."""
        agenda = self._read(window, system_zone())
        doubt = zones.doubt_about_system_zone(os.environ)
        if doubt and not self.run.home and agenda.zone == system_zone():
            problem = Problem("TZ", ProblemCode.UNKNOWN_ZONE, doubt, lost=True)
            agenda = agenda._replace(problems=(*agenda.problems, problem))
        elif not self.run.home and agenda.zone in UTC_NAMES and (usual := _usual_zone(agenda)):
            agenda = self._read(window, usual)
        colors = {source: entry.color for source, entry in self.entries.items()}
        colored = tuple(info._replace(color=colors.get(info.name, "")) for info in agenda.sources)
        agenda = agenda._replace(
            sources=(*colored, *self.failed),
            problems=(*agenda.problems, *self.problems),
            me=agenda.me.union(*(entry.me for entry in self.entries.values())),
        )
        if all(info.error for info in agenda.sources):
            raise SourceError("; ".join(info.error or "" for info in agenda.sources[:3]))
        return agenda

    def read_theirs(self, window: Interval, zone: str, me: frozenset[str] = frozenset()) -> Agenda:
        """Return what somebody else's calendars hold in the window, as its owner with these addresses has it.

        Their times are in the zone that the calendar names, else in `zone`. What cannot be read is among the
        problems.
        """
        agenda = read_agenda(
            self.documents, window, zone=None, system_zone=zone, me=me, limits=self.run.settings.bounds
        )
        return agenda._replace(
            sources=(*agenda.sources, *self.failed), problems=(*agenda.problems, *self.problems)
        )

    def _read(self, window: Interval, zone: str) -> Agenda:
        """Return what the documents hold; `zone` is mine where no calendar names it."""
        with self.run.watch() as tell:
            return read_agenda(
                _told(self.documents, tell),
                window,
                zone=self.run.home,
                system_zone=zone,
                me=frozenset(self.run.settings.me),
                policies=self.policies,
                limits=self.run.settings.bounds,
            )

    def explain(self, uid: str, read: Agenda) -> "Explanation":
        """Return why the events with this UID are read as they are. Raises UsageError without any."""
        from lastresort.ics.explain import explain  # for `agenda --explain` alone

        settings = self.run.settings
        request = ReadRequest(
            window=read.window,
            zone=read.zone,
            system_zone=system_zone(),
            me=frozenset(settings.me),
            policies=self.policies,
            limits=settings.bounds,
        )
        found = explain(gather(self.documents, request, ProblemLog()), uid, request)
        if not found.events:
            raise UsageError("--explain: no event read has this UID ('agenda --json' lists them)")
        return found


def start_run(
    settings: Settings,
    now_in: Callable[[str], datetime],
    *,
    offline: bool = False,
    stdin: BinaryIO | None = None,
    watch: Callable[[], AbstractContextManager[Callable[[str], None]]] = watched_by_nobody,
    invocation: Invocation = NOT_CALLED,
) -> Run:
    """Return the run with these settings. Raises UsageError for a zone that nobody knows."""
    home = zones.find_zone(settings.tz, now_in("UTC")) if settings.tz else None
    return Run(
        settings=settings,
        now=now_in(home or system_zone()),
        now_in=now_in,
        home=home,
        offline=offline,
        stdin=stdin,
        watch=watch,
        invocation=invocation,
    )


def _usual_zone(agenda: Agenda) -> str:
    """Return the zone in which most events are written; empty where they tell none.

    A machine whose zone is UTC stands in a data centre or a container, and its owner lives elsewhere.
    """
    counted = Counter(one.event.zone for one in agenda.occurrences if one.event.zone)
    zone, number = next(iter(counted.most_common(1)), ("", 0))
    return zone if zone not in UTC_NAMES and 2 * number > counted.total() else ""


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


def _named(
    specs: Sequence[str | Given], configured: Mapping[str, CalendarEntry]
) -> Iterator[tuple[str, str | Given]]:
    """Yield each source once, with its name: two feeds of one host are told apart by their order."""
    taken: dict[str, int] = {}
    for spec in dict.fromkeys(specs):
        entry = configured.get(_place(spec))
        name = (entry.name if entry else "") or label(spec)
        taken[name] = taken.get(name, 0) + 1
        yield (name if taken[name] == 1 else f"{name} ({taken[name]})"), spec


def _place(spec: str | Given) -> str:
    """Return what tells that two ways of writing a source mean the same one; bytes are no configured one."""
    if isinstance(spec, Given):
        return ""
    return spec if spec == "-" or is_remote(spec) else os.path.realpath(spec)


def _told(documents: Sequence[Document], tell: Callable[[str], None]) -> Iterator[Document]:
    """Yield the documents, each told by its name as its turn comes."""
    for document in documents:
        tell(document.name)
        yield document
