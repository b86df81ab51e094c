"""Where configuration, state and copies of feeds lie on each system."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "lastresort"


class Paths(NamedTuple):
    """The configuration file, the folder of the state, and the folder of copies."""

    config: str
    state: str
    cache: str


def default_paths(environ: Mapping[str, str], platform: str) -> Paths:
    """Return the places that the system has for such files; `platform` is `sys.platform`.

    The XDG variables are obeyed wherever they are set, absolute paths only, as their specification says.
    """
    home = environ.get("HOME") or os.path.expanduser("~")
    if platform == "win32":
        return _windows(environ, home)
    if platform == "darwin":
        support = f"{home}/Library/Application Support"
        kinds = (support, support, f"{home}/Library/Caches")
    else:
        kinds = (f"{home}/.config", f"{home}/.local/state", f"{home}/.cache")
    config, state, cache = (
        f"{_absolute(environ.get(f'XDG_{kind}_HOME')) or default}/{NAME}"
        for kind, default in zip(("CONFIG", "STATE", "CACHE"), kinds, strict=True)
    )
    return Paths(f"{config}/config.toml", state, cache)


def _absolute(path: str | None) -> str | None:
    return path if path and path.startswith("/") else None


def _windows(environ: Mapping[str, str], home: str) -> Paths:
    roaming = environ.get("APPDATA") or f"{home}\\AppData\\Roaming"
    local = environ.get("LOCALAPPDATA") or f"{home}\\AppData\\Local"
    return Paths(f"{roaming}\\{NAME}\\config.toml", f"{local}\\{NAME}\\State", f"{local}\\{NAME}\\Cache")
