"""Posts to addresses that strangers gave, and never to a machine of our own network."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from takecover.errors import InputError, SourceError

if TYPE_CHECKING:
    import httpx

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Machine = ipaddress.IPv4Address | ipaddress.IPv6Address

TIMEOUT_S = 10.0
LONGEST_S = 20.0
"""An answer that drips for longer is given up."""

LONGEST_URL = 1_000
LONGEST_WAIT_S = 3600.0


@dataclass(frozen=True)
class Answer:
    """What a machine said.

    Attributes
    ----------
    status
        HTTP status.
    retry_after_s
        How long it asks to be left alone [s]; 0 where it does not say.
    """

    status: int
    retry_after_s: float = 0.0


def networks(text: str) -> tuple[Network, ...]:
    """Networks from a text such as ``10.20.0.0/16, fd00::/8``.

    Raises
    ------
    InputError
        One is none.
    """
    try:
        return tuple(ipaddress.ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError as error:
        raise InputError(f"networks: {error}. Give such as 10.20.0.0/16, parted by commas.") from None


def check_url(url: str, own: Sequence[Network] = ()) -> None:
    """Refuse what is no https address of a machine; plain http is for our own networks alone.

    Raises
    ------
    InputError
        It is none.
    """
    import httpx

    allowed = ("https", "http") if own else ("https",)
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in allowed and bool(parts.hostname) and parts.port != 0
        # Its reading of a name is stricter: a name that looks like a number, or whose Punycode is none, is no name.
        is_good = is_good and bool(httpx.URL(url).host)
    except (ValueError, httpx.InvalidURL):
        is_good = False
    if not is_good or len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise InputError(f"url: {url!a:.80} is no address that can be posted to. Give https://machine/path.")
    if parts.username is not None or parts.password is not None:
        raise InputError("url: holds a user or a password. Leave them out; what is sent is signed.")


class Outside:
    """Posts, each time to a machine that was looked at before the connection is made.

    Parameters
    ----------
    client
        Makes the connections; follows no redirects and knows no proxy.
    own
        Networks of our own that may be posted to all the same.

    Notes
    -----
    The name is looked up once; the connection goes to the very address that was found good, while the certificate is
    checked for the name. So a name that changes its address in between leads nowhere else.
    """

    def __init__(self, client: httpx.AsyncClient, own: Sequence[Network] = ()) -> None:
        self._client, self._own = client, tuple(own)

    async def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        """Post once; what is answered is not read beyond its head.

        Raises
        ------
        InputError
            The address leads into a network that is not for strangers, or is none.
        SourceError
            The machine cannot be reached, or says nothing in time. The message names no more than the machine.
        """
        import httpx

        check_url(url, self._own)
        target = httpx.URL(url)
        host = target.host
        try:
            async with asyncio.timeout(LONGEST_S):
                machine = await self._found(host, target.port or (443 if target.scheme == "https" else 80))
                is_own = any(
                    machine in network for network in self._own if network.version == machine.version
                )
                if target.scheme != "https" and not is_own:
                    raise InputError(f"url: {host:.80} is outside, and is spoken to by https alone.")
                request = self._client.build_request(
                    "POST",
                    target.copy_with(host=str(machine)),
                    content=content,
                    headers={**headers, "Host": target.netloc.decode("ascii")},
                    timeout=TIMEOUT_S,
                    extensions={"sni_hostname": host},
                )
                answer = await self._client.send(request, stream=True)
                await answer.aclose()
        except TimeoutError:
            raise SourceError(f"{host} took more than {LONGEST_S:.0f} s. Try again later.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(f"{host} cannot be reached ({type(error).__name__}). Try later.") from None
        asked = answer.headers.get("Retry-After", "")
        wait_s = min(float(asked), LONGEST_WAIT_S) if asked.isdecimal() and len(asked) < 9 else 0.0
        return Answer(answer.status_code, wait_s)

    async def _found(self, host: str, port: int) -> Machine:
        """The first address of a name, once every one of them was found good."""
        try:
            rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise SourceError(f"{host:.80} has no address. Check its name, or try later.") from None
        machines = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
        for machine in machines:
            if not is_outside(machine, self._own):
                raise InputError(
                    f"url: {host:.80} leads into a network that is not for strangers. Not posted."
                )
        return machines[0]


def is_outside(machine: Machine, own: Sequence[Network] = ()) -> bool:
    """True where a machine is on the open network, or in a network that is named as fine."""
    inner = getattr(machine, "ipv4_mapped", None) or getattr(machine, "sixtofour", None)
    if inner is not None:
        return is_outside(inner, own)
    if any(machine in network for network in own if network.version == machine.version):
        return True
    return machine.is_global and not machine.is_multicast and not machine.is_reserved
