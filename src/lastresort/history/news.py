"""What is new since the last run. Pure: the present moment and both states are given."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from lastresort.history.records import TITLE, Memory, ToldClash, identify
from lastresort.interviews.detection import Interview
from lastresort.model import Interval, Problem
from lastresort.planning.conflicts import Conflict
from lastresort.planning.report import Report

ESCALATIONS = (timedelta(hours=48), timedelta(hours=24))
"""How long before an interview an open clash is told again."""


class Seen(NamedTuple):
    """What a run has looked at: sources read without a gap, and interviews that start before `until`."""

    sources: frozenset[str]
    until: datetime


class ClashChange(NamedTuple):
    """A clash that is not what was told: its times, its level or what is to be done."""

    before: ToldClash
    now: ToldClash


class News(NamedTuple):
    """What earlier runs have not told; `problems` too are without those that were told before."""

    new: tuple[ToldClash, ...] = ()
    changed: tuple[ClashChange, ...] = ()
    gone: tuple[ToldClash, ...] = ()
    escalated: tuple[ToldClash, ...] = ()
    """Told before and still open, with the interview now closer than 48 or 24 hours."""
    problems: tuple[Problem, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return any(self)

    @property
    def interviews(self) -> frozenset[str]:
        """Identities of the interviews whose certain clashes are news: those that the exit code speaks of."""
        open_now = (*self.new, *(change.now for change in self.changed), *self.escalated)
        return frozenset(clash.interview for clash in open_now if clash.busy == "clash")


def diff(previous: Memory, current: Sequence[ToldClash], seen: Seen, now: datetime) -> News:
    """Return what is to be told: each clash when it is new, changes, gets close, and goes.

    A clash has gone only when both calendars were read and its interview lies ahead, within the window.
    """
    present = {clash.pair: _urgent(clash, now) for clash in current}.values()
    told = _told_before(previous, present)
    known = [(told[clash.pair], clash) for clash in present if clash.pair in told]
    return News(
        new=tuple(clash for clash in present if clash.pair not in told),
        changed=tuple(
            ClashChange(before=old, now=clash) for old, clash in known if _facts(old) != _facts(clash)
        ),
        gone=tuple(old for old in _missing(previous, told) if _has_gone(old, seen, now)),
        escalated=tuple(
            clash
            for old, clash in known
            if _facts(old) == _facts(clash) and clash.busy == "clash" and clash.urgency > old.urgency
        ),
    )


def without_waiting(news: News, others: Collection[str]) -> News:
    """Return the news without the clashes with events about which somebody was asked, by their identities."""
    return news._replace(
        new=tuple(clash for clash in news.new if clash.other not in others),
        changed=tuple(change for change in news.changed if change.now.other not in others),
        escalated=tuple(clash for clash in news.escalated if clash.other not in others),
    )


def remember(previous: Memory, current: Sequence[ToldClash], seen: Seen, now: datetime) -> Memory:
    """Return the memory once the news is told: what is open, and what this run could not look at."""
    told = _told_before(previous, current)
    present = {clash.pair: _settled(told.get(clash.pair), _urgent(clash, now)) for clash in current}
    unseen = [
        old for old in _missing(previous, told) if old.interview_end > now and not _has_gone(old, seen, now)
    ]
    clashes = sorted(
        [*present.values(), *unseen],
        key=lambda clash: (clash.interview_start, clash.other_start, clash.pair),
    )
    return previous._replace(clashes=tuple(clashes))


def _told_before(previous: Memory, current: Iterable[ToldClash]) -> dict[tuple[str, str], ToldClash]:
    """Return what was told of each present clash, by its pair: the same events, else the same in looks."""
    by_pair = {clash.pair: clash for clash in previous.clashes}
    by_look = {clash.look: clash for clash in previous.clashes}
    found = {clash.pair: by_pair.get(clash.pair) or by_look.get(clash.look) for clash in current}
    return {pair: old for pair, old in found.items() if old is not None}


def _missing(previous: Memory, told: Mapping[tuple[str, str], ToldClash]) -> list[ToldClash]:
    """Return the clashes told before that none of the present ones is."""
    known = {old.pair for old in told.values()}
    return [old for old in previous.clashes if old.pair not in known]


def with_problems(news: News, previous: Memory, problems: Iterable[Problem]) -> tuple[News, frozenset[str]]:
    """Return the news with the losses that were not told before, and the names of all there are now."""
    lost = {f"{problem.source}\0{problem.code}": problem for problem in problems if problem.lost}
    untold = tuple(problem for name, problem in lost.items() if name not in previous.problems)
    return news._replace(problems=untold), frozenset(lost)


def find_clashes(report: Report) -> tuple[ToldClash, ...]:
    """Return the clashes of a report as they are remembered."""
    return tuple(
        _clash(entry.interview, conflict, entry.verdict)
        for entry in report.interviews
        for conflict in entry.conflicts
    ) + tuple(
        _clash(entry.interview, conflict, "clear")._replace(busy="check", possible=True)
        for entry in report.possible
        for conflict in entry.conflicts
    )


def what_was_seen(report: Report) -> Seen:
    """Return what a report rests on: a source with an error or a loss cannot show that a clash has gone."""
    torn = {problem.source for problem in report.agenda.problems if problem.lost}
    whole = {info.name for info in report.agenda.sources if not info.error} - torn
    return Seen(frozenset(whole), report.window.end)


def identify_interview(interview: Interview) -> str:
    """Return the identity under which an interview is remembered."""
    return identify(interview.occurrence.key, interview.occurrence.interval.start)


def is_about(clash: ToldClash, interview: Interview) -> bool:
    """Tell whether a remembered clash is one of this interview, whatever UID that has now."""
    if clash.interview == identify_interview(interview):
        return True
    occurrence = interview.occurrence
    times = Interval(clash.interview_start, clash.interview_end)
    return clash.interview_title == occurrence.event.summary[:TITLE] and times == occurrence.interval


def _clash(interview: Interview, conflict: Conflict, verdict: str) -> ToldClash:
    event, other = interview.occurrence, conflict.occurrence
    return ToldClash(
        interview=identify_interview(interview),
        other=identify(other.key, other.interval.start),
        interview_start=event.interval.start,
        interview_end=event.interval.end,
        other_start=other.interval.start,
        other_end=other.interval.end,
        busy="clash" if conflict.kind == "interview" else str(other.busy),
        verdict=verdict,
        interview_title=event.event.summary[:TITLE],
        other_title=other.event.summary[:TITLE],
        sources=(event.event.source, other.event.source),
    )


def _facts(clash: ToldClash) -> tuple[object, ...]:
    """Return what a person would call a change; titles may be corrected without being news."""
    times = (clash.interview_start, clash.interview_end, clash.other_start, clash.other_end)
    return (*times, clash.busy, clash.verdict)


def _urgent(clash: ToldClash, now: datetime) -> ToldClash:
    return clash._replace(urgency=sum(clash.interview_start - now <= step for step in ESCALATIONS))


def _settled(old: ToldClash | None, clash: ToldClash) -> ToldClash:
    """Return a clash as urgent as it was told before, even after a run that asks about an earlier moment."""
    same = old is not None and old.interview_start == clash.interview_start
    return clash._replace(urgency=max(old.urgency, clash.urgency)) if old and same else clash


def _has_gone(old: ToldClash, seen: Seen, now: datetime) -> bool:
    return set(old.sources) <= seen.sources and now < old.interview_start < seen.until
