"""A server on this machine that takes posts, with faults on demand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Posted:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Taken:
    """What came, and what is answered: each answer once, the last for ever; status 0 hangs up."""

    answers: list[tuple[int, dict[str, str]]] = field(default_factory=lambda: [(204, {})])
    requests: list[Posted] = field(default_factory=list)
    address: str = ""


@contextmanager
def taking() -> Iterator[Taken]:
    """A running server, and what it took."""
    taken = Taken()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            taken.requests.append(Posted(self.path, dict(self.headers), body))
            status, headers = taken.answers.pop(0) if len(taken.answers) > 1 else taken.answers[0]
            if status == 0:
                self.connection.close()
                return
            self.send_response(status)
            for name, text in headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    taken.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield taken
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
