"""Fetches files politely: one request at a time, waiting when asked to, going on where a download was cut off.

It must never keep a file that is not whole, nor take a web page for data.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import takecover
from takecover.errors import SourceError
from takecover.feeds.answers import Answer, Chunks, CutError, Manners, asked_wait_s, continues, total_bytes

if TYPE_CHECKING:
    import httpx

USER_AGENT = f"takecover/{takecover.__version__} (civil protection planning)"
"""Who asks, as the services' rules want it."""

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_REMEDIES = {
    401: "It wants a key. Use another service",
    403: "It does not serve this machine. Use another service or its mirror",
    404: "It has no such file. Check the address and the date",
    410: "The file is gone. Check the address and the date",
}
_WHOLE, _PART, _BEYOND = 200, 206, 416
_SNIFFED_BYTES = 16


@dataclass(frozen=True)
class Wanted:
    """A file to fetch.

    Attributes
    ----------
    url
        Where it is.
    begins
        What its content may begin with; anything else is no such file.
    most_bytes
        It is not larger.
    form
        Fields to post, for a service that computes the file; such a download is not gone on with.
    md5
        Checksum that it must have, in hexadecimal digits; empty where none is known.
    """

    url: str
    begins: tuple[bytes, ...]
    most_bytes: int
    form: Mapping[str, str] = field(default_factory=dict)
    md5: str = ""


class Fetched(NamedTuple):
    """What was fetched: bytes, and the file's checksum in hexadecimal digits."""

    size_bytes: int
    sha256: str


