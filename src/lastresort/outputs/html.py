"""The report as one page that needs nothing else: no font, no picture, no script from anywhere.

Its own few lines of script copy texts; without them the page reads the same, and the buttons to copy are not
there. Every value is escaped, and made one clean line first: what strangers wrote has no way around it.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

from lastresort import __version__
from lastresort.errors import UsageError
from lastresort.ics.itip import write_holds, write_moved
from lastresort.messages.languages import language_name
from lastresort.outputs import phrases
from lastresort.outputs.days import MEANINGS
from lastresort.outputs.eml import mailto_url
from lastresort.outputs.invocation import Invocation
from lastresort.outputs.phrases import problem_line
from lastresort.outputs.view import MARKS, Mark, view_report
from lastresort.text import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from jinja2 import Template

    from lastresort.messages import Drafts
    from lastresort.model import Interval
    from lastresort.outputs.days import Block, Picture
    from lastresort.outputs.reminders import Due
    from lastresort.outputs.view import Change, InterviewView, Offer, ReportView, Todo
    from lastresort.planning.check import Report

LINE = 2000
"""Characters of anything that is shown; titles are cut earlier."""
LISTED = 200
"""Entries of a list that are shown; a last one counts the rest."""
HOUR = 60
HOLD = "Reserved"
"""What a held time is called where colleagues may see it."""


class Link(NamedTuple):
    """Something to press: `name` is set for a file to be saved, `main` for what is to be done first."""

    text: str
    address: str
    name: str = ""
    main: bool = False


class Bar(NamedTuple):
    """A block of a day: `left` and `width` in percent of the hours that are drawn."""

    block: Block
    left: float
    width: float


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
    page = _template().render(
        view=view,
        style=Markup(style),  # noqa: S704 (the file that is shipped)
        script=Markup(script),  # noqa: S704 (the same)
        style_hash=_base64(sha256(style.encode()).digest()),
        script_hash=_base64(sha256(script.encode()).digest()),
        version=__version__,
        LISTED=LISTED,
        MARKS=MARKS,
        MEANINGS=MEANINGS,
        phrases=phrases,
        points=phrases.points,
        language=language_name,
        problem=problem_line,
        draft=_draft,
        web=_web,
        tel=_tel,
        bars=_bars,
        ticks=_ticks,
        change_links=lambda change: _change_links(change, now),
        offer_links=lambda one, offer: _offer_links(one, offer, now),
        todo_links=_todo_links,
    )
    return page.encode("utf-8", "replace")


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _shipped(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(_shipped("report.html.j2"))


def _shown(value: object) -> object:
    return value if hasattr(value, "__html__") else one_line(str(value), LINE)


def _draft(text: str) -> object:
    """Text to be copied: its lines stay lines, nothing invisible stays in it."""
    from markupsafe import escape

    return escape("\n".join(printable(line, "") for line in text.split("\n")))


# -- the picture --------------------------------------------------------------------------------------------


def _bars(picture: Picture, row: int) -> list[Bar]:
    """The blocks of a row in percent, those outside its hours cut off."""
    first, last = picture.first * HOUR, picture.last * HOUR
    found = []
    for block in picture.rows[row].blocks:
        start, end = max(block.start, first), min(block.end, last)
        if start < end:
            width = max(100 * (end - start) / (last - first), 0.6)
            found.append(Bar(block, round(100 * (start - first) / (last - first), 2), round(width, 2)))
    return found


def _ticks(picture: Picture) -> list[tuple[str, float]]:
    """Every second hour and where it lies, in percent."""
    span = picture.last - picture.first
    hours = range(picture.first + picture.first % 2, picture.last, 2)
    return [(f"{hour:02}", round(100 * (hour - picture.first) / span, 2)) for hour in hours]


# -- links: the only kinds there are ------------------------------------------------------------------------


def _todo_links(one: InterviewView, todo: Todo) -> list[Link]:
    """What can be pressed for a step: the mail, the call."""
    if todo.mark is Mark.WRITE and one.draft and (address := _mailto(one.draft)):
        return [Link("Open e-mail", address, main=True)]
    if todo.mark is Mark.CALL and (number := _tel(one.contact.phone)):
        return [Link("Call", number, main=True)]
    return []


def _change_links(change: Change, now: datetime) -> list[Link]:
    """The day in the big calendars, and the event at its new time as a file to import."""
    move = change.move
    links = _day_links(move.occurrence.interval)
    if move.new and change.written and move.occurrence.event.uid and not move.occurrence.all_day:
        data = write_moved(move.occurrence, move.new, now)
        links.append(Link(".ics", _file(data), name="moved.ics"))
    return links


def _day_links(interval: Interval) -> list[Link]:
    day = f"{interval.start:%Y}/{interval.start.month}/{interval.start.day}"
    return [
        Link("Google", f"https://calendar.google.com/calendar/r/day/{day}"),
        Link("Outlook", f"https://outlook.office.com/calendar/view/day/{day}"),
    ]


def _offer_links(one: InterviewView, offer: Offer, now: datetime) -> list[Link]:
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
        Link("Google", f"https://calendar.google.com/calendar/render?{urlencode(google)}"),
        Link("Outlook", f"https://outlook.office.com/calendar/deeplink/compose?{urlencode(outlook)}"),
        Link(".ics", _file(hold), name=f"hold-{offer.number}.ics"),
    ]


def _file(data: bytes) -> str:
    return f"data:text/calendar;charset=utf-8,{quote(data, safe='')}"


def _tel(number: str | None) -> str | None:
    """The number as a `tel:` address (RFC 3966); `None` when it is none."""
    digits = "".join(c for c in number or "" if c in "+0123456789")
    plain = digits.lstrip("+")
    return f"tel:{digits}" if 5 <= len(plain) <= 15 and "+" not in digits[1:] and plain.isascii() else None


def _web(link: str | None) -> str | None:
    """The address when it is one of the web, and plain."""
    if link is None or not link.lower().startswith(("https://", "http://")):
        return None
    plain = len(link) < LINE and link.isascii() and link.isprintable() and not set(link) & _UNFIT
    return link if plain else None


_UNFIT = frozenset(' "<>\\^`{|}')
"""Characters that no address of the web has (RFC 3986 2)."""


def _mailto(draft: Drafts) -> str | None:
    """The draft as a `mailto:` address; `None` when it is too long for one."""
    try:
        return mailto_url(draft.mail)
    except UsageError:
        return None
