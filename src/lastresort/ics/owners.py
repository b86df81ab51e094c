"""Whose calendar it is, where nobody said: guessed from the calendar, and told with the guess."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lastresort.model import Event


class Guess(NamedTuple):
    """Addresses that seem to be the owner's, and what speaks for them, in words."""

    addresses: frozenset[str] = frozenset()
    because: str = ""


def guess_owner(events: Sequence[Event], names: Iterable[str], recipients: Iterable[str]) -> Guess:
    """Return the likely owner of one source, or an empty guess.

    A calendar named after an address, or the mailbox an invitation was sent to, settles it. Else it is the
    address that takes part in most events, if exactly one does; an organiser counts like an attendee.
    """
    named = frozenset(filter(None, map(address_in, names)))
    if named:
        return Guess(named, "the calendar is named after it")
    sent_to = frozenset(filter(None, map(address_in, recipients)))
    if sent_to:
        return Guess(sent_to, "the invitation was sent to it")
    return _most_common(events)


def _most_common(events: Sequence[Event]) -> Guess:
    series: dict[object, set[str]] = {}
    for number, event in enumerate(events):
        people = {
            person.address for person in (*event.attendees, event.organizer) if person and person.address
        }
        if people:
            series.setdefault(event.uid or number, set()).update(people)
    counts = Counter(address for people in series.values() for address in people)
    ranked = counts.most_common(2)
    if len(series) < 2 or not ranked or ranked[0][1] * 2 <= len(series):
        return Guess()
    if len(ranked) > 1 and ranked[1][1] == ranked[0][1]:
        return Guess()
    address, count = ranked[0]
    return Guess(frozenset((address,)), f"it takes part in {count} of {len(series)} events with guests")


def address_in(text: str) -> str | None:
    """Return the text as an address in lower case if it is nothing else."""
    address = text.strip().lower().removeprefix("mailto:")
    name, at, host = address.partition("@")
    return address if name and at and "." in host and not any(char.isspace() for char in address) else None
