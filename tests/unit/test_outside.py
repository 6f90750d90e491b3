"""Posting to strangers' addresses: what is refused before a connection, and what a machine says."""

from __future__ import annotations

import asyncio
import ipaddress

import httpx
import pytest

from post_server import taking
from takecover.errors import InputError, SourceError
from takecover.feeds.outside import Answer, Outside, check_url, is_outside, networks

LOOPBACK = networks("127.0.0.0/8")


def _post(url: str, own: str = "") -> Answer:
    async def inside() -> Answer:
        async with httpx.AsyncClient(follow_redirects=False, trust_env=False) as client:
            return await Outside(client, networks(own)).post(url, b"{}", {"X-A": "b"})

    return asyncio.run(inside())


@pytest.mark.parametrize(
    "machine",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "64:ff9b:1::a00:1",
    ],
)
def test_no_machine_of_our_own_network_counts_as_outside(machine: str) -> None:
    assert not is_outside(ipaddress.ip_address(machine))


def test_machines_of_the_open_network_and_of_named_networks_are_fine() -> None:
    assert is_outside(ipaddress.ip_address("93.184.215.14"))
    assert is_outside(ipaddress.ip_address("2606:4700::1111"))
    assert is_outside(ipaddress.ip_address("10.20.3.4"), networks("10.20.0.0/16, fd00::/8"))
    assert not is_outside(ipaddress.ip_address("10.21.3.4"), networks("10.20.0.0/16"))


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example/a",
        "ftp://push.example/a",
        "https:///a",
        "https://push.example:99999/a",
        "https://push.example/" + "a" * 1_000,
        "https://push.example/a b",
        "https://push.example/\n",
        "https://user:word@push.example/a",
        "javascript:alert(1)",
        "https://999.999.999.999/a",
        "https://xn--/",
        "https://[::1/",
        "",
    ],
)
def test_what_is_no_address_to_post_to_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="url"):
        check_url(url)


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:9/", "https://localhost:9/", "https://[::1]:9/", "https://0:9/"]
)
def test_an_address_that_leads_to_ourselves_is_not_connected_to(url: str) -> None:
    with pytest.raises(InputError, match="not for strangers"):
        _post(url)


def test_a_name_is_looked_up_once_and_the_machine_found_is_the_one_spoken_to() -> None:
    with taking() as taken:
        taken.answers = [(201, {})]
        url = taken.address.replace("127.0.0.1", "localhost")
        assert _post(f"{url}/hook?a=1", "127.0.0.0/8, ::1/128").status == 201
        (request,) = taken.requests
        assert (request.path, request.headers["Host"]) == ("/hook?a=1", url.removeprefix("http://"))


def test_a_redirect_is_told_and_not_followed() -> None:
    with taking() as taken:
        taken.answers = [(302, {"Location": "http://127.0.0.1:1/"})]
        assert _post(taken.address, "127.0.0.0/8") == Answer(302)
        assert len(taken.requests) == 1


@pytest.mark.parametrize(("said", "wait_s"), [("120", 120.0), ("999999", 3600.0), ("soon", 0.0), ("-1", 0.0)])
def test_a_wait_that_is_asked_for_is_told_within_bounds(said: str, wait_s: float) -> None:
    with taking() as taken:
        taken.answers = [(429, {"Retry-After": said})]
        assert _post(taken.address, "127.0.0.0/8") == Answer(429, wait_s)


def test_a_machine_that_hangs_up_or_is_not_there_cannot_be_reached() -> None:
    with taking() as taken:
        taken.answers = [(0, {})]
        with pytest.raises(SourceError, match=r"cannot be reached \(RemoteProtocolError\)"):
            _post(taken.address + "/secret", "127.0.0.0/8")
    with pytest.raises(SourceError, match="cannot be reached") as caught:
        _post(taken.address + "/secret", "127.0.0.0/8")
    assert "secret" not in str(caught.value)
    with pytest.raises(SourceError, match="has no address"):
        _post("https://no-such-machine.invalid/")


def test_networks_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match="networks"):
        networks("10.0.0.1/8")
    assert networks("") == ()
