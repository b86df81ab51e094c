"""Every way that was considered to treat what clashes, for `check --explain`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lastresort.outputs import phrases, when
from lastresort.outputs.phrases import ACTIONS, title_of
from lastresort.outputs.terminal import QUIET, STRONG
from lastresort.planning.rearrange import explain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from lastresort.outputs.terminal import Screen
    from lastresort.planning.rearrange import Considered
    from lastresort.planning.report import Report

QUARTER = timedelta(minutes=15)
"""How far apart the starts are that are told as one stretch."""


def print_considered(screen: Screen, report: Report) -> None:
    """Print, for `--explain`, every way that was considered to treat a clashing event, and why it lost."""
    zone, now = report.agenda.zone, report.query.now
    every = (
        way
        for entry in report.interviews
        if entry.rearrangement
        for way in explain(entry.rearrangement, entry.interview)
    )
    # an event that two interviews meet is told once
    found = list({(way.occurrence.key, way.action, way.new): way for way in every}.values())
    for key, occurrence in {way.occurrence.key: way.occurrence for way in found}.items():
        screen.blank()
        at = when.span(occurrence.interval, zone, now)
        screen.line(("Considered for ", STRONG), f"{title_of(occurrence)}, {at}")
        ways = [way for way in found if way.occurrence.key == key]
        for alike in _alike(ways, zone):
            way = alike[0]
            if way.action is None or way.cost is None:
                screen.line((way.verdict, QUIET), indent=2)
                continue
            price = " + ".join(f"{term} {value:g}" for term, value in way.price)
            new = phrases.new_time(way, zone, now) if len(alike) == 1 else _starts(alike, zone, now)
            told = f"{ACTIONS[way.action].rstrip(':')}{f' → {new}' if new else ''}"
            screen.line(f"{told}: {price} = {way.cost:g}; ", (way.verdict, QUIET), indent=2)


def _alike(ways: Iterable[Considered], zone: str) -> list[list[Considered]]:
    """Return the ways in rows: those that differ by their hour on one day alone are told together."""
    rows: dict[tuple[object, ...], list[Considered]] = {}
    for way in ways:
        day = when.local(way.new.start, zone).date() if way.new else None
        rows.setdefault((way.action, day, way.price, way.verdict), []).append(way)
    return list(rows.values())


def _starts(ways: Iterable[Considered], zone: str, now: datetime) -> str:
    """Return `Thu 26 Nov at 09:00–10:15 or 15:00`: when it can begin, each quarter of an hour in a row."""
    starts = sorted(way.new.start for way in ways if way.new)
    runs: list[list[datetime]] = []
    for start in starts:
        if runs and start - runs[-1][-1] <= QUARTER:
            runs[-1].append(start)
        else:
            runs.append([start])
    told = [
        when.clock(run[0], zone) + (f"–{when.clock(run[-1], zone)}" if len(run) > 1 else "") for run in runs
    ]
    return f"{when.day(starts[0], zone, now)}, beginning at {' or '.join(told)}"
