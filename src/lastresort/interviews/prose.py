"""What the text of an invitation names: role, company, an agency's client, people. Labels, then sentences.

A label is `Position: Data Analyst`, alone on its line or in a sentence. In sentences, a name begins behind
words that announce it (`for the position of`) or stands before words that close it (`… position`), and
ends at punctuation or at a word that leads on (`at`, `bei`, `on`): never at the end of the line only. The
words are in `data/words/invitations-*.txt`:

    role-line, company-line    labels
    role-before, role-after    what stands before and behind a role
    company-before, client-before, person-before   what stands before a company, an agency's client, a person
    person-after               what stands behind a person: `will meet you`
    stop                       what leads on: no name holds it
    footer                     lines of disclaimers, which are not read
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from lastresort.interviews.services import is_service_name, url_pattern
from lastresort.interviews.titles import OF
from lastresort.interviews.words import is_given_name, prepare, read_lines, read_tables

READ = 8000
LINES = 100
LONGEST = 400
"""Characters of a sentence that are looked at."""
ROLE_WORDS = 9
COMPANY_WORDS = 6
SENTENCE = re.compile(r"[\r\n]+|(?<=[.!?。！？])(?<![^\w.]\d\.)(?<!\d\d\.)\s+(?=[^a-z\s])|(?<=[。！？])")
TAG = re.compile(r"<[^<>]{0,500}>")
TOKEN = re.compile(
    r"(?:[^\s,;:!?()\[\]{}<>|/\"“”„«»–—•·。、，：；（）「」【】؟،]|(?<=\w):(?=in(?:nen)?\b))+|[,;:!?()\[\]{}<>|/\"“”„«»–—•·。、，：；（）「」【】؟،]"
)
INNER = frozenset((
    "of", "de", "del", "della", "di", "da", "do", "du", "des", "der", "und", "and", "et", "y", "e", "la",
    "le", "les", "van", "von", "für", "och", "og", "en", "ve", "ja", "dos", "das", "dei", "den",
))  # fmt: skip
ANDS = frozenset(("and", "und", "et", "y", "e", "en", "och", "og", "i", "a", "и", "та", "ve"))
FIELD_JOINTS = frozenset(("in", "of", "en", "em", "für", "fur", "pour", "para", "per"))
ASIDE = re.compile(r"\s*\([^()]*[\d/][^()]*\)")
"""A number or `(m/w/d)` in parentheses, which names nothing."""
LISTED = re.compile(r"[:：]\s*[\r\n]+\s*[-•*·]\s*")
"""A label whose value is a list below it."""
VACANCIES = frozenset((
    "position", "position title", "job title", "job", "vacancy", "post", "opening", "stelle", "vakanz",
    "stellenbezeichnung", "poste", "intitule du poste", "puesto", "vacante", "posizione", "vaga", "functie",
    "vacature", "functietitel", "stanowisko",
))  # fmt: skip
"""Labels that stand before a position which is to be filled; `Role: note-taker` is of a meeting."""
CHIEFS = frozenset(("ceo", "coo", "cfo", "cto", "cmo", "cpo", "founder", "cofounder", "co founder", "owner"))
"""Those behind whose title the firm stands: `Quincy Adler, COO of Peregrine Marine`."""
OF_FIRM = OF | {"at", "bei", "chez", "presso", "bij", "hos"}
"""What stands between them: no `in`, behind which a town may stand, and no `and`."""
PARTICLES = frozenset(
    ("de", "van", "der", "den", "von", "di", "da", "del", "della", "dos", "la", "le", "ten", "ter")
)
"""Small words inside a person's name."""
EASTERN = (
    r"(?P<ko>[\w가-힣]{2,20})\s+(?:인사팀|채용팀|인사담당|채용담당|인재영입팀|피플팀)"
    r"|(?P<ja>(?:株式会社|合同会社|有限会社)[^\s、。のとにでは様御]{1,20}|[^\s、。のとには]{1,20}株式会社)"
    r"|(?:[^\s，,。]{0,12}(?:参加|參加|加入|应聘|應聘|来自|來自|投递|申请|您来))?"
    r"(?P<zh>[\u4e00-\u9fffA-Za-z0-9]{2,16}?(?:有限公司|公司|集团|集團)"
    r"(?=的|人力|招聘|hr|HR|，|,|。|邀|诚|誠|[\u4e00-\u9fff]{2,12}(?:岗位|崗位|职位|職位|一职|一職)|$))"
    r"|(?P<form>(?:주식회사|㈜|\(주\))\s?[\w가-힣]{2,15}|[\w가-힣]{2,15}\s?(?:주식회사|㈜))"
)
"""Firms as East Asian texts name them; compiled when a text may do so."""
OUR_FIRM = ("本公司", "我公司", "贵公司", "貴公司", "该公司", "該公司", "敝公司")
EASTERN_ROLE = (
    r"(?:[^。]*(?:公司|集团|集團)|应聘|應聘|申请的?|投递的?|参加|的)"
    r"(?P<zh>[\u4e00-\u9fffA-Za-z]{2,14}?)(?:岗位|崗位|职位|職位|一职|一職)"
    r"|[社の](?P<ja>[\u30a0-\u30ff\u4e00-\u9fffA-Za-z]{2,16}(?:職|ポジション|エンジニア))(?:に|へ)の?ご応募"
    r"|(?:주식회사|㈜|\(주\)|에서|의)\s+(?P<ko>[\w가-힣 ]{2,24}?)\s?(?:포지션|직무|직군|부문)"
)
"""Roles as they name them behind the firm."""
DOTTED = re.compile(r"(?:\b\w\.){2,}|(?:inc|ltd|co|corp|llc|st|ds|spa|bros|pty|sr|jr|mt|no)\.", re.IGNORECASE)


