"""The pages as a site: `make handbook` writes it to `dist/handbook`. The files read the same without it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from lastresort import __version__

project = "lastresort"
author = "The lastresort authors"
project_copyright = author
release = version = __version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"lastresort {release}"
myst_heading_anchors = 3
# blocks of commands hold output too, which the lexer of shell scripts cannot always read; a link to a file
# beside docs/ becomes plain text in the site (tests hold that every link leads somewhere)
suppress_warnings = ["misc.highlighting_failure", "myst.xref_missing"]
