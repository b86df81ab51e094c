"""Each of the sixty-eight pieces of advice is seen by somebody who follows the tool, where they need it.

A row runs commands one after the other and looks at what the last one said. `{cal}` is the calendar, `{utc}`
the same one with times in UTC, which tell nothing of their zone.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

import pytest

from calendars import write_calendar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

    Run = Callable[..., Ran]

ADA = "organiser ada@crumb.example Ada Lovely"
INTERVIEW = f"""
    Thu 2026-05-07 15:00-16:00 Interview: Data Engineer at Crumb ({ADA}; notes Call me on +49 30 5550 117)
"""
ON_SITE = INTERVIEW.replace("notes", "at Lindenstr. 48, 10969 Berlin; notes")
BY_VIDEO = INTERVIEW.replace("notes", "at https://zoom.us/j/99; notes")
COURT = INTERVIEW + "    Thu 2026-05-07 15:30-17:00 Court hearing\n"
FOCUS = INTERVIEW + "    Thu 2026-05-07 15:30-17:00 Focus time\n"
PICK_UP = INTERVIEW + "    Thu 2026-05-07 15:30-16:30 Pick up Mila from school\n"
TWO = f"""
    Thu 2026-05-07 15:00-16:00 Interview: Data Engineer at Crumb ({ADA}; with me, bo@crumb.example Bo Berg)
    Thu 2026-05-07 15:30-17:00 Court hearing
