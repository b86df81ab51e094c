"""Role and company, as the titles of invitations name them.

Titles are taken apart at their separators; a part that is made of interview words alone is set aside, and
what is left must be recognisable as a role, or be the one thing that can only be the company. A name that may
be a person's, a department or a place is no company: unknown stays unknown. The words are in
`data/words/invitations-*.txt`:

    stage        words that surround an interview without naming anybody: first, technical, phone, round …
    core         those among them that say what takes place
    with, at, for   what stands before a name, a company, a role
    article, tail   what may stand before and behind a name: the … team
    people, boss    marks of a person: Ms, CEO …
    roles, fields   nouns that end a role, and words that belong into one
    times           days, months, and other things that are no company
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from lastresort.interviews.words import (
    PHRASE_ENDS,
    Section,
    fold,
    has_other_script,
    is_given_name,
    prepare,
    read_lines,
    read_tables,
)

LONGEST = 240
OPENING, CLOSING = frozenset("(（["), frozenset(")）]")
SEPARATORS = (
    "<->", "<>", "⇄", "↔", "<", ">", " -", "- ", "–", "—", " ―", "― ", "|", "·", "•", "｜", "：", "】", "【",
    "」", "「", ": ", "; ", " x ", " × ", " ✕ ", " // ", " / ",
)  # fmt: skip
PAIRS = ("<->", "<>", "⇄", "↔", " x ", " × ", " ✕ ", " / ", " + ", " & ")
JOINTS = (" + ", " & ", " and ", " und ", " et ", " y ")
PREFIXES = frozenset((
    "fwd", "fw", "re", "wg", "aw", "tr", "rv", "invitation", "updated invitation", "einladung", "invitación",
    "invito", "uitnodiging", "convite", "accepted", "tentative", "confirmed", "reminder", "new", "updated",
    "external", "ext",
))  # fmt: skip
MARKS = r"(?i)\b[mwfdxi](?:\s*/\s*[mwfdxi]){1,3}\b|\bH/F\b|\bF/H\b|\([^()]*\)|#\s*\w+|\breq\.?\s*\d+"
ROLE_NOUNS = frozenset(
    ("role", "position", "job", "vacancy", "opening", "post", "poste", "puesto", "stelle", "vaga")
)
ROLE_FRAME = (
    r"(?i)^(?:the\s+|our\s+)?(?:role|position|poste|puesto|stelle|vaga)\s+(?:of|as|de|als|d[aeo])\s+"
    r"|\s+(?:role|position|job|vacancy|opening|post)$"
)
"""Compiled, as the marks are, when a role has something of the kind."""
JOINING = frozenset(("de", "del", "di", "da", "do", "du", "des", "der", "von", "of"))
"""What joins the words of a role: `Ingeniero de procesos`."""
OF = frozenset(("da", "de", "del", "della", "der", "di", "do", "du", "of", "van", "von"))
LONGEST_FIRM = 4
"""Words of a well-known firm's name, at most."""
STATE = re.compile(r"^[\w .]+ [A-Z]{2}$")
GRADES = frozenset(("band", "grade", "level", "tier"))
"""With a number, they say how high a position is: `NHS Band 6 nurse`."""
LEVELS = frozenset(("i", "ii", "iii", "iv", "v", "1", "2", "3", "4", "5"))
HONOUR = re.compile(r"(?<=\S)\s*(?:様|さま|さん|御中|님)$")
"""Polite words behind the name of a firm or a person."""
CODE = re.compile(r"\d{3}|^[A-Z]{2,3}\d{1,2}$")
"""In the number of a requisition, and in a level: `R-20331`, `KS2`; in no firm's name."""
GRADE = re.compile(r"[A-Z]\d{1,2}")
"""The level of a position behind a firm's name: `E5`, `L6`."""
ELIDED = re.compile(r"^(?:[dlDL]|[Dd]ell|[Aa]ll|[Nn]ell)['’]")
"""An article or preposition before a vowel: `d'Emmaüs`, `dell'ENI`."""
LETTERS = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u064b-\u0652\u0900-\u0dff])+")
PHONE = re.compile(r"\+?\(?\d[\d\s().\-]{6,18}\d")
GOOGLE = re.compile(r"\bgoogle[ -]?(?:meet|hangouts?|chat|calendar)\b", re.IGNORECASE)
"""What one meets with, which is not an interview at Google."""
WORD = re.compile(r"[^\s,;:()\[\]]+")
SCHEDULED = r"\s@\s\w{2,9}\.?,?\s.*\b20\d\d\b.*$"
"""When it is, as Google ends the subject of an invitation: `@ Tue May 12, 2026 10am - 11am (BST)`."""
PICTURES = "[\u2600-\u2714\u2716-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]+"
"""Emojis, which name nothing; a cross between two names is none."""
TRIM = "!? \t\n-–—―|,;:.·•/+&<>*_\"'“”„«»()[]"
VAGUE = ("stage", "video", "phone", "times", "boss", "people", "article", "with", "at", "for", "reference")
EASTERN = (
    "株式会社",
    "有限会社",
    "合同会社",
    "有限公司",
    "股份",
    "集团",
    "集團",
    "公司",
    "주식회사",
    "㈜",
    "(주)",
)


