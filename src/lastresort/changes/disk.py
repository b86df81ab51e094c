"""Calendar files as they are replaced: whole or not at all, and only while they still are what was read."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import Protocol

from lastresort.errors import LastResortError, RefusedError
from lastresort.secure_files import create_file, sync_folder, temporary_path

_ACL = "system.posix_acl_access"


class OvertakenError(RefusedError):
    """Another client changed an object on a server first: it is to be read again and planned again."""


class UnsureError(LastResortError):
    """The connection broke over a change, and whether it arrived cannot be found out."""


class Storage(Protocol):
    """Where calendar files lie. Names are real paths: links are followed before."""

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, `None` when there is no such file. Raises OSError."""

    def prepare(self, path: str, data: bytes, token: str) -> None:
        """Put new bytes beside a file, ready to take its place. Raises OSError, RefusedError."""

    def replace(self, path: str, before: bytes | None, token: str) -> bool:
        """Let the prepared bytes take a file's place if it still holds `before`.

        Returns False when the disk did not confirm the change. Raises OSError or RefusedError; the file is as
        before then.
        """

    def remove(self, path: str, before: bytes) -> bool:
        """Take a file away if it still holds `before`; returns and raises as `replace`."""

    def discard(self, path: str, token: str) -> None:
        """Take away what was prepared for a file, if anything was."""


class Disk:
    """Files of this machine."""

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, `None` when there is no such file. Raises OSError."""
        try:
            with open(path, "rb") as stream:
                return stream.read()
        except FileNotFoundError:
            return None

    def prepare(self, path: str, data: bytes, token: str) -> None:
        """Write and sync an exclusive temporary file beside the file, with its mode, owner and attributes."""
        status = _writable(path)
        with create_file(temporary_path(path, token)) as stream:
            stream.write(data)
            if status and os.name != "nt":
                stream.flush()
                _keep_owner(stream.fileno(), status, path)
                os.fchmod(stream.fileno(), stat.S_IMODE(status.st_mode))
                _keep_attributes(stream.fileno(), path)

    def replace(self, path: str, before: bytes | None, token: str) -> bool:
        """Compare the file with what was read, then rename."""
        self._refuse_changed(path, before)
        os.replace(temporary_path(path, token), path)
        return sync_folder(os.path.dirname(path))

    def remove(self, path: str, before: bytes) -> bool:
        """Compare the file with what was read, then unlink."""
        _writable(path)
        self._refuse_changed(path, before)
        os.unlink(path)
        return sync_folder(os.path.dirname(path))

    def discard(self, path: str, token: str) -> None:
        """Unlink the temporary file."""
        with suppress(FileNotFoundError):
            os.unlink(temporary_path(path, token))

    def _refuse_changed(self, path: str, before: bytes | None) -> None:
        if self.read(path) != before:
            raise changed(path)


class DiskOrServer:
    """Files of this machine, and what has an address on a server."""

    def __init__(self, server: Storage) -> None:
        self._disk, self._server = Disk(), server

    def read(self, path: str) -> bytes | None:
        """Return the bytes that lie there."""
        return self._of(path).read(path)

    def prepare(self, path: str, data: bytes, token: str) -> None:
        """Make new bytes ready."""
        self._of(path).prepare(path, data, token)

    def replace(self, path: str, before: bytes | None, token: str) -> bool:
        """Let them take the place of the old ones."""
        return self._of(path).replace(path, before, token)

    def remove(self, path: str, before: bytes) -> bool:
        """Take the old ones away."""
        return self._of(path).remove(path, before)

    def discard(self, path: str, token: str) -> None:
        """Forget what was made ready."""
        self._of(path).discard(path, token)

    def _of(self, path: str) -> Storage:
        return self._server if is_address(path) else self._disk


def is_address(path: str) -> bool:
    """Tell whether a calendar lies on a server."""
    return "://" in path


def real_path(path: str) -> str:
    """Return a path with its links followed; an address as it is."""
    return path if is_address(path) else os.path.realpath(path)


def changed(path: str) -> RefusedError:
    """Return the refusal for a file that is no longer what was read."""
    name = os.path.basename(path)
    return RefusedError(f"{name}: another program has changed it meanwhile; nothing was changed, try again")


def _writable(path: str) -> os.stat_result | None:
    """Return the file's status, `None` for a new one. Raises RefusedError for what a rename would hurt."""
    name = os.path.basename(path)
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise RefusedError(f"{name}: it is write-protected; nothing was changed")
    if status.st_nlink > 1:
        raise RefusedError(f"{name}: it has other names (hard links), which would part; nothing was changed")
    return status


def _keep_owner(descriptor: int, status: os.stat_result, path: str) -> None:
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) == (status.st_uid, status.st_gid):
        return
    try:
        os.fchown(descriptor, status.st_uid, status.st_gid)
    except PermissionError:
        name = os.path.basename(path)
        raise RefusedError(f"{name}: it belongs to somebody else; nothing was changed") from None


def _keep_attributes(descriptor: int, path: str) -> None:
    """Give a new file the access control list and the extended attributes of the old one.

    Raises RefusedError where that is not allowed. Python knows them on Linux alone.
    """
    if not hasattr(os, "listxattr"):
        return
    try:
        wanted = {name: os.getxattr(path, name) for name in os.listxattr(path)}
        own = {name: os.getxattr(descriptor, name) for name in os.listxattr(descriptor)}
        for name in (own.keys() - wanted.keys()) & {_ACL}:  # from its folder
            os.removexattr(descriptor, name)
        for name, value in wanted.items():
            if own.get(name) != value:
                os.setxattr(descriptor, name, value)
    except OSError as error:
        if error.errno in (errno.ENOTSUP, errno.ENOSYS):
            return  # a file system without any
        raise RefusedError(
            f"{os.path.basename(path)}: its access control list or attributes cannot be kept; "
            "nothing was changed"
        ) from None
