"""Commands as they are printed: complete, with the calendars and options of this run, ready to be pasted."""

import shlex
from typing import NamedTuple


class Invocation(NamedTuple):
    """How this run was called: what every further command on the same calendars has to repeat."""

    calendars: tuple[str, ...] = ()
    """Sources and options as given, such as `calendar.ics --me dana@kontor.example`."""
    interview: str = ""
    """The exact UID to name where several interviews were found; empty where only one can be meant."""
    repeatable: bool = True
    """False where no command can be printed: standard input is read once, and addresses may be secrets."""
    sources: tuple[str, ...] = ()
    """The sources alone, as given."""
    options: str = "{}"
    """The other options that were given, as a JSON object by their fields."""
    numbered: bool = False
    """The numbers of this report are kept, with its options: commands name them instead."""
    first: int = 1
    """The number of the first interview shown: where one of an earlier report is asked about, its own."""
    number: int = 0
    """Of the interview that is meant."""

    def command(self, words: str, *more: str) -> str:
        """Return a whole command line, quoted for a shell, or an empty text where none can be repeated.

        `words` are the command and its own options (`message nudge`); the calendars stand behind its first
        words, and `more` at the end.
        """
        if not self.repeatable:
            return ""
        own = shlex.split(words)
        if self.number:
            own = own[:1] + own[2:] if own[:2] == ["message", "email"] else own  # the kind that is meant
            named = next((place for place, word in enumerate(own) if word.startswith("-")), len(own))
            own[named:named] = [str(self.number), *self.sources]
            return shlex.join(["lastresort", *own, *more])
        chosen = ["--interview", self.interview] if self.interview else []
        return shlex.join(["lastresort", *own, *self.calendars, *chosen, *more])


PLAIN_RUN = Invocation()
"""A run of which nothing has to be repeated in a command."""
