"""Sources as they are configured: names, access, copies, windows; one that fails hides no other."""

from __future__ import annotations

import io
import logging
import sys
import time
from typing import TYPE_CHECKING

import pytest

from calendars import write_calendar
from dav import PASSWORD, event, fill, radicale, serving
from lastresort.cli.progress import showing_progress
from servers import body, running, status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from commandline import Ran
    from servers import Server

NOW = ("--now", "2026-05-04T07:30+02:00", "--tz", "Europe/Berlin")
INTERVIEW = "2026-05-06 14:00-15:00 Interview: Baker at Crumb (uid i)"
CHOIR = "2026-05-06 14:30-15:30 Choir practice (uid c)"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with running() as server:
        yield server


@pytest.fixture
def check(run: Callable[..., Ran], tmp_path: Path) -> Callable[..., Ran]:
    """Return `check(toml, *options)`: `check --json` of what is configured."""

    def call(toml: str, *options: str | Path) -> Ran:
        (tmp_path / "config.toml").write_text(toml)
        return run("check", "--config", tmp_path / "config.toml", "--json", *NOW, *options)

    return call


def feed(tmp_path: Path, text: str) -> bytes:
    return write_calendar(tmp_path / "feed.ics", text).read_bytes()


def calendars(*addresses: str, more: str = "") -> str:
    return "".join(f'[[calendars]]\nsource = "{address}"\n{more}\n' for address in addresses)


def test_two_feeds_of_one_host_are_told_apart(
    check: Callable[..., Ran], server: Server, tmp_path: Path
) -> None:
    server.answers = {
        "/secret-a": body(feed(tmp_path, INTERVIEW)),
        "/secret-b": body(feed(tmp_path, CHOIR)),
    }
    ran = check(calendars(f"{server.address}/secret-a", f"{server.address}/secret-b"))
    host = server.address.partition("//")[2]
    assert [source["name"] for source in ran.json["sources"]] == [host, f"{host} (2)"]
    assert ran.code == 3
    assert "secret" not in ran.out + ran.err


def test_policies_reach_a_feed_a_folder_and_one_named_on_the_command_line(
    check: Callable[..., Ran], server: Server, tmp_path: Path
) -> None:
    (tmp_path / "all" / "work").mkdir(parents=True)
    write_calendar(tmp_path / "all" / "work" / "a.ics", CHOIR.replace("uid c", "uid a; free"))
    server.answers["/b"] = body(feed(tmp_path, CHOIR.replace("uid c", "uid b; tentative")))
    interview = write_calendar(tmp_path / "i.ics", INTERVIEW)
    toml = calendars(
        f"{server.address}/b", f"{tmp_path}/all", more='timed-free = "check"\ntentative = "clash"'
    )
    everything = check(toml + calendars(str(interview))).json["interviews"][0]["clashes"]
    assert sorted((clash["uid"], clash["busy"]) for clash in everything) == [("a", "check"), ("b", "clash")]
    (alone,) = check(toml, interview, tmp_path / "all").json["interviews"][0]["clashes"]
    assert (alone["uid"], alone["busy"]) == ("a", "check")


@pytest.mark.parametrize("access", ["password-command", "password-env", "keyring"])
def test_passwords_are_asked_for_and_never_shown(
    check: Callable[..., Ran],
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    access: str,
) -> None:
    import keyring

    server.answers["/a"] = body(feed(tmp_path, INTERVIEW))
    monkeypatch.setenv("CAL_PASSWORD", PASSWORD)
    monkeypatch.setattr(
        keyring, "get_password", lambda service, user: f"{PASSWORD}" if service and user else ""
    )
    command = f"[{sys.executable!r}, '-c', 'import os; print(os.environ[\"CAL_PASSWORD\"])']"
    value = {"password-command": command, "password-env": '"CAL_PASSWORD"', "keyring": '"calendar"'}[access]
    ran = check(calendars(f"{server.address}/a", more=f'user = "me"\n{access} = {value}'))
    assert ran.code == 0
    assert server.asked[-1].headers["authorization"].startswith("Basic ")
    assert PASSWORD not in ran.out + ran.err


def test_a_failing_feed_is_named_and_hides_nothing(
    check: Callable[..., Ran], server: Server, tmp_path: Path
) -> None:
    write_calendar(tmp_path / "i.ics", INTERVIEW)
    server.answers["/a"] = status(404)
    ran = check(calendars("i.ics", f"{server.address}/a", more='name = "Band"').replace('"Band"', '"Own"', 1))
    assert ran.code == 5
    assert [source["name"] for source in ran.json["sources"]] == ["Own", "Band"]
    assert ran.json["sources"][1]["error"]
    assert "Band" in ran.err
    assert "127.0.0.1" not in ran.err


