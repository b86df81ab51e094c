"""`lastresort cron`: the daily check, for the scheduler at hand."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Annotated, NamedTuple, get_args

from typer import Option

from lastresort.cli.cron_install import (
    find_command,
    install_crontab,
    install_units,
    read_clock,
    remove_crontab,
    remove_units,
)
from lastresort.cli.options import SourceOptions
from lastresort.cli.session import present, system_zone
from lastresort.errors import UsageError
from lastresort.outputs.cron import Job, System, find_system, how_to_install, render_crontab, render_job


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


def cron(own: CronOptions, source: SourceOptions) -> int:
    """Print what makes your system run the check every morning, silent unless something new clashes.

    With --install it is set up, with --remove taken away. The sources are those of the configuration, or the
    ones given here.
    """
    if own.install and own.remove:
        raise UsageError("--install and --remove contradict each other")
    system = _system(own.for_)
    job = _job(own, source)
    rendered = render_job(job, system, present(None, "UTC").date())
    if own.install or own.remove:
        return _carry_out(own.install, system, job)
    for file in rendered:
        if len(rendered) > 1:
            print(f"# {file.path}")
        sys.stdout.write(file.text)
    print(f"lastresort: to use it: {how_to_install(system)}", file=sys.stderr)
    return 0


def _system(wanted: str | None) -> System:
    for system in get_args(System):
        if wanted == system:
            return system  # type: ignore[no-any-return]
    if wanted is not None:
        raise UsageError(f"--for takes one of {', '.join(get_args(System))}")
    return find_system(sys.platform, has_systemd=os.path.isdir("/run/systemd/system"))


def _job(own: CronOptions, source: SourceOptions) -> Job:
    if "-" in (source.sources or ()):
        raise UsageError("standard input is empty at night: name a file, a folder or an address")
    options = ["--config", os.path.abspath(source.config)] if source.config else []
    for address in source.me or ():
        options += ["--me", address]
    if source.tz:
        options += ["--tz", source.tz]
    named = [spec if _is_address(spec) else os.path.abspath(spec) for spec in source.sources or ()]
    told = ["--notify"] if own.notify else []
    command = (*find_command(sys.executable), "check", "--new-only", "--ascii", *told, *options, *named)
    zone = (("TZ", system_zone()),) if os.environ.get("TZ") else ()
    return Job(command, read_clock(own.at), zone)


def _is_address(spec: str) -> bool:
    from lastresort.sources import is_remote

    return is_remote(spec)


def _carry_out(install: bool, system: System, job: Job) -> int:
    home = os.path.expanduser("~")
    if system == "crontab":
        if not shutil.which("crontab"):
            raise UsageError(
                "there is no crontab here; --for systemd, launchd or windows prints another form"
            )
        changed = install_crontab(render_crontab(job)) if install else remove_crontab()
    elif system == "systemd":
        units = render_job(job, system, present(None, "UTC").date())
        changed = install_units(units, home) if install else remove_units(units, home)
    else:
        raise UsageError(
            f"--install and --remove know crontab and systemd; for {system} use what is printed without"
        )
    done = "set up" if install else "removed"
    print(f"lastresort: {done}" if changed else f"lastresort: nothing to do, it was {done} already")
    return 0