class Told(NamedTuple):
    """What a text names; unknown stays `None`, and empty."""

    role: str | None = None
    company: str | None = None
    client: str | None = None
    """The employer behind an agency."""
    people: tuple[str, ...] = ()


class Word(NamedTuple):
    """A word or a mark of a sentence; `norm` is what tables know it by, empty for a mark."""

    text: str
    norm: str
    start: int
    end: int


@lru_cache(maxsize=64)
def read_text(text: str) -> Told:
    """Return what the first 8,000 characters of a text name; disclaimers are left out."""
    read = [(sentence, split_words(sentence)) for sentence in sentences(text)]
    led = _first(_behind_chief, read)
    return Told(
        role=_first(_told_role, read),
        company=_first(_told_company, read) or _first(_with_legal_form, read) or led,
        client=_first(_told_client, read) or led,
        people=tuple(dict.fromkeys(_told_people(read))),
    )


def _first(
    find: Callable[[str, Sequence[Word]], str | None], read: Iterable[tuple[str, Sequence[Word]]]
) -> str | None:
    """Return what is found in the first sentence in which something is."""
    return next((found for sentence, words in read if (found := find(sentence, words))), None)


def _told_role(sentence: str, words: Sequence[Word]) -> str | None:
    label, value = _label(words)
    return (
        _eastern_role(sentence)
        or (_role(sentence, value) if value and _is_in("role-line", label) else None)
        or _role_in(sentence, words)[0]
        or _role_in_brackets(sentence, words)
    )


def _told_company(sentence: str, words: Sequence[Word]) -> str | None:
    label, value = _label(words)
    return (
        (_name(sentence, value) if value and _is_in("company-line", label) else None)
        or _role_in(sentence, words)[1]
        or next(_behind("company-before", sentence, words), None)
        or _inviting(sentence, words)
        or _eastern_firm(sentence)
    )


def _told_client(sentence: str, words: Sequence[Word]) -> str | None:
    return next(_behind("client-before", sentence, words), None)


def _told_people(read: Iterable[tuple[str, Sequence[Word]]]) -> Iterator[str]:
    """Yield the people that sentences name, and those of a list below a line that announces them."""
    listing = False
    for sentence, words in read:
        if listing and _is_clock_line(words):
            continue
        label, value = _label(words)
        listing = listing and _starts_with_person(words)
        if listing:
            yield from _people(sentence, words)
        elif not value:
            listing = _announces(words)
        if value and (_is_in("person-before", label) or _is_in("with", label)):
            yield from _people(sentence, value)
        if words and _is_in("with", words[0].norm):
            yield from _people(sentence, words[1:])
        yield from _people_before(sentence, words)
        for place in phrase_ends("person-before", words):
            yield from _people(sentence, words[place:])


