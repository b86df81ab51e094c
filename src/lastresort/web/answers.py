"""The pieces of HTML that the page shows, from one template."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from lastresort.costs import tell_effort
from lastresort.messages.languages import LANGUAGES, language_name
from lastresort.outputs import when
from lastresort.outputs.html_parts import WORDS, mail_address, make_template
from lastresort.outputs.view import view_change
from lastresort.zones.names import city_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lastresort.outputs.view import ReasonView


def render(piece: str, **values: Any) -> str:
    """Return one piece of the page; every value in it is escaped."""
    text = files(__package__).joinpath("answers.html.j2").read_text(encoding="utf-8")
    macro = getattr(make_template(text).make_module(_WORDS), piece)
    return str(macro(**values))


def _in_words(reasons: Iterable[ReasonView]) -> list[str]:
    """Return the reasons without those that reckon in points: the page says easy, awkward or costly."""
    return [reason.text for reason in reasons if not reason.in_points]


def _plainly(texts: Iterable[str]) -> list[str]:
    """Return texts without how many points they stand for."""
    return [_POINTS.sub("", text) for text in texts]


_POINTS = re.compile(r"[:,]? [\d.]+ points?( more)?\b")
_WORDS = {
    **WORDS,
    "LANGUAGES": {code: language_name(code) for code in LANGUAGES},
    "span": when.span,
    "city": city_of,
    "mailto": mail_address,
    "effort": tell_effort,
    "change_of": view_change,
    "in_words": _in_words,
    "plainly": _plainly,
}
"""What the template calls."""
