"""Which of the times they named costs least to keep, and the mail that takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.errors import RefusedError, UsageError
from lastresort.interviews.detection import find_interviews, guard
from lastresort.interviews.zone import ZoneSource
from lastresort.jobs.check import find_report
from lastresort.jobs.drafting import address_for, signature_of, templates_of
from lastresort.jobs.remembered import background_of
from lastresort.jobs.session import (
    ALL_DAYS,
    Inquiry,
    Question,
    Session,
    choose_one,
    invited_among,
    open_session,
    read_poll,
    with_their_country,
)
from lastresort.messages.compose import Drafts, compose
from lastresort.messages.languages import choose_language
from lastresort.messages.letter import Letter, letter_about
from lastresort.model import Busy, Problem
from lastresort.outputs.json import weigh_document
from lastresort.planning.holds import without
from lastresort.planning.odd_hours import find_oddness
from lastresort.planning.offering import needed_by_plans
from lastresort.planning.timetable import Timetable
from lastresort.planning.weigh import OtherPlan, Scale
from lastresort.sources.html_text import text_of_html
from lastresort.sources.mail import MARKUP
from lastresort.times.durations import parse_duration
from lastresort.times.prose import said_in
from lastresort.times.reader import TEXT_CUT, Reading, understand
from lastresort.times.readings import Meaning, ReadingContext, Understood, UnderstoodKind, ZoneBasis
from lastresort.times.telling import quoted
from lastresort.zones.names import zone_country

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from lastresort.interviews.detection import Interview
    from lastresort.model import Occurrence
    from lastresort.planning.weigh import Weighed
    from lastresort.sources.mail import MailText
    from lastresort.sources.written import Written

_NAMED = (ZoneBasis.NAMED, ZoneBasis.STATED)


class Words(NamedTuple):
    """What they wrote about times."""

    offers: tuple[str, ...] = ()
    """Times as they wrote them, one by one."""
    written: Written | None = None
    """A mail, a text, a poll."""

    def __bool__(self) -> bool:
        return bool(self.offers or self.written)


class NamedTimes(NamedTuple):
    """What was understood of all that they wrote."""

    understood: tuple[Understood, ...]
    length: timedelta | None
    """How long the meeting lasts; each poll option has its own where it is not known."""
    language: str = ""
    mail: MailText | None = None
    problems: tuple[Problem, ...] = ()
    """What of their words was not read or is not listed."""


class Weighing(NamedTuple):
    """A time or window they named, and its best start weighed."""

    named: Understood
    weighed: Weighed
    oddness: str | None
    """Why it should be asked about before it is accepted."""


class Answer(NamedTuple):
    """The times they named, cheapest first, and the mail that accepts the best."""

    session: Session
    interview: Interview | None
    """The one that would move to one of them; `None` when none was named."""
    named: NamedTimes
    weighings: tuple[Weighing, ...]
    drafts: Drafts | None
    their_zone: str

    @property
    def possible(self) -> tuple[Weighing, ...]:
        """Those that can be kept, without a doubt that has to be asked about first."""
        return _possible(self.weighings)

    @property
    def offers(self) -> tuple[tuple[Understood, Weighed], ...]:
        """The times as they were named and what each costs, a doubt among the reasons."""
        return tuple((one.named, _with_doubt(one)) for one in self.weighings)

    @property
    def exit_code(self) -> int:
        """0: one of them is free; 3: one can be kept; 4: none; 5: free as far as could be read."""
        costs = [one.weighed.cost for one in self.weighings if one.weighed.cost is not None]
        if not costs:
            return 4
        if min(costs) > 0:
            return 3
        return 5 if self.session.agenda.is_incomplete else 0

    @property
    def document(self) -> dict[str, Any]:
        """The answer as `weigh --json` has it."""
        return weigh_document(
            self.session.query.now,
            self.session.agenda.zone,
            their_zone=self.their_zone,
            understood=self.named.understood,
            offers=self.offers,
            drafts=self.drafts,
            problems=self.named.problems,
        )


def weigh(inquiry: Inquiry, words: Words) -> Answer:
    """Understand the times that they named, and rank them by what each would cost to keep.

    Without words an invitation that is a poll names them. Raises UsageError when nothing names a time, or it
    is not known how long the meeting lasts; RefusedError when nothing was understood.
    """
    session, question = open_session(inquiry, lone_length=True), inquiry.question
    interview = _which(session, question)
    options = interview.options if interview else ()
    if not (question.interview or question.at):
        options = session.invited
    if not words and not options:
        raise UsageError('name the times with --offer "Tue 3pm ET", or give what they wrote with --from FILE')
    written = words.written
    if written and written.text is None and interview is None:  # a poll alone
        options = read_poll(written.calendars, inquiry.run, session.query.now)
        interview, words = _asked_about(options, session), Words()
    if words:
        options = ()
        named = _read(words, session, inquiry, interview)
    else:
        named = _poll_options(options, _length(question, None), _basis(session, interview))
    session, interview = _in_their_zone(named.understood, session, interview)
    if all(one.kind is UnderstoodKind.NOT_UNDERSTOOD for one in named.understood):
        raise RefusedError(_nothing_understood(named.understood))
    weighings = _weigh_all(named, session, interview, options)
    return Answer(
        session=session,
        interview=interview,
        named=named,
        weighings=weighings,
        drafts=_accept(weighings, named, session, question, interview),
        their_zone=_their_zone(session, interview),
    )


def _nothing_understood(understood: Sequence[Understood]) -> str:
    """Return why nothing was understood, with the nearest thing that would be."""
    shown = next((one for one in understood if one.note), None)
    what = f"{quoted(shown.text)} {shown.note}" if shown else "no time is named that could be an offer"
    return f"{what}; write it as Tue 12 May 3pm ET, or 2026-05-12 14:30-15:15"


# ---- what they wrote


def _which(session: Session, question: Question) -> Interview | None:
    """Return the interview that would move to one of the times: the one named, or of the invitation."""
    if not (question.interview or question.at):
        return _asked_about(session.invited, session)
    found = find_interviews(session.agenda, session.query, session.invited, session.places).interviews
    return choose_one(found if question.interview else invited_among(found, session.invited), session.query)


def _asked_about(options: Sequence[Occurrence], session: Session) -> Interview | None:
    """Return the one interview of an invitation or of a poll's options; `None` when they are of several."""
    found = find_interviews(session.agenda, session.query, options, session.places).interviews
    invited = invited_among(found, options)
    return invited[0] if len(invited) == 1 else None


