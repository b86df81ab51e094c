"""Invitations in mails: which part is the invitation, and what an answer needs."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from readings import content

from lastresort.errors import SourceError
from lastresort.model import Limits, Mail
from lastresort.sources import open_source
from lastresort.sources.mail import BODY, MARKUP, Invitation, read_invitation

if TYPE_CHECKING:
    from pathlib import Path

CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
LIMITS = Limits()


def invitation() -> EmailMessage:
    """A mail as calendar servers send it: text, the invitation with a method, and the same as a file."""
    mail = EmailMessage()
    mail["From"] = "Dana Lee <dana@acme.example>"
    mail["To"] = "Me <Me@Home.example>"
    mail["Subject"] = "Einladung: Gespräch"
    mail["Message-ID"] = "<2@acme.example>"
    mail["References"] = "<1@home.example>"
    mail.set_content("You are invited.")
    mail.add_alternative(CALENDAR.encode(), "text", "calendar", params={"method": "request"}, cte="base64")
    mail.add_attachment(CALENDAR.encode(), "application", "ics", filename="invite.ics")
    return mail


def why(data: bytes) -> str:
    with pytest.raises(SourceError) as refused:
        read_invitation(data, name="m.eml", limits=LIMITS)
    return str(refused.value)


def test_the_part_with_the_method_is_kept() -> None:
    read = read_invitation(invitation().as_bytes(), name="m.eml", limits=LIMITS)
    (document,) = read.documents
    assert (document.name, document.source, document.method) == ("m.eml", "m.eml", "REQUEST")
    assert content(document) == CALENDAR.encode()
    assert document.recipient == "me@home.example"


def test_what_an_answer_needs_is_kept() -> None:
    read = read_invitation(invitation().as_bytes(), name="m.eml", limits=LIMITS)
    assert read.message_id == "<2@acme.example>"
    assert read.references == ("<1@home.example>", "<2@acme.example>")
    assert (read.sender, read.recipient) == ("dana@acme.example", "me@home.example")
    assert read.subject == "Einladung: Gespräch"


def test_an_attached_file_is_enough() -> None:
    mail = EmailMessage()
    mail.set_content("See the attachment.")
    mail.add_attachment(CALENDAR.encode(), "application", "octet-stream", filename="Invite.ICS")
    (document,) = read_invitation(mail.as_bytes(), name="m.eml", limits=LIMITS).documents
    assert (content(document), document.method) == (CALENDAR.encode(), "")


def test_a_forwarded_invitation_is_found() -> None:
    outer = EmailMessage()
    outer.set_content("Forwarded.")
    outer.add_attachment(invitation())
    (document,) = read_invitation(outer.as_bytes(), name="m.eml", limits=LIMITS).documents
    assert document.method == "REQUEST"


@pytest.mark.parametrize(
    "mail",
    [
        "From: a@b.example\nContent-Type: text/calendar\n\n" + CALENDAR,
        "From dana Mon May  4 08:00:00 2026\nFrom: a@b.example\nContent-Type: text/calendar\n\n" + CALENDAR,
        "MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n" + CALENDAR,
        'Content-Type: multipart/mixed; boundary="b 1"\n\npre\n--b 1\n\ntext\n--b 1 \nContent-Type: '
        "text/calendar\n\n" + CALENDAR,
    ],
    ids=["headers", "mailbox", "crlf", "unclosed"],
)
def test_mails_are_known_by_their_headers(mail: str) -> None:
    (document,) = open_source("-", stdin=io.BytesIO(mail.encode())).documents
    assert b"END:VCALENDAR" in content(document)


def test_a_calendar_with_lines_in_front_is_no_mail(tmp_path: Path) -> None:
    path = tmp_path / "download"
    path.write_bytes(b"X-Note: saved\r\n" + CALENDAR.encode())
    (document,) = open_source(str(path)).documents
    assert document.path == str(path)


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "windows-1252"])
def test_other_charsets_become_utf8(charset: str) -> None:
    head = f"From: a@b.example\nContent-Type: text/calendar; charset={charset}\n\n".encode()
    (document,) = read_invitation(head + "é".encode(charset), name="m", limits=LIMITS).documents
    assert content(document) == "é".encode()


@pytest.mark.parametrize("charset", ["punycode", "unicode_escape", "zlib", "nonsense", "utf-7-x"])
def test_odd_charsets_are_left_alone(charset: str) -> None:
    head = f"From: a@b.example\nContent-Type: text/calendar; charset={charset}\n\n".encode()
    (document,) = read_invitation(head + b"\\u0041-", name="m", limits=LIMITS).documents
    assert content(document) == b"\\u0041-"


@pytest.mark.parametrize(
    ("headers", "recipient"),
    [
        ("To: a@x.example, b@x.example\n", ""),
        ("To: a@x.example, b@x.example\nDelivered-To: B@x.example\n", "b@x.example"),
        ("To: undisclosed-recipients:;\n", ""),
        ("To: a@x.example\nTo: a@x.example\n", "a@x.example"),
    ],
)
def test_the_recipient_is_one_or_unknown(headers: str, recipient: str) -> None:
    data = f"{headers}Content-Type: text/calendar\n\n{CALENDAR}".encode()
    assert read_invitation(data, name="m", limits=LIMITS).recipient == recipient


def test_a_mail_without_an_invitation_is_told() -> None:
    mail = EmailMessage()
    mail.set_content("Lunch?")
    assert "without an invitation" in why(mail.as_bytes())
    mail.add_attachment(b"\x78\x9f\x3e\x22", "application", "ms-tnef", filename="winmail.dat")
    assert "winmail.dat" in why(mail.as_bytes())


def test_three_thousand_levels_are_given_up_early() -> None:
    levels = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    assert "too deep" in why(f"From: a@b.example\n{levels}Content-Type: text/calendar\n\n".encode())


def test_endless_headers_are_given_up() -> None:
    assert "more header lines" in why(b"X-A: b\r\n" * 200_000 + b"\r\n" + CALENDAR.encode())


def test_thousands_of_parts_are_bounded() -> None:
    body = "--b\nContent-Type: text/plain\n\nx\n" * 50_000
    head = f"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n{body}"
    assert "too many" in why(head.encode())


def test_nothing_of_a_hostile_header_reaches_the_subject() -> None:
    data = b"Subject: =?utf-8?q?a=1b=5d52=0aBcc:_x?=\nContent-Type: text/calendar\n\n" + CALENDAR.encode()
    assert read_invitation(data, name="m", limits=LIMITS).subject.isprintable()


@pytest.mark.parametrize("levels", [LIMITS.depth, LIMITS.depth + 1])
def test_mails_inside_mails_are_read_as_deep_as_the_limit_says(levels: int) -> None:
    inside = b"Content-Type: message/rfc822\n\n" * levels
    data = b"From: a@b.example\n" + inside + b"Content-Type: text/calendar\n\n" + CALENDAR.encode()
    if levels > LIMITS.depth:
        assert "too deep" in why(data)
    else:
        assert read_invitation(data, name="m.eml", limits=LIMITS).documents


def written(kind: str, text: str) -> Mail:
    mail = EmailMessage()
    mail.set_content(text, subtype=kind)
    mail.add_attachment(CALENDAR.encode(), "text", "calendar", params={"method": "request"})
    return read_invitation(mail.as_bytes(), name="m.eml", limits=LIMITS).mail


def test_of_a_long_text_the_beginning_is_kept() -> None:
    assert len(written("plain", "word " * 10_000).text) == BODY
    page = written("html", "<p>Hello</p>" + "<i></i>" * (MARKUP // 7) + "<p>there</p>").text
    assert ("Hello" in page, "there" in page) == (True, False)


def test_a_text_of_which_much_is_not_read_is_told() -> None:
    for size, told in ((MARKUP - 10, []), (MARKUP + 10, ["mail-text-cut"])):
        mail = EmailMessage()
        mail.set_content("x" * size, cte="8bit")
        mail.add_attachment(CALENDAR.encode(), "text", "calendar", params={"method": "request"})
        read = read_invitation(mail.as_bytes(), name="m.eml", limits=LIMITS)
        assert [problem.code for problem in read.problems] == told


def sent(*fields: str, body: str = "Hello", kind: str = "text/plain") -> Invitation:
    head = "".join(f"{field}\r\n" for field in ("MIME-Version: 1.0", *fields))
    mail = (
        f"{head}Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        f"--x\r\nContent-Type: {kind}\r\n\r\n{body}\r\n"
        f"--x\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n{CALENDAR}\r\n--x--\r\n"
    )
    return read_invitation(mail.encode(), name="m.eml", limits=LIMITS)


@pytest.mark.parametrize("charset", ["unicode_escape", "raw_unicode_escape", "punycode", "zlib", "rot13"])
def test_a_text_is_read_by_no_codec_that_is_no_charset(charset: str) -> None:
    assert sent(body="caf\\x41", kind=f"text/plain; charset={charset}").mail.text == "caf\\x41"


def test_a_text_that_is_a_file_is_not_what_the_mail_says() -> None:
    assert sent(kind='text/plain; name="notes.txt"').mail.text == ""


def test_an_answer_goes_where_the_mail_says() -> None:
    read = sent("From: Sam <sam@acme.example>", "Reply-To: Kim <kim@acme.example>")
    assert read.sender == "kim@acme.example"
    assert [person.address for person in read.mail.people] == ["kim@acme.example", "sam@acme.example"]
    assert sent("From: Sam <sam at acme>").sender == ""
    assert sent("From: Sam <sam at acme>").mail.people == ()


def test_of_a_long_thread_the_last_mails_are_kept() -> None:
    thread = " ".join(f"<{number}@x.example>" for number in range(60))
    references = sent(f"References: {thread}", "Message-ID: <last@x.example>").references
    assert (len(references), references[0], references[-1]) == (51, "<10@x.example>", "<last@x.example>")


def test_a_date_without_an_offset_is_in_utc() -> None:
    when = sent("Date: Mon, 4 May 2026 08:00:00 -0000").mail.date
    assert when == datetime(2026, 5, 4, 8, tzinfo=UTC)


def test_what_outlook_packs_is_told_whatever_it_is_called(tmp_path: Path) -> None:
    for name in ("invite.ics", "winmail.dat"):
        (tmp_path / name).write_bytes(b"\x78\x9f\x3e\x22" + bytes(100))
        with pytest.raises(SourceError, match="winmail"):
            open_source(str(tmp_path / name))
