"""Where text for a person is printed: rows, columns and colours."""

from __future__ import annotations

import io

import pytest

from lastresort.outputs.page import Page, break_rows, columns, open_page


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def width(monkeypatch):
    return lambda wanted: monkeypatch.setenv("COLUMNS", str(wanted))


def printed(*, color=True, ascii_only=False, stream=None):
    stream = stream or io.StringIO()
    return Page(stream, color=color, ascii_only=ascii_only), stream


def test_what_wraps_hangs_further_in(width):
    width(24)
    page, stream = printed()
    page.line("one two three four five six seven", indent=2)
    assert stream.getvalue() == "  one two three four\n    five six seven\n"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [""]),
        ("short", ["short"]),
        ("one two three", ["one two", "three"]),
        ("x" * 20, ["x" * 8, "x" * 8, "x" * 4]),
        ("a " + "x" * 9 + " b", ["a", "x" * 8, "x b"]),
        ("日本語テキスト", ["日本語テ", "キスト"]),
    ],
)
def test_rows_are_no_wider_than_asked(text, rows):
    assert [text[row].rstrip() for row in break_rows(text, 8)] == rows


def test_columns_are_those_of_a_terminal():
    assert [columns(text) for text in ("abc", "面接", "e\u0301", "\u200b")] == [3, 4, 1, 0]


def test_a_table_too_wide_shortens_titles_then_breaks_its_rows(width):
    rows = [["move", "A title that is long enough to be cut", "Tue 10:00", "Wed 10:00", "alone"]]
    width(60)
    page, stream = printed()
    page.table(rows, cut=1, split=2)
    assert stream.getvalue() == "move  A title that is long eno…  Tue 10:00  Wed 10:00  alone\n"
    width(40)
    page, stream = printed()
    page.table(rows, cut=1, split=2)
    first, second = stream.getvalue().splitlines()
    assert first == "move  A title that is long enough to be…"[:40]
    assert second == "      Tue 10:00  Wed 10:00  alone"


def test_colours_are_for_terminals_alone(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    parts = ("plain ", ("loud", "bold red"), (" own", "#0080ff"))
    for color, stream, text in (
        (True, Terminal(), "plain \x1b[1;31mloud\x1b[0m\x1b[38;2;0;128;255m own\x1b[0m\n"),
        (False, Terminal(), "plain loud own\n"),
        (True, io.StringIO(), "plain loud own\n"),
    ):
        page, _ = printed(color=color, stream=stream)
        page.fixed(*parts)
        assert stream.getvalue() == text
    monkeypatch.setenv("TERM", "dumb")
    page, stream = printed(stream=Terminal())
    page.fixed(*parts)
    assert stream.getvalue() == "plain loud own\n"


def test_a_stream_of_another_encoding_gets_ascii():
    class Old(io.StringIO):
        encoding = "latin-1"

    stream = Old()
    open_page(stream).line("Café – 面接 → ✓")
    assert stream.getvalue() == "Cafe - ?? -> ok\n"
