"""The report as the JSON of the contract, version 1: instants with offset, minutes whole, unknown is null."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from lastresort.outputs.invocation import PLAIN_RUN, Invocation
from lastresort.outputs.reminders import reminder_line
from lastresort.outputs.steps import naming, tell_steps
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from lastresort.advice.rules import Rule
    from lastresort.interviews.detection import Interview
    from lastresort.messages.compose import Drafts, Message
    from lastresort.model import Agenda, Occurrence, Problem, SourceInfo
    from lastresort.outputs.reminders import Due
    from lastresort.planning.conflicts import Conflict
    from lastresort.planning.double_bookings import FoundPairs
    from lastresort.planning.rearrange import Considered, Move, Plan
    from lastresort.planning.report import Because, InterviewReport, PossibleInterview, Report
    from lastresort.planning.slots import Slot
    from lastresort.planning.weigh import Weighed
    from lastresort.times.readings import Understood

VERSION = 1
SUMMARY = 1000
"""Characters of a title, place or name that are kept."""
CLASHES = 500
"""Clashes of one interview that are listed, the certain ones first; `clashes_not_listed` counts the rest."""
CONSIDERED = 1000
"""Ways to treat clashing events that `--explain` lists."""
WINDOW = frozenset({"start", "end", "timezone", "my_start", "my_end", "my_timezone"})
"""What is told of a free stretch."""
PROBLEMS = 500
"""Problems that are listed; a last one counts the rest."""


def dump(document: Mapping[str, Any]) -> str:
    """Return the document as strict JSON in ASCII, one line end at the end."""
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def in_zone(instant: datetime, zone: str) -> str:
    """Return the instant in ISO 8601 with the zone's offset; UTC at the calendar's ends (years 1, 9999)."""
    try:
        return instant.astimezone(ZoneInfo(zone)).isoformat()
    except OverflowError:
        return instant.isoformat()


def report_document(
    report: Report,
    drafts: Mapping[int, Drafts],
    reminders: Iterable[Due] = (),
    *,
    explain: bool = False,
    run: Invocation = PLAIN_RUN,
) -> dict[str, Any]:
    """Return `check --json`; `drafts` by the interview's place; `explain` adds what was considered; `run` is
    repeated by the commands in the steps.
    """
    agenda = report.agenda
    return {
        "version": VERSION,
        "now": in_zone(report.query.now, agenda.zone),
        "window": _window(report.window.start, report.window.end, agenda.zone),
        "timezone": agenda.zone,
        "me": sorted(agenda.me),
        "me_guessed": agenda.me_guessed or None,
        "sources": [_source(source, agenda.zone) for source in agenda.sources],
        "problems": problems_document(agenda.problems),
        "sum": report.sum._asdict(),
        "interviews": [
            interview_document(
                entry, agenda.zone, drafts.get(place), report.query.now, naming(run, report, entry)
            )
            | _considered(entry, agenda.zone, explain)
            for place, entry in enumerate(report.interviews)
        ],
        "possible_interviews": [possible_document(entry, agenda.zone) for entry in report.possible],
        "reminders": [_reminder(reminder, agenda.zone, report.query.now) for reminder in reminders],
    }


def _considered(entry: InterviewReport, zone: str, wanted: bool) -> dict[str, Any]:
    """Return what the search looked at for the clashing events, at most `CONSIDERED` ways, where wanted."""
    if not wanted:
        return {}
    from lastresort.planning.rearrange import explain

    found = explain(entry.rearrangement, entry.interview) if entry.rearrangement else ()
    rows = [
        {
            **_event(way.occurrence, zone),
            "nature": way.kind.nature.value,
            "event_kind": way.kind.kind,
            "action": way.action.value if way.action else None,
            "who": way.who.value if way.who else None,
            "new_start": in_zone(way.new.start, zone) if way.new else None,
            "new_end": in_zone(way.new.end, zone) if way.new else None,
            "minutes_missed": way.minutes_missed,
            "attended": _attended(way, zone),
            "cost": way.cost,
            "price": [{"term": term, "points": points} for term, points in way.price],
            "verdict": way.verdict,
        }
        for way in found[:CONSIDERED]
    ]
    return {"considered": rows, "considered_not_listed": len(found) - len(rows)}


def _reminder(due: Due, zone: str, now: datetime) -> dict[str, Any]:
    step = due.step
    return {
        "kind": step.kind.value,
        "rule": step.rule,
        "text": reminder_line(due, zone, now),
        "summary": one_line(due.title, SUMMARY),
        "start": in_zone(due.original, zone),
        "asked": in_zone(step.asked, zone) if step.asked else None,
        "nudged": in_zone(step.nudged, zone) if step.nudged else None,
        "settled": in_zone(step.agreed, zone) if step.agreed else None,
    }


def interview_document(
    entry: InterviewReport, zone: str, drafts: Drafts | None, now: datetime, run: Invocation = PLAIN_RUN
) -> dict[str, Any]:
    """Return one entry of `interviews`."""
    return {
        **read_document(entry.interview, zone),
        "notice_minutes": entry.notice_minutes,
        "verdict": entry.verdict,
        "ask_cost": entry.ask_cost,
        "request": one_line(entry.request, SUMMARY) if entry.request else None,
        "because_verdict": [_because(because, zone) for because in entry.because],
        "clashes": [_conflict(conflict, zone) for conflict in _listed(entry.conflicts)],
        "clashes_not_listed": max(len(entry.conflicts) - CLASHES, 0) + entry.clashes_left_out,
        "plan": _plan(entry.plan, zone) if entry.plan else None,
        "other_plans": [_plan(plan, zone) for plan in entry.other_plans],
        "slots": [slot_document(slot) for slot in entry.slots],
        "advice": _advice(entry, zone, now, run),
        "message": drafts._asdict() if drafts else None,
    }


def possible_document(entry: PossibleInterview, zone: str) -> dict[str, Any]:
    """Return one entry of `possible_interviews`: what was read, and what clashes with it."""
    return {
        **read_document(entry.interview, zone),
        "clashes": [_conflict(conflict, zone) for conflict in _listed(entry.conflicts)],
        "clashes_not_listed": max(len(entry.conflicts) - CLASHES, 0) + entry.clashes_left_out,
    }


def _because(because: Because, zone: str) -> dict[str, Any]:
    occurrence = because.occurrence
    known = _event(occurrence, zone) if occurrence else {}
    return {
        "rule": because.rule,
        "text": because.text,
        "uid": known.get("uid"),
        "recurrence_id": known.get("recurrence_id"),
        "nature": because.nature.value if because.nature else None,
    }


def agenda_document(agenda: Agenda, utc: bool) -> dict[str, Any]:
    """Return `agenda --json`, in UTC or in the owner's zone."""
    zone = "UTC" if utc else agenda.zone
    return {
        "version": VERSION,
        "window": _window(agenda.window.start, agenda.window.end, zone),
        "timezone": agenda.zone,
        "occurrences": [_occurrence(occurrence, zone) for occurrence in agenda.occurrences],
        "sources": [_source(source, zone) for source in agenda.sources],
        "problems": problems_document(agenda.problems),
    }


