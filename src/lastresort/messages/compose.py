"""From a letter to a draft: templates in files, rendered in a sandbox, the user's own first."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.advice.effects import NO_TEXTING
from lastresort.advice.reasons import REASONS, Weight
from lastresort.advice.situation import DAY
from lastresort.errors import UsageError
from lastresort.interviews.detection import Mode
from lastresort.messages.languages import LANGUAGES
from lastresort.messages.letter import Errand, Letter
from lastresort.messages.when import MONTH_FIRST, Writer, join_french
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jinja2.sandbox import ImmutableSandboxedEnvironment

SPOKEN = ("phone", "voicemail")
ERRANDS = ("ask-organiser", "decline-once")
KINDS = (*SPOKEN, "email", "withdraw", "confirm", "follow-up", "nudge", *ERRANDS)
"""The messages of the contract."""
ANSWERS = ("availability", "accept")
"""Where no interview stands yet: they asked for my times, or named theirs (`agreed`, a second in `slots`)."""

SUFFIX = ".txt.j2"
SUBJECT = "Subject: "
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

    @property
    def mail(self) -> Message:
        """The mail among them, alone."""
        return Message(
            self.kind,
            self.to,
            self.subject,
            self.body,
            self.language,
            self.in_reply_to,
            self.references,
        )


def compose(
    kind: str, letter: Letter | Errand, language: str = "en", templates: Path | None = None
) -> Message:
    """Return one draft; `templates` is the user's folder of overrides, `<language>/<kind>.txt.j2`.

    Raises UsageError for an unknown kind or language, for a letter that lacks what the kind needs, and for an
    override that cannot be rendered.
    """
    _refuse_unfit(kind, letter, language)
    facts = errand_facts(letter, language) if isinstance(letter, Errand) else letter_facts(letter, language)
    subject, body = _render(kind, language, templates, facts)
    if kind in SPOKEN:
        return Message(kind, letter.call if isinstance(letter, Letter) else None, "", body, language)
    thread = letter.thread if isinstance(letter, Letter) else None
    return Message(
        kind,
        letter.to,
        subject,
        body,
        language,
        thread.in_reply_to if thread else None,
        thread.references if thread else (),
    )


def compose_reschedule(
    letter: Letter, language: str = "en", templates: Path | None = None, *, speak: bool = False
) -> Drafts:
    """Return the mail that asks for another time, or that withdraws when the reason says so (R4).

    What to say on the telephone comes with it under 24 hours of notice, or when `speak` (the advice says to
    call). A note to follow up comes with every request, not with a withdrawal.
    """
    leaving = _is_withdrawal(letter)
    mail = compose("withdraw" if leaving else "email", letter, language, templates)
    calls = speak or _is_soon(letter)
    return Drafts(
        mail.kind,
        mail.to,
        mail.subject,
        mail.body,
        compose("phone", letter, language, templates).body if calls else None,
        compose("voicemail", letter, language, templates).body if calls else None,
        None if leaving else compose("follow-up", letter, language, templates).body,
        language,
        "",
        mail.in_reply_to,
        mail.references,
    )


# -- what a kind needs ----------------------------------------------------------------------------------


def _refuse_unfit(kind: str, letter: Letter | Errand, language: str) -> None:
    if kind not in KINDS + ANSWERS:
        raise UsageError(_unknown(kind))
    if language not in LANGUAGES:
        raise UsageError(f"no messages in the language asked for: choose one of {' '.join(LANGUAGES)}")
    if (kind in ERRANDS) != isinstance(letter, Errand):
        raise UsageError(
            f"{kind} is about {'another event' if kind in ERRANDS else 'an interview'}: name that one"
        )
    if isinstance(letter, Errand):
        return
    if kind in ("confirm", "accept") and letter.agreed is None:
        raise UsageError(f"{kind} needs the new time: settle it first, or name it with --agreed")
    if kind not in (*ANSWERS, "confirm") and letter.scheduled is None:
        raise UsageError(f"{kind} needs an interview: name it with --interview, --invite, or --at and --for")


def known_kind(text: str) -> str:
    """Return the kind of message that is meant. Raises UsageError that lists them, or says why not (R8)."""
    kind = text.strip().casefold()
    if kind not in KINDS:
        raise UsageError(_unknown(kind))
    return kind


def _unknown(kind: str) -> str:
    if kind.casefold() in ("text", "sms", "chat", "whatsapp", "im", "dm", "linkedin"):
        return f"there is no draft for {kind.casefold()}. {NO_TEXTING} (R8)"
    return f"no such message; choose one of {' '.join(KINDS)}"


def _is_withdrawal(letter: Letter) -> bool:
    kind = REASONS.get(letter.reason.kind)
    return kind is not None and kind.weight is Weight.WITHDRAWAL


def _is_soon(letter: Letter) -> bool:
    return letter.scheduled is not None and (letter.scheduled.start - letter.now).total_seconds() < DAY * 60


# -- what a template sees -------------------------------------------------------------------------------


def letter_facts(letter: Letter, language: str) -> dict[str, Any]:
    """Return the names a template about an interview may use; `docs/reference/advice.md` lists them."""
    writer = Writer(language, letter.zone, letter.now, letter.country)
    scheduled, agreed = letter.scheduled, letter.agreed
    return {
        **_people(letter.signature.name, letter.signature.phone, letter.country),
        "role": one_line(letter.role),
        "company": one_line(letter.company),
        "interviewer": one_line(letter.interviewer),
        "recruiter": letter.recruiter,
        "day": writer.day(scheduled.start) if scheduled else "",
        "when": writer.on(scheduled.start) if scheduled else "",
        "when_spoken": writer.on(scheduled.start, spoken=True) if scheduled else "",
        "slots": [writer.span(slot) for slot in letter.slots],
        "slots_spoken": [writer.span(slot, spoken=True) for slot in letter.slots],
        "agreed": writer.period(agreed) if agreed else "",
        "agreed_day": writer.day(agreed.start) if agreed else "",
        "asked": writer.dated(letter.asked) if letter.asked else "",
        "again": letter.requests > 0,
        "soon": _is_soon(letter),
        **_reason(letter),
    }


def _reason(letter: Letter) -> dict[str, Any]:
    kind, words = letter.reason.kind, one_line(letter.reason.text, 500)
    return {
        "kind": kind,
        "words": words if not words or words[-1] in ".!?…" else f"{words}.",
        "withdrawing": _is_withdrawal(letter),
        "given": bool(words) or _is_withdrawal(letter),
        "by_video": kind == "travel" and letter.mode is Mode.ONSITE,
        "other_way": kind == "technical" and letter.mode is not Mode.ONSITE,
    }


def errand_facts(errand: Errand, language: str) -> dict[str, Any]:
    """Return the names a template about another event may use."""
    writer = Writer(language, errand.zone, errand.now, errand.country)
    old, new = errand.scheduled, errand.new
    return {
        **_people(errand.signature.name, errand.signature.phone, errand.country),
        "title": one_line(errand.title),
        "organizer": one_line(errand.organizer),
        "day": writer.day(old.start),
        "when": writer.on(old.start),
        "dated": writer.dated(old.start),
        "old": writer.span(old, placed=False),
        "new": writer.span(new) if new else "",
        "same_day": bool(new and new.length == old.length and writer.same_day(old.start, new.start)),
        "old_hour": writer.hour(old.start),
        "new_hour": writer.hour(new.start, placed=True) if new else "",
    }


def _people(name: str, phone: str, country: str | None) -> dict[str, Any]:
    return {
        "name": one_line(name),
        "phone": one_line(phone, 40),
        "country": country or "",
        "us": country in MONTH_FIRST,
    }


# -- rendering ------------------------------------------------------------------------------------------


def _render(kind: str, language: str, templates: Path | None, facts: Mapping[str, Any]) -> tuple[str, str]:
    from jinja2 import TemplateError

    try:
        text = _environment(language, templates).get_template(kind + SUFFIX).render(facts)
    except TemplateError as error:
        raise UsageError(_blame(kind, language, error)) from None
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError):
        # what an expression of an override can raise; the package's own are tested in every form
        raise UsageError(_blame(kind, language, None)) from None
    lines = [" ".join(line.split()) for line in text[:BODY].strip().splitlines()]
    subject = lines.pop(0).removeprefix(SUBJECT) if lines and lines[0].startswith(SUBJECT) else ""
    return subject, "\n".join(_without_gaps(lines)).strip() + "\n"


def _blame(kind: str, language: str, error: Exception | None) -> str:
    line = getattr(error, "lineno", None)
    where = f"line {line} of it" if isinstance(line, int) else "an expression in it"
    name = f"{language}/{kind}{SUFFIX}"
    return f"the template {name} cannot be used ({where}); mend it, or take your override away"


def _without_gaps(lines: list[str]) -> list[str]:
    """One blank line between paragraphs, none within a list."""
    return [
        line
        for place, line in enumerate(lines)
        if line or (place and lines[place - 1] and any(lines[place:]))
    ]


@cache
def _environment(language: str, templates: Path | None) -> ImmutableSandboxedEnvironment:
    from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    own = PackageLoader("lastresort.messages", f"templates/{language}")
    loader = ChoiceLoader([FileSystemLoader(templates / language), own]) if templates else own
    environment = ImmutableSandboxedEnvironment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.filters["after_de"] = join_french
    environment.filters["capitalized"] = lambda text: text[:1].upper() + text[1:]
    return environment
