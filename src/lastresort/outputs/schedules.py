"""The daily check in the words of each scheduler: crontab, systemd, launchd, Windows' Task Scheduler."""

from __future__ import annotations

import plistlib
import shlex
from subprocess import list2cmdline
from typing import TYPE_CHECKING, Literal, NamedTuple
from xml.sax.saxutils import escape

from lastresort.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, time

System = Literal["crontab", "systemd", "launchd", "windows"]

MARK = "# lastresort: daily check"
"""What tells our own crontab lines and unit files from all others."""
LABEL = "lastresort.check"
_TITLE = "Check calendars for clashes with job interviews"


class Job(NamedTuple):
    """What runs when. `command` is a full path and its arguments; `at` is local time, every day."""

    command: tuple[str, ...]
    at: time
    environ: tuple[tuple[str, str], ...] = ()
    """Variables the command needs, which schedulers do not hand on."""


class Rendered(NamedTuple):
    """A file of a scheduler's own making: where it belongs, home being `~`, and its text."""

    path: str
    text: str


def render_job(job: Job, system: System, start: date) -> tuple[Rendered, ...]:
    """Return the files that make a scheduler run the job; a crontab has a single line.

    Only Windows wants to know the first day, `start`. Raises UsageError for a command no scheduler can hold.
    """
    words = (*job.command, *(part for pair in job.environ for part in pair))
    if not all(word.isprintable() for word in words):
        raise UsageError(
            "a scheduler cannot hold control characters; rename the file or folder they stand in"
        )
    if system == "crontab":
        return (Rendered("crontab", f"{render_crontab(job)}\n"),)
    if system == "systemd":
        folder = "~/.config/systemd/user"
        return (
            Rendered(f"{folder}/lastresort.service", render_service(job)),
            Rendered(f"{folder}/lastresort.timer", render_timer(job)),
        )
    if system == "launchd":
        return (Rendered(f"~/Library/LaunchAgents/{LABEL}.plist", render_agent(job)),)
    return (Rendered("lastresort.xml", render_task(job, start)),)


def find_system(platform: str, *, has_systemd: bool) -> System:
    """Return the scheduler that fits; `platform` is `sys.platform`."""
    if platform == "win32":
        return "windows"
    if platform == "darwin":
        return "launchd"
    return "systemd" if has_systemd else "crontab"


def render_crontab(job: Job) -> str:
    """Return the line of a crontab, where `%` ends a command unless it is escaped; a shell skips the mark."""
    variables = [f"{name}={shlex.quote(value)}" for name, value in job.environ]
    command = " ".join([*variables, *map(shlex.quote, job.command)]).replace("%", "\\%")
    return f"{job.at.minute} {job.at.hour} * * * {command} {MARK}"


def render_service(job: Job) -> str:
    """Return the service unit. Exit codes 3, 4 and 5 are answers, not failures."""
    environ = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in job.environ)
    command = " ".join(_quoted(word.replace("$", "$$")) for word in job.command)
    return f"""{MARK}
[Unit]
Description={_TITLE}

[Service]
Type=oneshot
{environ}ExecStart={command}
SuccessExitStatus=3 4 5
UMask=0077
"""


def render_timer(job: Job) -> str:
    """Return the timer unit; a morning slept through is made up for."""
    return f"""{MARK}
[Unit]
Description={_TITLE}, every day

[Timer]
OnCalendar=*-*-* {job.at:%H:%M}:00
Persistent=true

[Install]
WantedBy=timers.target
"""


def render_agent(job: Job) -> str:
    """Return the property list of a launchd agent."""
    agent: dict[str, object] = {
        "Label": LABEL,
        "ProgramArguments": list(job.command),
        "StartCalendarInterval": {"Hour": job.at.hour, "Minute": job.at.minute},
        "ProcessType": "Background",
    }
    if job.environ:
        agent["EnvironmentVariables"] = dict(job.environ)
    return plistlib.dumps(agent, sort_keys=False).decode()


def render_task(job: Job, start: date) -> str:
    """Return the definition that `schtasks /create /xml` takes; to be saved as UTF-16, as it says itself.

    Tasks have no variables of their own, so the job should name its configuration as an argument.
    """
    program, arguments = escape(job.command[0]), escape(list2cmdline(job.command[1:]))
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{_TITLE}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{start:%Y-%m-%d}T{job.at:%H:%M}:00</StartBoundary>
      <Enabled>true</Enabled>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT10M</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


HOW_TO_INSTALL: Mapping[System, str] = {
    "crontab": "lastresort cron --for crontab --install, or add the line with crontab -e",
    "systemd": "lastresort cron --for systemd --install, or systemctl --user enable --now lastresort.timer",
    "launchd": f"launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/{LABEL}.plist",
    "windows": "schtasks /create /tn lastresort /xml lastresort.xml",
}
"""The command that makes each scheduler take up what was printed."""


def _quoted(word: str) -> str:
    """A word of a unit file (systemd.syntax): `%` begins a specifier, backslash and quote are escaped."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'
