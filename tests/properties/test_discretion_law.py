"""Discretion as a law (R17): of a whole calendar an interviewer reads only their own interview.

Every other event carries a mark in whatever a person wrote into it; the marks are looked for in all that is
made for an interviewer: the drafts of every kind in every language, the scripts, the mail and calendar files.
"""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lastresort.cli.files import write_files
from lastresort.cli.options import FileOptions, QuestionOptions, SourceOptions
from lastresort.cli.run import open_session
from lastresort.jobs.check import find_report
from lastresort.jobs.drafting import compose_drafts, letter_after, letter_for
from lastresort.jobs.remembered import background_of
from lastresort.messages.compose import compose
from lastresort.messages.kinds import KINDS
from lastresort.messages.languages import LANGUAGES
from lastresort.model import Document
from lastresort.planning.check import reconsider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lastresort.jobs.session import Session
    from lastresort.planning.report import InterviewReport, Report

START = datetime(2026, 5, 7, 13, tzinfo=UTC)
ME = "sam@home.example"
MARK = re.compile(r"zq(\d+)x")
TITLES = (
    "Dentist", "1:1 {0}", "{0} team sync", "Interview: Data Engineer at {0}", "Phone screen with {0}",
    "Vorstellungsgespräch {0}", "Court hearing {0}", "Focus", "Flight to {0}", "Birthday of {0}",
)  # fmt: skip
SPOKEN = ("phone", "voicemail")
TO_COLLEAGUES = ("ask-organiser", "decline-once", "step-out", "delegate", "call")
TO_INTERVIEWERS = tuple(kind for kind in KINDS if kind not in TO_COLLEAGUES)


class Entry(NamedTuple):
    """One other event: quarters of an hour from the interview's start, its length, and what it looks like."""

    offset: int
    quarters: int
    title: str
    mine: bool
    tentative: bool
    weekly: bool


entries = st.builds(
    Entry,
    st.one_of(st.integers(-4, 4), st.integers(-400, 900)),
    st.integers(1, 12),
    st.sampled_from(TITLES),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


def written(number: int, entry: Entry) -> str:
    """The event with its mark in every property that holds words or names."""
    mark = f"zq{number}x"
    start = START + timedelta(minutes=15 * entry.offset)
    end = start + timedelta(minutes=15 * entry.quarters)
    organizer = ME if entry.mine else f"boss-{mark}@{mark}.example"
    lines = [
        "BEGIN:VEVENT",
        f"UID:{mark}@{mark}.example",
        "DTSTAMP:20260101T000000Z",
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{end:%Y%m%dT%H%M%SZ}",
        f"SUMMARY;LANGUAGE=de:{mark} {entry.title.format(mark)}",
        f"DESCRIPTION:About {mark}\\, call +49 30 1234567 or write to {mark}@{mark}.example",
        f"LOCATION:{mark} street 5\\, {mark}",
        f"URL:https://calendly.com/{mark}",
        f"CATEGORIES:{mark}",
        f'ORGANIZER;CN="Boss {mark}":mailto:{organizer}',
        f'ATTENDEE;CN="Guest {mark}";PARTSTAT=ACCEPTED:mailto:guest-{mark}@{mark}.example',
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ME}",
        "STATUS:TENTATIVE" if entry.tentative else "STATUS:CONFIRMED",
        "RRULE:FREQ=WEEKLY;COUNT=4" if entry.weekly else "PRIORITY:5",
        "END:VEVENT",
    ]
    return "\n".join(lines)


INTERVIEW = f"""BEGIN:VEVENT
UID:the-interview@acme.example
DTSTAMP:20260101T000000Z
DTSTART:{START:%Y%m%dT%H%M%SZ}
DTEND:{START + timedelta(hours=1):%Y%m%dT%H%M%SZ}
SUMMARY:Interview - Staff Engineer - Acme
DESCRIPTION:Technical interview\\, call me on +1 212 555 0100
LOCATION:https://meet.google.com/abc-defg-hij
ORGANIZER;CN=Dana Reyes:mailto:dana@acme.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ME}
ATTENDEE;PARTSTAT=ACCEPTED:mailto:dana@acme.example
END:VEVENT"""


