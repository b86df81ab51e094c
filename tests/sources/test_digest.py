"""How a Digest challenge is answered, down to what is left out (RFC 7616, and RFC 2069 for old servers)."""

from __future__ import annotations

import hashlib
import re

import pytest

from lastresort.sources.connection import basic
from lastresort.sources.digest import answer_challenges

USER, PASSWORD = "Mufasa", "Circle of Life"
REALM, NONCE, TARGET = "http-auth@example.org", "7ypf/xlj9XXwfDPEoM4URrv", "/dir/index.html"
ASKED = f'Digest realm="{REALM}", nonce="{NONCE}"'


def answered(*challenges: str, authorization: str = basic(USER, PASSWORD)) -> dict[str, str]:
    """The parameters of the answer; none when there is none."""
    header = answer_challenges(authorization, challenges, "GET", TARGET)
    assert header == "" or header.startswith("Digest ")
    pairs = re.findall(r'(\w+)=(?:"([^"]*)"|([^",]+))', header)
    return {name: quoted or plain for name, quoted, plain in pairs}


def response(given: dict[str, str], function: str = "md5", *, session: bool = False) -> str:
    """What RFC 7616 3.4.1 computes for an answer."""

    def digest(text: str) -> str:
        return hashlib.new(function, text.encode()).hexdigest()

    secret = digest(f"{USER}:{REALM}:{PASSWORD}")
    if session:
        secret = digest(f"{secret}:{NONCE}:{given['cnonce']}")
    middle = f"{NONCE}:{given['nc']}:{given['cnonce']}:auth" if "qop" in given else NONCE
    return digest(f"{secret}:{middle}:{digest(f'GET:{TARGET}')}")


@pytest.mark.parametrize("authorization", ["", "Bearer TXVmYXNhOng=", "Basically TXVmYXNhOng="])
def test_without_a_user_and_a_password_there_is_no_answer(authorization: str) -> None:
    assert answered(ASKED, authorization=authorization) == {}


def test_an_old_server_is_answered_with_what_it_knows() -> None:
    given = answered(ASKED)
    assert set(given) == {"username", "realm", "nonce", "uri", "response"}
    assert given["response"] == response(given)


def test_what_a_server_named_is_given_back() -> None:
    given = answered(f'{ASKED}, qop="auth", algorithm=MD5, opaque="o p"')
    assert (given["algorithm"], given["opaque"], given["qop"], given["nc"]) == (
        "MD5",
        "o p",
        "auth",
        "00000001",
    )
    assert given["response"] == response(given)


@pytest.mark.parametrize(
    ("named", "function", "session"),
    [
        ("", "md5", False), ("MD5", "md5", False), ("md5-sess", "md5", True),
        ("SHA-256", "sha256", False), ("SHA-256-sess", "sha256", True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("qop", ["auth", "AUTH", "auth-int,auth", "auth-int auth", "auth, auth-int"])
def test_each_algorithm_is_computed(named: str, function: str, session: bool, qop: str) -> None:
    given = answered(f'{ASKED}, qop="{qop}"' + (f", algorithm={named}" if named else ""))
    assert given.get("algorithm", "") == named
    assert given["qop"] == "auth"
    assert given["response"] == response(given, function, session=session)


@pytest.mark.parametrize(
    "challenge",
    [
        f'{ASKED}, qop="auth-int"', f'{ASKED}, qop="authentic"', f'{ASKED}, qop=""',
        f"{ASKED}, algorithm=SHA-512-256", f'Digest realm="{REALM}", qop="auth"', f'Basic realm="{REALM}"',
        'Basic realm="a, Digest b"', "Digest", "",
    ],
)  # fmt: skip
def test_a_challenge_that_cannot_be_met_is_not_answered(challenge: str) -> None:
    assert answered(challenge) == {}


def test_the_better_of_two_is_answered_wherever_they_stand() -> None:
    weak, strong = f'{ASKED}, qop="auth"', f'{ASKED}, algorithm=SHA-256, qop="auth"'
    for challenges in (
        (weak, strong),
        (strong, weak),
        (f"{weak}, {strong}",),
        (f'Basic realm="x", {strong}',),
    ):
        given = answered(*challenges)
        assert given["algorithm"] == "SHA-256"
        assert given["response"] == response(given, "sha256")


def test_what_is_no_challenge_of_digest_hides_none() -> None:
    assert (
        answered('Negotiate, NTLM, Basic realm="Digest"', f'{ASKED}, qop="auth-int"', ASKED)["nonce"] == NONCE
    )


def test_each_answer_has_a_number_of_its_own() -> None:
    asked = f'{ASKED}, qop="auth"'
    assert answered(asked)["cnonce"] != answered(asked)["cnonce"]
