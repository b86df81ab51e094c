"""The property or policy behind a busy level, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.ics.busy import BUSYSTATUS, DEFAULT_POLICY, CalendarPolicy, birthday_word, busy_status
from lastresort.ics.values import first_text
from lastresort.model import BusyReason, Event

if TYPE_CHECKING:
    from lastresort.ics.lines import Component

_POLICIES = {
    BusyReason.TENTATIVE: "tentative",
    BusyReason.UNANSWERED: "unanswered",
    BusyReason.ALL_DAY: "all_day",
}


def busy_because(
    reason: BusyReason, event: Event, properties: Component, policy: CalendarPolicy, owner: frozenset[str]
) -> str:
    """Return what decided that an event has this reason: properties as they stand, then the policy."""
    words = _words(reason, event, properties, owner)
    field = _POLICIES.get(reason, "timed_free")
    level = getattr(policy, field)
    if level == getattr(DEFAULT_POLICY, field):
        return words
    return f"{words}; the calendar's policy {field.replace('_', '-')} says {level}"


def _words(reason: BusyReason, event: Event, properties: Component, owner: frozenset[str]) -> str:
    if reason is BusyReason.CANCELLED:
        return "STATUS:CANCELLED" if event.status == "CANCELLED" else "METHOD:CANCEL"
    if reason is BusyReason.BIRTHDAY:
        return f"an all-day event whose {birthday_word(event)} names a birthday or an anniversary"
    if reason is BusyReason.ALL_DAY:
        return "a date without a time"
    if reason in (BusyReason.DECLINED, BusyReason.UNANSWERED):
        return f"your ATTENDEE line: PARTSTAT={_answers(event, owner)}"
    return _status(properties) or _own_words(event, owner) or "nothing says that the time is free"


def _status(properties: Component) -> str:
    """Return the property that gives the time its status; empty where none does."""
    for name in BUSYSTATUS:
        if (status := first_text(properties.get(name))) and status == busy_status(properties):
            return f"{name}:{status}"
    if first_text(properties.get("TRANSP")) == "TRANSPARENT":
        return "TRANSP:TRANSPARENT"
    return ""


def _own_words(event: Event, owner: frozenset[str]) -> str:
    if event.status == "TENTATIVE":
        return "STATUS:TENTATIVE"
    answers = _answers(event, owner)
    return f"your ATTENDEE line: PARTSTAT={answers}" if answers else ""


def _answers(event: Event, owner: frozenset[str]) -> str:
    mine = [person.partstat or "NEEDS-ACTION" for person in event.attendees if person.address in owner]
    return ", ".join(dict.fromkeys(mine))
