"""What the report and the served page share: their template, the picture of the days, links, text to copy."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import UsageError
from lastresort.outputs import phrases
from lastresort.outputs.days import MEANINGS
from lastresort.outputs.eml import mailto_url
from lastresort.outputs.view import MARKS
from lastresort.text import one_line, printable

if TYPE_CHECKING:
    from jinja2 import Template

    from lastresort.messages.compose import Drafts
    from lastresort.outputs.days import DayBlock, Picture

LINE = 2000
"""Characters of anything that is shown; titles are cut earlier."""
HOUR = 60


class Bar(NamedTuple):
    """A block of a day: `left` and `width` in percent of the hours that are drawn."""

    block: DayBlock
    left: float
    width: float


@cache
def make_template(text: str) -> Template:
    """Return the template in a text, which may use the macros of `html_parts.html.j2`.

    Every value is escaped, and made one clean line first: what strangers wrote has no way around it.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    parts = files(__package__).joinpath("html_parts.html.j2").read_text(encoding="utf-8")
    return environment.from_string(parts + text)


def _shown(value: object) -> object:
    return value if hasattr(value, "__html__") else one_line(str(value), LINE)


def preformatted(text: str) -> object:
    """Return text to be copied, as HTML: its lines stay lines, nothing invisible stays in it."""
    from markupsafe import escape

    return escape("\n".join(printable(line, "") for line in text.split("\n")))


# -- the picture --------------------------------------------------------------------------------------------


def bars_of(picture: Picture, row: int) -> list[Bar]:
    """Return the blocks of a row in percent, those outside its hours cut off."""
    first, last = picture.first * HOUR, picture.last * HOUR
    found = []
    for block in picture.rows[row].blocks:
        start, end = max(block.start, first), min(block.end, last)
        if start < end:
            width = max(100 * (end - start) / (last - first), 0.6)
            found.append(Bar(block, round(100 * (start - first) / (last - first), 2), round(width, 2)))
    return found


def ticks_of(picture: Picture) -> list[tuple[str, float]]:
    """Return every second hour and where it lies, in percent."""
    span = picture.last - picture.first
    hours = range(picture.first + picture.first % 2, picture.last, 2)
    return [(f"{hour:02}", round(100 * (hour - picture.first) / span, 2)) for hour in hours]


# -- links: the only kinds that lead to people --------------------------------------------------------------


def telephone(number: str | None) -> str | None:
    """Return the number as a `tel:` address (RFC 3966); `None` when it is none."""
    digits = "".join(c for c in number or "" if c in "+0123456789")
    plain = digits.lstrip("+")
    return f"tel:{digits}" if 5 <= len(plain) <= 15 and "+" not in digits[1:] and plain.isascii() else None


def web_address(link: str | None) -> str | None:
    """Return the address when it is one of the web, and plain."""
    if link is None or not link.lower().startswith(("https://", "http://")):
        return None
    plain = len(link) < LINE and link.isascii() and link.isprintable() and not set(link) & _UNFIT
    return link if plain else None


_UNFIT = frozenset(' "<>\\^`{|}')
"""Characters that no address of the web has (RFC 3986 2)."""


def mail_address(draft: Drafts) -> str | None:
    """Return the draft as a `mailto:` address; `None` when it is too long for one."""
    try:
        return mailto_url(draft.mail)
    except UsageError:
        return None


WORDS = {
    "MARKS": MARKS,
    "MEANINGS": MEANINGS,
    "phrases": phrases,
    "draft": preformatted,
    "web": web_address,
    "tel": telephone,
    "bars": bars_of,
    "ticks": ticks_of,
}
"""What both templates call."""
