"""In which language to write, and why that one."""

from __future__ import annotations

from functools import cache

from lastresort.errors import UsageError

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")

_NAMES = dict(
    zip(LANGUAGES, ("English", "German", "French", "Spanish", "Portuguese", "Italian", "Dutch"), strict=True)
)
_COUNTRIES = {
    "en": "AU CA GB GH IE IN JM KE MT NG NZ PH SG US ZA",
    "de": "AT DE LI",
    "fr": "CD CI CM FR MC ML SN",
    "es": "AR BO CL CO CR CU DO EC ES GT HN MX NI PA PE PY SV UY VE",
    "pt": "AO BR CV MZ PT",
    "it": "IT SM VA",
    "nl": "NL SR",
}
"""Countries where one language is sure to be right; those with several, like Belgium, are left out."""
_COMMON = {
    "en": "the and for with your you our we is are will of to please this at on role team interview",
    "de": "der die das und für mit ihr ihre ihnen wir ist sind wird zu bitte sie am im ein eine gespräch",
    "fr": "le la les et pour avec votre vous nous est sont sera au aux dans des une entretien poste",
    "es": "el los las y para con su usted nosotros es son será del una por entrevista puesto",
    "pt": "o os as e para com sua seu você nós é são será do da uma não entrevista vaga",
    "it": "il lo gli e per con suo sua lei noi è sono sarà del della una colloquio posizione",
    "nl": "de het een en voor met uw u wij is zijn wordt van te aan op gesprek functie sollicitatiegesprek",
}
"""Small words that a few sentences are sure to hold."""
_TITLES = {
    "de": "vorstellungsgespräch bewerbungsgespräch gespräch erstgespräch zweitgespräch kennenlerngespräch "
    "kennenlernen telefongespräch",
    "fr": "entretien entrevue embauche rencontre",
    "es": "entrevista llamada selección",
    "pt": "entrevista conversa seleção vaga",
    "it": "colloquio conoscitivo selezione",
    "nl": "sollicitatiegesprek kennismakingsgesprek kennismaking gesprek sollicitatie",
}
"""Words of titles that say in which language they are; `interview` is a word in half of them."""
CLEAR = 4
"""Different small words of a language that a text must hold; half as many more than of any other language."""
SAMPLE = 4000
"""Characters of an invitation that are looked at."""


def choose_language(
    explicit: str | None,
    invitation: str | None,
    country: str | None,
    text: str = "",
    detected: str | None = None,
) -> tuple[str, str]:
    """Return the tag of the language to write in (`de`; `de-AT` where a country was named), and why.

    `explicit` is what the user asked for (raises UsageError if unknown), `invitation` the LANGUAGE of the
    event (`de-AT`), `country` the interviewer's, `text` what the invitation says, `detected` its language
    where that was read already.
    """
    if explicit:
        return _asked_for(explicit), "you asked for it"
    marked = invitation or ""
    written, country_of_words = split_tag(marked)
    if written in LANGUAGES:
        return _tag(written, country_of_words), f"the invitation is marked as {_NAMES[written]}"
    read = detected if detected in LANGUAGES else read_language(text)
    if read:
        return read, f"the invitation is written in {_NAMES[read]}"
    spoken = next((code for code, countries in _COUNTRIES.items() if country in countries.split()), None)
    titled = _title_languages(text.partition("\n")[0])
    if titled:
        code = spoken if spoken in titled else titled[0]
        return code, f"the title is in {_NAMES[code]}"
    if spoken:
        return spoken, f"{_NAMES[spoken]} is spoken in their country ({country})"
    return "en", "nothing says which language they write, so it is English"


def _title_languages(title: str) -> list[str]:
    """Return the languages that have a word of the title for themselves, the likeliest first."""
    words = {word.strip(".,;:!?()\"'’–-") for word in title.casefold().split()}
    found = {code: len(words & set(own.split())) for code, own in _TITLES.items()}
    return sorted((code for code in found if found[code]), key=lambda code: -found[code])


def is_guess(explicit: str | None, invitation: str | None, text: str) -> bool:
    """Tell whether only the country, or nothing, said in which language to write."""
    marked = split_tag(invitation or "")[0] in LANGUAGES
    return not (explicit or marked or read_language(text))


def language_name(code: str) -> str:
    """Return what a language is called in English."""
    return _NAMES[split_tag(code)[0]]


def split_tag(tag: str) -> tuple[str, str]:
    """Return language and country of a tag: `pt-BR` is `pt` and `BR`; without a country that is empty."""
    language, *parts = tag.strip().replace("_", "-").split("-")
    return language.casefold(), next((part.upper() for part in parts if len(part) == 2), "")


def read_language(text: str) -> str | None:
    """Return the language a text is clearly written in, by its small words; `None` when it is not clear."""
    words = {word.strip(".,;:!?()\"'’") for word in text[:SAMPLE].casefold().split()}
    scores = [(len(words & common), code) for code, common in _small_words()]
    scores.sort(reverse=True)
    (best, code), (second, _) = scores[0], scores[1]
    return code if best >= CLEAR and best >= second + CLEAR // 2 else None


@cache
def _small_words() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((code, frozenset(words.split())) for code, words in _COMMON.items())


def _asked_for(text: str) -> str:
    code, country = split_tag(text)
    if code in LANGUAGES:
        return _tag(code, country)
    named = next((code for code, name in _NAMES.items() if name.casefold() == text.strip().casefold()), None)
    if named is None:
        raise UsageError(f"no messages in that language: --language takes one of {' '.join(LANGUAGES)}")
    return named


def _tag(code: str, country: str) -> str:
    return f"{code}-{country}" if country else code
