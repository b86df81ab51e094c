"""What is new since the last run. Pure: the present moment and both states are given."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from lastresort.history.records import TITLE, Clash, Memory, identify

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from lastresort.interviews.detection import Interview
    from lastresort.model import Problem
    from lastresort.planning.check import Report
    from lastresort.planning.conflicts import Conflict

ESCALATIONS = (timedelta(hours=48), timedelta(hours=24))
"""How long before an interview an open clash is told again."""


class Seen(NamedTuple):
    """What a run has looked at: sources read without a gap, and interviews that start before `until`."""

    sources: frozenset[str]
    until: datetime


class Change(NamedTuple):
    """A clash that is not what was told: its times, its level or what is to be done."""

    before: Clash
    now: Clash


class News(NamedTuple):
    """What earlier runs have not told; `problems` too are without those that were told before."""

    new: tuple[Clash, ...] = ()
    changed: tuple[Change, ...] = ()
    gone: tuple[Clash, ...] = ()
    escalated: tuple[Clash, ...] = ()
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


def diff(previous: Memory, current: Sequence[Clash], seen: Seen, now: datetime) -> News:
    """Return what is to be told: each clash when it is new, changes, gets close, and goes.

    A clash has gone only when both calendars were read and its interview lies ahead, within the window.
    """
    before = {clash.pair: clash for clash in previous.clashes}
    present = {clash.pair: _urgent(clash, now) for clash in current}
    known = [(before[pair], clash) for pair, clash in present.items() if pair in before]
    changed = [Change(old, clash) for old, clash in known if _facts(old) != _facts(clash)]
    return News(
        tuple(clash for pair, clash in present.items() if pair not in before),
        tuple(changed),
        tuple(old for pair, old in before.items() if pair not in present and _has_gone(old, seen, now)),
        tuple(clash for old, clash in known if _facts(old) == _facts(clash) and _escalates(old, clash)),
    )


def remember(previous: Memory, current: Sequence[Clash], seen: Seen, now: datetime) -> Memory:
    """Return the memory once the news is told: what is open, and what this run could not look at."""
    before = {clash.pair: clash for clash in previous.clashes}
    present = {clash.pair: _settled(before.get(clash.pair), _urgent(clash, now)) for clash in current}
    unseen = [
        old
        for pair, old in before.items()
        if pair not in present and old.interview_end > now and not _has_gone(old, seen, now)
    ]
    return previous._replace(clashes=tuple(sorted([*present.values(), *unseen], key=_order)))


def with_problems(news: News, previous: Memory, problems: Iterable[Problem]) -> tuple[News, frozenset[str]]:
    """Return the news with the losses that were not told before, and the names of all there are now."""
    lost = {f"{problem.source}\0{problem.code}": problem for problem in problems if problem.lost}
    untold = tuple(problem for name, problem in lost.items() if name not in previous.problems)
    return news._replace(problems=untold), frozenset(lost)


def find_clashes(report: Report) -> tuple[Clash, ...]:
    """Return the clashes of a report as they are remembered."""
    return tuple(
        _clash(entry.interview, conflict, entry.verdict)
        for entry in report.interviews
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


def _clash(interview: Interview, conflict: Conflict, verdict: str) -> Clash:
    event, other = interview.occurrence, conflict.occurrence
    return Clash(
        identify_interview(interview),
        identify(other.key, other.interval.start),
        event.interval.start,
        event.interval.end,
        other.interval.start,
        other.interval.end,
        "clash" if conflict.kind == "interview" else str(other.busy),
        verdict,
        event.event.summary[:TITLE],
        other.event.summary[:TITLE],
        (event.event.source, other.event.source),
    )


def _facts(clash: Clash) -> tuple[object, ...]:
    """What a person would call a change; titles may be corrected without being news."""
    times = (clash.interview_start, clash.interview_end, clash.other_start, clash.other_end)
    return (*times, clash.busy, clash.verdict)


def _urgent(clash: Clash, now: datetime) -> Clash:
    return clash._replace(urgency=sum(clash.interview_start - now <= step for step in ESCALATIONS))


def _escalates(old: Clash, clash: Clash) -> bool:
    return clash.busy == "clash" and clash.urgency > old.urgency


def _settled(old: Clash | None, clash: Clash) -> Clash:
    """What was told as urgent stays so, even after a run that asks about an earlier moment."""
    same = old is not None and old.interview_start == clash.interview_start
    return clash._replace(urgency=max(old.urgency, clash.urgency)) if old and same else clash


def _has_gone(old: Clash, seen: Seen, now: datetime) -> bool:
    return set(old.sources) <= seen.sources and now < old.interview_start < seen.until


def _order(clash: Clash) -> tuple[object, ...]:
    return clash.interview_start, clash.other_start, clash.pair