def test_the_last_copy_serves_when_the_network_fails_and_offline(
    check: Callable[..., Ran], server: Server, tmp_path: Path
) -> None:
    server.answers["/a"] = body(feed(tmp_path, f"{INTERVIEW}\n{CHOIR}"), ETag='"1"')
    toml = f'cache = "{tmp_path}/copies"\n{calendars(f"{server.address}/a")}'
    assert check(toml).code == 3
    assert (tmp_path / "copies").is_dir()
    server.answers["/a"] = status(503)
    stale = check(toml)
    assert stale.code == 3
    assert [problem["code"] for problem in stale.json["problems"]] == ["stale-copy"]
    asked = len(server.asked)
    assert check(toml, "--offline").code == 3
    assert len(server.asked) == asked
    old = check(toml, "--offline", "--now", "2026-05-06T08:00+02:00")
    assert old.code == 3
    assert "stale" in old.out


def test_plain_http_is_refused_unless_allowed(check: Callable[..., Ran]) -> None:
    toml = calendars("http://cal.invalid/a.ics")
    assert "--allow-http" in check(toml).err
    for allowed in (
        f"allow-http = true\n{toml}",
        calendars("http://cal.invalid/a.ics", more="allow-http = true"),
    ):
        assert "--allow-http" not in check(allowed).err
    assert "--allow-http" not in check(toml, "--allow-http").err


def test_of_a_server_only_the_window_is_asked_for(check: Callable[..., Ran], tmp_path: Path) -> None:
    logging.disable(logging.WARNING)
    asked: list[bytes] = []
    app, home = radicale(tmp_path)

    def noted(environ: dict[str, Any], start: Any) -> Any:
        if environ["REQUEST_METHOD"] == "REPORT":
            data = environ["wsgi.input"].read()
            asked.append(data)
            environ = {**environ, "wsgi.input": io.BytesIO(data)}
        return app(environ, start)

    with serving(noted) as place:
        fill(
            place,
            home,
            {"work": {"a.ics": event("a", "20260506T120000Z"), "b.ics": event("b", "20200101T120000Z")}},
        )
        toml = calendars(
            f"caldav+http://me@{place}{home}/", more=f"name = 'Dav'\npassword-command = 'echo {PASSWORD}'"
        )
        ran = check(toml)
    logging.disable(logging.NOTSET)
    assert ran.code == 0, ran.err
    assert [(source["name"], source["events"]) for source in ran.json["sources"]] == [("Dav/Work", 1)]
    assert all(b"time-range" in query and b"20260" in query for query in asked)
    assert PASSWORD not in ran.out + ran.err


# -- progress -----------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, patience: float, name: str = "work.ics") -> str:
    with showing_progress(stream, patience) as tell:
        tell(name)
        for _ in range(100):
            if stream.getvalue():
                break
            time.sleep(0.01 if patience < 1 else 0.001)
    return stream.getvalue()


def test_a_long_read_shows_one_line() -> None:
    assert shown(Terminal(), 0.01) == "reading work.ics ...\n"


def test_a_name_cannot_write_on_the_terminal() -> None:
    assert "\x1b" not in shown(Terminal(), 0.01, "\x1b[2Jx\r\n" * 40)


def test_a_short_read_and_a_pipe_show_nothing() -> None:
    assert shown(Terminal(), 1.0) == ""
    assert shown(io.StringIO(), 0.01) == ""


def test_a_tz_that_cannot_be_understood_is_told_and_ends_in_5(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_calendar(tmp_path / "work.ics", CHOIR)
    monkeypatch.setenv("TZ", "Mars/Phobos")
    done = run("agenda", path, "--now", "2026-05-04T07:30Z")
    assert done.code == 5
    assert 'TZ is "Mars/Phobos"' in done.err
    assert run("check", path, "--now", "2026-05-04T07:30Z").code == 5
    assert run("agenda", path, *NOW).code == 0
    monkeypatch.setenv("TZ", "CET-1CEST")
    assert run("agenda", path, "--now", "2026-05-04T07:30Z").code == 0


def test_verbose_and_problems_say_which_zone_database_is_used(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    path = write_calendar(tmp_path / "work.ics", CHOIR)
    for words in (("agenda", path, "-v"), ("agenda", path, "--problems"), ("check", path, "-v")):
        assert "time zones from" in run(*words, *NOW).out
    assert "time zones from" not in run("agenda", path, *NOW).out
