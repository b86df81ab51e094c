"""Which hosts are this machine, and what a proxy is told."""

from __future__ import annotations

import pytest

from lastresort.sources.connection import is_loopback, is_public


@pytest.mark.parametrize("host", ["localhost", "LocalHost", "127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)
    assert not is_public(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.1", "169.254.169.254", "fd00::1", "100.64.0.1"])
def test_a_private_network(host: str) -> None:
    assert not is_loopback(host)
    assert not is_public(host)


@pytest.mark.parametrize("host", ["cal.example", "localhost.example", "93.184.216.34", "2606:2800:220::1"])
def test_the_open_internet(host: str) -> None:
    assert not is_loopback(host)
    assert is_public(host)
