"""A mail given as an invitation: with a calendar part it is read as well, without one it is read as text."""

from __future__ import annotations

import json

MAIL = """From: Ann Lee <ann@crumb.co.uk>
To: me@home.example
Subject: Your interview with Crumb Bakery
Date: Sat, 02 May 2026 09:00:00 +0100
Content-Type: {kind}; charset=utf-8

{body}
"""
TEXT = """Hi Dana,

we would like to talk about the Baker position at Crumb Bakery. You will be speaking with Ann Lee and Bob Ray.

Best,
Ann Lee
020 7946 0155
"""
NOW = ("--now", "2026-05-04T08:00", "--tz", "Berlin", "--me", "me@home.example")


def write(tmp_path, body, kind="text/plain"):
    path = tmp_path / "mail.eml"
    path.write_text(MAIL.format(kind=kind, body=body), encoding="utf-8")
    return path


def test_a_mail_without_a_calendar_part_is_read_at_the_time_given(run, calendar, tmp_path):
    mail = write(tmp_path, TEXT)
    when = ("--at", "2026-05-08T10:00", "--for", "45m")
    path = calendar("2026-05-07 12:00-13:00 Lunch")
    ran = run("check", path, "--invite", mail, *when, *NOW, "--json")
    (interview,) = json.loads(ran.out)["interviews"]
    who = interview["interviewer"]
    assert (interview["role"], interview["company"]) == ("Baker", "Crumb Bakery")
    assert (who["name"], who["email"], who["phone"]) == ("Ann Lee", "ann@crumb.co.uk", "020 7946 0155")
    assert (who["country"], who["timezone"]) == ("GB", "Europe/London")
    assert [one["name"] for one in who["also"]] == ["Bob Ray"]


def test_html_is_read_as_a_person_sees_it(run, calendar, tmp_path):
    rows = "".join(f"<tr><td>{line}</td></tr>" for line in TEXT.splitlines())
    page = f"<html><head><style>Role: Nobody</style></head><body><table>{rows}</table></body></html>"
    mail = write(tmp_path, page, "text/html")
    path = calendar("2026-05-07 12:00-13:00 Lunch")
    ran = run("check", path, "--invite", mail, "--at", "2026-05-08T10:00", "--for", "45m", *NOW, "--json")
    (interview,) = json.loads(ran.out)["interviews"]
    assert (interview["role"], interview["interviewer"]["phone"]) == ("Baker", "020 7946 0155")


def test_without_a_time_the_message_says_what_to_type(run, calendar, tmp_path):
    ran = run("check", calendar("2026-05-07 12:00-13:00 Lunch"), "--invite", write(tmp_path, TEXT), *NOW)
    assert ran.code == 2
    assert "--at" in ran.err
    assert "weigh --from" in ran.err
