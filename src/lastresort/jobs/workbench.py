"""What changes of calendars are made with: the journal, the locks, the calendars on disk and on servers."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, NamedTuple

from lastresort.changes.apply import Workbench
from lastresort.changes.caldav import Account, Server
from lastresort.changes.disk import DiskOrServer, is_address
from lastresort.changes.journal import Journal, open_journal
from lastresort.errors import RefusedError
from lastresort.model import Limits
from lastresort.sources.addresses import without_password
from lastresort.sources.interface import Access, ServerOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from lastresort.changes.journal import Record
    from lastresort.config import Settings


class Row(NamedTuple):
    """One change for a person: what it is about, how it was and how it will be; either may be empty."""

    title: str
    done: str = ""
    """`moved`, `shortened`, `left out`."""
    before: str = ""
    after: str = ""

    @property
    def words(self) -> str:
        """The change as the journal has it."""
        if self.before and self.after:
            return f"{self.title}: {self.done} from {self.before} to {self.after}"
        return f"{self.title}: {self.after or f'{self.done} ({self.before})'}"


def open_bench(
    settings: Settings,
    specs: Sequence[str],
    now: datetime,
    *,
    zone: str = "UTC",
    config: str | None = None,
) -> Workbench:
    """Return what changes of these sources are made with; `config` is named by the commands that it prints.

    Raises RefusedError when there can be no journal.
    """
    bench = lay_bench(settings, specs, now, zone=zone, config=config)
    if not settings.state:
        raise RefusedError("no folder is named for the journal, and without it nothing is changed")
    try:
        open_journal(settings.state)
    except OSError as error:
        why = (error.strerror or "input/output error").lower()
        raise RefusedError(
            f"no journal can be kept in {settings.state} ({why}), and without it nothing is changed"
        ) from None
    return bench


def keeps_journal(settings: Settings) -> bool:
    """Tell whether a journal is there: whether anything may ever have been changed."""
    return os.path.isdir(os.path.join(settings.state, "journal"))


def open_bench_to_undo(
    settings: Settings, now: datetime, *, zone: str = "UTC", config: str | None = None
) -> Workbench:
    """Return what changes are taken back with. Raises RefusedError where no journal is; none is made."""
    if not keeps_journal(settings):
        raise RefusedError("there is no change to take back")
    return open_bench(settings, (), now, zone=zone, config=config)


def reach_changed(
    record: Record, bench: Workbench, settings: Settings, ask: Callable[[str], str] | None = None
) -> Workbench:
    """Return the bench with the servers open on which a change was made; `ask` as for `open_calendars`."""
    if not any(is_address(patch.path) for patch in record.patches):
        return bench
    specs = [*(entry.source for entry in settings.calendars), *record.sources]
    return bench._replace(storage=open_calendars(specs, settings, ask))


def lay_bench(
    settings: Settings, specs: Sequence[str], now: datetime, *, zone: str = "UTC", config: str | None = None
) -> Workbench:
    """Return what changes are looked at with before they are made: the journal is not opened."""
    configured = {entry.source for entry in settings.calendars}
    servers = [spec for spec in specs if _is_server(spec)]
    named = [without_password(spec) for spec in servers if spec not in configured]
    local = [os.path.abspath(spec) for spec in specs if os.path.exists(spec)]
    bench = Workbench(
        journal=Journal(os.path.join(settings.state, "journal")),
        locks=os.path.join(settings.state, "locks"),
        zone=zone,
        now=now,
        sources=(*local, *named),
        options=f" --config {_quoted(os.path.abspath(config))}" if config else "",
    )
    return bench._replace(storage=open_calendars(servers, settings)) if servers else bench


def _quoted(path: str) -> str:
    """A path for the shell, in double quotes where possible: the whole command stands in single ones."""
    quoted = shlex.quote(path)
    return f'"{path}"' if quoted != path and not set(path) & set('"$`\\!') else quoted


def open_calendars(
    specs: Sequence[str], settings: Settings, ask: Callable[[str], str] | None = None
) -> DiskOrServer:
    """Return where calendars lie: on the disk, and on the servers among these sources.

    `ask` is called for the password of a server that no configuration names, if it wants one.
    """
    configured = {entry.source: entry for entry in settings.calendars}
    accounts = []
    for spec in filter(_is_server, specs):
        entry = configured.get(spec)
        access = entry.access if entry else Access()
        plain = settings.allow_http or bool(entry and entry.allow_http)
        options = ServerOptions(Limits(file_bytes=settings.max_size), access, allow_http=plain)
        accounts.append(Account(spec, options, None if entry else ask))
    return DiskOrServer(Server(accounts))


def _is_server(spec: str) -> bool:
    return spec.startswith("caldav+") and is_address(spec)
