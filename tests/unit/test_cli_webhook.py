"""The commands of webhooks and push keys: added with a key, tried, listed, removed, each act in the journal."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from office import PASSWORD, staffed
from post_server import taking
from takecover.cli import app
from takecover.feeds.webpush import Sender
from takecover.model.event_payloads import Audited
from takecover.store.opening import open_journal
from takecover.store.outbox import Outbox

AS = ("--as", "chief")
FITS = f"{PASSWORD}\n"


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Path of a journal whose users are known, and the keys in the environment."""
    monkeypatch.setenv("TAKECOVER_WEBHOOK_KEY", "k" * 40)
    monkeypatch.setenv("TAKECOVER_OUT_NETWORKS", "127.0.0.0/8")
    path = str(tmp_path / "journal.sqlite")
    staffed(path)
    return path


def _run(*words: str, typed: str = FITS) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words), input=typed)
    return done.exit_code, done.output


def test_a_webhook_is_added_tried_listed_and_removed_and_the_journal_knows(journal: str) -> None:
    at = ("--journal", journal)
    with taking() as taken:
        code, said = _run("webhook", "add", f"{taken.address}/hook", *AS, *at)
        assert code == 0
        found = re.fullmatch(r"Added (hook-[0-9a-f]{16})\. Its key, shown this once: (\S{43})\n", said)
        assert found is not None
        hook, key = found.groups()
        assert _run("webhook", "test", hook, *at) == (0, "Answered 204.\n")
        (request,) = taken.requests
        signed = dict(part.split("=") for part in request.headers["Takecover-Signature"].split(","))
        mac = hmac.new(key.encode(), f"{signed['t']}.".encode() + request.body, hashlib.sha256)
        assert mac.hexdigest() == signed["v1"]
        assert json.loads(request.body) == {"city": "", "what": "test", "is_exercise": False, "notice": None}
        taken.answers = [(500, {})]
        code, said = _run("webhook", "test", hook, *at)
        assert (code, "answered 500" in said) == (4, True)
    code, said = _run("webhook", "list", *at)
    assert code == 0
    assert re.fullmatch(rf"{hook}  real      \S+Z  http://127\.0\.0\.1:\d+/hook\n", said)
    assert _run("webhook", "remove", hook, *AS, *at) == (0, f"Removed {hook}.\n")
    assert _run("webhook", "list", *at) == (0, "")
    opened = open_journal(journal)
    acts = [
        (e.payload.action, e.payload.subject_id, e.actor_id)
        for e in opened.read()
        if isinstance(e.payload, Audited) and e.payload.subject_id == hook
    ]
    assert acts == [("webhook_added", hook, "user:chief"), ("webhook_removed", hook, "user:chief")]
    assert key.encode() not in Path(journal).read_bytes()
    opened.close()


def test_only_an_admin_who_shows_who_they_are_adds_or_removes_a_webhook(journal: str) -> None:
    at = ("--journal", journal)
    for words in (("add", "https://x.example/hook"), ("remove", "hook-0")):
        for who, typed, why in (
            ((), FITS, "Give --as"),
            (AS, "no password of mine\n", "do not fit"),
            (("--as", "duty-1"), FITS, "'officer' of duty-1 may not do this"),
        ):
            code, said = _run("webhook", *words, *who, *at, typed=typed)
            assert (code, why in said) == (3, True)
    assert _run("webhook", "list", *at) == (0, "")


def test_what_cannot_be_is_refused_with_a_remedy(journal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = ("--journal", journal)
    code, said = _run("webhook", "remove", "hook-0", *AS, *at)
    assert (code, "webhook list" in said) == (3, True)
    code, said = _run("webhook", "add", "ftp://x.example", *AS, *at)
    assert (code, "https://machine/path" in said) == (3, True)
    monkeypatch.delenv("TAKECOVER_WEBHOOK_KEY")
    code, said = _run("webhook", "add", "https://x.example/hook", *AS, *at)
    assert (code, "TAKECOVER_WEBHOOK_KEY_FILE" in said) == (3, True)
    assert _run("webhook", "list", *at) == (0, "")


def test_a_test_message_into_a_network_that_is_not_named_goes_nowhere(
    journal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = ("--journal", journal)
    with taking() as taken:
        _, said = _run("webhook", "add", taken.address, "--exercise", *AS, *at)
        hook = said.split()[1].rstrip(".")
        monkeypatch.setenv("TAKECOVER_OUT_NETWORKS", "10.0.0.0/8")
        code, said = _run("webhook", "test", hook, *at)
        assert (code, "not for strangers" in said) == (3, True)
        assert taken.requests == []


def test_push_keys_make_a_pair_that_belongs_together() -> None:
    code, said = _run("push-keys")
    found = re.fullmatch(r"TAKECOVER_PUSH_KEY=(\S{43})\n# The public key.*: (\S{87})\n", said)
    assert code == 0
    assert found is not None
    assert Sender(found[1], "mailto:a@b.example").public_key == found[2]


def test_a_webhook_that_came_back_is_removed_again_and_the_journal_knows_of_both(journal: str) -> None:
    at = ("--journal", journal)
    code, said = _run("webhook", "add", "https://other.example/hook", *AS, *at)
    assert code == 0
    hook = said.split()[1].rstrip(".")
    opened = open_journal(journal)
    (kept,) = Outbox(opened.place).webhooks()
    for _ in range(2):
        assert _run("webhook", "remove", hook, *AS, *at) == (0, f"Removed {hook}.\n")
        assert Outbox(opened.place).webhooks() == []
        Outbox(opened.place).put_webhook(kept)
    acts = [
        e.payload.action
        for e in opened.read()
        if isinstance(e.payload, Audited) and e.payload.subject_id == hook
    ]
    assert acts == ["webhook_added", "webhook_removed", "webhook_removed"]
    opened.close()
