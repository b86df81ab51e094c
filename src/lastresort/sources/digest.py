"""Digest authentication (RFC 7616), for servers that take no password in the clear."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALGORITHMS = {"sha-256": "sha256", "md5": "md5"}
"""By the names of RFC 7616, the better one first."""
_SCHEME = re.compile(r"(?:^|,)\s*digest\s+", re.IGNORECASE)
_PARAMETER = re.compile(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))\s*(?:,|$)')


def answer_challenges(basic: str, challenges: Sequence[str], method: str, target: str) -> str:
    """Return the Authorization header that answers the best of the Digest challenges.

    `basic` is the header of Basic authentication, which holds user and password; `target` what stands in the
    request line. Empty when there is no challenge that can be answered, or nobody to answer as.
    """
    if not basic.startswith("Basic "):
        return ""
    user, _, password = base64.b64decode(basic.removeprefix("Basic ")).decode().partition(":")
    offered = [found for text in challenges for found in _parse(text)]
    for name, function in _ALGORITHMS.items():
        for challenge in offered:
            algorithm = challenge.get("algorithm", "MD5").lower()
            if (
                algorithm.removesuffix("-sess") == name
                and "nonce" in challenge
                and _qop(challenge) is not None
            ):
                return _answer(
                    challenge, function, user=user, password=password, method=method, target=target
                )
    return ""


def _parse(text: str) -> list[dict[str, str]]:
    """Return the parameters of each Digest challenge in a header; those of other schemes are left aside."""
    found = []
    for begin in _SCHEME.finditer(text):
        parameters: dict[str, str] = {}
        place = begin.end()
        while match := _PARAMETER.match(text, place):
            name, quoted, plain = match.groups()
            parameters[name.lower()] = plain if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            place = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
        found.append(parameters)
    return found


def _qop(challenge: dict[str, str]) -> str | None:
    """`auth`, or nothing where the server knows no qop (RFC 2069); `None` when it wants what is not done."""
    if "qop" not in challenge:
        return ""
    return "auth" if "auth" in re.split(r"[\s,]+", challenge["qop"].lower()) else None


def _answer(
    challenge: dict[str, str], function: str, *, user: str, password: str, method: str, target: str
) -> str:
    def digest(text: str) -> str:
        return hashlib.new(function, text.encode(), usedforsecurity=False).hexdigest()

    realm, nonce, own = challenge.get("realm", ""), challenge["nonce"], os.urandom(16).hex()
    secret = digest(f"{user}:{realm}:{password}")
    if challenge.get("algorithm", "").lower().endswith("-sess"):
        secret = digest(f"{secret}:{nonce}:{own}")
    asked = digest(f"{method}:{target}")
    qop = _qop(challenge)
    middle = f"{nonce}:00000001:{own}:{qop}" if qop else nonce
    quoted = {"username": user, "realm": realm, "nonce": nonce, "uri": target}
    plain = {"algorithm": challenge["algorithm"]} if "algorithm" in challenge else {}
    if qop:
        quoted["cnonce"] = own
        plain |= {"qop": qop, "nc": "00000001"}
    if "opaque" in challenge:
        quoted["opaque"] = challenge["opaque"]
    quoted["response"] = digest(f"{secret}:{middle}:{asked}")
    parts = [f'{name}="{_escaped(value)}"' for name, value in quoted.items()]
    header = "Digest " + ", ".join([*parts, *(f"{name}={value}" for name, value in plain.items())])
    return header.encode().decode("latin-1")  # as http.client sends it, these are the bytes of UTF-8


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
