"""What sentences name: role, company, an agency's client, people, in the languages that invitations use."""

from __future__ import annotations

import time

import pytest

from lastresort.interviews.prose import read_text


@pytest.mark.parametrize(
    ("text", "role", "company"),
    [
        ("Thank you for applying for the Baker position at Crumb Ltd.", "Baker", "Crumb Ltd."),
        ("Role: Director, Strategy. Please bring your laptop.", "Director, Strategy", None),
        ("We spoke about the position of Head of Sales at Crumb.", "Head of Sales", "Crumb"),
        (
            "für die Stelle als Kauffrau für Büromanagement ein",
            "Kauffrau für Büromanagement",
            None,
        ),
        ("das Gespräch zur Position Bäckerin (m/w/d) bei der Krume GmbH", "Bäckerin", "Krume GmbH"),
        ("pour le poste de chargée de projet chez Miette", "chargée de projet", "Miette"),
        ("la entrevista para el puesto de Jefa de obra en Miga", "Jefa de obra", "Miga"),
        ("per la posizione di Junior Buyer presso Briciola S.p.A.", "Junior Buyer", "Briciola S.p.A."),
        ("sobre a vaga de Analista de dados na Migalha", "Analista de dados", "Migalha"),
        ("voor de functie van Planner bij Kruimel", "Planner", "Kruimel"),
        ("na stanowisko Kierownik magazynu w firmie Okruszek", "Kierownik magazynu", "Okruszek"),
        ("sökt tjänsten som Ekonom hos oss", "Ekonom", None),
        ("You will meet Quincy Adler, COO of Crumb Bakeries.", None, "Crumb Bakeries"),
        ("You will talk to Ann Roe, CEO in Berlin.", None, None),
        ("на позицию Системный аналитик в компанию Крошка", "Системный аналитик", "Крошка"),
        ("на вакансію QA Engineer у компанії Крихта", "QA Engineer", "Крихта"),
        ("لوظيفة محاسب أول في شركة الفتات", "محاسب أول", "الفتات"),
        ("Satış Müdürü pozisyonu için görüşmeye davetlisiniz", "Satış Müdürü", None),
    ],
)
def test_sentences(text: str, role: str | None, company: str | None) -> None:
    told = read_text(text)
    assert (told.role, told.company) == (role, company)


@pytest.mark.parametrize(
    ("text", "role", "company"),
    [
        ("Hello,\nPosition: Data Analyst\nCompany: Acme Corp", "Data Analyst", "Acme Corp"),
        ("Stelle: Leiter Einkauf (m/w/d)\nUnternehmen: Müller GmbH", "Leiter Einkauf", "Müller GmbH"),
        ("Poste : Développeuse", "Développeuse", None),
        ("職種：データアナリスト", "データアナリスト", None),
        ("Role: https://acme.example/jobs/1", None, None),
        ("the position: we will see about that", None, None),
    ],
)
def test_labelled_lines(text: str, role: str | None, company: str | None) -> None:
    told = read_text(text)
    assert (told.role, told.company) == (role, company)


def test_the_client_of_an_agency() -> None:
    assert read_text("Confirmed with my client (Crumb Bakery) for Tuesday.").client == "Crumb Bakery"


def test_people_behind_their_labels() -> None:
    assert read_text("You'll be meeting with:\n- Ann Lee, Staff Engineer\n").people == ("Ann Lee",)
    assert read_text("Interviewers: Ann Lee and Bob Ray").people == ("Ann Lee", "Bob Ray")
    assert read_text("Rückfragen: Frau Angerer, 08161 5550").people == ("Angerer",)


@pytest.mark.parametrize(
    "text",
    [
        "Please consider the role of tests in our process.",
        "The weather is fine at noon.",
        "If you have received it in error, contact Bob Ray, role: nobody, at Elsewhere Ltd.",
        "",
    ],
)
def test_prose_that_names_nothing(text: str) -> None:
    assert read_text(text)[:3] == (None, None, None)


@pytest.mark.parametrize("piece", ["for the position of ", "a" * 50, "(", "at A ", "和", "<", ": \n- "])
def test_hostile_texts_take_no_time(piece: str) -> None:
    started = time.process_time()
    read_text(piece * (200_000 // len(piece)))
    assert time.process_time() - started < 1
