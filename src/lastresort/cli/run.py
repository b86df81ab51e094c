"""One run: its settings, its present moment, and the calendars that it opens and reads."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from lastresort.cli.progress import showing_progress
from lastresort.config import Settings, settle
from lastresort.errors import SourceError, UsageError
from lastresort.ics.problems import ProblemCode
from lastresort.ics.reader import CalendarPolicy, read_agenda
from lastresort.model import Problem, SourceInfo
from lastresort.outputs.phrases import problem_line
from lastresort.sources import Access, is_remote, label, open_source
from lastresort.times.single import parse_time
from lastresort.zones import names as zones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lastresort.cli.options import SourceOptions
    from lastresort.config import CalendarEntry
    from lastresort.ics.explain import Explanation
    from lastresort.model import Agenda, Document, Interval

LOSSES = 5
"""Problems told on standard error; --verbose and --json have them all."""

_SETTLED = frozenset(Settings._fields)


def system_zone() -> str:
    """Return the machine's zone by its IANA name."""
    return zones.system_zone(os.environ)


def present(text: str | None, zone: str) -> datetime:
    """Return the present moment in UTC: the one place that asks the clock, unless `--now` was given."""
    clock = datetime.now(UTC)  # noqa: TID251 (this is the place)
    if text is None:
        return clock
    return parse_time(text, zone, clock)


def read_settings(*groups: NamedTuple) -> Settings:
    """Return the settings: options before environment before file before defaults. Raises UsageError."""
    options = {
        field: value for group in groups for field, value in group._asdict().items() if field in _SETTLED
    }
    return settle(options, os.environ, sys.platform, config=getattr(groups[0], "config", None))


class Run(NamedTuple):
    """What every read of one run shares."""

    settings: Settings
    now: datetime
    home: str | None
    """My zone where it was given; else the calendar's is taken, or the system's."""
    offline: bool = False

    @property
    def zone(self) -> str:
        """My zone as far as it is known before a calendar is read."""
        return self.home or system_zone()

    def open(self, specs: Sequence[str], window: Interval) -> Calendars:
        """Return the sources opened; of servers only what lies in the window is asked for.

        One that cannot be opened is noted, and hides no other.
        """
        configured = {_place(entry.source): entry for entry in self.settings.calendars}
        documents: list[Document] = []
        failed: list[SourceInfo] = []
        problems: list[Problem] = []
        entries: dict[str, CalendarEntry] = {}
        with showing_progress() as tell:
            for name, spec in _named(specs, configured):
                entry = configured.get(_place(spec))
                tell(name)
                try:
                    opened = open_source(
                        spec,
                        limits=self.settings.bounds,
                        stdin=sys.stdin.buffer if spec == "-" else None,
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
        with showing_progress() as tell:
            agenda = read_agenda(
                _told(self.documents, tell),
                window,
                zone=self.run.home,
                system_zone=system_zone(),
                me=frozenset(self.run.settings.me),
                policies=self.policies,
                limits=self.run.settings.bounds,
            )
        doubt = zones.doubt_about_system_zone(os.environ)
        if doubt and not self.run.home and agenda.zone == system_zone():
            problem = Problem("TZ", ProblemCode.UNKNOWN_ZONE, doubt, lost=True)
            agenda = agenda._replace(problems=(*agenda.problems, problem))
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

    def explain(self, uid: str, read: Agenda) -> Explanation:
        """Return why the events with this UID are read as they are. Raises UsageError without any."""
        from lastresort.ics.explain import explain
        from lastresort.ics.problems import ProblemLog
        from lastresort.ics.reader import Request, gather

        settings = self.run.settings
        request = Request(
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


def start_run(source: SourceOptions, *more: NamedTuple) -> Run:
    """Return the run of the options given. Raises UsageError for a setting that is wrong."""
    settings = read_settings(source, *more)
    home = zones.find_zone(settings.tz, present(None, "UTC")) if settings.tz else None
    return Run(settings, present(source.now, home or system_zone()), home, source.offline)


def name_sources(source: SourceOptions, settings: Settings) -> tuple[str, ...]:
    """Return the sources named on the command line, else the configured ones. Raises UsageError for none."""
    specs = tuple(source.sources or (entry.source for entry in settings.calendars))
    if not specs:
        raise UsageError(
            "no calendar was named: give a .ics file, a folder or an address ('lastresort demo' needs none)"
        )
    return specs


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


def is_incomplete(agenda: Agenda) -> bool:
    """Tell whether something that may take time was not read, so that nothing can be promised (exit 5)."""
    return any(problem.lost for problem in agenda.problems) or any(source.error for source in agenda.sources)


def tell_losses(agenda: Agenda) -> None:
    """Say on standard error what was not read, a line each."""
    lost = [problem for problem in agenda.problems if problem.lost]
    for problem in lost[:LOSSES]:
        print(f"lastresort: {problem_line(problem)}", file=sys.stderr)
    if len(lost) > LOSSES:
        print(
            f"lastresort: {len(lost) - LOSSES} more that could not be read (agenda --problems)",
            file=sys.stderr,
        )


def _named(specs: Sequence[str], configured: Mapping[str, CalendarEntry]) -> Iterator[tuple[str, str]]:
    """Each source once, with its name: two feeds of one host are told apart by their order."""
    taken: dict[str, int] = {}
    for spec in dict.fromkeys(specs):
        entry = configured.get(_place(spec))
        name = (entry.name if entry else "") or label(spec)
        taken[name] = taken.get(name, 0) + 1
        yield (name if taken[name] == 1 else f"{name} ({taken[name]})"), spec


def _place(spec: str) -> str:
    """What tells that two ways of writing a source mean the same one."""
    return spec if spec == "-" or is_remote(spec) else os.path.realpath(spec)


def _told(documents: Sequence[Document], tell: Callable[[str], None]) -> Iterator[Document]:
    for document in documents:
        tell(document.name)
        yield document
