"""Archives are read without being unpacked, and never further than anybody's calendars reach."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest
from readings import content

from lastresort.errors import SourceError
from lastresort.model import Limits
from lastresort.sources import open_source
from lastresort.sources.archive import MEMBERS

if TYPE_CHECKING:
    from pathlib import Path

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
SMALL = Limits(file_bytes=100_000)


def packed(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def written(tmp_path: Path, data: bytes) -> str:
    (tmp_path / "export.zip").write_bytes(data)
    return str(tmp_path / "export.zip")


def refused(tmp_path: Path, data: bytes, limits: Limits = SMALL) -> str:
    with pytest.raises(SourceError) as error:
        open_source(written(tmp_path, data), limits=limits)
    return str(error.value)


def test_each_calendar_is_a_source(tmp_path: Path) -> None:
    data = packed(
        ("me@example.com.ics", CALENDAR), ("Takeout/Calendar/Work.ics", CALENDAR), ("index.html", b"")
    )
    path = written(tmp_path, data)
    documents = open_source(path).documents
    assert [d.source for d in documents] == [
        f"{path}/Takeout/Calendar/Work.ics",
        f"{path}/me@example.com.ics",
    ]
    assert [d.path for d in documents] == [None, None]
    assert content(documents[0]) == CALENDAR == content(documents[0])


def test_an_archive_may_come_from_standard_input() -> None:
    documents = open_source("-", stdin=io.BytesIO(packed(("a.ics", CALENDAR)))).documents
    assert [d.name for d in documents] == ["standard input/a.ics"]


def test_a_bomb_costs_only_itself(tmp_path: Path) -> None:
    path = written(tmp_path, packed(("bomb.ics", b"\0" * 200_000), ("good.ics", CALENDAR)))
    opened = open_source(path, limits=SMALL)
    assert [content(d) for d in opened.documents] == [CALENDAR]
    assert [(p.lost, "bomb.ics: larger than" in p.message) for p in opened.problems] == [(True, True)]


def test_many_large_members_are_refused_together(tmp_path: Path) -> None:
    data = packed(*((f"{n}.ics", b"\0" * 99_000) for n in range(5)))
    assert "unpacks to more than" in refused(tmp_path, data)


def test_names_that_climb_are_only_names(tmp_path: Path) -> None:
    path = written(tmp_path, packed(("../../evil.ics", CALENDAR), ("x\x1b]52;c;eA==\x07.ics", CALENDAR)))
    documents = open_source(path).documents
    assert [content(d) for d in documents] == [CALENDAR] * 2
    assert all(d.name.isprintable() for d in documents)
    assert not (tmp_path.parent.parent / "evil.ics").exists()


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("link.ics")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ((link(), b"/etc/passwd"), "a link"),
        (("inner.zip", packed(("a.ics", CALENDAR))), "inside the archive"),
    ],
)
def test_what_is_no_calendar_is_told(
    tmp_path: Path, member: tuple[str | zipfile.ZipInfo, bytes], said: str
) -> None:
    opened = open_source(written(tmp_path, packed(("good.ics", CALENDAR), member)))
    assert len(opened.documents) == 1
    assert [said in problem.message for problem in opened.problems] == [True]
    assert said in refused(tmp_path, packed(member))


def flagged(data: bytes) -> bytes:
    """Mark the one member as encrypted."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.find(signature) + offset] |= 1
    return bytes(changed)


def test_a_protected_member_is_told(tmp_path: Path) -> None:
    assert "password" in refused(tmp_path, flagged(packed(("a.ics", CALENDAR))))


@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_torn_archive_is_refused(tmp_path: Path, kept: float) -> None:
    data = packed(("a.ics", CALENDAR * 50))
    assert "download the archive again" in refused(tmp_path, data[: int(len(data) * kept)])


def test_a_size_that_lies_is_noticed_when_the_member_is_opened(tmp_path: Path) -> None:
    data = bytearray(packed(("a.ics", CALENDAR)))
    local, central = data.find(b"PK\x03\x04"), data.find(b"PK\x01\x02")
    data[local + 22 : local + 26] = data[central + 24 : central + 28] = struct.pack("<I", 10)
    (document,) = open_source(written(tmp_path, bytes(data))).documents
    with pytest.raises(SourceError, match="damaged"):
        document.open()


def test_changed_bytes_are_noticed(tmp_path: Path) -> None:
    data = packed(("a.ics", CALENDAR * 9))
    at = data.find(b"a.ics") + 10
    (document,) = open_source(written(tmp_path, data[:at] + b"\xff" + data[at + 1 :])).documents
    with pytest.raises(SourceError, match="damaged"):
        document.open()


def test_an_archive_of_thousands_is_refused(tmp_path: Path) -> None:
    members = ((f"{n}.ics", b"") for n in range(MEMBERS + 1))
    assert "entries" in refused(tmp_path, packed(*members), Limits())


def test_an_archive_without_calendars_is_refused(tmp_path: Path) -> None:
    assert "holds no .ics file" in refused(tmp_path, packed(("__MACOSX/._a.ics", b"x"), ("readme.txt", b"x")))


def test_a_directory_of_megabytes_is_not_read(tmp_path: Path) -> None:
    """A remark of 64 KiB beside each of a few names: the list alone would be larger than any export's."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20):
            member = zipfile.ZipInfo(f"{number}.ics")
            member.comment = b"x" * 60_000
            archive.writestr(member, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    with pytest.raises(SourceError, match="entries"):
        open_source(str(path))


def test_what_a_macintosh_packs_beside_is_no_calendar(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("work.ics", "__MACOSX/work.ics", "__MACOSX/._work.ics", "._home.ics"):
            archive.writestr(name, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    assert [one.name.rpartition("a.zip/")[2] for one in open_source(str(path)).documents] == ["work.ics"]
