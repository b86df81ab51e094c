"""Passwords: asked of a program, the environment or the key ring; never kept, never shown."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from lastresort.errors import SourceError

if TYPE_CHECKING:
    from lastresort.sources.interface import Access

SECONDS = 60
"""How long a password command may take: somebody may have to unlock something."""


def find_password(access: Access, name: str) -> str | None:
    """Return the password, or `None` when no way to find one is set.

    Raises SourceError, which names `name` and never holds what a program printed.
    """
    if access.password_command:
        return _ask_program(access.password_command, name)
    if access.password_env:
        if access.password_env not in os.environ:
            raise SourceError(
                f"{name}: the variable {access.password_env} is not set; it should hold the password"
            )
        return os.environ[access.password_env]
    return _ask_keyring(access, name) if access.keyring else None


def _ask_program(command: tuple[str, ...], name: str) -> str:
    told = f"{name}: the password command '{os.path.basename(command[0])}'"
    try:
        done = subprocess.run(  # noqa: S603 (the user's own configuration names the program)
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False
        )
    except FileNotFoundError:
        raise SourceError(f"{told} is not installed, or not on the PATH") from None
    except subprocess.TimeoutExpired:
        raise SourceError(f"{told} took longer than {SECONDS} s") from None
    except OSError:
        raise SourceError(f"{told} cannot be run; check its permissions") from None
    password = done.stdout.decode("utf-8", "replace").partition("\n")[0].rstrip("\r")
    if done.returncode or not password:
        raise SourceError(f"{told} gave no password (exit code {done.returncode}); run it by hand to see why")
    return password


def _ask_keyring(access: Access, name: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise SourceError(f"{name}: the key ring needs an extra; install 'lastresort[keyring]'") from None
    try:
        password = keyring.get_password(access.keyring, access.user)
    except KeyringError:
        raise SourceError(
            f"{name}: the key ring cannot be opened; unlock it, or use password-command"
        ) from None
    if not password:
        raise SourceError(f"{name}: the key ring holds no password for this user under '{access.keyring}'")
    return str(password)
