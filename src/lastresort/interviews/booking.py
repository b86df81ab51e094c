"""The page where the candidate may move the interview, and until when."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.errors import UsageError
from lastresort.interviews.prose import phrase_ends, sentences, split_words
from lastresort.interviews.services import find_links, find_service
from lastresort.interviews.words import fold, prepare, read_tables
from lastresort.times.single import parse_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.interviews.prose import Word
    from lastresort.interviews.services import Link
    from lastresort.model import Event

READ = 16_000
"""Characters of a description that are searched for links."""
JOB_AD = re.compile(
    r"^https?://(?:jobs|boards|job-boards|careers|apply)\.|/jobs?/|myworkdayjobs", re.IGNORECASE
)
RESCHEDULE = re.compile(r"resched|reprogram|umbuch|verschieb", re.IGNORECASE)
MANAGE = re.compile(r"schedul|availab|booking|/book|candidate|manage|change|interview", re.IGNORECASE)
MANAGE_LIVE = re.compile(r"/schedul", re.IGNORECASE)
BOOKING_PAGE = re.compile(
    r"//outlook\.office(?:365)?\.com/(?:owa/calendar/[^\s]*bookings|bookwithme|book/)|//calendar\.app\.google/"
    r"|//calendar\.google\.com/calendar/(?:u/\d+/)?appointments",
    re.IGNORECASE,
)
"""Pages of mail providers whose hosts serve everything else as well."""
CANCEL = re.compile(r"cancel", re.IGNORECASE)
AHEAD = re.compile(
    r"(?P<number>\d{1,3})\s*"
    r"(?:(?P<hours>h\b|hours?|stunden?|heures?|horas?|ore\b|uur\b|uren|godzin\w*|timmar|hodin\w*|saat|час\w*|годин\w*)"
    r"|days?|tage?n?|jours?|dias?|giorni|dagen|dni|dagar|dnu|gun|дн\w*)"
    r"\s+(?:before|prior|ahead|in advance|vor|vorher|avant|antes|prima|voor|przed|fore|pred|once|до)\b"
)
"""How long before the interview it may be moved: `up to 24 hours before`. Read in folded text."""
WORDS = 8
"""Words behind `until` that may tell a time."""
WHOLE_DAY = timedelta(days=1) - timedelta(minutes=1)


class Booking(NamedTuple):
    """The page where the candidate may move the interview, and until when, where the invitation says so."""

    url: str
    deadline: datetime | None = None


def find_booking(event: Event, start: datetime, zone: str, now: datetime) -> Booking | None:
    """Return the booking page of the invitation; `None` without one. `zone` is that of its times."""
    link = find_link(event)
    return Booking(link, _deadline(event, start, zone, now)) if link else None


def find_link(event: Event) -> str | None:
    """Return the http(s) link at a known service where the candidate may move the interview, the surest
    first."""
    links = [
        link for text in (event.url, event.location, event.description[:READ]) for link in find_links(text)
    ]
    ranked = [(_movable(link), -place) for place, link in enumerate(links)]
    best = max(ranked, default=(0, 0))
    return links[-best[1]].url if best[0] > 0 else None


def _movable(link: Link) -> int:
    service = find_service(link.host)
    path = link.url.partition(link.host)[2]
    if len(link.url) > 500:
        return 0
    if service and (RESCHEDULE.search(path) or (service.kind == "assessment" and MANAGE_LIVE.search(path))):
        return 3
    if BOOKING_PAGE.search(link.url):
        return 2
    if service is None or service.kind == "assessment":
        return 0
    if CANCEL.search(path) or JOB_AD.search(link.url):
        return 0
    return 2 if MANAGE.search(path) else int(service.kind == "scheduling")


def _deadline(event: Event, start: datetime, zone: str, now: datetime) -> datetime | None:
    """Until when it may be moved, in UTC, as a sentence about moving it says; a day counts to its end."""
    mail = event.mail
    for text in (event.description, mail.text if mail else ""):
        for sentence in sentences(text):
            if not read_tables("invitations")["booking"].find(prepare(sentence)):
                continue
            if ahead := AHEAD.search(fold(sentence)):
                return start - int(ahead["number"]) * timedelta(hours=1 if ahead["hours"] else 24)
            words = split_words(sentence)
            for place in phrase_ends("until", words):
                told = _time_told(sentence, words[place : place + WORDS], zone, (mail and mail.date) or now)
                if told and told < start + WHOLE_DAY:
                    return told
    return None


def _time_told(sentence: str, words: Sequence[Word], zone: str, now: datetime) -> datetime | None:
    """The time that the longest beginning of the words tells."""
    for end in range(len(words), 0, -1):
        try:
            told = parse_time(sentence[words[0].start : words[end - 1].end], zone, now)
        except UsageError:
            continue
        local = told.astimezone(ZoneInfo(zone))
        return told + WHOLE_DAY if local.time() == time(0) else told.astimezone(UTC)
    return None
