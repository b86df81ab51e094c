"""The newer of two zone databases counts; what is newer than both is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zoneinfo
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
import tzdata
from reading import calendar, codes, event, read, times

from lastresort.zones import database
from lastresort.zones.database import (
    PACKAGE_FOLDER,
    choose_database,
    describe_database,
    posix_rules,
    zone_names,
)
from lastresort.zones.names import doubt_about_system_zone, system_zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = tzdata.IANA_VERSION


@pytest.fixture
def fresh() -> Iterator[None]:
    """Let a test choose anew, and put zoneinfo's path back afterwards."""
    before = zoneinfo.TZPATH
    choose_database.cache_clear()
    yield
    zoneinfo.reset_tzpath(to=before)
    zoneinfo.ZoneInfo.clear_cache()
    choose_database.cache_clear()


def system(folder: Path, version: str, by: str = "tzdata.zi") -> Path:
    """A system's database in which Berlin keeps Tokyo's time."""
    (folder / "Europe").mkdir(parents=True)
    shutil.copy(os.path.join(PACKAGE_FOLDER, "Asia", "Tokyo"), folder / "Europe" / "Berlin")
    head = {"tzdata.zi": f"# version {version}\n", "+VERSION": f"{version}\n"}.get(by, "")
    rows = "Z Europe/Berlin 9 - JST\nL Europe/Berlin Europe/Newtown\n" if by == "tzdata.zi" else ""
    (folder / by).write_text(head + rows)
    zoneinfo.reset_tzpath(to=[str(folder)])
    zoneinfo.ZoneInfo.clear_cache()
    return folder


def hours_in_berlin() -> float:
    offset = datetime(2026, 6, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).utcoffset()
    assert offset
    return offset.total_seconds() / 3600


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("by", ["tzdata.zi", "+VERSION"])
@pytest.mark.parametrize(
    ("version", "counts"), [("2019a", False), ("2999a", True), (PACKAGE, True), (f"{PACKAGE[:4]}", False)]
)
def test_the_newer_database_counts(tmp_path: Path, version: str, by: str, counts: bool) -> None:
    folder = system(tmp_path / "zoneinfo", version, by)
    used, other = choose_database()
    assert used.is_package is not counts
    assert hours_in_berlin() == (9 if counts else 2)
    assert other
    assert {used.folder, other.folder} == {str(folder), PACKAGE_FOLDER}


@pytest.mark.usefixtures("fresh")
def test_a_zone_that_was_looked_up_before_is_looked_up_again(tmp_path: Path) -> None:
    system(tmp_path / "zoneinfo", "2019a")
    assert hours_in_berlin() == 9
    assert choose_database().used.is_package
    assert hours_in_berlin() == 2


@pytest.mark.usefixtures("fresh")
def test_a_database_that_does_not_tell_its_version_does_not_count(tmp_path: Path) -> None:
    system(tmp_path / "zoneinfo", "", by="zone.tab")
    assert choose_database().used.is_package
    assert "an unknown version" in describe_database()


@pytest.mark.usefixtures("fresh")
def test_a_system_without_a_database_has_the_package(tmp_path: Path) -> None:
    zoneinfo.reset_tzpath(to=[str(tmp_path / "none")])
    zoneinfo.ZoneInfo.clear_cache()
    assert choose_database().other is None
    assert hours_in_berlin() == 2
    assert describe_database() == f"the tzdata package, version {PACKAGE}; this system has none of its own"


@pytest.mark.usefixtures("fresh")
def test_names_that_only_a_newer_system_knows_are_names(tmp_path: Path) -> None:
    folder = system(tmp_path / "zoneinfo", "2999a")
    assert {"Europe/Newtown", "Asia/Tokyo"} <= zone_names()
    assert "Factory" not in zone_names()
    assert describe_database() == f"the system ({folder}), version 2999a; the tzdata package has {PACKAGE}"


@pytest.mark.usefixtures("fresh")
def test_an_older_system_gives_no_names(tmp_path: Path) -> None:
    system(tmp_path / "zoneinfo", "2019a")
    assert "Europe/Newtown" not in zone_names()


def test_a_run_reads_a_calendar_by_the_package_where_the_system_is_older(tmp_path: Path) -> None:
    """As a whole process, for what was imported and looked up before must not count."""
    folder = system(tmp_path / "zoneinfo", "2019a")
    work = tmp_path / "work.ics"
    work.write_text(calendar(event("DTSTART;TZID=Europe/Berlin:20260505T100000", "DURATION:PT1H")))
    options = ["agenda", str(work), "--utc", "--json", "--from", "2026-05-04", "--to", "2026-05-07"]
    done = subprocess.run(
        [sys.executable, "-m", "lastresort", *options, "--tz", "Europe/Berlin"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONTZPATH": str(folder)},
    )
    assert '"start": "2026-05-05T08:00:00+00:00"' in done.stdout, done.stderr


# -- a VTIMEZONE that may be newer --------------------------------------------------------------------------


def defined(modified: str = "", start: str = "19700101T000000", offset: str = "+0300") -> tuple[str, ...]:
    """A calendar's own Europe/Berlin, which keeps another time."""
    stamp = (f"LAST-MODIFIED:{modified}",) if modified else ()
    part = (
        "BEGIN:STANDARD",
        f"DTSTART:{start}",
        "TZOFFSETFROM:+0100",
        f"TZOFFSETTO:{offset}",
        "END:STANDARD",
    )
    return ("BEGIN:VTIMEZONE", "TZID:Europe/Berlin", *stamp, *part, "END:VTIMEZONE")


TIMED = event("DTSTART;TZID=Europe/Berlin:20260505T100000", "DTEND;TZID=Europe/Berlin:20260505T110000")
THIS_YEAR = PACKAGE[:4]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        pytest.param(defined(), "stale-zone", id="from 1970"),
        pytest.param(defined("20190101T000000Z"), "stale-zone", id="modified long ago"),
        pytest.param(defined(f"{THIS_YEAR}1201T000000Z"), "newer-zone", id="modified since"),
        pytest.param(defined("29990101T000000Z"), "newer-zone", id="modified in the future"),
        pytest.param(defined(start=f"{THIS_YEAR}0101T000000"), "newer-zone", id="a rule of this year"),
        pytest.param(
            defined(f"{THIS_YEAR}1201T000000Z", offset="+0200"), None, id="no other time in the window"
        ),
        pytest.param(defined("soon"), "stale-zone", id="modified at no time"),
    ],
)
def test_a_vtimezone_that_may_be_newer_is_told_as_a_loss(head: tuple[str, ...], code: str | None) -> None:
    agenda = read(calendar(TIMED, head=head))
    assert times(agenda) == ["05 08:00-09:00"]
    assert codes(agenda) == ([code] if code else [])
    assert [problem.lost for problem in agenda.problems] == ([code == "newer-zone"] if code else [])