class Title(NamedTuple):
    """What a title (or the text below it) names. Unknown stays `None`."""

    role: str | None = None
    company: str | None = None


class Hints(NamedTuple):
    """What is known beside the title: `people` are words of names of those who take part, `labels` names
    that are certainly a company's (from domains and links), written together in lower case.
    """

    people: frozenset[str] = frozenset()
    mine: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    is_place: Callable[[str], bool] = lambda text: False  # noqa: ARG005
    """Whether a name is a town or a country."""


class _Token(NamedTuple):
    text: str
    norm: str
    part: str = ""
    """The part it stands in, and where: punctuation inside a name is kept as it was written."""
    start: int = 0
    end: int = 0


class _Find(NamedTuple):
    """A part that may name something. `sure`: it stands where only a company stands."""

    text: str
    sure: bool = False
    placed: bool = False
    """It stands behind `with`, where a company or a person stands."""
    firm: bool = False
    """It stands behind `@`, where no person stands: `@ Franco Manca`."""


def read_title(summary: str, hints: Hints) -> Title:
    """Return role and company named by a title. Linear in its first 240 characters."""
    text = _without_prefixes(" ".join(summary[:LONGEST].split()))
    if " @ " in text:
        text = re.sub(SCHEDULED, "", text)
    if " p/ " in text:
        text = text.replace(" p/ ", " para ")  # as Spanish and Portuguese are written in short
    if not text.isascii():
        text = re.sub(PICTURES, " ", text)
    outside, inside = _take_out(_without_terms(PHONE.sub(" ", GOOGLE.sub(" ", text))))
    companies: list[_Find] = []
    roles: list[str] = []
    segments = [*_segments(outside, hints)]
    interview = any(_has_core(_tokens(part)) for part in (*segments, *inside))
    paired = any(mark in outside for mark in PAIRS) or ("/" in outside and _has_slash_inside(outside))
    for segment in segments:
        _read_segment(_tokens(segment), hints, companies, roles)
    beside = [find.text for find in companies]
    for part in inside:
        theirs = _is_behind_person(text, part)
        for segment in _segments(part, hints):
            _read_segment(_tokens(segment), hints, companies, [] if theirs else roles)
    pieces = [_tokens(segment) for segment in segments]
    company = _choose(companies, hints, interview, paired, pieces) or _choose(
        [find for find in companies if find.text in beside], hints, interview, paired, pieces
    )
    fields = (
        [t for s in (*segments, *inside) if (t := _field(_tokens(s), hints))] if company or interview else []
    )
    role = next(iter(roles), None) or next(iter(fields), None)
    return Title(_clean_role(role) if role else None, company)


def _is_behind_person(text: str, part: str) -> bool:
    """Tell whether a part in brackets says who somebody is: `Sarah (Head of Ops)`."""
    before = text.partition(part)[0].rstrip("([（ ").rpartition(" ")[2]
    return before[:1].isupper() and is_given_name(fold(before))


def names_something(summary: str) -> bool:
    """Tell whether a title holds a name beside the words of interviews: a firm's, most likely."""
    outside, inside = _take_out(_without_prefixes(" ".join(summary[:LONGEST].split())))
    return any(
        _looks_like_a_name([token._replace(text=ELIDED.sub("", token.text))])
        and not any(_is(section, token) for section in (*VAGUE, "core", "times"))
        for part in (outside, *inside)
        for token in _tokens(part)
    )


def squeeze(name: str) -> str:
    """Return the name as a domain would write it: lower case, no accents, no spaces, no legal form."""
    words = [word for word in prepare(name).words if not _is_firm_word(word)] or list(prepare(name).words)
    return "".join(words)


def name_words(names: Iterable[str]) -> frozenset[str]:
    """Return the normalised words of people's names, initials left out."""
    return frozenset(word for name in names for word in prepare(name).words if len(word) > 1)


def write_out(label: str, texts: Iterable[str]) -> str:
    """Return how a domain's label is written in one of the texts, else with capitals: `acme-labs` is `Acme
    Labs`."""
    spoken = label.replace("-", " ")
    for wanted in dict.fromkeys(("".join(prepare(spoken).words), squeeze(spoken))):
        if written := _write_out(wanted, texts):
            return written
    return label.upper() if len(label) <= 3 else " ".join(part.capitalize() for part in label.split("-"))


