"""The tests reach nothing beyond this machine."""

import socket
import urllib.request

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "example.com"])
def test_sockets_are_closed_to_other_machines(host):
    with pytest.raises(ConnectionRefusedError, match="Sockets are closed in tests"):
        socket.create_connection((host, 80), timeout=1)


@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")]
)
def test_sockets_send_no_datagrams_to_other_machines(family, host):
    with (
        socket.socket(family, socket.SOCK_DGRAM) as one,
        pytest.raises(ConnectionRefusedError, match="Sockets are closed in tests"),
    ):
        one.sendto(b"", (host, 80))


def test_urls_of_other_machines_cannot_be_opened():
    with pytest.raises(OSError, match="Sockets are closed in tests"):
        urllib.request.urlopen("http://example.com/", timeout=1)


def test_sockets_are_open_to_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
