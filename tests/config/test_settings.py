"""Settings: what beats what, and where an effective value came from."""

from __future__ import annotations

import tomllib
from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import lastresort.messages
from lastresort.config import Settings, default_paths, settle
from lastresort.config.effective import words
from lastresort.config.table import LIMITS, LISTS, SETTINGS, TABLES
from lastresort.errors import UsageError
from lastresort.messages.languages import LANGUAGES
from lastresort.model import Limits
from lastresort.query import Hours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lastresort.config.table import Setting

TEMPLATES = Path(lastresort.messages.__file__).parent / "templates"
NOWHERE = {"HOME": "/nonexistent"}


def written(tmp_path: Path, text: str) -> str:
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    return str(tmp_path / "config.toml")


def test_without_anything_the_defaults_hold() -> None:
    settings = settle({}, NOWHERE, "linux")
    assert settings._replace(state="", cache="", folder="") == Settings()
    assert str(settings.origin("hours")) == "default"
    assert settings.state == "/nonexistent/.local/state/lastresort"


@pytest.mark.parametrize(("nouns", "table"), [(Settings(), SETTINGS), (Limits(), LIMITS)])
def test_the_table_names_the_defaults(nouns: Any, table: Mapping[str, Setting]) -> None:
    told = {field: setting.default for field, setting in table.items() if field not in {"state", "cache"}}
    values = {field: getattr(nouns, field) for field in told}
    held = {field: words(value, field) for field, value in values.items() if value not in (None, ())}
    assert {field: told[field] for field in held} == held


def test_the_languages_named_are_those_there_are() -> None:
    assert set(LANGUAGES) == {path.parent.name for path in TEMPLATES.glob("*/parts.j2")}


def test_every_example_is_taken() -> None:
    keys = [SETTINGS, LIMITS, *(table for table, _ in TABLES.values()), *(one.keys for one in LISTS.values())]
    for field, setting in (item for table in keys for item in table.items()):
        setting.key.read_toml(tomllib.loads(f"x = {setting.example}")["x"], field)


def test_options_beat_environment_beats_file(tmp_path: Path) -> None:
    path = written(tmp_path, 'notice = "10h"\nslots = 2\ndays = 7\n')
    environ = {**NOWHERE, "LASTRESORT_NOTICE": "20h", "LASTRESORT_DAYS": "21"}
    settings = settle({"notice": "30h", "days": None}, environ, "linux", config=path)
    assert (settings.notice, settings.days, settings.slots) == (timedelta(hours=30), 21, 2)
    assert [str(settings.origin(field)) for field in ("notice", "days", "slots", "within")] == [
        "--notice",
        "LASTRESORT_DAYS",
        f"{path}:2",
        "default",
    ]


def test_the_usual_file_may_be_missing_but_a_named_one_may_not(tmp_path: Path) -> None:
    assert settle({}, {"HOME": str(tmp_path)}, "linux").file is None
    for options in ({"config": str(tmp_path / "no.toml")}, {}):
        environ = {**NOWHERE, "LASTRESORT_CONFIG": str(tmp_path / "no.toml")}
        with pytest.raises(UsageError, match="no such configuration file; 'lastresort init' writes one"):
            settle({}, environ, "linux", **options)


def test_the_usual_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "lastresort").mkdir()
    path = written(tmp_path / "lastresort", "slots = 2")
    settings = settle({}, {"HOME": "/nonexistent", "XDG_CONFIG_HOME": str(tmp_path)}, "linux")
    assert (settings.slots, settings.file) == (2, path)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("me", "A@x.example, mailto:b@x.example", ("a@x.example", "b@x.example")),
        ("tz", "Berlin", "Berlin"),
        ("hours", "mon-thu 8-17", Hours(time(8), time(17), frozenset({0, 1, 2, 3}))),
        ("padding", "15m", timedelta(minutes=15)),
        ("within", "12", 12),
        ("max_size", "200 MiB", 200 << 20),
        ("allow_http", "yes", True),
        ("cannot_move", "Gym, Choir", ("Gym", "Choir")),
        ("cache", "/var/tmp/lr", "/var/tmp/lr"),
    ],
)
def test_the_environment_speaks_for_every_plain_setting(field: str, text: str, value: object) -> None:
    name = f"LASTRESORT_{field.upper()}"
    settings = settle({}, {**NOWHERE, name: text}, "linux")
    assert getattr(settings, field) == value
    assert str(settings.origin(field)) == name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LASTRESORT_SLOTS", "4"),
        ("LASTRESORT_DAYS", "many"),
        ("LASTRESORT_HOURS", "late"),
        ("LASTRESORT_ME", "nobody"),
        ("LASTRESORT_ALLOW_HTTP", "perhaps"),
        ("LASTRESORT_MAX_SIZE", "0"),
        ("LASTRESORT_STATE", "relative"),
    ],
)
def test_a_wrong_variable_is_named(name: str, text: str) -> None:
    with pytest.raises(UsageError, match=f"^{name}"):
        settle({}, {**NOWHERE, name: text}, "linux")


@pytest.mark.parametrize(
    ("options", "said"),
    [({"hours": "late"}, "^--hours: "), ({"interviewer_hours": "x"}, "^--interviewer-hours: ")],
)
def test_a_wrong_option_is_named(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        settle(options, NOWHERE, "linux")


def test_what_typer_took_from_the_environment_is_said_to_come_from_there() -> None:
    environ = {**NOWHERE, "LASTRESORT_TZ": "Berlin"}
    assert str(settle({"tz": "Berlin"}, environ, "linux").origin("tz")) == "LASTRESORT_TZ"
    assert str(settle({"tz": "Paris"}, environ, "linux").origin("tz")) == "--tz"


@pytest.mark.parametrize(
    ("platform", "environ", "config", "cache"),
    [
        ("linux", {"HOME": "/h"}, "/h/.config/lastresort/config.toml", "/h/.cache/lastresort"),
        (
            "linux",
            {"HOME": "/h", "XDG_CACHE_HOME": "/c"},
            "/h/.config/lastresort/config.toml",
            "/c/lastresort",
        ),
        (
            "linux",
            {"HOME": "/h", "XDG_CACHE_HOME": "c"},
            "/h/.config/lastresort/config.toml",
            "/h/.cache/lastresort",
        ),
        (
            "darwin",
            {"HOME": "/Users/m"},
            "/Users/m/Library/Application Support/lastresort/config.toml",
            "/Users/m/Library/Caches/lastresort",
        ),
        (
            "win32",
            {"APPDATA": "C:\\R", "LOCALAPPDATA": "C:\\L"},
            "C:\\R\\lastresort\\config.toml",
            "C:\\L\\lastresort\\Cache",
        ),
    ],
)
def test_each_system_has_its_places(platform: str, environ: dict[str, str], config: str, cache: str) -> None:
    paths = default_paths(environ, platform)
    assert (paths.config, paths.cache) == (config, cache)