def _write_out(wanted: str, texts: Iterable[str]) -> str | None:
    for text in texts:
        tokens = _tokens(text[:2000].replace(" & ", " &and "))[:300]
        for start in range(len(tokens)):
            joined = ""
            for end in range(start, min(start + 4, len(tokens))):
                begun, joined = joined, joined + tokens[end].norm.replace(" ", "")
                cut = bool(begun) and len(wanted) > len(begun) + 1 and joined.startswith(wanted)
                if (joined == wanted or cut) and tokens[start].text[:1].isupper():
                    written = " ".join(token.text for token in tokens[start : end + 1])
                    return written.replace("and ", "& ") if "&and" in tokens[start].part else written
    return None


def _is_firm_word(norm: str) -> bool:
    return norm in read_lines("firm-words")


def _norm(text: str) -> str:
    return " ".join(prepare(text).words)


def _without_terms(text: str) -> str:
    """The title with each term of interviews (`tech screen`, `一次面接`) written as `interview`."""
    words = [(found.start(), found.end(), fold(found[0])) for found in LETTERS.finditer(text)]
    known, eastern = _interview_terms(other_script=has_other_script(fold(text)))
    spans: list[tuple[int, int]] = []
    place = 0
    while place < len(words):
        length = next(
            (
                length
                for length in range(min(6, len(words) - place), 0, -1)
                if " ".join(word for _, _, word in words[place : place + length]) in known
                and not PHRASE_ENDS.search(
                    text[words[place][0] : words[place + length - 1][1]].replace("-", " ")
                )
            ),
            0,
        )
        if length:
            last = place + length - 1
            named = words[last][2] in read_lines("houses") and text[words[last][0]].isupper()
            kept = named and length > 1 and last + 1 < len(words) and text[words[last + 1][0]].isupper()
            spans.append((words[place][0], words[last - kept][1]))  # `Hospitation Kita Regenbogen`
        place += max(length, 1)
    for start, end in reversed(spans):
        text = f"{text[:start]} interview {text[end:]}"
    if not text.isascii():
        for term in eastern:
            if term in text:
                text = text.replace(term, " interview ")
    return text


@cache
def _interview_terms(*, other_script: bool) -> tuple[frozenset[str], tuple[str, ...]]:
    """Terms as phrases of folded words; and those of scripts without spaces, the longest first.

    A phrase that is in one of the sections of roles and teams as well says nothing of an interview.
    """
    interviews, invitations = read_tables("interviews"), read_tables("invitations")
    kept = [invitations[section] for section in ("roles", "recruiter", "tail")]
    terms = {
        line.strip("^*$")
        for level in ("certain", "strong", "fair", "short")
        for line in _lines(interviews[level], other_script=other_script)
        if line[0] not in "!*" and (level, line[-1]) != ("short", "$")
    }
    # only those that are written alike are looked up, since that takes long for thousands
    shared = terms & {
        line.strip("*^$") for section in kept for line in _lines(section, other_script=other_script)
    }
    names = {term for term in shared if any(section.find(prepare(term)) == term for section in kept)}
    others = (term for term in terms if not term.isascii())
    eastern = sorted((term for term in others if "\u2e80" <= max(term) <= "\u9fff"), key=len, reverse=True)
    return frozenset(terms - names), tuple(eastern)


def _lines(section: Section, *, other_script: bool) -> list[str]:
    return section.lines if other_script else section.latin_lines


# -- taking a title apart -----------------------------------------------------------------------------------


def _without_prefixes(text: str) -> str:
    """Without `Fwd:`, `Updated invitation:` and the like in front."""
    head, colon, rest = text.partition(":")
    while colon and head.strip().lower() in PREFIXES:
        text = rest.lstrip()
        head, colon, rest = text.partition(":")
    return text


def _take_out(text: str) -> tuple[str, list[str]]:
    """Return the text outside of parentheses, and what stands in each pair that holds no other."""
    outside, inside, opened, read = "", [], -1, 0
    for place, char in enumerate(text):
        if char in OPENING:
            opened = place
        elif char in CLOSING and opened >= 0:
            if place - opened <= 81:
                inside.append(text[opened + 1 : place])
                outside += text[read:opened] + " "
                read = place + 1
            opened = -1
    return outside + text[read:], [found for found in inside if found.strip()]


def _has_slash_inside(text: str) -> bool:
    """Tell whether a slash stands between two letters or digits."""
    parts = text.split("/")
    return any(_is_word(one[-1:]) and _is_word(two[:1]) for one, two in pairwise(parts))


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _split(text: str, marks: Iterable[str]) -> list[str]:
    for mark in marks:
        text = text.replace(mark, "\n")
    return text.split("\n")


