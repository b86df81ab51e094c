"""Errors that end a run. Each carries the exit code of the contract; its text is one line for a person."""


class LastResortError(Exception):
    """Something ends the run; the text says what, where, and what to do. No titles, addresses or secrets."""

    exit_code = 1


class UsageError(LastResortError):
    """The command was called in a way that cannot be carried out: exit 2.

    The text says what the `problem` is, then the `remedy`. `option` names the option or setting that the
    remedy is about, so that a page, which has no options, can put the remedy in words of its own.
    """

    exit_code = 2

    def __init__(self, problem: str, remedy: str = "", *, option: str = "") -> None:
        super().__init__(f"{problem}; {remedy}" if remedy else problem)
        self.problem, self.remedy, self.option = problem, remedy, option


class UnmatchedError(UsageError):
    """What an option names is not there, or not at that time."""


class StoppedError(LastResortError):
    """Ctrl-C ended the run; the text says what stands."""

    exit_code = 130

    def __init__(self, text: str = "stopped; nothing was changed") -> None:
        super().__init__(text)


class StandingError(LastResortError):
    """Something failed after a change was made; the text says what, and what stands."""


class ClosedPipeError(LastResortError):
    """Whoever read our output has gone (`| head`): the run ends quietly."""

    exit_code = 0


class SourceError(LastResortError):
    """A calendar source cannot be read at all. Names the source (a feed by its host alone) and the remedy."""


class RefusedError(LastResortError):
    """A change was refused because carrying it out might hurt a calendar: exit 1."""
