"""What a running Takecover is told by its surroundings: addresses and secrets, from the environment or from files.

A secret is never printed and never logged: its text comes out of `Secret.reveal` alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from takecover.errors import InputError, SourceError

JOURNAL = "TAKECOVER_JOURNAL"
"""Environment variable with the journal's address; with ``_FILE`` behind it, the path of a file that holds it."""

ALERT_TOKEN = "TAKECOVER_ALERT_TOKEN"
"""Environment variable with the token of those who may send alerts; without it nobody may. ``_FILE`` as above."""

REPLAY_TOKEN = "TAKECOVER_REPLAY_TOKEN"
"""Environment variable with the token of those who may replay a raid into an exercise; ``_FILE`` as above."""

LINK_KEY = "TAKECOVER_LINK_KEY"
"""Environment variable with the key that signs links of wardens and sensors; without it there are none."""

CAP_SENDER = "TAKECOVER_CAP_SENDER"
"""Environment variable with the sender's name in CAP messages that go out, such as ``duty@city.example``."""

PUSH_KEY = "TAKECOVER_PUSH_KEY"
"""Environment variable with the private key of Web Push (`takecover push-keys`); ``_FILE`` as above."""

PUSH_CONTACT = "TAKECOVER_PUSH_CONTACT"
"""Environment variable with where push services find us: ``mailto:duty@city.example``."""

WEBHOOK_KEY = "TAKECOVER_WEBHOOK_KEY"
"""Environment variable with the key that webhooks' own keys are made from; ``_FILE`` as above."""

OUT_NETWORKS = "TAKECOVER_OUT_NETWORKS"
"""Environment variable with networks of our own that may be posted to: ``10.20.0.0/16``; none else is."""

DEFAULT_JOURNAL = "takecover-journal.sqlite"
MOST_BYTES = 10_000


class Secret:
    """A text that shows itself to nobody: not in messages, not in logs, not in a traceback."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True)
class Settings:
    """What the surroundings say.

    Attributes
    ----------
    journal
        Address of the journal; a secret, for it can hold a password.
    alert_token
        What opens the door for alerts that others send; None where it stays shut.
    replay_token
        What opens an exercise for a replay; None where it stays shut.
    link_key
        What signs the links of wardens and sensors; None where there are none.
    cap_sender
        Who speaks in CAP messages that go out; empty where nothing is set.
    push_key, push_contact
        Who pushes, and where push services find us; without a key nobody is pushed to.
    webhook_key
        What the keys of webhooks are made from; None where there are none.
    out_networks
        Networks of our own that may be posted to.
    """

    journal: Secret
    alert_token: Secret | None = None
    replay_token: Secret | None = None
    link_key: Secret | None = None
    cap_sender: str = ""
    push_key: Secret | None = None
    push_contact: str = ""
    webhook_key: Secret | None = None
    out_networks: str = ""


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of an environment.

    Raises
    ------
    InputError
        A variable is given both as itself and as a file, or is empty.
    SourceError
        A file that is named cannot be read.

    Examples
    --------
    >>> read({"TAKECOVER_JOURNAL": "postgresql://duty:geheim@db/raid"}).journal
    Secret(***)
    """
    return Settings(
        journal=secret(JOURNAL, environment) or Secret(DEFAULT_JOURNAL),
        alert_token=secret(ALERT_TOKEN, environment),
        replay_token=secret(REPLAY_TOKEN, environment),
        link_key=secret(LINK_KEY, environment),
        cap_sender=sender(environment.get(CAP_SENDER, "")),
        push_key=secret(PUSH_KEY, environment),
        push_contact=environment.get(PUSH_CONTACT, ""),
        webhook_key=secret(WEBHOOK_KEY, environment),
        out_networks=environment.get(OUT_NETWORKS, ""),
    )


def sender(text: str) -> str:
    """A name that CAP messages can bear.

    Raises
    ------
    InputError
        It holds a space, a comma, < or &, so that no message could refer to it.
    """
    if any(letter.isspace() or letter in ",<&" for letter in text):
        raise InputError(
            f"{CAP_SENDER}: {text!a:.80} holds a space, a comma, < or &. Give duty@city.example."
        )
    return text


def secret(name: str, environment: Mapping[str, str] = os.environ) -> Secret | None:
    """A secret of the environment, or of the file that ``NAME_FILE`` names; None where neither is set.

    Raises
    ------
    InputError
        Both are set, or what is set is empty.
    SourceError
        The file cannot be read.
    """
    file_name = f"{name}_FILE"
    given, file = environment.get(name), environment.get(file_name)
    if given is not None and file is not None:
        raise InputError(f"{name} and {file_name} are both set. Set one of them.")
    if file is not None:
        given = _read(Path(file), file_name)
    if given is None:
        return None
    if not given.strip():
        raise InputError(f"{name if file is None else file_name}: is empty. Set it, or leave it out.")
    return Secret(given.strip())


def _read(path: Path, name: str) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(MOST_BYTES)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text"
        raise SourceError(f"{name}: {path} cannot be read ({reason}). Give a file that can.") from error
