"""A plain client that keeps its connections, for many requests a second out of one thread.

It reads no more of an answer than it must: the status, and where the answer ends.
"""

import os
import selectors
import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle

HOST = "bench.example"
END = b"\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"


def request(address: str, **headers: str) -> bytes:
    """The bytes of a GET, as the proxy before the site would send them."""
    lines = [
        f"GET {address} HTTP/1.1",
        f"Host: {HOST}",
        "X-Forwarded-Proto: https",
        "X-Forwarded-For: 192.0.2.1",
        "Accept-Encoding: identity",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass
class Measured:
    """What came of a while of asking."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)  # of each answer, in seconds
    refused: dict[int, int] = field(default_factory=dict)  # status → how many

    @property
    def answers(self) -> int:
        return len(self.times) + sum(self.refused.values())

    @property
    def a_second(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        """The time in which this share of the answers came, in milliseconds."""
        if not self.times:
            return 0.0
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def median(self) -> float:
        return 1000 * statistics.median(self.times) if self.times else 0.0


class Connection:
    """One connection, and the answer that it waits for."""

    def __init__(self, port: int):
        self.port = port
        self.socket: socket.socket | None = None
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, asked: bytes) -> None:
        self.head = b""
        self.status = 0
        self.left = -1  # bytes to come; below zero while nobody knows
        self.tail = b""
        self.closes = False
        self.began = time.perf_counter()
        self.socket.sendall(asked)

    def read(self) -> bool:
        """Take what has come; whether the answer is whole."""
        block = self.socket.recv(1 << 18)
        if not block:
            raise ConnectionError("closed in the middle of an answer")
        if not self.status:
            self.head += block
            head, there, block = self.head.partition(END)
            if not there:
                return False
            lower = head.lower()
            self.status = int(head[9:12])
            self.closes = b"connection: close" in lower
            at = lower.find(b"content-length:")
            if at >= 0:
                self.left = int(lower[at + 15 :].split(b"\r\n", 1)[0])
        if self.left >= 0:
            self.left -= len(block)
            return self.left <= 0
        self.tail = (self.tail + block)[-len(LAST_CHUNK) :]
        return self.tail == LAST_CHUNK


def measure(
    port: int, asked: Sequence[bytes], connections: int, seconds: float, *, least: int = 0
) -> Measured:
    """Ask one after the other for so long, and so often, over so many connections at once."""
    measured = Measured()
    requests: Iterator[bytes] = cycle(asked)
    ways = selectors.DefaultSelector()
    everyone = [Connection(port) for _ in range(connections)]
    began = time.perf_counter()
    until = began + seconds
    for one in everyone:
        ways.register(one.socket, selectors.EVENT_READ, one)
        one.ask(next(requests))
    waiting = connections
    last = began
    while waiting:
        for key, _events in ways.select(120) or _nobody():
            one = key.data
            try:
                whole = one.read()
            except ConnectionError:
                one.status, one.closes, whole = 0, True, True
            if not whole:
                continue
            last = time.perf_counter()
            if one.status == 200:
                measured.times.append(last - one.began)
            else:
                measured.refused[one.status] = measured.refused.get(one.status, 0) + 1
            if last >= until and measured.answers >= least:
                waiting -= 1
                ways.unregister(one.socket)
                continue
            if one.closes:
                ways.unregister(one.socket)
                one.socket.close()
                one.open()
                ways.register(one.socket, selectors.EVENT_READ, one)
            one.ask(next(requests))
    measured.seconds = last - began
    for one in everyone:
        one.socket.close()
    ways.close()
    return measured


def _nobody():
    raise TimeoutError("no answer for two minutes")


def ceiling(seconds: float = 1.0, size: int = 20_000) -> float:
    """How many answers a second this client can take at most, from a server that does nothing."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    child = os.fork()
    if not child:
        _answer_always(listener, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size, size)
    listener.close()
    try:
        return measure(port, [request("/")], 4, seconds).a_second
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


def _answer_always(listener: socket.socket, head: bytes, size: int) -> None:
    answer = head + b"x" * size
    ways = selectors.DefaultSelector()
    ways.register(listener, selectors.EVENT_READ)
    while True:
        for key, _events in ways.select():
            if key.fileobj is listener:
                ways.register(listener.accept()[0], selectors.EVENT_READ)
            elif key.fileobj.recv(65536):
                key.fileobj.sendall(answer)
            else:
                ways.unregister(key.fileobj)
                key.fileobj.close()