def _eastern_firm(sentence: str) -> str | None:
    """Return the firm that a sentence of an East Asian language names."""
    found = None if sentence.isascii() else re.search(EASTERN, sentence)
    name = found[found.lastgroup or 0] if found else None
    return None if name and name.endswith(OUR_FIRM) else name


def _eastern_role(sentence: str) -> str | None:
    found = None if sentence.isascii() else re.search(EASTERN_ROLE, sentence)
    return found[found.lastgroup or 0].strip() if found else None


def _announces(words: Sequence[Word]) -> bool:
    """Tell whether a line ends in what stands before people: `You will be speaking with:`, `Interviewers`."""
    if not words:
        return False
    if words[-1].text in {":", "："}:
        return any(place == len(words) - 1 for place in phrase_ends("person-before", words))
    return " ".join(word.norm for word in words if word.norm) in _phrases("person-before")


def _is_clock_line(words: Sequence[Word]) -> bool:
    """Tell whether a line of a schedule holds clock times alone: `1:00 PM - 1:45 PM (EDT)`."""
    written = [word.text for word in words if word.norm]
    return any(text[0].isdigit() for text in written) and all(
        text[0].isdigit() or (text.isupper() and len(text) < 5) or text.lower() in _CLOCK_WORDS
        for text in written
    )


_CLOCK_WORDS = frozenset(("am", "pm", "a.m", "p.m", "uhr", "to", "bis", "h", "-"))


def _people_before(sentence: str, words: Sequence[Word]) -> list[str]:
    """The person at the beginning of `Erik Lund will meet you at our office`."""
    for end in range(1, min(5, len(words))):
        following = (" ".join(word.norm for word in words[end : end + length]) for length in (1, 2, 3, 4))
        if any(phrase in _phrases("person-after") for phrase in following):
            return _people(sentence, words[:end]) if _starts_with_person(words) else []
    return []


def _starts_with_person(words: Sequence[Word]) -> bool:
    capitals = 0
    while capitals < len(words) and words[capitals].norm and words[capitals].text[:1].isupper():
        capitals += 1
    return bool(words) and (is_given_name(words[0].norm) or capitals in {2, 3})


def read_named_role(title: str) -> str | None:
    """Return the role that a title or sentence calls one, `Platform Lead` in `Chat about the Platform Lead
    role`, or that stands behind a label: `Post: Class Teacher`."""
    head, colon, _ = title[:40].partition(":")
    if colon and " ".join(prepare(head).words) in VACANCIES:
        _, value = _label(split_words(title[:LONGEST]))
        if any(_is_role_noun(word.norm) or _is_in("fields", word.norm) for word in value):
            return _role(title[:LONGEST], value)
    words = prepare(title).words
    if read_tables("invitations")["role-after"].terms_for(title).words.isdisjoint(words):
        return None
    return _role_before(title[:LONGEST], split_words(title[:LONGEST]))


def sentences(text: str) -> list[str]:
    """Return the lines and sentences of a text that are worth reading, without markup and disclaimers."""
    plain = ASIDE.sub("", LISTED.sub(": ", url_pattern().sub(" ", TAG.sub(" ", text[:READ]))))
    found = (part.strip() for part in SENTENCE.split(plain))
    kept = [part[:LONGEST] for part in found if part][:LINES]
    footer = read_tables("invitations")["footer"]
    return [part for part in kept if not footer.find(prepare(part))]


# -- words --------------------------------------------------------------------------------------------------


def split_words(sentence: str) -> list[Word]:
    """Return the words and marks of a sentence, in order."""
    words = []
    for found in TOKEN.finditer(sentence):
        text = found[0]
        bare = text if DOTTED.fullmatch(text) else text.rstrip(".")
        if not bare:
            continue
        norm = " ".join(prepare(_apart(bare)).words)
        words.append(Word(bare, norm, found.start(), found.start() + len(bare)))
        if bare != text:
            words.append(Word(".", "", found.end() - 1, found.end()))
    return words


def _apart(word: str) -> str:
    return word[:-2] if word.endswith(("'s", "’s")) else word


def _is_in(section: str, norm: str) -> bool:
    return read_tables("invitations")[section].has_term(norm)


