"""The word tables of events: the term that is meant is found, in every language, however it is written."""

from __future__ import annotations

import os
from itertools import pairwise

import pytest

from lastresort.planning import vocabulary
from lastresort.planning.vocabulary import PLACES, TITLES, Topic, find_topics

TABLES = sorted(os.listdir(vocabulary.FOLDER))
LANGUAGES = {"en", *vocabulary.LATIN, *(one for *_, languages in vocabulary.SCRIPTS for one in languages)}


def terms(table):
    with open(os.path.join(vocabulary.FOLDER, table), encoding="utf-8") as file:
        parts = f"\n{file.read()}".split("\n[")[1:]
    for part in parts:
        section, _, line = part.partition("]\n")
        yield Topic(section), line.rstrip("\n").split(", ")


def test_every_table_is_of_a_language_that_is_looked_up():
    assert {name.removesuffix(".txt") for name in TABLES} == LANGUAGES


@pytest.mark.parametrize("table", TABLES)
def test_tables_keep_to_the_notation(table):
    sections = list(terms(table))
    assert len({section for section, _ in sections}) == len(sections)
    for section, listed in sections:
        for term in listed:
            assert term == term.strip(), (section, term)
            assert term, section
            assert "\n" not in term, (section, term)
            assert "*" not in term[1:-1], (section, term)
            assert not (term[0] == "*" and " " in term), (section, term)
            assert not ("*" in term and table.removesuffix(".txt") in vocabulary.SPACELESS), (section, term)
            assert len(term.split()) <= vocabulary.MOST_WORDS, (section, term)


@pytest.mark.parametrize("table", TABLES)
def test_terms_are_written_as_texts_are_compared(table):
    for section, listed in terms(table):
        for term in listed:
            bare = term.strip("*^$")
            assert bare == " ".join(find_topics(bare).words), (section, term)


@pytest.mark.parametrize("umlaut", ["für", "prüfung", "rückflug"])
def test_umlauts_have_both_spellings(umlaut):
    def spelt(text):
        return [one for one in find_topics(text).found if one.language == "de"]

    two_letters = umlaut.replace("ü", "ue")
    assert [one.topic for one in spelt(umlaut)] == [one.topic for one in spelt(two_letters)]


@pytest.mark.parametrize("table", TABLES)
def test_every_language_knows_what_cannot_move_and_who_depends(table):
    known = {section for section, _ in terms(table)}
    assert {Topic.FLIGHT, Topic.SHIFT, Topic.EXAM, Topic.SURGERY, Topic.WEDDING, Topic.FUNERAL} <= known
    assert {Topic.CARE, Topic.APPOINTMENT, Topic.SHOW, Topic.TASK, Topic.TEAM} <= known


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Tennis court", Topic.APPOINTMENT),
        ("Court hearing", Topic.COURT),
        ("Orchesterprobe", Topic.CLUB),
        ("Notartermin", Topic.COURT),
        ("Mündliche Prüfung", Topic.EXAM),
        ("MUENDLICHE PRUEFUNG", Topic.EXAM),
        ("Egzaminu", Topic.EXAM),
        ("Wizyta u dentysty", Topic.APPOINTMENT),
        ("Vol pour Oslo", Topic.FLIGHT),
        ("Déclaration d'impôts", Topic.PERSONAL),
        ("Çocuk doktoru randevusu", Topic.APPOINTMENT),
        ("歯科 10時", Topic.APPOINTMENT),
        ("체육대회 시험", Topic.EXAM),
        ("Φυσικοθεραπεία", Topic.APPOINTMENT),
        ("экзамены", Topic.EXAM),
    ],
)
def test_the_term_that_is_meant(title, topic):
    assert topic in {one.topic for one in find_topics(title).found}


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Tennis court", Topic.COURT),
        ("Workshop", Topic.SURGERY),
        ("Beispiel", Topic.EXAM),
        ("Laptop", Topic.SURGERY),
        ("A lot of work", Topic.FLIGHT),
        ("Book club", Topic.TASK),
    ],
)
def test_a_word_inside_another_is_not_meant(title, topic):
    assert not find_topics(title).has(topic)


def test_only_the_topics_asked_for_are_found():
    assert find_topics("Dental clinic", PLACES).has(Topic.AT_PRACTICE)
    assert not find_topics("Dental clinic", TITLES).has(Topic.AT_PRACTICE)


def test_of_long_titles_of_strangers_only_the_beginning_is_looked_at():
    beginning = ("übung " * vocabulary.LONGEST)[: vocabulary.LONGEST]
    assert find_topics(f"{beginning} экзамены 試験 {'x' * 1_000_000}") is find_topics(beginning)


def test_what_is_found_comes_in_the_order_of_the_text():
    found = find_topics("Take mum to the eye clinic, then pick up a parcel").found
    assert all(one.start <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("title", "topic", "quoted"),
    [
        ("Rendez-vous orthodontiste", Topic.APPOINTMENT, "“Rendez-vous”"),
        ("Chercher Léo à l'École !", Topic.FETCH, "“Chercher”"),
        ("(Zahnärztin), 2. OG", Topic.APPOINTMENT, "“Zahnärztin”"),
        ("COURT   hearing: Smith", Topic.COURT, "“COURT   hearing”"),
        ("歯医者に行く", Topic.APPOINTMENT, "“歯医者”"),
        ("Quarterly figures", Topic.COURT, ""),
    ],
)
def test_a_term_is_quoted_as_the_title_writes_it(title, topic, quoted):
    assert find_topics(title).quote(topic) == quoted


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Lunch w/ Mum", ("lunch", "with", "mum")),
        ("Coffee w/Sam", ("coffee", "with", "sam")),
        ("Plan w/c 5 Oct", ("plan", "w", "c", "5", "oct")),
        ("Entwickler (m/w/d)", ("entwickler", "m", "w", "d")),
    ],
)
def test_w_and_a_slash_before_a_name_is_with(title, words):
    assert find_topics(title).words == words
