"""What is news: each clash once, and again only when it changes, gets close, or goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.history.news import News, Seen, diff, remember, with_problems
from lastresort.history.records import Memory, ToldClash, identify
from lastresort.model import EventKey, Problem

MONDAY = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
FRIDAY = datetime(2026, 5, 8, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def clash(
    start: datetime = FRIDAY, *, interview: str = "i", other: str = "o", shift: int = 0, busy: str = "clash"
) -> ToldClash:
    """An interview of an hour, and something else that begins `shift` minutes later."""
    moved = start + timedelta(minutes=shift)
    return ToldClash(
        interview, other, start, start + HOUR, moved, moved + HOUR, busy, "rearrange", sources=("work",)
    )


def seen(*sources: str, until: datetime = MONDAY + 14 * DAY) -> Seen:
    return Seen(frozenset(sources or ("work",)), until)


def told(
    before: Memory, current: list[ToldClash], now: datetime, what: Seen | None = None
) -> tuple[str, Memory]:
    """Run a morning; say what it told, one word each, and keep what it remembers."""
    news = diff(before, current, what or seen(), now)
    words = [word for word in ("new", "changed", "gone", "escalated") for _ in getattr(news, word)]
    return " ".join(words), remember(before, current, what or seen(), now)


def test_a_week_of_mornings() -> None:
    """New on Monday, nothing on Tuesday, moved on Wednesday, close from Thursday on, gone on Friday."""
    mornings = [
        (MONDAY, [clash()], "new"),
        (MONDAY + DAY, [clash()], ""),
        (MONDAY + 2 * DAY, [clash(shift=15)], "changed"),
        (MONDAY + 3 * DAY, [clash(shift=15)], "escalated"),
        (FRIDAY - 23 * HOUR, [clash(shift=15)], "escalated"),
        (FRIDAY - 22 * HOUR, [clash(shift=15)], ""),
        (FRIDAY - 4 * HOUR, [], "gone"),
        (FRIDAY - 3 * HOUR, [], ""),
    ]
    memory = Memory()
    for now, current, expected in mornings:
        said, memory = told(memory, current, now)
        assert said == expected, now
    assert memory.clashes == ()


def test_it_is_told_again_at_48_and_at_24_hours() -> None:
    memory, said = Memory(), []
    for hours in range(72, 0, -1):
        words, memory = told(memory, [clash()], FRIDAY - hours * HOUR)
        said += [(hours, words)] if words else []
    assert said == [(72, "new"), (48, "escalated"), (24, "escalated")]


def test_what_is_new_under_24_hours_is_told_once() -> None:
    said, memory = told(Memory(), [clash()], FRIDAY - 20 * HOUR)
    assert (said, told(memory, [clash()], FRIDAY - 10 * HOUR)[0]) == ("new", "")


def test_what_a_person_should_look_at_is_told_once_and_never_escalates() -> None:
    said, memory = told(Memory(), [clash(busy="check")], MONDAY)
    assert said == "new"
    for hours in (48, 24, 1):
        said, memory = told(memory, [clash(busy="check")], FRIDAY - hours * HOUR)
        assert said == ""
    assert told(memory, [clash()], FRIDAY - HOUR)[0] == "changed"


def test_an_unread_calendar_does_not_make_a_clash_go() -> None:
    _, memory = told(Memory(), [clash()], MONDAY)
    said, memory = told(memory, [], MONDAY + DAY, seen("home"))
    assert said == ""
    assert told(memory, [clash()], MONDAY + 2 * DAY)[0] == ""
    assert told(memory, [], MONDAY + 2 * DAY)[0] == "gone"


def test_a_shorter_window_does_not_make_a_clash_go() -> None:
    _, memory = told(Memory(), [clash()], MONDAY)
    said, memory = told(memory, [], MONDAY + DAY, seen(until=MONDAY + 2 * DAY))
    assert (said, told(memory, [clash()], MONDAY + DAY)[0]) == ("", "")


def test_an_interview_that_is_over_is_forgotten_in_silence() -> None:
    _, memory = told(Memory(), [clash()], MONDAY)
    assert told(memory, [], FRIDAY + 2 * HOUR) == ("", Memory())


def test_asking_about_an_earlier_moment_wakes_nobody_later() -> None:
    _, memory = told(Memory(), [clash()], FRIDAY - 20 * HOUR)
    _, memory = told(memory, [clash()], MONDAY)
    assert told(memory, [clash()], FRIDAY - 19 * HOUR)[0] == ""


def test_the_exit_code_speaks_of_certain_news_alone() -> None:
    current = [clash(), clash(interview="j", busy="check")]
    news = diff(Memory(), current, seen(), MONDAY)
    assert news.interviews == {"i"}
    after = remember(Memory(), current, seen(), MONDAY)
    assert diff(after, [], seen(), MONDAY).interviews == frozenset()


def test_problems_are_told_until_they_have_passed() -> None:
    lost, doubt = Problem("feed", "unread", "feed: gone", lost=True), Problem("work", "tz", "odd")
    news, names = with_problems(News(), Memory(), [lost, doubt])
    assert news.problems == (lost,)
    assert with_problems(News(), Memory(problems=names), [lost]) == (News(), names)
    assert with_problems(News(), Memory(problems=names), []) == (News(), frozenset())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (EventKey("a", "u", None), EventKey("b", "u", None), True),
        (EventKey("a", "u", None), EventKey("a", "u", MONDAY), False),
        (EventKey("a", None, None), EventKey("b", None, None), False),
        (EventKey("a", "", None), EventKey("a", None, None), True),
    ],
)
def test_an_identity_is_the_same_in_every_calendar(one: EventKey, other: EventKey, same: bool) -> None:
    assert (identify(one, FRIDAY) == identify(other, FRIDAY)) is same


clashes = st.builds(
    clash,
    st.integers(-10, 400).map(lambda hours: MONDAY + hours * HOUR),
    interview=st.sampled_from("ij"),
    other=st.sampled_from("op"),
    shift=st.integers(-30, 30),
    busy=st.sampled_from(["clash", "check"]),
)


@given(st.lists(clashes, max_size=4), st.lists(clashes, max_size=4), st.integers(0, 300))
def test_nothing_is_news_twice(first: list[ToldClash], second: list[ToldClash], hours: int) -> None:
    """Whatever two runs find, the same run made again has nothing to tell."""
    later = MONDAY + hours * HOUR
    memory = remember(remember(Memory(), first, seen(), MONDAY), second, seen(), later)
    assert not diff(memory, second, seen(), later)


@given(st.lists(clashes, max_size=4))
def test_every_clash_is_told_when_nothing_was(current: list[ToldClash]) -> None:
    assert {clash.pair for clash in diff(Memory(), current, seen(), MONDAY).new} == {c.pair for c in current}


def named(clash: ToldClash, interview: str, other: str) -> ToldClash:
    return clash._replace(interview_title=interview, other_title=other)


def test_the_same_titles_and_times_under_other_uids_are_no_news() -> None:
    first = named(clash(interview="i1", other="o1"), "Interview", "Sync")
    again = named(clash(interview="i2", other="o2"), "Interview", "Sync")
    half = named(clash(interview="i1", other="o3"), "Interview", "Sync")
    words, memory = told(Memory(), [first], MONDAY)
    assert words == "new"
    for present in (again, half, again):
        words, memory = told(memory, [present], MONDAY + HOUR)
        assert words == ""
        assert [one.pair for one in memory.clashes] == [present.pair]
    assert told(memory, [], MONDAY + 2 * HOUR)[0] == "gone"


@pytest.mark.parametrize(
    "other",
    [
        named(clash(interview="i2", other="o2"), "Interview", "Another"),
        named(clash(interview="i2", other="o2"), "Another", "Sync"),
        named(clash(interview="i2", other="o2", shift=15), "Interview", "Sync"),
    ],
)
def test_another_title_or_time_under_another_uid_is_news(other: ToldClash) -> None:
    _, memory = told(Memory(), [named(clash(), "Interview", "Sync")], MONDAY)
    assert told(memory, [other], MONDAY + HOUR)[0] == "new gone"


def test_a_changed_level_under_another_uid_is_a_change() -> None:
    _, memory = told(Memory(), [named(clash(busy="check"), "Interview", "Sync")], MONDAY)
    now = named(clash(interview="i2", other="o2"), "Interview", "Sync")
    assert told(memory, [now], MONDAY + HOUR)[0] == "changed"


def test_urgency_is_told_once_under_any_uid() -> None:
    _, memory = told(Memory(), [named(clash(), "Interview", "Sync")], MONDAY)
    late = FRIDAY - 20 * HOUR
    again = named(clash(interview="i2", other="o2"), "Interview", "Sync")
    words, memory = told(memory, [again], late)
    assert words == "escalated"
    assert told(memory, [named(clash(interview="i3", other="o3"), "Interview", "Sync")], late)[0] == ""
