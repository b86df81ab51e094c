"""Every command in every output, as people and programs get it, kept as files: `<calendar>/<run>.<output>`.

The calendars are the stories and `fixtures/calendars`, weeks as a dozen programs write them. A change of what
is said shows here first. `make snapshots` writes the files anew; read the difference before you commit it.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import pytest
from typer.main import get_command

from lastresort.cli import COMMANDS, app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from commandline import Ran

ROOT = Path(__file__).resolve().parents[2]
GOLDENS = Path(__file__).parent
STORIES = ("clear", "last-resort", "rearrange", "short-notice", "two-at-once")
WEEKS = {
    "apple": "--me owen.price@letterbox.example",
    "exchange": "--tz Europe/Paris --language fr",
    "fastmail": "--tz Australia/Sydney --me liam.ford@pigeonhole.example",
    "google": "",
    "lotus": "--tz Europe/Warsaw --me piotr.zaleski@skrzynka.example",
    "nextcloud": "--tz Europe/Madrid",
    "outlook": "--tz Europe/Berlin --me emre.aydin@postkasten.example",
    "proton": "",
    "teams": "--tz Europe/Amsterdam --me sanne.visser@brievenbus.example",
    "thunderbird": "--tz Europe/Rome",
    "zimbra": "--tz America/Toronto --me amira.shah@mailslot.example --notice 48h",
    "zoom": "--tz America/Los_Angeles --interviewer-tz America/New_York",
}
MONDAY = "--now 2026-09-14T08:00"
STYLE = re.compile(rb"<style>.*?</style>", re.DOTALL)
"""The same in every page."""
MARK = re.compile(rb"(?m)^(?:<!-- lastresort [0-9a-f]|X-Draft-Mark:|X-LASTRESORT-MARK:).*\n")
"""Of a file of ours: a hash of all the rest."""


TEXT = ("60", "100")
OUTPUTS = (*TEXT, "json", "html", "eml", "ics")
"""`60`, `100`: text in as many columns; the others where the command has an option of that name."""

EVERYWHERE: dict[str, tuple[str, tuple[str, ...]]] = {
    "check": ("check", OUTPUTS),
    "explain": ("check --explain --verbose", ("100",)),
    "agenda": ("agenda", OUTPUTS),
    "propose": ("propose", OUTPUTS),
    "apply": ("apply --dry-run", ("100",)),
}
"""What is run on each calendar with its options, and the outputs that are kept of it."""

APPLE = "fixtures/calendars/apple.ics"
GUITAR = "6C1D7B7E-9E11-4C64-9E5A-5D0C1B8A2F03"
OFFERS = "--offer 'Thu 17 Sep 15:00' --offer '18 September 2026 11:00 ET' --offer '2026-09-18 19:00-20:00'"
ONCE: dict[str, tuple[str, tuple[str, ...]]] = {
    "check-quiet": ("check {last-resort} --quiet", ("100",)),
    "check-ascii": ("check {last-resort} --ascii", ("100",)),
    "check-new-only": ("check {rearrange} --new-only", TEXT),
    "check-schema": ("check --json-schema", ("json",)),
    "check-unread": ("check missing.ics", ("100", "json")),
    "check-explain": ("check {clear} --explain", ("json",)),
    "agenda-explain": (f"agenda {APPLE} {MONDAY} --explain {GUITAR}", OUTPUTS),
    "agenda-problems": ("agenda {zimbra} --problems", OUTPUTS),
    "propose-availability": ("propose {google} --for 45m --interviewer-tz London", OUTPUTS),
    "weigh": (f"weigh {{google}} --interview Harborlight {OFFERS}", OUTPUTS),
    "apply": ("apply {rearrange} --dry-run", ("json",)),
    "settle": ("settle {outlook} --slot '15 Sep 10:00' --dry-run", OUTPUTS),
    "settle-unknown": ("settle {outlook} --slot 7 --dry-run", ("100",)),
    "move": (f"move {APPLE} {GUITAR} --occurrence 2026-09-18T15:00 --by 1h --dry-run", OUTPUTS),
    "undo": ("undo", ("100",)),
    "log": ("log", OUTPUTS),
    "init": ("init --defaults", ("100",)),
    "config": ("config", OUTPUTS),
    "cron": ("cron --for crontab", ("100",)),
    "message": ("message email {outlook}", OUTPUTS),
    "message-phone": ("message phone {short-notice}", OUTPUTS),
    "message-voicemail": ("message voicemail {short-notice}", OUTPUTS),
    "message-withdraw": ("message withdraw {exchange} --reason offer", OUTPUTS),
    "message-confirm": ("message confirm {nextcloud} --agreed '17 Sep 12:00'", OUTPUTS),
    "message-follow-up": ("message follow-up {teams} --agreed '18 Sep 12:00'", OUTPUTS),
    "message-ask-organiser": ("message ask-organiser {zimbra} --event 'Volunteer shift'", OUTPUTS),
    "message-decline-once": ("message decline-once {exchange} --event équipe", OUTPUTS),
    "requests": ("requests", OUTPUTS),
    "interviews": ("interviews {nextcloud}", OUTPUTS),
    "conflicts": ("conflicts {nextcloud}", OUTPUTS),
    "schema": ("schema conflicts", ("100",)),
    "advice": ("advice", OUTPUTS),
    "advice-rule": ("advice R1", OUTPUTS),
    "demo": ("demo", OUTPUTS),
}
"""Runs of their own. `{name}` stands for a calendar with its options."""


class Golden(NamedTuple):
    """One kept file."""

    name: str
    words: tuple[str, ...]
    output: str

    @property
    def path(self) -> Path:
        return GOLDENS / f"{self.name}.{self.output}{'.txt' if self.output in TEXT else ''}"


def question(name: str) -> str:
    """Return a calendar with its options, as a command takes them."""
    if name in WEEKS:
        return f"fixtures/calendars/{name}.ics {MONDAY} {WEEKS[name]}"
    words = (ROOT / "fixtures" / "stories" / name / "args.txt").read_text(encoding="utf-8")
    return words.strip().removeprefix("check ").replace("{calendar}", f"fixtures/stories/{name}/calendar.ics")


PROGRAM = get_command(app)
CALENDARS = {name: question(name) for name in (*STORIES, *WEEKS)}


def knows(command: str) -> set[str]:
    """Return the outputs that a command has."""
    context = None
    options = {option for one in PROGRAM.get_command(context, command).params for option in one.opts}
    return {*TEXT, *(output for output in OUTPUTS if f"--{output}" in options)}


def goldens() -> Iterator[Golden]:
    for calendar, asked in CALENDARS.items():
        for run, (command, outputs) in EVERYWHERE.items():
            words = shlex.split(f"{command} {asked}")
            for output in outputs:
                if output in knows(words[0]):
                    yield Golden(f"{calendar}/{run}", tuple(words), output)
    for run, (command, outputs) in ONCE.items():
        words = shlex.split(command.format_map(CALENDARS))
        for output in outputs:
            if output in knows(words[0]):
                yield Golden(f"once/{run}", tuple(words), output)


ALL = tuple(goldens())


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own, in a folder whose name is as long in every run, since text is broken into lines."""
    monkeypatch.chdir(ROOT)
    with TemporaryDirectory(prefix="home-", dir="/tmp") as folder:
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            monkeypatch.setenv(name, folder)
        monkeypatch.setenv("LASTRESORT_NOW", "2026-09-14T06:00:00Z")
        monkeypatch.setattr("sys.executable", "/usr/bin/python3")
        monkeypatch.setattr("lastresort.cli.cron.can_mail", lambda: True)
        yield Path(folder)