def _label(words: Sequence[Word]) -> tuple[str, Sequence[Word]]:
    """The label before the first colon, and what stands behind it; both empty where there is none."""
    for place, word in enumerate(words[:8]):
        if word.text in {":", "："}:
            behind = words[place + 1 :]
            inner = len(behind) > 2 and behind[1].text in {":", "："} and _is_in("role-line", behind[0].norm)
            if inner:  # `Anything that helps us prepare: Role: Data Engineer`
                return behind[0].norm, behind[2:]
            return " ".join(w.norm for w in words[:place] if w.norm), behind
    return "", ()


def phrase_ends(section: str, words: Sequence[Word]) -> Iterator[int]:
    """Yield the places right behind each phrase of a section, the longest phrase first where several end."""
    known, lengths = _phrases(section), _lengths(section)
    for start, word in enumerate(words):
        if " " in word.norm and word.norm in known:  # `jusqu'au` is one word here, and two in the table
            yield start + 1
            continue
        for length in lengths.get(word.norm, ()):
            norms = [one.norm for one in words[start : start + length]]
            if len(norms) == length and all(norms) and " ".join(norms) in known:
                yield start + length
                break


@lru_cache(maxsize=16)
def _phrases(section: str) -> frozenset[str]:
    return frozenset(line.strip("^*$!") for line in read_tables("invitations")[section].lines)


@lru_cache(maxsize=16)
def _lengths(section: str) -> Mapping[str, tuple[int, ...]]:
    """By the first word of the phrases of a section, how many words they have, the longest first."""
    found: dict[str, set[int]] = {}
    for phrase in _phrases(section):
        first, *more = phrase.split() or [""]
        found.setdefault(first, set()).add(1 + len(more))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


def _behind(section: str, sentence: str, words: Sequence[Word]) -> Iterator[str]:
    for place in phrase_ends(section, words):
        rest = words[place:]
        opened = rest and rest[0].text in {"(", "（", ":", "：", "“", '"', "«", ","}
        name = _name(sentence, rest[1:] if opened else rest)
        if name and not _is_other(name):
            yield name


def _with_legal_form(sentence: str, words: Sequence[Word]) -> str | None:
    """The firm in `Ort: Lichtwerk GmbH`: capitalised words before a legal form."""
    for place, word in enumerate(words):
        if not place or word.text.rstrip(".") not in read_lines("legal-forms"):
            continue
        first = place
        while (
            first
            and place - first < COMPANY_WORDS
            and (
                words[first - 1].text[:1].isupper()
                or (words[first - 1].text == "&" and first > 1 and words[first - 2].text[:1].isupper())
            )
        ):
            first -= 1
        while first < place and (_is_in("people", words[first].norm) or _is_in("tail", words[first].norm)):
            first += 1
        last = place
        while last + 1 < len(words) and words[last + 1].text.rstrip(".") in read_lines("legal-forms"):
            last += 1
        if first < place:
            return sentence[words[first].start : words[last].end]
    return None


def _inviting(sentence: str, words: Sequence[Word]) -> str | None:
    """The firm at the beginning of `Harbour Hotels has invited you …`."""
    for place in range(1, min(COMPANY_WORDS + 1, len(words))):
        rest = words[place : place + 4]
        if any(
            " ".join(w.norm for w in rest[:length]) in _phrases("company-after") for length in (1, 2, 3, 4)
        ):
            name = _name(sentence, words[:place])
            return name if name and not _is_other(name) else None
    return None


def _behind_chief(sentence: str, words: Sequence[Word]) -> str | None:
    """The firm in `with Quincy Adler, COO of Peregrine Marine`."""
    for place, word in enumerate(words[:-1]):
        if word.norm in CHIEFS and words[place + 1].norm in OF_FIRM:
            name = _name(sentence, words[place + 2 :])
            if name and not _is_other(name):
                return name
    return None


def _is_other(name: str) -> bool:
    """A person, a role, a service or a mere word of interviews is no company."""
    norms = prepare(name).words
    tables = read_tables("invitations")
    return (
        not norms
        or _is_in("stop", norms[0])
        or is_given_name(norms[0])
        or tables["roles"].has(norms[-1])
        or all(
            any(_is_in(s, n) for s in ("stage", "core", "boss", "people", "times", "tail", "fields"))
            for n in norms
        )
        or is_service_name(name)
    )


# -- roles --------------------------------------------------------------------------------------------------