class Courier:
    """Asks services, one request at a time.

    Parameters
    ----------
    manners
        How patient it is.
    sleep, clock, lot
        Wait so many seconds; seconds of a clock that never goes back; a number from 0 to 1 drawn anew each time.
    """

    def __init__(
        self,
        manners: Manners | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        lot: Callable[[], float] = random.random,
    ) -> None:
        import httpx

        self._manners = manners or Manners()
        self._sleep, self._clock, self._lot = sleep, clock, lot
        self._last_s = -1e9
        self._client = httpx.Client(
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            timeout=self._manners.timeout_s,
            follow_redirects=True,
            max_redirects=5,
            limits=httpx.Limits(max_connections=1),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def fetch(
        self, wanted: Wanted, path: Path, tell: Callable[[float], None] = lambda share: None
    ) -> Fetched:
        """Fetch a file to a path, whole or not at all.

        Parameters
        ----------
        wanted
            The file.
        path
            Where it goes. While it comes it is called ``<name>.part``, and is gone on with the next time.
        tell
            Told how much has come, 0 to 1, where the service says how much there is.

        Raises
        ------
        SourceError
            If the service cannot be reached, refuses, asks for a longer wait than there is patience for, or sends
            something else than the file: a web page, a file too large or without end, one with another checksum.
        """
        part = path.with_name(f"{path.name}.part")
        note = path.with_name(f"{path.name}.part.json")
        failures = mismatches = 0
        while True:
            before = part.stat().st_size if part.exists() else 0
            try:
                self._ask(wanted, part, note, tell)
                found = _checksums(part)
                if wanted.md5 and found["md5"] != wanted.md5:
                    _forget(part, note)
                    mismatches += 1
                    if mismatches > 1:
                        raise SourceError(
                            f"{wanted.url}: came twice with another checksum than the service names. Try again later."
                        )
                    raise CutError("its checksum is wrong")
                break
            except CutError as cut:
                grown = (part.stat().st_size if part.exists() else 0) - before
                failures = 0 if grown > 0 and not wanted.form else failures + 1
                self._wait(wanted.url, failures, cut)
        part.replace(path)
        note.unlink(missing_ok=True)
        tell(1.0)
        return Fetched(path.stat().st_size, found["sha256"])

    def text(self, url: str, most_bytes: int, form: Mapping[str, str] | None = None) -> bytes:
        """A small answer, held in memory.

        Raises
        ------
        SourceError
            As `fetch` does.
        """
        failures = 0
        while True:
            try:
                data = bytearray()
                with self._open(url, form or {}, {}) as answer:
                    self._judge(answer, url)
                    for chunk in self._chunks(answer):
                        data += chunk
                        if len(data) > most_bytes:
                            raise SourceError(
                                f"{url}: answers with more than {most_bytes:,} bytes. Check the address."
                            )
                return bytes(data)
            except CutError as cut:
                failures += 1
                self._wait(url, failures, cut)

    def _ask(self, wanted: Wanted, part: Path, note: Path, tell: Callable[[float], None]) -> None:
        """One request, whose answer goes on with the part or begins it anew."""
        done, headers = _resumption(wanted, part, note)
        with self._open(wanted.url, wanted.form, headers) as answer:
            if answer.status_code == _BEYOND and done:
                _forget(part, note)
                raise CutError("the service has another file now")
            self._judge(answer, wanted.url)
            if answer.status_code != _PART or not continues(answer, done):
                done = 0
            total = total_bytes(answer, done)
            if total > wanted.most_bytes:
                raise SourceError(
                    f"{wanted.url}: has {total:,} bytes, more than {wanted.most_bytes:,}. Not fetched."
                )
            validator = answer.headers.get("ETag") or answer.headers.get("Last-Modified", "")
            note.write_text(json.dumps({"url": wanted.url, "validator": validator}), encoding="utf-8")
            try:
                done = self._keep(
                    answer, wanted, part, done, lambda come: tell(come / total if total else 0.0)
                )
            except SourceError:
                _forget(part, note)
                raise
            if done < max(total, 1):
                raise CutError(f"the answer ended after {done:,} of {total:,} bytes")

    def _keep(
        self, answer: httpx.Response, wanted: Wanted, part: Path, done: int, tell: Callable[[int], None]
    ) -> int:
        """Append the answer to the part; its size in the end."""
        with part.open("ab" if done else "r+b" if part.exists() else "wb") as file:
            file.truncate(done)
            head = bytearray() if done == 0 else None
            for chunk in self._chunks(answer):
                file.write(chunk)
                done += len(chunk)
                if done > wanted.most_bytes:
                    raise SourceError(
                        f"{wanted.url}: does not end after {wanted.most_bytes:,} bytes. Not fetched."
                    )
                if head is not None and len(head) < _SNIFFED_BYTES:
                    head += chunk[:_SNIFFED_BYTES]
                    if len(head) >= _SNIFFED_BYTES:
                        _sniff(wanted, bytes(head))
                tell(done)
            if head is not None and len(head) < _SNIFFED_BYTES:
                _sniff(wanted, bytes(head))
        return done

    def _open(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        self._wait_until_due()
        return Answer(self._client, url, form, headers)

    def _wait_until_due(self) -> None:
        """Keep the gap between two requests."""
        self._sleep(max(0.0, self._last_s + self._manners.gap_s - self._clock()))
        self._last_s = self._clock()

    def _judge(self, answer: httpx.Response, url: str) -> None:
        """Nothing for an answer that holds the file; an error for any other."""
        if url.startswith("https:") and answer.url.scheme != "https":
            raise SourceError(f"{url}: leads to an address that is not secure. Not fetched.")
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise SourceError(f"{url}: answers packed though asked not to. Check the address.")
        code = answer.status_code
        if code in _AGAIN:
            raise CutError(f"it answers {code}", asked_wait_s(answer.headers.get("Retry-After", "")))
        if code not in (_WHOLE, _PART):
            raise SourceError(f"{url}: answers {code}. {_REMEDIES.get(code, 'Check the address')}.")

    def _chunks(self, answer: httpx.Response) -> Chunks:
        return Chunks(answer, self._manners, self._clock)

    def _wait(self, url: str, failures: int, cut: CutError) -> None:
        """Wait before the next try, or give up."""
        manners = self._manners
        if failures >= manners.tries:
            raise SourceError(
                f"{url}: gave no whole answer in {failures} tries ({cut}). Try again later."
            ) from cut
        if cut.wait_s > manners.longest_wait_s:
            minutes = cut.wait_s / 60
            raise SourceError(
                f"{url}: asks to be left alone for {minutes:,.0f} minutes. Try again then."
            ) from cut
        backoff_s = min(manners.first_wait_s * 2 ** max(failures - 1, 0), manners.longest_wait_s)
        self._sleep(max(cut.wait_s, backoff_s * (0.5 + self._lot() / 2)))


def _forget(part: Path, note: Path) -> None:
    """Delete what has come so far."""
    part.unlink(missing_ok=True)
    note.unlink(missing_ok=True)


def _resumption(wanted: Wanted, part: Path, note: Path) -> tuple[int, dict[str, str]]:
    """How much has come before, and the headers that ask for the rest; 0 and none where it begins anew."""
    if wanted.form or not part.exists() or part.stat().st_size == 0:
        return 0, {}
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
        is_same = said["url"] == wanted.url and isinstance(said["validator"], str)
        validator = said["validator"] if is_same else ""
    except (OSError, ValueError, TypeError, KeyError):
        validator = ""
    # A weak validator does not promise the same bytes.
    if not validator or validator.startswith("W/"):
        return 0, {}
    done = part.stat().st_size
    return done, {"Range": f"bytes={done}-", "If-Range": validator}


def _sniff(wanted: Wanted, head: bytes) -> None:
    """Refuse what does not begin as the file does."""
    begin = head.lstrip()
    if not begin.startswith(wanted.begins):
        what = "a web page" if begin[:1] == b"<" else f"something else ({begin[:12]!r})"
        raise SourceError(
            f"{wanted.url}: answers with {what}, not with the file. Open it in a browser and see."
        )


def _checksums(path: Path) -> dict[str, str]:
    """SHA-256 and, as services give it, MD5."""
    sums = {"sha256": hashlib.sha256(), "md5": hashlib.md5(usedforsecurity=False)}
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            for one in sums.values():
                one.update(chunk)
    return {name: one.hexdigest() for name, one in sums.items()}