def _occurrence(occurrence: Occurrence, zone: str) -> dict[str, Any]:
    return {
        **_event(occurrence, zone),
        "all_day": occurrence.all_day,
        "busy": occurrence.busy.value,
        "reason": occurrence.reason.value,
    }


def conflicts_document(agenda: Agenda, now: datetime, found: FoundPairs) -> dict[str, Any]:
    """Return `conflicts --json`: pairs of occurrences as `agenda` lists them, in the owner's zone."""
    zone = agenda.zone
    return {
        "version": VERSION,
        "now": in_zone(now, zone),
        "window": _window(agenda.window.start, agenda.window.end, zone),
        "timezone": zone,
        "conflicts": [
            {
                "first": _occurrence(pair.first, zone),
                "second": _occurrence(pair.second, zone),
                "overlap_minutes": pair.overlap_minutes,
                "busy": pair.busy.value,
            }
            for pair in found.pairs
        ],
        "conflicts_not_listed": found.not_listed,
        "sources": [_source(source, zone) for source in agenda.sources],
        "problems": problems_document(agenda.problems),
    }


def problems_document(problems: tuple[Problem, ...]) -> list[dict[str, Any]]:
    """Return the `problems` list, bounded: what goes beyond is counted in a last entry."""
    rows: list[dict[str, Any]] = [
        {
            "source": one_line(p.source, SUMMARY),
            "line": p.line,
            "uid": one_line(p.uid, SUMMARY) if p.uid is not None else None,
            "code": p.code,
            "message": one_line(p.message, SUMMARY),
        }
        for p in problems[:PROBLEMS]
    ]
    rest = len(problems) - len(rows)
    if rest > 0:
        text = f"{rest} further problems are not listed"
        rows.append(
            {
                "source": rows[-1]["source"],
                "line": None,
                "uid": None,
                "code": "more-problems",
                "message": text,
            }
        )
    return rows


def slot_document(slot: Slot) -> dict[str, Any]:
    """Return one entry of `slots`, in the interviewer's zone and in mine."""
    start, end = slot.interval
    document: dict[str, Any] = {
        "start": in_zone(start, slot.zone),
        "end": in_zone(end, slot.zone),
        "timezone": slot.zone,
        "my_start": in_zone(start, slot.my_zone),
        "my_end": in_zone(end, slot.my_zone),
        "my_timezone": slot.my_zone,
        "rank": slot.rank,
        "because": list(slot.because),
    }
    if slot.needs:
        document["moves"] = [_move(move, slot.my_zone) for move in slot.needs]
    return document


