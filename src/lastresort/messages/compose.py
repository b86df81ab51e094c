"""From a letter to a draft: templates in files, rendered in a sandbox, the user's own first."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.advice.reasons import withdraws
from lastresort.advice.situation import DAY
from lastresort.errors import UsageError
from lastresort.interviews.detection import Mode
from lastresort.messages.kinds import ANSWERS, ERRANDS, SPOKEN, known_kind
from lastresort.messages.languages import LANGUAGES, split_tag
from lastresort.messages.letter import Errand, Letter
from lastresort.messages.locale import Locale, find_locale, read_template
from lastresort.messages.people import Addressee, is_mailbox, read_name
from lastresort.messages.when import Writer, clocks_agree, join_french, join_words
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from lastresort.model import Interval

SUFFIX = ".txt.j2"
SUBJECT = "Subject: "
_REPLY = re.compile(r"(?:re|aw|antw|sv|rv|r|rif|odp)\s?:", re.IGNORECASE)
LONGEST_SUBJECT = 70
"""Characters that an inbox shows; of several `Subject:` lines in a template the first that fits is taken."""
BODY = 20_000
"""Characters of a draft: nobody reads more, and an override cannot fill the disk."""


class Message(NamedTuple):
    """One draft. `subject` is empty and `to` a telephone number for what is spoken."""

    kind: str
    to: str | None
    subject: str
    body: str
    language: str
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    """Addresses of the others who interview."""


class Drafts(NamedTuple):
    """All that is said when an interview is asked to move: the `message` object of the contract."""

    kind: str
    to: str | None
    subject: str
    body: str
    phone: str | None = None
    voicemail: str | None = None
    follow_up: str | None = None
    language: str = "en"
    language_because: str = ""
    """Why it is written in that language."""
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()

    @classmethod
    def of_mail(cls, mail: Message, because: str = "") -> Drafts:
        """Return a mail with nothing besides, and why it is in its language."""
        return cls(
            kind=mail.kind,
            to=mail.to,
            subject=mail.subject,
            body=mail.body,
            language=mail.language,
            language_because=because,
            in_reply_to=mail.in_reply_to,
            references=mail.references,
            cc=mail.cc,
        )

    @property
    def mail(self) -> Message:
        """The mail among them, alone."""
        return Message(
            kind=self.kind,
            to=self.to,
            subject=self.subject,
            body=self.body,
            language=self.language,
            in_reply_to=self.in_reply_to,
            references=self.references,
            cc=self.cc,
        )


def compose(
    kind: str, letter: Letter | Errand, language: str = "en", templates: Path | None = None
) -> Message:
    """Return one draft in a language (`de`, or `de-CH` for the manner of a country; else that of the letter).

    `templates` is the user's folder of overrides, `<language>/<kind>.txt.j2`.

    Raises UsageError for an unknown kind or language, for a letter that lacks what the kind needs, and for an
    override that cannot be rendered.
    """
    code, region = split_tag(language)
    _refuse_unfit(kind, letter, code)
    country = region or letter.country
    locale = find_locale(code, country)
    facts = errand_facts(letter, locale) if isinstance(letter, Errand) else letter_facts(letter, locale)
    facts["spoken"] = kind in SPOKEN
    subject, body = _render(kind, code, country, templates, facts)
    if isinstance(letter, Errand):
        subject = "" if kind in SPOKEN else subject
        return Message(kind=kind, to=letter.to, subject=subject, body=body, language=code)
    if kind in SPOKEN:
        return Message(kind=kind, to=letter.call, subject="", body=body, language=code)
    thread = one_line(letter.thread.subject)
    if thread and not _REPLY.match(thread):
        thread = f"Re: {thread}"
    return Message(
        kind=kind,
        to=letter.to,
        subject=thread or subject,
        body=body,
        language=code,
        in_reply_to=letter.thread.in_reply_to,
        references=letter.thread.references,
        cc=tuple(one.address for one in letter.also if one.address and one.address != letter.to),
    )


def compose_reschedule(
    letter: Letter, language: str = "en", templates: Path | None = None, *, speak: bool = False
) -> Drafts:
    """Return the mail that asks for another time, or that withdraws when the reason says so (R4).

    What to say on the telephone comes with it under 24 hours of notice, or when `speak` (the advice says to
    call). A note to follow up comes with every request, not with a withdrawal.
    """
    leaving = withdraws(letter.reason)
    mail = compose("withdraw" if leaving else "email", letter, language, templates)
    calls = speak or _is_soon(letter)
    return Drafts.of_mail(mail)._replace(
        phone=compose("phone", letter, language, templates).body if calls else None,
        voicemail=compose("voicemail", letter, language, templates).body if calls else None,
        follow_up=None if leaving else compose("follow-up", letter, language, templates).body,
    )


# -- what a kind needs ----------------------------------------------------------------------------------


def _refuse_unfit(kind: str, letter: Letter | Errand, language: str) -> None:
    if kind not in ANSWERS:
        known_kind(kind)
    if language not in LANGUAGES:
        raise UsageError(f"no messages in the language asked for: choose one of {' '.join(LANGUAGES)}")
    if (kind in ERRANDS) != isinstance(letter, Errand):
        raise UsageError(
            f"{kind} is about {'another event' if kind in ERRANDS else 'an interview'}: name that one"
        )
    if isinstance(letter, Errand):
        return
    for field, kinds, option in _NEEDED:
        if kind in kinds and getattr(letter, field) is None:
            raise UsageError(f"{kind} needs {option}")
    if kind not in (*ANSWERS, "confirm") and letter.scheduled is None:
        raise UsageError(f"{kind} needs an interview: name it with --interview, --invite, or --at and --for")


_NEEDED = (
    ("agreed", ("confirm", "accept"), "the new time: settle it first, or name it with --agreed"),
    ("arrival", ("late",), "to know how late you will be: --by 15m"),
    ("until", ("extension",), "the day by which you will answer: --until DATE"),
)


def _is_soon(letter: Letter) -> bool:
    return letter.scheduled is not None and (letter.scheduled.start - letter.now).total_seconds() < DAY * 60


# -- what a template sees -------------------------------------------------------------------------------


def letter_facts(letter: Letter, locale: Locale) -> dict[str, Any]:
    """Return the names a template about an interview may use; `docs/how-to/messages.md` lists them."""
    writer = Writer(locale, letter.zone, letter.now)
    scheduled, agreed = letter.scheduled, letter.agreed
    slots = sorted(letter.slots)
    starts = [start for rounds in letter.rounds for start in rounds.starts]
    starts = starts or ([scheduled.start] if scheduled else [])
    moved = [agreed.start] if agreed else []
    if agreed and scheduled and letter.rounds:
        moved = [start + (agreed.start - scheduled.start) for start in starts]
    moments = [one.start for one in (scheduled, agreed, *slots) if one]
    named = letter.zone_assumed or not letter.home or not clocks_agree(letter.home, letter.zone, moments)
    zone = writer.place() if named else ""

    def zoned(when: str) -> str:
        return locale.zoned.format(when=when, zone=zone) if zone else when

    return {
        **_mine(letter.signature.name, letter.signature.phone, locale),
        "hello": writer.greeting(),
        **_addressed(letter, locale),
        "role": one_line(letter.role),
        "company": one_line(letter.company),
        "recruiter": letter.recruiter,
        "zone": zone,
        **_day_of(scheduled, writer),
        "when": zoned(writer.on(*starts)) if scheduled else "",
        "when_spoken": zoned(writer.on(*starts, spoken=True)) if scheduled else "",
        "several": len(starts) if len(starts) > 1 else 0,
        "slots": [writer.line(slot) for slot in slots],
        "apart": [
            {
                "at": writer.at(*rounds.starts),
                "hour": writer.hour(*rounds.starts),
                "slots": [writer.line(slot) for slot in sorted(rounds.slots)],
            }
            for rounds in letter.rounds
            if len(letter.rounds) > 1
        ],
        "slots_spoken": [writer.on(slot.start, spoken=True, briefly=True) for slot in slots],
        "agreed": zoned(writer.on(*moved)) if agreed else "",
        "agreed_date": writer.date(agreed.start) if agreed else "",
        "moved": bool(agreed and scheduled and agreed.start != scheduled.start),
        "asked": writer.dated(letter.asked, briefly=True) if letter.asked else "",
        "arrival": writer.at(letter.arrival) if letter.arrival else "",
        "until": writer.day(letter.until) if letter.until else "",
        "again": letter.requests > 0,
        "soon": _is_soon(letter),
        "mode": str(letter.mode),
        "place": _place(letter),
        "brings": letter.brings,
        "their_phone": one_line(letter.call, 40),
        **_reason(letter),
    }


def _day_of(scheduled: Interval | None, writer: Writer) -> dict[str, Any]:
    """Return the interview's day in the forms that sentences need; all empty where none stands yet."""
    if scheduled is None:
        return {"day": "", "date": "", "dated": "", "dated_briefly": "", "today": False}
    return {
        "day": writer.day(scheduled.start),
        "date": writer.date(scheduled.start),
        "dated": writer.dated(scheduled.start),
        "dated_briefly": writer.dated(scheduled.start, briefly=True),
        "today": writer.is_today(scheduled.start),
    }


