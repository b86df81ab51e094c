"""What strangers may send: the harmless clash beside it is found, and the answer stays small and clean."""

from __future__ import annotations

import io
import os
import re
import zipfile
from time import process_time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

NOW = ("--now", "2026-03-02T08:00Z", "--tz", "UTC")
CANARY = "Budget sync 4711"
LARGEST = 1 << 20
SECONDS = 8.0
"""Processor time that any case may take."""
UNCLEAN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def event(uid: str, start: str, *rows: str, summary: str = "", zone: str = "") -> str:
    at = f";TZID={zone}:{start}" if zone else f":{start}Z"
    body = "".join(f"{row}\r\n" for row in rows)
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART{at}\r\n"
        f"{'' if 'DURATION' in body else 'DURATION:PT1H'}\r\nSUMMARY:{summary or uid}\r\n{body}END:VEVENT\r\n"
    ).replace("\r\n\r\n", "\r\n")


def calendar(*parts: str) -> str:
    return "".join(("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", *parts, "END:VCALENDAR\r\n"))


INTERVIEW = event("interview@corp.example", "20260304T100000", summary="Interview: Engineer at Corp")
HARMLESS = event("canary@x", "20260304T103000", summary=CANARY)


def stray(*rows: str, start: str = "20260303T100000", zone: str = "", summary: str = "") -> str:
    return event("stray@x", start, *rows, zone=zone, summary=summary)


def onsets() -> str:
    part = "BEGIN:STANDARD\r\nDTSTART:19700101T0000{0:02}\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+00{0:02}\r\n"
    return "".join((part + "RRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n").format(n) for n in range(60))


def zone_named(name: str, rows: str) -> str:
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{rows}END:VTIMEZONE\r\n"


def numbers(count: int) -> str:
    return ",".join(map(str, range(count)))


PARTS = (("BYHOUR", 24), ("BYMINUTE", 60), ("BYSECOND", 60))
FAR = (
    "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+1200\r\nTZOFFSETTO:+1200\r\nEND:STANDARD\r\n"
)
DATES = ",".join(f"20{year:02}{month:02}{day:02}T100000Z" for year in range(30, 90) for month in range(1, 13)
                 for day in range(1, 29))  # fmt: skip

# What stands in the calendar before the interview and the harmless clash.
INSIDE: dict[str, str] = {
    "a rule by the second": stray("RRULE:FREQ=SECONDLY", "DURATION:PT1S", start="20250101T000000"),
    "a rule by the second that never matches": stray("RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"),
    "a rule of all its parts": stray(
        "RRULE:FREQ=YEARLY;BYSETPOS=-1" + "".join(f";{part}={numbers(n)}" for part, n in PARTS)
    ),
    "a rule that never advances": stray("RRULE:FREQ=DAILY;INTERVAL=0"),
    "a rule that runs backwards": stray("RRULE:FREQ=WEEKLY;INTERVAL=-3;COUNT=-1"),
    "a rule as long as a book": stray("RRULE:FREQ=DAILY;BYMONTHDAY=" + "1," * 400_000),
    "a rule that excludes everything": stray("RRULE:FREQ=DAILY", "EXRULE:FREQ=SECONDLY"),
    "a thousand rules": stray(*(f"RRULE:FREQ=MINUTELY;INTERVAL={n}" for n in range(1, 1001))),
    "dates by the ten thousand": stray(*[f"RDATE:{DATES}"] * 2),
    "a year that no calendar has": stray("DURATION:P9999999W", start="99991231T235959"),
    "an interview to the last day there is": stray(
        "DTEND:99991231T235959Z", start="20260304T090000", summary="Interview: Cook at Foo"
    ),
    "an interview from the first day there is": stray(
        "DTEND:20260304T110000Z", start="00010101T000000", summary="Interview: Cook at Foo"
    ),
    "a journey before the first day there is": stray(
        "DTEND:20260304T110000Z", "X-APPLE-TRAVEL-DURATION:PT23H", start="00010101T000000"
    ),
    "an event beyond the last day there is": stray("DURATION:P300D", 'X-A;B="x":c', start="99991231T235959")
    .replace("DTSTART", 'DTSTART;X-A="x"'),
    "free time beyond the last day there is": (
        "BEGIN:VFREEBUSY\r\nFREEBUSY:99991231T000000Z/P300D,20260304T080000Z/P365000D,20260303T080000Z/-PT1H"
        "\r\nEND:VFREEBUSY\r\n"
    ),
    "a path for a zone": stray(zone="../../../../etc/passwd"),
    "a zone of a million letters": stray(zone="Europe/" + "x" * 1_000_000),
    "a zone that changes by the second": zone_named("Odd", onsets()) + stray(zone="Odd"),
    "another meaning of a known zone": zone_named("Europe/Berlin", FAR) + stray(zone="Europe/Berlin"),
    "a title that clears the screen": stray(summary="\x1b[2J\x1b]0;x\x07\x9b31mred\u202eltr"),
    "a title in markup": stray(summary="[bold][link=http://x]{{ 7 * 7 }}</script><script>alert(1)</script>"),
    "a title that begins a new line": stray(summary="a\\nBcc: everyone@corp.example\\r\\nSubject: hello"),
    "a title of a megabyte": stray(summary="long " * 300_000),
    "components without end": "BEGIN:X-A\r\n" * 20_000,
    "an event inside itself": "BEGIN:VEVENT\r\n" * 500 + "END:VEVENT\r\n" * 500,
    "alarms by the thousand": stray(*["BEGIN:VALARM", "TRIGGER:-PT1S", "END:VALARM"] * 5000),
    "folds around every byte": "\r\n ".join(stray(summary="folded")).replace("\r\n \r\n \n", "\r\n"),
    "numbers that are none": stray("SEQUENCE:" + "9" * 5000, "PRIORITY:-1", "DURATION:P" + "9" * 5000 + "D"),
    "guests by the ten thousand": stray(*(f"ATTENDEE:mailto:g{n}@x.example" for n in range(20_000))),
    "the same event a thousand times": stray("RRULE:FREQ=DAILY") * 1000,
    "revisions of the far future": stray("SEQUENCE:2147483647", "STATUS:CANCELLED") + stray(),
    "a quote that never closes": stray('ATTENDEE;CN="' + "x;y:z" * 50_000),
    "attachments": stray("ATTACH;ENCODING=BASE64;VALUE=BINARY:" + "QUJD" * 500_000),
}  # fmt: skip


