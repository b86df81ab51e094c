"""Drafts as mail files: what mail programs read back, and what no title can do to their headers."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.errors import RefusedError, UsageError
from lastresort.messages.compose import Message, compose
from lastresort.messages.languages import LANGUAGES
from lastresort.messages.letter import Thread
from lastresort.outputs.eml import MAILTO_LIMIT, mailto_url, write_eml
from letters import letter

if TYPE_CHECKING:
    from email.message import EmailMessage

OUTLOOK_ID = f"<{'CY5PR11MB0001' * 5}@CY5PR11MB0001.namprd11.prod.outlook.com>"
MAIL = Message("email", "dana@acme.example", "Request to reschedule", "Dear Dana,\n\nHello.\n", "en")


def read(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=default)  # type: ignore[return-value]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_draft_reads_back_as_it_was_meant(language: str) -> None:
    message = compose("email", letter(language), language)
    mail = read(write_eml(message))
    assert (mail["To"], mail["Subject"]) == (message.to, message.subject)
    assert mail.get_content().replace("\r\n", "\n").rstrip() == message.body.rstrip()
    assert not mail.defects


def test_it_opens_as_a_draft() -> None:
    data = write_eml(MAIL)
    mail = read(data)
    assert data.startswith(b"X-Unsent: 1\r\n")
    assert [
        name for name in ("From", "Date", "Message-ID", "In-Reply-To", "Bcc", "Reply-To") if name in mail
    ] == []
    assert all(line.endswith(b"\r") for line in data.split(b"\n")[:-1])


def test_the_sender_is_named_only_when_given() -> None:
    assert read(write_eml(MAIL, "me@home.example"))["From"] == "me@home.example"


def test_a_draft_without_an_address_has_no_recipient() -> None:
    assert "To" not in read(write_eml(MAIL._replace(to=None)))


@pytest.mark.parametrize(
    ("thread", "replied", "references"),
    [
        (Thread("<b@x>", ("<a@x>", "<b@x>")), "<b@x>", "<a@x> <b@x>"),
        (Thread("<b@x>"), "<b@x>", "<b@x>"),
        (Thread(OUTLOOK_ID, ("<a@x>",)), OUTLOOK_ID, f"<a@x> {OUTLOOK_ID}"),
        (Thread("<b@x>", ("<a@x>\r\nBcc: evil@x>", "nonsense", "<a b@x>")), "<b@x>", "<b@x>"),
        (Thread("<b@x>\r\nBcc: evil@x", ("<a@x>",)), None, None),
        (Thread(None, ("<a@x>",)), None, None),
        (Thread("<b@x>", tuple(f"<{n}@x>" for n in range(40))), "<b@x>",
         " ".join(f"<{n}@x>" for n in (*range(32, 40),)) + " <b@x>"),
    ],
)  # fmt: skip
def test_the_answer_lands_in_the_thread(thread: Thread, replied: str | None, references: str | None) -> None:
    data = write_eml(compose("email", letter(thread=thread), "en"))
    mail = read(data)
    assert (mail["In-Reply-To"], mail["References"]) == (replied, references)
    assert b"=?" not in data.partition(b"In-Reply-To:")[2].partition(b"MIME-Version:")[0]
    assert "Bcc" not in mail


@given(subject=st.text(min_size=1, max_size=1200).filter(lambda text: any(c.isalnum() for c in text)))
def test_no_subject_can_end_its_header(subject: str) -> None:
    mail = read(write_eml(MAIL._replace(subject=subject)))
    assert len(mail.keys()) == 6
    assert mail.get_content().startswith("Dear Dana,")


@pytest.mark.parametrize("length", [60, 69, 70, 75, 76, 77, 78, 79, 150, 400])
@pytest.mark.parametrize("word", ["ab ", "é ", "abcdefghijklmnopqrstuvwxyz", "日本", "=?utf-8?q?=0AX?= "])
def test_subjects_of_any_length_read_back(length: int, word: str) -> None:
    subject = (word * length)[:length].strip()
    assert read(write_eml(MAIL._replace(subject=subject)))["Subject"] == subject


@pytest.mark.parametrize(
    "address",
    ["a@b\r\nBcc: c@d", "a@b, c@d", "Dana <a@b>", "a b@c", "a@b@c", "@b", "a@", "x", "a" * 300 + "@b"],
)
def test_addresses_that_would_mean_something_else_are_refused(address: str) -> None:
    with pytest.raises(RefusedError, match="address"):
        write_eml(MAIL._replace(to=address))
    assert mailto_url(MAIL._replace(to=address)).startswith("mailto:?subject=")


def test_whoever_else_takes_part_is_in_copy_in_either_form() -> None:
    message = MAIL._replace(cc=("ann@acme.example", "bo@acme.example"))
    assert read(write_eml(message))["Cc"] == "ann@acme.example, bo@acme.example"
    assert "&cc=ann@acme.example,bo@acme.example" in mailto_url(message)
    assert "Cc" not in read(write_eml(MAIL))
    assert "cc=" not in mailto_url(MAIL._replace(cc=("a@b\r\nBcc: c@d",)))


def test_long_references_stay_within_the_lines_that_mail_allows() -> None:
    """At most 998 characters (RFC 5322 2.1.1)."""
    earlier = tuple(f"<{number}{'x' * 400}@x.example>" for number in range(8))
    message = MAIL._replace(in_reply_to="<b@x>", references=earlier)
    data = write_eml(message)
    assert read(data)["References"] == " ".join([*earlier, "<b@x>"])
    assert max(len(line) for line in data.split(b"\r\n")) <= 998


def test_addresses_in_other_scripts_are_kept() -> None:
    assert read(write_eml(MAIL._replace(to="jörg@müller.example"))) is not None
    assert "To: jörg@müller.example\r\n".encode() in write_eml(MAIL._replace(to="jörg@müller.example"))


@pytest.mark.parametrize("kind", ["phone", "voicemail"])
def test_what_is_spoken_is_no_mail(kind: str) -> None:
    with pytest.raises(UsageError, match="script to speak"):
        write_eml(compose(kind, letter(), "en"))
    with pytest.raises(UsageError, match="script to speak"):
        mailto_url(compose(kind, letter(), "en"))


def test_a_mailto_address_holds_the_whole_draft() -> None:
    message = compose("email", letter(), "en")
    url = mailto_url(message)
    parts = urlsplit(url)
    fields = parse_qs(parts.query, strict_parsing=True)
    assert (parts.scheme, parts.path) == ("mailto", "dana@acme.example")
    assert fields["subject"] == [message.subject]
    assert fields["body"][0].replace("\r\n", "\n") == message.body.rstrip() + "\n"
    assert url.isascii()
    assert "+" not in url


def test_a_mailto_address_answers_the_thread() -> None:
    url = mailto_url(MAIL._replace(in_reply_to="<b&c@x>"))
    assert url.endswith("&in-reply-to=%3Cb%26c%40x%3E")


@pytest.mark.parametrize(("extra", "fits"), [(0, True), (1, False)])
def test_a_mailto_address_that_mail_programs_would_cut_is_refused(extra: int, fits: bool) -> None:
    room = MAILTO_LIMIT - len(mailto_url(MAIL._replace(body="")))
    message = MAIL._replace(body="x" * (room + extra))
    if fits:
        assert len(mailto_url(message)) == MAILTO_LIMIT
        return
    with pytest.raises(UsageError, match=r"1901 characters.*--eml FILE"):
        mailto_url(message)


@pytest.mark.parametrize(("length", "taken"), [(254, True), (255, False)])
def test_addresses_have_the_length_that_mail_knows(length: int, taken: bool) -> None:
    """RFC 5321 4.5.3.1.3: a path has 256 octets, the angle brackets included."""
    address = "d" * (length - len("@acme.example")) + "@acme.example"
    if taken:
        assert read(write_eml(MAIL._replace(to=address)))["To"] == address
    else:
        with pytest.raises(RefusedError):
            write_eml(MAIL._replace(to=address))


@pytest.mark.parametrize(("length", "kept"), [(900, True), (901, False)])
def test_a_thread_is_continued_by_identifiers_that_fit_a_line(length: int, kept: bool) -> None:
    identifier = f"<{'i' * (length - len('<@x>'))}@x>"
    assert len(identifier) == length
    mail = read(write_eml(MAIL._replace(in_reply_to=identifier)))
    assert ("In-Reply-To" in mail) == kept


def test_a_subject_is_cut_before_its_line_is_too_long_for_mail() -> None:
    assert len(read(write_eml(MAIL._replace(subject="s" * 2000)))["Subject"]) == 900


@pytest.mark.parametrize(("length", "plain"), [(68, True), (69, False)])
def test_a_short_plain_subject_stays_as_it_is(length: int, plain: bool) -> None:
    data = write_eml(MAIL._replace(subject="s" * length))
    assert (b"Subject: " + b"s" * length + b"\r\n" in data) == plain
    assert max(map(len, data.split(b"\r\n"))) <= 78