def kept(golden: Golden, run: Callable[..., Ran], home: Path) -> bytes:
    """Return what the run gives in this output: text with exit code and errors, or the document alone."""
    if golden.output in TEXT:
        ran = run(*golden.words)
        told = f"\n--- standard error\n{ran.err}" if ran.err else ""
        found = f"{ran.out}{told}\n--- exit code {ran.code}\n".encode()
    elif golden.output == "json":
        ran = run(*golden.words, "--json")
        found = (ran.out or ran.err).encode()
    else:
        ran = run(*golden.words, f"--{golden.output}", home / f"kept.{golden.output}")
        found = b"".join(file.read_bytes() for file in sorted(home.glob("kept*"))) or ran.err.encode()
    return MARK.sub(b"", STYLE.sub(b"", found)).replace(bytes(home), b"/home/dana-reyes")


@pytest.mark.parametrize("golden", ALL, ids=lambda golden: str(golden.path.relative_to(GOLDENS)))
def test_what_is_said(
    golden: Golden,
    run: Callable[..., Ran],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setenv("COLUMNS", golden.output if golden.output in TEXT else "80")
    found = kept(golden, run, home)
    if request.config.option.update_snapshots:
        golden.path.parent.mkdir(exist_ok=True)
        golden.path.write_bytes(found)
    assert found.decode() == golden.path.read_bytes().decode()


def test_no_golden_is_left_over(request: pytest.FixtureRequest) -> None:
    left_over = {path for path in GOLDENS.glob("*/*.*") if path.suffix != ".pyc"} - {
        golden.path for golden in ALL
    }
    if request.config.option.update_snapshots:
        for path in left_over:
            path.unlink()
        return
    assert left_over == set()


def test_every_command_is_run() -> None:
    # dates that move at random; a secret address that is printed; nothing is printed to people
    not_kept = {"report-problem", "serve", "mcp"}
    assert {golden.words[0] for golden in ALL} == set(COMMANDS) - not_kept


def test_every_calendar_is_asked_about() -> None:
    assert {path.stem for path in (ROOT / "fixtures" / "calendars").iterdir()} == set(WEEKS)
