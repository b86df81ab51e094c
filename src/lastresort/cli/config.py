"""`lastresort config`: the effective settings, and where each came from."""

from __future__ import annotations

import sys
from typing import NamedTuple

from lastresort.cli.options import ConfigFile, OutputOptions
from lastresort.cli.run import open_screen, read_settings
from lastresort.config.effective import show_settings
from lastresort.outputs import terminal
from lastresort.outputs.json import dump, settings_document


class ConfigOptions(NamedTuple):
    """Which configuration."""

    config: ConfigFile = None


def config(own: ConfigOptions, output: OutputOptions) -> int:
    """Show every setting that holds, and where it comes from: environment, file with its line, default."""
    settings = read_settings(own)
    rows = show_settings(settings)
    if output.json:
        sys.stdout.write(dump(settings_document(settings.file, rows)))
        return 0

    screen = open_screen(output)
    shown = [
        (row.key, row.value, f"line {row.origin.line}" if row.origin.line else str(row.origin))
        for row in rows
    ]
    terminal.print_settings(screen, settings.file, shown)
    return 0