"""
RIVAL = (
    INTERVIEW + "    Thu 2026-05-07 15:30-16:30 Interview with Hooli (organiser h@hooli.example Gus Orr)\n"
)
AGENCY = COURT.replace("ada@crumb.example", "ada@hays.example")
BOOKING = COURT.replace("notes", "notes Move it at https://calendly.com/crumb/45min.")

MON, TUE, WED, THU = (f"2026-05-{day}T10:00+02:00" for day in ("04", "05", "06", "07"))
EVE, OVER = "2026-05-06T18:00+02:00", "2026-05-07T16:30+02:00"


class Piece(NamedTuple):
    number: int
    calendar: str
    commands: tuple[tuple[str, str], ...]
    """When, and what; the last one is looked at."""
    seen: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


def at(*commands: str) -> tuple[tuple[str, str], ...]:
    """`Mon check {cal}`: the moment by its name, then the command."""
    moments = {"Mon": MON, "Tue": TUE, "Wed": WED, "Eve": EVE, "Thu": THU, "Over": OVER}
    return tuple((moments[name], rest) for name, _, rest in (command.partition(" ") for command in commands))


SENT = "Mon message email {cal} --sent"
AGREED = (SENT, "Tue settle {cal} --slot '2026-05-11 10:00' --yes", "Tue message confirm {cal} --sent")
PIECES = (
    Piece(1, FOCUS, at("Mon check {cal}"), ("keep it",), ("ask to move",)),
    Piece(2, PICK_UP, at("Mon check {cal}"), ("Move Pick up Mila|somebody else",), ("[Ll]eave out",)),
    Piece(3, COURT, at("Eve check {cal}"), ("Less than a day is left",)),
    Piece(4, COURT, at("Mon check {cal}"), ("today",)),
    Piece(5, COURT, at("Mon message email {cal} --reason illness"), ("I'm unwell",), ("Court",)),
    Piece(6, COURT, at("Mon message email {cal}"), (r"(?:- \w+ \d+ \w+.*){3}",)),
    Piece(7, RIVAL, at("Mon check {cal} --json"), ("conflict then that I can't move",), ()),
    Piece(8, INTERVIEW, at("Eve check {cal} --reason family"), ("[Cc]all now", "message phone", "voicemail")),
    Piece(9, INTERVIEW, at("Eve check {cal} --reason family"), ("most people understand",)),
    Piece(10, COURT, at("Mon message email {cal}"), ("still very keen on the role",)),
    Piece(11, COURT, at("Eve check {cal}"), (r"[Cc]all now: \+49 30 5550 117",)),
    Piece(12, TWO, at("Eve check {cal}"), ("two or three times", "switchboard", "Bo Berg")),
    Piece(13, COURT, at("Eve check {cal}"), ("Nobody answers", "then leave the voicemail")),
    Piece(14, COURT, at("Eve check {cal}"), ("[Nn]ot by text",)),
    Piece(15, COURT, at("Mon message email {cal}"), ("let me know that this has reached you",)),
    Piece(16, TWO, at("Mon message email {cal}"), ("Dear Ada Lovely and Bo Berg", "Cc: bo@crumb.example")),
    Piece(17, COURT, at("Mon message email {cal}"), ("I apologise for the inconvenience",)),
    Piece(18, COURT, at("Mon message email {cal}"), ("happy to work around your schedule",)),
    Piece(19, COURT, at(*AGREED, "Tue check {cal}"), ("note of thanks",)),
    Piece(20, COURT, at("Eve check {cal}"), ("Thank them there and then",)),
    Piece(21, COURT, at("Eve check {cal}"), ("if you can keep this time after all, keep it",)),
    Piece(
        22,
        INTERVIEW,
        at(
            "Mon message email {cal} --reason illness --sent",
            "Tue settle {cal} --slot '2026-05-11 10:00' --yes",
            "Tue check {cal}",
        ),
        ("If they ask why it moved", "I was ill that day"),
    ),
    Piece(23, COURT, at("Mon check {cal}"), ("a conflict is reason enough if it truly cannot move",)),
    Piece(24, INTERVIEW, at("Mon check {cal} --reason leisure"), ("Keep the interview",)),
    Piece(25, RIVAL, at("Mon check {cal}"), ("a poor reason to name",)),
    Piece(
        26, COURT, at("Mon message email {cal} --reason illness"), ("I'm unwell",), ("fever|doctor|hospital",)
    ),
    Piece(27, INTERVIEW, at("Mon check {cal} --reason work"), ("shows that you keep your word",)),
    Piece(
        28,
        COURT,
        at("Mon check {cal}"),
        (r"relevant\? Yes\. Urgent\? No\. Final\? No\. So ask",),
    ),
    Piece(29, INTERVIEW, at("Mon check {cal} --reason offer"), ("[Ww]ithdraw",)),
    Piece(
        30,
        INTERVIEW,
        at("Mon check {cal} --reason unprepared"),
        ("write down three things", "evening before"),
    ),
    Piece(31, INTERVIEW, at("Mon message withdraw {cal} --reason offer"), ("accepted another offer",)),
    Piece(32, INTERVIEW, at("Mon message withdraw {cal} --reason fit"), ("isn't the right fit",)),
    Piece(
        33,
        INTERVIEW,
        at("Mon message withdraw {cal} --reason safety"),
        ("After careful thought, I'd like to withdraw",),
        ("safe|ethic",),
    ),
    Piece(34, INTERVIEW, at("Mon message withdraw {cal} --reason change"), ("circumstances have changed",)),
    Piece(35, INTERVIEW, at("Mon message email {cal} --reason visa"), ("government appointment",)),
    Piece(36, INTERVIEW, at("Over check {cal}"), ("message missed",)),
    Piece(37, COURT, at("Eve check {cal}"), ("[Cc]all now", "send the e-mail at once")),
    Piece(38, COURT, at("Eve propose {cal} --interview Crumb"), ("[Cc]all now", "Nobody answers")),
    Piece(
        39, COURT, at("Tue message email {cal}"), ("Subject: .*Data Engineer", "conflict", "which time works")
    ),
    Piece(40, COURT, at("Mon message email {cal}"), (r"(?:- \w+ \d+ \w+.*){2}",)),
    Piece(
        41,
        COURT,
        at("Mon message email {cal}"),
        (
            "Subject: Dana Smith: new interview time, Data Engineer, 7 May",
            "Data Engineer role at Crumb",
            "at 15:00",
        ),
    ),
    Piece(42, COURT, at("Mon check {cal}"), ("ask for another time, do not withdraw",)),
    Piece(43, COURT, at("Mon check {cal}"), ("Decide first",)),
    Piece(44, COURT, at("Mon message email {cal}"), ("Thank you for your understanding",)),
    Piece(45, INTERVIEW, at("Mon message withdraw {cal} --reason fit"), ("every success with the search",)),
    Piece(46, INTERVIEW, at("Mon message withdraw {cal} --reason fit"), ("our paths cross again",)),
    Piece(
        47,
        COURT,
        at("Mon message email {cal}"),
        ("a conflict then that I can't move",),
        ("something came up",),
    ),
    Piece(48, COURT, at("Mon message email {cal}"), ("apologise",), ("apologise.*(apologise|sorry)",)),
    Piece(
        49, COURT, at("Mon message email {cal} --config {empty}"), ("sign it with name and telephone number",)
    ),
    Piece(
        50,
        INTERVIEW,
        at("Mon message withdraw {cal} --reason change --sent", "Tue requests"),
        ("If things change, a short note after some months",),
    ),
    Piece(51, COURT, at(*AGREED, "Tue check {cal}"), ("such as an article",)),
    Piece(52, INTERVIEW, at("Mon message extension {cal} --until 2026-05-15"), ("a little more time",)),
    Piece(53, INTERVIEW, at("Mon check {cal} --reason offer"), ("only once the offer is accepted",)),
    Piece(54, RIVAL, at("Mon check {cal}"), ("asking about (this one|either) costs",)),
    Piece(
        55,
        TWO,
        at("Mon check {utc}"),
        ("time zone is not known, so yours is assumed",),
    ),
    Piece(56, INTERVIEW, at("Over check {cal}"), ("Missed it\\? Call now",)),
    Piece(
        57, ON_SITE, at("Thu message email {cal} --reason travel"), ("keep the time and meet by video.*- ",)
    ),
    Piece(
        58,
        BY_VIDEO,
        at("Thu message email {cal} --reason technical"),
        ("keep the time and talk by phone.*- ",),
    ),
    Piece(
        59,
        INTERVIEW,
        at(
            "Mon message email {cal} --reason work --sent",
            "Tue settle {cal} --slot '2026-05-11 10:00' --yes",
            "Tue check {cal}",
        ),
        ("I keep such promises",),
    ),
    Piece(60, COURT, at("Eve message phone {cal}"), ("Good evening, this is Dana Smith",)),
    Piece(61, COURT, at(SENT, "Tue message email {cal}"), ("do not ask anew",)),
    Piece(62, AGENCY, at("Mon check {cal}"), ("Tell the recruiter who arranged it",)),
    Piece(63, INTERVIEW, at("Mon check {cal} --reason visa"), ("Call the hiring manager before you write",)),
    Piece(
        64,
        INTERVIEW,
        at("Mon message withdraw {cal} --reason change --sent", "Tue requests"),
        ("some months reopens the door",),
    ),
    Piece(65, INTERVIEW, at("Mon check {cal} --reason fit"), ("Going costs an hour",)),
    Piece(
        66, BOOKING, at("Mon check {cal}"), ("booking page first, once: https://calendly.com/crumb/45min",)
    ),
    Piece(
        67,
        COURT,
        at(SENT, "Wed message nudge {cal} --sent", "Wed check {cal}"),
        ("wait for an answer until",),
        ("message nudge",),
    ),
    Piece(68, COURT, at("Mon check {cal}"), ("[Hh]old the offered times", "apply .*--hold")),
)


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: str(piece.number))
def test_a_piece_of_advice_is_seen(run: Run, tmp_path: Path, piece: Piece) -> None:
    names = {"cal": tmp_path / "cal.ics", "utc": tmp_path / "utc.ics", "empty": tmp_path / "empty.toml"}
    written = write_calendar(names["cal"], piece.calendar).read_bytes()
    names["utc"].write_bytes(re.sub(rb";TZID=Europe/Berlin(:\d+T\d+)", rb"\1Z", written))
    names["empty"].write_text("")
    config = tmp_path / "config.toml"
    config.write_text('[signature]\nname = "Dana Smith"\nphone = "+49 170 5550 0142"\n')
    for now, command in piece.commands:
        words = [word.format_map(names) for word in shlex.split(command)]
        more = [] if "--config" in words else ["--config", str(config)]
        more += [] if words[0] in ("requests", "settle") else ["--language", "en"]
        ran = run(*words, "--now", now, *more)
        assert ran.code in (0, 3, 4), ran.err
    told = re.sub(r"\s+", " ", f"{ran.out}\n{ran.err}")
    assert [pattern for pattern in piece.seen if not re.search(pattern, told)] == [], told
    assert [pattern for pattern in piece.unseen if re.search(pattern, told)] == [], told


def test_every_piece_has_its_row() -> None:
    assert [piece.number for piece in PIECES] == list(range(1, 69))
