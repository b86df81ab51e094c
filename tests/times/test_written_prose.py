"""What the writer of a mail says in it."""

from __future__ import annotations

import pytest

from lastresort.sources.html_text import text_of_html
from lastresort.times.prose import said_in


@pytest.mark.parametrize(
    "quoted",
    [
        "> Tuesday at 3",
        "On Tue, May 5, 2026 at 4:00 PM Sam wrote:\n> Tuesday at 3",
        "Am 05.05.2026 um 16:00 schrieb Sam Miller <sam@mailbox.example>:\n> Tuesday at 3",
        "Le lun. 4 mai 2026 à 10:15, Sam <sam@mailbox.example> a écrit :\n\n> Tuesday at 3",
        "-----Original Message-----\nFrom: Sam\nSent: Monday\n\nTuesday at 3",
        "-----Ursprüngliche Nachricht-----\nVon: Sam\nGesendet: Montag\n\nTuesday at 3",
        "________________________________\nDe : Sam\nEnvoyé : lundi\n\nTuesday at 3",
        "-- \nTuesday at 3",
        "Best regards,\nAnn\nTuesday at 3",
        "Viele Grüße aus Berlin\nAnn\nTuesday at 3",
        "On Tue, May 5, 2026 at 4:00 PM Sam wrote:\n\nTuesday at 3",
    ],
)
def test_older_mails_and_signatures_are_left_aside(quoted: str) -> None:
    assert said_in(f"Could you do Friday?\n\n{quoted}").strip() == "Could you do Friday?"


def test_an_answer_below_a_quotation_is_kept() -> None:
    assert said_in("On Tue, May 5, 2026 Sam wrote:\n> Tuesday?\n\nFriday at 10.").strip() == "Friday at 10."


def test_a_mail_that_was_only_forwarded_is_what_was_given() -> None:
    text = "---------- Forwarded message ---------\nFrom: Ann\nDate: Mon, 4 May 2026\n\nFriday at 10."
    assert said_in(text).strip() == "Friday at 10."


def test_lines_that_a_program_broke_are_joined() -> None:
    text = "We would be very glad to see you in our office on Wednesday,\n20 May, at 10.\n\n- Friday"
    assert said_in(text).splitlines()[0].endswith("on Wednesday, 20 May, at 10.")


def test_html_is_read_as_it_is_seen() -> None:
    page = (
        "<style>p{}</style><p>Please&nbsp;pick:</p><table><tr><td>Monday</td><td>10:00</td></tr></table>"
        "<s>Tuesday at 9</s><div class='gmail_quote'>Thursday at 3</div>"
    )
    assert text_of_html(page) == "Please pick:\nMonday | 10:00"


def test_what_outlook_quotes_below_its_line_is_left_out() -> None:
    page = "<p>Friday at 10.</p><div id='divRplyFwdMsg'>From: Sam</div><p>Thursday at 3</p>"
    assert text_of_html(page) == "Friday at 10."
