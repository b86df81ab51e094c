"""`lastresort message`: any of the drafts, for one interview or for one event that should make room."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Argument, Option

from lastresort.cli import completion
from lastresort.cli.clipboard import copy
from lastresort.cli.files import numbered, write_private
from lastresort.cli.invocation import describe_run
from lastresort.cli.numbers import recognise
from lastresort.cli.opener import open_address
from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.run import inquire, read_settings, tell_losses, tell_unsigned
from lastresort.cli.streams import after_the_change, say
from lastresort.errors import UsageError
from lastresort.jobs.message import Details, check_kind, draft_message, refuse_misplaced
from lastresort.messages.kinds import ERRANDS
from lastresort.messages.languages import language_name
from lastresort.outputs.eml import mailto_url, write_eml
from lastresort.outputs.json import dump

if TYPE_CHECKING:
    from lastresort.jobs.message import Draft, Drafted
    from lastresort.messages.compose import Message
    from lastresort.outputs.invocation import Invocation


class MessageOptions(NamedTuple):
    """Which draft, and where to."""

    kind: Annotated[
        str | None,
        Argument(
            metavar="KIND",
            autocompletion=completion.kinds,
            help="phone, voicemail, email, withdraw, confirm, follow-up, nudge, late, missed, extension; "
            "ask-organiser, decline-once, step-out, delegate, call.",
            show_default=False,
        ),
    ] = None
    agreed: Annotated[
        str | None,
        Option("--agreed", metavar="TIME", help="confirm, follow-up: the new time.  [from memory]"),
    ] = None
    event: Annotated[
        str | None,
        Option(
            "--event",
            metavar="TEXT",
            help="ask-organiser, decline-once, step-out, delegate, call: the event, by UID or words.  "
            "[those of the plan]",
        ),
    ] = None
    by: Annotated[
        str | None, Option("--by", metavar="DURATION", help="late: how late you will be, such as 15m.")
    ] = None
    until: Annotated[
        str | None, Option("--until", metavar="DATE", help="extension: the day by which you will answer.")
    ] = None
    sent: Annotated[
        bool,
        Option("--sent", help="Note that this went out now, to be reminded of the answer. Sends nothing."),
    ] = False
    unsent: Annotated[
        bool, Option("--unsent", help="Take the last such note back: it did not go out after all.")
    ] = False
    open_: Annotated[
        bool, Option("--open", help="Open it in your mail program, ready to be sent by you.")
    ] = False
    settled: Annotated[
        bool,
        Option("--settled", help="Of a message about another event: note that they agreed."),
    ] = False
    copy: Annotated[bool, Option("--copy", help="Put the text on the clipboard.")] = False
    eml: Annotated[
        str | None, Option("--eml", metavar="FILE", help="Also write it as a mail, open for editing.")
    ] = None
    mailto: Annotated[bool, Option("--mailto", help="Print a mailto: address instead of the text.")] = False


def message(
    own: MessageOptions, source: SourceOptions, question: QuestionOptions, output: OutputOptions
) -> int:
    """Draft a message: to ask for another time, to withdraw, and what comes after; or to make room for it.

    The interview is the only one found, the only one that has to move, or the one of --interview. confirm,
    follow-up and nudge know names and times from what was noted with --sent. Nothing is ever sent.

    There is no draft of a text, chat or social message: it is easily missed, and it looks as little as it
    costs. Under 24 hours call first; otherwise write an e-mail.

    Exit code: 0 done, 1 refused or failed, 2 wrong usage.
    """
    if own.sent + own.unsent + own.settled > 1:
        raise UsageError("--sent, --unsent and --settled exclude each other: give one of them")
    details = Details(agreed=own.agreed, event=own.event, by=own.by, until=own.until)
    kind = check_kind(own.kind or "", details)
    refuse_misplaced(kind, {"--settled": own.settled and kind not in ERRANDS})
    found = draft_message(inquire(source, question), kind, details)
    if found.memory_refused:
        say(found.memory_refused)
    if found.agenda:
        tell_losses(found.agenda)
    if own.unsent and found.take_back:
        _say_if(found.take_back())
        say(f"no longer noted as sent: {found.drafts[0].message.kind}")
        return 0
    if own.settled and found.settle:
        _say_if(found.settle())
        say(f"noted as settled: {found.drafts[0].message.kind} (--unsent takes it back)")
        return 0
    if own.sent and found.note:
        _say_if(found.note())
    run = describe_run(source, question)
    if own.open_ and question.interview:
        run = recognise(run, read_settings(source, question).state, question.interview)
    noted = own.sent and found.note
    with after_the_change("it is noted as sent (--unsent takes it back)" if noted else ""):
        _hand_out(found, own, run, output)
    return 0


def _hand_out(found: Drafted, own: MessageOptions, run: Invocation, output: OutputOptions) -> None:
    drafts = found.drafts
    for draft in drafts:
        _tell(draft, output)
    if output.json:
        sys.stdout.write(dump(found.document))
    elif own.mailto:
        print("\n".join(mailto_url(draft.message) for draft in drafts))
    else:
        sys.stdout.write("\n---\n\n".join(_written(draft.message) for draft in drafts))
    if own.eml:
        for number, draft in enumerate(drafts):
            say(f"wrote {write_private(numbered(own.eml, number), write_eml(draft.message))}")
    if own.open_:
        _open(drafts)
        if found.note and not own.sent and (again := run.command(f"message {drafts[0].message.kind} --sent")):
            say(f"once you have sent it, note it: {again}")
    if own.copy:
        copy("\n\n".join(draft.message.body for draft in drafts))
        say("the text is on the clipboard")
    if own.sent:
        say(f"noted as sent: {drafts[0].message.kind} (--unsent takes it back)")


def _tell(draft: Draft, output: OutputOptions) -> None:
    """Objections always, notes when asked for: on standard error, so that the draft stays a draft."""
    if not output.quiet:
        for warning in draft.warnings:
            say(warning)
    if draft.unsigned and not output.quiet:
        tell_unsigned()
    if draft.language_because and (output.verbose or (draft.guessed and not output.quiet)):
        say(f"in {language_name(draft.message.language)}: {draft.language_because}")


def _say_if(text: str | None) -> None:
    if text:
        say(text)


def _written(message: Message) -> str:
    """Return the draft as it is read: head and text as in a mail, or the words to speak."""
    if not message.subject:
        return message.body
    to = f"To: {message.to}\n" if message.to else ""
    to += f"Cc: {', '.join(message.cc)}\n" if message.cc else ""
    return f"{to}Subject: {message.subject}\n\n{message.body}"


def _open(drafts: tuple[Draft, ...]) -> None:
    """Hand the mails to the mail program; what it cannot take stays on the screen."""
    for draft in drafts:
        try:
            address = mailto_url(draft.message)
        except UsageError as why:
            say(str(why))
            continue
        if open_address(address):
            say("your mail program has it; nothing is sent before you send it")
        else:
            say("no mail program can be opened here: copy the text above, or write it with --eml FILE")
