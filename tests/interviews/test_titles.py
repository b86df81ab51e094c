"""Role and company from titles: only from shapes that leave no doubt."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.interviews.titles import Hints, name_words, read_title, squeeze, write_out

DANA = Hints(mine=name_words(["Dana Smith"]), is_place=lambda text: text in {"Berlin", "New York"})

SHAPES = [
    ("Interview – Staff Engineer – Acme", "Staff Engineer", "Acme"),
    ("Acme <> Dana: Backend", "Backend", "Acme"),
    ("Dana <> Acme: Backend", "Backend", "Acme"),
    ("Interview with Acme (Platform)", "Platform", "Acme"),
    ("Acme: Technical Interview (Backend Engineer)", "Backend Engineer", "Acme"),
    ("Phone screen | Globex", None, "Globex"),
    ("Interview: Backend Engineer (Acme)", "Backend Engineer", "Acme"),
    ("Dana Smith x Acme - hiring manager chat", None, "Acme"),
    ("Acme & Dana: phone screen", None, "Acme"),
    ("Interview Dana Smith / Acme", None, "Acme"),
    ("Amazon interview", None, "Amazon"),
    ("Interview Acme", None, "Acme"),
    ("Acme Technical Interview", None, "Acme"),
    ("Acme onsite day 2", None, "Acme"),
    ("Acme - Interview - Round 2", None, "Acme"),
    ("Software Engineer Interview", "Software Engineer", None),
    ("Senior Product Designer Interview at Acme", "Senior Product Designer", "Acme"),
    ("Interview for Backend Engineer at Acme", "Backend Engineer", "Acme"),
    ("Interview with Globex for the role of Data Engineer", "Data Engineer", "Globex"),
    ("Interview – Head of Design at Fjord", "Head of Design", "Fjord"),
    ("1st round: Product Manager, Growth – Hooli", "Product Manager, Growth", "Hooli"),
    ("Technical phone screen with Globex: Site Reliability Engineer", "Site Reliability Engineer", "Globex"),
    ("Hiring Manager Interview - Data Analyst", "Data Analyst", None),
    ("Onsite @ Globex", None, "Globex"),
    ("Final round - Initech, virtual", None, "Initech"),
    ("Virtual interview via Teams with Initech", None, "Initech"),
    ("Fwd: Invitation: Interview with Acme", None, "Acme"),
    ("Backend Engineer interview, Cloud Infrastructure: Acme GmbH", "Backend Engineer", "Acme GmbH"),
    ("Interview (Head of Software: Platform)", "Head of Software", None),
    ("Phone screen | Care: Nurse", "Nurse", "Care"),
    ("Interview with the Acme team", None, "Acme"),
    ("Recruiter call with Jane from Acme", None, "Acme"),
    ("Jane Doe (Acme) interview", None, "Acme"),
    ("Job interview Contoso Ltd", None, "Contoso Ltd"),
    ("Second Interview: Globex Corp", None, "Globex Corp"),
    ("Interview: Technical Writer - Initech", "Technical Writer", "Initech"),
    ("Vorstellungsgespräch bei Müller GmbH", None, "Müller GmbH"),
    ("Vorstellungsgespräch Softwareentwickler (m/w/d) - Beispiel AG", "Softwareentwickler", "Beispiel AG"),
    ("Interview als Data Scientist bei SAP", "Data Scientist", "SAP"),
    ("Telefoninterview Siemens", None, "Siemens"),
    ("Entretien d'embauche chez Dupont & Fils", None, "Dupont & Fils"),
    ("Entretien technique - Développeur Python - Ubisoft", "Développeur Python", "Ubisoft"),
    ("Entrevista de trabajo en Mercadona", None, "Mercadona"),
    ("Colloquio di lavoro presso Ferrari", None, "Ferrari"),
    ("Sollicitatiegesprek bij ASML", None, "ASML"),
    ("Entrevista de emprego na Nubank", None, "Nubank"),
    ("Rozmowa kwalifikacyjna – Allegro", None, "Allegro"),
    ("Anställningsintervju på Spotify", None, "Spotify"),
    ("株式会社アクメ 一次面接", None, "株式会社アクメ"),
    ("腾讯 面试", None, "腾讯"),
    ("삼성전자 1차 면접", None, "삼성전자"),
]

UNKNOWN = [
    "Interview",
    "面接",
    "Interview with Sarah",
    "Interview with Jane Doe",
    "Interview mit Frau Müller",
    "Interview: Dana Smith",
    "Interview with Hiring Manager",
    "Interview at 10:00",
    "Interview on Monday",
    "Monday interview",
    "Marketing interview",
    "HR interview",
    "Zoom interview",
    "Visa interview",
    "Interview Berlin",
    "Interview in New York",
    "Interview - 60 min - Zoom",
    "Meeting with acme",
    "Interview https://acme.example/x",
    "Interview jane@acme.example",
    "Interview – Globex – Initech",
]


@pytest.mark.parametrize(("title", "role", "company"), SHAPES)
def test_shapes_of_titles(title: str, role: str | None, company: str | None) -> None:
    assert read_title(title, DANA) == (role, company)


@pytest.mark.parametrize("title", UNKNOWN)
def test_what_is_not_sure_stays_unknown(title: str) -> None:
    assert read_title(title, DANA) == (None, None)


def test_people_who_take_part_are_no_company() -> None:
    assert (
        read_title("Interview – Kowalczyk", Hints(people=name_words(["Zbyszko Kowalczyk"]))).company is None
    )


def test_a_known_domain_settles_which_part_is_the_company() -> None:
    hints = Hints(labels=frozenset({"initech"}))
    assert read_title("Interview – Globex – Initech", hints).company == "Initech"
    assert read_title("Interview Initech Backend Engineer", hints) == ("Backend Engineer", "Initech")
    assert read_title("Interview with Frank (Initech GmbH)", hints).company == "Initech GmbH"


def test_names_as_domains_write_them() -> None:
    assert squeeze("Blue-Sky Labs GmbH") == "bluesky"
    assert write_out("bluesky", ["Interview with BlueSky"]) == "BlueSky"
    assert write_out("blue-sky", ["see you at Blue Sky tomorrow"]) == "Blue Sky"
    assert write_out("acme-works", []) == "Acme Works"


@given(st.text(max_size=300), st.text(max_size=100))
def test_any_title_is_read(title: str, name: str) -> None:
    found = read_title(title, Hints(people=name_words([name]), mine=name_words([name[:5]])))
    assert all(part is None or 0 < len(part) <= 80 for part in found)


@pytest.mark.slow
@given(
    st.lists(st.sampled_from([t for t, _, _ in SHAPES] + [" – ", "(", ")", " <> ", ": ", ", "]), max_size=6)
)
def test_shapes_in_any_mixture_are_read(parts: list[str]) -> None:
    read_title("".join(parts), DANA)


@pytest.mark.parametrize(
    "text", ["Interview " * 10_000, "(" * 100_000, " - " * 40_000, "a: " * 40_000, "é" * 100_000]
)
def test_long_titles_take_no_time(text: str) -> None:
    started = time.process_time()
    read_title(text, DANA)
    assert time.process_time() - started < 0.5
