"""`lastresort weigh`: the recruiter named times; which of them costs least to keep."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Option

from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.run import is_incomplete
from lastresort.cli.session import (
    ALL_DAYS,
    Session,
    choose_one,
    invited_among,
    open_session,
    with_their_country,
)
from lastresort.errors import UsageError
from lastresort.zones import names as zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.messages import Drafts
    from lastresort.model import Interval
    from lastresort.planning.weigh import Weighed


class WeighOptions(NamedTuple):
    """The times that were named."""

    offer: Annotated[
        list[str] | None,
        Option(
            "--offer",
            metavar="TIME",
            help='A time they named, as they wrote it: "Tue 3pm", "Wed 10:00 ET". Several times.',
        ),
    ] = None


def weigh(source: SourceOptions, own: WeighOptions, question: QuestionOptions, output: OutputOptions) -> int:
    """Rank the times that were offered to you by what each would cost to keep, and accept the best.

    Exit code: 0 one of them is free, 3 one can be kept by rearranging, 4 none can, 5 free as far as could be
    read, 1 failed, 2 wrong usage.
    """
    from lastresort.cli.remembered import background_of
    from lastresort.interviews.detection import guard
    from lastresort.planning.holds import without
    from lastresort.planning.timetable import Timetable
    from lastresort.planning.weigh import weigh as weigh_offers

    if not own.offer:
        raise UsageError('name the times with --offer, such as --offer "Tue 3pm" --offer "Wed 10:00 ET"')
    session = open_session(source, question, lone_length=True)
    interview, kept = _which(session, question)
    offers, named = _read_offers(own.offer, session, question, interview)
    session, interview = _in_their_zone(named, session, interview)
    query = guard(session.query, session.agenda, [*kept, *([interview] if interview else [])])
    background = background_of(session)
    mine = background.holds_for(interview) if interview else ()
    agenda = without(session.agenda, background.holds)
    held = [hold.blocked for hold in background.holds if hold not in mine]
    weighed = weigh_offers(offers, Timetable(agenda, query), interview, kept, held)
    drafts = _accept(weighed, session, question, interview)
    _print(session, weighed, drafts, _their_zone(session, interview), output)
    return _exit_code(weighed, session)


def _which(session: Session, question: QuestionOptions) -> tuple[Interview | None, tuple[Interview, ...]]:
    """The interview that would move to one of the times, if one was named, and those that have to stay."""
    from lastresort.interviews.detection import find_interviews

    # they may name times beyond the days looked at, and interviews there have to stay as well
    everywhere = session.query._replace(interview=None, days=ALL_DAYS)
    everybody = find_interviews(session.agenda, everywhere, session.invited, session.places).interviews
    if not (question.interview or session.invited):
        return None, everybody
    found = find_interviews(session.agenda, session.query, session.invited, session.places).interviews
    mine = choose_one(found if question.interview else invited_among(found, session.invited), session.query)
    own = {occurrence.key for occurrence in (mine.occurrence, *mine.copies)}
    return mine, tuple(other for other in everybody if other.occurrence.key not in own)


def _read_offers(
    texts: Sequence[str], session: Session, question: QuestionOptions, interview: Interview | None
) -> tuple[list[Interval], frozenset[str]]:
    """The times named, and the zones they were named in."""
    from lastresort.times.parse import parse_duration, parse_offer

    query, named = session.query, set[str]()

    def find_zone(name: str) -> str:
        zone = zones.find_zone(name, query.now)
        named.add(zone)
        return zone

    length = parse_duration(question.for_) if question.for_ else None
    if length is None and interview is not None:
        length = interview.occurrence.interval.length
    return [parse_offer(text, query.zone, query.now, length, find_zone) for text in texts], frozenset(named)


def _in_their_zone(
    named: frozenset[str], session: Session, interview: Interview | None
) -> tuple[Session, Interview | None]:
    """Who writes `Tue 3pm ET` thinks in that zone: it holds where nothing else tells theirs."""
    from lastresort.interviews.zone import ZoneSource

    query = session.query
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


def _accept(
    weighed: Sequence[Weighed], session: Session, question: QuestionOptions, interview: Interview | None
) -> Drafts | None:
    """The mail that takes the best time and names a second; `None` when no time can be kept."""
    from lastresort.cli.drafting import signature_of, templates_of
    from lastresort.messages import Drafts, Letter, choose_language, compose, letter_about

    possible = [offer for offer in weighed if offer.cost is not None]
    if not possible:
        return None
    best, second = possible[0].interval, tuple(offer.interval for offer in possible[1:2])
    signature = signature_of(session, interview)
    if interview is not None:
        letter = letter_about(interview, session.query.now, agreed=best, slots=second, signature=signature)
        words, country = interview.occurrence.event.language, interview.interviewer.country
    else:
        zone, country, words = _their_zone(session, None), session.query.interviewer_country, ""
        letter = Letter(
            session.query.now, zone, agreed=best, slots=second, country=country, signature=signature
        )
    language, why = choose_language(question.language or session.settings.language, words, country)
    message = compose("accept", letter, language, templates_of(session.settings))
    return Drafts(
        message.kind, message.to, message.subject, message.body, language=language, language_because=why
    )


def _print(
    session: Session,
    weighed: Sequence[Weighed],
    drafts: Drafts | None,
    their_zone: str,
    output: OutputOptions,
) -> None:
    now, zone = session.query.now, session.agenda.zone
    if output.json:
        from lastresort.outputs.json import dump, weigh_document

        sys.stdout.write(dump(weigh_document(now, zone, their_zone, tuple(weighed), drafts)))
        return
    from lastresort.outputs import terminal

    page = terminal.open_page(color=not output.no_color, ascii_only=output.ascii)
    terminal.print_weighed(page, weighed, (zone, their_zone), drafts, now)


def _exit_code(weighed: Sequence[Weighed], session: Session) -> int:
    costs = [offer.cost for offer in weighed if offer.cost is not None]
    if not costs:
        return 4
    if min(costs) > 0:
        return 3
    return 5 if is_incomplete(session.agenda) else 0
