"""HTML of a mail as lines of text."""

from __future__ import annotations

from html.parser import HTMLParser

_BLOCKS = frozenset(
    ("p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr")
) | frozenset(("section", "article", "header", "footer", "blockquote", "pre", "dt", "dd"))
_CELLS = frozenset(("td", "th"))
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_UNSEEN = frozenset(("style", "script", "head", "title", "template"))
_STRUCK = frozenset(("s", "strike", "del", "blockquote"))
_QUOTES = (
    "gmail_quote",
    "gmail_attr",
    "moz-cite-prefix",
    "yahoo_quoted",
    "protonmail_quote",
    "outlookmessageheader",
    "gmail_extra",
)
"""Names of what an older mail is put in."""
_QUOTES_FROM = (
    "divrplyfwdmsg",
    "appendonsend",
    "mail-editor-reference-message-container",
    "olk_src_body_section",
)
"""Names of what stands before an older mail that follows to the end."""
_DEEPEST = 500


def text_of_html(page: str, *, links: bool = False, rows: bool = True, older: bool = False) -> str:
    """Return the text that a reader of an HTML mail sees, a line for each block.

    `links` writes an address behind the text of its link. With `rows` the cells of a row stand on one line.
    Without `older`, quoted older mails, struck and hidden text are left out.
    """
    parser = _Lines(links=links, rows=rows, older=older)
    parser.feed(page)
    parser.close()
    lines = (" ".join(line.split()) for line in parser.lines)
    return "\n".join(line for line in lines if line)


class _Lines(HTMLParser):
    """Gathers the lines of a page."""

    def __init__(self, *, links: bool, rows: bool, older: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._links, self._rows, self._older = links, rows, older
        self._targets: list[str] = []
        """Where the open links lead."""
        self._open: list[tuple[str, bool]] = []
        """Open elements, and whether each hides what it holds."""
        self._hidden = 0
        self._ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a cell or a link, and note what hides its content."""
        given = {name: value or "" for name, value in attrs}
        if tag == "body":
            self._close("head")  # which needs no end tag
        if tag == "a":
            self._targets.append(given.get("href", ""))
        elif tag in _BLOCKS:
            self.lines.append("- " if tag == "li" and self._rows else "")
        elif tag in _CELLS and not self._rows:
            self.lines.append("")
        elif tag in _CELLS and self.lines[-1].strip():
            self.lines[-1] += " | "
        names = f"{given.get('class', '')} {given.get('id', '')}".lower()
        if not self._older and any(name in names for name in _QUOTES_FROM):
            self._ended = True
        if tag not in _VOID and len(self._open) < _DEEPEST:
            hides = tag in _UNSEEN or (not self._older and _is_past(tag, names, given.get("style", "")))
            self._open.append((tag, hides))
            self._hidden += hides

    def handle_endtag(self, tag: str) -> None:
        """End a line, or a link."""
        if tag == "a" and self._targets:
            target = self._targets.pop()
            if self._links and target.startswith(("http://", "https://", "tel:")):
                self.handle_data(f" <{target}> ")
        elif tag in _BLOCKS or (tag in _CELLS and not self._rows):
            self.lines.append("")
        self._close(tag)

    def handle_data(self, data: str) -> None:
        """Keep what is seen: line ends in it are only layout."""
        if not self._hidden and not self._ended:
            self.lines[-1] += data.replace("\n", " ").replace("\r", " ")

    def _close(self, tag: str) -> None:
        """Close an element with all that is open in it; looked for among the last twenty."""
        for place in range(len(self._open) - 1, max(-1, len(self._open) - 20), -1):
            if self._open[place][0] == tag:
                self._hidden -= sum(hides for _, hides in self._open[place:])
                del self._open[place:]
                return


def _is_past(tag: str, names: str, style: str) -> bool:
    """Tell whether an element holds what no longer counts: an older mail, struck or hidden text."""
    style = style.lower().replace(" ", "")
    quoted = tag in _STRUCK or any(name in names for name in _QUOTES)
    return quoted or "display:none" in style or "line-through" in style