def _segments(text: str, hints: Hints) -> Iterator[str]:
    for part in (piece for segment in _split(text, SEPARATORS) for piece in _pair(segment, hints)):
        pieces = [piece for piece in part.split(", ") if piece.strip(TRIM)]
        while len(pieces) > 1 and (STATE.search(pieces[-1]) or _is_town(pieces[-1], hints)):
            pieces.pop()  # a town behind a name
        if len(pieces) == 3 and _ends_in_place([_tokens(piece) for piece in pieces], hints):
            pieces.pop()
        if len(pieces) > 1 and _stand_apart([_tokens(piece) for piece in pieces], hints):
            yield from pieces
        elif pieces:
            yield ", ".join(pieces)


def _ends_in_place(pieces: Sequence[list[_Token]], hints: Hints) -> bool:
    """Tell whether the last of three pieces says where: `first interview, Wagamama, Soho`."""
    first, second, last = pieces
    if not (first and second and last) or not (_only("stage", first) and _has_core(first)):
        return False
    return not any(
        _names_person(piece, hints) or any(_is_role(token) or _is("fields", token) for token in piece)
        for piece in (second, last)
    )


def _is_town(piece: str, hints: Hints) -> bool:
    """A town or a country, with what stands in it: `Leeds station`."""
    words = piece.strip(TRIM).split()
    while len(words) > 1 and words[-1].islower():
        words = words[:-1]
    return hints.is_place(" ".join(words))


def _stand_apart(pieces: Sequence[list[_Token]], hints: Hints) -> bool:
    """Tell whether commas separate things of different kinds: an interview, a role, a company, a person."""
    if any(_only("stage", piece) for piece in pieces):
        return True
    last = pieces[-1]
    if len(pieces) == 2 and len(last) > 1 and _is_firm_word(last[-1].norm) and _has_core(pieces[0]):
        return True
    first_small = pieces[0] and _has_core(pieces[0]) and pieces[0][-1].text.islower()
    if len(pieces) == 2 and first_small and last and last[0].text[:1].isupper():
        return True  # `interview for care home job, Bupa`
    if sum(_names_person(piece, hints) or any(map(_addresses, piece)) for piece in pieces) == 1:
        return True
    roles = [any(map(_is_role, piece)) for piece in pieces]
    if _has_core(pieces[0]) and any(roles[1:]):
        return True
    rest = [
        not piece or (any(_is("fields", token) for token in piece) and not _is_firm_word(piece[-1].norm))
        for piece in pieces
    ]
    first = roles[0] and not any(roles[1:]) and not any(rest[1:])
    return first or (roles[-1] and not any(roles[:-1]) and not any(rest[:-1]))


def _pair(segment: str, hints: Hints) -> list[str]:
    """`Acme & Dana` names two; `Dupont & Fils` is one name."""
    pieces = _split(segment, (*JOINTS, "/"))
    sides = [_tokens(piece) for piece in pieces]
    if len(pieces) == 2:
        around = (*pieces[0].split()[-1:], *pieces[1].split()[:1])
        if squeeze("".join(around)) in read_lines("firms"):
            return [segment]
    return pieces if len(pieces) == 2 and any(_names_person(side, hints) for side in sides) else [segment]


def _tokens(text: str) -> list[_Token]:
    """The words as written, each with its normalised form; possessives are cut."""
    tokens = []
    for found in WORD.finditer(text):
        bare = found[0].strip(TRIM)
        norm = "@" if found[0] == "@" else _norm(_without_possessive(bare))
        if norm:
            start = found.start() + found[0].index(bare) if bare else found.start()
            end = start + len(bare)
            tokens.append(_Token(text=bare or found[0], norm=norm, part=text, start=start, end=end))
    return tokens


def _only(section: str, tokens: Sequence[_Token]) -> bool:
    return bool(tokens) and all(_is(section, token) or token.norm.isdigit() for token in tokens)


def _is(section: str, token: _Token) -> bool:
    if "&" in token.text[1:-1]:
        return False  # H&M
    terms = read_tables("invitations")[section].terms_for(token.norm)
    if token.norm in terms.words or token.norm in terms.others:
        return True
    words = token.norm.split()
    if section == "core" and len(words) > 1 and words[-1] in terms.words:
        stage = read_tables("invitations")["stage"]
        return all(stage.has(word) for word in words[:-1])  # Online-Interview
    return len(words) > 1 and all(word in terms.words for word in words)


def _has_core(tokens: Sequence[_Token]) -> bool:
    return any(_is("core", token) for token in tokens)


def _is_role(token: _Token) -> bool:
    terms = read_tables("invitations")["roles"].terms_for(token.norm)
    line = f" {token.norm} "
    return any(word in terms.words for word in token.norm.split()) or any(
        piece in line for piece in terms.others
    )


