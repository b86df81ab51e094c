"""The command line, for every test in this folder."""

from commandline import _private_home, run

__all__ = ["_private_home", "run"]
