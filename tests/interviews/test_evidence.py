"""Which events are interviews: a table for each language, and one for each kind of sign."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agendas import read_occurrence, stretch
from lastresort.interviews.evidence import LEVELS, Evidence, Owner, _worth_reading, find_owner, weigh
from lastresort.interviews.words import FOLDER, prepare, read_tables
from lastresort.model import Agenda, Busy, BusyReason, Event, Occurrence, Person

if TYPE_CHECKING:
    from collections.abc import Callable

OWNER = find_owner(["dana@work.example", "dana@gmail.com"])

CERTAIN = """
en: Onsite – Acme
en: Tech screen
de: Probearbeiten
ja: カジュアル面談
en: Interview
en: Interview with Acme (Platform)
en: Acme: Technical Interview (Backend Engineer)
en: Phone screen | Globex
en: Final round interview – Initech
en: Onsite interview, Staff Engineer
en: Virtual onsite – Acme
en: Hiring manager chat
en: Recruiter call
en: Panel interview (Acme)
en: INTERVIEW - ACME
en: Interview: Visual Designer at Hooli
en: Research Scientist interview at Globex
en: Interview – Press Officer – City Council
de: Vorstellungsgespräch
de: Vorstellungsgespräch bei Müller GmbH
de: VORSTELLUNGSGESPRAECH Siemens
de: Bewerbungsgespräch Sachbearbeiter
de: Telefoninterview mit Frau Weber
de: Jobinterview
de: Zweitgespräch: Vorstellungsgespräch Teil 2
de: Interviewtermin Stadtwerke
fr: Entretien d'embauche chez Dupont & Fils
fr: Entretien d’embauche
fr: Entretien technique – Ubisoft
fr: Entretien RH
fr: Entretien de recrutement
fr: Premier entretien Capgemini
es: Entrevista
es: Entrevista de trabajo en Mercadona
es: Entrevista técnica – Glovo
es: Segunda entrevista Inditex
it: Colloquio di lavoro
it: Colloquio conoscitivo presso Ferrari
it: Colloquio tecnico
nl: Sollicitatiegesprek
nl: Sollicitatiegesprek bij ASML
nl: Tweede sollicitatiegesprek
pt: Entrevista de emprego
pt: Entrevista de emprego na Nubank
pt: Entrevista com o RH
pl: Rozmowa kwalifikacyjna
pl: Rozmowa rekrutacyjna – Allegro
pl: Rozmowa techniczna
sv: Anställningsintervju på Spotify
sv: Jobbintervju
da: Jobsamtale hos Maersk
da: Ansættelsessamtale
no: Jobbintervju hos Equinor
fi: Työhaastattelu
fi: Haastattelu Nokia
cs: Pohovor
cs: Pracovní pohovor – Avast
sk: Pracovný pohovor
hu: Állásinterjú
ro: Interviu de angajare
el: Συνέντευξη εργασίας
tr: İş görüşmesi
tr: Teknik mülakat
ru: Собеседование в Яндекс
ru: Техническое собеседование
uk: Співбесіда
hr: Razgovor za posao
zh: 面试
zh: 腾讯 技术面试
zh: 字节跳动面试(二面)
zh: 面試邀請
ja: 一次面接
ja: 株式会社アクメ 最終面接
ja: 面接
ko: 면접
ko: 삼성전자 1차 면접
ko: 네이버 기술면접
hi: साक्षात्कार
hi: नौकरी के लिए साक्षात्कार
hi: इंटरव्यू
ar: مقابلة عمل
ar: مقابلة مع شركة
"""

POSSIBLE = """
en: Informational interview with Sam
en: Onsite
en: Coding challenge
de: Kennenlerngespräch
de: Erstgespräch
fr: Entretien
it: Colloquio
nl: Kennismakingsgesprek
pl: Rekrutacja
"""

NOTHING = """
en: Interview panel
en: Candidate interview
en: Visa interview
en: School interview
es: Entrevista con candidato
ja: 面接官
zh: 面试官
ko: 면접관
ru: Собеседование кандидата
en: Interview prep
en: Prep: Acme interview
en: Mock interview
en: Interview notes
en: Interview debrief – backend role
en: User interviews
en: User research interview
en: Customer interview with Globex
en: Interviewing candidates
en: Interviewer training
en: Podcast interview
en: Radio interview about the book
en: Exit interview
en: Thank you note after interview
en: Train to interview
en: Canceled: Interview with Acme
en: Declined: Interview with Acme
en: Team sync
en: 1:1 with Sam
en: Phone screen repair
en: Lunch
en: Sprint review
en: Onboarding
en: Intro call
de: Vorbereitung Vorstellungsgespräch
de: Bewerbungstraining
de: Kundeninterview Projekt Nord
de: Exit-Interview
de: Mitarbeitergespräch
de: Elterngespräch
de: Abgesagt: Vorstellungsgespräch
fr: Préparation entretien d'embauche
fr: Entretien annuel
fr: Entretien voiture
fr: Annulé : Entretien d'embauche
es: Preparar entrevista
es: Entrevista de salida
es: Simulacro de entrevista
it: Colloqui scuola
it: Preparazione colloquio di lavoro
nl: Voorbereiding sollicitatiegesprek
nl: Sollicitatiebrief schrijven
pt: Preparar entrevista
pl: Przygotowanie do rozmowy kwalifikacyjnej
sv: Förberedelse intervju
da: Medarbejdersamtale
fi: Käyttäjähaastattelu
cs: Příprava na pohovor
hu: Sajtóinterjú
ru: Подготовка к собеседованию
zh: 面试准备
zh: 模拟面试
ja: 面接対策
ja: ユーザーインタビュー
ja: 三者面談
ko: 면접 준비
hi: साक्षात्कार की तैयारी
ar: تحضير مقابلة
"""


def rows(table: str) -> list[str]:
    return table.strip().splitlines()


def event(title: str, **facts: object) -> Occurrence:
    interval = stretch("2026-05-05 10:00-11:00")
    return Occurrence(
        Event(**{"source": "work.ics", "uid": "1", "summary": title, **facts}),
        interval,
        Busy.CLASH,
        BusyReason.BUSY,
    )  # type: ignore[arg-type]


def judge(occurrence: Occurrence, owner: Owner = OWNER) -> str:
    evidence = weigh(occurrence, owner)
    return "certain" if evidence.certain else "possible" if evidence.possible else "nothing"


@pytest.mark.parametrize("row", rows(CERTAIN))
def test_titles_that_say_interview(row: str) -> None:
    assert judge(event(row.split(": ", 1)[1])) == "certain"


@pytest.mark.parametrize("row", rows(POSSIBLE))
def test_titles_that_leave_doubt(row: str) -> None:
    assert judge(event(row.split(": ", 1)[1])) == "possible"


@pytest.mark.parametrize("row", rows(NOTHING))
def test_titles_of_something_else(row: str) -> None:
    assert judge(event(row.split(": ", 1)[1])) == "nothing"


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("Dana <> Sam: Backend (organiser sam@acme.example)", "possible"),
        ("Dana <> Sam (organiser sam@work.example)", "nothing"),
        ("Onsite - Staff Engineer (organiser sam@acme.example)", "certain"),
        ("Onsite (organiser no-reply@greenhouse.io)", "certain"),
        ("Acme - Dana (organiser no-reply@hire.lever.co)", "certain"),
        ("Acme - Dana (organiser events@ashbyhq.com.evil.example)", "nothing"),
        ("Acme - Dana (organiser sam@acme.example; with interview@goodtime.io)", "certain"),
        ("30 minutes (organiser no-reply@calendly.com)", "nothing"),
        ("Intro call (organiser sam@acme.example)", "possible"),
        ("Call (organiser sam@acme.example; notes your phone interview for the backend role)", "certain"),
        ("Call (notes about the job interview at Acme)", "possible"),
        ("Call (organiser sam@acme.example; notes we prepare the job interview)", "nothing"),
        ("Call (notes https://my.greenhouse.io/interviews/1)", "possible"),
        ("Exercise (notes https://app.coderpad.io/XYZ)", "possible"),
        ("Acme (calendar Job search)", "possible"),
        ("Acme (categories Interview)", "possible"),
        ("Acme (calendar Bewerbungen; organiser sam@acme.example)", "certain"),
        ("Interview: John Roe (organiser hr@work.example; 4 attendees)", "nothing"),
        ("Interview (organiser dana@work.example; with john@gmail.com)", "possible"),
        ("Interview (organiser dana@work.example)", "certain"),
        ("Interview (series)", "possible"),
        ("Interview panel (series)", "nothing"),
        ("Interview (free)", "certain"),
        (
            "Interview (organiser sam@acme.example; notes Interview kit: https://app.greenhouse.io/guides/1)",
            "possible",
        ),
        ("Interview with our CEO (organiser press@acme.example; 40 attendees)", "certain"),
    ],
)
def test_signs_beside_the_title(line: str, verdict: str) -> None:
    occurrence = read_occurrence(f"2026-05-05 10:00-11:00 {line}", "Europe/Berlin", ("dana@work.example",), 0)
    assert judge(occurrence) == verdict


def test_an_all_day_interview_is_only_possible(agenda: Callable[..., Agenda]) -> None:
    """
    2026-05-05 all day Interview Acme
    """
    assert judge(agenda().occurrences[0]) == "possible"


def test_every_sign_says_itself() -> None:
    occurrence = event(
        "Vorstellungsgespräch: Leiter Einkauf",
        organizer=Person("no-reply@greenhouse.io"),
        categories=("Interview",),
    )
    assert weigh(occurrence, OWNER).because == (
        "the title says “Vorstellungsgespräch”",
        "the invitation comes from Greenhouse",
        "a category says “Interview”",
        "the title names a role",
        "the organiser is outside your own domains",
    )


def test_a_service_among_very_many_attendees_tells_nothing() -> None:
    """Where hundreds take part, some hiring service is among them by chance."""
    service, others = Person("no-reply@greenhouse.io"), [Person(f"p{n}@acme.example") for n in range(10)]
    few = weigh(event("Catch-up", attendees=(service, *others[:9])), OWNER)
    many = weigh(event("Catch-up", attendees=(service, *others)), OWNER)
    assert any("Greenhouse" in why for why in few.because)
    assert not any("Greenhouse" in why for why in many.because)


def test_a_mail_provider_is_no_domain_of_mine() -> None:
    occurrence = event("Interview: Jane", organizer=Person("recruiter@gmail.com"))
    assert "the organiser is outside your own domains" in weigh(occurrence, OWNER).because


def test_without_known_addresses_nobody_is_outside() -> None:
    occurrence = event("Interview", organizer=Person("sam@acme.example"))
    assert weigh(occurrence, find_owner([])) == Evidence(5, ("the title says “Interview”",))


def test_the_gate_lets_every_term_through() -> None:
    for level, _ in LEVELS:
        terms = read_tables("interviews")[level].terms(other_script=True)
        for term in (*terms.words, *itertools.chain.from_iterable(terms.phrases.values()), *terms.others):
            assert _worth_reading(prepare(term.strip("^$ "))), term


def test_every_language_has_its_table() -> None:
    names = {
        name.removeprefix("interviews-")[:2] for name in os.listdir(FOLDER) if name.startswith("interviews-")
    }
    assert names >= {"en", "de", "fr", "es", "it", "nl", "pt", "pl", "zh", "ja", "ko", "hi", "ar"}


@given(
    st.text(max_size=200),
    st.text(max_size=400),
    st.text(max_size=60),
    st.sampled_from(["a@b.example", "", "@", "x@greenhouse.io", None]),
)
def test_any_text_is_weighed(title: str, notes: str, place: str, address: str | None) -> None:
    occurrence = event(
        title, description=notes, location=place, organizer=Person(address), attendees=(Person(address),)
    )
    evidence = weigh(occurrence, OWNER)
    assert evidence.because or evidence.points == 0


@pytest.mark.parametrize(
    "text",
    [
        "interview " * 20_000,
        "<" * 200_000,
        "<a" * 100_000,
        "://" * 70_000,
        "a@" * 100_000,
        "a." * 100_000,
        "面接" * 100_000,
        "\u0301" * 200_000,
    ],
)
def test_hostile_texts_take_no_time(text: str) -> None:
    import time

    started = time.process_time()
    weigh(
        event(
            text, description=text, location=text, url=text, organizer=Person(text), calendar=text, uid=text
        ),
        OWNER,
    )
    assert time.process_time() - started < 1
