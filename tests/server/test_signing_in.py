"""Logging in: cookies that no script reads, many tries slowed, and nothing changed from another site's page."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI

from served import Served, run
from takecover.errors import SourceError
from takecover.model.event_payloads import Audited
from takecover.model.user import User
from takecover.server.headers import SecureHeaders
from takecover.server.pace import Pace
from takecover.server.run import Tls, bound, serve
from takecover.store.accounts import AccountBook
from takecover.workflow.live.accounts import CONSOLE, Accounts
from takecover.workflow.live.devices import is_device_of, new_device

PASSWORD = "plum kettle orbit"
FORM = {"user_id": "anna", "password": PASSWORD}


def _with_users(body):  # type: ignore[no-untyped-def]
    """Run a body against a server that has an admin."""

    async def inside(served: Served) -> None:
        journal = served.live._journal
        accounts = Accounts(AccountBook(journal.place), journal, served.clock)  # type: ignore[attr-defined]
        await asyncio.to_thread(accounts.add, "anna", "admin", PASSWORD, CONSOLE)
        object.__setattr__(served.site, "accounts", accounts)
        await body(served)

    return inside


def test_a_server_without_users_opens_no_office(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        assert (await served.client.get("/login")).status_code == 403

    run(body, tmp_path)


def test_a_language_that_was_chosen_at_the_door_is_spoken_inside(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        ask, english = served.client, {"accept-language": "en"}
        assert 'action="/login"' in (await ask.get("/login", headers=english)).text
        assert 'action="/login?lang=uk"' in (await ask.get("/login?lang=uk", headers=english)).text
        await ask.post("/login?lang=uk", data=FORM, headers=english, follow_redirects=True)
        for _ in range(2):
            assert '<html lang="uk"' in (await ask.get("/officer", headers=english)).text

    run(_with_users(body), tmp_path)


def test_who_fits_gets_a_cookie_that_no_script_reads_and_another_site_cannot_use(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        assert (await served.client.get("/login?lang=en")).status_code == 200
        done = await served.client.post("/login", data=FORM)
        assert (done.status_code, done.headers["location"]) == (303, "/officer")
        cookie = done.headers.get_list("set-cookie")[0]
        assert cookie.startswith("takecover=")
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert (await served.client.get("/login")).status_code == 303

    run(_with_users(body), tmp_path)


def test_a_wrong_password_and_an_unknown_user_are_answered_alike(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        wrong = await served.client.post("/login", data={**FORM, "password": "x" * 20})
        nobody = await served.client.post("/login", data={**FORM, "user_id": "zoe"})
        assert (wrong.status_code, nobody.status_code) == (401, 401)
        assert wrong.text == nobody.text
        assert "set-cookie" not in wrong.headers

    run(_with_users(body), tmp_path)


def test_many_tries_wait_and_the_journal_says_so_without_an_address(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        for _ in range(5):
            assert (
                await served.client.post("/login", data={**FORM, "password": "y" * 20})
            ).status_code == 401
        slowed = await served.client.post("/login", data=FORM)
        assert slowed.status_code == 429
        assert int(slowed.headers["retry-after"]) > 0
        lines = [event for event in served.live._journal.read() if isinstance(event.payload, Audited)]
        assert lines[-1].payload.action == "login_slowed"
        assert not any("127.0.0.1" in str(event) for event in lines)

    run(_with_users(body), tmp_path)


def _slowed(served: Served) -> list[tuple[str, str]]:
    said = [event.payload for event in served.live._journal.read() if isinstance(event.payload, Audited)]
    return [(each.action, each.subject_id) for each in said if "slowed" in each.action]


async def _tries(served: Served, user_id: str, count: int, **more: Any) -> list[int]:
    wrong = {"user_id": user_id, "password": "y" * 20}
    async with httpx.AsyncClient(base_url=served.client.base_url, timeout=30) as stranger:
        return [(await stranger.post("/login", data=wrong, **more)).status_code for _ in range(count)]


def test_tries_of_names_that_nobody_has_do_not_hide_those_of_a_name_that_somebody_has(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        assert (await _tries(served, "nobody", 6))[-1] == 429
        assert _slowed(served) == []
        assert (await _tries(served, "anna", 7))[-2:] == [429, 429]
        assert _slowed(served) == [("login_slowed", "user:anna")]

    run(_with_users(body), tmp_path)


def test_a_flood_of_tries_by_strangers_does_not_shut_out_who_logged_in_here_before(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        assert (await served.client.post("/login", data=FORM)).status_code == 303
        object.__setattr__(served.site, "all_logins_pace", Pace(at_once=6, per_minute=0.1))
        assert (await _tries(served, "anna", 6))[-1] == 429
        assert [(await _tries(served, f"nobody-{n}", 1))[0] for n in range(3)] == [401, 429, 429]
        served.client.cookies.delete("takecover")
        assert (await served.client.post("/login", data=FORM)).status_code == 303
        newcomer = {"Cookie": ""}
        assert (await served.client.post("/login", data=FORM, headers=newcomer)).status_code == 429
        assert _slowed(served) == [("login_slowed", "user:anna"), ("logins_slowed", "")]

    run(_with_users(body), tmp_path)


def test_a_browser_that_is_known_is_slowed_too_and_for_its_own_user_alone(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        answer = await served.client.post("/login", data=FORM)
        cookies = answer.headers.get_list("set-cookie")
        (known,) = [each for each in cookies if each.startswith("takecover-known-")]
        assert "HttpOnly" in known
        assert "SameSite=strict" in known
        assert "anna" not in known
        kept = {"headers": {"Cookie": known.partition(";")[0]}}
        assert await _tries(served, "anna", 6, **kept) == [401] * 5 + [429]
        assert await _tries(served, "anna", 6) == [401] * 5 + [429]
        changed = {"headers": {"Cookie": known.partition(";")[0] + "0"}}
        assert await _tries(served, "anna", 1, **changed) == [429]

    run(_with_users(body), tmp_path)


def test_a_new_password_makes_every_browser_a_stranger_and_no_user_has_anothers() -> None:
    anna = User("anna", "admin", "hash-1")
    kept = new_device(anna)
    assert is_device_of(anna, kept)
    assert not is_device_of(replace(anna, password_hash="hash-2"), kept)
    assert not is_device_of(replace(anna, user_id="bohdan"), kept)
    assert not any(is_device_of(anna, text) for text in ("", ".", kept[:-1], kept.upper(), "x" * 5000))
    assert new_device(anna) != kept


def test_a_page_of_another_site_cannot_log_anyone_in(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert (await served.client.post("/login", data=FORM, headers=headers)).status_code == 403

    run(_with_users(body), tmp_path)


def test_logging_out_needs_the_pages_token_and_ends_the_session(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        await served.client.post("/login", data=FORM)
        assert (await served.client.post("/logout")).status_code == 403
        assert served.site.accounts is not None
        token = served.client.cookies["takecover"]
        signed = await asyncio.to_thread(served.site.accounts.signed, token)
        assert signed is not None
        done = await served.client.post("/logout", data={"csrf": signed.csrf})
        assert (done.status_code, done.headers["location"]) == (303, "/login")
        assert await asyncio.to_thread(served.site.accounts.signed, token) is None

    run(_with_users(body), tmp_path)


def test_over_tls_the_cookie_goes_over_tls_alone_and_browsers_are_told_to_stay(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        proxied = {"X-Forwarded-Proto": "https"}
        done = await served.client.post("/login", data=FORM, headers=proxied)
        cookie, known = done.headers.get_list("set-cookie")
        assert cookie.startswith("__Host-takecover=")
        assert known.startswith("__Host-takecover-known-")
        assert "Secure" in cookie
        assert "Secure" in known
        token = cookie.partition("=")[2].partition(";")[0]
        for name, known in (("__Host-takecover", 303), ("takecover", 200)):
            headers = {**proxied, "Cookie": f"{name}={token}"}
            assert (await served.client.get("/login", headers=headers)).status_code == known

    run(_with_users(body), tmp_path)


def test_the_server_speaks_tls_with_a_certificate_of_its_own(tmp_path: Path) -> None:
    certificate, key = _self_signed(tmp_path)

    async def body() -> None:
        app = FastAPI()
        app.add_middleware(SecureHeaders)
        app.get("/")(lambda: "here")
        stop, up = asyncio.Event(), asyncio.Event()
        with bound("127.0.0.1", 0) as sock:
            running = asyncio.create_task(serve(app, sock, stop, up.set, lambda: None, Tls(certificate, key)))
            await asyncio.wait_for(up.wait(), 10)
            trusted = ssl.create_default_context(cafile=str(certificate))
            async with httpx.AsyncClient(verify=trusted) as client:
                answer = await client.get(f"https://127.0.0.1:{sock.getsockname()[1]}/")
            assert answer.json() == "here"
            assert answer.headers["strict-transport-security"] == "max-age=31536000"
            stop.set()
            await asyncio.wait_for(running, 10)
            with pytest.raises(SourceError, match="no certificate with its key"):
                await serve(app, sock, stop, up.set, lambda: None, Tls(key, key))

    asyncio.run(body())


def _self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, private
