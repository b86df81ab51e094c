"""The report as one page that needs nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

from base64 import b64encode
from functools import cache, partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from lastresort import __version__
from lastresort.errors import UsageError
from lastresort.messages.languages import language_name
from lastresort.model import Busy
from lastresort.outputs import phrases, when
from lastresort.outputs.eml import mailto_url
from lastresort.outputs.invocation import Invocation
from lastresort.outputs.phrases import problem_line
from lastresort.outputs.reminders import reminder_line
from lastresort.outputs.steps import naming, tell_steps
from lastresort.outputs.week import KINDS, draw_weeks
from lastresort.text import one_line, printable
from lastresort.zones.names import city_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinja2 import Template

    from lastresort.messages import Drafts
    from lastresort.outputs.reminders import Due
    from lastresort.planning.check import InterviewReport, Report
    from lastresort.planning.conflicts import Conflict

LINE = 2000
"""Characters of anything that is shown; titles are cut earlier."""
LISTED = 200
"""Entries of a list that are shown; a last one counts the rest."""


def report_page(
    report: Report,
    drafts: Mapping[int, Drafts],
    reminders: Iterable[Due] = (),
    run: Invocation = Invocation(),  # noqa: B008 (a constant value)
) -> bytes:
    """Return the whole answer of `check` as an HTML page in UTF-8.

    `drafts` are keyed by the interview's place; the commands in the steps repeat `run`.
    """
    from markupsafe import Markup

    style = _shipped("report.css")
    page = _template().render(
        report=report,
        drafts=drafts,
        reminders=tuple(reminders),
        style=Markup(style),  # noqa: S704 (the file that is shipped)
        style_hash=_base64(sha256(style.encode()).digest()),
        version=__version__,
        **_words(report, run),
    )
    return page.encode("utf-8", "replace")


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _shipped(name: str) -> str:
    from importlib.resources import files

    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    """Every value is escaped, and made one clean line first: what strangers wrote has no way around it."""
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


def _words(report: Report, run: Invocation) -> dict[str, Any]:
    """What the template calls: the nouns of the report in words."""
    zone, now = report.agenda.zone, report.query.now
    return {
        "LISTED": LISTED,
        "KINDS": KINDS,
        "phrases": phrases,
        "zone": zone,
        "now": now,
        "events": sum(source.events for source in report.agenda.sources),
        "day": partial(when.day, now=now),
        "clock": when.clock,
        "lasting": when.lasting,
        "city": city_of,
        "language": language_name,
        "span": lambda interval, place=zone, all_day=False: when.span(interval, place, now, all_day=all_day),
        "distance": lambda start: when.distance(start, now, zone),
        "clashes": _clashes,
        "steps": lambda entry: tell_steps(entry, zone, now, naming(run, report, entry)),
        "weeks": lambda entry: draw_weeks(entry, report),
        "tel": _tel,
        "web": _web,
        "mailto": _mailto,
        "draft": _draft,
        "problem": problem_line,
        "reminder": lambda due: reminder_line(due, zone, now),
    }


def _clashes(entry: InterviewReport) -> tuple[tuple[str, str, list[Conflict]], ...]:
    """The clashes by level, those that are certain first."""
    levels = ((Busy.CLASH, "clash", "Clashes with"), (Busy.CHECK, "check", "Look at, it may clash"))
    found = ((kind, title, [c for c in entry.conflicts if c.busy is level]) for level, kind, title in levels)
    return tuple((kind, title, conflicts) for kind, title, conflicts in found if conflicts)


# -- links: the only three kinds there are ------------------------------------------------------------------


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


def _draft(text: str) -> object:
    """Text to be copied: its lines stay lines, nothing invisible stays in it."""
    from markupsafe import escape

    return escape("\n".join(printable(line, "") for line in text.split("\n")))
