"""What goes into a bug report holds nothing that is private."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.ics.redact import HARMLESS, KNOWN, PARAMETERS, Redactor

if TYPE_CHECKING:
    from collections.abc import Callable

    from commandline import Ran

CALENDARS = sorted((Path(__file__).parents[2] / "fixtures" / "calendars").glob("*.ics"))
NOW = ("--now", "2026-09-14T08:00")
PRIVATE = re.compile(
    r"(?m)^(?:SUMMARY|DESCRIPTION|LOCATION|UID|CATEGORIES|X-WR-CALNAME|ORGANIZER|ATTENDEE)[^\n]*[\n]",
    re.IGNORECASE,
)
PUBLIC = {
    word.lower() for words in (HARMLESS, KNOWN, PARAMETERS) for name in words for word in name.split("-")
}
FORMAT = {
    "mailto", "chair", "participant", "accepted", "declined", "action", "needs", "true", "example", "person",
    "language", "tentative", "calendar", "google", "outlook", "microsoft", "zoom", "lotus", "proton", "email",
    "individual", "interview", "video", "birthday",
}  # fmt: skip


def private_words(calendar: Path) -> set[str]:
    text = re.sub(r"\r?\n[ \t]", "", calendar.read_text(encoding="utf-8"))
    told = " ".join(line.lower() for line in PRIVATE.findall(text.replace("\r", "")))
    return set(re.findall(r"[^\W\d_]{5,}", told)) - PUBLIC - FORMAT


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda path: path.stem)
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_no_title_name_address_or_date_is_left(
    run: Callable[..., Ran], calendar: Path, form: tuple[str, ...]
) -> None:
    ran = run("report-problem", calendar, *NOW, *form)
    assert ran.code == 0
    words = private_words(calendar)
    assert len(words) > 5
    public = re.compile(r"[A-Z]\w+/[A-Z]\w+|PRODID:.*")  # names of zones and programs stay
    assert {word for word in words if word in public.sub("", ran.out).lower()} == set()
    assert str(calendar) not in ran.out
    assert not re.search(r"20260?9", ran.out)
    assert not re.search(r"@(?!example\.org)", ran.out)


def test_it_says_what_was_read_and_what_went_wrong(run: Callable[..., Ran]) -> None:
    ran = run("report-problem", CALENDARS[0].parent / "zimbra.ics", *NOW, "--tz", "America/Toronto")
    assert re.search(r"(?m)^problem: [a-z-]+ in source-1:53, lost$", ran.out)
    assert "interview 1: certainty certain" in ran.out
    assert "options: now, sources, tz" in ran.out


def test_a_source_that_cannot_be_read_is_told_without_its_name(run: Callable[..., Ran]) -> None:
    ran = run("report-problem", "secret-folder/hidden.ics")
    assert (ran.code, "failed: SourceError" in ran.out, "secret" in ran.out) == (0, True, False)


def test_the_same_text_has_the_same_number_and_dates_keep_their_distance() -> None:
    lines = [b"UID:a", b"UID:b", b"UID:a", b"DTSTART:20260505T100000Z", b"DTEND;VALUE=DATE:20260506"]
    assert list(Redactor(weeks=52).redact(lines)) == [
        "UID:uid-1",
        "UID:uid-2",
        "UID:uid-1",
        "DTSTART:20270504T100000Z",
        "DTEND;VALUE=DATE:20270505",
    ]


@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_line_comes_back_as_harmless_text(lines: list[str]) -> None:
    told = list(Redactor(weeks=52).redact([line.encode("utf-8", "surrogatepass") for line in lines]))
    assert len(told) == len(lines)
    assert all(line.isascii() for line in told)


SECRET = "zaphod"
SECRETS = """BEGIN:VCALENDAR
PRODID:-//Zaphod Industries//Google Calendar of Zaphod 1.0//EN
VERSION:Zaphod
CALSCALE:ZAPHOD
METHOD:PUBLISH ZAPHOD
X-ZAPHOD-NAME;X-ZAPHOD=zaphod;CN=Zaphod:zaphod
X-WR-TIMEZONE:/zaphod.example/Zaphod/Europe/Berlin
BEGIN:VEVENT
UID:zaphod@zaphod.example
DTSTAMP:20260901T080000Z
DTSTART;TZID="/zaphod.example/Europe/Berlin":20260916T100000
DTEND;VALUE=DATE-TIME;TZID="(UTC+01:00) Zaphod, Berlin":20260916T110000
RRULE:FREQ=DAILY;COUNT=2;X-NAME=ZAPHOD
EXDATE:ZAPHOD 20260917T080000Z
RDATE:2026-09-18T10:00:00
SUMMARY:Interview with Zaphod
STATUS:Zaphod is ill
TRANSP:OPAQUE zaphod
CLASS:ZAPHOD
SEQUENCE:4915112345678
PRIORITY:zaphod 1
DURATION:PT1H ZAPHOD
ATTENDEE;ROLE=Zaphod Beeblebrox;LANGUAGE=de-ZAPHOD;CUTYPE=zaphod;CN="Zaphod, B.":mailto:zaphod@z.example
ATTACH;FMTTYPE=application/x-zaphod;ENCODING=ZAPHOD:zaphod
ORGANIZER;SENT-BY="mailto:zaphod@z.example":urn:zaphod
ATTACH;FMTTYPE=text/html;X-FILENAME=zaphod.pdf:https://zaphod.example/?zaphod
GEO:52.4914;13.4254
CONFERENCE;FEATURE=VIDEO;LABEL=Zaphod:https://meet.example/zaphod
BEGIN:X-ZAPHOD
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:zaphod
END:X-ZAPHOD
BEGIN:VALARM
ACTION:ZAPHOD
TRIGGER;RELATED=ZAPHOD:-PT15M zaphod
END:VALARM
zaphod zaphod
;zaphod:zaphod
zaphod.gmbh;zaphod=zaphod:zaphod
END:VEVENT
BEGIN:VTIMEZONE
TZID:Zaphod Time
BEGIN:STANDARD
TZNAME:ZAPHOD
DTSTART:ZAPHOD 16010101T000000
TZOFFSETFROM:ZAPHOD
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
END:VCALENDAR
"""


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_whatever_property_a_secret_stands_in_it_is_replaced(
    run: Callable[..., Ran], tmp_path: Path, form: tuple[str, ...]
) -> None:
    calendar = tmp_path / "zaphod.ics"
    calendar.write_text(SECRETS.replace("\n", "\r\n"), encoding="utf-8")
    folder = tmp_path / "of.zaphod"
    folder.mkdir()
    (folder / "calendar.ics").write_text(SECRETS, encoding="utf-8")
    ran = run("report-problem", calendar, folder, "--me", "zaphod@z.example", *NOW, *form)
    assert ran.code == 0
    assert [line for line in ran.out.splitlines() if SECRET in line.lower()] == []
    for told in ("2026-09-18", "4915112345678", "13.4254", "meet.example", "20260916"):
        assert told not in ran.out
    assert "DTEND;VALUE=DATE-TIME;TZID=/zone-" in ran.out


@pytest.mark.parametrize(
    "line",
    [
        "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
        "PRODID:Microsoft Exchange Server 2010",
        "BEGIN:VALARM",
        "TRIGGER;RELATED=END:-P1DT2H",
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:person-1@example.org",
        "RRULE:FREQ=MONTHLY;BYDAY=-1FR,2MO;BYSETPOS=1;COUNT=5",
        "DTSTART;TZID=W. Europe Standard Time:19000101T000000",
        "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
        "TZOFFSETTO:+0530",
    ],
)
def test_what_the_format_itself_says_stays(line: str) -> None:
    assert next(Redactor(weeks=0).redact([line.encode()])) == line
