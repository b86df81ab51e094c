"""Repairs of line ends, encodings, times and lengths, each on its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastresort.ics.encodings import decode_legacy, find_repair
from lastresort.ics.recurrence import EventLength
from lastresort.ics.repairs import plain_time
from lastresort.ics.values import parse_travel, whole_days

ROWS = b"BEGIN:VCALENDAR\nSUMMARY:one\nEND:VCALENDAR\n"


@pytest.mark.parametrize(
    "written",
    [
        ROWS,
        ROWS.replace(b"\n", b"\r\n"),
        ROWS.replace(b"\n", b"\r\r\n"),
        ROWS.replace(b"\n", b"\r"),
        b"\xef\xbb\xbf" + ROWS,
        b"\xef\xbb\xbf" + ROWS.replace(b"\n", b"\r"),
        ROWS.decode().encode("utf-16"),
        b"\xff\xfe" + ROWS.replace(b"\n", b"\r\n").decode().encode("utf-16-le"),
    ],
)
def test_every_line_ends_alike(written: bytes) -> None:
    assert find_repair(written)(written) == ROWS


@pytest.mark.parametrize("width", [1, 2, 3, 7, 40])
@pytest.mark.parametrize("chunk", [1, 2, 5, 1000])
def test_folds_by_line_feed_in_a_file_without_any(width: int, chunk: int) -> None:
    rows = ROWS.replace(b"\n", b"\r")
    folded = b"\r\n ".join(rows[at : at + width] for at in range(0, len(rows), width))
    repair = find_repair(folded)
    mended = b"".join(repair(folded[at : at + chunk]) for at in range(0, len(folded), chunk))
    assert mended.rstrip(b"\n") == ROWS.rstrip(b"\n")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        (b"2026-05-05T10:00:00Z", b"20260505T100000Z"),
        (b"20260505t1000", b"20260505T100000"),
        (b"2026-05-05", b"20260505"),
        (b"20260505T100000+0200", b"20260505T080000Z"),
        (b"20260505T100000-0130", b"20260505T113000Z"),
        (b"0001-01-01T00:00:00+01:00", None),
        (b"next week", None),
        (b"20261345T100000+0200", None),
    ],
)
def test_times_in_other_spellings(written: bytes, plain: bytes | None) -> None:
    assert plain_time(written) == plain


@pytest.mark.parametrize(
    ("written", "days"),
    [(None, 1), (EventLength(), 1), (EventLength(days=-2), 1), (EventLength(2, timedelta(hours=1)), 3)],
)
def test_an_all_day_event_lasts_whole_days(written: EventLength | None, days: int) -> None:
    assert whole_days(written) == EventLength(days=days)


@pytest.mark.parametrize(("written", "minutes"), [(b"PT45M", 45), (b"-PT45M", 0), (b"P2D", 0), (b"soon", 0)])
def test_travel_is_short_or_none(written: bytes, minutes: int) -> None:
    assert parse_travel(written) == timedelta(minutes=minutes)


def test_bytes_that_no_encoding_knows_are_still_text() -> None:
    assert decode_legacy("Straße – “x”".encode("cp1252")) == "Straße – “x”"
    assert decode_legacy(b"\x81") == "\x81"
