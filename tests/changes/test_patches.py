"""The way back from a change: what a record keeps, and which records are taken for an answer."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from lastresort.changes.journal import make_patch, open_journal
from lastresort.errors import RefusedError

ADDRESS = "caldav+https://cal.example/me/a.ics"
BODY = (
    b'{"version": 1, "when": "2026-05-01T07:00:00+00:00", "what": ["x"], "sources": [], "memo": null, '
    b'"files": []}'
)


@pytest.mark.parametrize(
    ("before", "after", "start", "length", "old"),
    [
        (b"abcdef", b"abXYef", 2, 2, b"cd"),
        (b"abcdef", b"abef", 2, 0, b"cd"),
        (b"abef", b"abcdef", 2, 2, b""),
        (b"aaaa", b"aaa", 3, 0, b"a"),
        (b"abc", b"xyz", 0, 3, b"abc"),
        (b"abcdef", b"Xbcdef", 0, 1, b"a"),
        (b"abcdef", b"abcdeX", 5, 1, b"f"),
        (b"abc", None, 0, 0, b"abc"),
        (None, b"abc", 0, 3, b""),
    ],
)
def test_a_record_keeps_what_is_no_longer_there_and_no_more(
    before: bytes | None, after: bytes | None, start: int, length: int, old: bytes
) -> None:
    patch = make_patch("/work.ics", before, after)
    assert (patch.start, patch.length, patch.old) == (start, length, old)
    assert patch.reverse(after) == before
    assert patch.made(after)
    assert not patch.made(b"another program's")


def test_of_an_object_on_a_server_all_is_kept_and_its_sense_recognised() -> None:
    patch = make_patch(ADDRESS, b"SUMMARY:a\r\n", b"SUMMARY:b\r\n")
    assert patch.whole
    assert patch.old == b"SUMMARY:a\r\n"
    assert patch.made(b"SUMM\r\n ARY:b\r\n")
    assert not patch.made(b"SUMMARY:c\r\n")
    assert not patch.made(None)
    gone = make_patch(ADDRESS, b"SUMMARY:a\r\n", None)
    assert gone.made(None)
    assert not gone.made(b"SUMMARY:a\r\n")


def test_changes_with_one_number_are_named_in_full(tmp_path: Path) -> None:
    journal = open_journal(str(tmp_path / "state"))
    for name in ("1-00aa", "1-00bb", "2-00cc"):
        Path(journal.folder, f"{name}.done.json").write_bytes(BODY)
    with pytest.raises(RefusedError, match="several changes have this number: 1-00bb, 1-00aa"):
        journal.find("1")
    assert journal.find("1-00aa").id == "1-00aa"
    assert journal.find("2").id == "2-00cc"
    with pytest.raises(RefusedError, match="no such change"):
        journal.find("3")


def test_a_record_that_cannot_be_understood_is_told_and_not_passed_over(tmp_path: Path) -> None:
    journal = open_journal(str(tmp_path / "state"))
    with pytest.raises(RefusedError, match="no change to take back"):
        journal.find(None)
    Path(journal.folder, "1-00aa.done.json").write_bytes(BODY)
    Path(journal.folder, "2-00bb.done.json").write_bytes(b"{")
    for id_ in ("2", "2-00bb", None):
        with pytest.raises(RefusedError, match="change 2-00bb cannot be understood"):
            journal.find(id_)
    assert journal.find("1").id == "1-00aa"


def test_the_journal_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = Path(open_journal(str(tmp_path / "state")).folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
