"""How an interview is held: by phone, by video, on site. From location, title, links and text, in this order.

The words are in `data/words/invitations-*.txt`: `phone`, `video` and `onsite` say it outright; `place` and
`street` say it in a location only, since an office manager is not interviewed in the office. A location is a
place unless its words say otherwise (`nowhere`: to be confirmed, at home).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from lastresort.interviews.contacts import find_numbers
from lastresort.interviews.prose import sentences
from lastresort.interviews.services import find_links, find_service, listed, url_pattern
from lastresort.interviews.words import prepare_phrases, read_tables
from lastresort.model import ZERO

if TYPE_CHECKING:
    from lastresort.model import Event

Setting = Literal["phone", "video", "onsite", "unknown"]
POSTCODE = re.compile(r"\b\d{4,5}\s+[^\W\d_]{3,}|\b[A-Z]{2}\s+\d{5}\b|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b")
EASTERN = (
    r"\d+\s*(?:丁目|番地|号|號|楼|樓|階|층|호|번지|길)"
    r"|[가-힣]+(?:로|길)\s*\d+|[路街巷段弄]\S{0,4}\d+|[市区區県町村]\S{1,12}\d"
)
"""House numbers and floors as East Asian addresses have them; compiled when a text may have them."""
MAP = re.compile(
    r"//(?:[^/]*\.)?(?:maps\.|goo\.gl/maps|openstreetmap|yandex\.[a-z]+/maps|2gis|google\.[a-z.]+/maps)|/maps?/",
    re.IGNORECASE,
)
READ = 2000


def find_setting(event: Event) -> Setting:
    """Return how the interview is held. Travel time in the calendar means that its owner goes there."""
    if event.travel > ZERO:
        return "onsite"
    subject = event.mail.subject if event.mail else ""
    return _by_location(event) or _by_title(event.summary) or _by_title(subject) or _by_text(event)


def _by_location(event: Event) -> Setting | None:
    """A postal address outweighs a meeting's link, a link outweighs the room it may be shown in."""
    location = event.location[:READ]
    bare = _without_links(location).strip(" ,;|-–\n")
    if not location.strip():
        return None
    if bare and _is_address(bare) and not _says("dial-in", bare):
        return "onsite"
    if _says("video", bare) or (_has_link(location) and not _says("phone", bare)):
        return "video"
    if "tel:" in location.lower() or _says("phone", bare) or find_numbers(bare) or _says("dial-in", bare):
        return "phone"
    if not bare or _says("nowhere", bare):
        return None
    if _says("onsite", bare) or not _says("place", bare):
        return "onsite" if any(char.isalpha() for char in bare) else None
    return "video" if _meets_online(event) else "onsite"  # a room, where the link may be shown


def _meets_online(event: Event) -> bool:
    return _has_video_link(event.url) or _has_video_link(event.description[: 8 * READ])


def _is_address(location: str) -> bool:
    numbered = any(char.isdigit() for char in location)
    return numbered and (
        _says("street", location)
        or POSTCODE.search(location) is not None
        or (not location.isascii() and re.search(EASTERN, location) is not None)
    )


def _by_title(summary: str) -> Setting | None:
    """A virtual onsite is held by video, so video is asked for first."""
    settings: tuple[Setting, ...] = ("video", "onsite", "phone")
    said = next((setting for setting in settings if _says(setting, summary)), None)
    return said or ("phone" if find_numbers(summary) else None)


def _by_text(event: Event) -> Setting:
    if _meets_online(event) or (event.url and _has_link(event.url)):
        return "video"
    for written in (event.description, event.mail.text if event.mail else ""):
        text = _without_links("\n".join(sentences(written))[: 2 * READ])
        if not text:
            continue
        if _has_video_link(written[: 8 * READ]):
            return "video"
        if _says("my-phone", text):
            return "phone"
        for setting in _ORDER:
            if _says(setting, text):
                return setting
    return "unknown"


_ORDER: tuple[Setting, ...] = ("onsite", "video", "phone")


def _says(section: str, text: str) -> bool:
    return read_tables("invitations")[section].find(prepare_phrases(text, 2 * READ)) is not None


def _without_links(text: str) -> str:
    return url_pattern().sub(" ", text) if "://" in text else text


def _has_link(text: str) -> bool:
    """Tell whether a text holds a link that is no map: whatever its host, one meets there online."""
    return any(not MAP.search(link.url) for link in find_links(text))


def _has_video_link(text: str) -> bool:
    return any(listed("video", link.host) or _is_assessment(link.host) for link in find_links(text))


def _is_assessment(host: str) -> bool:
    service = find_service(host)
    return service is not None and service.kind == "assessment"
