"""Which language a message is written in, and the reason that is told."""

from __future__ import annotations

import pytest

from lastresort.errors import UsageError
from lastresort.messages.compose import compose
from lastresort.messages.languages import LANGUAGES, choose_language, read_language
from letters import letter

GERMAN = "Wir freuen uns und laden Sie zu einem Gespräch ein. Bitte bringen Sie die Unterlagen mit."


@pytest.mark.parametrize(
    ("explicit", "invitation", "country", "text", "expected", "why"),
    [
        ("de", "fr", "ES", "", "de", "you asked for it"),
        ("pt-BR", None, None, "", "pt-BR", "you asked for it"),
        ("Dutch", None, None, "", "nl", "you asked for it"),
        (None, "fr-CA", "DE", GERMAN, "fr-CA", "the invitation is marked as French"),
        (None, "ja", "DE", "", "de", "German is spoken in their country (DE)"),
        (None, None, "US", GERMAN, "de", "the invitation is written in German"),
        (None, "", "MX", "Zoom link below", "es", "Spanish is spoken in their country (MX)"),
        (None, None, "CH", "", "en", "nothing says which language they write, so it is English"),
        (None, None, None, "", "en", "nothing says which language they write, so it is English"),
    ],
)
def test_the_choice_and_its_reason(
    explicit: str | None, invitation: str | None, country: str | None, text: str, expected: str, why: str
) -> None:
    assert choose_language(explicit, invitation, country, text) == (expected, why)


@pytest.mark.parametrize("explicit", ["xx", "Klingon", "japanese", "-"])
def test_languages_without_messages_are_refused(explicit: str) -> None:
    with pytest.raises(UsageError, match="--language takes one of en de fr es pt it nl"):
        choose_language(explicit, None, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_drafts_are_read_in_their_language(language: str) -> None:
    assert read_language(compose("email", letter(language), language).body) == language


@pytest.mark.parametrize(
    "text", ["", "Zoom", "https://example.org/a/b", "de de de de de de de", "x " * 100_000]
)
def test_too_little_says_nothing(text: str) -> None:
    assert read_language(text) is None


@pytest.mark.parametrize(
    ("title", "country", "expected"),
    [
        ("Colloquio Crumb", "DE", "it"),
        ("Entretien Crumb", None, "fr"),
        ("Entrevista Crumb", "BR", "pt"),
        ("Entrevista Crumb", "MX", "es"),
        ("Entrevista: vaga de analista", None, "pt"),
        ("Kennismakingsgesprek Crumb", "BE", "nl"),
        ("Zweitgespräch Crumb", "CH", "de"),
        ("Interview Crumb", "DE", "de"),
        ("Interview Crumb", None, "en"),
    ],
)
def test_a_short_title_tells_the_language_before_the_country_does(
    title: str, country: str | None, expected: str
) -> None:
    assert choose_language(None, None, country, f"{title}\n")[0] == expected