def _vague(tokens: Sequence[_Token], sure: bool = False) -> bool:
    """Made of words that are never a company's name; where only a company stands, a field may be one
    (`SAP`)."""
    if _is_known_firm(tokens):
        return False
    if len(tokens) > 1 and _is_firm_word(tokens[-1].norm) and not _has_core(tokens):
        return not all(token.text[:1].isupper() for token in tokens)
    sections = VAGUE if sure else (*VAGUE, "fields")
    return all(any(_is(name, token) for name in sections) for token in tokens)


# -- what the parts are -------------------------------------------------------------------------------------


def _read_segment(tokens: list[_Token], hints: Hints, companies: list[_Find], roles: list[str]) -> None:
    if (span := _known_firm_of_words(tokens)) is not None:
        companies.append(_Find(_written(tokens[span]), sure=True))
        tokens = [*tokens[: span.start], *tokens[span.stop :]]
    if not tokens or (_only("stage", tokens) and (_has_core(tokens) or not any(map(_is_role, tokens)))):
        return
    if _has_core(tokens):
        _read_sentence(tokens, hints, companies, roles)
    elif any(_is_role(token) for token in tokens):
        if any(_is_eastern(token.text) for token in tokens):
            _read_residue(tokens, hints, companies, roles)
        else:
            _read_role(tokens, hints, companies, roles)
    elif not _vague(tokens) and not _is_mine(tokens, hints):
        companies.append(_Find(_written(_bare(_up_to_small_words(tokens)))))


def _read_sentence(tokens: list[_Token], hints: Hints, companies: list[_Find], roles: list[str]) -> None:
    """`Backend Engineer interview with Acme for …`: chunks between prepositions, the first holds the
    interview."""
    chunks = _chunks(tokens)
    for run in _runs(chunks[0][1]):
        _read_residue(run, hints, companies, roles)
    for kind, chunk in chunks[1:]:
        there = kind in {"at", "@"}
        bare = _bare(_up_to_small_words(chunk) if there else chunk)
        aimed = kind == "for" and any(map(_is_role, bare)) and not _only("stage", bare)
        if not bare or (_vague(bare, sure=there) and not aimed):
            continue
        staff = _is("tail", bare[0]) or _is("recruiter", bare[0])
        if not there and (any(_is_role(token) or _is("boss", token) for token in bare) or staff):
            if kind == "for":
                _read_role(bare, hints, companies, roles)
            elif firm := _bare(_behind_of(bare)):
                companies.append(_Find(_written(firm), sure=True))
            elif firm := _before_position(bare):
                companies.append(_Find(_written(firm), placed=True))
        elif not _is_mine(bare, hints):
            with_team = len(bare) < len(chunk)
            placed = kind != "for" and (len(bare) > 1 or with_team)
            companies.append(_Find(_written(bare), sure=there, placed=placed, firm=kind == "@"))


def _before_position(tokens: Sequence[_Token]) -> list[_Token]:
    """`Stagecoach` of `with Stagecoach depot mgr`."""
    first = _capitals(tokens)
    told = any(_is_role(token) or _is("fields", token) or _is("boss", token) for token in tokens[:first])
    return [] if told else list(tokens[:first])


def _capitals(tokens: Sequence[_Token]) -> int:
    """Return how many words with capitals stand before words in small letters alone; 0 for anything else."""
    first = next((place for place, token in enumerate(tokens) if not token.text[:1].isupper()), 0)
    return first if all(token.text.islower() for token in tokens[first:]) else 0


def _behind_of(tokens: Sequence[_Token]) -> list[_Token]:
    """`Acme` of `with the recruiter of Acme`."""
    place = next(
        (n for n, token in enumerate(tokens) if n and token.norm in OF and token.text.islower()), None
    )
    behind = list(tokens[place + 1 :]) if place else []
    return [] if any(map(_is_role, behind)) else behind


def _chunks(tokens: list[_Token]) -> list[tuple[str, list[_Token]]]:
    chunks: list[tuple[str, list[_Token]]] = [("", [])]
    seen_core = False
    for token in tokens:
        named = seen_core and token.norm not in JOINING
        kind = next((k for k in ("with", "at", "for") if _is(k, token)), "") if named else ""
        if token.norm == "@":
            kind = "@"
        if kind and (token.text.islower() or token.text == "@" or token.text in {"w/", "W/"}):
            chunks.append((kind, []))
        else:
            chunks[-1][1].append(token)
        seen_core = seen_core or any(_is(section, token) for section in ("core", "stage", "video", "phone"))
    return chunks


def _runs(tokens: Sequence[_Token]) -> Iterator[list[_Token]]:
    """The stretches between the words that say interview, without the words around an interview at their
    ends."""
    run: list[_Token] = []
    for place, token in enumerate((*tokens, None)):
        if token is not None and (not _is("core", token) or _starts_role(tokens, place)):
            run.append(token)
            continue
        first, last = 0, len(run)
        while first < last and (
            (_is("stage", run[first]) and not _starts_role(run, first) and not _starts_firm(run, first))
            or (_is("times", run[first]) and run[first].text.islower())
            or _is_number(run[first].text.lower())
        ):
            first += 1
        while last > first and _surrounds(run, last - 1):
            last -= 1
        if first < last:
            yield run[first:last]
        run = []


