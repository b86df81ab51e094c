"""What is kept comes back as it was, or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Literal, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.codec import NewerError, decode, encode

NOW = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)


class Part(NamedTuple):
    name: str
    old: bytes = b""
    asked: datetime | None = None


class Whole(NamedTuple):
    parts: tuple[Part, ...]
    pair: tuple[datetime, int]
    kind: Literal["hold", "settle"] = "hold"
    names: frozenset[str] = frozenset()
    told: bool = False


WHOLE = Whole((Part("a", b"\0\xff", NOW), Part("\ud800")), (NOW, 3), "settle", frozenset({"x", "y"}), True)


def changed(**fields: object) -> bytes:
    return json.dumps({**json.loads(encode(WHOLE, 1)), **fields}).encode()


def test_what_is_kept_comes_back():
    assert decode(encode(WHOLE, 1), Whole, 1) == WHOLE


def test_missing_fields_have_their_defaults():
    raw = b'{"version": 1, "parts": [], "pair": ["2026-05-04T09:30:00+02:00", 3]}'
    assert decode(raw, Whole, 1) == Whole((), (NOW, 3))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b"{}",
        b'{"version": null}',
        b'{"version": 1}',
        changed(other=1),
        changed(parts={}),
        changed(parts=[{"name": 5}]),
        changed(parts=[{"name": "a", "old": "*"}]),
        changed(pair=["2026-05-04T09:30:00", 3]),
        changed(pair=["2026-05-04T09:30:00+02:00"]),
        changed(pair=["2026-05-04T09:30:00+02:00", True]),
        changed(kind="drop"),
        changed(kind=[]),
        changed(names="x"),
        changed(told=None),
    ],
)
def test_damage_is_an_error(raw):
    with pytest.raises(ValueError):  # noqa: PT011 - the caller says what it means
        decode(raw, Whole, 1)


def test_a_later_version_is_another_error():
    with pytest.raises(NewerError):
        decode(changed(version=2), Whole, 1)


LEAVES = st.none() | st.integers() | st.text()


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_any_json_is_an_error_or_the_whole(document):
    try:
        assert isinstance(decode(json.dumps(document).encode(), Whole, 1), Whole)
    except (ValueError, NewerError):
        return
