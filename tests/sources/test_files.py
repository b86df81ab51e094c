"""Files and folders: what is read, what is passed over, and what is refused without waiting."""

from __future__ import annotations

import os
import socket
import threading
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from readings import content

from lastresort.errors import SourceError
from lastresort.model import Limits
from lastresort.sources import label, open_source
from lastresort.sources.files import open_regular
from lastresort.sources.interface import NAME, shown

if TYPE_CHECKING:
    from pathlib import Path

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t\r\nEND:VCALENDAR\r\n"
SMALL = Limits(file_bytes=1000)


def put(path: Path, data: bytes = CALENDAR) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def why(spec: object, limits: Limits = SMALL) -> str:
    """Say why a source is refused."""
    with pytest.raises(SourceError) as refused:
        open_source(str(spec), limits=limits)
    return str(refused.value)


def test_a_file_is_one_document_that_opens_afresh(tmp_path: Path) -> None:
    path = put(tmp_path / "work.ics")
    opened = open_source(str(path))
    (document,) = opened.documents
    assert opened.problems == ()
    assert (document.name, document.source, document.path) == (str(path),) * 3
    assert [content(document) for _ in range(2)] == [CALENDAR, CALENDAR]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert why(tmp_path / "gone.ics") == f"{tmp_path}/gone.ics: no such file or folder; check the path"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: os.mkfifo(path), "a pipe"),
        (lambda path: os.symlink("/dev/zero", path), "a device"),
        (lambda path: os.symlink(path, path), "leads back to itself"),
        (lambda path: os.symlink("/nonexistent", path), "no such file"),
        (lambda path: put(path, b"x" * 1001), "larger than 1000 bytes"),
    ],
    ids=["fifo", "device", "loop", "dangling", "large"],
)
def test_what_is_no_calendar_file_is_refused_at_once(tmp_path: Path, make: object, said: str) -> None:
    make(tmp_path / "a.ics")  # type: ignore[operator]
    assert said in why(tmp_path / "a.ics")


def test_a_path_that_cannot_be_one_is_refused() -> None:
    assert "cannot be read" in why("a\0b.ics")
    assert "too long" in why("a" * 5000)


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.ics")
        assert "a socket" in why("s.ics")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "a.ics").chmod(0)
    assert "permissions" in why(tmp_path / "a.ics")


@pytest.mark.parametrize("name", ["invite.msg", "winmail.dat", "mail.pst", "table.csv"])
def test_other_formats_are_told_which_export_to_use(tmp_path: Path, name: str) -> None:
    assert ".ics" in why(put(tmp_path / name, b"data"))


def test_an_outlook_item_is_known_by_its_bytes(tmp_path: Path) -> None:
    assert ".msg" in why(put(tmp_path / "renamed.ics", b"\xd0\xcf\x11\xe0rest"))


def test_standard_input_is_kept_for_several_readings() -> None:
    (document,) = open_source("-", stdin=BytesIO(CALENDAR)).documents
    assert document.name == "standard input"
    assert [content(document) for _ in range(2)] == [CALENDAR, CALENDAR]


def test_standard_input_is_bounded() -> None:
    with pytest.raises(SourceError, match="larger"):
        open_source("-", limits=SMALL, stdin=BytesIO(b"x" * 2000))
    with pytest.raises(SourceError, match="there is none"):
        open_source("-")


@pytest.mark.parametrize("spec", ["ftp://host/secret", "data:text/calendar,secret", "file:///secret.ics"])
def test_other_schemes_are_refused_without_repeating_the_address(spec: str) -> None:
    said = why(spec)
    assert "not read" in said
    assert "secret" not in said


def test_a_path_with_a_colon_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "work:2026.ics")
    assert label("work:2026.ics") == "work:2026.ics"
    assert len(open_source("work:2026.ics").documents) == 1


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ("https://user:hunter2@cal.example/private-hunter2/basic.ics", "cal.example"),
        ("webcal://cal.example:8443/x", "cal.example:8443"),
        ("https://[::1]:80/x", "[::1]:80"),
        ("https://[broken/hunter2", "an address"),
        ("work.ics", "work.ics"),
        ("a\x1b]52;x\x07.ics", "a\ufffd]52;x\ufffd.ics"),
        ("-", "standard input"),
    ],
)
def test_a_source_is_called_by_its_path_or_its_host_alone(spec: str, shown: str) -> None:
    assert label(spec) == shown


# -- folders


def test_folders_are_calendars_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("work/b.ics", "work/a.ics", "home/c.ICS", "home/notes.txt", "empty/readme"):
        put(tmp_path / name)
    put(tmp_path / "work/displayname", "Büro\n".encode())
    put(tmp_path / "work/color", b"#ff0000")
    documents = open_source(str(tmp_path)).documents
    assert [(d.source, d.calendar) for d in documents] == [
        (f"{tmp_path}/home", "home"),
        (f"{tmp_path}/work", "Büro"),
        (f"{tmp_path}/work", "Büro"),
    ]
    assert [d.name.rpartition("/")[2] for d in documents] == ["c.ICS", "a.ics", "b.ics"]
    assert documents[0].path == f"{tmp_path}/home/c.ICS"