def _surrounds(run: Sequence[_Token], place: int) -> bool:
    """Tell whether a word belongs to the interview, no longer to what is named before: a number behind a role
    is its level."""
    token = run[place]
    if place and token.norm in LEVELS and _is_role(run[place - 1]):
        return False
    return (_is("stage", token) and not _is_role(token)) or token.norm.isdigit()


def _starts_firm(tokens: Sequence[_Token], place: int) -> bool:
    """`Café Central`, `Hotel Post`: a kind of house that begins a firm's name."""
    following = [token for token in tokens[place + 1 : place + 3] if token.norm not in JOINING]
    if not following or not following[0].text[:1].isupper():
        return False
    named = tokens[place].text[:1].isupper() and _is_firm_word(following[0].norm)
    return tokens[place].norm in read_lines("houses") or (named and not _is("core", tokens[place]))


def _starts_role(tokens: Sequence[_Token], place: int) -> bool:
    """`Technical Writer`, `Hiring Manager`: an interview word that belongs to the role behind it."""
    following = tokens[place + 1 : place + 2]
    norm = tokens[place].norm
    return (
        norm in {"technical", "system", "systems", "data"}
        and bool(following)
        and _is_role(following[0])
        and (following[0].norm != "manager")
    )


def _read_residue(tokens: list[_Token], hints: Hints, companies: list[_Find], roles: list[str]) -> None:
    """A stretch beside the word interview: a company, a role, or one behind the other."""
    if not tokens or _vague(tokens):
        return
    if not any(_is_role(token) for token in tokens):
        found = _bare(_up_to_people(_up_to_small_words(tokens)))
        if found and len(found) <= 4 and not _is_mine(found, hints):
            companies.append(_Find(_written(found)))
        return
    first, last = _span_of_role(tokens)
    for side in (tokens[:first], tokens[last:]):
        bare = _bare(side)
        if bare and len(bare) <= 4 and not _vague(bare) and not _is_mine(bare, hints):
            companies.append(_Find(_written(bare)))
    if _is_their_role(tokens[first:last], hints) or any(map(_addresses, tokens)):
        return
    roles.append(_written(tokens[first:last]))


def _addresses(token: _Token) -> bool:
    """Tell whether a word stands before a person's name; `Sr.` belongs to a role as well."""
    return _is("people", token) and token.norm not in {"sr", "jr"}


def _is_their_role(tokens: Sequence[_Token], hints: Hints) -> bool:
    """Tell whether a role is that of whom one meets: `with Anna, recruiter`."""
    alone = len(tokens) == 1 and tokens[0].text.islower()
    return _names_person(tokens, hints) or (alone and (_is("recruiter", tokens[0]) or _is("tail", tokens[0])))


def _is_eastern(text: str) -> bool:
    """Tell whether a word is of a script that writes names and roles as one word each."""
    return "\u2e80" <= max(text, default="") <= "\ud7a3"


def _up_to_small_words(tokens: list[_Token]) -> list[_Token]:
    """`Bimbo` of `Bimbo planta Toluca`: a name goes on with capitals, and with what joins names."""
    for place, token in enumerate(tokens):
        if (
            place
            and token.text.islower()
            and token.norm not in JOINING | {"and", "und", "et", "y", "e", "for"}
            and not _is_firm_word(token.norm)
        ):
            return tokens[:place]
    return tokens


def _up_to_people(tokens: list[_Token]) -> list[_Token]:
    """`DHL` of `DHL Frau Krause`: what stands before the person one meets there."""
    place = next((place for place, token in enumerate(tokens) if place and _addresses(token)), len(tokens))
    return tokens[:place]


def _span_of_role(tokens: Sequence[_Token]) -> tuple[int, int]:
    """Where a role begins and ends among other words.

    It holds its noun, what belongs to roles before and behind, and what follows in small letters (`Chargée de
    communication`).
    """
    nouns = [place for place, token in enumerate(tokens) if _is_role(token)]
    first, last = nouns[0], nouns[-1] + 1

    def belongs(place: int) -> bool:
        token = tokens[place]
        return _is("fields", token) or _is_role(token) or (token.text.islower() and not _is("at", token))

    while first and belongs(first - 1):
        first -= 1
    if first > 1 and tokens[first - 1].norm.isdigit() and tokens[first - 2].norm in GRADES:
        first -= 2
    while last < len(tokens) and (
        belongs(last)
        or (
            tokens[last].norm in JOINING | {"fur"}
            and last + 1 < len(tokens)
            and (belongs(last + 1) or tokens[last].norm == "fur")
        )
        or tokens[last - 1].norm == "fur"
    ):
        last += 1
    return first, last


