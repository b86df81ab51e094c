"""What an event is and whether it may move."""

from __future__ import annotations

import pytest

from agendas import find, moment, read_agenda
from lastresort.errors import UsageError
from lastresort.model import Person
from lastresort.planning.natures import classify, matches
from lastresort.query import MoveRule, Query

QUERY = Query(moment("2026-05-04 09:00"), "Europe/Berlin")
WORK = "me: me@acme.example"


def kind_of(title, details="", *, me=WORK, query=QUERY, times="10:00-11:00"):
    agenda = read_agenda(f"{me}\n2026-05-05 {times} {title} ({details})")
    return classify(agenda.occurrences[0], query, agenda.me)


@pytest.mark.parametrize(
    ("title", "details", "kind"),
    [
        ("Focus time", "", "focus"),
        ("Deep work", "", "focus"),
        ("Fokuszeit", "", "focus"),
        ("Lunch", "", "lunch"),
        ("Mittagspause", "", "lunch"),
        ("ランチ", "", "lunch"),
        ("Dentist", "", "personal"),
        ("Frisör", "", "personal"),
        ("Elternabend", "", "personal"),
        ("Something", "", "personal"),
        ("Dana / me", "with dana@acme.example", "one-to-one"),
        ("1:1 Dana", "", "one-to-one"),
        ("Daily stand-up", "5 attendees; organiser me@acme.example; series", "stand-up"),
        ("Stand-up", "", "stand-up"),
        ("Planning", "with a@acme.example, b@acme.example", "team"),
        ("Weekly meeting", "", "team"),
        ("Lunch with everybody", "with a@acme.example, b@acme.example", "team"),
        ("Offer", "with buyer@customer.example", "external"),
        ("Sync", "with a@acme.example, buyer@customer.example", "external"),
        ("Client call", "", "external"),
        ("Client preparation", "with a@acme.example, b@acme.example", "team"),
        ("Sync", "with a@eu.acme.example, b@acme.example", "team"),
        ("Coffee", "with friend@gmail.com", "one-to-one"),
        ("Blocked", "categories Focus", "focus"),
    ],
)
def test_kinds(title, details, kind):
    found = kind_of(title, details)
    assert (found.kind, found.movable) == (kind, True)
    assert found.because[0].startswith(f"{kind}: ")


@pytest.mark.parametrize(
    ("title", "details", "word"),
    [
        ("Flight LH 123", "", "travel"),
        ("✈️ to Rome", "", "travel"),
        ("Zug nach Köln", "", "travel"),
        ("Vuelo a Madrid", "", "travel"),
        ("TGV Paris-Lyon", "", "travel"),
        ("出差 上海", "", "travel"),
        ("新幹線", "", "travel"),
        ("Driving test", "", "exam"),
        ("Klausur Statistik", "", "exam"),
        ("Egzamin", "", "exam"),
        ("시험", "", "exam"),
        ("Jury duty", "", "court"),
        ("Notartermin", "", "court"),
        ("Knee surgery", "", "hospital"),
        ("Krankenhaus", "", "hospital"),
        ("Cirurgia", "", "hospital"),
        ("Ana & Li wedding", "", "wedding"),
        ("Hochzeit Ina", "", "wedding"),
        ("Funeral", "", "funeral"),
        ("Begrafenis oma", "", "funeral"),
        ("Visa appointment", "", "official"),
        ("Ausländerbehörde", "", "official"),
        ("Questura", "", "official"),
        ("تأشيرة", "", "official"),
        ("Urlaub", "", "time off"),
        ("Parental leave", "", "time off"),
        ("Sync", "out of office", "out of office"),
        ("Sync", "priority 1", "priority"),
        ("Sync", "tentative; priority 5", ""),
        ("Tennis court", "", ""),
        ("Book flights", "", ""),
        ("Study for exam", "", ""),
        ("Exam review", "with a@acme.example, b@acme.example", ""),
        ("Wedding planning", "", ""),
        ("Visa policy sync", "with a@acme.example, b@acme.example", ""),
        ("Train the new model", "", ""),
        ("Holiday party", "", ""),
        ("Betriebsausflug", "", ""),
        ("Sales review", "", ""),
        ("Kundentermin vorbereiten", "", ""),
        ("DB migration", "", ""),
        ("A lot to do", "", ""),
        ("Ice breaker", "", ""),
        ("Time to think", "", ""),
    ],
)
def test_what_cannot_move(title, details, word):
    found = kind_of(title, details)
    assert found.movable is not bool(word)
    assert word in found.fixed


def test_all_day_events_stay():
    agenda = read_agenda("2026-05-05 all day Fair")
    assert classify(agenda.occurrences[0], QUERY).fixed == "lasts all day"