def answer(run: Callable[..., Ran], *args: str | Path) -> Ran:
    """Run the check as JSON and judge what holds of any answer."""
    began = process_time()
    ran = run("check", *args, *NOW, "--json")
    assert process_time() - began < SECONDS
    assert len(ran.out) <= LARGEST
    assert "Traceback" not in ran.out + ran.err
    assert not UNCLEAN.search(ran.out + ran.err)
    return ran


@pytest.mark.parametrize("name", INSIDE)
def test_the_harmless_clash_is_found_beside(run: Callable[..., Ran], tmp_path: Path, name: str) -> None:
    path = tmp_path / "mixed.ics"
    path.write_bytes(calendar(INSIDE[name], INTERVIEW, HARMLESS).encode())
    ran = answer(run, path)
    assert ran.code in (3, 4)
    clashes = [clash["summary"] for interview in ran.json["interviews"] for clash in interview["clashes"]]
    assert CANARY in clashes


@pytest.mark.parametrize("name", [name for name in INSIDE if "title" in name])
def test_titles_write_nothing_but_text_on_a_terminal(
    run: Callable[..., Ran], tmp_path: Path, name: str
) -> None:
    path = tmp_path / "mixed.ics"
    path.write_bytes(calendar(INSIDE[name].replace("20260303", "20260304"), INTERVIEW, HARMLESS).encode())
    ran = run("check", path, *NOW)
    assert ran.code in (3, 4)
    assert CANARY in ran.out
    assert not UNCLEAN.search(ran.out + ran.err)
    assert max(map(len, ran.out.splitlines())) <= 1000


def mail(*fields: str, body: str = "") -> bytes:
    head = "".join(f"{field}\r\n" for field in ("X-Sent: now", "MIME-Version: 1.0", *fields))
    return f"{head}\r\n{body or calendar(stray())}".encode()


