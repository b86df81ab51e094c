"""`lastresort message`: any of the drafts, for one interview or for one event that should make room."""

from __future__ import annotations

import sys
from datetime import UTC
from typing import TYPE_CHECKING, Annotated, NamedTuple
from zoneinfo import ZoneInfo

from typer import Argument, Option

from lastresort.advice.next_step import UNANSWERED
from lastresort.cli.clipboard import copy
from lastresort.cli.files import numbered, write_private
from lastresort.cli.follow_up import (
    find_subject,
    note_answer,
    note_called,
    note_left,
    note_request,
    take_note_back,
)
from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.run import open_session, read_settings, tell_losses
from lastresort.errors import UsageError
from lastresort.history.requests import remembered_name
from lastresort.jobs.check import find_report
from lastresort.jobs.colleagues import find_errands
from lastresort.jobs.drafting import (
    compose_errand,
    guessed_language,
    indiscretion,
    language_of,
    letter_for,
    meant,
    templates_of,
)
from lastresort.jobs.remembered import background_of
from lastresort.messages.compose import ERRANDS
from lastresort.outputs.eml import mailto_url, write_eml
from lastresort.outputs.json import dump, message_document
from lastresort.planning.check import reconsider, withdraws
from lastresort.times.readings import Setting
from lastresort.times.single import parse_offer

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.cli.follow_up import Subject
    from lastresort.jobs.session import Session
    from lastresort.messages import Message
    from lastresort.model import Interval
    from lastresort.planning.check import InterviewReport, Report

ASKING = ("email", "phone", "voicemail")
AFTERWARDS = ("nudge", "confirm", "follow-up")
BEGUN = ("late", "missed")


class MessageOptions(NamedTuple):
    """Which draft, and where to."""

    kind: Annotated[
        str | None,
        Argument(
            metavar="KIND",
            help="phone, voicemail, email, withdraw, confirm, follow-up, nudge, late, missed, extension; "
            "ask-organiser, decline-once, step-out, delegate, call.",
            show_default=False,
        ),
    ] = None
    agreed: Annotated[
        str | None,
        Option("--agreed", metavar="TIME", help="confirm, follow-up: the new time.  [from memory]"),
    ] = None
    event: Annotated[
        str | None,
        Option(
            "--event",
            metavar="TEXT",
            help="ask-organiser, decline-once, step-out, delegate, call: the event, by UID or words.  "
            "[those of the plan]",
        ),
    ] = None
    by: Annotated[
        str | None, Option("--by", metavar="DURATION", help="late: how late you will be, such as 15m.")
    ] = None
    until: Annotated[
        str | None, Option("--until", metavar="DATE", help="extension: the day by which you will answer.")
    ] = None
    sent: Annotated[
        bool,
        Option("--sent", help="Note that this went out now, to be reminded of the answer. Sends nothing."),
    ] = False
    unsent: Annotated[
        bool, Option("--unsent", help="Take the last such note back: it did not go out after all.")
    ] = False
    copy: Annotated[bool, Option("--copy", help="Put the text on the clipboard.")] = False
    eml: Annotated[
        str | None, Option("--eml", metavar="FILE", help="Also write it as a mail, open for editing.")
    ] = None
    mailto: Annotated[bool, Option("--mailto", help="Print a mailto: address instead of the text.")] = False


class _Draft(NamedTuple):
    """What is handed out: the message, why in its language, what a mentor would object."""

    message: Message
    language_because: str = ""
    warnings: tuple[str, ...] = ()
    unsigned: bool = False
    guessed: bool = False
    """Nothing that they wrote told the language."""


def message(
    own: MessageOptions, source: SourceOptions, question: QuestionOptions, output: OutputOptions
) -> int:
    """Draft a message: to ask for another time, to withdraw, and what comes after; or to make room for it.

    The interview is the only one found, the only one that has to move, or the one of --interview. confirm,
    follow-up and nudge know names and times from what was noted with --sent. Nothing is ever sent.

    There is no draft of a text, chat or social message: it is easily missed, and it looks as little as it
    costs. Under 24 hours call first; otherwise write an e-mail.

    Exit code: 0 done, 1 refused or failed, 2 wrong usage.
    """
    kind = _checked(own)
    if kind in ERRANDS:
        drafts = _errands(kind, own, source, question)
    elif kind in AFTERWARDS:
        drafts = [_afterwards(kind, own, source, question)]
    elif kind in (*BEGUN, "extension"):
        drafts = [_past_or_present(kind, own, source, question)]
    else:
        drafts = [_request(kind, own, source, question)]
    _hand_out(drafts, own, output)
    return 0


