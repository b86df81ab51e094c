"""The view of a report: what every output draws, in words that are ready to be read."""

from __future__ import annotations

import pytest

from agendas import moment, read_agenda
from lastresort.interviews.detection import Places
from lastresort.model import Problem
from lastresort.outputs.days import BlockKind
from lastresort.outputs.invocation import Invocation
from lastresort.outputs.view import InterviewView, Mark, ReportView, view_report
from lastresort.planning.check import check
from lastresort.query import Query, Reason

NOW = moment("2026-05-04 09:00")
RUN = Invocation(calendars=("a.ics", "--tz", "Berlin"), sources=("a.ics",))
INTERVIEW = (
    "Wed 2026-05-06 14:00-15:00 Interview: Engineer at Acme (organiser dana@acme.example Dana Lee{})\n"
)


def view(calendar: str, reason: Reason = Reason(), run: Invocation = RUN) -> ReportView:  # noqa: B008
    agenda = read_agenda(calendar)
    return view_report(
        check(agenda, Query(NOW, agenda.zone, agenda.me, reason=reason), Places()), {}, (), run
    )


def only(calendar: str, **more: Reason | Invocation) -> InterviewView:
    (one,) = view(calendar, **more).interviews  # type: ignore[arg-type]
    return one


def test_a_clear_interview_needs_nobody() -> None:
    one = only(INTERVIEW.format(""))
    assert (one.sign, one.takes, one.needs_me, one.todos, one.picture) == (
        "✓",
        "nothing clashes",
        False,
        (),
        None,
    )
    assert view(INTERVIEW.format("")).title == "1 interview until Mon 18 May, nothing to do"


def test_each_change_says_who_has_to_know() -> None:
    one = only(
        INTERVIEW.format("")
        + "Wed 2026-05-06 13:30-14:15 Focus time\nWed 2026-05-06 14:45-15:15 1:1 Jan (2 attendees)"
    )
    assert one.plan
    assert [(c.title, c.mark) for c in one.plan.changes] == [
        ("Focus time", Mark.ALONE),
        ("1:1 Jan", Mark.TELL),
    ]
    assert one.takes == "keep it: 2 changes"
    assert [step.carries_out for step in one.todos] == [True]


def test_what_has_to_be_asked_has_offers_on_both_clocks() -> None:
    one = only(INTERVIEW.format("; zone America/New_York") + "Wed 2026-05-06 14:30-15:30 Court hearing")
    assert (one.sign, one.takes) == ("✗", "ask to move it: the e-mail is ready")
    assert [offer.number for offer in one.offers] == [1, 2, 3]
    assert all(offer.there and offer.there != offer.here for offer in one.offers)
    assert next(step.mark for step in one.todos if "message email" in step.command) is Mark.WRITE


def test_commands_name_the_number_where_numbers_are_kept() -> None:
    clash = INTERVIEW.format("") + "Wed 2026-05-06 14:30-15:30 Focus time"
    assert only(clash).todos[0].command == "lastresort apply a.ics --tz Berlin"
    numbered = RUN._replace(numbered=True)
    assert only(clash, run=numbered).todos[0].command == "lastresort apply 1 a.ics"
    assert only(clash, run=numbered).run.command("message nudge --sent") == (
        "lastresort message nudge 1 a.ics --sent"
    )


def test_a_guessed_zone_is_a_question_only_where_it_matters() -> None:
    court = "Wed 2026-05-06 14:30-15:30 Court hearing"
    (question,) = only(INTERVIEW.format("; zone UTC") + court).questions
    assert (question.option, "yours is assumed" in question.text) == ("--interviewer-tz", True)
    assert only(INTERVIEW.format("; zone UTC")).questions == ()


def test_the_picture_has_a_row_for_each_day_that_matters() -> None:
    picture = only(INTERVIEW.format("") + "Wed 2026-05-06 14:30-15:30 Court hearing").picture
    assert picture
    by_day = [{block.kind for block in row.blocks} for row in picture.rows]
    assert any({BlockKind.INTERVIEW, BlockKind.CLASH} <= kinds for kinds in by_day)
    assert sum(BlockKind.OFFER in kinds for kinds in by_day) == 3
    assert (picture.first, picture.last) == (8, 19)


@pytest.mark.parametrize("title", ["two\nlines", "\x1b[31mred", "\u202edesrever"])
def test_no_text_holds_what_would_steer_a_terminal(title: str) -> None:
    agenda = read_agenda(INTERVIEW.format("") + "Wed 2026-05-06 14:30-15:30 Focus time")
    poisoned = tuple(
        one._replace(event=one.event._replace(summary=f"{one.event.summary} {title}"))
        for one in agenda.occurrences
    )
    report = check(agenda._replace(occurrences=poisoned), Query(NOW, agenda.zone, agenda.me), Places())
    (one,) = view_report(report, {}).interviews
    assert one.plan
    assert all(text.isprintable() for text in (one.name, one.plan.changes[0].title, one.clashes[0].title))


def test_nothing_is_promised_about_what_was_not_read() -> None:
    agenda = read_agenda(INTERVIEW.format(""))
    lost = agenda._replace(problems=(Problem("a.ics", "x", "half of it is missing", lost=True),))
    report = check(lost, Query(NOW, agenda.zone, agenda.me), Places())
    assert view_report(report, {}).title == "1 interview until Mon 18 May, but not everything could be read"


def test_stepping_out_in_the_middle_tells_when_i_am_there() -> None:
    one = only(INTERVIEW.format("") + "Wed 2026-05-06 13:00-17:00 Training (organiser hr@home.example)")
    assert one.plan
    (change,) = one.plan.changes
    assert (change.verb, change.new) == ("Step out of", "Wed 6 May, 13:00–14:00 and 15:00–17:00")
