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
