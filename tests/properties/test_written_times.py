"""A time printed in any form and language is read back as the same instant, through changes of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from lastresort.messages.languages import LANGUAGES
from lastresort.messages.locale import find_locale
from lastresort.messages.when import Writer
from lastresort.model import Interval
from lastresort.times.reader import understand
from lastresort.times.readings import ReadingContext, UnderstoodKind

NOW = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
ZONES = [
    *("Europe/Berlin", "Europe/London", "Europe/Warsaw", "America/New_York", "America/Los_Angeles"),
    *("America/Sao_Paulo", "Asia/Tokyo"),
]
LENGTH = timedelta(minutes=45)
QUARTERS = st.integers(8, 150 * 96)
FORMS = [
    "{:%Y-%m-%d %H:%M}",
    "{:%a %d %b, %H:%M}",
    "{:%A, %B %d, %Y at %I:%M %p}",
    "{:%d.%m.%Y, %H:%M} Uhr",
    "le {:%d/%m/%Y} à {:%Hh%M}",
    "el {:%d/%m/%Y} a las {:%H:%M}",
    "dia {:%d/%m/%Y} às {:%Hh%M}",
    "il {:%d/%m/%Y} alle {:%H.%M}",
    "op {:%d-%m-%Y} om {:%H.%M} uur",
    "{:%d.%m.%Y} r. o godz. {:%H:%M}",
]


def read(text: str, setting: ReadingContext) -> Interval | None:
    (found,) = understand(text, setting).understood
    assert found.kind is UnderstoodKind.TIME, text
    return found.interval


@given(QUARTERS, st.sampled_from(ZONES), st.sampled_from(LANGUAGES), st.sampled_from([None, "US", "PT"]))
def test_what_our_letters_say_is_read_back(
    quarters: int, zone: str, language: str, country: str | None
) -> None:
    start = NOW + quarters * timedelta(minutes=15)
    interval = Interval(start, start + LENGTH)
    local = [instant.astimezone(ZoneInfo(zone)) for instant in interval]
    assume(6 <= local[0].hour < 22)  # at night a plain 4 is taken for the afternoon
    writer = Writer(find_locale(language, country), zone, NOW)
    text = f"{writer.on(start)} ({writer.place()})"
    assert read(text, ReadingContext(now=NOW, mine="Asia/Kolkata", length=LENGTH)) == interval


@given(QUARTERS, st.sampled_from(ZONES), st.sampled_from(FORMS))
def test_other_forms_are_read_back(quarters: int, zone: str, form: str) -> None:
    start = NOW + quarters * timedelta(minutes=15)
    local = start.astimezone(ZoneInfo(zone))
    assume(local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset())
    text = form.format(local, local)
    found = read(text, ReadingContext(now=NOW, mine="Asia/Kolkata", theirs=zone, length=LENGTH))
    assert found == Interval(start, start + LENGTH)
