"""The drafts as they are sent, in every language, and what all of them have in common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from lastresort.advice.reasons import REASONS
from lastresort.errors import UsageError
from lastresort.interviews.detection import Mode
from lastresort.messages import ANSWERS, KINDS, LANGUAGES, compose, compose_reschedule
from lastresort.query import Reason
from letters import PLACES, SLOTS, UNKNOWN, errand, letter, stretch

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from lastresort.messages import Message

ERRANDS = ("ask-organiser", "decline-once")
ABOUT_INTERVIEWS = tuple(kind for kind in KINDS + ANSWERS if kind not in ERRANDS)
FIRST_WORDS = ("phone", "voicemail", "email", "withdraw")
LEAVING = tuple(kind for kind, ground in REASONS.items() if ground.weight == "withdrawal")
MAILS = tuple(kind for kind in ABOUT_INTERVIEWS if kind not in ("phone", "voicemail"))

SORRY = {
    "en": r"apologi[sz]e|sorry", "de": r"Entschuldigung|leid\b", "fr": r"excuse", "es": r"disculpas|siento",
    "pt": r"desculpas|lamento", "it": r"scuso|dispiace", "nl": r"excuses|spijt",
}  # fmt: skip
KEEN = {
    "en": "interested", "de": "sehr interessiert", "fr": "m’intéresse", "es": "mucho interés",
    "pt": "muito interesse", "it": "interessarmi molto", "nl": "veel belangstelling",
}  # fmt: skip
THANKS = {
    "en": "Thank you for your time", "de": "Vielen Dank für Ihre Zeit", "fr": "de votre temps",
    "es": "Gracias por su tiempo", "pt": "Agradeço o seu tempo", "it": "Grazie per il Suo tempo",
    "nl": "Hartelijk dank voor uw tijd",
}  # fmt: skip
CONFIRM = {
    "en": r"[Cc]onfirm|let me know|brief word", "de": r"bestätigen|Bescheid|Wort",
    "fr": r"confirmer|assurant",
    "es": r"confirmar|decirme|saber", "pt": r"confirmar|saber", "it": r"confermar|sapere",
    "nl": r"bevestigen|weten|woord",
}  # fmt: skip
PLACE = {
    "en": "New York time (UTC−4)", "de": "Ortszeit Berlin, UTC+1", "fr": "heure de Paris, UTC+1",
    "es": "hora de Madrid, UTC+1",
    "pt": "horário de São Paulo, UTC−3", "it": "ora di Roma, UTC+1",
    "nl": "tijd in Amsterdam, UTC+1",
}  # fmt: skip


def draft(kind: str, language: str, **changes: Any) -> Message:
    if kind in ERRANDS:
        return compose(kind, errand(language, **changes), language)
    if kind == "withdraw":
        changes.setdefault("reason", Reason("offer"))
    return compose(kind, letter(language, **changes), language)


def shown(message: Message) -> str:
    subject = f"Subject: {message.subject}\n\n" if message.subject else ""
    return f"To: {message.to}\n{subject}{message.body}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS + ANSWERS)
def test_full_drafts(kind: str, language: str, snapshot: SnapshotAssertion) -> None:
    assert shown(draft(kind, language)) == snapshot


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in ABOUT_INTERVIEWS if kind != "accept"])
def test_drafts_that_know_next_to_nothing(kind: str, language: str, snapshot: SnapshotAssertion) -> None:
    message = draft(kind, language, **UNKNOWN)
    assert shown(message) == snapshot
    assert not re.search(r"\[|\]|None|\b(?:at|bei|chez|en|na|presso|bij) [,.:]| [,.]", shown(message)[9:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reasons_as_the_interviewer_reads_them(language: str, snapshot: SnapshotAssertion) -> None:
    reasons = [
        (kind, Mode.ONSITE if kind == "travel" else Mode.VIDEO) for kind in REASONS if kind not in LEAVING
    ]
    drafts = [draft("email", language, reason=Reason(kind), mode=mode, slots=()) for kind, mode in reasons]
    assert "\n".join(message.body.split("\n\n", 2)[2].split("\n\n")[0] for message in drafts) == snapshot
    assert len({message.body for message in drafts}) == len(drafts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", FIRST_WORDS)
@pytest.mark.parametrize("soon", [False, True])
def test_one_apology_and_no_more(kind: str, language: str, soon: bool) -> None:
    scheduled = stretch(7, 18) if soon else stretch(10, 13, 30)
    assert len(re.findall(SORRY[language], draft(kind, language, scheduled=scheduled).body)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["phone", "voicemail", "email", "nudge", "follow-up"])
def test_the_interest_stands(kind: str, language: str) -> None:
    assert draft(kind, language).body.count(KEEN[language]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ABOUT_INTERVIEWS)
def test_thanks_and_a_confirmation_asked_for(kind: str, language: str) -> None:
    body = draft(kind, language).body
    assert THANKS[language] in body
    assert re.search(CONFIRM[language], body)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ABOUT_INTERVIEWS)
def test_role_company_and_the_zone_are_named(kind: str, language: str) -> None:
    message = draft(kind, language)
    assert "Data Engineer" in message.body
    assert "Acme" in message.body
    spelled_out = PLACE[language].partition(",")[0].partition(" (")[0]
    assert spelled_out in message.body
    assert kind not in MAILS or PLACE[language] in message.body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["email", "nudge", "phone", "availability"])
def test_every_offered_time_stands_on_a_line_of_its_own(kind: str, language: str) -> None:
    listed = [line for line in draft(kind, language).body.splitlines() if line.startswith("- ")]
    assert len(listed) == len(SLOTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["phone", "voicemail", "withdraw"])
@pytest.mark.parametrize("reason", LEAVING)
def test_a_withdrawal_offers_no_times(kind: str, language: str, reason: str) -> None:
    body = draft(kind, language, reason=Reason(reason)).body
    assert "\n- " not in body
    assert KEEN[language] not in body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MAILS)
def test_mails_have_a_subject_that_says_it_and_a_full_signature(kind: str, language: str) -> None:
    message = draft(kind, language)
    assert "Data Engineer" in message.subject
    assert message.body.endswith("\nAlex Meyer\n+49 30 123456\n")
    assert "Dana Lee" in message.body.splitlines()[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ERRANDS)
def test_notes_to_colleagues_are_two_lines_and_know_of_no_interview(kind: str, language: str) -> None:
    for changes in ({}, {"new": None}, {"new": stretch(12, 9)}, {"organizer": None}):
        body = draft(kind, language, **changes).body
        assert len(body.splitlines()) == 2
        assert "Team sync" in body
        assert not re.search(
            r"interview|gespräch|entretien|entrevista|colloquio|gesprek", body, re.IGNORECASE
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_words_are_used_as_they_stand(language: str) -> None:
    words = "I have to bring my father to hospital"
    for kind in ("email", "phone", "voicemail"):
        assert draft(kind, language, reason=Reason("family", words)).body.count(f"{words}.") == 1
    assert f"{words}!" in draft("email", language, reason=Reason("family", f"{words}!")).body


@pytest.mark.parametrize("kind", KINDS + ANSWERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_drafts_are_short_enough_to_be_read_aloud(kind: str, language: str) -> None:
    assert len(draft(kind, language).body.split()) < (110 if kind == "voicemail" else 185)


def test_the_bundle_of_a_request() -> None:
    drafts = compose_reschedule(letter(), "en")
    assert (drafts.kind, drafts.to) == ("email", "dana@acme.example")
    assert (drafts.phone, drafts.voicemail) == (None, None)
    assert drafts.follow_up is not None
    assert drafts.follow_up.startswith("Dear Dana Lee,\n\nThank you for moving our interview")


@pytest.mark.parametrize(
    "given", [{"scheduled": stretch(7, 18)}, {"scheduled": stretch(7, 12)}, {"speak": True}], ids=str
)
def test_the_bundle_has_scripts_when_there_is_a_call_to_make(given: dict[str, Any]) -> None:
    speak = bool(given.pop("speak", False))
    drafts = compose_reschedule(letter(**given), "en", speak=speak)
    assert drafts.phone is not None
    assert drafts.voicemail is not None
    assert drafts.voicemail.startswith("Hello, this is Alex Meyer.")


@pytest.mark.parametrize("reason", LEAVING)
def test_the_bundle_of_a_withdrawal(reason: str) -> None:
    drafts = compose_reschedule(letter(reason=Reason(reason)), "en", speak=True)
    assert drafts.kind == "withdraw"
    assert drafts.follow_up is None
    assert drafts.phone is not None
    assert "withdraw my application" in drafts.phone


@pytest.mark.parametrize("word", ["sms", "text", "WhatsApp", "chat"])
def test_no_text_messages_and_why(word: str) -> None:
    with pytest.raises(UsageError, match=r"Not by text, chat or social message.*R8"):
        compose(word, letter(), "en")


@pytest.mark.parametrize(
    ("kind", "given", "complaint"),
    [
        ("telegram", letter(), "choose one of phone voicemail"),
        ("confirm", letter(agreed=None), "confirm needs the new time"),
        ("accept", letter(agreed=None), "accept needs the new time"),
        ("email", letter(scheduled=None), "email needs an interview"),
        ("email", errand(), "email is about an interview"),
        ("decline-once", letter(), "decline-once is about another event"),
    ],
)
def test_what_a_kind_needs(kind: str, given: Any, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        compose(kind, given, "en")


def test_unknown_languages_are_refused() -> None:
    with pytest.raises(UsageError, match="choose one of en de fr es pt it nl"):
        compose("email", letter(), "../en")


def test_portuguese_follows_the_country() -> None:
    brazil = compose("email", letter("pt", interviewer=None), "pt")
    portugal = compose("email", letter("pt", interviewer=None, country="PT", zone="Europe/Lisbon"), "pt")
    assert "Prezada equipe" in brazil.body
    assert "horário de São Paulo" in brazil.body
    assert "Exmos. Senhores" in portugal.body
    assert "hora de Lisboa" in portugal.body


def test_english_follows_the_country() -> None:
    assert "apologize" in compose("email", letter(), "en").body
    assert "apologise" in compose("email", letter(country="GB", zone="Europe/London"), "en").body


def test_the_answer_goes_to_the_thread_of_the_invitation() -> None:
    from lastresort.messages import Thread

    message = compose("email", letter(thread=Thread("<b@x>", ("<a@x>", "<b@x>"))), "en")
    assert (message.in_reply_to, message.references) == ("<b@x>", ("<a@x>", "<b@x>"))


# -- the user's own templates --------------------------------------------------------------------------


def override(folder: Path, text: str, name: str = "en/email.txt.j2") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder


def test_overrides_win_and_may_use_the_packaged_parts(tmp_path: Path) -> None:
    own = "{% import 'parts.j2' as p with context %}Subject: Moving {{ day }}\n\n{{ p.greeting() }}\nHi.\n"
    message = compose("email", letter(), "en", override(tmp_path, own))
    assert (message.subject, message.body) == ("Moving Tuesday, March 10", "Dear Dana Lee,\nHi.\n")
    assert compose("nudge", letter(), "en", tmp_path).body == compose("nudge", letter(), "en").body
    assert compose("email", letter("de"), "de", tmp_path).body == compose("email", letter("de"), "de").body


@pytest.mark.parametrize(
    "text",
    [
        "{{ nonsense }}",
        "{% if %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ slots.append(1) }}",
        "{% include '../../../etc/passwd' %}",
        "{{ 1 // 0 }}",
        "{{ day + 1 }}",
        "{% for n in range(1000000000) %}x{% endfor %}",
    ],
)
def test_overrides_that_cannot_be_used_are_told_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"^the template en/email\.txt\.j2 cannot be used \([^\n]*\)[^\n]*$"):
        compose("email", letter(), "en", override(tmp_path, text))


def test_every_language_has_every_template() -> None:
    from importlib.resources import files

    folder = files("lastresort.messages") / "templates"
    wanted = {"parts.j2", *(f"{kind}.txt.j2" for kind in KINDS + ANSWERS)}
    assert set(PLACES) == set(LANGUAGES)
    for language in LANGUAGES:
        assert {entry.name for entry in (folder / language).iterdir()} == wanted