def _others(interview: Interview | None, options: Sequence[Occurrence], session: Session) -> list[Interview]:
    """Return the interviews that have to stay, beyond the days looked at too: they may name times there."""
    query = session.query._replace(interview=None, days=ALL_DAYS)
    everybody = find_interviews(session.agenda, query, session.invited, session.places).interviews
    mine = (interview.occurrence, *interview.copies) if interview else ()
    own = {occurrence.key for occurrence in (*mine, *options)}
    return [other for other in everybody if other.occurrence.key not in own]


def _length(question: Question, interview: Interview | None) -> timedelta | None:
    if question.for_:
        return parse_duration(question.for_)
    return interview.occurrence.interval.length if interview else None


def _read(
    words: Words,
    session: Session,
    inquiry: Inquiry,
    interview: Interview | None,
) -> NamedTimes:
    """Return all that the options and the file name, each once."""
    setting = _setting(session, _length(inquiry.question, interview), interview)
    readings = [understand(text, setting) for text in words.offers]
    left = [("--offer", rest) for reading in readings for rest in reading.left]
    mail = None
    if written := words.written:
        mail = written.text
        said = _said(mail, setting) if mail else None
        if said:
            readings.append(said)
            left += [(written.name, rest) for rest in said.left]
        if written.calendars and not (said and _is_understood(said)):
            options = read_poll(written.calendars, inquiry.run, session.query.now)
            found = _poll_options(options, setting.length, _basis(session, interview))
            readings.append(Reading(understood=found.understood, length=found.length, language=""))
    understood = tuple(dict.fromkeys(one for reading in readings for one in reading.understood))
    length = setting.length or next((reading.length for reading in readings if reading.length), None)
    _require_length(understood, length)
    language = next((reading.language for reading in readings if reading.language), "")
    problems = tuple(
        Problem(source=name, code="text-cut", message=f"{name}: {rest}") for name, rest in dict.fromkeys(left)
    )
    return NamedTimes(understood=understood, length=length, language=language, mail=mail, problems=problems)