def _read_role(
    tokens: list[_Token], hints: Hints, companies: list[_Find], roles: list[str], alone: bool = True
) -> None:
    """A role, with a known company in front or `at` the company behind it cut off. Not alone: every word
    must be known."""
    aim = next(
        (place for place, token in enumerate(tokens) if token.norm == "for" and token.text.islower()), 0
    )
    if aim and (_is_mine(tokens[:aim], hints) or _names_person(tokens[:aim], hints)):
        tokens = tokens[aim + 1 :]  # `Dana Smith for Data Analyst at Acme`
    for place, token in enumerate(tokens[1:], start=1):
        if ((_is("at", token) and token.norm not in JOINING) or token.norm == "@") and token.text[:1] in {
            "@",
            token.text[:1].lower(),
        }:
            after = _bare(tokens[place + 1 :])
            if after and not _vague(after, sure=True):
                companies.append(_Find(_written(after), sure=True))
            tokens = tokens[:place]
            if not any(_is_role(token) for token in tokens):
                return
            break
    for length in range(min(3, len(tokens) - 1), 0, -1):
        if squeeze(_written(tokens[:length])) in hints.labels:
            companies.append(_Find(_written(tokens[:length]), sure=True))
            tokens = tokens[length:]
            break
    else:
        if not alone and not all(_is_role(t) or _is("fields", t) or t.norm.isdigit() for t in tokens):
            return
    tokens, firm = _split_off_firm(tokens)
    if firm:
        companies.append(_Find(_written(firm), sure=_starts_firm(firm, 0)))
    if not any(map(_addresses, tokens)) and not _is_their_role(tokens, hints):
        roles.append(_written(tokens))


def _split_off_firm(tokens: list[_Token]) -> tuple[list[_Token], list[_Token]]:
    """Role and firm of `camarero Bar Tomate`, `Erzieherin Kita Sonnenschein`, `Boots optical assistant`.

    Behind a role in small letters capitals begin a firm's name, and before one they are it; so do words such
    as `Kita` behind any role.
    """
    for place in range(1, len(tokens)):
        if tokens[place].norm in read_lines("houses") and _starts_firm(tokens, place):
            return tokens[:place], tokens[place:]
    first = _capitals(tokens)
    named = first and not any(_is_role(token) or _is("fields", token) for token in tokens[:first])
    if named and first < len(tokens) - 1:
        return tokens[first:], tokens[:first]
    last = next((place for place, token in enumerate(tokens) if token.text[:1].isupper()), 0)
    behind = tokens[last:]
    small = last and all(token.text.islower() for token in tokens[:last])
    if not small or not any(map(_is_role, tokens[:last])):
        return tokens, []
    if any(_is_role(token) or _is("fields", token) for token in behind) or len(behind) > 4:
        return tokens, []
    return tokens[:last], behind


def _field(tokens: list[_Token], hints: Hints) -> str | None:
    """`Backend`, `Data Platform`: a part made of words that belong into roles, and not of interview words
    alone."""
    known = all(_is("fields", token) or _is_role(token) for token in tokens)
    firm = _is_known_firm(tokens) or squeeze(_written(tokens)) in hints.labels
    if not tokens or not known or _only("stage", tokens) or firm:
        return None
    return _written(tokens)


def _bare(tokens: list[_Token]) -> list[_Token]:
    """Without articles in front, and without `team`, `recruiting` and numbers of rounds behind."""
    first, last = 0, len(tokens)
    while first + 1 < last and (
        _is_article(tokens[first])
        or _is("tail", tokens[first])
        or (tokens[first].norm in OF and tokens[first].text.islower())
    ):
        if _is_known_firm(tokens[first:last]):
            break
        first += 1
    while last - first > 1 and (
        _is("tail", tokens[last - 1])
        or tokens[last - 1].norm == "round"
        or GRADE.fullmatch(tokens[last - 1].text)
        or _is_number(tokens[last - 1].text.lower())
    ):
        last -= 1
    return tokens[first:last]


def _is_article(token: _Token) -> bool:
    """No abbreviation: `DE Shaw`."""
    return _is("article", token) and not (len(token.text) > 1 and token.text.isupper())


def _written(tokens: Sequence[_Token]) -> str:
    """The tokens as they stand in the title, from the first to the last."""
    if not tokens:
        return ""
    part, end = tokens[-1].part, tokens[-1].end
    written = HONOUR.sub("", tokens[0].part[tokens[0].start : end])
    if not part[end:].strip(TRIM) or squeeze(written) in read_lines("firms"):
        return written  # Nando's, at the end of its part
    return _without_possessive(written)


def _without_possessive(text: str) -> str:
    return text[:-2] if text.endswith(("'s", "’s")) else text


