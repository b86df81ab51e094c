"""From decisions to wishes: which documents can be changed, and what edit a move needs."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest

from agendas import read_agenda, read_occurrence, stretch
from lastresort.changes.apply import Change
from lastresort.changes.plan import (
    PlannedEdit,
    can_change,
    document_of,
    edit_for,
    hold_steps,
    show_diff,
    to_import,
    wishes_for,
)
from lastresort.errors import RefusedError
from lastresort.ics.editor import Context, Insert, Remove, Reschedule, Skip
from lastresort.model import Document
from lastresort.planning.actions import Action, Who
from lastresort.planning.rearrange import Move
from lastresort.planning.subjects import Nature

SERVER = "https://dav.example/me/work/focus.ics"
EVENT = read_occurrence("2026-05-05 10:00-11:00 Focus (uid focus)", "Europe/Berlin", (), 0)


def kept(path: str | None, version: str | None = None) -> Document:
    return Document("work.ics", "work.ics", lambda: BytesIO(b""), path=path, version=version)


@pytest.mark.parametrize(
    ("document", "can"),
    [
        (kept("/home/me/work.ics"), True), (kept(None), False), (kept(None, '"1"'), False),
        (kept(SERVER, '"1"'), True), (kept(SERVER), False),
    ],
)  # fmt: skip
def test_what_can_be_changed_where_it_lies(document: Document, can: bool) -> None:
    assert can_change(document) is can
    assert bool(wishes_for([PlannedEdit(document, Remove("focus"))])) is can


def move(event: str, new: str | None) -> Move:
    occurrence = read_occurrence(event, "Europe/Berlin", (), 0)
    action = Action.SKIP if new is None else Action.MOVE
    return Move(
        occurrence=occurrence,
        action=action,
        who=Who.ME,
        new=stretch(new) if new else None,
        cost=0.0,
        because=(),
        nature=Nature.OWN,
    )


FOCUS = "2026-05-05 10:00-11:00 Focus (uid focus)"


def test_a_move_is_a_new_time_and_a_skip_is_none() -> None:
    old, new = stretch("2026-05-05 10:00-11:00"), "2026-05-05 14:00-15:00"
    assert edit_for(move(FOCUS, new)) == Reschedule("focus", None, old, stretch(new))
    assert edit_for(move(FOCUS, None)) == Skip("focus", None, old)


@pytest.mark.parametrize("new", ["2026-05-05 14:00-15:00", None])
def test_an_event_without_uid_cannot_be_found_again(new: str | None) -> None:
    nameless = move(FOCUS, new)
    event = nameless.occurrence.event._replace(uid=None)
    nameless = nameless._replace(occurrence=nameless.occurrence._replace(event=event))
    with pytest.raises(RefusedError, match="has no UID"):
        edit_for(nameless)


def test_an_event_stands_in_the_document_of_its_name_and_source() -> None:
    own = EVENT.event._replace(document="work.ics", source="home")
    occurrence = EVENT._replace(event=own)
    named, meant = (Document("work.ics", source, lambda: BytesIO(b"")) for source in ("work", "home"))
    other = Document("else.ics", "home", lambda: BytesIO(b""))
    assert document_of(occurrence, [other, named, meant]) is meant
    assert document_of(occurrence, [other, named]) is None


HERE = Context("Europe/Berlin", datetime(2026, 5, 1, 7, tzinfo=UTC), "work.ics")


def calendar(*uids: str) -> bytes:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:20260505T080000Z\r\nDTEND:20260505T090000Z\r\nEND:VEVENT\r\n"
        for uid in uids
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode()


def lying(source: str, path: str | None, *uids: str) -> Document:
    return Document("cal/work.ics", source, lambda: BytesIO(calendar(*uids)), path=path)


@pytest.mark.parametrize(
    ("document", "apart"),
    [
        (lying("cal", "/cal/work.ics", "talk"), True),
        (lying("cal", "/cal/work.ics", "talk", "lunch"), False),
        (lying("cal/work.ics", "/cal/work.ics", "talk"), False),
        (lying("cal", None, "talk"), False),
    ],
    ids=["a file for one event", "a file for several", "a calendar with one event", "cannot be written"],
)
def test_a_held_time_gets_a_file_of_its_own_only_where_events_have_one(
    document: Document, apart: bool
) -> None:
    interview = read_occurrence("2026-05-05 10:00-11:00 Interview (uid talk)", "Europe/Berlin", (), 0)
    slot = stretch("2026-05-06 10:00-11:00")
    agenda = read_agenda("2026-05-05 10:00-11:00 Interview (uid talk)")
    ((step, held),) = hold_steps([slot], interview, agenda, document, HERE)
    assert held == slot
    assert (step.document.path != document.path) is apart


def test_what_cannot_be_written_is_handed_out_as_a_calendar_to_import() -> None:
    document, written = lying("cal", None, "focus", "lunch", "talk"), lying("cal", "/cal/work.ics", "focus")
    old, new = stretch("2026-05-05 10:00-11:00"), stretch("2026-05-05 14:00-15:00")
    steps = [
        PlannedEdit(document, Reschedule("focus", None, old, new)),
        PlannedEdit(document, Skip("lunch", None, old)),
        PlannedEdit(document, Insert(calendar("hold"))),
        PlannedEdit(written, Reschedule("focus", None, old, new)),
    ]
    ((name, data),) = to_import(steps, HERE)
    assert name == "cal/work.ics"
    assert (b"UID:focus" in data, b"UID:hold" in data, b"UID:talk" in data) == (True, True, False)
    assert b"DTSTART:20260505T120000Z" in data
    ((path, edits),) = [(wish.path, wish.edits) for wish in wishes_for(steps)]
    assert (path, len(edits)) == ("/cal/work.ics", 1)


def rows(count: int, **other: str) -> bytes:
    """A file of so many lines, some of them other than usual: `L3="new"`."""
    usual = {f"L{number}": f"line {number} as it always was" for number in range(1, count + 1)}
    return "".join(f"{line}\r\n" for line in (usual | other).values()).encode()


def shown(before: bytes | None, after: bytes | None) -> list[str]:
    return show_diff(Change(path="/cal/work.ics", name="work.ics", before=before, after=after))


@pytest.mark.parametrize("number", [1, 5, 100, 199, 200])
def test_a_change_is_shown_where_it_stands_and_with_its_neighbours(number: int) -> None:
    old, new, *found = shown(rows(200), rows(200, **{f"L{number}": "new"}))
    assert (old, new) == ("--- work.ics", "+++ work.ics")
    first, last = max(number - 3, 1), min(number + 3, 200)
    around = [(f" line {each} as it always was", each) for each in range(first, last + 1)]
    expected = [text for text, each in around if each < number]
    expected += [f"-line {number} as it always was", "+new"]
    expected += [text for text, each in around if each > number]
    size = last - first + 1
    ended = [row for row in found[1:] if row != " "]
    assert ended == expected
    size += len(found) - 1 - len(ended)  # what follows the last line end counts as a line
    assert found[0] == f"@@ -{first},{size} +{first},{size} @@"


def test_a_file_that_comes_or_goes_is_shown_whole() -> None:
    plus, minus = ([f"{sign}line {number} as it always was" for number in (1, 2)] for sign in "+-")
    assert shown(None, rows(2))[:2] == ["--- /dev/null", "+++ work.ics"]
    assert [row for row in shown(None, rows(2))[3:] if len(row) > 1] == plus
    assert shown(rows(2), None)[:2] == ["--- work.ics", "+++ /dev/null"]
    assert [row for row in shown(rows(2), None)[3:] if len(row) > 1] == minus
