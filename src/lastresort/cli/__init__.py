"""The command line: options, the clock, printing, exit codes. Everything else is below.

Commands live one to a file and are imported when they are called, so that `--help` stays cheap.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import traceback
from importlib import import_module
from typing import Any

# Modules, and the values of a run, are no garbage: to look through them time and again while a run starts,
# and once more when it ends, takes longer than to read a small calendar. So this is done before all else.
gc.set_threshold(100_000)
atexit.register(gc.freeze)

import typer  # noqa: E402
from typer.core import TyperGroup  # noqa: E402

from lastresort import __version__  # noqa: E402
from lastresort.cli.grouped import build_command  # noqa: E402
from lastresort.cli.streams import close_output, unwritten  # noqa: E402
from lastresort.errors import ClosedPipeError, LastResortError, StoppedError  # noqa: E402

COMMANDS = {
    "check": "Find what clashes with your interviews, and the cheapest way to keep them.",
    "agenda": "Show every event as the tool sees it: busy or not, and why.",
    "conflicts": "Every double booking, interviews or not.",
    "interviews": "The interviews found, possible ones too, and what was read of each.",
    "propose": "Times to offer, with the message that goes with them.",
    "weigh": "Which of the times they named costs least to keep.",
    "apply": "Carry out the chosen plan in the calendar, or hold the times offered.",
    "settle": "They agreed: move the interview, drop its holds, draft the confirmation.",
    "move": "Move one event, or one occurrence of a series.",
    "undo": "Take a change back, byte for byte.",
    "log": "The changes made to calendars.",
    "init": "Write a commented configuration after a few questions.",
    "config": "The settings that hold, and where each came from.",
    "cron": "The daily check for your system's scheduler.",
    "message": "Any message: phone, voicemail, email, withdraw, confirm, follow-up, nudge …",
    "serve": "The page in your browser: drop a calendar, see the answer, copy the letter.",
    "mcp": "The same jobs for an assistant, over the Model Context Protocol.",
    "requests": "What was asked of whom and when, and what comes next.",
    "advice": "The rules that the tool follows, or one of them with its reason.",
    "schema": "The JSON Schema of a document that --json prints.",
    "report-problem": "A redacted account for a bug report, to be pasted in public.",
    "demo": "The whole story on a calendar that comes with the tool.",
}
"""What each command does, by its name, in the order of `lastresort --help`. A command is the function of its
name in the module of its name; hyphens become underscores."""


class LazyGroup(TyperGroup):
    """Knows its commands by name and imports only the one that is called."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment]  # names for suggestions

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 (Click's signature)
        """Return the command, importing its module; `None` for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        return build_command(cmd_name, getattr(import_module(f"lastresort.cli.{name}"), name))

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 (Click's signature)
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(wanted: bool) -> None:
    if wanted:
        print(f"lastresort {__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=LazyGroup,
    name="lastresort",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def lastresort(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Keep the job interview: find what clashes, rearrange everything else, ask to move it only as the last
    resort."""


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with the code of the contract; errors are one line, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    raise SystemExit(_run(args))


def _run(args: list[str] | None) -> int:
    words = _with_command(sys.argv[1:] if args is None else args)
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        code = typer.main.get_command(app)(words, prog_name="lastresort", standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, ClosedPipeError):
        close_output()
        return 0
    except KeyboardInterrupt:
        return _complain(str(StoppedError()), StoppedError.exit_code)
    except LastResortError as error:
        return _complain(str(error), error.exit_code)
    except typer.Abort:
        return _complain("stopped; nothing was changed", 1)
    except typer.TyperException as error:
        return _usage(error)
    except RecursionError:
        return _complain("the input is nested too deeply; this run was given up", 1)
    except MemoryError:
        return _complain("not enough memory for this input; try fewer sources or --max-size", 1)
    except OSError as error:
        why = error.strerror or "a file operation failed"
        if error.filename is None:
            close_output()
            return _complain(unwritten(error), 1)
        return _complain(f"{why}: {error.filename}", 1)
    except Exception as error:  # the contract: one line that says where, never a traceback
        if os.environ.get("LASTRESORT_TRACEBACK"):
            raise
        return _complain(f"something inside broke ({_place_of(error)}): please report this line", 1)
    return code if isinstance(code, int) else 0


def _with_command(words: list[str]) -> list[str]:
    """Return the words of the command line; a calendar without a command is to be checked."""
    first = words[0] if words else ""
    if not first or first in COMMANDS or first.startswith("--"):
        return words
    calendar = first == "-" or "://" in first or first.lower().endswith((".ics", ".zip", ".eml"))
    return ["check", *words] if calendar or os.path.exists(first) else words


def _place_of(error: Exception) -> str:
    """Return the kind of error and the line of ours it came from; its text may hold what a calendar says."""
    ours = [
        f for f in traceback.extract_tb(error.__traceback__) if f"{os.sep}lastresort{os.sep}" in f.filename
    ]
    place = f", {os.path.basename(ours[-1].filename)} line {ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}, version {__version__}"


def _usage(error: Any) -> int:
    """Click's errors in one line; a bare call prints the help."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return 2
    path = context.command_path if context else "lastresort"
    return _complain(f"{' '.join(error.format_message().split())} (see '{path} --help')", error.exit_code)


def _complain(text: str, code: int) -> int:
    from lastresort.text import one_line

    print(f"lastresort: {one_line(text, 600)}", file=sys.stderr)
    return code
