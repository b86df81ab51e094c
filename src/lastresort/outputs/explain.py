"""Why an event is read as it is, on a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lastresort.outputs import phrases, when
from lastresort.outputs.json import agenda_document
from lastresort.outputs.phrases import problem_line
from lastresort.outputs.terminal import GOOD, QUIET, STRONG
from lastresort.text import LINE, one_line

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.ics.explain import Explained, Explanation, Repetition
    from lastresort.model import Agenda
    from lastresort.outputs.terminal import Screen

MOST = 100
"""Events and occurrences that are listed; the rest is counted."""


def print_explanation(screen: Screen, found: Explanation, read: Agenda, now: datetime) -> None:
    """Print every event of the UID, then when they take place."""
    for event in found.events[:MOST]:
        _print_event(screen, event)
    if len(found.events) > MOST:
        screen.line((f"and {len(found.events) - MOST} more events with this UID", QUIET))
    screen.line(f"In the window: {phrases.count(len(found.occurrences), 'occurrence')}")
    shown = found.occurrences[:MOST]
    times = (when.span(one.interval, read.zone, now, all_day=one.all_day) for one in shown)
    rows = [(time, f"{one.busy.value}, {one.reason.value}") for time, one in zip(times, shown, strict=True)]
    if rows:
        screen.rows(rows, indent=2)
    if len(found.occurrences) > MOST:
        screen.line((f"and {len(found.occurrences) - MOST} more", QUIET), indent=2)
    if found.problems:
        screen.line("To know:")
    for problem in found.problems:
        screen.line(problem_line(problem), indent=2)


def _print_event(screen: Screen, event: Explained) -> None:
    place = one_line(event.document) + (f":{event.line}" if event.line else "")
    screen.line((place, STRONG), f"  {one_line(event.summary)}")
    standing = ("counts", GOOD) if event.counts else ("does not count", QUIET)
    screen.rows([((name, QUIET), text) for name, text in _facts(event, standing[0])], indent=2)


def _facts(event: Explained, standing: str) -> list[tuple[str, str]]:
    stamp = f"{event.stamp:%Y-%m-%dT%H:%M:%SZ}" if event.stamp else "missing"
    facts = [(standing, event.because), ("revision", f"SEQUENCE {event.sequence}, DTSTAMP {stamp}")]
    if event.instance:
        facts.append(("instance", one_line(event.instance)))
    if event.start:
        facts.append(("start", one_line(event.start.text)))
        facts.append(("zone", one_line(f"{event.start.zone or 'a private one'}: {event.start.because}")))
    if event.busy:
        level, reason, because = event.busy
        facts.append(("busy", one_line(f"{level.value}, {reason.value}: {because}")))
    if event.repetition:
        facts += [("repeats", one_line(rule)) for rule in event.repetition.rules]
        facts.append(("gives", _gives(event.repetition)))
    return facts


def _gives(repetition: Repetition) -> str:
    counts = (
        ("in the window", repetition.instances),
        ("added by RDATE", repetition.extra),
        ("taken out by EXDATE", repetition.excluded),
        ("changed one by one", repetition.changed),
    )
    said = ", ".join(f"{count} {words}" for words, count in counts if count or words == "in the window")
    return said + (", cut off: the rule takes too long" if repetition.capped else "")


def explanation_document(found: Explanation, read: Agenda, uid: str) -> dict[str, Any]:
    """Return `agenda --explain --json`: the agenda's own document for this UID, and its events."""
    some = read._replace(occurrences=found.occurrences[:MOST], problems=found.problems)
    return {
        **agenda_document(some, utc=False),
        "uid": one_line(uid, LINE),
        "events": [_event(event) for event in found.events[:MOST]],
        "events_not_listed": max(len(found.events) - MOST, 0),
        "occurrences_not_listed": max(len(found.occurrences) - MOST, 0),
    }


def _event(event: Explained) -> dict[str, Any]:
    return {
        "source": one_line(event.source),
        "document": one_line(event.document),
        "line": event.line,
        "summary": one_line(event.summary),
        "sequence": event.sequence,
        "dtstamp": event.stamp.isoformat() if event.stamp else None,
        "recurrence_id": one_line(event.instance) or None,
        "counts": event.counts,
        "because": event.because,
        "start": event.start
        and {
            "written": one_line(event.start.text),
            "timezone": event.start.zone,
            "because": one_line(event.start.because),
        },
        "busy": event.busy
        and {
            "level": event.busy.busy.value,
            "reason": event.busy.reason.value,
            "because": event.busy.because,
        },
        "repetition": event.repetition and _repetition(event.repetition),
    }


def _repetition(found: Repetition) -> dict[str, Any]:
    return {
        "rules": [one_line(rule) for rule in found.rules],
        "rdates": found.extra,
        "exdates": found.excluded,
        "overrides": found.changed,
        "instances": found.instances,
        "capped": found.capped,
    }
