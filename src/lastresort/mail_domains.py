"""Domains that give a mailbox to everybody, so that an address there names no employer and no colleague.

The list is `data/mail-domains.txt`. It is the only one: what counts as private mail must not depend on who
asks.
"""

from __future__ import annotations

import os
import re
from functools import cache

TABLE = os.path.join(os.path.dirname(__file__), "data", "mail-domains.txt")
LONGEST = 253
"""Characters of a domain name (RFC 1035 2.3.4)."""

_COUNTRY_END = re.compile(r"com|net|(?:com?\.|ne\.)?[a-z]{2}")


def is_free_mail(domain: str) -> bool:
    """Tell whether the domain, or one above it, gives mailboxes to everybody. Case does not matter."""
    if len(domain) > LONGEST:
        return False
    name = domain.lower()
    while name:
        label, _, name_above = name.partition(".")
        if name in _read() or (f"{label}.*" in _read() and _COUNTRY_END.fullmatch(name_above)):
            return True
        name = name_above
    return False


@cache
def _read() -> frozenset[str]:
    with open(TABLE, encoding="utf-8") as file:
        return frozenset(line for line in file.read().splitlines() if not line.startswith("#"))
