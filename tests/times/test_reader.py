"""What a text offers, in eight languages; every line is one that people write."""

from __future__ import annotations

import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from agendas import moment
from lastresort.times.reader import understand
from lastresort.times.readings import Setting, Understood, UnderstoodKind

NOW = moment("2026-06-01 09:00")  # a Monday
SETTING = Setting(now=NOW, mine="Europe/Berlin", length=timedelta(minutes=45))
NEW_YORK = SETTING._replace(theirs="America/New_York")


def told(one: Understood) -> str:
    """`Tue 02 09:00-09:45`, a window with `~`, several readings with ` or `."""
    mark = "~" if one.kind is UnderstoodKind.WINDOW else ""
    return " or ".join(
        f"{meaning.interval.start.astimezone(ZoneInfo(meaning.zone)):%a %d %H:%M}-"
        f"{meaning.interval.end.astimezone(ZoneInfo(meaning.zone)):%H:%M}{mark}"
        for meaning in one.readings
    )


def offers(text: str, setting: Setting) -> list[str]:
    found = understand(text, setting).understood
    return [told(one) for one in found if one.kind is not UnderstoodKind.NOT_UNDERSTOOD]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Would Wed 6/10 at 11:15am do?", ["Wed 10 11:15-12:00"]),
        ("Mon to Wed 1-3pm", [f"{day} 13:00-15:00~" for day in ("Mon 01", "Tue 02", "Wed 03")]),
        ("Tue: 10am, 1pm. Wed: 9am.", ["Tue 02 10:00-10:45", "Tue 02 13:00-13:45", "Wed 03 09:00-09:45"]),
        ("June 16, 17 or 18 at 3pm", ["Tue 16 15:00-15:45", "Wed 17 15:00-15:45", "Thu 18 15:00-15:45"]),
        ("2:15pm - 3pm on Thursday 11 June 2026", ["Thu 11 14:15-15:00"]),
        ("10am PT/1pm ET/6pm BST on Friday", ["Fri 05 10:00-10:45"]),
        ("I'm out Wednesday, but any time Thursday works.", ["Thu 04 09:00-17:00~"]),
        ("Tuesday at 3pm no longer works, could we do Friday at 4pm instead?", ["Fri 05 16:00-16:45"]),
        ("Can we move our call from Tuesday at 10am to Friday at 11am?", ["Fri 05 11:00-11:45"]),
        ("This week is packed. Next week I'm free Monday 10-12.", ["Mon 08 10:00-12:00~"]),
        ("next Friday at 2pm", ["Fri 05 14:00-14:45 or Fri 12 14:00-14:45"]),
        ("Friday at 6:30", ["Fri 05 06:30-07:15 or Fri 05 18:30-19:15"]),
        ("Friday, 9 to 5", ["Fri 05 09:00-17:00~"]),
    ],
)  # fmt: skip
def test_english(text: str, expected: list[str]) -> None:
    assert offers(text, NEW_YORK) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The application closes on 15 June at 23:59.",
        "My office hours are Mon-Fri 9am-5pm.",
        "Call me at 415-555-0130 ext 12 any time.",
        "The role starts on 8 June at 9am.",
        "Please reply by noon on Friday.",
    ],
)
def test_what_is_no_offer(text: str) -> None:
    assert offers(text, NEW_YORK) == []


FAVOURITES = ["1", "at ", "-", "1:", "(", "(UTC+1) A", "10-", "1,", "A ", "\n", ">", "10:00 ", "a'"]


@pytest.mark.parametrize("piece", FAVOURITES)
def test_a_hundred_kilobytes_of_anything_take_a_bounded_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.process_time()
    understand(text, NEW_YORK)
    assert time.process_time() - started < 20
