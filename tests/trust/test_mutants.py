"""Damaged calendars end in an answer or in one clear line; rewritten ones of one meaning in one answer."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from commandline import Ran

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "../shared/corpus/own"
WINDOW = ("--from", "2026-04-20", "--to", "2026-07-20", "--now", "2026-05-01T08:00Z", "--tz", "UTC", "--utc")
SEED = 20260501
SMALL = 20_000
"""Larger files are left out: they say the same more slowly."""

SOURCES = sorted((ROOT / "fixtures" / "producers").glob("*/*.ics"))
SOURCES = [path for path in SOURCES if path.stem not in ("rule-by-the-second", "utf-16")]
STRANGE = (
    b"RRULE:FREQ=SECONDLY", b"BEGIN:VEVENT", b"END:VEVENT", b"END:VCALENDAR", b"DTSTART:T", b"\0",
    b"DURATION:P99999999W", b"RECURRENCE-ID;RANGE=THISANDFUTURE:20260505T100000Z", b"DTSTART;TZID=../x:1",
    b"EXDATE;VALUE=DATE:20260505", b"\xff\xfe", b"9" * 300, b"-1", b"\xed\xa0\x80", b";", b'"', b"\r", b"\n ",
)  # fmt: skip


def damaged(draw: random.Random, text: bytes) -> bytes:
    """Return the text after one to five blows."""
    for _ in range(draw.randint(1, 5)):
        rows = text.split(b"\n")
        at, row = draw.randrange(len(text) + 1), draw.randrange(len(rows))
        blow = draw.randrange(7)
        if blow == 0:
            text = text[:at] + bytes([draw.randrange(256)]) + text[at + 1 :]
        elif blow == 1:
            text = text[:at] + text[at + draw.choice((1, 10, 200)) :]
        elif blow == 2:
            text = text[:at] + draw.choice(STRANGE) + text[at:]
        elif blow == 3:
            rows.insert(row, draw.choice(STRANGE))
            text = b"\n".join(rows)
        elif blow == 4:
            text = b"\n".join(rows[:row] + rows[row : row + 3] * draw.choice((2, 50)) + rows[row + 3 :])
        elif blow == 5:
            draw.shuffle(rows)
            text = b"\n".join(rows)
        else:
            number = draw.choice((b"0", b"-1", b"4294967296", b"99999999"))
            text = re.sub(rb"\d{2,}", number, text, count=draw.randint(1, 3))
    return text


def rewritten(draw: random.Random, text: bytes) -> bytes:
    """Return other bytes of the same meaning: line ends, folds, case of names, a mark, what nobody reads."""
    rows = re.sub(rb"\r?\n[ \t]", b"", text).replace(b"\r\n", b"\n").strip(b"\n").split(b"\n")
    change = draw.randrange(5)
    if change == 0:
        rows = [re.sub(rb"^[A-Za-z-]+", lambda name: name[0].lower(), row) for row in rows]
    elif change == 1:
        rows = [row for row in rows for row in (row, b"X-NOBODY;X=1:" + bytes(5)) if row]
    elif change == 2:
        width = draw.choice((1, 8, 30, 74))
        rows = [b"\n ".join(row[n : n + width] for n in range(0, len(row), width)) for row in rows]
    end = draw.choice((b"\n", b"\r\n"))
    return (b"\xef\xbb\xbf" if change == 3 else b"") + b"\n".join(rows).replace(b"\n", end) + end


def sources() -> list[Path]:
    more = sorted(CORPUS.glob("*.ics")) if CORPUS.exists() else []
    return [path for path in (*SOURCES, *more) if path.stat().st_size < SMALL]


def answer(run: Callable[..., Ran], path: Path) -> Ran:
    ran = run("agenda", path, *WINDOW, "--me", "dana@example.com", "--json")
    assert ran.code in (0, 1, 5)
    assert "Traceback" not in ran.err
    assert len(ran.out) < 1 << 22
    assert ran.code != 1 or (ran.out == "" and ran.err.count("\n") == 1)
    return ran


@pytest.mark.parametrize("part", range(4))
def test_damage_ends_in_an_answer_or_in_one_line(run: Callable[..., Ran], tmp_path: Path, part: int) -> None:
    draw = random.Random(SEED + part)
    path = tmp_path / "damaged.ics"
    for source in draw.choices(sources(), k=150):
        path.write_bytes(damaged(draw, source.read_bytes()))
        answer(run, path)


def occurrences(ran: Ran) -> list[dict[str, object]]:
    return json.loads(ran.out)["occurrences"] if ran.out else []


def is_plain(text: bytes) -> bool:
    """Rewriting works on lines; what depends on other line ends or encodings is no calendar of lines."""
    return text.lstrip(b"\xef\xbb\xbf").startswith(b"BEGIN:VCALENDAR") and b"QUOTED-PRINTABLE" not in text


def test_the_same_meaning_gives_the_same_answer(run: Callable[..., Ran], tmp_path: Path) -> None:
    draw = random.Random(SEED)
    path = tmp_path / "calendar.ics"
    plain = [source for source in sources() if is_plain(text := source.read_bytes()) and b"\r\n" in text]
    for source in draw.choices(plain, k=250):
        text = source.read_bytes().removeprefix(b"\xef\xbb\xbf")
        path.write_bytes(text)
        before = answer(run, path)
        path.write_bytes(rewritten(draw, text))
        after = answer(run, path)
        assert (before.code, occurrences(before)) == (after.code, occurrences(after)), source.name
