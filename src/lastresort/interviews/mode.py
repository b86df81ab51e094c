"""How an interview is held: by phone, by video, on site. From location, title, links and text, in this order.

The words are in `data/words/invitations-*.txt`: `phone`, `video` and `onsite` say it outright; `place` and
`street` say it in a location only, since an office manager is not interviewed in the office.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from lastresort.interviews.contacts import find_numbers
from lastresort.interviews.services import find_links, listed, url_pattern
from lastresort.interviews.words import prepare, read_tables
from lastresort.model import ZERO

if TYPE_CHECKING:
    from lastresort.model import Event

Setting = Literal["phone", "video", "onsite", "unknown"]
POSTCODE = re.compile(r"\b\d{4,5}\s+[^\W\d_]{3,}|\b[A-Z]{2}\s+\d{5}\b|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b")
READ = 2000


def find_setting(event: Event) -> Setting:
    """Return how the interview is held. Travel time in the calendar means that its owner goes there."""
    if event.travel > ZERO:
        return "onsite"
    return _by_location(event.location[:READ]) or _by_title(event.summary) or _by_text(event)


def _by_location(location: str) -> Setting | None:
    """An address outweighs a meeting's link, a link outweighs the room it may be shown in."""
    if not location.strip():
        return None
    bare = _without_links(location)
    if _is_address(bare) or _says("onsite", bare):
        return "onsite"
    if _has_video_link(location) or _says("video", bare):
        return "video"
    if "tel:" in location.lower() or find_numbers(location) or _says("phone", bare):
        return "phone"
    return "onsite" if _says("place", bare) else None


def _is_address(location: str) -> bool:
    numbered = any(char.isdigit() for char in location)
    return numbered and (_says("street", location) or POSTCODE.search(location) is not None)


def _by_title(summary: str) -> Setting | None:
    """A virtual onsite is held by video, so video is asked for first."""
    settings: tuple[Setting, ...] = ("video", "onsite", "phone")
    return next((setting for setting in settings if _says(setting, summary)), None)


def _by_text(event: Event) -> Setting:
    text = _without_links(event.description[:READ])
    if _has_video_link(event.url) or _has_video_link(event.description[: 8 * READ]):
        return "video"
    if _says("onsite", text):
        return "onsite"
    if _says("my-phone", text) or _says("phone", text):
        return "phone"
    return "video" if _says("video", text) else "unknown"


def _says(section: str, text: str) -> bool:
    return read_tables("invitations")[section].find(prepare(text, READ)) is not None


def _without_links(text: str) -> str:
    return url_pattern().sub(" ", text) if "://" in text else text


def _has_video_link(text: str) -> bool:
    return any(listed("video", link.host) for link in find_links(text))