def _reason(letter: Letter) -> dict[str, Any]:
    kind, words = letter.reason.kind, one_line(letter.reason.text, 500)
    return {
        "kind": kind,
        "words": words if not words or words[-1] in ".!?…" else f"{words}.",
        "withdrawing": withdraws(letter.reason),
        "by_video": kind in ("travel", "illness") and letter.mode is Mode.ONSITE,
        "other_way": kind == "technical" and letter.mode is not Mode.ONSITE,
    }


def _addressed(letter: Letter, locale: Locale) -> dict[str, Any]:
    """Return who is greeted: `people` by their parts, none for a team; `salutation` as I gave it."""
    given = one_line(letter.address)
    whole = given if given.endswith((",", ":", "!")) else ""
    first = (
        None if is_mailbox(letter.interviewer, letter.to, letter.company) else read_name(letter.interviewer)
    )
    first = read_name(given) if given and not whole else first
    others = [read_name(one.name) for one in letter.also if not is_mailbox(one.name, one.address)]
    people = [_person(one, locale) for one in (first, *others) if one]
    return {
        "salutation": whole,
        "people": people if first else [],
        "others": people[1:] if first else people,
        "interviewer": people[0]["name"] if first else "",
    }


def _person(one: Addressee, locale: Locale) -> dict[str, Any]:
    titles = [locale.titles[title] for title in one.titles if title in locale.titles]
    return {
        "name": one.name,
        "given": one.given,
        "surname": one.surname,
        "title": " ".join(titles),
        "gender": one.gender,
    }