def test_a_private_zone_is_never_newer() -> None:
    head = tuple(row.replace("Europe/Berlin", "My own") for row in defined("29990101T000000Z"))
    own = [row.replace("Europe/Berlin", "My own") for row in TIMED]
    assert codes(read(calendar(own, head=head))) == []


# -- offsets as names, X-WR-TIMEZONE ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["(GMT +01:00)", "(UTC+01:00)", "GMT+0100", "(GMT+1)", "+01:00", "(+0100)"])
@pytest.mark.parametrize("quote", ['"', ""])
def test_an_offset_with_a_vtimezone_of_its_own_is_what_that_says(name: str, quote: str) -> None:
    head = tuple(row.replace("Europe/Berlin", name) for row in defined())
    own = [row.replace("Europe/Berlin", f"{quote}{name}{quote}") for row in TIMED]
    assert times(read(calendar(own, head=head))) == ["05 07:00-08:00"]
    assert times(read(calendar(own))) == ["05 09:00-10:00"]


FLOATING = event("DTSTART:20260505T100000", "DTEND:20260505T110000")


@pytest.mark.parametrize("name", ["Mars/Phobos", "Local", "x" * 300])
def test_an_unusable_x_wr_timezone_is_told(name: str) -> None:
    agenda = read(calendar(FLOATING, head=(f"X-WR-TIMEZONE:{name}",)))
    assert times(agenda) == ["05 08:00-09:00"]
    assert codes(agenda) == ["unknown-zone", "unknown-zone"]
    assert any(problem.lost for problem in agenda.problems)
    harmless = read(calendar(TIMED, head=(f"X-WR-TIMEZONE:{name}",)))
    assert [problem.lost for problem in harmless.problems] == [False]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Z", "10"), ("", "08"), ("UTC", "10"), ("Europe/London", "09"), ("US/Pacific", "17")],
)
def test_a_usable_one_is_used(name: str, expected: str) -> None:
    agenda = read(calendar(FLOATING, head=(f"X-WR-TIMEZONE:{name}",)))
    assert times(agenda)[0].startswith(f"05 {expected}:00")
    assert codes(agenda) == []


# -- TZ as POSIX writes it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("CET-1CEST", "CET"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "CET"),
        ("CET-1CEST-2,M3.5.0/02:00:00,M10.5.0/03:00:00", "CET"),
        ("MEZ-1MESZ", "CET"),
        ("EST5EDT", "EST5EDT"),
        ("EST5EDT,M3.2.0,M11.1.0", "America/New_York"),
        ("GMT0BST,M3.5.0/1,M10.5.0", "Europe/London"),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "Australia/Sydney"),
        ("NZST-12NZDT", "Pacific/Auckland"),
        ("JST-9", "Asia/Tokyo"),
        ("UTC0", "UTC"),
        ("XYZ5", "Etc/GMT+5"),
        ("<+03>-3", "Etc/GMT-3"),
        ("<+0530>-5:30", "Asia/Kolkata"),
    ],
)
def test_a_posix_zone_is_understood(text: str, zone: str) -> None:
    assert system_zone({"TZ": text}, "/none/localtime") == zone
    assert doubt_about_system_zone({"TZ": text}) == ""


@pytest.mark.parametrize(
    "text", ["XYZ-1ABC", "CET-1CEST,M1.1.0,M2.2.0", "Mars/Phobos", "<+0313>-3:13", "nonsense"]
)
def test_any_other_is_told(text: str) -> None:
    assert text in doubt_about_system_zone({"TZ": text})
    assert system_zone({"TZ": text}, "/none/localtime") == "UTC"


@pytest.mark.parametrize("text", ["", ":/etc/localtime", "Europe/Berlin", ":Europe/Berlin"])
def test_what_says_nothing_or_a_name_is_no_doubt(text: str) -> None:
    assert doubt_about_system_zone({"TZ": text}) == ""


def test_rules_are_read_of_zones_only() -> None:
    rules = dict(posix_rules(["Europe/Berlin", "Asia/Tokyo", "No/Where"]))
    assert rules == {"Europe/Berlin": "CET-1CEST,M3.5.0,M10.5.0/3", "Asia/Tokyo": "JST-9"}
    assert database.choose_database().used.year >= 2024
