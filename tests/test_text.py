"""Text of strangers becomes one line."""

from __future__ import annotations

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.text import one_line, printable


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (None, ""),
        ("  two\n words ", "two words"),
        ("a\u2028b\u00a0c", "a b c"),
        ("\x1b[31mred\x07", "[31mred"),
        ("\u202egnitirw\u202c", "gnitirw"),
        ("  Data\tEngineer \n (m/w/d) ", "Data Engineer (m/w/d)"),
        ("Ingeniería – señal", "Ingeniería – señal"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("abcdef", "abcd…"),
    ],
)
def test_one_line(text, line):
    assert one_line(text, 5 if text == "abcdef" else 200) == line


@given(st.text(max_size=300), st.integers(5, 200))
def test_a_line_stays_what_it_is(text, limit):
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line.splitlines() in ([], [line])
    assert not {category(char) for char in line} & {"Cc", "Cs", "Zl", "Zp", "Co", "Cn"}
    assert line == one_line(line, limit)


def test_printable_keeps_spaces():
    assert printable("a  b\tc\udc80") == "a  b\ufffdc\ufffd"
    assert printable("a\u200bb", "") == "ab"
