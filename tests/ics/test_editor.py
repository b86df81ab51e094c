"""Edits touch the lines they name and no other byte, and refuse what cannot be changed safely."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agendas import moment, stretch
from lastresort.errors import RefusedError
from lastresort.ics.editor import Context, Edit, Insert, Remove, Reschedule, Skip, edit
from lastresort.ics.find_occurrence import look_up
from lastresort.ics.reader import read_agenda
from lastresort.ics.source_map import holds_nothing, keep_only, stands_alone
from lastresort.model import Document, Interval, Limits, Occurrence

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)
HERE = Context("Europe/Berlin", NOW, "work.ics")
HOUR = timedelta(hours=1)
CORPUS = Path(__file__).parents[2] / "../shared/corpus"
STAMP = "20260501T070000Z"


def calendar(*events: str, eol: str = "\r\n", head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{body}END:VCALENDAR\n"
    return text.replace("\n", eol).encode()


def lines(data: bytes) -> list[str]:
    return data.decode().replace("\r\n", "\n").split("\n")


def gone_and_new(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    old, new = lines(before), lines(after)
    return [line for line in old if line not in new], [line for line in new if line not in old]


def moved(uid: str, where: str, to: str, zone: str = "Europe/Berlin", series: bool = False) -> Reschedule:
    old = stretch(where, zone)
    return Reschedule(uid, old.start if series else None, old, stretch(to, zone))


@pytest.mark.parametrize(
    ("times", "changed"),
    [
        (
            "DTSTART:20260505T080000Z\nDTEND:20260505T090000Z",
            ["DTSTART:20260505T093000Z", "DTEND:20260505T103000Z"],
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20260505T100000\nDTEND;TZID=Europe/Berlin:20260505T110000",
            ["DTSTART;TZID=Europe/Berlin:20260505T113000", "DTEND;TZID=Europe/Berlin:20260505T123000"],
        ),
        (
            "dtstart;X-ODD=1;tzid=Europe/London:20260505T090000\nDURATION:PT1H",
            ["dtstart;X-ODD=1;tzid=Europe/London:20260505T103000"],
        ),
        (
            "DTSTART;TZID=Romance Standard Time:20260505T100000\nDTEND:20260505T090000Z",
            ["DTSTART;TZID=Romance Standard Time:20260505T113000", "DTEND:20260505T103000Z"],
        ),
        (
            "DTEND:20260505T110000\nDTSTART:20260505T100000",
            ["DTEND:20260505T123000", "DTSTART:20260505T113000"],
        ),
        ("DTSTART:2026-05-05T10:00\nDURATION:PT60M", ["DTSTART:20260505T113000"]),
    ],
)
def test_times_keep_their_form(times: str, changed: list[str]) -> None:
    before = calendar(f"UID:a\n{times}\nSEQUENCE:4\nDTSTAMP:20200101T000000Z\nSUMMARY:Focus")
    after = edit(before, [moved("a", "2026-05-05 10:00-11:00", "2026-05-05 11:30-12:30")], HERE)
    _, new = gone_and_new(before, after)
    stamps = ["SEQUENCE:5", f"DTSTAMP:{STAMP}", f"LAST-MODIFIED:{STAMP}"]
    assert sorted(new) == sorted([*changed, *stamps])


def test_a_private_zone_is_written_in_its_own_clock() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:20000101T000000\nTZOFFSETFROM:+0500\n"
        "TZOFFSETTO:+0500\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    before = calendar("UID:a\nDTSTART;TZID=Ours:20260505T130000\nDURATION:PT1H", head=zone)
    after = edit(before, [moved("a", "2026-05-05 10:00-11:00", "2026-05-05 11:00-12:00")], HERE)
    assert "DTSTART;TZID=Ours:20260505T140000" in lines(after)


def test_all_day_events_move_by_days() -> None:
    before = calendar("UID:a\nDTSTART;VALUE=DATE:20260505\nDTEND;VALUE=DATE:20260507")
    old = Interval(moment("2026-05-05 00:00"), moment("2026-05-07 00:00"))
    new = Interval(moment("2026-05-12 00:00"), moment("2026-05-14 00:00"))
    after = edit(before, [Reschedule("a", None, old, new)], HERE)
    assert {"DTSTART;VALUE=DATE:20260512", "DTEND;VALUE=DATE:20260514"} <= set(lines(after))
    with pytest.raises(RefusedError, match="whole days"):
        edit(before, [Reschedule("a", None, old, Interval(old.start + HOUR, old.end + HOUR))], HERE)


def test_shortening_rewrites_the_duration_and_never_the_others_sequence() -> None:
    before = calendar("UID:a\nDTSTART:20260505T080000Z\nDURATION:PT1H\nSEQUENCE:2")
    old, new = stretch("2026-05-05 10:00-11:00"), stretch("2026-05-05 10:15-11:00")
    after = edit(before, [Reschedule("a", None, old, new, mine=False)], HERE)
    assert gone_and_new(before, after) == (
        ["DTSTART:20260505T080000Z", "DURATION:PT1H"],
        ["DTSTART:20260505T081500Z", "DURATION:PT45M", f"LAST-MODIFIED:{STAMP}"],
    )


SERIES = """UID:s
DTSTART;TZID=Europe/Berlin:20260504T100000
DTEND;TZID=Europe/Berlin:20260504T103000
RRULE:FREQ=DAILY;COUNT=10
SUMMARY:Stand-up
BEGIN:VALARM
TRIGGER:-PT5M
DURATION:PT1M
END:VALARM"""


def test_one_occurrence_gets_an_event_of_its_own_and_the_series_stays() -> None:
    before = calendar(SERIES, "UID:other\nDTSTART:20260101T000000Z")
    one = moved("s", "2026-05-06 10:00-10:30", "2026-05-06 15:00-15:30", series=True)
    after = edit(before, [one], HERE)
    own = calendar(
        "UID:s\nRECURRENCE-ID;TZID=Europe/Berlin:20260506T100000\nDTSTART;TZID=Europe/Berlin:20260506T150000\n"
        f"DTEND;TZID=Europe/Berlin:20260506T153000\nSEQUENCE:1\nLAST-MODIFIED:{STAMP}\nSUMMARY:Stand-up\n"
        "BEGIN:VALARM\nTRIGGER:-PT5M\nDURATION:PT1M\nEND:VALARM"
    )
    block = own[own.index(b"BEGIN:VEVENT") : own.index(b"END:VCALENDAR")]
    assert after.replace(block, b"") == before
    again = edit(after, [one._replace(old=one.new, new=one.old)], HERE)
    assert again.count(b"RECURRENCE-ID") == 1
    assert b"DTSTART;TZID=Europe/Berlin:20260506T100000" in again


def test_a_skipped_occurrence_is_taken_out_of_the_series_with_what_it_became() -> None:
    before = calendar(SERIES)
    one = moved("s", "2026-05-06 10:00-10:30", "2026-05-06 15:00-15:30", series=True)
    skip = Skip("s", one.recurrence_id, one.new)
    after = edit(before, [one, skip], HERE)
    assert after == edit(before, [skip._replace(old=one.old)], HERE)
    _, new = gone_and_new(before, after)
    assert new == ["SEQUENCE:1", f"LAST-MODIFIED:{STAMP}", "EXDATE;TZID=Europe/Berlin:20260506T100000"]


def test_an_event_that_happens_once_is_called_off() -> None:
    before = calendar("UID:a\nDTSTART:20260505T080000Z\nDURATION:PT1H\nSTATUS:CONFIRMED")
    after = edit(before, [Skip("a", None, stretch("2026-05-05 10:00-11:00"))], HERE)
    assert b"STATUS:CANCELLED\r\n" in after
    assert b"CONFIRMED" not in after


def test_events_come_and_go_without_a_trace() -> None:
    before = calendar("UID:a\nDTSTART:20260505T080000Z", eol="\n")
    new = calendar("UID:new\nDTSTART:20260506T080000Z\nSUMMARY:Reserved")
    with_it = edit(before, [Insert(new)], HERE)
    assert b"UID:new\nDTSTART:20260506T080000Z\nSUMMARY:Reserved\nEND:VEVENT\nEND:VCALENDAR\n" in with_it
    assert edit(with_it, [Remove("new")], HERE) == before
    with pytest.raises(RefusedError, match="already there"):
        edit(with_it, [Insert(new)], HERE)


@pytest.mark.parametrize(
    "dress",
    [
        lambda data: data.replace(b"\r\n", b"\r"),
        lambda data: data.replace(b"\r\n", b"\n"),
        lambda data: data.replace(b"\r\n", b"\r\r\n"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: b"\xff\xfe" + data.decode().encode("utf-16-le"),
        lambda data: data.replace(b"Focus", b"Fok\xfcs"),
        lambda data: data.replace(b"SUMMARY", b"SUMM\r\n ARY").replace(
            b"DTEND:2026", b"DT\r\n END:20\r\n\t26"
        ),
        lambda data: data.replace(b"BEGIN:VEVENT", b"Begin:VEV\r\n ENT"),
        lambda data: b"From nobody\r\n\r\n" + data + b"-- \r\nsent by a list\r\n",
    ],
    ids=["CR", "LF", "CRCRLF", "BOM", "UTF-16", "Latin-1", "folds", "case", "wrapped"],
)
def test_line_ends_folds_marks_and_encodings_stay(dress: object) -> None:
    plain = calendar(
        "UID:a\nX-FIRST:1\nDTSTART:20260505T080000Z\nDTEND:20260505T090000Z\nSEQUENCE:1\n"
        f"LAST-MODIFIED:{STAMP}\nSUMMARY:Focus\nX-LAST:1"
    )
    there = moved("a", "2026-05-05 10:00-11:00", "2026-05-05 11:30-12:30")
    before = dress(plain)  # type: ignore[operator]
    after = edit(before, [there._replace(mine=False)], HERE)
    expected = dress(  # type: ignore[operator]
        plain.replace(b"DTSTART:20260505T08", b"DTSTART:20260505T0930").replace(b"09300000Z", b"093000Z")
    )
    end = (
        "DTEND:20260505T103000Z".encode("utf-16-le")
        if after[:2] == b"\xff\xfe"
        else b"DTEND:20260505T103000Z"
    )
    assert end in after
    if b"DT\r\n END" not in before:
        old_end = end.replace(b"1\x000\x003", b"0\x009\x000") if b"\x00" in end else b"DTEND:20260505T090000Z"
        assert after.replace(end, old_end) == expected


ONE = "UID:a\nDTSTART:20260505T080000Z\nDURATION:PT1H"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (calendar(ONE, ONE.replace("1H", "2H")), "several"),
        (calendar("UID:a\nDTSTART;TZID=Nowhere:20260505T100000\nDURATION:PT1H"), "zone"),
        (calendar("UID:a\nDTSTART:20260505T080000Z\nDTEND:20260505T070000Z"), "no longer|ends before"),
        (calendar(f"{ONE}\nDTSTART:20260506T080000Z"), "more than one"),
        (calendar("UID:b\nDTSTART:20260505T080000Z"), "no longer there"),
        (calendar("UID:a\nDTSTART:20260505T100000Z\nDURATION:PT1H"), "no longer at the time"),
        (calendar(ONE, head="METHOD:REQUEST\n"), "invitation"),
        (calendar(ONE).removesuffix(b"END:VCALENDAR\r\n"), "not whole"),
        (calendar("UID:a\nDTSTART:20260505T080000Z").replace(b"2.0", b"1.0"), "vCalendar"),
        (b"<html>", "no calendar"),
        (calendar(f"{ONE}\nRRULE:FREQ=DAILY"), "series"),
        (
            calendar(
                f"{ONE}\nRRULE:FREQ=DAILY",
                "UID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260520T080000Z\nDTSTART:20260520T090000Z\nDURATION:PT1H",
            ),
            "RANGE",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_safely_is_refused(data: bytes, word: str) -> None:
    with pytest.raises(RefusedError, match=word) as refused:
        edit(data, [moved("a", "2026-05-05 10:00-11:00", "2026-05-05 12:00-13:00")], HERE)
    assert str(refused.value).startswith("work.ics: ")


def test_the_hour_that_clocks_show_twice_is_not_guessed() -> None:
    before = calendar("UID:a\nDTSTART;TZID=Europe/Berlin:20261025T013000\nDURATION:PT30M")
    start = moment("2026-10-25 01:30")
    old, new = Interval(start, start + HOUR / 2), Interval(start + 2 * HOUR, start + 2.5 * HOUR)
    with pytest.raises(RefusedError, match="twice"):
        edit(before, [Reschedule("a", None, old, new)], HERE)


def test_an_occurrence_is_found_by_its_old_start_and_by_its_new_one() -> None:
    one = moved("s", "2026-05-06 10:00-10:30", "2026-05-11 15:00-15:30", series=True)
    data = edit(calendar(SERIES), [one], HERE)
    for text in ("2026-05-06 10:00", "2026-05-11 15:00"):
        found = look_up(data, "s", HERE, moment(text))
        assert found is not None
        assert (found.recurrence_id, found.interval) == (one.recurrence_id, one.new)
    with pytest.raises(RefusedError, match="--occurrence"):
        look_up(data, "s", HERE)
    with pytest.raises(RefusedError, match="no occurrence"):
        look_up(data, "s", HERE, moment("2026-05-06 11:00"))
    assert look_up(data, "t", HERE) is None


def test_what_is_to_be_imported_holds_the_changed_events_alone() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:Ours\nEND:VTIMEZONE\n"
    data = calendar(
        "UID:a\nDTSTART:20260505T080000Z", "UID:b\nDTSTART:20260505T080000Z", head=f"METHOD:PUBLISH\n{zone}"
    )
    assert keep_only(data, {"b"}) == calendar("UID:b\nDTSTART:20260505T080000Z", head=zone)
    assert not stands_alone(data, HERE)
    assert stands_alone(keep_only(data, {"b"}), HERE)
    assert holds_nothing(keep_only(data, ()))
    assert not holds_nothing(calendar(head="BEGIN:VTODO\nUID:t\nEND:VTODO\n"))


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200), st.integers(-5000, 5000))
def test_only_named_lines_change_whatever_stands_beside_them(text: str, minutes: int) -> None:
    raw = ("X-TEXT:" + text).encode()
    odd = b"\r\n ".join(raw[at : at + 60] for at in range(0, len(raw), 60))
    event = b"UID:a\r\n" + odd + b"\r\nDTSTART:20260505T080000Z\r\nDURATION:PT1H\r\n" + odd
    before = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + event + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    by = timedelta(minutes=minutes)
    old = stretch("2026-05-05 10:00-11:00")
    new = Interval(old.start + by, old.end + by)
    after = edit(before, [Reschedule("a", None, old, new, mine=False)], HERE)
    start = f"DTSTART:{new.start:%Y%m%dT%H%M%SZ}\r\n".encode()
    marked = f"LAST-MODIFIED:{STAMP}\r\n".encode()
    assert after.replace(start, b"DTSTART:20260505T080000Z\r\n").replace(marked, b"") == before


# -- the shared corpus --------------------------------------------------------------------------------------


def readable() -> list[Path]:
    return sorted(path for path in CORPUS.glob("**/*.ics") if path.stat().st_size < 60_000)


def events_of(path: Path, data: bytes, most: int = 3) -> list[Occurrence]:
    document = Document(path.name, path.name, lambda: BytesIO(data))
    window = Interval(datetime(1995, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC))
    limits = Limits(run_seconds=1.0)
    agenda = read_agenda([document], window, zone=HERE.zone, system_zone="UTC", limits=limits)
    return list({one.event.uid: one for one in reversed(agenda.occurrences) if one.event.uid}.values())[:most]


def edits_of(one: Occurrence) -> list[Edit]:
    by = timedelta(days=1) if one.all_day else HOUR
    new = Interval(one.interval.start + by, one.interval.end + by)
    uid = one.event.uid or ""
    return [
        Reschedule(uid, one.recurrence_id, one.interval, new),
        Skip(uid, one.recurrence_id, one.interval),
        Remove(uid),
    ]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")
def test_real_calendars_change_only_where_they_must() -> None:
    done = 0
    for path in readable()[::6]:
        data = path.read_bytes()
        for one in events_of(path, data):
            for change in edits_of(one)[:2]:
                try:
                    after = edit(data, [change], HERE)
                except RefusedError:
                    continue
                done += 1
                old, new = data.splitlines(True), after.splitlines(True)
                if one.recurrence_id is None:
                    assert len(set(old) - set(new)) <= 9, path
                    assert abs(len(new) - len(old)) <= 5, path
                elif isinstance(change, Reschedule) and b"RECURRENCE-ID" not in data:
                    size = len(after) - len(data)
                    assert any(
                        after[:at] + after[at + size :] == data
                        for at in (found.end() for found in re.finditer(rb"END:VEVENT\s+", after))
                    ), path
    assert done > 50


@pytest.mark.parametrize("start", ["00010101T000000Z", "99991231T230000Z"])
def test_the_ends_of_the_calendar_are_no_stumbling_block(start: str) -> None:
    found = look_up(calendar(f"UID:a\nDTSTART:{start}\nDURATION:PT1M"), "a", HERE)
    assert found is not None
    assert found.interval.minutes == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_an_event_is_looked_up_in_a_wide_encoding(encoding: str) -> None:
    text = calendar("UID:a\nDTSTART:20260505T080000Z\nDTEND:20260505T090000Z").decode()
    mark = "" if encoding in ("utf-16", "utf-32") else "\ufeff"
    standing = look_up((mark + text).encode(encoding), "a", HERE)
    assert standing is not None
    assert standing.interval == stretch("2026-05-05 10:00-11:00")


@pytest.mark.parametrize(("length", "rows"), [(75, 1), (76, 2), (149, 2), (150, 3)])
def test_new_lines_are_folded_after_75_octets(length: int, rows: int) -> None:
    """RFC 5545 3.1: the line break is not counted, the space that begins the next line is."""
    parameter = f"DTSTART;X-ODD={'o' * (length - len('DTSTART;X-ODD=:20260505T093000Z'))}:"
    data = calendar(f"UID:a\n{parameter}20260505T080000Z\nDTEND:20260505T090000Z")
    after = edit(data, [moved("a", "2026-05-05 10:00-11:00", "2026-05-05 11:30-12:30")], HERE)
    start = after.index(b"DTSTART")
    written = after[start : after.index(b"DTEND")].removesuffix(b"\r\n").split(b"\r\n")
    written = [row for row in written if not row.startswith((b"LAST", b"SEQUENCE"))]
    assert [len(row) for row in written][:-1] == [75] * (rows - 1)
    assert len(written) == rows


def test_no_character_is_cut_in_two_by_a_fold() -> None:
    for padding in range(3):
        parameter = f'DTSTART;X-ODD="{"o" * (50 + padding)}{"ü" * 20}":'
        data = calendar(f"UID:a\n{parameter}20260505T080000Z\nDTEND:20260505T090000Z")
        after = edit(data, [moved("a", "2026-05-05 10:00-11:00", "2026-05-05 11:30-12:30")], HERE)
        rows = after.split(b"\r\n")
        assert max(map(len, rows)) <= 75
        assert all(row.decode() for row in rows if row)
        assert any(len(row) in (74, 75) for row in rows)


def test_an_event_without_an_end_cannot_get_another_length() -> None:
    data = calendar("UID:a\nDTSTART;VALUE=DATE:20260505")
    old = Interval(moment("2026-05-05 00:00"), moment("2026-05-06 00:00"))
    longer = Interval(old.start, old.end + timedelta(days=1))
    with pytest.raises(RefusedError, match="no end that could be changed"):
        edit(data, [Reschedule("a", None, old, longer)], HERE)
