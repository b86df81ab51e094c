"""What is known besides the calendars: earlier requests, and which times are held or wished for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from lastresort.advice.next_step import Past

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lastresort.advice.effects import Step
    from lastresort.interviews.detection import Interview
    from lastresort.model import EventKey, Interval, Occurrence


def never_asked(interview: Interview) -> Past:  # noqa: ARG001 (the same for all)
    """Return the past of an interview that nobody was asked to move."""
    return Past()


def never_late(interview: Interview) -> bool:  # noqa: ARG001 (the same for all)
    """Tell that nobody was told of my coming late."""
    return False


def never_held(interview: Interview) -> tuple[Occurrence, ...]:  # noqa: ARG001 (the same for all)
    """Return the holds of an interview for which no time is held."""
    return ()


class Background(NamedTuple):
    """What is known besides the calendars."""

    recall: Callable[[Interview], Past] = never_asked
    signed: bool = True
    """A name and a telephone number for the signature are known (R24)."""
    holds: tuple[Occurrence, ...] = ()
    """All events that hold a time for some interview's answer."""
    holds_for: Callable[[Interview], tuple[Occurrence, ...]] = never_held
    """Those for one interview, in the order in which they are offered."""
    waiting: Mapping[EventKey, Step] = MappingProxyType({})
    """Others' events about which somebody was asked, with what to do once they answer."""
    arranged: frozenset[EventKey] = frozenset()
    """Others' events about which they agreed."""
    wished: tuple[Interval, ...] = ()
    """Times that others were asked for: taken, until the calendar says otherwise."""
    late: Callable[[Interview], bool] = never_late
    """Whether it was noted that they know of my coming late."""


NO_BACKGROUND = Background()
