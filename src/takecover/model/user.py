"""Who may do what at the office's screens: people as ids, roles, and one table of rights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from takecover.errors import Faults

RIGHTS: Mapping[str, frozenset[str]] = {
    "viewer": frozenset({"see"}),
    "warden": frozenset({"see", "report"}),
    "officer": frozenset(
        {"see", "report", "alarm", "ask_notice", "decide_notice", "correct", "issue_links", "ask_erasure"}
    ),
    "second_officer": frozenset(
        {"see", "report", "ask_notice", "decide_notice", "correct", "decide_erasure", "decide_role"}
    ),
    "admin": frozenset({"see", "ask_role", "decide_role", "set_webhooks"}),
}
"""What each role may do. Nobody decides what they asked for themselves, whatever their role."""

ROLES = tuple(RIGHTS)
ALL_RIGHTS: frozenset[str] = frozenset().union(*RIGHTS.values())

USER_ID = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
LEAST_PASSWORD = 12
MOST_PASSWORD = 128
"""Characters of a password; longer ones would make the hash costly."""


@dataclass(frozen=True, slots=True)
class User:
    """Someone who may log in.

    Attributes
    ----------
    user_id
        What they log in as. An id such as ``duty-1``, which need be no name: it stands in the journal for ever.
    role
        What they may do now, one of `ROLES`; empty while nobody has agreed to it.
    password_hash
        Argon2id, with its salt and parameters.
    is_enabled
        False for one who may not log in.
    asked_role, asked_by
        A role that waits for a second person, and who asked for it; empty where none does.
    password_by
        Who set the password: someone who may know it, and so never decides a role of this user.
    """

    user_id: str
    role: str
    password_hash: str
    is_enabled: bool = True
    asked_role: str = ""
    asked_by: str = ""
    password_by: str = ""

    @property
    def actor_id(self) -> str:
        """What the journal calls this person."""
        return f"user:{self.user_id}"

    def may(self, right: str) -> bool:
        """True where the person has a right now.

        Raises
        ------
        KeyError
            There is no such right.
        """
        if right not in ALL_RIGHTS:
            raise KeyError(right)
        return self.is_enabled and right in RIGHTS.get(self.role, frozenset())


def check_new(user_id: str, role: str, password: str) -> None:
    """Refuse an id, a role or a password that is none.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    faults = Faults("user")
    if not USER_ID.fullmatch(user_id):
        faults.add(
            f"id: {user_id!a:.60} is none. Give 1 to 40 of a to z, 0 to 9 and -, a letter first: duty-1."
        )
    if role not in RIGHTS:
        faults.add(f"role: {role!a:.60} is none. Give one of: {', '.join(ROLES)}.")
    password_faults(user_id, password, faults)
    faults.raise_if_any()


def password_faults(user_id: str, password: str, faults: Faults) -> None:
    """Note what is wrong with a password: its length, or that it is the id or one character over and over."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        faults.add(
            f"password: has {len(password)} characters. Give {LEAST_PASSWORD} to {MOST_PASSWORD}; some words do well."
        )
    elif len(set(password)) < 5 or (user_id and user_id in password.lower()):
        faults.add(
            "password: holds the id, or fewer than five different characters. Give one that nobody guesses."
        )
