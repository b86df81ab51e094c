"""Moves, skips, holds, settlements and their undoing in any order, with calendars that fail or die midway."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from io import BytesIO

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from storages import Died, MemoryStorage

from agendas import stretch
from lastresort.changes.apply import UnwrittenError, Workbench, carry_out, recover, undo
from lastresort.changes.journal import open_journal
from lastresort.changes.plan import PlannedEdit, document_of, hold_steps, holds_of, wishes_for
from lastresort.errors import RefusedError
from lastresort.ics.editor import Context, Remove, Reschedule, Skip
from lastresort.ics.reader import read_agenda
from lastresort.model import Agenda, BusyReason, Document, Interval, Occurrence

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)
WINDOW = Interval(NOW, NOW + timedelta(days=40))
ZONE = "Europe/Berlin"
QUARTER = timedelta(minutes=15)
SLOTS = [stretch(f"2026-05-0{day} 15:00-16:00") for day in (6, 7, 8)]

WORK = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:talk
DTSTART;TZID=Europe/Berlin:20260505T100000
DTEND;TZID=Europe/Berlin:20260505T110000
SUMMARY:Interview: Baker (Crumb)
END:VEVENT
BEGIN:VEVENT
UID:team
DTSTART;TZID=Europe/Berlin:20260504T100000
DURATION:PT30M
RRULE:FREQ=DAILY;COUNT=9
SUMMARY:Stand-up
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()
FOCUS = b"""BEGIN:VCALENDAR
BEGIN:VEVENT
UID:focus
DTSTART:20260505T083000Z
DTEND:20260505T093000Z
SUMMARY:Focus
END:VEVENT
END:VCALENDAR
"""

Fault = tuple[str, int] | None
faults = st.none() | st.tuples(st.sampled_from(("fails_at", "dies_at")), st.integers(1, 8))


class Changes(RuleBasedStateMachine):
    """The model: the files before each change that stands, latest last."""

    def __init__(self) -> None:
        super().__init__()
        self.state = tempfile.TemporaryDirectory()
        self.storage = MemoryStorage({"/cal/work.ics": WORK, "/cal/home/focus.ics": FOCUS})
        self.bench = Workbench(
            open_journal(self.state.name),
            f"{self.state.name}/locks",
            ZONE,
            NOW,
            storage=self.storage,
            seconds=1,
        )
        self.history: list[dict[str, bytes]] = []

    def teardown(self) -> None:
        self.state.cleanup()

    def documents(self) -> list[Document]:
        return [
            Document(
                path, "/cal/home" if "home" in path else path, lambda data=data: BytesIO(data), path=path
            )
            for path, data in sorted(self.storage.files.items())
        ]

    def agenda(self) -> Agenda:
        return read_agenda(self.documents(), WINDOW, zone=ZONE, system_zone="UTC")

    def standing(self, uid: str, number: int = 0) -> Occurrence:
        found = [one for one in self.agenda().occurrences if one.event.uid == uid]
        return found[number % len(found)]

    def carry_out(self, steps: list[PlannedEdit], fault: Fault) -> None:
        before = dict(self.storage.files)
        wishes = wishes_for(steps)
        self.storage.revive()
        if fault:
            setattr(self.storage, *fault)
        try:
            outcome = carry_out(wishes, ["a change"], self.bench)
        except RefusedError:
            assert self.storage.files == before
        except UnwrittenError:
            assert self.storage.files == before
        except Died:
            self.storage.revive()
            partly = self.storage.files != before
            recover(self.bench)
            assert partly or self.storage.files == before
            if self.storage.files != before:
                self.history.append(before)
        else:
            if outcome.record:
                assert self.storage.files != before
                self.history.append(before)
        self.storage.revive()

    def step(self, one: Occurrence, edit: Reschedule | Skip | Remove) -> PlannedEdit:
        document = document_of(one, self.documents())
        assert document is not None
        return PlannedEdit(document, edit)

    @initialize()
    def begin(self) -> None:
        assert len(self.agenda().occurrences) == 11

    @rule(
        uid=st.sampled_from(("team", "focus")), number=st.integers(0, 8), by=st.integers(-8, 8), fault=faults
    )
    def move(self, uid: str, number: int, by: int, fault: Fault) -> None:
        one = self.standing(uid, number)
        new = Interval(one.interval.start + by * QUARTER, one.interval.end + by * QUARTER)
        self.carry_out([self.step(one, Reschedule(uid, one.recurrence_id, one.interval, new))], fault)
        if not fault:
            assert self.standing_at(uid, new)

    @rule(number=st.integers(0, 8), fault=faults)
    def skip(self, number: int, fault: Fault) -> None:
        left = [one for one in self.agenda().occurrences if one.event.uid == "team"]
        if len(left) < 3:
            return
        one = left[number % len(left)]
        self.carry_out([self.step(one, Skip("team", one.recurrence_id, one.interval))], fault)
        if not fault:
            now = [o.recurrence_id for o in self.agenda().occurrences if o.event.uid == "team"]
            assert one.recurrence_id not in now

    @rule(beside=st.sampled_from(("talk", "focus")), fault=faults)
    def hold(self, beside: str, fault: Fault) -> None:
        document = document_of(self.standing(beside), self.documents())
        assert document is not None
        context = Context(ZONE, NOW, document.name)
        pairs = hold_steps(SLOTS, self.standing("talk"), self.agenda(), document, context)
        self.carry_out([step for step, _ in pairs], fault)
        if not fault:
            held = holds_of(self.standing("talk"), self.agenda())
            assert [one.interval for one in held] == SLOTS
            assert all(one.reason is BusyReason.TENTATIVE for one in held)

    @rule(slot=st.sampled_from(SLOTS), fault=faults)
    def settle(self, slot: Interval, fault: Fault) -> None:
        talk = self.standing("talk")
        steps = [self.step(talk, Reschedule("talk", None, talk.interval, slot, mine=False))]
        steps += [self.step(one, Remove(one.event.uid or "")) for one in holds_of(talk, self.agenda())]
        self.carry_out(steps, fault)
        if not fault:
            assert self.standing("talk").interval == slot
            assert not holds_of(self.standing("talk"), self.agenda())

    @precondition(lambda self: self.history)
    @rule(fault=faults)
    def take_back(self, fault: Fault) -> None:
        before = dict(self.storage.files)
        self.storage.revive()
        if fault:
            setattr(self.storage, *fault)
        try:
            undo(None, self.bench)
        except UnwrittenError:
            assert self.storage.files == before
        except Died:
            self.storage.revive()
            recover(self.bench)
            assert self.storage.files in (before, self.history[-1])
            if self.storage.files == self.history[-1]:
                self.history.pop()
        else:
            assert self.storage.files == self.history.pop()
        self.storage.revive()

    def standing_at(self, uid: str, interval: Interval) -> bool:
        return any(one.event.uid == uid and one.interval == interval for one in self.agenda().occurrences)

    @invariant()
    def every_calendar_is_whole(self) -> None:
        agenda = self.agenda()
        assert agenda.problems == ()
        assert self.standing("talk")


Changes.TestCase.settings = settings(max_examples=20, stateful_step_count=12, deadline=None)
TestChanges = Changes.TestCase