def _is_mine(tokens: Sequence[_Token], hints: Hints) -> bool:
    return bool(hints.mine) and all(token.norm in hints.mine for token in tokens)


# -- which of them is the company ---------------------------------------------------------------------------


def _choose(
    finds: list[_Find], hints: Hints, interview: bool, paired: bool, segments: list[list[_Token]]
) -> str | None:
    known = [find.text for find in finds if _agrees(find.text, hints.labels)]
    if known:
        return known[0]
    person = paired and any(_names_person(tokens, hints) or _is_mine(tokens, hints) for tokens in segments)
    plausible = [find for find in finds if _is_company(find, hints, interview or person)]
    names = {squeeze(find.text): find.text for find in plausible}
    if len(names) > 1:
        names = {squeeze(find.text): find.text for find in plausible if find.sure}
    return next(iter(names.values())) if len(names) == 1 else None


def _agrees(name: str, labels: frozenset[str]) -> bool:
    """Tell whether a name is that of a domain, or holds it: `Region Norrbotten` for `norrbotten.se`."""
    squeezed = squeeze(name)
    return squeezed in labels or (
        len(name.split()) < 5 and any(len(label) > 3 and label in squeezed for label in labels)
    )


def _is_company(find: _Find, hints: Hints, placed: bool) -> bool:
    tokens = _tokens(find.text)
    if (
        not tokens
        or len(tokens) > 5
        or len(find.text) > 60
        or any("@" in token.text or "://" in token.text for token in tokens)
    ):
        return False
    if any(_is_firm_word(token.norm) for token in tokens[1:]) or any(form in find.text for form in EASTERN):
        return True
    if _is_known_firm(tokens) or (placed and _starts_firm(tokens, 0)):
        return True
    if (
        not (placed or find.sure or find.placed)
        or (_names_person(tokens, hints) and not (find.firm and len(tokens) > 1))
        or any(_is("people", t) for t in tokens)
    ):
        return False
    if _vague(tokens, find.sure) or any(_is("times", token) or _is("boss", token) for token in tokens):
        return _starts_firm(tokens, 0)
    if not find.sure and any(
        read_tables("interviews")[section].has(token.norm)
        for token in tokens
        for section in ("doubt", "elsewhere")
    ):
        return False
    if len(find.text) > 3 and hints.is_place(find.text):
        return False
    return _looks_like_a_name(tokens)


def _is_known_firm(tokens: Sequence[_Token]) -> bool:
    written = _written(tokens)
    return written[:1].isupper() and squeeze(written) in read_lines("firms")


def _known_firm_of_words(tokens: Sequence[_Token]) -> slice | None:
    """Where a well-known firm stands whose name has several words: `La Poste`, `Bundesagentur für Arbeit`."""
    for start in range(len(tokens)):
        for end in range(min(start + LONGEST_FIRM, len(tokens)), start + 1, -1):
            if _is_known_firm(tokens[start:end]) and tokens[end - 1].text[:1].isupper():
                return slice(start, end)
    return None


def _looks_like_a_name(tokens: Sequence[_Token]) -> bool:
    """Capitals, or a script without them; digits only inside words (`7digital`), never times or numbers."""
    first = tokens[0].text[0]
    cased = any(char.isupper() for char in tokens[0].text) or first.isdigit() or not first.islower()
    if any(_is_number(token.text.lower()) or CODE.search(token.text) for token in tokens):
        return False
    if first.isdigit() and not any(char.isalpha() for char in tokens[0].text):
        return False
    return cased and any(char.isalpha() for char in tokens[0].text)


def _is_number(text: str) -> bool:
    """Tell whether a text is a number or a time: `30`, `10:30`, `2pm`, `1h30m`."""
    number = next(
        (text.removesuffix(unit) for unit in ("am", "pm", "uhr", "min") if text.endswith(unit)), text
    )
    return bool(number) and all(char.isdecimal() or char in ":.,/hm-" for char in number)


def _names_person(tokens: Sequence[_Token], hints: Hints) -> bool:
    if not tokens:
        return False
    words = tokens[0].norm.split()
    if is_given_name(words[0]) and not any(_is_firm_word(token.norm) for token in tokens):
        return True
    return all(token.norm in hints.people for token in tokens)


def _clean_role(role: str) -> str | None:
    if any(mark in role for mark in "/(#") or "req" in role.lower():
        role = re.sub(MARKS, " ", role)
    text = " ".join(role.split()).strip(TRIM)
    if not ROLE_NOUNS.isdisjoint(text.lower().split()):
        text = re.sub(ROLE_FRAME, "", text).strip(TRIM)
    head, _, rest = text.partition(" ")
    if rest and read_tables("invitations")["role-line"].has_term(_norm(head)):
        text = rest
    return text if 1 < len(text) <= 80 else None