def _setting(session: Session, length: timedelta | None, interview: Interview | None) -> ReadingContext:
    """Return what their words are read against: bare times are theirs, as far as their zone is known."""
    query = session.query
    theirs, country = query.interviewer_zone, query.interviewer_country
    if interview and interview.interviewer.zone_source is not ZoneSource.ASSUMED:
        theirs, country = interview.interviewer.zone, country or interview.interviewer.country
    return ReadingContext(
        now=query.now,
        mine=session.agenda.zone,
        theirs=theirs,
        country=country,
        hours=query.interviewer_hours,
        length=length,
    )


def _said(mail: MailText, setting: ReadingContext) -> Reading:
    """Return what a mail names: its plain text, else its HTML, else its subject together with either."""
    setting = setting._replace(written=mail.sent)
    bodies = []
    for body, in_text in ((mail.plain, str), (mail.html, text_of_html)):
        if text := said_in(in_text(body[:MARKUP])):
            bodies.append((text, len(body) > MARKUP))
    if bodies and mail.subject:
        text, is_cut = bodies[0]
        bodies.append((f"{mail.subject}\n{text}", is_cut))
    found = Reading(understood=(), length=setting.length, language="")
    for text, is_cut in bodies:
        found = understand(text, setting)
        if is_cut:
            found = found._replace(left=tuple(dict.fromkeys((TEXT_CUT, *found.left))))
        if _is_understood(found):
            break
    return found


def _is_understood(reading: Reading) -> bool:
    return any(one.kind is not UnderstoodKind.NOT_UNDERSTOOD for one in reading.understood)


def _require_length(understood: Iterable[Understood], length: timedelta | None) -> None:
    """Raise UsageError for a time without an end when it is not known how long the meeting lasts."""
    for one in understood:
        if length is None and any(meaning.interval.start >= meaning.interval.end for meaning in one.readings):
            raise UsageError(
                f"{quoted(one.text)} has no end", "say how long it lasts with --for 45m", option="--for"
            )


def _poll_options(
    options: Sequence[Occurrence], length: timedelta | None, theirs: tuple[str, ZoneBasis]
) -> NamedTimes:
    """Return the options of a poll: each its own time, or a window where it is longer than the meeting.

    An instant in UTC is shown in their zone, or in mine: programs write UTC, nobody's clock shows it.
    """
    their_zone, basis = theirs
    understood = []
    for option in options:
        zone, interval = option.event.zone, option.interval
        named = zone is not None and zone != "UTC"
        zone = zone if zone and named else their_zone
        window = length is not None and interval.length > length
        kind = UnderstoodKind.WINDOW if window else UnderstoodKind.TIME
        understood.append(
            Understood(
                text=option.event.summary[:100],
                kind=kind,
                interval=interval,
                zone=zone,
                zone_source=ZoneBasis.NAMED if named else basis,
                readings=(Meaning(interval=interval, zone=zone),),
            )
        )
    return NamedTimes(understood=tuple(understood), length=length)


def _in_their_zone(
    understood: Sequence[Understood], session: Session, interview: Interview | None
) -> tuple[Session, Interview | None]:
    """Who writes `Tue 3pm ET` thinks in that zone: it holds where nothing else tells theirs."""
    query = session.query
    named = {one.zone for one in understood if one.zone and one.zone_source in _NAMED}
    (zone,) = named if len(named) == 1 and not query.interviewer_zone else (None,)
    if interview is None:
        asked = query._replace(interviewer_zone=zone) if zone else query
        return session._replace(query=with_their_country(asked)), None
    person = interview.interviewer
    if zone and person.zone_source == ZoneSource.ASSUMED:
        person = person._replace(zone=zone, zone_source=ZoneSource.TEXT)
    return session, interview._replace(interviewer=person)


def _their_zone(session: Session, interview: Interview | None) -> str:
    if interview is not None:
        return interview.interviewer.zone
    return session.query.interviewer_zone or session.query.zone


