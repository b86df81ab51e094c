"""Options before environment before file before defaults."""

from __future__ import annotations

import os.path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from lastresort.config.paths import default_paths
from lastresort.config.settings import Settings
from lastresort.config.table import SETTINGS, variable, written

if TYPE_CHECKING:
    from collections.abc import Mapping


def settle(
    options: Mapping[str, Any],
    environ: Mapping[str, str],
    platform: str,
    *,
    config: str | None = None,
    before: str = "--",
) -> Settings:
    """Return the settings of a run.

    `options` are the values given on the command line by their field (`interviewer_tz`), texts as they were
    typed; `None` and empty tuples were not given. `config` is the file of `--config`, which must exist; the
    platform's own may be missing. Raises UsageError that names the file, line, variable or option; `before`
    stands before an option's name, and is empty where options are the fields of a page.
    """
    paths = default_paths(environ, platform)
    chosen = config or environ.get("LASTRESORT_CONFIG")
    values: dict[str, Any] = {
        "state": paths.state,
        "cache": paths.cache,
        "folder": os.path.dirname(chosen or paths.config),
    }
    origins: dict[str, str] = {}
    _read_file(chosen, paths.config, values, origins)
    _read_environment(environ, values, origins)
    _read_options(options, before, values, origins)
    return Settings(**values, origins=MappingProxyType(origins))


def settle_options(
    options: Mapping[str, Any],
    *,
    config: str | None = None,
    settled: Settings = Settings(),  # noqa: B008
    before: str = "--",
) -> Settings:
    """Return the settings that options give, before a configuration file, where one is named, before those
    settled already.

    Nothing else has a say, neither the environment nor the system's folders. `before` is as for `settle`.
    """
    values: dict[str, Any] = settled._asdict()
    origins: dict[str, str] = dict(values.pop("origins"))
    if config:
        _read_file(config, config, values, origins)
        values["folder"] = os.path.dirname(config)
    _read_options(options, before, values, origins)
    return Settings(**values, origins=MappingProxyType(origins))


def _read_file(chosen: str | None, usual: str, values: dict[str, Any], origins: dict[str, str]) -> None:
    path = chosen or usual
    if not chosen and not os.path.lexists(path):
        return
    from lastresort.config.file import read_config

    read = read_config(path)
    values.update(read.values, file=path)
    origins.update({field: f"{path}:{line}" for field, line in read.lines.items()})


def _read_environment(environ: Mapping[str, str], values: dict[str, Any], origins: dict[str, str]) -> None:
    named = [name for name in environ if name.startswith("LASTRESORT_") and environ[name]]
    if not named:
        return
    for field, setting in SETTINGS.items():
        name = variable(field)
        if environ.get(name):
            values[field] = setting.key.read_text(environ[name], name)
            origins[field] = name


def _read_options(
    options: Mapping[str, Any], before: str, values: dict[str, Any], origins: dict[str, str]
) -> None:
    given = {
        field: value for field, value in options.items() if value not in (None, (), []) and value is not False
    }
    for field, value in given.items():
        option = f"{before}{written(field)}"
        read = SETTINGS[field].key.read_option(value, option)
        from_environment = origins.get(field, "").startswith("LASTRESORT_") and values.get(field) == read
        values[field] = read
        origins[field] = origins[field] if from_environment else option
