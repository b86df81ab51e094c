"""`lastresort schema`: the JSON Schema of a document that `--json` prints."""

from __future__ import annotations

import sys
from typing import Annotated, NamedTuple

from typer import Argument

from lastresort.errors import UsageError
from lastresort.outputs.schema import DOCUMENTS, schema_of


class SchemaOptions(NamedTuple):
    """Which document."""

    name: Annotated[str, Argument(metavar="NAME", help=f"{', '.join(DOCUMENTS)}.", show_default=False)] = ...  # type: ignore[assignment]


def schema(own: SchemaOptions) -> int:
    """Print the JSON Schema (2020-12) of the document that a command prints with --json.

    New fields may be added; none changes its meaning without a new version.
    """
    if own.name not in DOCUMENTS:
        raise UsageError(f"there is no document of that name; there are {', '.join(DOCUMENTS)}")
    sys.stdout.write(schema_of(own.name))
    return 0
