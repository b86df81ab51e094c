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


FIRM = {"fixed", "set-time", "care"}


def nature_of(title, details="", *, times="14:00-15:00", **options):
    return kind_of(title, details, times=times, **options).nature.value


@pytest.mark.parametrize(
    ("nature", "titles"),
    [
        (
            "fixed",
            (
                "Night shift; Rufbereitschaft; Astreinte; Guardia; Turno di notte; Dyżur; "
                "Nachtdienst; Nattpass; Minijob; Petit boulot; Bijbaan; Brigáda; 兼职; Saturday job; "
                "KL 1433; Eurostar to Lille; 07:52 to Leeds; Zug nach Ulm; Pociąg do Gdyni; "
                "Comboio para Faro; "
                "Dissertation defence; Klausur Chemie; Soutenance; Tentamen; Zkouška z fyziky; "
                "Іспит; 期末試験; "
                "Notary; Rogito; Escritura notário; Akte passeren; Adliye duruşma; "
                "Ausländerbehörde; Questura; "
                "Knee surgery; Darmspiegelung; Échographie; Resonancia; Bestraling; Operace; Ameliyat; "
                "Anna's wedding; Trauung; Obsèques; Entierro; Battesimo; Begravelse; Esküvő; 葬儀; "
                "House move; Schlüsselübergabe; État des lieux; Mudanza; Trasloco; Oplevering; Stěhování"
            ),
        ),
        (
            "set-time",
            (
                "Opera tickets; Schultheater; Kermesse; Función del cole; Recita scolastica; "
                "Ouderavond; Wywiadówka; "
                "Lecture; Vorlesung BWL; Travaux dirigés; Clase de piano; Lezione di yoga; "
                "Zwemles; Wykład; Föreläsning; "
                "Jumu'ah; Próba orkiestry; "
                "Sunday mass; Freitagsgebet; Messe de minuit; Kerkdienst; Cuma namazı; "
                "Cup final; Heimspiel; Partido de pádel; Torneo; Mecz; Maraton; "
                "Choir rehearsal; Generalprobe; Assemblée générale; Webinar: tax basics; Утренник"
            ),
        ),
        (
            "care",
            (
                "School run; Nursery pick-up; Collect Emma; Take grandad to the clinic; "
                "Babysitting; Look after the twins; "
                "Kinder abholen; Oma zum Arzt bringen; Chercher les enfants; "
                "Emmener mamie chez le dentiste; "
                "Recoger a los niños; Llevar a mi padre al hospital; Prendere i bambini; Kinderen ophalen; "
                "Levar a mãe ao médico; Odebrać córkę z przedszkola; Hämta barnen; Hente børn; "
                "Vyzvednout děti; "
                "Забрати дітей; Забрать детей; お迎え; 接孩子; 어린이집 하원; Çocukları okuldan al"
            ),
        ),
        (
            "appointment",
            (
                "Hygienist; Haircut; Boiler service; Flat viewing; Table for two; Dr. Weber; "
                "Zahnarzttermin; Reifenwechsel; "
                "Ostéopathe; Contrôle technique; Fontanero; Cabeleireira; Gommista; Loodgieter; "
                "Fryzjer; Tandläkare; "
                "Frisør; Hammaslääkäri; Kadeřník; Fodrász; Frizer; Kuaför; Стоматолог; "
                "Κομμωτήριο; 歯医者; 牙医; 미용실"
            ),
        ),
        (
            "own",
            (
                "Deep work; Bouldering; Groceries; Walk the dog; Buy a wedding present; "
                "Book the dentist; Pay court fees; "
                "Prüfungsvorbereitung; Blumen gießen; Réviser; Faire les courses; "
                "Comprar regalo; Fare la spesa; "
                "Boodschappen; Estudar para o exame; Siłownia; Städa; Uczyć się do egzaminu; "
                "Pick up a parcel; Paket abholen"
            ),
        ),
        (
            "shared",
            (
                "Client call; Sprint planning; 1:1 Dana; Kundentermin; Lenkungskreis; "
                "Réunion d'équipe; Reunión de equipo; "
                "Riunione di reparto; Teamoverleg; Spotkanie zespołu; Kundmöte; Porada; "
                "Toplantı; Совещание; 会議; 周会"
            ),
        ),
        ("unknown", "Anna; Riverside; TBD; ???; Ben + Lea; Blau; Xyz 7"),
    ],
)
def test_natures_in_many_languages(nature, titles):
    wrong = {title: found for title in titles.split("; ") if (found := nature_of(title)) != nature}
    assert wrong == {}


@pytest.mark.parametrize(
    ("title", "details", "nature"),
    [
        ("Visa team sync", "with a@acme.example, b@acme.example", "shared"),
        ("Umzug der Datenbank", "with a@acme.example, b@acme.example", "shared"),
        ("Train the trainer", "with a@acme.example, b@acme.example", "shared"),
        ("Exam board", "with a@acme.example, b@acme.example", "shared"),
        ("Class diagram review", "with a@acme.example", "shared"),
        ("Wedding Ana & Jo", "with ana@gmail.com, jo@gmail.com", "fixed"),
        ("Flight to Oslo", "with a@acme.example", "fixed"),
        ("Nursery pick-up", "with papa@gmail.com", "care"),
        ("Your appointment", "organiser desk@smiles.example Desk; with desk@smiles.example", "appointment"),
        ("Webinar: new law", "organiser info@law.example; 5 attendees", "set-time"),
        ("Concert", "with jo@gmail.com", "set-time"),
        ("Coffee", "with jo@gmail.com", "shared"),
    ],
)
def test_who_takes_part_decides_what_a_word_means(title, details, nature):
    assert nature_of(title, details) == nature


@pytest.mark.parametrize(
    ("title", "details", "nature"),
    [
        ("Cleaning", "at City Dental Practice", "appointment"),
        ("Court", "at Riverside Tennis Club", "set-time"),
        ("Macbeth", "at Globe Theatre", "set-time"),
        ("Max", "categories School run", "care"),
        ("Statistics", "categories Exam", "fixed"),
        ("Anna", "categories Work", "unknown"),
        ("Swan Lake", "notes Your tickets are attached", "set-time"),
        ("Home", "notes Boarding pass and seat 14C", "fixed"),
    ],
)
def test_where_a_title_says_little_place_and_text_do(title, details, nature):
    assert nature_of(title, details) == nature


@pytest.mark.parametrize(
    ("times", "nature"),
    [
        ("14:00-15:00", "unknown"),
        ("10:00-14:00", "fixed"),
        ("07:30-08:30", "fixed"),
        ("18:30-19:30", "fixed"),
        ("08:00-09:00", "unknown"),
    ],
)
def test_what_nothing_explains_is_fixed_when_it_is_long_or_outside_the_day(times, nature):
    assert nature_of("Anna", times=times) == nature


def test_work_is_working_time_when_it_lasts():
    assert nature_of("Work", times="09:00-17:00") == "fixed"
    assert nature_of("Work", times="14:00-15:00") != "fixed"


@pytest.mark.parametrize(
    ("title", "hours"), [("Flight LH 900", (2, 1)), ("ICE 573", (0.5, 0.5)), ("Exam", (0, 0))]
)
def test_a_journey_needs_time_around_it(title, hours):
    margin = kind_of(title).margin
    assert tuple(time.total_seconds() / 3600 for time in margin) == hours
