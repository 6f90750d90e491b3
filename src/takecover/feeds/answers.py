"""One request and its answer: what broke off, how much there is, and how long a service asks to be left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from takecover.errors import SourceError

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True)
class Manners:
    """How patient a courier is.

    Attributes
    ----------
    tries
        Requests without any progress before giving up.
    first_wait_s, longest_wait_s
        Wait after the first failure [s], doubled each time, with a lot drawn; and the longest wait, also where the
        service asks for one.
    gap_s
        Least time between two requests [s].
    timeout_s
        Longest silence within an answer [s].
    slowest_bytes_s, patience_s
        An answer that brings less than so much [bytes/s] over so long [s] is cut off.
    """

    tries: int = 5
    first_wait_s: float = 2.0
    longest_wait_s: float = 300.0
    gap_s: float = 1.0
    timeout_s: float = 60.0
    slowest_bytes_s: float = 500.0
    patience_s: float = 60.0


class CutError(Exception):
    """The answer broke off or did not come; another try may bring it."""

    def __init__(self, reason: str, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class Answer:
    """A request and its answer; faults of the network are cuts, a wrong address is an error."""

    def __init__(
        self, client: httpx.Client, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> None:
        import httpx

        try:
            method, data = ("POST", dict(form)) if form else ("GET", None)
            self._request = client.build_request(method, url, data=data, headers=dict(headers))
        except (httpx.InvalidURL, ValueError) as error:
            raise SourceError(f"{url!a:.100}: is no address ({error}). Give http:// or https://.") from error
        self._client = client
        self._response: httpx.Response | None = None

    def __enter__(self) -> httpx.Response:
        import httpx

        try:
            self._response = self._client.send(self._request, stream=True)
        except (httpx.UnsupportedProtocol, httpx.TooManyRedirects) as error:
            raise SourceError(
                f"{self._request.url}: is no address ({error}). Give http:// or https://."
            ) from error
        except httpx.HTTPError as error:
            raise CutError(_reason(error)) from error
        return self._response

    def __exit__(self, *caught: object) -> None:
        if self._response is not None:
            self._response.close()


class Chunks:
    """The answer piece by piece, cut off where it trickles or breaks."""

    def __init__(self, answer: httpx.Response, manners: Manners, clock: Callable[[], float]) -> None:
        self._pieces = answer.iter_raw()
        self._manners, self._clock = manners, clock
        self._since_s, self._come = clock(), 0

    def __iter__(self) -> Chunks:
        return self

    def __next__(self) -> bytes:
        import httpx

        try:
            piece = next(self._pieces)
        except httpx.HTTPError as error:
            raise CutError(_reason(error)) from error
        self._come += len(piece)
        passed_s = self._clock() - self._since_s
        if passed_s > self._manners.patience_s:
            if self._come < passed_s * self._manners.slowest_bytes_s:
                raise CutError("the answer trickles")
            self._since_s, self._come = self._clock(), 0
        return piece


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:120]


def continues(answer: httpx.Response, done: int) -> bool:
    """True where the answer begins at the byte that was asked for."""
    if not answer.headers.get("Content-Range", "").startswith(f"bytes {done}-"):
        raise CutError("the service sends another part than it was asked for")
    return True


def total_bytes(answer: httpx.Response, done: int) -> int:
    """Bytes of the whole file; 0 where the service does not say."""
    length = answer.headers.get("Content-Length", "")
    return done + int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0


def asked_wait_s(text: str) -> float:
    """The wait that a service asks for [s], as a number or until a date; 0 where it asks for none."""
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return 0.0
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
