"""Two or three times to offer, in the interviewer's zone, chosen exactly as a set."""

from __future__ import annotations

from typing import NamedTuple

from lastresort.model import Interval
from lastresort.scheduling.rearrange import Move


class Slot(NamedTuple):
    """A time offered to the interviewer. `zone` is theirs; `needs` are easy moves of mine it costs."""

    interval: Interval
    zone: str
    my_zone: str
    because: tuple[str, ...]
    needs: tuple[Move, ...] = ()
