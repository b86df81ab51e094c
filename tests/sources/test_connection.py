"""Which hosts are this machine, and what a proxy is told."""

from __future__ import annotations

import time
from socket import AF_INET, SOCK_STREAM
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from lastresort.sources import connection
from lastresort.sources.connection import Deadline, connect, find_proxy, is_loopback, is_public

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("host", ["localhost", "LocalHost", "127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)
    assert not is_public(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.1", "169.254.169.254", "fd00::1", "100.64.0.1"])
def test_a_private_network(host: str) -> None:
    assert not is_loopback(host)
    assert not is_public(host)


@pytest.mark.parametrize(
    "host",
    [
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::",
        "::127.0.0.1", "::ffff:0:10.0.0.1", "fec0::1", "ff02::1", "224.0.0.1", "0.0.0.0", "255.255.255.255",
        "fe80::1%eth0",
    ],
)  # fmt: skip
def test_a_private_network_inside_another_address(host: str) -> None:
    assert not is_public(host)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "10.0.0.1."])
def test_an_address_in_an_odd_way_of_writing_is_trusted_by_nobody(host: str) -> None:
    assert not is_public(host)


@pytest.mark.parametrize(
    "host", ["localhost.", "a.localhost", "nas", "printer.local", "router.lan", "db.internal", "x.home.arpa"]
)
def test_names_of_private_networks(host: str) -> None:
    assert not is_public(host)


@pytest.mark.parametrize(
    "host",
    ["cal.example", "localhost.example", "93.184.216.34", "2606:2800:220::1", "64:ff9b::5db8:d822",
     "a.example."],
)  # fmt: skip
def test_the_open_internet(host: str) -> None:
    assert not is_loopback(host)
    assert is_public(host)


@pytest.mark.parametrize(
    ("address", "port"),
    [("http://a.example/", 80), ("https://a.example/", 443), ("https://a.example:8443/", 8443)],
)
def test_without_a_port_the_usual_one_is_asked(
    monkeypatch: pytest.MonkeyPatch, address: str, port: int
) -> None:
    asked: list[tuple[str, int, bool]] = []

    def refuse(host: str, port: int, deadline: Deadline, *, anywhere: bool) -> None:
        asked.append((host, port, anywhere))
        raise ConnectionRefusedError

    monkeypatch.setattr(connection, "_open_socket", refuse)
    with pytest.raises(ConnectionRefusedError):
        connect(urlsplit(address), None, Deadline(time.monotonic() + 1), anywhere=False)
    assert asked == [("a.example", port, False)]


@pytest.mark.parametrize("proxy", ["http://proxy.example", "http://proxy.example:80"])
@pytest.mark.parametrize("address", ["http://a.example/", "https://a.example/"])
def test_a_proxy_without_a_port_is_asked_at_the_usual_one(proxy: str, address: str) -> None:
    made = connect(urlsplit(address), urlsplit(proxy), Deadline(time.monotonic() + 1), anywhere=False)
    assert (made.host, made.port) == ("proxy.example", 80)


@pytest.mark.parametrize("named", ["proxy.example:3128", "http://proxy.example:3128"])
def test_a_proxy_may_be_named_without_a_scheme(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("http_proxy", named)
    monkeypatch.setenv("no_proxy", "")
    found = find_proxy(urlsplit("http://a.example/"))
    assert found is not None
    assert (found.hostname, found.port) == ("proxy.example", 3128)


class Wire:
    """A socket that writes down what is done with it, and reaches nobody."""

    def __init__(self, done: list[str], failing: list[str]) -> None:
        self.done, self.failing = done, failing

    def settimeout(self, seconds: float) -> None:
        self.done.append("try" if seconds == connection._TRY_SECONDS else "rest" if seconds > 5 else "late")

    def connect(self, address: tuple[str, int]) -> None:
        self.done.append(address[0])
        if address[0] in self.failing:
            raise ConnectionRefusedError(address[0])

    def close(self) -> None:
        self.done.append("close")


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Look a name up as the given addresses, and return what was done with the sockets."""

    def reach(*addresses: str, failing: tuple[str, ...] = (), seconds: float = 60.0) -> list[str]:
        done: list[str] = []
        found = [(AF_INET, SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
        monkeypatch.setattr(connection.socket, "getaddrinfo", lambda *_, **__: found)
        monkeypatch.setattr(connection.socket, "socket", lambda *_: Wire(done, list(failing)))
        deadline = Deadline(time.monotonic() + seconds)
        try:
            connection._open_socket("a.example", 443, deadline, anywhere=False)
        except OSError as error:
            done.append(f"failed: {error}")
        except connection.PrivateAddressError:
            done.append("private")
        return done

    return reach


def test_each_address_is_tried_for_a_while_and_the_one_that_answers_kept(
    reached: Callable[..., list[str]],
) -> None:
    first, second = "93.184.216.34", "93.184.216.35"
    assert reached(first, second) == ["try", first, "rest"]
    assert reached(first, second, failing=(first,)) == ["try", first, "close", "try", second, "rest"]
    both = ["try", first, "close", "try", second, "close", f"failed: {second}"]
    assert reached(first, second, failing=(first, second)) == both


def test_no_address_is_tried_for_longer_than_there_is_time(reached: Callable[..., list[str]]) -> None:
    assert reached("93.184.216.34", seconds=1.0) == ["late", "93.184.216.34", "late"]


def test_a_name_without_an_address_is_told(reached: Callable[..., list[str]]) -> None:
    assert reached() == ["failed: no address"]


def test_a_public_name_that_leads_home_is_not_followed(reached: Callable[..., list[str]]) -> None:
    assert reached("10.0.0.1") == ["private"]
    failing = "93.184.216.34"
    assert reached(failing, "10.0.0.1", failing=(failing,))[-1] == "private"
