"""Whether calendars that are read as one person's belong to many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.ics.busy import guess_owner

if TYPE_CHECKING:
    from lastresort.model import Agenda, Event

OWNERS = 4
"""From so many people on, calendars are hardly those of one: work, home, a club."""


def count_owners(agenda: Agenda) -> int:
    """Return how many people the calendars seem to belong to, by who takes part in most events of a file.

    Where it was said who I am, my own calendars are not counted.
    """
    files: dict[str, dict[str | None, Event]] = {}
    for occurrence in agenda.occurrences:
        files.setdefault(occurrence.event.document, {})[occurrence.event.uid] = occurrence.event
    owners = {
        guess_owner(tuple(events.values()), {event.calendar for event in events.values()}, ()).addresses
        for events in files.values()
        if len(events) > 2
    }
    mine = frozenset() if agenda.me_guessed else agenda.me
    return len({owner for owner in owners if owner and not owner & mine})
