"""How busy each happening keeps the owner of its calendar, and which of several copies of it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics.busy import DEFAULT_POLICY, CalendarPolicy, Verdict, judge_busy
from lastresort.model import Busy, BusyReason, Event, Interval, Occurrence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lastresort.ics.event import Vevent
    from lastresort.ics.instances import Happening
    from lastresort.ics.problems import EventPlace


class Owner(NamedTuple):
    """The addresses a source's owner goes by, and how they were guessed; no words when they were given."""

    addresses: frozenset[str]
    because: str = ""


class Judge:
    """Says how busy events keep the owners of their calendars. `policies` and `owners` go by source."""

    def __init__(self, policies: Mapping[str, CalendarPolicy], owners: Mapping[str, Owner]) -> None:
        self.owners = owners
        self._policies = policies
        self._verdicts: dict[EventPlace, Verdict] = {}

    def owner(self, event: Vevent) -> frozenset[str]:
        """Return the addresses of the owner of the event's calendar."""
        return self.owners[event.place.source].addresses

    def content(self, event: Vevent) -> Event:
        """Return what the event says.

        An exception that names the owner as organiser where its series names somebody else is wrong.
        """
        owner, said, right = self.owner(event), event.content.organizer, event.series_organizer
        if said and right and said.address in owner and right.address not in owner:
            return event.content._replace(organizer=right)
        return event.content

    def verdict(self, event: Vevent) -> Verdict:
        """Return how busy the event keeps its calendar's owner."""
        known = self._verdicts.get(event.where)
        if known is None:
            policy = self._policies.get(event.place.source, DEFAULT_POLICY)
            known = judge_busy(
                self.content(event), event.properties, event.start.is_date, self.owner(event), policy
            )
            self._verdicts[event.where] = known
        return known


def place_occurrences(
    happenings: Iterable[Happening], window: Interval, judge: Judge
) -> Iterator[Occurrence]:
    """Yield the occurrences inside the window; of copies in several calendars all but one are duplicates."""
    for happening in happenings:
        event, *copies = _by_weight(happening, judge)
        occurrence = _occurrence(event, happening, judge)
        if not _inside(occurrence, window):
            continue
        yield occurrence
        for copy in copies:
            yield _occurrence(copy, happening, judge)._replace(busy=Busy.IGNORE, reason=BusyReason.DUPLICATE)


def _by_weight(happening: Happening, judge: Judge) -> list[Vevent]:
    """Return an event and its copies in other calendars, first the one that counts.

    The busiest counts, unless the same owner has declined: one owner's decline never drops another's event.
    """
    if not happening.copies:
        return [happening.event]
    candidates = sorted((happening.event, *happening.copies), key=lambda event: event.rank, reverse=True)
    if _called_off(candidates, judge):
        return candidates
    declined: set[str] = set()
    weights: list[tuple[int, Vevent]] = []
    for event in sorted(candidates, key=lambda event: judge.verdict(event)[1] is BusyReason.UNANSWERED):
        busy, reason = judge.verdict(event)
        if reason is BusyReason.DECLINED:
            declined |= judge.owner(event)
        weight = 0 if judge.owner(event) & declined and reason is not BusyReason.DECLINED else _WEIGHT[busy]
        weights.append((weight, event))
    heaviest = max(weight for weight, _ in weights)
    if heaviest == 0:
        chosen = next(
            (event for _, event in weights if judge.verdict(event)[1] is BusyReason.DECLINED), weights[0][1]
        )
    else:
        chosen = next(event for weight, event in weights if weight == heaviest)
    return [chosen, *(event for _, event in weights if event is not chosen)]


def _called_off(candidates: Sequence[Vevent], judge: Judge) -> bool:
    """Tell whether the latest word on an event is that it does not take place, in any calendar."""
    latest = [event for event in candidates if event.rank == candidates[0].rank]
    return all(judge.verdict(event)[1] is BusyReason.CANCELLED for event in latest)


_WEIGHT = {Busy.CLASH: 2, Busy.CHECK: 1, Busy.IGNORE: 0}


def _occurrence(event: Vevent, happening: Happening, judge: Judge) -> Occurrence:
    instance = happening.instance
    content = judge.content(event)
    busy, reason = judge.verdict(event)
    if happening.cancelled:
        busy, reason = Busy.IGNORE, BusyReason.CANCELLED
    elif instance.start == instance.end and busy is not Busy.IGNORE:
        busy, reason = Busy.IGNORE, BusyReason.FREE  # takes no time
    return Occurrence(
        content,
        Interval(instance.start, instance.end),
        busy,
        reason,
        instance.recurrence_id if content.recurring else None,
        event.start.is_date,
    )


def _inside(occurrence: Occurrence, window: Interval) -> bool:
    start, end = occurrence.blocked
    return start < window.end and (end > window.start or start == end == window.start)


def guess_in_words(owners: Mapping[str, Owner]) -> str:
    """Return how owners were guessed; empty when they were given."""
    reasons = dict.fromkeys(owner.because for owner in owners.values() if owner.because)
    return "; ".join(reasons)
