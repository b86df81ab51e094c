"""The word tables: whole words of any script are found, pieces of other words are not."""

from __future__ import annotations

import itertools
import os
import time

import pytest

from lastresort.interviews import words
from lastresort.interviews.words import Section, Terms, prepare, read_tables

TABLES = sorted(name for name in os.listdir(words.FOLDER) if name.startswith("interviews-"))


def terms_of(*lines: str) -> Section:
    return Section(list(lines))


@pytest.mark.parametrize(
    ("term", "title", "found"),
    [
        ("exam", "Final Exam!", True),
        ("exam", "An example", False),
        ("court", "Courtesy call", False),
        ("stand up", "Stand-up / daily", True),
        ("1 1", "Dana 1:1", True),
        ("1 1", "Sprint 11", False),
        ("prufung", "PRÜFUNG in Mathe", True),
        ("*besprechung", "Teambesprechung", True),
        ("*besprechung", "Besprechungsraum buchen", False),
        ("egzamin*", "Egzaminy wstępne", True),
        ("dejeuner", "Déjeuner avec Léa", True),
        ("l examen", "Passer l’examen", True),
        ("^lot", "Lot Warszawa", True),
        ("^lot", "A lot to do", False),
        ("^nie$", "NIE", True),
        ("^nie$", "Nie vergessen", False),
        ("面试", "二面：面试 上海", True),
        ("ランチ", "田中さんとランチ", True),
        ("시험*", "시험을 보다", True),
        ("परीक्षा", "गणित की परीक्षा", True),
        ("امتحان", "امتحان نهائي", True),
        ("✈", "✈️ LH 123", True),
        ("visa", "ＶＩＳＡ appointment", True),
    ],
)
def test_a_term_is_found_where_a_person_sees_it(term, title, found):
    assert bool(terms_of(term).find(prepare(title))) is found


def test_what_speaks_against_wins():
    court = terms_of("court", "!tennis court")
    assert court.find(prepare("Court, room 5"))
    assert not court.find(prepare("Tennis court 2"))


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_in_order(table):
    with open(os.path.join(words.FOLDER, table), encoding="utf-8") as file:
        lines = file.read().splitlines()
    known = set(read_tables("interviews"))
    section: list[str] = []
    for line in lines:
        if line.startswith("["):
            assert line.strip("[]") in known
            section = []
        elif line and not line.startswith("#"):
            assert line == line.strip()
            assert line not in section
            section.append(line)


@pytest.mark.parametrize("table", sorted(os.listdir(words.FOLDER)))
def test_terms_are_written_as_texts_are_compared(table):
    with open(os.path.join(words.FOLDER, table), encoding="utf-8") as file:
        sections = words.split_sections(file.read())
    for section, parts in sections.items():
        for line in Section(parts).lines:
            bare = line.strip("!*^$")
            text = section == "text"  # pieces of raw text, punctuation and all
            assert bare == (words.fold(bare) if text else " ".join(prepare(bare).words)), (section, line)


@pytest.mark.parametrize("table", TABLES)
def test_every_term_finds_itself(table):
    with open(os.path.join(words.FOLDER, table), encoding="utf-8") as file:
        sections = words.split_sections(file.read())
    for section, parts in sections.items():
        for line in Section(parts).lines:
            if not line.startswith("!"):
                assert terms_of(line).find(prepare(line.strip("*^$"))), (section, line)


def pieces(terms: Terms) -> set[str]:
    return {*itertools.chain.from_iterable(terms.phrases.values()), *terms.others, *terms.against}


@pytest.mark.parametrize("family", ["interviews", "invitations"])
def test_a_term_that_waits_for_its_script_is_in_no_other_text(family):
    for section in read_tables(family).values():
        every, latin = section.terms(other_script=True), section.terms(other_script=False)
        waiting = (every.words - latin.words) | (pieces(every) - pieces(latin))
        assert all(words.has_other_script(term) for term in waiting)
        assert latin.words <= every.words


def test_a_title_may_mix_scripts():
    terms = terms_of("lunch", "!lunch bag", "面试")
    assert terms.find(prepare("Lunch 🍜")) == "lunch"
    assert terms.find(prepare("Acme 面试")) == "面试"
    assert terms.find(prepare("Lunch bag 面试")) is None


def test_a_hostile_title_costs_nothing():
    started = time.process_time()
    for title in ("a " * 500_000, "é" * 100_000, "\u0300" * 100_000, "✈" * 100_000):
        for terms in read_tables("interviews").values():
            terms.find(prepare(title))
    assert time.process_time() - started < 1
