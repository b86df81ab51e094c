"""The report as one page that needs nothing else: no font, no picture, no script from anywhere.

Its own few lines of script copy texts; without them the page reads the same, and the buttons to copy are not
there. Every value is escaped, and made one clean line first: what strangers wrote has no way around it.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

from lastresort import __version__
from lastresort.ics.itip import write_holds, write_moved
from lastresort.messages.languages import language_name
from lastresort.outputs import phrases
from lastresort.outputs.html_parts import WORDS, mail_address, make_template, telephone
from lastresort.outputs.invocation import Invocation
from lastresort.outputs.phrases import problem_line
from lastresort.outputs.view import Mark, view_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from lastresort.messages.compose import Drafts
    from lastresort.outputs.reminders import Due
    from lastresort.outputs.view import ChangeView, InterviewView, OfferView, ReportView, Todo
    from lastresort.planning.report import Report

LISTED = 200
"""Entries of a list that are shown; a last one counts the rest."""
HOLD = "Reserved"
"""What a held time is called where colleagues may see it."""


class PageLink(NamedTuple):
    """Something to press: `name` is set for a file to be saved, `main` for what is to be done first.

    Of a file `address` is the content, percent-encoded.
    """

    text: str
    address: str
    name: str = ""
    main: bool = False


def report_page(
    report: Report,
    drafts: Mapping[int, Drafts],
    reminders: Iterable[Due] = (),
    run: Invocation = Invocation(),  # noqa: B008 (a constant value)
) -> bytes:
    """Return the whole answer of `check` as an HTML page in UTF-8.

    `drafts` are keyed by the interview's place; the commands in the steps repeat `run`.
    """
    return render_page(view_report(report, drafts, reminders, run), report.query.now)


def render_page(view: ReportView, now: datetime) -> bytes:
    """Return a report as an HTML page in UTF-8."""
    from markupsafe import Markup

    style, script = _shipped("report.css"), _shipped("report.js")
    page = make_template(_shipped("report.html.j2")).render(
        view=view,
        style=Markup(style),  # noqa: S704 (the file that is shipped)
        script=Markup(script),  # noqa: S704 (the same)
        style_hash=_base64(sha256(style.encode()).digest()),
        script_hash=_base64(sha256(script.encode()).digest()),
        version=__version__,
        LISTED=LISTED,
        points=phrases.points,
        language=language_name,
        problem=problem_line,
        **WORDS,
        change_links=lambda change: _change_links(change, now),
        offer_links=lambda one, offer: _offer_links(one, offer, now),
        todo_links=_todo_links,
    )
    return page.encode("utf-8", "replace")


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _shipped(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


# -- links: the only kinds there are ------------------------------------------------------------------------


def _todo_links(one: InterviewView, todo: Todo) -> list[PageLink]:
    """Return what can be pressed for a step: the mail, the call."""
    links = []
    if todo.mark is Mark.WRITE and one.draft and (address := mail_address(one.draft)):
        links.append(PageLink("Open e-mail", address, main=True))
    number = telephone(one.contact.phone)
    if number and (todo.mark is Mark.CALL or one.contact.phone in todo.text):
        links.append(PageLink("Call", number, main=todo.mark is Mark.CALL))
    return links


def _change_links(change: ChangeView, now: datetime) -> list[PageLink]:
    """Return the day in the big calendars, and the event at its new time as a file to import."""
    move = change.move
    start = move.occurrence.interval.start
    day = f"{start:%Y}/{start.month}/{start.day}"
    links = [
        PageLink("Google", f"https://calendar.google.com/calendar/r/day/{day}"),
        PageLink("Outlook", f"https://outlook.office.com/calendar/view/day/{day}"),
    ]
    if (
        move.new
        and (change.written or change.by_name)
        and move.occurrence.event.uid
        and not move.occurrence.all_day
    ):
        data = write_moved(move.occurrence, move.new, now)
        links.append(PageLink(".ics", _file(data), name="moved.ics"))
    return links


def _offer_links(one: InterviewView, offer: OfferView, now: datetime) -> list[PageLink]:
    """A hold for the time, as the calendars make it from a link, and as a file."""
    start, end = offer.slot.interval
    google = {"action": "TEMPLATE", "text": HOLD, "dates": f"{start:%Y%m%dT%H%M%SZ}/{end:%Y%m%dT%H%M%SZ}"}
    outlook = {
        "subject": HOLD,
        "startdt": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{end:%Y-%m-%dT%H:%M:%SZ}",
    }
    hold = write_holds([offer.slot.interval], one.entry.interview.occurrence, now)
    return [
        PageLink("Google", f"https://calendar.google.com/calendar/render?{urlencode(google)}"),
        PageLink("Outlook", f"https://outlook.office.com/calendar/deeplink/compose?{urlencode(outlook)}"),
        PageLink(".ics", _file(hold), name=f"hold-{offer.number}.ics"),
    ]


def _file(data: bytes) -> str:
    """Return a calendar as the page's script saves it: a link to a `data:` address could hold anything."""
    return quote(data, safe="")
