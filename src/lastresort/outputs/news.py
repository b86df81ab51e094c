"""What has changed since the last run, as lines for a person and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.model import Interval
from lastresort.outputs import when
from lastresort.outputs.json import in_zone, problems_document
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from lastresort.history.news import ClashChange, News
    from lastresort.history.records import ToldClash


class NewsLine(NamedTuple):
    """One piece of news: `new`, `changed`, `closer` or `gone`, and what about it."""

    kind: str
    text: str


def news_lines(news: News, zone: str, now: datetime) -> tuple[NewsLine, ...]:
    """Return the news on clashes, a line each, the most pressing first; times are in `zone`."""
    return (
        *(NewsLine("closer", _closer(clash, zone, now)) for clash in news.escalated),
        *(NewsLine("new", _new(clash, zone, now)) for clash in news.new),
        *(NewsLine("changed", _changed(change, zone, now)) for change in news.changed),
        *(
            NewsLine("gone", f"{_other(clash)} no longer clashes with {_when(clash, zone, now)}")
            for clash in news.gone
        ),
    )


def count_news(news: News) -> str:
    """Return how much there is of each kind: `1 new clash, 2 clashes gone`."""
    states = (("still open", news.escalated), ("changed", news.changed), ("gone", news.gone))
    new = [f"{_clashes(news.new, 'new ')}"] if news.new else []
    return (
        ", ".join([*new, *(f"{_clashes(them)} {state}" for state, them in states if them)]) or "no new clash"
    )


def _clashes(them: Sequence[object], word: str = "") -> str:
    return f"{len(them)} {word}clash{'' if len(them) == 1 else 'es'}"


def _new(clash: ToldClash, zone: str, now: datetime) -> str:
    clashes = "clashes" if clash.busy == "clash" else "may clash"
    return f"{_other(clash)} ({_span(clash, zone, now)}) {clashes} with {_when(clash, zone, now)}"


def _closer(clash: ToldClash, zone: str, now: datetime) -> str:
    hours = 24 if clash.urgency > 1 else 48
    return f"{_when(clash, zone, now)} is less than {hours} hours away and still clashes with {_other(clash)}"


def _changed(change: ClashChange, zone: str, now: datetime) -> str:
    still = "still clashes with" if change.now.busy == "clash" else "may clash with"
    return f"{'; '.join(_differences(change, zone, now))}; {still} {_when(change.now, zone, now)}"


def _differences(change: ClashChange, zone: str, now: datetime) -> Iterator[str]:
    """Yield what is another than it was told: one of the times, else the certainty; then the verdict."""
    before, after = change
    if (before.interview_start, before.interview_end) != (after.interview_start, after.interview_end):
        yield f"the interview has moved from {_interview_span(before, zone, now)}, and {_other(after)}"
    elif (before.other_start, before.other_end) != (after.other_start, after.other_end):
        yield f"{_other(after)} has moved from {_span(before, zone, now)} to {_span(after, zone, now)}"
    elif before.busy != after.busy:
        yield f"{_other(after)} is {'certain' if after.busy == 'clash' else 'no longer certain'} now"
    else:
        yield _other(after)
    if before.verdict != after.verdict:
        yield _VERDICTS[after.verdict]


_VERDICTS = {
    "clear": "nothing certain stands in the way now",
    "rearrange": "other events can make room now",
    "reschedule": "nothing else can make room any more",
}


def _other(clash: ToldClash) -> str:
    return _quoted(clash.other_title, "an event without title")


def _when(clash: ToldClash, zone: str, now: datetime) -> str:
    title = _quoted(clash.interview_title, "the interview")
    perhaps = ", which may be an interview" if clash.possible else ""
    return f"{title} ({_interview_span(clash, zone, now)}{perhaps})"


def _quoted(title: str, otherwise: str) -> str:
    shown = one_line(title)
    return f"“{shown}”" if shown else otherwise


def _span(clash: ToldClash, zone: str, now: datetime) -> str:
    return when.span(Interval(clash.other_start, clash.other_end), zone, now)


def _interview_span(clash: ToldClash, zone: str, now: datetime) -> str:
    return when.span(Interval(clash.interview_start, clash.interview_end), zone, now)


def news_document(news: News, zone: str, now: datetime) -> dict[str, Any]:
    """Return the `news` object of `check --new-only --json`."""
    return {
        "new": [_clash(clash, zone) for clash in news.new],
        "changed": [
            {"before": _clash(change.before, zone), "now": _clash(change.now, zone)}
            for change in news.changed
        ],
        "gone": [_clash(clash, zone) for clash in news.gone],
        "escalated": [_clash(clash, zone) for clash in news.escalated],
        "problems": problems_document(news.problems),
        "text": [line.text for line in news_lines(news, zone, now)],
    }


def _clash(clash: ToldClash, zone: str) -> dict[str, Any]:
    return {
        "interview": _event(clash.interview_title, clash.interview_start, clash.interview_end, zone),
        "other": _event(clash.other_title, clash.other_start, clash.other_end, zone),
        "busy": clash.busy,
        "verdict": clash.verdict,
    }


def _event(title: str, start: datetime, end: datetime, zone: str) -> dict[str, str]:
    return {"summary": one_line(title), "start": in_zone(start, zone), "end": in_zone(end, zone)}