def test_leftovers_and_hidden_files_are_no_calendars(tmp_path: Path) -> None:
    for name in (".a.ics.tmp-1", "a.ics~", "#a.ics#", ".#a.ics", ".hidden.ics", ".trash/b.ics", "a.ics"):
        put(tmp_path / name)
    opened = open_source(str(tmp_path))
    assert [d.name for d in opened.documents] == [f"{tmp_path}/a.ics"]
    assert opened.problems == ()


def test_what_blocks_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    put(tmp_path / "good.ics")
    os.mkfifo(tmp_path / "pipe.ics")
    os.symlink("/nonexistent", tmp_path / "dangling.ics")
    opened = open_source(str(tmp_path))
    assert len(opened.documents) == 1
    assert len(opened.problems) == 2
    assert all(problem.lost and problem.source == str(tmp_path) for problem in opened.problems)


def test_links_to_folders_are_told_unless_they_lead_nowhere_new(tmp_path: Path) -> None:
    put(tmp_path / "calendars/good.ics")
    put(tmp_path / "elsewhere/x.ics")
    for name, target in (("up", ".."), ("self", "."), ("other", "../elsewhere")):
        os.symlink(target, tmp_path / "calendars" / name)
    os.symlink("../elsewhere/x.ics", tmp_path / "calendars/linked.ics")
    opened = open_source(str(tmp_path / "calendars"))
    assert [d.name.rpartition("/")[2] for d in opened.documents] == ["good.ics", "linked.ics"]
    assert sorted(p.message.split(": ")[0].rpartition("/")[2] for p in opened.problems) == ["other", "up"]


def test_odd_names_are_shown_harmlessly_and_still_opened(tmp_path: Path) -> None:
    names = [b"a\x1b]52;c;eA==\x07.ics", b"n\nERROR: x.ics", b"--help.ics", b"\xff\xfe.ics"]
    for name in names:
        with open(os.fsencode(tmp_path) + b"/" + name, "wb") as file:
            file.write(CALENDAR)
    documents = open_source(str(tmp_path)).documents
    assert len(documents) == 4
    assert all(d.name.isprintable() and d.name.encode() and content(d) == CALENDAR for d in documents)


def test_a_folder_without_calendars_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "cal.ics/readme.txt")
    assert "holds no .ics file" in why(tmp_path)
    os.mkfifo(tmp_path / "only.ics")
    assert "only.ics: not a file" in why(tmp_path)


def test_deep_folders_end_somewhere(tmp_path: Path) -> None:
    put(tmp_path / "good.ics")
    (tmp_path / "/".join(["d"] * 200)).mkdir(parents=True)
    opened = open_source(str(tmp_path))
    assert len(opened.documents) == 1
    assert [(p.code, p.lost) for p in opened.problems] == [("passed-over", False)]


def test_an_apple_archive_has_its_titles(tmp_path: Path) -> None:
    import plistlib

    calendar = tmp_path / "Backup.icbu/1A2B.calendar"
    put(calendar / "Events/x.ics")
    put(calendar / "Info.plist", plistlib.dumps({"Title": "Private"}))
    (document,) = open_source(str(tmp_path / "Backup.icbu")).documents
    assert document.calendar == "Private"


def test_an_apple_archive_that_is_a_database_is_told(tmp_path: Path) -> None:
    put(tmp_path / "Backup.icbu/Calendar.sqlitedb")
    assert "database" in why(tmp_path / "Backup.icbu")


def test_ten_thousand_files_are_listed_quickly(tmp_path: Path) -> None:
    for number in range(10_000):
        with open(tmp_path / f"{number}.ics", "wb"):
            continue
    done = threading.Event()
    found: list[int] = []

    def look() -> None:
        found.append(len(open_source(str(tmp_path)).documents))
        done.set()

    threading.Thread(target=look, daemon=True).start()
    assert done.wait(5)
    assert found == [10_000]


def test_a_file_that_becomes_a_pipe_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    path = put(tmp_path / "a.ics")
    (document,) = open_source(str(path)).documents
    path.unlink()
    with pytest.raises(SourceError, match="no such file"):
        document.open()
    os.mkfifo(path)
    with pytest.raises(SourceError, match="a pipe"):
        document.open()


def test_files_of_the_kernel_that_claim_to_be_empty_are_read() -> None:
    if not os.path.exists("/proc/self/status"):
        pytest.skip("no /proc here")
    (document,) = open_source("/proc/self/status").documents
    assert content(document)


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="Linux has such files")
def test_files_of_the_kernel_are_bounded_as_well() -> None:
    with pytest.raises(SourceError, match="larger than"):
        open_regular("/proc/self/status", "x.ics", Limits(file_bytes=10))


def test_a_folder_of_very_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lastresort.sources.files.FILES", 2)
    for place in ("a", "b", "c"):
        (tmp_path / place).mkdir()
        for number in range(3):
            (tmp_path / place / f"{number}.ics").write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    with pytest.raises(SourceError, match=r"more than 2 \.ics files"):
        open_source(str(tmp_path))


def test_a_name_is_shown_in_part() -> None:
    assert len(shown("x" * 1000)) == NAME == 300
    assert shown("x" * 299) == "x" * 299


def test_a_calendar_s_name_is_read_from_a_small_file_alone(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    (tmp_path / "displayname").write_bytes(b"Work\n")
    assert [one.calendar for one in open_source(str(tmp_path)).documents] == ["Work"]
    (tmp_path / "displayname").write_bytes(b"Work\n" + bytes(1 << 16))
    assert [one.calendar for one in open_source(str(tmp_path)).documents] == [tmp_path.name]