def _role_in(sentence: str, words: Sequence[Word]) -> tuple[str | None, str | None]:
    """The role that a sentence names, and the company right behind it (`… at Acme`)."""
    for place in phrase_ends("role-before", words):
        rest = _without_article(words[place:])
        end = _end_of_role(rest)
        if (role := _written_role(sentence, rest[:end])) is None:
            continue
        after = rest[end:]
        at = 1 if after and _is_in("at", after[0].norm) else None
        if at is None and after:
            at = next(iter(phrase_ends("company-before", after[:4])), None)
        return role, _name(sentence, after[at:]) if at else None
    return _role_before(sentence, words) or _role_behind_company(sentence, words), None


def _role_in_brackets(sentence: str, words: Sequence[Word]) -> str | None:
    """`the role (Data Analyst)`."""
    for place, word in enumerate(words[:-2]):
        if words[place + 1].text == "(" and _is_in("role-line", word.norm):
            end = next((n for n in range(place + 2, len(words)) if words[n].text == ")"), place)
            if any(_is_role_noun(one.norm) for one in words[place + 2 : end]):
                return _written_role(sentence, words[place + 2 : end])
    return None


def _role_behind_company(sentence: str, words: Sequence[Word]) -> str | None:
    """`interview with Acme for Data Analyst`: only what ends in the noun of a role."""
    for place in phrase_ends("company-before", words):
        for at in range(place + 1, min(place + COMPANY_WORDS + 1, len(words) - 1)):
            if _is_in("for", words[at].norm):
                rest = _without_article(words[at + 1 :])
                found = rest[: _end_of_role(rest)]
                if found and _is_role_noun(found[-1].norm):
                    return _written_role(sentence, found)
    return None


def _is_role_noun(norm: str) -> bool:
    return read_tables("invitations")["roles"].find(prepare(norm)) is not None


def _role_before(sentence: str, words: Sequence[Word]) -> str | None:
    """`… for the Data Analyst position`: the words before, back to an article or preposition."""
    for place in range(1, len(words)):
        if not any(
            " ".join(w.norm for w in words[place : place + length]) in _phrases("role-after")
            for length in (1, 2, 3)
        ):
            continue
        first = place
        while first and place - first < ROLE_WORDS and words[first - 1].norm and not _leads(words[first - 1]):
            first -= 1
        found = words[first:place]
        norms = [w.norm for w in found]
        known = any(_is_role_noun(norm) for norm in norms)
        if found and (
            known or (first and _leads(words[first - 1]) and all(w.text[:1].isupper() for w in found))
        ):
            return _written_role(sentence, found)
    return None


def _leads(word: Word) -> bool:
    return (
        _is_in("stop", word.norm) or _is_in("article", word.norm) or _is_in("for", word.norm)
    ) and not word.text[:1].isupper()


def _without_article(words: Sequence[Word]) -> Sequence[Word]:
    while len(words) > 1 and words[0].norm and not words[0].text[:1].isupper() and _leads(words[0]):
        words = words[1:]
    while len(words) > 1 and words[0].text in {"of", "as", "als", "de", "di", "da"}:
        words = words[1:]
    if len(words) > 2 and (words[0].norm in _phrases("role-after") or _is_in("role-line", words[0].norm)):
        return _without_article(words[2:] if words[1].text in INNER else words[1:])
    if words and words[0].text in {":", "：", "“", '"', "«", "„", "「"}:
        words = words[1:]
    return words


def _end_of_role(words: Sequence[Word]) -> int:
    for place, word in enumerate(words[: ROLE_WORDS + 1]):
        if not word.norm:
            if word.text in {",", "/", "("} and _goes_on(words[place + 1 : place + 3], word.text):
                continue
            return place
        if place and word.norm in FIELD_JOINTS and _names_field(words[place + 1 :]):
            continue
        lower = word.text.islower() or not word.text[:1].isupper()
        closes = " ".join(w.norm for w in words[place : place + 1]) in _phrases("role-after")
        if place and ((lower and _is_in("stop", word.norm)) or closes):
            return place
        if place and word.text in ANDS and not _names_role_on(words[place + 1 : place + 3]):
            return place
    return min(len(words), ROLE_WORDS)


def _names_role_on(following: Sequence[Word]) -> bool:
    """`Research and Development Lead`: what stands behind `and` belongs to the role."""
    return bool(following) and (
        following[0].text[:1].isupper()
        or any(_is_in("fields", one.norm) or _is_role_noun(one.norm) for one in following if one.norm)
    )