def _place(letter: Letter) -> str:
    """Return the address without the firm's name, which the sentence has already."""
    place, company = one_line(letter.place), one_line(letter.company)
    return place.removeprefix(company).lstrip(" ,–-") if company else place


def errand_facts(errand: Errand, locale: Locale) -> dict[str, Any]:
    """Return the names a template about another event may use."""
    writer = Writer(locale, errand.zone, errand.now)
    old, new, away = errand.scheduled, errand.new, errand.away
    known = read_name(errand.organizer)
    person = None if is_mailbox(errand.organizer, errand.to) else known
    return {
        **_mine(errand.signature.name, errand.signature.phone, locale),
        **_NOBODY,
        "hello": writer.greeting(),
        "title": one_line(errand.title),
        "organizer": (person.given or person.name) if person else "",
        "day": writer.day(old.start),
        "dated": writer.dated(old.start),
        "when": writer.on(old.start),
        "new": writer.on(new.start) if new else "",
        "new_day": writer.day(new.start) if new else "",
        "new_hour": writer.hour(new.start) if new else "",
        "new_at": writer.at(new.start) if new else "",
        "same_day": bool(new and writer.same_day(old.start, new.start)),
        "leave": writer.at(away.start) if away and away.start > old.start else "",
        "back": writer.at(away.end) if away and away.end < old.end else "",
    }


