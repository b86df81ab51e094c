"""`check --each`: many people's calendars, each answered by itself."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from calendars import write_calendar
from lastresort.jobs import each
from lastresort.jobs.each import OnePerson, answer_each, find_people, worst_of
from lastresort.outputs.schema import check_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from commandline import Ran

TALK = "Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example Ann; 2 attendees)"
OPTIONS = ("--now", "2026-05-11T08:00", "--tz", "Europe/Berlin")
PEOPLE = {
    "ada": TALK,
    "ben": f"{TALK}\nTue 2026-05-12 10:30-11:30 Gym",
    "cleo": f"{TALK}\nTue 2026-05-12 10:00-11:00 Court hearing",
    "dan": "Tue 2026-05-12 12:00-13:00 Lunch",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a calendar for each person, and one that is none."""
    place = tmp_path / "people"
    place.mkdir()
    for name, text in PEOPLE.items():
        write_calendar(place / f"{name}.ics", text)
    (place / "eve.ics").write_text("no calendar")
    (place / "notes.txt").write_text("nobody")
    return place


def lines(ran: Ran) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_everybody_has_a_row(run: Callable[..., Ran], folder: Path) -> None:
    ran = run("check", "--each", folder, *OPTIONS)
    rows = [row for row in ran.out.splitlines() if row[3:].split(" ")[0] in {*PEOPLE, "eve"}]
    assert [row[:1] + row[3:7].strip() for row in rows] == ["✓ada", "→ben", "✗cleo", " dan", " eve"]
    assert "5 people · 1 last resort · 1 to rearrange · 1 not read" in ran.out
    assert ran.code == 1


def test_a_row_says_the_verdict_and_draws_no_picture(
    run: Callable[..., Ran], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters and pictures are not made for a row."""

    def refused(*given: object, **options: object) -> None:
        raise AssertionError("a row needs none of this")

    monkeypatch.setattr("lastresort.outputs.view.draw_days", refused)
    monkeypatch.setattr("lastresort.jobs.drafting.compose_drafts", refused)
    monkeypatch.setattr(each, "PROCESSES", 1)
    out = " ".join(run("check", "--each", folder, *OPTIONS).out.split())
    talk = "Tue 12 May, 10:00–11:00 Crumb · Baker"
    assert f"✓ ada {talk}: nothing clashes" in out
    assert f"→ ben {talk}: keep it: 1 change" in out
    assert f"✗ cleo {talk}: ask to move it: the e-mail is ready" in out
    assert "dan no interview" in out


def test_everybody_has_a_document_as_if_alone(run: Callable[..., Ran], folder: Path) -> None:
    schema = Draft202012Validator(json.loads(check_schema()))
    ran = run("check", "--each", folder, *OPTIONS, "--json")
    documents = lines(ran)
    assert [document["person"] for document in documents] == [*PEOPLE, "eve"]
    for document in documents[:-1]:
        schema.validate(document)
        alone = run("check", folder / f"{document['person']}.ics", *OPTIONS, "--json").json
        assert document["interviews"] == alone["interviews"]
    assert set(documents[-1]) == {"version", "person", "error"}


def test_several_sources_are_several_people(run: Callable[..., Ran], folder: Path) -> None:
    ran = run("check", "--each", folder / "ada.ics", folder / "ben.ics", *OPTIONS, "--json")
    assert [document["person"] for document in lines(ran)] == ["ada", "ben"]
    assert ran.code == 3


def test_a_folder_of_folders_is_a_person_each(tmp_path: Path) -> None:
    for name in ("work", "home"):
        (tmp_path / "dana" / name).mkdir(parents=True)
        write_calendar(tmp_path / "dana" / name / "a.ics", TALK)
    (tmp_path / ".hidden").mkdir()
    write_calendar(tmp_path / "dana.ics", TALK)
    found = find_people([str(tmp_path)])
    assert [person.source for person in found] == [str(tmp_path / "dana"), str(tmp_path / "dana.ics")]
    assert len({person.name for person in found}) == 2


@pytest.mark.parametrize(
    ("codes", "worst"), [((0, 5, 3), 3), ((3, 4, 0), 4), ((4, 1), 1), ((0, 0), 0), ((0, 5), 5), ((), 0)]
)
def test_the_worst_answer_is_the_exit_code(codes: tuple[int, ...], worst: int) -> None:
    assert worst_of(codes) == worst


@pytest.mark.parametrize("option", ["--new-only", "--explain", "--notify", "--html=page.html"])
def test_what_speaks_of_one_person_is_refused(run: Callable[..., Ran], folder: Path, option: str) -> None:
    assert run("check", "--each", folder, *OPTIONS, option).code == 2


def test_nobody_is_wrong_usage(run: Callable[..., Ran], tmp_path: Path) -> None:
    assert run("check", "--each", tmp_path, *OPTIONS).code == 2


# -- processes ----------------------------------------------------------------------------------------------


def work(person: OnePerson) -> str:
    """End the process for one, answer for the others."""
    if person.name == "bomb":
        os._exit(9)
    return person.name


def lost(person: OnePerson) -> str:
    return f"{person.name} lost"


def test_a_calendar_that_ends_its_process_costs_nobody_else() -> None:
    names = ["a", "bomb", "b", "c"]
    answers = list(answer_each([OnePerson(name, name) for name in names], work, lost))
    assert answers == ["bomb lost" if name == "bomb" else name for name in names]


class Counted(list[OnePerson]):
    """People who are counted when they are asked for."""

    asked = 0

    def __iter__(self) -> Iterator[OnePerson]:
        for person in super().__iter__():
            self.asked += 1
            yield person


def test_only_a_few_answers_are_kept_at_a_time() -> None:
    people = Counted(OnePerson(str(number), "") for number in range(200))
    answers = answer_each(people, work, lost)
    assert next(answers) == "0"
    answers.close()
    assert people.asked <= each.PROCESSES * each.AHEAD + 1


# -- without --each -----------------------------------------------------------------------------------------


def mixed(place: Path, owners: int) -> list[Path]:
    """Return four calendars of five meetings each, of so many people."""
    files = []
    for number in range(4):
        me = f"p{number % owners}@home.example"
        text = "\n".join(
            f"me: {me}\n2026-05-{12 + day} 09:00-10:00 Sync (organiser a{number}{day}@x.example; 2 attendees)"
            if day == 0
            else f"2026-05-{12 + day} 09:00-10:00 Sync (organiser a{number}{day}@x.example; 2 attendees)"
            for day in range(5)
        )
        files.append(write_calendar(place / f"c{number}.ics", text))
    return files


@pytest.mark.parametrize(("owners", "told"), [(4, True), (2, False)])
def test_calendars_of_many_people_are_told(
    run: Callable[..., Ran], tmp_path: Path, owners: int, told: bool
) -> None:
    ran = run("check", *mixed(tmp_path, owners), *OPTIONS)
    assert ("--each" in ran.err) is told


@pytest.mark.parametrize(("me", "told"), [("p0@home.example", False), ("adviser@school.example", True)])
def test_whose_calendars_are_mine_is_told_by_me(
    run: Callable[..., Ran], tmp_path: Path, me: str, told: bool
) -> None:
    """An adviser is none of those whose calendars are read."""
    ran = run("check", *mixed(tmp_path, 4), *OPTIONS, "--me", me)
    assert ("--each" in ran.err) is told
