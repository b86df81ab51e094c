"""Options before environment before file before defaults."""

from __future__ import annotations

import os.path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.config.paths import default_paths
from lastresort.config.settings import Origin, OriginKind, Settings
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
    file = chosen or (paths.config if os.path.lexists(paths.config) else None)
    given = {**_from_file(file), **_from_environment(environ)}
    return _settings(
        {
            "state": paths.state,
            "cache": paths.cache,
            "folder": os.path.dirname(chosen or paths.config),
            "file": file,
        },
        given | _from_options(options, before, given),
    )


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
    known = settled._asdict()
    given = {field: _Given(known[field], origin) for field, origin in known.pop("origins").items()}
    if config:
        known |= {"file": config, "folder": os.path.dirname(config)}
        given |= _from_file(config)
    return _settings(known, given | _from_options(options, before, given))


class _Given(NamedTuple):
    """The value of a setting, and where it came from."""

    value: Any
    origin: Origin


def _settings(values: Mapping[str, Any], given: Mapping[str, _Given]) -> Settings:
    """Return the settings with values of their own, and before them those that were given."""
    return Settings(
        **{**values, **{field: one.value for field, one in given.items()}},
        origins=MappingProxyType({field: one.origin for field, one in given.items()}),
    )


def _from_file(path: str | None) -> dict[str, _Given]:
    """Return what a configuration file sets; nothing without one."""
    if path is None:
        return {}
    from lastresort.config.file import read_config

    read = read_config(path)
    return {
        field: _Given(value, Origin(OriginKind.FILE, path, read.lines[field]))
        for field, value in read.values.items()
    }


def _from_environment(environ: Mapping[str, str]) -> dict[str, _Given]:
    """Return what variables such as LASTRESORT_HOURS set; an empty one sets nothing."""
    return {
        field: _Given(setting.key.read_text(text, name), Origin(OriginKind.VARIABLE, name))
        for field, setting in SETTINGS.items()
        if (text := environ.get(name := variable(field)))
    }


def _from_options(options: Mapping[str, Any], before: str, known: Mapping[str, _Given]) -> dict[str, _Given]:
    """Return what options set. Typer reads some variables itself: such a value comes from its variable."""
    found: dict[str, _Given] = {}
    for field, value in options.items():
        if value in (None, (), []) or value is False:
            continue
        option = f"{before}{written(field)}"
        read = SETTINGS[field].key.read_option(value, option)
        earlier = known.get(field)
        is_variable = earlier and earlier.origin.kind is OriginKind.VARIABLE and earlier.value == read
        origin = earlier.origin if earlier and is_variable else Origin(OriginKind.OPTION, option)
        found[field] = _Given(read, origin)
    return found
