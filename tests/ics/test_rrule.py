"""What a rule says, however it is written, and when it is refused. The laws stand in properties/."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

import pytest

from lastresort.ics.rrule import (
    DAILY,
    MONTHLY,
    WEEKLY,
    Capped,
    ExpansionBudget,
    RecurrenceRule,
    RuleError,
    UnsupportedRuleError,
    Until,
    local_times,
    parse_rule,
)
from lastresort.model import Limits


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("FREQ=WEEKLY;COUNT=2;", RecurrenceRule(WEEKLY, times=2)),
        ("freq=weekly;count=2;byday=mo", RecurrenceRule(WEEKLY, times=2, byday=((0, 0),))),
        (" FREQ = WEEKLY ; COUNT = 2 ", RecurrenceRule(WEEKLY, times=2)),
        ("FREQ=WEEKLY;;X-FOO=BAR;COUNT=2", RecurrenceRule(WEEKLY, times=2)),
        ("FREQ=DAILY;FREQ=SECONDLY", RecurrenceRule(DAILY)),
        ("FREQ=DAILY;BYDAY=MO,+1TU,-1FR,MO", RecurrenceRule(DAILY, byday=((-1, 4), (0, 0), (1, 1)))),
        ("FREQ=DAILY;BYMONTHDAY=-1,15,15", RecurrenceRule(DAILY, bymonthday=(-1, 15))),
        ("FREQ=DAILY;WKST=SU;INTERVAL=3", RecurrenceRule(DAILY, interval=3, wkst=6)),
        (
            "FREQ=DAILY;UNTIL=20260514T220000Z",
            RecurrenceRule(DAILY, until=Until(datetime(2026, 5, 14, 22), is_utc=True)),
        ),
        (
            "FREQ=DAILY;UNTIL=20260514T220060",
            RecurrenceRule(DAILY, until=Until(datetime(2026, 5, 14, 22, 0, 59))),
        ),
        (
            "FREQ=DAILY;UNTIL=2026-05-14",
            RecurrenceRule(DAILY, until=Until(datetime(2026, 5, 14), is_date=True)),
        ),
        ("RSCALE=GREGORIAN;FREQ=DAILY;SKIP=OMIT", RecurrenceRule(DAILY)),
        ("RSCALE=GREGORIAN;FREQ=DAILY;SKIP=FORWARD", RecurrenceRule(DAILY)),
        ("FREQ=MONTHLY;SKIP=BACKWARD;BYDAY=MO", RecurrenceRule(MONTHLY, byday=((0, 0),))),
    ],
)
def test_rules_are_read_with_the_usual_oddities(text: str, rule: RecurrenceRule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "COUNT=2",
        "FREQ=FORTNIGHTLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=-5",
        "FREQ=DAILY;COUNT=many",
        "FREQ=DAILY;COUNT=",
        "FREQ=DAILY;COUNT=1_0",
        "FREQ=DAILY;COUNT=\u0663",
        "FREQ=DAILY;UNTIL=2026-13-45",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;UNTIL=",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=1",
        "FREQ=MONTHLY;BYDAY=99999MO",
        "FREQ=DAILY;WKST=XX",
        "FREQ=YEARLY;BYWEEKNO=0",
        "FREQ=YEARLY;BYYEARDAY=400",
        "FREQ=DAILY;BYHOUR=25",
        "FREQ=DAILY;BYHOUR=-1",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTH=13",
        "FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO",
        "FREQ=YEARLY;BYYEARDAY=" + ",".join(str(1 + i % 366) for i in range(100_000)),
    ],
)
def test_rules_out_of_range_are_refused(text: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse_rule(text)
    assert not isinstance(refused.value, UnsupportedRuleError)


@pytest.mark.parametrize(
    "text",
    [
        "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=5L",
        "FREQ=MONTHLY;SKIP=FORWARD",
        "FREQ=YEARLY;SKIP=BACKWARD;BYDAY=MO;BYMONTHDAY=31",
    ],
)
def test_other_calendars_are_said_to_be_unsupported(text: str) -> None:
    with pytest.raises(UnsupportedRuleError):
        parse_rule(text)


def test_messages_do_not_repeat_the_rule() -> None:
    with pytest.raises(RuleError) as refused:
        parse_rule("FREQ=DAILY;COUNT=SECRET")
    assert "SECRET" not in str(refused.value)


def times(text: str, start: str, since: str, until: str, budget: ExpansionBudget | None = None) -> list[str]:
    with budget or ExpansionBudget() as spent:
        found = local_times(parse_rule(text), *map(datetime.fromisoformat, (start, since, until)), spent)
        return [f"{when:%Y-%m-%d}" for when in found]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # Plain and numbered weekdays unite; dateutil alone would intersect them.
        (
            "FREQ=MONTHLY;BYDAY=FR,1MO",
            ["2026-05-01", "2026-05-04", "2026-05-08", "2026-05-15", "2026-05-22", "2026-05-29"],
        ),
        # The weekday that BYWEEKNO leaves open is DTSTART's; dateutil alone would give the whole week.
        ("FREQ=YEARLY;BYWEEKNO=20", ["2026-05-11"]),
        # The first of a week is Monday although DTSTART is a Wednesday.
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1", ["2026-05-04", "2026-05-11", "2026-05-18", "2026-05-25"]),
        ("FREQ=MONTHLY;BYDAY=6MO", []),
        ("FREQ=MONTHLY;BYDAY=6MO;BYMONTH=5", []),
    ],
)
def test_where_the_rfc_and_dateutil_differ_the_rfc_decides(rule: str, expected: list[str]) -> None:
    start = "2025-01-06 09:00" if "WEEKNO" in rule else "2025-01-08 09:00"
    assert times(rule, start, "2026-05-01", "2026-05-31") == expected


def test_intervals_keep_step_across_centuries() -> None:
    assert times("FREQ=WEEKLY;INTERVAL=3", "1900-01-01", "2026-05-01", "2026-05-31") == ["2026-05-18"]
    assert times("FREQ=YEARLY;INTERVAL=7;BYYEARDAY=100", "1900-01-01", "2020-01-01", "2032-12-31") == [
        "2026-04-10"
    ]


def test_a_budget_ends_by_steps_and_by_time() -> None:
    with pytest.raises(Capped):
        times("FREQ=SECONDLY", "2026-01-01", "2026-01-01", "2026-12-31", ExpansionBudget(Limits(steps=1000)))
    clock = iter(range(1_000_000))
    slow = ExpansionBudget(Limits(event_seconds=3), clock=lambda: next(clock))
    with pytest.raises(Capped):
        times("FREQ=HOURLY", "2026-01-01", "2026-01-01", "2026-12-31", slow)


def test_plain_rules_do_not_import_dateutil() -> None:
    program = """if True:
        import sys
        from datetime import datetime as d
        from lastresort.ics.rrule import ExpansionBudget, local_times, parse_rule
        for rule in "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=YEARLY":
            with ExpansionBudget() as budget:
                list(local_times(parse_rule(rule), d(2020, 1, 1), d(2026, 1, 1), d(2026, 2, 1), budget))
        print("dateutil" in sys.modules)
    """
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
