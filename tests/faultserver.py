"""A server on this machine that plays the services that a city is fetched from, with every fault of a real one."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

Fault = Callable[["Handler"], None]


@dataclass
class Service:
    """What the server has and how it behaves.

    Attributes
    ----------
    url
        Its address.
    files
        Content by path; a path may go on with a query.
    answers
        For a posted query: parts of the query and what is answered to it.
    faults
        What happens to the next requests instead, one each, in order.
    seen
        Method, path and headers of each request.
    at_once
        Most requests that were open at a time.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    at_once: int = 0
    open_now: int = 0


class Handler(BaseHTTPRequestHandler):
    """Answers with whole files, with parts of them, or with the next fault."""

    service: Service
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A file."""
        self._take(lambda: self.service.files.get(self.path))

    def do_POST(self) -> None:
        """A query."""
        length = int(self.headers.get("Content-Length", 0))
        query = parse_qs(self.rfile.read(length).decode()).get("data", [""])[0]
        self.service.queries.append(query)
        self._take(lambda: next((a for part, a in self.service.answers.items() if part in query), None))

    def _take(self, find: Callable[[], bytes | None]) -> None:
        service = self.service
        service.open_now += 1
        service.at_once = max(service.at_once, service.open_now)
        service.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        try:
            if service.faults:
                service.faults.pop(0)(self)
            else:
                self.answer(find())
        except OSError:
            self.close_connection = True
        finally:
            service.open_now -= 1

    def answer(self, content: bytes | None) -> None:
        """The content, or the part of it that is asked for."""
        if content is None:
            self.say(404, b"not here")
            return
        tag = f'"{hashlib.sha256(content).hexdigest()[:12]}"'
        begin = self.headers.get("Range", "").removeprefix("bytes=").removesuffix("-")
        if begin and self.headers.get("If-Range") == tag:
            if int(begin) >= len(content):
                self.say(416, b"")
                return
            span = f"bytes {begin}-{len(content) - 1}/{len(content)}"
            self.say(206, content[int(begin) :], {"ETag": tag, "Content-Range": span})
            return
        self.say(200, content, {"ETag": tag})

    def say(
        self, code: int, content: bytes, headers: dict[str, str] | None = None, length: int | None = None
    ) -> None:
        """A whole answer; `length` claims another size than it has."""
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *words: object) -> None:
        """Nothing."""


def refuses(code: int, **headers: str) -> Fault:
    """Answers with an error; a header's hyphen is written as an underscore."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.say(code, b"busy", named)


def cuts_after(count: int) -> Fault:
    """Sends so many bytes of the file and closes the connection."""

    def fault(handler: Handler) -> None:
        content = handler.service.files[handler.path]
        tag = f'"{hashlib.sha256(content).hexdigest()[:12]}"'
        begin = int(handler.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        part = content[begin : begin + count]
        headers = {"ETag": tag}
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{len(content) - 1}/{len(content)}"
        handler.say(206 if begin else 200, part, headers, len(content) - begin)
        handler.close_connection = True

    return fault


def hangs_up(handler: Handler) -> None:
    """Closes the connection without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def says(content: bytes, **headers: str) -> Fault:
    """Answers with something else."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.say(200, content, named)


def never_ends(handler: Handler) -> None:
    """Sends zeros for as long as somebody listens."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"\0" * 65_536)


def is_silent(handler: Handler) -> None:
    """Says nothing until the other side has gone."""
    handler.connection.settimeout(20)
    handler.rfile.read(1)
    handler.close_connection = True


def sends_to(url: str) -> Fault:
    """Redirects to another address."""
    return lambda handler: handler.say(302, b"", {"Location": url})


@contextmanager
def serving() -> Iterator[Service]:
    """A server on a free port of this machine, stopped in the end."""
    service = Service()
    handler = type("Bound", (Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *words: None  # type: ignore[method-assign] # the other side may hang up, too
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
