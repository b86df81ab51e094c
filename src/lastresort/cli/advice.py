"""`lastresort advice`: the rules, printed."""

from __future__ import annotations

import sys
from typing import Annotated, NamedTuple

from typer import Argument

from lastresort.advice.rules import all_rules, find_rule
from lastresort.cli import completion
from lastresort.cli.options import OutputOptions
from lastresort.cli.run import open_screen
from lastresort.errors import UsageError
from lastresort.outputs import terminal
from lastresort.outputs.json import dump, rules_document


class AdviceOptions(NamedTuple):
    """Which rule."""

    rule: Annotated[
        str | None,
        Argument(
            metavar="[RULE]",
            autocompletion=completion.rules,
            help="One rule in full, such as R7.",
            show_default=False,
        ),
    ] = None


def advice(own: AdviceOptions, output: OutputOptions) -> int:
    """Show the rules that the tool follows; one of them with its reason."""
    rule = find_rule(own.rule) if own.rule is not None else None
    if own.rule is not None and rule is None:
        raise UsageError(f"there is no rule of that name; they are called R1 to R{len(all_rules())}")
    chosen = (rule,) if rule else all_rules()
    if output.json:
        sys.stdout.write(dump(rules_document(chosen)))
        return 0

    screen = open_screen(output)
    terminal.print_rules(screen, chosen, full=own.rule is not None or output.verbose)
    return 0
