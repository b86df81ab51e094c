"""A connection to a host, straight or through the system's proxy, and only to where one may be sent."""

from __future__ import annotations

import base64
import ipaddress
import re
import socket
import ssl
import time
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

if TYPE_CHECKING:
    from urllib.parse import SplitResult

PORTS = {"https": 443, "http": 80}
_TRY_SECONDS = 5.0
"""For each of a host's addresses."""
_PRIVATE_NAMES = frozenset({"localhost", "local", "internal", "lan", "home", "corp", "localdomain", "arpa"})
"""Last parts of names that no public server has (RFC 6761, 6762 and 8375, and what private networks use)."""
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""The last part of an address of IPv4 in whatever way it is written: 127.1, 0x7f000001."""
_WITH_IPV4_AT_THE_END = (
    ipaddress.IPv6Network("64:ff9b::/96"),
    ipaddress.IPv6Network("::/96"),
    ipaddress.IPv6Network("::ffff:0:0:0/96"),
)
"""What is translated to IPv4 (RFC 6052, RFC 2765), and the old compatible addresses (RFC 4291)."""


class PrivateAddressError(Exception):
    """A server has sent us to a host that does not stand in the open Internet."""


class Deadline(NamedTuple):
    """When all has to be done, by the clock that only goes forward."""

    end: float

    @property
    def left(self) -> float:
        """Seconds, never none: a socket would wait for ever."""
        return max(0.01, self.end - time.monotonic())


def basic(user: str, password: str) -> str:
    """Return the value of an Authorization header (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, by its literal address or its one fixed name."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_public(host: str) -> bool:
    """Tell whether a host may stand in the open Internet; a name that others look up, until it is looked up.

    Names of this machine and of private networks are not public, nor is an address in an odd way of writing:
    behind a proxy nobody here sees where it leads.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.lower().rstrip(".")
        last = name.rpartition(".")[2]
        return "." in name and last not in _PRIVATE_NAMES and not _NUMBER.fullmatch(last)
    if isinstance(address, ipaddress.IPv6Address):
        # An address of IPv4 inside decides: such a packet may leave the tunnel in a private network.
        inside = address.ipv4_mapped or address.sixtofour
        if any(address in network for network in _WITH_IPV4_AT_THE_END):
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            address = inside
        elif address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def find_proxy(parts: SplitResult) -> SplitResult | None:
    """Return the proxy that the system names for an address."""
    proxy = getproxies().get(parts.scheme)
    if not proxy or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return urlsplit(proxy if "://" in proxy else f"http://{proxy}")


def introduce(proxy: SplitResult | None) -> dict[str, str]:
    """Return the header by which a proxy knows us, where it is named with a user (RFC 9110 11.7.1)."""
    if proxy is None or not proxy.username:
        return {}
    return {"Proxy-Authorization": basic(unquote(proxy.username), unquote(proxy.password or ""))}


def connect(
    parts: SplitResult, proxy: SplitResult | None, deadline: Deadline, *, anywhere: bool
) -> HTTPConnection:
    """Return a connection to the host of an address, made or about to be made.

    Unless it may lead `anywhere`, it does not lead into a private network: a host that a server names is not
    to be trusted, while one that the user names may well stand at home. Raises PrivateAddressError, OSError.
    """
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    if proxy is not None and proxy.hostname:
        if not anywhere and not is_public(host):
            raise PrivateAddressError
        at, by = proxy.hostname, proxy.port or PORTS["http"]
        if parts.scheme != "https":
            return HTTPConnection(at, by, timeout=deadline.left)
        tunnel = HTTPSConnection(at, by, timeout=deadline.left)
        tunnel.set_tunnel(host, port, introduce(proxy))
        return tunnel
    sock = _open_socket(host, port, deadline, anywhere=anywhere)
    connection: HTTPConnection
    if parts.scheme == "https":
        connection = HTTPSConnection(host, port, timeout=deadline.left)
        connection.sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    else:
        connection = HTTPConnection(host, port, timeout=deadline.left)
        connection.sock = sock
    return connection


def _open_socket(host: str, port: int, deadline: Deadline, *, anywhere: bool) -> socket.socket:
    """Connect to the first address of a host that answers."""
    failure: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not anywhere and not is_public(str(address[0])):
            raise PrivateAddressError
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(min(_TRY_SECONDS, deadline.left))
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
            continue
        sock.settimeout(deadline.left)
        return sock
    raise failure or OSError("no address")