def propose_document(
    now: datetime,
    zone: str,
    *,
    interview: dict[str, Any] | None,
    slots: tuple[Slot, ...],
    drafts: Drafts | None,
    windows: tuple[Slot, ...] | None = None,
) -> dict[str, Any]:
    """Return `propose --json`; the windows where they were asked for."""
    stretches = [{k: v for k, v in slot_document(w).items() if k in WINDOW} for w in windows or ()]
    return {
        "version": VERSION,
        "now": in_zone(now, zone),
        "interview": interview,
        "slots": [slot_document(slot) for slot in slots],
        **({"windows": stretches} if windows is not None else {}),
        "message": drafts._asdict() if drafts else None,
    }


def weigh_document(
    now: datetime,
    zone: str,
    *,
    their_zone: str,
    understood: Sequence[Understood],
    offers: Sequence[tuple[Understood, Weighed]],
    drafts: Drafts | None,
    problems: tuple[Problem, ...] = (),
) -> dict[str, Any]:
    """Return `weigh --json`: what was understood in its order, and the offers, cheapest first.

    `problems` tell what of their words was not read.
    """
    return {
        "version": VERSION,
        "now": in_zone(now, zone),
        "understood": [_understood(one) for one in understood],
        "offers": [_weighed(named, offer, zone, named.zone or their_zone) for named, offer in offers],
        "message": drafts._asdict() if drafts else None,
        "problems": problems_document(problems),
    }


def _understood(one: Understood) -> dict[str, Any]:
    """One time as it was named, on the clock of their words."""
    zone = one.zone or "UTC"
    return {
        "text": one.text,
        "kind": str(one.kind),
        "start": in_zone(one.interval.start, zone) if one.interval else None,
        "end": in_zone(one.interval.end, zone) if one.interval else None,
        "timezone": one.zone,
        "zone_source": str(one.zone_source) if one.zone_source else None,
        "readings": [
            {
                "start": in_zone(meaning.interval.start, meaning.zone),
                "end": in_zone(meaning.interval.end, meaning.zone),
                "timezone": meaning.zone,
            }
            for meaning in one.readings
        ],
        "note": one.note or None,
    }


def _weighed(named: Understood, offer: Weighed, zone: str, their_zone: str) -> dict[str, Any]:
    start, end = offer.interval
    return {
        "text": named.text,
        "start": in_zone(start, their_zone),
        "end": in_zone(end, their_zone),
        "my_start": in_zone(start, zone),
        "my_end": in_zone(end, zone),
        "timezone": their_zone,
        "cost": offer.cost,
        "people_asked": offer.people_asked,
        "plan": _plan(offer.plan, zone) if offer.plan else None,
        "because": list(offer.because),
    }


def rules_document(rules: Iterable[Rule]) -> dict[str, Any]:
    """Return `advice --json`."""
    return {
        "version": VERSION,
        "rules": [
            {
                "rule": rule.name,
                "text": rule.text,
                "why": rule.why,
                "when": rule.when,
                "changes": rule.changes,
            }
            for rule in rules
        ],
    }


def settings_document(file: str | None, rows: Iterable[tuple[str, str, object]]) -> dict[str, Any]:
    """Return `config --json`: every setting as text, and where it came from."""
    settings = [{"key": key, "value": value, "origin": str(origin)} for key, value, origin in rows]
    return {"version": VERSION, "file": file, "settings": settings}


def message_document(drafts: Sequence[tuple[Message, str]]) -> dict[str, Any]:
    """Return `message --json` of drafts, each with why it is in its language; those after the first are
    `others`.
    """
    first, *others = (_message(*draft) for draft in drafts)
    return {"version": VERSION, "message": first, **({"others": others} if others else {})}


def _message(message: Message, language_because: str) -> dict[str, Any]:
    """A draft in the fields of `check --json`; a script to speak stands in the field of its name as well."""
    spoken = {"phone": None, "voicemail": None, "follow_up": None}
    field = message.kind.replace("-", "_")
    return {
        **message._asdict(),
        **spoken,
        **({field: message.body} if field in spoken else {}),
        "language_because": language_because,
    }


def _window(start: datetime, end: datetime, zone: str) -> dict[str, str]:
    return {"start": in_zone(start, zone), "end": in_zone(end, zone)}


