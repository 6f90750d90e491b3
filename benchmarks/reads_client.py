"""Reads the public state so many times a second, on time whatever comes back; in one process of its own.

A reading begins when it was due, not when a connection was free, so that a server that falls behind is seen to. Run by
`reads_load`.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from collections import deque
from typing import Any

REQUEST = b"GET /api/v1/state HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n"
_READ = 1 << 18


class Connection:
    """One connection that is kept: at most one reading at a time.

    Parameters
    ----------
    port
        Of the server.
    """

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._got = bytearray()
        self._due = 0.0

    def ask(self, due: float) -> None:
        """Send a reading that was due then."""
        self._due = due
        self.socket.sendall(REQUEST)

    def answer(self) -> tuple[float, int, bool] | None:
        """How long the reading took [s], its bytes, and whether it was right; None while it is not whole."""
        content = self.socket.recv(_READ)
        if not content:
            raise RuntimeError("A reader was cut off.")
        self._got += content
        end = self._got.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self._got[:end]).lower()
        size = end + 4 + int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(self._got) < size:
            return None
        self._got.clear()
        return time.monotonic() - self._due, size, head.startswith(b"http/1.1 200 ")


def main() -> None:
    """Serve one order."""
    order: dict[str, Any] = json.loads(sys.stdin.readline())
    print(json.dumps(read(order["ports"], order["per_s"], order["seconds"], order["connections"])))


def read(ports: list[int], per_s: int, seconds: float, connections: int) -> dict[str, Any]:
    """All readings: how long each took, how many were wrong, and bytes of one."""
    free = deque(Connection(ports[number % len(ports)]) for number in range(connections))
    watch, by_number = select.epoll(), {each.socket.fileno(): each for each in free}
    for number in by_number:
        watch.register(number, select.EPOLLIN)
    began, sent, count = time.monotonic(), 0, int(per_s * seconds)
    took: list[float] = []
    wrong = size = 0
    while len(took) < count:
        now = time.monotonic()
        while free and sent < count and (due := began + sent / per_s) <= now:
            free.popleft().ask(due)
            sent += 1
        wait_s = max(0.0, began + sent / per_s - now) if sent < count and free else 0.05
        for number, _ in watch.poll(wait_s, 256):
            found = by_number[number].answer()
            if found is not None:
                took.append(found[0])
                size = found[1]
                wrong += not found[2]
                free.append(by_number[number])
        if now - began > seconds + 60:
            raise RuntimeError(f"{count - len(took):,} readings had no answer.")
    return {"took_s": took, "wrong": wrong, "bytes": size, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    main()