def test_what_is_guarded_stays():
    agenda = read_agenda("2026-05-05 10:00-11:00 Chat")
    (chat,) = agenda.occurrences
    guarded = QUERY._replace(guarded={chat.key: "is an interview itself"})
    assert classify(chat, guarded, agenda.me).fixed == "is an interview itself"
    assert classify(chat, guarded._replace(can_move=("chat",)), agenda.me).movable


@pytest.mark.parametrize(
    ("details", "mine", "people"),
    [
        ("", True, 0),
        ("organiser me@acme.example; 4 attendees", True, 3),
        ("organiser ME@acme.example", True, 0),
        ("organiser boss@acme.example Bo", False, 1),
        ("organiser boss@acme.example Bo; 4 attendees", False, 3),
        ("organiser abc@group.calendar.google.com", True, 0),
    ],
)
def test_who_organises_it(details, mine, people):
    found = kind_of("Planning", details)
    assert (found.mine, found.ask, found.people) == (mine, not mine, people)
    assert found.organiser == ("" if mine else "Bo")


def test_rooms_and_those_who_declined_are_no_people():
    agenda = read_agenda(f"{WORK}\n2026-05-05 10:00-11:00 Sync (with dana@acme.example)")
    event = agenda.occurrences[0].event
    crowd = (
        *event.attendees,
        Person("room@acme.example", cutype="ROOM"),
        Person("lee@acme.example", partstat="DECLINED"),
    )
    occurrence = agenda.occurrences[0]._replace(event=event._replace(attendees=crowd))
    found = classify(occurrence, QUERY, agenda.me)
    assert (found.kind, found.people) == ("one-to-one", 1)


def test_without_my_address_one_of_the_attendees_is_me():
    found = kind_of("Chat", "with a@acme.example, b@acme.example", me="me:")
    assert (found.kind, found.people) == ("one-to-one", 1)


class TestPins:
    def test_words_of_the_title_pin(self):
        query = QUERY._replace(cannot_move=("team SYNC",))
        assert kind_of("The team sync", query=query).fixed == "is pinned by --cannot-move"
        assert kind_of("Sync the team", query=query).movable

    def test_can_move_frees_what_looks_fixed(self):
        assert kind_of("Flight simulator", query=QUERY._replace(can_move=("flight",))).movable
        assert kind_of("Sync", "out of office", query=QUERY._replace(can_move=("sync",))).movable

    def test_the_closer_name_wins(self):
        query = QUERY._replace(cannot_move=("team",), can_move=("team lunch",))
        assert kind_of("Team lunch", query=query).movable
        assert not kind_of("Team sync", query=query).movable
        by_uid = QUERY._replace(cannot_move=("event-0@test",), can_move=("team lunch",))
        assert not kind_of("Team lunch", query=by_uid).movable

    def test_contradictory_pins_are_refused_without_a_title(self):
        query = QUERY._replace(cannot_move=("secret",), can_move=("secret",))
        with pytest.raises(UsageError, match="leave one of the two out") as refusal:
            kind_of("Secret plan", query=query)
        assert "ecret" not in str(refusal.value)

    @pytest.mark.parametrize(
        ("text", "title", "fits"),
        [
            ("dentist", "Dentist appointment", True),
            ("dent", "Dentist appointment", True),
            ("art", "Party", False),
            ("1:1", "Dana 1:1", True),
            ("zahnarzt", "ZAHNARZT", True),
            ("médecin", "Medecin", True),
            ("会議", "定例会議", True),
            ("???", "What???", True),
            (" ", "Anything", False),
        ],
    )
    def test_matching(self, text, title, fits):
        event = find(read_agenda(f"2026-05-05 10:00-11:00 {title}"), title).event
        assert matches(text, event) is fits


class TestRules:
    def test_the_first_rule_that_says_something_decides(self):
        rules = (
            MoveRule("choir", kind="external"),
            MoveRule("choir", movable=False, kind="focus", cost=7),
        )
        found = kind_of("Choir", query=QUERY._replace(rules=rules))
        assert (found.kind, found.points, found.movable) == ("external", 7, False)
        assert "configuration" in found.because[0]

    def test_a_rule_may_name_a_calendar(self):
        query = QUERY._replace(rules=(MoveRule(calendar="Family", movable=False),))
        assert not kind_of("Dinner", "calendar family", query=query).movable
        assert kind_of("Dinner", "calendar Work", query=query).movable

    def test_options_win_over_rules(self):
        query = QUERY._replace(rules=(MoveRule("choir", movable=False),), can_move=("choir",))
        assert kind_of("Choir", query=query).movable
