"""News through the desktop, or through a program of the user's. Nothing is sent by the tool itself."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.cli.streams import say
from lastresort.errors import RefusedError, UsageError
from lastresort.outputs.json import dump
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lastresort.cli.options import CheckOptions

LINES, WIDEST = 4, 160
"""Pieces of news that a notification shows, and characters of each."""
DESKTOP_SECONDS, COMMAND_SECONDS = 10, 30

_NOTHING: Mapping[str, str] = {}

_TOAST = """\
$ErrorActionPreference = 'Stop'
$space = 'Windows.UI.Notifications'
[void][Type]::GetType("$space.ToastNotificationManager, $space, ContentType = WindowsRuntime", $true)
$kind = [Windows.UI.Notifications.ToastTemplateType]::ToastText02
$toast = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent($kind)
$texts = $toast.GetElementsByTagName('text')
$texts.Item(0).AppendChild($toast.CreateTextNode($env:LASTRESORT_TITLE)) > $null
$texts.Item(1).AppendChild($toast.CreateTextNode($env:LASTRESORT_BODY)) > $null
$app = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
$shown = [Windows.UI.Notifications.ToastNotification]::new($toast)
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($app).Show($shown)
"""
"""The texts come in as variables of the environment: no title can become a piece of script."""


class Call(NamedTuple):
    """A program to start, without a shell, and the variables it needs besides."""

    command: tuple[str, ...]
    environ: Mapping[str, str] = _NOTHING


def notify(
    own: CheckOptions, title: str, lines: Sequence[str], document: Callable[[], dict[str, Any]]
) -> bool:
    """Tell through the desktop, hand the report to the user's program: as the options say.

    Returns whether all of it succeeded. What fails is told on standard error, and changes nothing else.
    """
    shown = not own.notify or _try("the notification", _tell_desktop, title, lines)
    handed = not own.notify_command or _try("--notify-command", _hand_over, own.notify_command, document)
    return shown and handed


def _try(what: str, tell: Callable[..., None], *arguments: object) -> bool:
    try:
        tell(*arguments)
    except RefusedError as error:
        say(f"{what} failed: {error}")
        return False
    return True


def desktop_call(platform: str, title: str, lines: Sequence[str], environ: Mapping[str, str]) -> Call:
    """Return what shows a notification; `platform` is `sys.platform`."""
    shown = [one_line(line, WIDEST) for line in lines[:LINES]]
    if len(lines) > LINES:
        shown.append(f"and {len(lines) - LINES} more")
    title, body = one_line(f"lastresort: {title}"), "\n".join(shown)
    if platform == "darwin":
        script = (
            "on run told",
            "display notification (item 2 of told) with title (item 1 of told)",
            "end run",
        )
        return Call(("osascript", *(part for line in script for part in ("-e", line)), title, body))
    if platform == "win32":
        texts = {"LASTRESORT_TITLE": title, "LASTRESORT_BODY": body}
        return Call(("powershell", "-NoProfile", "-NonInteractive", "-Command", _TOAST), texts)
    # a body may hold markup (Desktop Notifications 1.2, "Markup"), but titles come from strangers
    body = body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Call(("notify-send", "--app-name=lastresort", "--", title, body), _session_bus(environ))


def _session_bus(environ: Mapping[str, str]) -> dict[str, str]:
    """Return where the desktop is found from cron, which does not hand the address on."""
    if environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return {}
    bus = f"{environ.get('XDG_RUNTIME_DIR') or f'/run/user/{os.getuid()}'}/bus"
    return {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}"} if os.path.exists(bus) else {}


def _tell_desktop(title: str, lines: Sequence[str]) -> None:
    _start(desktop_call(sys.platform, title, lines, os.environ), b"", DESKTOP_SECONDS)


def _hand_over(command: str, document: Callable[[], dict[str, Any]]) -> None:
    _start(Call(split_command(command)), dump(document()).encode(), COMMAND_SECONDS)


def split_command(text: str) -> tuple[str, ...]:
    """Return the words of `--notify-command`, split as a shell would, without one. Raises UsageError."""
    try:
        words = tuple(shlex.split(text, posix=os.name != "nt"))
    except ValueError:
        words = ()
    if not words:
        raise UsageError("--notify-command takes a program and its arguments; check the quotes")
    return words


def _start(call: Call, given: bytes, seconds: int) -> None:
    """Run the program; what it prints goes to standard error, as standard output is ours."""
    name = os.path.basename(call.command[0])
    try:
        done = subprocess.run(  # noqa: S603 (a fixed program of the system, or the user's own)
            call.command,
            input=given,
            stdout=2,
            env={**os.environ, **call.environ},
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        raise RefusedError(f"{name} is not installed, or not on the PATH") from None
    except subprocess.TimeoutExpired:
        raise RefusedError(f"{name} took longer than {seconds} s") from None
    except OSError as error:
        raise RefusedError(f"{name} cannot be run ({error.strerror})") from None
    if done.returncode:
        raise RefusedError(f"{name} ended with exit code {done.returncode}")
