"""The drafts as they are sent, in every language, and what all of them have in common."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.advice.reasons import REASONS
from lastresort.errors import UsageError
from lastresort.interviews.detection import Mode
from lastresort.messages.compose import compose, compose_reschedule
from lastresort.messages.kinds import ANSWERS, ERRANDS, KINDS, SPOKEN
from lastresort.messages.languages import LANGUAGES
from lastresort.messages.letter import Contact, Thread
from lastresort.query import Reason
from letters import NOW, PLACES, SLOTS, UNKNOWN, errand, letter, stretch

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from lastresort.messages.compose import Message

ABOUT_INTERVIEWS = tuple(kind for kind in KINDS + ANSWERS if kind not in ERRANDS)
ASKING = ("phone", "voicemail", "email")
LEAVING = tuple(kind for kind, ground in REASONS.items() if ground.weight == "withdrawal")
MAILS = tuple(kind for kind in ABOUT_INTERVIEWS if kind not in SPOKEN)
CLOSING = ("withdraw", "confirm", "follow-up", "accept")
VARIANTS = (
    "en-US", "en-GB", "en-AU", "de-DE", "de-AT", "de-CH", "fr-FR", "fr-CH", "fr-CA", "es-ES", "es-MX",
    "pt-BR", "pt-PT", "it-IT", "nl-NL",
)  # fmt: skip
ABROAD = ("en-US", "de-AT", "de-CH", "fr-CH", "fr-CA", "es-MX", "pt-PT")

SORRY = {
    "en": r"apologi[sz]e|sorry", "de": r"entschuldig|tut mir leid", "fr": r"excus", "es": r"disculp|siento",
    "pt": r"desculp|lamento", "it": r"\bscus", "nl": r"excuses|spijt",
}  # fmt: skip
KEEN = {
    "en": "still very", "de": "Mein Interesse", "fr": "m’intéresse", "es": "mucho interés",
    "pt": "todo o interesse", "it": "interessarmi molto", "nl": "veel interesse",
}  # fmt: skip
THANKS = {
    "en": r"Thank you|Thanks", "de": r"Dank", "fr": r"[Mm]erci|remercie", "es": r"[Gg]racias",
    "pt": r"[Aa]grade[cç]", "it": r"[Gg]razie|ringrazio", "nl": r"[Bb]edankt|[Dd]ank",
}  # fmt: skip
ZONE = {
    "en": "ET", "de": "deutscher Zeit", "fr": "heure de Paris", "es": "hora peninsular",
    "pt": "horário de Brasília", "it": "ora italiana", "nl": "Nederlandse tijd",
}  # fmt: skip
NAMES_AN_INTERVIEW = r"interview|gespräch|entretien|entrevista|colloquio|gesprek"


def draft(kind: str, language: str, **changes: Any) -> Message:
    code = language[:2]
    if kind in ERRANDS:
        return compose(kind, errand(code, **changes), language)
    if kind == "withdraw":
        changes.setdefault("reason", Reason("offer"))
    return compose(kind, letter(code, **changes), language)


def shown(message: Message) -> str:
    subject = f"Subject: {message.subject}\n\n" if message.subject else ""
    return f"To: {message.to}\n{subject}{message.body}"


def sentences(text: str) -> list[str]:
    """The sentences of more than three words, without greeting, signature and offered times."""
    prose = "\n".join(
        line for line in text.splitlines()[1:] if not line.startswith(("- ", "Alex Meyer", "+49"))
    )
    prose = re.sub(r"(\d)\. (?=März)", r"\1 ", prose.replace("Data Engineer", "X"))
    parts = re.split(r"(?<=[.?!:])\s+(?=[A-ZÀ-Ý¿«„“])|\n\n", prose)
    return [part.strip() for part in parts if len(part.split()) > 3]


# -- as they are read -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS + ANSWERS)
def test_full_drafts(kind: str, language: str, snapshot: SnapshotAssertion) -> None:
    assert shown(draft(kind, language)) == snapshot


@pytest.mark.parametrize("language", ABROAD)
@pytest.mark.parametrize("kind", ["email", "phone", "confirm", "withdraw", "decline-once"])
def test_drafts_in_the_manner_of_a_country(kind: str, language: str, snapshot: SnapshotAssertion) -> None:
    assert (
        shown(
            draft(kind, language, place="Main Street 1", mode=Mode.ONSITE)
            if kind != "decline-once"
            else draft(kind, language)
        )
        == snapshot
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_second_requests(language: str, snapshot: SnapshotAssertion) -> None:
    assert "\n".join(shown(draft(kind, language, requests=1)) for kind in ASKING) == snapshot


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_recruiter_reads(language: str, snapshot: SnapshotAssertion) -> None:
    assert (
        "\n".join(shown(draft(kind, language, recruiter=True)) for kind in ("email", "withdraw")) == snapshot
    )


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
    assert "\n".join("\n".join(message.body.split("\n\n")[2:4]) for message in drafts) == snapshot
    assert len({message.body for message in drafts}) == len(drafts)


# -- laws -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "changes", [{}, {"scheduled": stretch(7, 18)}, {"requests": 1}], ids=["", "soon", "again"]
)
def test_one_apology_where_it_belongs_and_none_elsewhere(language: str, changes: dict[str, Any]) -> None:
    for kind in ABOUT_INTERVIEWS:
        found = len(re.findall(SORRY[language], draft(kind, language, **changes).body, re.IGNORECASE))
        assert found == (kind in (*ASKING, "withdraw", "late", "missed")), kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_interest_stands(language: str) -> None:
    for kind in ["phone", "email", "follow-up", "missed"]:
        assert draft(kind, language).body.count(KEEN[language]) == 1, kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_thanks_are_said(language: str) -> None:
    for kind in KINDS + ANSWERS:
        assert re.search(THANKS[language], draft(kind, language).body), kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_role_and_company_are_named(language: str) -> None:
    for kind in ABOUT_INTERVIEWS:
        message = draft(kind, language)
        assert "Data Engineer" in message.body, kind
        assert "Acme" in message.body, kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_zone_is_named_once_where_clocks_differ_and_not_where_they_agree(language: str) -> None:
    named = re.compile(rf"\b{ZONE[language]}\b")
    for kind in ABOUT_INTERVIEWS:
        times = 0 if kind == "extension" else 1
        assert len(named.findall(draft(kind, language).body)) == times, kind
        assert len(named.findall(draft(kind, language, home="", zone_assumed=True).body)) == times, kind
        assert not named.search(draft(kind, language, home=PLACES[language][0]).body), kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_offered_times_stand_on_lines_of_their_own_in_order_of_time(language: str) -> None:
    for kind in ["email", "nudge", "availability", "missed"]:
        lines = draft(kind, language, slots=tuple(reversed(SLOTS))).body.splitlines()
        listed = [line for line in lines if line.startswith("- ")]
        days = [re.findall(r"\d+", line.partition(" ")[2])[0] for line in listed]
        assert days == ["16", "17", "19"], kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_spoken_has_no_lists_dashes_or_offsets(language: str) -> None:
    for kind in SPOKEN:
        body = draft(kind, language).body
        assert not re.search(r"^- |–|UTC", body, re.MULTILINE), kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_voicemail_ends_with_my_number_or_with_a_word_that_it_is_missing(language: str) -> None:
    assert draft("voicemail", language).body.endswith("+49 30 123456.\n")
    assert "…" in draft("voicemail", language, **UNKNOWN).body.splitlines()[-1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", LEAVING)
def test_a_withdrawal_offers_no_times(language: str, reason: str) -> None:
    for kind in ["phone", "voicemail", "withdraw"]:
        body = draft(kind, language, reason=Reason(reason)).body
        assert "\n- " not in body, kind
        assert KEEN[language] not in body, kind


@pytest.mark.parametrize("language", VARIANTS)
def test_mails_have_my_name_in_a_short_subject_and_a_full_signature(language: str) -> None:
    for kind in MAILS:
        message = draft(kind, language)
        assert "Alex Meyer" in message.subject, kind
        assert len(message.subject) <= 70, kind
        assert message.body.endswith("\nAlex Meyer\n+49 30 123456\n"), kind
        assert "Dana Lee" in message.body.splitlines()[0], kind


def test_a_long_role_leaves_the_subject_before_the_day_does() -> None:
    subject = draft("email", "en", role="Senior Staff Engineer for Distributed Data Platforms").subject
    assert subject == "Alex Meyer: new interview time, March 10"


def test_the_answer_in_a_thread_keeps_its_subject() -> None:
    thread = Thread("<a@x>", (), "Your interview with Acme")
    assert draft("email", "en", thread=thread).subject == "Re: Your interview with Acme"
    assert draft("email", "en", thread=Thread("<a@x>", (), "AW: Gespräch")).subject == "AW: Gespräch"


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_to_colleagues_know_of_no_interview(language: str) -> None:
    for kind in ERRANDS:
        for changes in ({}, {"new": None}, {"new": stretch(12, 9)}, {"organizer": None}, {"away": None}):
            body = draft(kind, language, **changes).body
            assert len(body.split()) <= 60, kind
            assert ("Team sync" in body) == (kind != "call"), kind
            assert not re.search(NAMES_AN_INTERVIEW, body, re.IGNORECASE), kind


@pytest.mark.parametrize(
    ("away", "expected"),
    [
        ((13, 30, 30), "I can only join “Team sync” on Tuesday, March 10 at 10 a.m."),
        ((14, 0, 30), "I have to leave “Team sync” on Tuesday, March 10 early, at 10 a.m."),
        (
            (13, 45, 30),
            "step out of “Team sync” on Tuesday, March 10 at 9:45 a.m. and will be back at 10:15 a.m.",
        ),
    ],
)
def test_the_part_that_is_missed_is_named(away: tuple[int, int, int], expected: str) -> None:
    assert expected in draft("step-out", "en", away=stretch(10, *away)).body


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_words_are_used_as_they_stand(language: str) -> None:
    words = "I have to bring my father to hospital"
    for kind in ASKING:
        assert draft(kind, language, reason=Reason("family", words)).body.count(f"{words}.") == 1
    assert f"{words}!" in draft("email", language, reason=Reason("family", f"{words}!")).body


@pytest.mark.parametrize("language", VARIANTS)
def test_drafts_are_as_short_as_people_write(language: str) -> None:
    for kind in KINDS + ANSWERS:
        most = {"phone": 120, "voicemail": 75}.get(kind, 60 if kind in ERRANDS else 150)
        for reason in (Reason(), Reason("travel"), Reason("technical"), Reason("illness")):
            changes = {} if kind in ERRANDS or kind == "withdraw" else {"reason": reason}
            message = draft(kind, language, **changes)
            assert len(re.findall(r"\w\S*", message.body)) <= most, kind
            assert max(len(re.split("[ \n]+", one)) for one in sentences(message.body)) <= 30, kind


@pytest.mark.parametrize("language", VARIANTS)
def test_nothing_is_said_twice(language: str) -> None:
    for kind in KINDS + ANSWERS:
        said = sentences(draft(kind, language).body)
        assert len(said) == len(set(said)), kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_request_is_not_the_first_over_again(language: str) -> None:
    first = set(sentences(draft("email", language).body))
    second = sentences(draft("email", language, requests=1).body)
    assert len([one for one in second if one in first]) <= 1  # the reason


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("reason", "mode"), [("travel", Mode.ONSITE), ("technical", Mode.VIDEO)])
def test_another_way_in_comes_before_other_times(reason: str, mode: Mode, language: str) -> None:
    for kind in ["email", "phone"]:
        body = draft(kind, language, reason=Reason(reason), mode=mode).body
        way = re.search(r"v[ií]d[eé]o|visio|phone|t[eé]l[eé][fp]", body, re.IGNORECASE)
        assert way, kind
        assert way.start() < body.index("16"), kind


NAMES = (None, "Dr. Ana Molina", "TALENT TEAM", "Lee, Dana", "Frau Kim", "🎉")
OTHERS = (Contact("Sam Ortiz", "sam@acme.example"), Contact("Kim Lee"))
ANY_LETTER = st.fixed_dictionaries(
    {},
    optional={
        "role": st.sampled_from([None, "Engineer", "x" * 300]),
        "company": st.sampled_from([None, "Acme", "Les Échos"]),
        "interviewer": st.sampled_from(NAMES),
        "also": st.sampled_from([(), OTHERS[:1], OTHERS]),
        "address": st.sampled_from(["", "Priya", "Frau Dr. Huber", "Hallo Sabine,"]),
        "mode": st.sampled_from(list(Mode)),
        "place": st.sampled_from(["", "Main Street 1", "https://acme.zoom.us/j/1"]),
        "slots": st.sampled_from([(), SLOTS[:1], SLOTS]),
        "reason": st.sampled_from([Reason(kind) for kind in REASONS]),
        "requests": st.integers(0, 2),
        "recruiter": st.booleans(),
        "home": st.sampled_from(["", "Europe/Berlin", "Asia/Kolkata"]),
        "asked": st.sampled_from([None, NOW - timedelta(days=1), NOW - timedelta(days=20)]),
        "now": st.integers(0, 3 * 24).map(lambda hours: NOW + timedelta(hours=hours)),
    },
)


@given(kind=st.sampled_from(ABOUT_INTERVIEWS), language=st.sampled_from(VARIANTS), changes=ANY_LETTER)
def test_every_kind_is_written_in_every_language_and_country(
    kind: str, language: str, changes: dict[str, Any]
) -> None:
    message = draft(kind, language, country=language[-2:], **changes)
    text = shown(message)
    assert not re.search(r"None|\{\{|\(\s*\)|“”|„“|«\s*»|, ,|[^.]\.\.(?!\.)|  |UTC", text.partition("\n")[2])
    said = sentences(message.body)
    assert len(said) == len(set(said))


def test_the_bundle_of_a_request() -> None:
    drafts = compose_reschedule(letter(), "en")
    assert (drafts.kind, drafts.to) == ("email", "dana@acme.example")
    assert (drafts.phone, drafts.voicemail) == (None, None)
    assert drafts.follow_up is not None
    assert drafts.follow_up.startswith("Dear Dana Lee,\n\nThank you for moving the interview")


@pytest.mark.parametrize(
    "given", [{"scheduled": stretch(7, 18)}, {"scheduled": stretch(7, 12)}, {"speak": True}], ids=str
)
def test_the_bundle_has_scripts_when_there_is_a_call_to_make(given: dict[str, Any]) -> None:
    speak = bool(given.pop("speak", False))
    drafts = compose_reschedule(letter(**given), "en", speak=speak)
    assert drafts.phone is not None
    assert drafts.voicemail is not None
    assert drafts.voicemail.startswith("Good morning, this is Alex Meyer.")


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


@pytest.mark.parametrize(
    ("language", "seen", "unseen"),
    [
        ("en-US", "apologize", "apologise"),
        ("en-GB", "apologise", "apologize"),
        ("de-CH", "gross", "ß"),
        ("fr-CA", "entrevue", "entretien"),
        ("fr-FR", "entretien", "entrevue"),
        ("pt-BR", "transtorno", "incómodo"),
        ("pt-PT", "incómodo", "transtorno"),
        ("es-MX", "reprogramarla", "cambiar la fecha"),
    ],
)
def test_words_and_spelling_follow_the_country(language: str, seen: str, unseen: str) -> None:
    body = draft("email", language).body
    assert seen in body
    assert unseen not in body


def test_names_keep_their_spelling_where_the_country_has_another() -> None:
    assert "Dana Groß" in draft("email", "de-CH", interviewer="Dana Groß").body


def test_the_answer_goes_to_the_thread_of_the_invitation() -> None:
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


def test_every_kind_has_a_form_and_every_language_the_same_sentences() -> None:
    from importlib.resources import files

    folder = files("lastresort.messages") / "templates"
    forms = {entry.name for entry in (folder / "forms").iterdir()}
    assert forms == {"shared.j2", *(f"{kind}.txt.j2" for kind in KINDS + ANSWERS)}
    used = {
        name
        for form in (folder / "forms").iterdir()
        for name in re.findall(r"p\.(\w+)", form.read_text("utf-8"))
    }
    for language in LANGUAGES:
        assert {entry.name for entry in (folder / language).iterdir()} == {"parts.j2", "locale.toml"}
        parts = (folder / language / "parts.j2").read_text("utf-8")
        assert used <= set(re.findall(r"\{% (?:macro|set) (\w+)", parts))
