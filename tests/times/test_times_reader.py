"""What a text offers, in eight languages; every line is one that people write."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from agendas import moment
from lastresort.times.language import Kind, calls_option
from lastresort.times.reader import TEXT_CUT, understand
from lastresort.times.readings import ReadingContext, Understood, UnderstoodKind
from lastresort.times.view import TokenView

NOW = moment("2026-06-01 09:00")  # a Monday
SETTING = ReadingContext(now=NOW, mine="Europe/Berlin", length=timedelta(minutes=45))
NEW_YORK = SETTING._replace(theirs="America/New_York")


def told(one: Understood) -> str:
    """`Tue 02 09:00-09:45`, a window with `~`, several readings with ` or `."""
    mark = "~" if one.kind is UnderstoodKind.WINDOW else ""
    return " or ".join(
        f"{meaning.interval.start.astimezone(ZoneInfo(meaning.zone)):%a %d %H:%M}-"
        f"{meaning.interval.end.astimezone(ZoneInfo(meaning.zone)):%H:%M}{mark}"
        for meaning in one.readings
    )


def offers(text: str, setting: ReadingContext) -> list[str]:
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
        (
            "Would Tuesday 2–4pm ET or any time Thursday after 10 work for you?",
            ["Tue 02 14:00-16:00~", "Thu 04 10:00-17:00~"],
        ),
        ("Tuesday any time, Friday after 10", ["Tue 02 09:00-17:00~", "Fri 05 10:00-17:00~"]),
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


FAVOURITES = ["at ", "1:", "(UTC+1) A", "10-", "1,", "\n", ">", "10:00 "]


@pytest.mark.parametrize("piece", FAVOURITES)
def test_what_is_looked_up_grows_with_the_text_alone(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = 0
    find = TokenView.find

    def counted(self: TokenView, kind: Kind, place: int) -> tuple[object, int] | None:
        nonlocal looked_up
        looked_up += 1
        return find(self, kind, place)

    monkeypatch.setattr(TokenView, "find", counted)
    counts = []
    for length in (500, 1_000, 2_000):
        looked_up = 0
        understand(piece * (length // len(piece)), NEW_YORK)
        counts.append(looked_up)
    assert counts[1] <= 2.5 * counts[0]
    assert counts[2] <= 2.5 * counts[1]


def test_the_beginning_of_a_long_text_is_read() -> None:
    found = understand("Friday at 3pm. " + "x" * 100_000, NEW_YORK)
    assert [told(one) for one in found.understood] == ["Fri 05 15:00-15:45"]
    assert found.left == (TEXT_CUT,)


@pytest.mark.parametrize(
    ("zone", "text", "expected"),
    [
        ("Europe/Berlin", "Mo, 8.6.26, 14:00", ["Mon 08 14:00-14:45"]),
        (
            "Europe/Berlin",
            "Mittwochnachmittag oder Donnerstagvormittag",
            ["Wed 03 13:00-17:00~", "Thu 04 09:00-12:00~"],
        ),
        ("Europe/Berlin", "Donnerstag nächster Woche um 14 Uhr", ["Thu 11 14:00-14:45"]),
        (
            "Europe/Berlin",
            "heute um 17 Uhr oder morgen früh um 9",
            ["Mon 01 17:00-17:45", "Tue 02 09:00-09:45"],
        ),
        (
            "Europe/Berlin",
            "Das Gespräch von Dienstag, 10 Uhr, auf Freitag, 11 Uhr, verschieben?",
            ["Fri 05 11:00-11:45"],
        ),
        ("Europe/Paris", "jeudi 11 juin à 9h, heure de Montréal", ["Thu 11 09:00-09:45"]),
        ("Europe/Paris", "le 16 ou le 17 juin à 14 h 30", ["Tue 16 14:30-15:15", "Wed 17 14:30-15:15"]),
        (
            "Europe/Paris",
            "du mardi au mercredi entre 14h et 16h",
            ["Tue 02 14:00-16:00~", "Wed 03 14:00-16:00~"],
        ),
        ("Europe/Madrid", "jueves a las 4 de la tarde", ["Thu 04 16:00-16:45"]),
        ("Europe/Madrid", "El martes no puedo, pero el miércoles a las 11:00 sí.", ["Wed 03 11:00-11:45"]),
        ("Europe/Lisbon", "3ª feira às 10h ou 5ª feira às 15h", ["Tue 02 10:00-10:45", "Thu 04 15:00-15:45"]),
        ("Europe/Lisbon", "depois de amanhã às 9h30", ["Wed 03 09:30-10:15"]),
        (
            "Europe/Rome",
            "mercoledì pomeriggio o giovedì dopo le 15",
            ["Wed 03 13:30-17:30~", "Thu 04 15:00-17:00~"],
        ),
        ("Europe/Rome", "Martedì non posso, ma mercoledì alle 11 sì.", ["Wed 03 11:00-11:45"]),
        ("Europe/Amsterdam", "wo 10-06 10:00-10:45", ["Wed 10 10:00-10:45"]),
        (
            "Europe/Amsterdam",
            "dinsdag t/m woensdag tussen 14 en 16 uur",
            ["Tue 02 14:00-16:00~", "Wed 03 14:00-16:00~"],
        ),
        ("Europe/Warsaw", "w piątek po godz. 15", ["Fri 05 15:00-17:00~"]),
        (
            "Europe/Warsaw",
            "w środę po południu lub w czwartek rano",
            ["Wed 03 12:30-17:00~", "Thu 04 09:00-12:00~"],
        ),
    ],
)  # fmt: skip
def test_other_languages(zone: str, text: str, expected: list[str]) -> None:
    assert offers(text, SETTING._replace(theirs=zone)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Bitte antworten Sie bis morgen 12 Uhr.",
        "Donnerstag um 15 Uhr passt uns leider nicht.",
        "Merci de répondre d'ici vendredi midi.",
        "Place du 8 Mai 1945, 10 h à pied",
        "El enlace caduca el viernes a las 23:59.",
        "Responda, por favor, até sexta ao meio-dia.",
        "I nostri uffici sono aperti dal lunedì al venerdì dalle 9 alle 18.",
        "Graag reactie uiterlijk vrijdag 12.00 uur.",
        "Czwartek o 15:00 nam nie pasuje.",
    ],
)
def test_what_is_no_offer_elsewhere(text: str) -> None:
    assert offers(text, SETTING) == []


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Thu 9am PST", "America/Los_Angeles"),
        ("Thu 9am my time", "America/New_York"),
        ("Thu 9am your time", "Europe/Berlin"),
        ("Thu 09:00 GMT+2", "Etc/GMT-2"),
        ("Thu 9am. All times are UK time.", "Europe/London"),
        ("Thursday 09:00 (UTC-08:00) Pacific Time (US & Canada)", "America/Los_Angeles"),
        ("Donnerstag, 9 Uhr Londoner Zeit", "Europe/London"),
        ("jueves a las 9, hora de Nueva York", "America/New_York"),
    ],
)
def test_zones(text: str, zone: str) -> None:
    (found,) = understand(text, NEW_YORK).understood
    assert found.zone == zone
    assert found.interval is not None
    assert found.interval.start.astimezone(ZoneInfo(zone)).hour == 9


def test_two_zones_that_disagree_are_two_readings() -> None:
    (found,) = understand("Thu 11am ET (3pm CEST)", NEW_YORK).understood
    assert found.kind is UnderstoodKind.AMBIGUOUS


@pytest.mark.parametrize(
    "text", ["Tue 25:00", "31 June 10:00", "Sun 28 March 2027 02:30 Berlin time", "\x00\x1b[31m Tue"]
)
def test_what_does_not_exist_is_told_and_not_invented(text: str) -> None:
    assert offers(text, SETTING) == []


def test_many_times_are_bounded() -> None:
    text = "\n".join(f"{day} June at {hour}:00" for hour in range(10, 24) for day in range(2, 30))
    assert len(understand(text, NEW_YORK).understood) == 100


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Interview (option 1)", True),
        ("Gespräch: Terminvorschlag 2", True),
        ("Entretien – créneau 3", True),
        ("Rozmowa, propozycja 1", True),
        ("Interview (round 1)", False),
        ("2. Gespräch", False),
    ],
)
def test_a_title_may_call_it_one_of_several(title: str, expected: bool) -> None:
    assert calls_option(title) is expected


def test_a_text_may_say_how_long_it_lasts() -> None:
    found = understand("A 30-minute chat on Tuesday at 3pm?", NEW_YORK._replace(length=None))
    assert found.length == timedelta(minutes=30)
    assert [told(one) for one in found.understood] == ["Tue 02 15:00-15:30"]


def test_a_window_needs_the_length_of_the_meeting() -> None:
    (found,) = understand("Tuesday afternoon", NEW_YORK._replace(length=None)).understood
    assert found.kind is UnderstoodKind.NOT_UNDERSTOOD
    assert "how long the meeting lasts" in found.note


@pytest.mark.parametrize(
    ("country", "zones"),
    [
        ("IN", ["Asia/Kolkata"]),
        ("IE", ["Europe/Dublin"]),
        (None, ["Asia/Jerusalem", "Asia/Kolkata", "Europe/Dublin"]),
    ],
)
def test_an_abbreviation_of_several_zones_is_read_by_their_country(
    country: str | None, zones: list[str]
) -> None:
    (found,) = understand("Tuesday at 15:00 IST", SETTING._replace(country=country)).understood
    assert sorted(meaning.zone for meaning in found.readings) == zones