TYPE = "Content-Type: text/calendar; method=REQUEST"
MANY = 60_000
# Mails whose invitation is read all the same, in a time that does not grow with the square of their size.
MAILS: dict[str, bytes] = {
    "comments in comments": mail("From: " + "(" * MANY, TYPE),
    "groups in groups": mail("To: " + "a:" * MANY, TYPE),
    "words that are encoded one by one": mail("Subject: " + "=?utf-8?q?a?= " * MANY, TYPE),
    "parameters without end": mail('Content-Type: text/calendar; a="' + '\\"' * MANY + ";" * MANY),
    "a file name without end": mail(TYPE, 'Content-Disposition: attachment; filename="' + ";" * MANY),
    "a page of marks": mail(
        "Content-Type: multipart/mixed; boundary=x",
        body="--x\r\nContent-Type: text/html\r\n\r\n" + "<a><b<!--" * MANY
        + f"\r\n--x\r\n{TYPE}\r\n\r\n{calendar(stray())}--x--",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MAILS)
def test_no_mail_costs_a_clash_beside_it(run: Callable[..., Ran], tmp_path: Path, name: str) -> None:
    good, bad = tmp_path / "good.ics", tmp_path / "bad.eml"
    good.write_bytes(calendar(INTERVIEW, HARMLESS).encode())
    bad.write_bytes(MAILS[name])
    ran = answer(run, good, bad)
    assert ran.code == 3
    assert CANARY in ran.out
    agenda = run("agenda", bad, "--from", "2026-03-03", *NOW, "--json")
    assert [one["uid"] for one in agenda.json["occurrences"]] == ["stray@x"]


def test_an_invitation_to_all_time_is_answered_like_any_other(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    mine, poll = tmp_path / "mine.ics", tmp_path / "poll.ics"
    mine.write_bytes(calendar(INTERVIEW, HARMLESS).encode())
    poll.write_bytes(calendar(stray("DTEND:99991231T235959Z", start="20260304T090000")).encode())
    began = process_time()
    ran = run("weigh", mine, "--for", "45m", "--from", poll, *NOW, "--json")
    assert process_time() - began < SECONDS
    assert ran.code in (0, 3), ran.err
    poll.write_bytes(calendar(stray("DTEND:99991231T235959Z", start="00010101T000000")).encode())
    ran = run("check", mine, "--invite", poll, *NOW)
    assert ran.code in (3, 4), ran.err
    assert CANARY in ran.out


def zipped(entries: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()


# Files that hold nothing to be read: the calendar beside them is read all the same, and they are told.
FILES: dict[str, Callable[[], bytes]] = {
    "empty.ics": lambda: b"",
    "login.ics": lambda: b"<!DOCTYPE html><html><body>Please sign in</body></html>",
    "torn.ics": lambda: calendar(stray()).encode()[:60],
    "noise.ics": lambda: bytes(range(256)) * 100,
    "bomb.zip": lambda: zipped({"a.ics": b"BEGIN:VCALENDAR\r\n" + b"X" * (80 << 20)}),
    "nest.zip": lambda: zipped({"../../evil.zip": zipped({"b.zip": zipped({"c.ics": b""})})}),
    "deep.eml": lambda: b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(300)
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_what_cannot_be_read_is_told_and_hides_nothing(
    run: Callable[..., Ran], tmp_path: Path, name: str
) -> None:
    good, bad = tmp_path / "good.ics", tmp_path / name
    good.write_bytes(calendar(INTERVIEW, HARMLESS).encode())
    bad.write_bytes(FILES[name]())
    ran = answer(run, good, bad)
    assert ran.code == 3
    assert CANARY in ran.out
    assert name in ran.err
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(["good.ics", name])


def test_a_pipe_and_a_loop_are_not_waited_for(run: Callable[..., Ran], tmp_path: Path) -> None:
    folder = tmp_path / "calendars"
    folder.mkdir()
    os.mkfifo(folder / "pipe.ics")
    (folder / "loop.ics").symlink_to(folder / "loop.ics")
    (folder / "again").symlink_to(folder)
    (folder / "good.ics").write_bytes(calendar(INTERVIEW, HARMLESS).encode())
    ran = answer(run, folder)
    assert ran.code == 3
    assert CANARY in ran.out


def test_a_strangers_zone_moves_nobody_elses_times(run: Callable[..., Ran], tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine.ics", tmp_path / "theirs.ics"
    local = event("canary@x", "20260304T113000", summary=CANARY, zone="Europe/Berlin")
    mine.write_bytes(calendar(INTERVIEW, local).encode())
    theirs.write_bytes(calendar(zone_named("Europe/Berlin", FAR), stray(zone="Europe/Berlin")).encode())
    alone, beside = answer(run, mine), answer(run, theirs, mine)
    assert [c["start"] for c in alone.json["interviews"][0]["clashes"]] == [
        c["start"] for c in beside.json["interviews"][0]["clashes"]
    ]