def _source(source: SourceInfo, zone: str) -> dict[str, Any]:
    return {
        "name": one_line(source.name, SUMMARY),
        "events": source.events,
        "occurrences": source.occurrences,
        "error": source.error,
        "ends": in_zone(source.ends, zone) if source.ends else None,
    }


def _event(occurrence: Occurrence, zone: str) -> dict[str, Any]:
    event, (start, end) = occurrence.event, occurrence.interval
    return {
        "uid": one_line(event.uid, SUMMARY) if event.uid is not None else None,
        "recurrence_id": in_zone(occurrence.recurrence_id, zone) if occurrence.recurrence_id else None,
        "source": one_line(event.source, SUMMARY),
        "summary": one_line(event.summary, SUMMARY),
        "start": in_zone(start, zone),
        "end": in_zone(end, zone),
    }


def read_document(interview: Interview, zone: str) -> dict[str, Any]:
    """Return what was read from an interview, and why it is one: the part that no plan changes."""
    who, booking = interview.interviewer, interview.booking
    start, end = interview.occurrence.interval
    return {
        **_event(interview.occurrence, zone),
        "role": _text(interview.role),
        "company": _text(interview.company),
        "timezone": zone,
        "location": _text(interview.location or None),
        "mode": interview.mode.value,
        "because": list(interview.because),
        "certainty": interview.certainty.value,
        "process": _text(interview.process or None),
        "round": interview.round,
        "language": interview.language,
        "interviewer": {
            **_person(who.name, who.address),
            "phone": _text(who.phone),
            "timezone": who.zone,
            "timezone_source": who.zone_source,
            "timezone_assumed": who.zone_assumed,
            "country": who.country,
            "also": [_person(person.name or None, person.address) for person in who.also],
        },
        "agency": _person(interview.agency.name or None, interview.agency.address)
        if interview.agency
        else None,
        "booking_url": _text(booking.url) if booking else None,
        "booking_deadline": in_zone(booking.deadline, who.zone) if booking and booking.deadline else None,
        "start_interviewer": in_zone(start, who.zone),
        "end_interviewer": in_zone(end, who.zone),
        **({"options": [_event(one, zone) for one in interview.options]} if interview.options else {}),
    }


def _person(name: str | None, address: str | None) -> dict[str, str | None]:
    return {"name": _text(name), "email": _text(address)}


def _text(text: str | None) -> str | None:
    return one_line(text, SUMMARY) if text is not None else None


def _conflict(conflict: Conflict, zone: str) -> dict[str, Any]:
    return {
        **_event(conflict.occurrence, zone),
        "busy": conflict.busy.value,
        "reason": conflict.reason.value,
        "overlap_minutes": conflict.overlap_minutes,
        "kind": conflict.kind.value,
        "nature": conflict.what.nature.value,
        "event_kind": conflict.what.kind,
    }


def _listed(conflicts: tuple[Conflict, ...]) -> tuple[Conflict, ...]:
    """A flood is cut off, and nothing certain is hidden by what is only to be checked."""
    if len(conflicts) <= CLASHES:
        return conflicts
    certain = [c for c in conflicts if c.hard]
    doubtful = [c for c in conflicts if not c.hard]
    kept = set([*certain, *doubtful][:CLASHES])
    return tuple(conflict for conflict in conflicts if conflict in kept)


def _plan(plan: Plan, zone: str) -> dict[str, Any]:
    return {
        "cost": plan.cost,
        "soft_points": plan.soft_points,
        "people_asked": plan.people_asked,
        "optimal": plan.optimal,
        "moves": [_move(move, zone) for move in plan.moves],
    }


def _move(move: Move, zone: str) -> dict[str, Any]:
    return {
        **_event(move.occurrence, zone),
        "nature": move.nature.value,
        "action": move.action.value,
        "who": move.who.value,
        "new_start": in_zone(move.new.start, zone) if move.new else None,
        "new_end": in_zone(move.new.end, zone) if move.new else None,
        "minutes_missed": move.minutes_missed,
        "attended": _attended(move, zone),
        "cost": move.cost,
        "because": list(move.because),
    }


def _attended(change: Move | Considered, zone: str) -> list[dict[str, str]] | None:
    """Return when I am there, of an event that I step out of."""
    return [
        {"start": in_zone(part.start, zone), "end": in_zone(part.end, zone)} for part in change.attended
    ] or None


def _advice(entry: InterviewReport, zone: str, now: datetime, run: Invocation) -> dict[str, Any]:
    advice, told = entry.advice, tell_steps(entry, zone, now, run)
    return {
        "channel": advice.channel,
        "rules": list(advice.rules),
        "steps": [f"{step.text} ({step.command})" if step.command else step.text for step in told],
        "next": advice.next.kind.value if advice.next else None,
        "remarks": list(advice.remarks),
    }