def _checked(own: MessageOptions) -> str:
    from lastresort.messages import known_kind

    if own.sent and own.unsent:
        raise UsageError("--sent and --unsent exclude each other: give one of them")
    kind = known_kind(own.kind or "")
    misplaced = {
        "--agreed": own.agreed is not None and kind not in ("confirm", "follow-up"),
        "--event": own.event is not None and kind not in ERRANDS,
        "--sent": own.sent and kind in (*ERRANDS, *BEGUN, "extension"),
        "--unsent": own.unsent and kind in (*ERRANDS, *BEGUN, "extension"),
        "--by": own.by is not None and kind != "late",
        "--until": own.until is not None and kind != "extension",
    }
    for option in (name for name, wrong in misplaced.items() if wrong):
        raise UsageError(f"{option} says nothing for {kind}: leave it out")
    return kind


# -- asking, and leaving ------------------------------------------------------------------------------------


def _request(kind: str, own: MessageOptions, source: SourceOptions, question: QuestionOptions) -> _Draft:
    from lastresort.messages import compose

    session = open_session(source, question)
    report = find_report(session)
    tell_losses(report.agenda)
    entry = _asked_about(kind, meant(report, session), report.window.end)
    leaving = kind == "withdraw" or withdraws(session.query.reason)
    if not leaving:
        entry = _reconsidered(entry, report, session)
    code, why = language_of(entry.interview, session, question.language)
    letter = letter_for(entry, session)
    kind = "withdraw" if leaving and kind == "email" else kind
    draft = compose(kind, letter, code, templates_of(session.settings))
    past = background_of(session).recall(entry.interview)
    if own.unsent:
        take_note_back(kind, remembered_name(session.memory, entry.interview), session.settings)
    elif own.sent and leaving:
        note_left(entry.interview, code, session, session.query.reason.kind)
    elif own.sent and kind == "phone" and past.reply in UNANSWERED:
        note_called(entry.interview, session)
    elif own.sent:
        note_request(entry.interview, letter.slots, code, session, session.query.reason.kind)
    told = (because.text for because in entry.because if because.rule in ("R2", "R5", "R26"))
    warnings = () if leaving else tuple(told)
    indiscreet = indiscretion(entry.interview, report)
    warnings = (*warnings, indiscreet) if indiscreet else warnings
    guessed = guessed_language(entry.interview, session, question.language)
    return _Draft(draft, why, warnings, not all(session.settings.signature), guessed)


def _asked_about(kind: str, found: tuple[InterviewReport, ...], until: datetime) -> InterviewReport:
    wanted = [entry for entry in found if entry.wanted]
    moving = [entry for entry in found if entry.verdict == "reschedule"]
    entries = wanted or (moving if len(found) > 1 and kind in ASKING else found)
    if len(entries) != 1:
        raise UsageError(
            f"{len(found) or 'no'} interviews were found until {until:%Y-%m-%d}: "
            "say which one with --interview, --invite, or --at and --for"
        )
    return entries[0]


def _reconsidered(entry: InterviewReport, report: Report, session: Session) -> InterviewReport:
    return reconsider(report, entry, session.interviewer_busy, background_of(session))


# -- late, missed, and more time for an offer ---------------------------------------------------------------