def _names_field(following: Sequence[Word]) -> bool:
    """`Lecturer in Marine Biology at …`: what stands before the firm's `at` is the role's field, no town."""
    for place, word in enumerate(following[:5]):
        if place and _is_in("at", word.norm) and word.text.islower():
            return True
        if not word.text[:1].isupper():
            return False
    return False


def _goes_on(following: Sequence[Word], mark: str) -> bool:
    """`Director, Strategy.`: one more word of the role, and then an end."""
    if mark == "/":
        return bool(following) and bool(following[0].norm)
    return (
        mark == ","
        and bool(following)
        and following[0].text[:1].isupper()
        and _is_in("fields", following[0].norm)
    )


def _role(sentence: str, words: Sequence[Word]) -> str | None:
    """A label's value, up to the end of the sentence."""
    end = next(
        (place for place, w in enumerate(words) if w.text in {".", ";", "|", "(", "–", "—", "。", "•"}),
        len(words),
    )
    return _written_role(sentence, words[:end])


def _written_role(sentence: str, words: Sequence[Word]) -> str | None:
    while words and (not words[-1].norm or (words[-1].text.islower() and _leads(words[-1]))):
        words = words[:-1]
    if not words or len(words) > ROLE_WORDS + 2 or not any(char.isalpha() for char in words[0].text):
        return None
    if all(
        _is_in("stop", word.norm) or _is_in("stage", word.norm) or _is_in("article", word.norm)
        for word in words
    ):
        return None
    written = sentence[words[0].start : words[-1].end]
    # `the role of tests`: what is written small is a role only with a noun of roles in it
    return written if written != written.lower() or any(_is_role_noun(w.norm) for w in words) else None


# -- companies and people -----------------------------------------------------------------------------------


def _name(sentence: str, words: Sequence[Word]) -> str | None:
    """The name that begins here: capitals, or a script without them, joined by small words inside a name."""
    while words and words[0].norm and _is_in("article", words[0].norm) and not words[0].text[:1].isupper():
        words = words[1:]
    end = 0
    for place, word in enumerate(words[: 2 * COMPANY_WORDS]):
        if word.text == "&" or (word.text == "-" and end == place):
            continue
        if not word.norm or place - end > 1:
            break
        if _capital(word.text):
            if _is_in("stop", word.norm) and not word.text[:1].isupper():
                break
            end = place + 1
        elif word.text not in INNER or not place:
            break
    if not 0 < end <= COMPANY_WORDS:
        return None
    return _apart(sentence[words[0].start : words[end - 1].end])


def _capital(text: str) -> bool:
    first = text[0]
    return first.isupper() or first.isdigit() or (first.isalpha() and not first.islower())


def _people(sentence: str, words: Sequence[Word]) -> list[str]:
    """Persons named from here on, joined by commas and `and`: two or three capitalised words each."""
    tables = read_tables("invitations")
    found: list[str] = []
    place = 0
    while place < len(words):
        if words[place].norm and (_is_in("people", words[place].norm) or words[place].text == "-"):
            place += 1
            continue
        if not found and words[place].text.islower() and _is_in("article", words[place].norm):
            place += 1
            continue
        end = place
        while end < len(words) and end - place < 4 and words[end].norm and _goes_into_name(words, place, end):
            if (
                tables["boss"].has(words[end].norm)
                or _is_in("roles", words[end].norm)
                or (_is_in("fields", words[end].norm) and end == place)
            ):
                break
            end += 1
        if end == place:
            if words[place].text in {",", "&", "-", "•", "("} or words[place].norm in {
                "and",
                "und",
                "et",
                "y",
                "e",
                "och",
                "en",
                "i",
            }:
                place += 1
                continue
            break
        while words[end - 1].text.islower():
            end -= 1
        found.append(sentence[words[place].start : words[end - 1].end])
        place = end
        if len(found) == 6:
            break
    return found


def _goes_into_name(words: Sequence[Word], first: int, place: int) -> bool:
    """Tell whether a word belongs to the person's name that begins at `first`: `Marloes de Vries`."""
    if words[place].text[:1].isupper():
        return True
    following = words[place + 1 : place + 3]
    return (
        place > first
        and words[place].text in PARTICLES
        and any(word.text[:1].isupper() for word in following)
    )
