"""Thousands of clients in one process of its own: raw sockets and one epoll, so that they cost less than the server.

Takes an order as a line of JSON, opens the streams and says so; then, at each further line, sends what that round sends
and says when each client had it. Run by `stream_load`.
"""

from __future__ import annotations

import json
import resource
import select
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any

AT_ONCE = 200
"""Connections that are opened before their answers are waited for."""

PATIENCE_S = 60.0
_READ = 1 << 18


@dataclass
class Client:
    """One connection, and what came of it.

    Attributes
    ----------
    socket
        Its socket.
    tail
        The last bytes read, where what is waited for may lie across two reads.
    """

    socket: socket.socket
    tail: bytes = field(default=b"")


def main() -> None:
    """Serve one order."""
    order: dict[str, Any] = json.loads(sys.stdin.readline())
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    began = time.monotonic()
    streams = opened(order["ports"], order["streams"])
    print(json.dumps({"open": len(streams), "took_s": time.monotonic() - began}), flush=True)
    for line in sys.stdin:
        print(json.dumps(played(streams, order["ports"], json.loads(line))), flush=True)


def opened(ports: list[int], count: int) -> list[Client]:
    """So many streams, each of which has been greeted."""
    found: list[Client] = []
    while len(found) < count:
        part: list[Client] = []
        for _ in range(min(AT_ONCE, count - len(found))):
            port = ports[(len(found) + len(part)) % len(ports)]
            client = Client(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S))
            client.socket.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
            client.socket.setblocking(False)
            part.append(client)
        waited(part, b"event: hello")
        found += part
    return found


def waited(clients: list[Client], marker: bytes) -> list[float]:
    """When each client had read the marker, by the machine's steady clock [s].

    Raises
    ------
    RuntimeError
        One was cut off, or waited in vain.
    """
    watch, by_number = select.epoll(len(clients)), {}
    for client in clients:
        client.tail = b""
        by_number[client.socket.fileno()] = client
        watch.register(client.socket.fileno(), select.EPOLLIN)
    came: list[float] = []
    give_up = time.monotonic() + PATIENCE_S
    while by_number:
        for number, _ in watch.poll(1.0, 1024):
            client = by_number[number]
            content = client.socket.recv(_READ)
            if not content:
                raise RuntimeError("A client was cut off.")
            seen = client.tail + content
            if marker in seen:
                came.append(time.monotonic())
                watch.unregister(number)
                del by_number[number]
            else:
                client.tail = seen[-len(marker) :]
        if time.monotonic() > give_up:
            raise RuntimeError(f"{len(by_number):,} clients waited {PATIENCE_S:.0f} s in vain.")
    watch.close()
    return came


def played(streams: list[Client], ports: list[int], order: dict[str, Any]) -> dict[str, Any]:
    """One round: everything is sent at once, the alert first; when each client had the alert.

    It ends once each sender has its answer, which is no figure: answers are read after the streams.
    """
    senders = []
    for number in range(len(order["reports"]) + 1):
        port = ports[number % len(ports)]
        senders.append(Client(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)))
    requests = [order["alert"], *order["reports"]]
    sent = time.monotonic()
    for sender, request in zip(senders, requests, strict=True):
        sender.socket.sendall(request.encode())
        sender.socket.setblocking(False)
    came = waited(streams, order["marker"].encode())
    waited(senders, b"HTTP/1.1 200")
    for sender in senders:
        sender.socket.close()
    return {"streams_s": [each - sent for each in came]}


if __name__ == "__main__":
    main()