def _past_or_present(
    kind: str, own: MessageOptions, source: SourceOptions, question: QuestionOptions
) -> _Draft:
    """About an interview that may have begun or be over: that of today; with an offer, any that was read."""
    from lastresort.messages import compose
    from lastresort.times.durations import parse_duration
    from lastresort.times.single import parse_time

    session = open_session(source, question)
    now = session.query.now
    today = now.astimezone(ZoneInfo(session.query.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    since = session.agenda.window.start if kind == "extension" else today.astimezone(UTC)
    earlier = session.query._replace(now=since, days=session.query.days + 2)
    report = find_report(session._replace(query=earlier))
    tell_losses(report.agenda)
    entry = _meant(kind, report.interviews, now)
    if kind == "missed":
        anew = entry._replace(verdict="clear", slots=())
        entry = _reconsidered(anew, report._replace(query=session.query), session)
    letter = letter_for(entry, session)
    if own.by:
        letter = letter._replace(arrival=entry.interview.occurrence.interval.start + parse_duration(own.by))
    if own.until:
        letter = letter._replace(until=parse_time(own.until, letter.zone, now))
    code, why = language_of(entry.interview, session, question.language)
    draft = compose(kind, letter, code, templates_of(session.settings))
    return _Draft(draft, why, unsigned=not all(session.settings.signature))


def _meant(kind: str, found: tuple[InterviewReport, ...], now: datetime) -> InterviewReport:
    """The one that was named, else the last that began (missed), else the next that is not over (late)."""
    if len(found) == 1:
        return found[0]
    spans = [(entry.interview.occurrence.interval, entry) for entry in found]
    begun = [entry for span, entry in spans if span.start <= now]
    coming = [entry for span, entry in spans if span.end > now]
    fitting = {"missed": begun[-1:], "late": coming[:1]}.get(kind, [])
    if not fitting:
        raise UsageError(f"{len(found) or 'no'} interviews fit {kind}: say which one with --interview")
    return fitting[0]


# -- after the request --------------------------------------------------------------------------------------


def _afterwards(kind: str, own: MessageOptions, source: SourceOptions, question: QuestionOptions) -> _Draft:
    from lastresort.messages import compose

    settings = read_settings(source, question)
    subject = find_subject(kind, settings, source, question)
    letter = subject.letter
    if own.agreed:
        letter = letter._replace(agreed=_agreed(own.agreed, subject))
    if letter.agreed is not None and letter.agreed == letter.scheduled and kind == "confirm":
        letter = letter._replace(scheduled=None)
    draft = compose(kind, letter, subject.language, templates_of(settings))
    if own.unsent:
        take_note_back(kind, subject.name, settings)
    elif own.sent:
        note_answer(kind, subject, letter.agreed, settings)
    return _Draft(draft, subject.language_because, unsigned=not all(settings.signature))


def _agreed(text: str, subject: Subject) -> Interval:
    scheduled = subject.letter.scheduled
    length = scheduled.length if scheduled else None
    return parse_offer(text, Setting(now=subject.letter.now, mine=subject.zone, length=length))


# -- other people's events ----------------------------------------------------------------------------------


def _errands(
    kind: str, own: MessageOptions, source: SourceOptions, question: QuestionOptions
) -> list[_Draft]:
    session = open_session(source, question)
    report = find_report(session)
    tell_losses(report.agenda)
    return [
        _Draft(*compose_errand(kind, errand, session, question.language))
        for errand in find_errands(kind, own.event, report)
    ]


# -- handing out --------------------------------------------------------------------------------------------


def _hand_out(drafts: list[_Draft], own: MessageOptions, output: OutputOptions) -> None:
    if own.unsent:
        _say(f"no longer noted as sent: {drafts[0].message.kind}")
        return
    for draft in drafts:
        _tell(draft, output)
    if output.json:
        rows = [(draft.message, draft.language_because) for draft in drafts]
        sys.stdout.write(dump(message_document(rows)))
    elif own.mailto:
        print("\n".join(mailto_url(draft.message) for draft in drafts))
    else:
        sys.stdout.write("\n---\n\n".join(_written(draft.message) for draft in drafts))
    if own.eml:
        _write(own.eml, drafts)
    if own.copy:
        copy("\n\n".join(draft.message.body for draft in drafts))
        _say("the text is on the clipboard")
    if own.sent:
        _say(f"noted as sent: {drafts[0].message.kind} (--unsent takes it back)")


def _tell(draft: _Draft, output: OutputOptions) -> None:
    """Objections always, notes when asked for: on standard error, so that the draft stays a draft."""
    if not output.quiet:
        for warning in draft.warnings:
            _say(warning)
    if output.verbose and draft.unsigned:
        _say("sign it with name and telephone number: [signature] in the configuration is not complete (R24)")
    if draft.language_because and (output.verbose or (draft.guessed and not output.quiet)):
        from lastresort.messages.languages import language_name

        _say(f"in {language_name(draft.message.language)}: {draft.language_because}")


def _say(text: str) -> None:
    print(f"lastresort: {text}", file=sys.stderr)


def _written(message: Message) -> str:
    """The draft as it is read: head and text as in a mail, or the words to speak."""
    if not message.subject:
        return message.body
    to = f"To: {message.to}\n" if message.to else ""
    to += f"Cc: {', '.join(message.cc)}\n" if message.cc else ""
    return f"{to}Subject: {message.subject}\n\n{message.body}"


def _write(path: str, drafts: list[_Draft]) -> None:
    for number, draft in enumerate(drafts):
        _say(f"wrote {write_private(numbered(path, number), write_eml(draft.message))}")