def _basis(session: Session, interview: Interview | None) -> tuple[str, ZoneBasis]:
    """Return their zone, and whether it is known."""
    known = session.query.interviewer_zone or (interview and not interview.interviewer.zone_assumed)
    return _their_zone(session, interview), ZoneBasis.INTERVIEWER if known else ZoneBasis.ASSUMED


# ---- what each costs


def _weigh_all(
    named: NamedTimes,
    session: Session,
    interview: Interview | None,
    poll: Sequence[Occurrence],
) -> tuple[Weighing, ...]:
    """Return the times and the best starts of the windows, cheapest first; ambiguous ones are left out."""
    kept = _others(interview, poll, session)
    query = guard(session.query, session.agenda, [*kept, *([interview] if interview else [])])
    background = background_of(session)
    mine = background.holds_for(interview) if interview else ()
    uids = {option.event.uid for option in poll}
    options = tuple(
        one for one in session.agenda.occurrences if one.busy is Busy.CHECK and one.event.uid in uids
    )
    timetable = Timetable(without(session.agenda, (*background.holds, *options)), query)
    held = [hold.blocked for hold in background.holds if hold not in mine]
    report = find_report(session._replace(query=session.query._replace(interview=None), invited=()))
    other_plans = [OtherPlan(time, points) for time, points in needed_by_plans(report).items()]
    scale = Scale(timetable, interview, kept, held=held, other_plans=other_plans)
    their_zone = _their_zone(session, interview)
    found = []
    for one in named.understood:
        if one.interval is None:
            continue
        length = named.length if one.kind is UnderstoodKind.WINDOW else None
        weighed = scale.weigh(one.interval, length)
        zone = one.zone or their_zone
        found.append(
            Weighing(named=one, weighed=weighed, oddness=find_oddness(weighed.interval, query, zone))
        )
    return tuple(sorted(found, key=lambda one: one.weighed.rank))


def _possible(weighings: Sequence[Weighing]) -> tuple[Weighing, ...]:
    """Return those that can be kept, without a doubt that has to be asked about first."""
    return tuple(one for one in weighings if one.weighed.cost is not None and one.oddness is None)


def _accept(
    weighings: Sequence[Weighing],
    named: NamedTimes,
    session: Session,
    question: Question,
    interview: Interview | None,
) -> Drafts | None:
    """Return the mail that takes the best time and names a second, on the clock of their words.

    `None` when no time can be kept, or each one that can is to be asked about first.
    """
    possible = _possible(weighings)
    if not possible:
        return None
    best = possible[0]
    second = tuple(
        one.weighed.interval for one in possible[1:] if one.weighed.interval != best.weighed.interval
    )[:1]
    zone = best.named.zone or _their_zone(session, interview)
    mail = named.mail
    signature = signature_of(session, interview, mail.addressed if mail else ())
    if interview is not None:
        letter = letter_about(
            interview,
            session.query.now,
            session.agenda.zone,
            agreed=best.weighed.interval,
            slots=second,
            address=address_for(interview, session),
            signature=signature,
        )._replace(zone=zone)
        words, country = interview.occurrence.event.language, interview.interviewer.country
    else:
        sender = mail.sender if mail else None
        country, words = session.query.interviewer_country or zone_country(zone), named.language
        letter = Letter(
            now=session.query.now, zone=zone, home=session.agenda.zone, address=session.address,
            agreed=best.weighed.interval, slots=second, country=country,
            interviewer=sender.name or None if sender else None,
            to=sender.address if sender else None, signature=signature,
        )  # fmt: skip
    language, why = choose_language(question.language or session.settings.language, words, country)
    if interview is None and words == language:
        why = "they wrote in it"
    message = compose("accept", letter, language, templates_of(session.settings))
    return Drafts.of_mail(message, why)


def _with_doubt(weighing: Weighing) -> Weighed:
    """Return what a time costs, the doubt about it in front of the reasons."""
    if weighing.oddness is None:
        return weighing.weighed
    told = f"it {weighing.oddness}: ask whether it is meant before you accept"
    return weighing.weighed._replace(because=(told, *weighing.weighed.because))
