"""`lastresort cron`: the daily check, for the scheduler at hand."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple, get_args
from zoneinfo import ZoneInfo

from typer import Option

from lastresort.cli.cron_install import (
    change_crontab,
    find_command,
    install_units,
    read_clock,
    remove_units,
)
from lastresort.cli.options import SourceOptions
from lastresort.cli.run import present, read_settings
from lastresort.cli.streams import after_the_change, say
from lastresort.config import default_paths
from lastresort.config.table import SETTINGS, variable
from lastresort.errors import RefusedError, UsageError
from lastresort.jobs.run import system_zone
from lastresort.outputs.schedules import HOW_TO_INSTALL, Job, System, find_system, render_crontab, render_job
from lastresort.sources import is_remote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lastresort.config import Settings
    from lastresort.outputs.schedules import Rendered


class CronOptions(NamedTuple):
    """What is scheduled, and where."""

    at: Annotated[str, Option("--at", metavar="TIME", help="When, every day.")] = "07:30"
    for_: Annotated[
        str | None,
        Option(
            "--for", metavar="SYSTEM", help="crontab, systemd, launchd or windows.  [what fits this system]"
        ),
    ] = None
    install: Annotated[bool, Option("--install", help="Set it up (crontab and systemd).")] = False
    remove: Annotated[bool, Option("--remove", help="Take it away again; only its own lines go.")] = False
    notify: Annotated[bool, Option("--notify", help="Tell news through the desktop as well.")] = False
    notify_command: Annotated[
        str | None,
        Option("--notify-command", metavar="CMD", help="Hand news to a program, as JSON on standard input."),
    ] = None


def cron(own: CronOptions, source: SourceOptions) -> int:
    """Print what makes your system run the check every morning, silent unless something new clashes.

    With --install it is set up, with --remove taken away. The sources are those of the configuration, or the
    ones given here.
    """
    if own.install and own.remove:
        raise UsageError("--install and --remove contradict each other")
    system = _system(own.for_)
    settings = read_settings(source)
    job = _job(own, source, settings, system)
    today = present(source.now, system_zone()).astimezone(ZoneInfo(system_zone())).date()
    rendered = render_job(job, system, today)
    for remark in _remarks(own, source, settings, system, job):
        say(remark)
    if own.install:
        _refuse_unreadable(source, settings)
    if own.install or own.remove:
        return _carry_out(own.install, system, job, rendered)
    for file in rendered:
        if len(rendered) > 1:
            print(f"# {file.path}")
        sys.stdout.write(file.text)
    say(f"to use it: {HOW_TO_INSTALL[system]}")
    return 0


def _system(wanted: str | None) -> System:
    for system in get_args(System):
        if wanted == system:
            return system  # type: ignore[no-any-return]
    if wanted is not None:
        raise UsageError(f"--for takes one of {', '.join(get_args(System))}")
    return find_system(sys.platform, has_systemd=os.path.isdir("/run/systemd/system"))


def _refuse_unreadable(source: SourceOptions, settings: Settings) -> None:
    """Refuse a job that could read nothing: what is installed already stays, and it may work."""
    named = list(source.sources or ())
    configured = [entry for entry in settings.calendars if not named and not entry.password_env]
    specs = named or [entry.source for entry in configured]
    if not specs and settings.calendars:
        names = sorted({entry.password_env for entry in settings.calendars if entry.password_env})
        raise RefusedError(
            f"a scheduler does not know {', '.join(names)}, so no calendar could be read: use "
            "password-command, or the key ring; nothing was installed"
        )
    if not any(is_remote(spec) or os.path.exists(os.path.expanduser(spec)) for spec in specs):
        raise RefusedError(
            "no calendar is named that a scheduler can read: name one here, or run 'lastresort init'; "
            "nothing was installed"
        )


def can_mail() -> bool:
    """Tell whether this system can mail what a job of cron prints."""
    return (
        shutil.which("sendmail", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/lib") is not None
    )


def _is_seen(own: CronOptions, system: System) -> bool:
    """Whether somebody gets to see what the job prints."""
    return bool(own.notify or own.notify_command) or (system == "crontab" and can_mail())


def _job(own: CronOptions, source: SourceOptions, settings: Settings, system: System) -> Job:
    if "-" in (source.sources or ()):
        raise UsageError("standard input is empty at night: name a file, a folder or an address")
    named = [spec if is_remote(spec) else os.path.abspath(spec) for spec in source.sources or ()]
    unseen = () if _is_seen(own, system) else ("--unseen",)
    options = (*_told(own), *unseen, *_options(source, settings), *named)
    return Job(
        (*find_command(sys.executable), "check", "--new-only", "--ascii", *options),
        read_clock(own.at),
        _variables(),
    )


def _told(own: CronOptions) -> Iterator[str]:
    if own.notify:
        yield "--notify"
    if own.notify_command:
        yield from ("--notify-command", own.notify_command)


def _options(source: SourceOptions, settings: Settings) -> Iterator[str]:
    """Yield what was given, and the configuration where it is found by this session's variables alone."""
    if (
        settings.file
        and settings.file != default_paths({"HOME": os.path.expanduser("~")}, sys.platform).config
    ):
        yield from ("--config", os.path.abspath(settings.file))
    for address in source.me or ():
        yield from ("--me", address)
    for option, value in (("--tz", source.tz), ("--max-size", source.max_size)):
        if value:
            yield from (option, value)
    for option, wanted in (("--offline", source.offline), ("--allow-http", source.allow_http)):
        if wanted:
            yield option


