"""Weekdays that follow a named week are counted from it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from agendas import moment
from lastresort.times.reader import understand
from lastresort.times.readings import ReadingContext, UnderstoodKind

SETTING = ReadingContext(
    now=moment("2026-05-11 09:00"),  # a Monday
    mine="Europe/Berlin",
    theirs="Europe/Berlin",
    length=timedelta(minutes=45),
)


def starts(text: str, setting: ReadingContext = SETTING) -> list[str]:
    """The starts of what is offered, several readings with a bar between them."""
    return [
        "|".join(
            f"{meaning.interval.start.astimezone(ZoneInfo(meaning.zone)):%d.%m. %H:%M}"
            for meaning in one.readings
        )
        for one in understand(text, setting).understood
        if one.kind is not UnderstoodKind.NOT_UNDERSTOOD
    ]


@pytest.mark.parametrize(
    "text",
    [
        "week of May 18: Tuesday at 10am",
        "Week of the 18th: Tuesday at 10am",
        "week of Monday, May 18: Tue 10am",
        "w/c 18 May: Tuesday at 10am",
        "Tuesday the week of May 18-22 at 10am",
        "Woche vom 18.5.: Dienstag um 10 Uhr",
        "Woche vom 18. bis 22. Mai: Di 10 Uhr",
        "In KW 21 am Dienstag um 10 Uhr",
        "Dienstag in der Woche vom 18. Mai um 10 Uhr",
        "semaine du 18 : mardi à 10h",
        "La semaine du 18 au 22 mai, mardi à 10h",
        "mardi de la semaine du 18 à 10h",
        "semana del 18 de mayo: martes a las 10:00",
        "semana de 18 de maio: terça às 10h",
        "terça da semana de 18/05 às 10h",
        "settimana del 18 maggio: martedì alle 10",
        "week van 18 mei: dinsdag om 10 uur",
        "in week 21 op dinsdag om 10 uur",
        "tydzień od 18 maja: wtorek o 10:00",
        "w tygodniu 18-22 maja: wtorek o 10:00",
    ],
)
def test_a_week_named_by_a_day_or_its_number(text: str) -> None:
    assert starts(text) == ["19.05. 10:00"]


def test_it_holds_for_the_weekdays_that_follow() -> None:
    text = "We look at the week of May 25th. Wednesday 2pm or Thursday 11am would be great."
    assert starts(text) == ["27.05. 14:00", "28.05. 11:00"]


def test_a_week_called_by_its_sunday_is_the_one_after_it() -> None:
    assert starts("week of May 17: Tuesday at 10am") == ["19.05. 10:00"]


def test_a_week_with_two_readings_has_two() -> None:
    (read,) = starts("week of 6/7: Tuesday at 10:00 am", SETTING._replace(theirs=None, mine="UTC"))
    assert set(read.split("|")) == {"09.06. 10:00", "07.07. 10:00"}


def test_this_week_is_named_by_a_day_that_has_passed() -> None:
    later = SETTING._replace(now=moment("2026-05-13 09:00"))
    assert starts("week of May 11: Friday at 10am", later) == ["15.05. 10:00"]


def test_a_week_that_is_past_offers_nothing() -> None:
    assert starts("week of May 4: Tuesday at 10am") == []
