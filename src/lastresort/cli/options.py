"""The options that commands share, in groups; every default is `None` so that the configuration can speak."""

from typing import Annotated, Any, NamedTuple, TypeAlias

from typer import Argument, Option

from lastresort.cli import completion
from lastresort.config.table import SETTINGS, written

COMPLETED = {
    "tz": completion.zones,
    "interviewer_tz": completion.zones,
    "language": completion.languages,
}
"""Settings whose values a shell can offer."""


def setting(field: str) -> Any:
    """Return the option of a setting, as the table of settings has it."""
    one = SETTINGS[field]
    shown = f"{one.help}.  [{one.default}]" if one.metavar else f"{one.help}."
    return Option(
        f"--{written(field)}",
        metavar=one.metavar or None,
        help=shown,
        show_default=False,
        autocompletion=COMPLETED.get(field),
    )


PresentMoment: TypeAlias = Annotated[
    str | None,
    Option("--now", metavar="TIME", envvar="LASTRESORT_NOW", help="The present moment, for what-ifs."),
]
ConfigFile: TypeAlias = Annotated[
    str | None, Option("--config", metavar="FILE", help="Another configuration file.")
]


class SourceOptions(NamedTuple):
    """What is read, and how."""

    sources: Annotated[
        list[str] | None,
        Argument(
            metavar="[SOURCE]...",
            help="A .ics file, a folder, Google's .zip, an .eml invitation, - for standard input, "
            "an https:// or webcal:// feed. None: those of the configuration.",
            show_default=False,
        ),
    ] = None
    me: Annotated[list[str] | None, setting("me")] = None
    tz: Annotated[str | None, setting("tz")] = None
    now: PresentMoment = None
    config: ConfigFile = None
    offline: Annotated[bool, Option("--offline", help="Use the last copy of feeds; open no connection.")] = (
        False
    )
    allow_http: Annotated[bool, setting("allow_http")] = False
    max_size: Annotated[str | None, setting("max_size")] = None


class QuestionOptions(NamedTuple):
    """Which interview, whose hours, what may move."""

    interview: Annotated[
        str | None,
        Option(
            "--interview",
            metavar="TEXT|N",
            help="The interview: words of its title, its UID, or its number in the last report.",
            autocompletion=completion.numbers,
        ),
    ] = None
    invite: Annotated[
        str | None,
        Option("--invite", metavar="FILE", help="An invitation (.ics, .eml) not yet in the calendar."),
    ] = None
    at: Annotated[
        str | None, Option("--at", metavar="TIME", help="An interview that stands in no file; with --for.")
    ] = None
    for_: Annotated[
        str | None, Option("--for", metavar="DURATION", help="How long it lasts: 45m, 1h30m.")
    ] = None
    interviewer_tz: Annotated[str | None, setting("interviewer_tz")] = None
    hours: Annotated[str | None, setting("hours")] = None
    interviewer_hours: Annotated[str | None, setting("interviewer_hours")] = None
    country: Annotated[str | None, setting("country")] = None
    interviewer_country: Annotated[str | None, setting("interviewer_country")] = None
    interviewer_calendar: Annotated[
        list[str] | None,
        Option(
            "--interviewer-calendar",
            metavar="SOURCE",
            help="Their free/busy, when they gave it; once for each of a panel.",
        ),
    ] = None
    padding: Annotated[str | None, setting("padding")] = None
    notice: Annotated[str | None, setting("notice")] = None
    days: Annotated[int | None, setting("days")] = None
    within: Annotated[int | None, setting("within")] = None
    cannot_move: Annotated[list[str] | None, setting("cannot_move")] = None
    can_move: Annotated[list[str] | None, setting("can_move")] = None
    attendee_calendar: Annotated[list[str] | None, setting("attendee_calendar")] = None
    last_resort: Annotated[
        bool, Option("--last-resort", help="Assume nothing can be moved: slots and draft at once.")
    ] = False
    reason: Annotated[
        str | None,
        Option(
            "--reason",
            metavar="KIND[:TEXT]",
            autocompletion=completion.reasons,
            help="illness, family, work, visa, travel, technical, conflict (offer, fit, change, "
            "safety withdraw; unprepared, leisure); TEXT is used as it stands.  [conflict]",
        ),
    ] = None
    slots: Annotated[int | None, setting("slots")] = None
    language: Annotated[str | None, setting("language")] = None
    address: Annotated[
        str | None,
        Option(
            "--address", metavar="NAME", help='How the interviewer is addressed: "Frau Dr. Huber", "Priya".'
        ),
    ] = None


class OutputOptions(NamedTuple):
    """How the answer is given."""

    json: Annotated[bool, Option("--json", help="One JSON document on standard output.")] = False
    quiet: Annotated[bool, Option("--quiet", "-q", help="Only the verdicts.")] = False
    verbose: Annotated[bool, Option("--verbose", "-v", help="Every reason, every problem.")] = False
    no_color: Annotated[bool, Option("--no-color", envvar="NO_COLOR", help="No colours.")] = False
    ascii: Annotated[bool, Option("--ascii", help="Plain ASCII, for mail from cron.")] = False


class FileOptions(NamedTuple):
    """What is written besides."""

    html: Annotated[
        str | None, Option("--html", metavar="FILE", help="Also write the report as a page for the browser.")
    ] = None
    eml: Annotated[str | None, Option("--eml", metavar="FILE", help="Also write the draft as a mail.")] = None
    ics: Annotated[
        str | None, Option("--ics", metavar="FILE", help="Also write the counter-proposal and the holds.")
    ] = None


NO_FILES = FileOptions()


class CheckOptions(NamedTuple):
    """What only `check` knows."""

    json_schema: Annotated[bool, Option("--json-schema", help="Print the JSON Schema of --json.")] = False
    new_only: Annotated[
        bool, Option("--new-only", help="Speak only of what earlier runs have not told; silent otherwise.")
    ] = False
    each: Annotated[
        bool,
        Option(
            "--each",
            help="Many people's calendars: each file or folder of a folder, or each source, is answered by "
            "itself, in a row or a line of JSON.",
        ),
    ] = False
    unseen: Annotated[
        bool,
        Option("--unseen", help="Nobody reads what is printed (a scheduler): count no news as told by it."),
    ] = False
    explain: Annotated[
        bool, Option("--explain", help="Every change that was considered, its price, and why it lost.")
    ] = False
    notify: Annotated[bool, Option("--notify", help="Tell it through the desktop as well.")] = False
    notify_command: Annotated[
        str | None,
        Option("--notify-command", metavar="CMD", help="Hand it to a program, as JSON on standard input."),
    ] = None
