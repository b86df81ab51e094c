"""Pairs that overlap: an interview with its padding, and something else that takes time."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from lastresort.model import Occurrence


class ConflictKind(StrEnum):
    """What is touched: the interview itself, its padding, the travel before either, or another interview."""

    OVERLAP = "overlap"
    PADDING = "padding"
    TRAVEL = "travel"
    INTERVIEW = "interview"


class Conflict(NamedTuple):
    """Another occurrence that overlaps the padded interview, by at least one minute."""

    occurrence: Occurrence
    overlap_minutes: int
    kind: ConflictKind