def _variables() -> tuple[tuple[str, str], ...]:
    """Return the variables of this session that settings come from: a scheduler knows none of them."""
    names = [variable(field) for field in SETTINGS] + ["XDG_STATE_HOME", "XDG_CACHE_HOME"]
    found = [(name, os.environ[name]) for name in names if os.environ.get(name)]
    return (*((("TZ", system_zone()),) if os.environ.get("TZ") else ()), *found)


def _remarks(
    own: CronOptions, source: SourceOptions, settings: Settings, system: System, job: Job
) -> Iterator[str]:
    """Yield what would keep the job from working, or from being noticed."""
    if own.remove:
        return
    if not source.sources and not settings.calendars:
        yield "no calendar is configured yet: run 'lastresort init' first, or name one here"
    if any(map(is_remote, source.sources or ())):
        yield "a secret address here shows in the list of processes: keep it in the configuration instead"
    for calendar in settings.calendars:
        if calendar.password_env:
            yield f"a scheduler does not know {calendar.password_env}: use password-command, or the key ring"
    if system == "windows" and job.environ:
        yield f"a task knows no {', '.join(name for name, _ in job.environ)}: set them for your account"
    if not _is_seen(own, system):
        why = "no program is here that mails it (sendmail)" if system == "crontab" else "it is not mailed"
        yield (
            f"nobody sees what it prints there, since {why}: add --notify or --notify-command; until then "
            "news is told again by the next check"
        )


def _carry_out(install: bool, system: System, job: Job, rendered: Sequence[Rendered]) -> int:
    home = os.path.expanduser("~")
    if system == "crontab":
        if not shutil.which("crontab"):
            raise UsageError(
                "there is no crontab here; --for systemd, launchd or windows prints another form"
            )
        changed = change_crontab(render_crontab(job) if install else None)
    elif system == "systemd":
        changed = install_units(rendered, home) if install else remove_units(rendered, home)
    else:
        raise UsageError(
            f"--install and --remove know crontab and systemd; for {system} use what is printed without"
        )
    done = "set up" if install else "removed"
    with after_the_change(f"the daily check is {done}" if changed else ""):
        print(f"lastresort: {done}" if changed else f"lastresort: nothing to do, it was {done} already")
    return 0