def read(others: list[Entry], hours: int, reason: str, last_resort: bool) -> Session:
    events = [written(number, entry) for number, entry in enumerate(others)]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN", INTERVIEW, *events, "END:VCALENDAR", ""]
    data = "\n".join(lines).replace("\n", "\r\n").encode()
    now = START - timedelta(hours=hours)
    source = SourceOptions(me=[ME], tz="Europe/Berlin", now=now.isoformat())
    question = QuestionOptions(
        interviewer_tz="America/New_York", reason=reason, last_resort=last_resort, within=5
    )
    return open_session(source, question, [Document("calendar", "calendar", lambda: BytesIO(data))])


def told(entry: InterviewReport, report: Report, session: Session) -> Iterator[str]:
    """Every draft for the interviewer: asking, leaving, and what comes after."""
    asked = reconsider(report, entry, session.interviewer_busy, background_of(session))
    letter = letter_for(asked, session)
    after = letter_after(entry.interview, None, report, session)
    agreed = letter.slots[0] if letter.slots else entry.interview.occurrence.interval
    after = after._replace(agreed=agreed, slots=letter.slots)
    for language in LANGUAGES:
        for kind in TO_INTERVIEWERS:
            about = after if kind in ("confirm", "follow-up", "nudge") else letter
            about = about._replace(arrival=START, until=START)
            yield "\n".join(str(part) for part in compose(kind, about, language))


def files(report: Report, session: Session) -> dict[int, list[str]]:
    """The mail, the counter-proposal and the holds of each interview that has to move, by its place."""
    drafts = compose_drafts(report, session, None)
    made: dict[int, list[str]] = {}
    for place in drafts:
        entry = report.interviews[place]
        one = report._replace(interviews=(entry,))
        with tempfile.TemporaryDirectory() as folder:
            wanted = FileOptions(
                eml=f"{folder}/draft.eml", ics=f"{folder}/offer.ics" if entry.slots else None
            )
            write_files(wanted, one, session, {0: drafts[place]})
            made[place] = [readable(path) for path in sorted(Path(folder).iterdir())]
        made[place].append("\n".join(str(part) for part in drafts[place]))
    return made


def readable(path: Path) -> str:
    """The file as its reader sees it: a mail decoded, a calendar unfolded."""
    if path.suffix == ".eml":
        mail = message_from_bytes(path.read_bytes(), policy=default)
        return "\n".join([*map(str, mail.items()), mail.get_content()])
    return path.read_text("utf-8").replace("\n ", "")


def foreign(text: str, entry: InterviewReport) -> set[str]:
    """Marks in the text that are not the interview's own."""
    own = MARK.findall(entry.interview.occurrence.event.uid or "")
    return set(MARK.findall(text)) - set(own)


@settings(max_examples=25)
@given(
    others=st.lists(entries, min_size=1, max_size=6),
    hours=st.sampled_from([3, 30, 100]),
    reason=st.sampled_from(["conflict", "illness", "work", "leisure", "offer", "technical"]),
    last_resort=st.booleans(),
)
@example([Entry(0, 4, TITLES[3], False, False, False)], 100, "conflict", False)
@example([Entry(1, 8, TITLES[6], False, False, False)], 3, "conflict", True)
def test_nothing_of_another_event_reaches_an_interviewer(
    others: list[Entry], hours: int, reason: str, last_resort: bool
) -> None:
    session = read(others, hours, reason, last_resort)
    report = find_report(session)
    assert any(entry.interview.company == "Acme" for entry in report.interviews)
    made = files(report, session)
    for place, entry in enumerate(report.interviews):
        for text in (*told(entry, report, session), *made.get(place, ())):
            assert foreign(text, entry) == set()


def test_the_marks_would_be_seen() -> None:
    """The interview's own words do reach its drafts and files, so a mark in them is found."""
    session = read([Entry(0, 4, TITLES[3], False, False, False)], 100, "conflict", False)
    report = find_report(session)
    marked = next(
        entry for entry in report.interviews if MARK.search(entry.interview.occurrence.event.uid or "")
    )
    other = next(entry for entry in report.interviews if entry is not marked)
    assert all(foreign(text, other) for text in told(marked, report, session))
    assert all(foreign(text, marked) == set() for text in told(marked, report, session))