_NOBODY: dict[str, Any] = {"salutation": "", "people": [], "others": [], "several": 0, "slots": []}


def _mine(name: str, phone: str, locale: Locale) -> dict[str, Any]:
    return {
        "name": one_line(name),
        "given_name": (read_name(name) or Addressee("")).given,
        "phone": one_line(phone, 40),
        "region": locale.region,
        "comma": locale.comma,
        "closing_words": locale.closing,
    }


# -- rendering ------------------------------------------------------------------------------------------


def _render(
    kind: str, language: str, country: str | None, templates: Path | None, facts: Mapping[str, Any]
) -> tuple[str, str]:
    from jinja2 import TemplateError

    try:
        text = _environment(language, country, templates).get_template(kind + SUFFIX).render(facts)
    except TemplateError as error:
        raise UsageError(_blame(kind, language, error)) from None
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError):
        # what an expression of an override can raise; the package's own are tested in every form
        raise UsageError(_blame(kind, language, None)) from None
    lines = [re.sub("[ \t]+", " ", line).strip(" ") for line in text[:BODY].strip().splitlines()]
    lines = [re.sub(r"(?<=[a-z]\.)\.(?!\.)", "", re.sub(r" +(?=[.,](?:\s|$))", "", line)) for line in lines]
    subjects = [line.removeprefix(SUBJECT) for line in lines if line.startswith(SUBJECT)]
    lines = [line for line in lines if not line.startswith(SUBJECT)]
    fitting = [subject for subject in subjects if len(subject) <= LONGEST_SUBJECT]
    subject = next(iter([*fitting, *subjects[-1:]]), "").replace("\u00a0", " ")
    return subject, "\n".join(_without_gaps(lines)).strip() + "\n"


def _blame(kind: str, language: str, error: Exception | None) -> str:
    line = getattr(error, "lineno", None)
    where = f"line {line} of it" if isinstance(line, int) else "an expression in it"
    name = f"{language}/{kind}{SUFFIX}"
    return f"the template {name} cannot be used ({where}); mend it, or take your override away"


def _without_gaps(lines: list[str]) -> list[str]:
    """Return the lines with one blank line between paragraphs, none within a list."""
    return [
        line
        for place, line in enumerate(lines)
        if line or (place and lines[place - 1] and any(lines[place:]))
    ]


@cache
def _environment(language: str, country: str | None, templates: Path | None) -> ImmutableSandboxedEnvironment:
    from jinja2 import ChoiceLoader, FileSystemLoader, FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    locale = find_locale(language, country)
    own = FunctionLoader(lambda name: _packaged(name, locale))
    loader = ChoiceLoader([FileSystemLoader(templates / language), own]) if templates else own
    environment = ImmutableSandboxedEnvironment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.filters["after_de"] = join_french
    environment.filters["capitalized"] = _capitalized
    environment.filters["opened"] = lambda text: text if locale.small else _capitalized(text)
    environment.filters["either"] = lambda words: join_words(words, locale.either)
    environment.filters["both"] = lambda words: join_words(words, locale.both)
    return environment


def _packaged(name: str, locale: Locale) -> str | None:
    """Return a template of the package: the language's own, else the form all languages share."""
    for folder in (locale.language, "forms"):
        text = read_template(folder, name) if name.endswith(".j2") and "/" not in name else None
        if text is not None:
            for written, there in locale.replace:
                text = text.replace(written, there)
            return text
    return None


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
