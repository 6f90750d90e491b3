"""Asks an address politely: one question at a time, conditional where it can be, never more than an answer's worth."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from takecover.errors import SourceError

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

LARGEST_BYTES = 4_000_000
"""No service's list is larger."""

TIMEOUT_S = 10.0
"""A service that says nothing for so long is asked again later."""

LONGEST_ANSWER_S = 20.0
"""An answer that drips for longer is given up."""

LONGEST_WAIT_S = 3600.0
"""A wait that a service asks for is never kept longer than this."""


class UnheardError(SourceError):
    """A service did not answer, or with nothing of use.

    Attributes
    ----------
    retry_after_s
        How long it asks to be left alone [s]; 0 where it does not say.
    """

    def __init__(self, message: str, retry_after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Address:
    """One address of a service and what it said last.

    Parameters
    ----------
    client
        Makes the connections; follows no redirects.
    url
        The address.
    headers
        Sent with each question; their values are never shown.
    """

    def __init__(self, client: httpx.AsyncClient, url: str, headers: Mapping[str, str] | None = None) -> None:
        self._client = client
        self._url = url
        self._headers = dict(headers or {})
        self._conditions: dict[str, str] = {}

    @property
    def host(self) -> str:
        """The machine that is asked, for messages: no path and no query, which can hold secrets."""
        return urlsplit(self._url).netloc.rpartition("@")[2]

    async def ask(self, now: datetime) -> bytes | None:
        """What the address says; None where it says that nothing changed.

        Parameters
        ----------
        now
            The server's time, to read the moment until which a service asks to be left alone.

        Raises
        ------
        UnheardError
            If it cannot be reached, answers with an error, or says too much. The message names the machine, no secret.
        """
        import httpx

        try:
            async with (
                asyncio.timeout(LONGEST_ANSWER_S),
                self._client.stream(
                    "GET", self._url, headers={**self._headers, **self._conditions}, timeout=TIMEOUT_S
                ) as answer,
            ):
                if answer.status_code == httpx.codes.NOT_MODIFIED:
                    return None
                if answer.status_code != httpx.codes.OK:
                    raise UnheardError(
                        f"{self.host} answered {answer.status_code}{_REMEDIES.get(answer.status_code, '')}.",
                        _retry_after_s(answer.headers.get("Retry-After", ""), now),
                    )
                data = await self._read(answer)
                self._conditions = {
                    asked: answer.headers[said]
                    for asked, said in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
                    if said in answer.headers
                }
                return data
        except httpx.InvalidURL as error:
            raise UnheardError(
                f"{self.host or 'the address'} is no address. Correct it in the feeds' file."
            ) from error
        except TimeoutError as error:
            raise UnheardError(f"{self.host} took more than {LONGEST_ANSWER_S:.0f} s to answer.") from error
        except httpx.HTTPError as error:
            raise UnheardError(f"{self.host} cannot be reached ({type(error).__name__}).") from error

    def forget(self) -> None:
        """Ask without conditions next time, since the last answer could not be used."""
        self._conditions = {}

    async def _read(self, answer: httpx.Response) -> bytes:
        data = bytearray()
        async for chunk in answer.aiter_bytes():
            data += chunk
            if len(data) > LARGEST_BYTES:
                raise UnheardError(
                    f"{self.host} said more than {LARGEST_BYTES:,} bytes, which no list of alerts has."
                )
        return bytes(data)


_REMEDIES = {
    401: "; its token is wrong or has run out. Give a new one",
    403: "; its token is wrong, or it does not serve this country or address",
    404: "; the address is wrong",
    429: "; it is asked too often. Give the feed a longer period",
}


def _retry_after_s(text: str, now: datetime) -> float:
    """How long to wait, from seconds or from a date; 0 where neither is given."""
    if not text:
        return 0.0
    try:
        wait_s = float(text) if text.isdigit() else (parsedate_to_datetime(text) - now).total_seconds()
    except (ValueError, TypeError):
        return 0.0
    return min(max(wait_s, 0.0), LONGEST_WAIT_S)
