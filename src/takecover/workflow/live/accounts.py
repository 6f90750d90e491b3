"""People who may log in: added, given roles by two, logged in and out; each act stands in the journal.

No one person can become two: a role that is given, a password that another person sets, and one who is let in again
wait for a second person who may decide it and is neither the one who asked nor the one whom it is for. Only before
there are two people who could decide does a role hold at once, and the journal says that it did.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from takecover import parameters
from takecover.errors import Faults, InputError
from takecover.model.event import Draft
from takecover.model.event_payloads import Audited
from takecover.model.user import RIGHTS, User, check_new, password_faults
from takecover.store.accounts import AccountBook, Session
from takecover.store.protocol import Journal

if TYPE_CHECKING:
    from argon2 import PasswordHasher

TOUCH_S = 60.0
"""A session's last use is written down at most so often."""

PRACTICE = "practice-"
"""How the ids of those begin who are there to practise with: they log in at an exercise alone."""

CONSOLE = "console"
"""Who acts at the machine itself, where nobody is logged in."""


@dataclass(frozen=True)
class Signed:
    """Someone who is logged in, as the routes see them.

    Attributes
    ----------
    user
        Who.
    csrf
        What a page must send along with whatever changes anything.
    token_hash
        Which session.
    until
        When it ends if nothing is done.
    """

    user: User
    csrf: str
    token_hash: str
    until: datetime


class Accounts:
    """Users and sessions over one journal.

    Parameters
    ----------
    book
        Where they are kept.
    journal
        Takes every act.
    now
        The server's clock.
    is_exercise
        The world that the acts are of.
    """

    def __init__(
        self, book: AccountBook, journal: Journal, now: Callable[[], datetime], *, is_exercise: bool = False
    ) -> None:
        self._book, self._journal, self._now, self._is_exercise = book, journal, now, is_exercise
        self._idle = timedelta(seconds=parameters.value("session_idle_s"))
        self._most = timedelta(seconds=parameters.value("session_most_s"))

    def users(self) -> list[User]:
        """Everyone, by id."""
        return self._book.users()

    def add(self, user_id: str, role: str, password: str, by: str) -> User:
        """Add someone, whose role waits for a second person.

        Parameters
        ----------
        user_id, role, password
            Of the new one.
        by
            Who asks: a user's id, or `CONSOLE`.

        Raises
        ------
        InputError
            The id, role or password is none, or the id is taken.
        StoreError
            The database cannot be reached.
        """
        check_new(user_id, role, password)
        if user_id == CONSOLE or (user_id.startswith(PRACTICE) and not self._is_exercise):
            raise InputError(f"user: nobody can be called '{user_id}'. Give another id.")
        asked = User(user_id, "", _hasher().hash(password), asked_role=role, asked_by=by)
        holds = self.is_first()
        user = replace(asked, role=role, asked_role="", asked_by="") if holds else asked
        self._book.add(user)
        self._audit("user_added_at_first" if holds else "user_asked", user_id, by)
        return user

    def ask_role(self, user_id: str, role: str, by: str) -> User:
        """Ask for another role; until a second person agrees the old one goes on.

        Raises
        ------
        InputError
            There is no such user or role.
        """
        if role not in RIGHTS:
            raise InputError(f"role: {role!a:.60} is none. Give one of: {', '.join(RIGHTS)}.")
        user = self._book.change(user_id, lambda user: replace(user, asked_role=role, asked_by=by))
        self._audit("role_asked", user_id, by)
        return user

    def decide_role(self, user_id: str, is_approved: bool, by: str) -> User:
        """Agree to what another person asked for somebody else, or refuse it.

        Raises
        ------
        InputError
            Nothing is asked for; or the decider asked for it, is the one whom it is for, or may not decide.
        """
        decider = self._book.user(by)
        if decider is None or not decider.may("decide_role"):
            raise InputError(f"role: {by!a:.60} may not decide it. Ask a second officer or an admin.")

        def decided(user: User) -> User:
            if not user.asked_role:
                raise InputError(f"role: nothing is asked for '{user_id}'.")
            if by in (user.user_id, user.asked_by):
                raise InputError(
                    "role: who asked for it and whom it is for cannot decide it. Ask another person."
                )
            role = user.asked_role if is_approved else user.role
            return replace(
                user, role=role, asked_role="", asked_by="", is_enabled=user.is_enabled or is_approved
            )

        user = self._book.change(user_id, decided)
        self._audit("role_approved" if is_approved else "role_rejected", user_id, by)
        return user

    def disable(self, user_id: str, by: str) -> User:
        """Let someone log in no more, at once; their sessions end."""
        user = self._book.change(
            user_id, lambda user: replace(user, is_enabled=False, asked_role="", asked_by="")
        )
        self._audit("user_disabled", user_id, by)
        return user

    def enable(self, user_id: str, by: str) -> User:
        """Ask to let someone log in again with the role they had; a second person agrees."""
        user = self._book.change(
            user_id, lambda user: replace(user, role="", asked_role=user.role or "viewer", asked_by=by)
        )
        self._audit("user_enabling_asked", user_id, by)
        return user

    def set_password(self, user_id: str, password: str, by: str) -> User:
        """Set a password. Set by another person, the role waits until a third agrees, for it opens a second identity.

        Raises
        ------
        InputError
            There is no such user, or the password is none.
        """
        faults = Faults("user")
        password_faults(user_id, password, faults)
        faults.raise_if_any()
        new = _hasher().hash(password)

        def changed(user: User) -> User:
            if by == user_id or not user.role:
                return replace(user, password_hash=new)
            return replace(user, password_hash=new, role="", asked_role=user.role, asked_by=by)

        user = self._book.change(user_id, changed)
        self._audit("password_set", user_id, by)
        return user

    def fits(self, user_id: str, password: str) -> User | None:
        """The user whose id and password these are, and who may log in; None otherwise, after the same time.

        Notes
        -----
        For an id that is not there a hash is checked too, so that the time tells nothing.
        """
        from argon2.exceptions import InvalidHashError, VerificationError

        user = self._book.user(user_id)
        known = _no_hash() if user is None else user.password_hash
        try:
            _hasher().verify(known, password)
        except (VerificationError, InvalidHashError):
            return None
        if user is None or not user.is_enabled or (user_id.startswith(PRACTICE) and not self._is_exercise):
            return None
        return user

    def log_in(self, user_id: str, password: str) -> str | None:
        """Begin a session; its token, which is kept nowhere here; None where id and password do not fit."""
        user = self.fits(user_id, password)
        if user is None:
            return None
        now, token = self._now(), secrets.token_urlsafe(32)
        self._book.end_old(now - self._most, now - self._idle)
        self._book.begin(Session(_hashed(token), user_id, secrets.token_urlsafe(32), now, now))
        self._audit("logged_in", user_id, user_id)
        return token

    def lock(self, user_id: str) -> None:
        """Record that an account is slowed after many wrong passwords."""
        if self._book.user(user_id) is not None:
            self._audit("login_slowed", user_id, "")

    def signed(self, token: str) -> Signed | None:
        """Who a token's session is of; None where it is over or never was. Using it keeps it alive."""
        found = self._book.session(_hashed(token))
        if found is None:
            return None
        session, user = found
        now = self._now()
        until = min(session.made_at + self._most, max(now, session.seen_at) + self._idle)
        is_astray = user.user_id.startswith(PRACTICE) and not self._is_exercise
        if (
            is_astray
            or not user.is_enabled
            or now >= min(session.made_at + self._most, session.seen_at + self._idle)
        ):
            self._book.end(session.token_hash)
            return None
        if (now - session.seen_at).total_seconds() >= TOUCH_S:
            self._book.touch(session.token_hash, now)
        return Signed(user, session.csrf, session.token_hash, until)

    def log_out(self, signed: Signed) -> None:
        """End a session."""
        self._book.end(signed.token_hash)
        self._audit("logged_out", signed.user.user_id, signed.user.user_id)

    def is_first(self) -> bool:
        """True while no two people could decide a role of a third."""
        return sum(user.may("decide_role") for user in self._book.users()) < 2

    def _audit(self, action: str, user_id: str, by: str) -> None:
        now = self._now()
        actor_id = f"user:{by}" if by else ""
        said = Audited(action, f"user:{user_id}")
        draft = Draft(
            f"audit/{secrets.token_hex(12)}", now, "system:accounts", actor_id, said, self._is_exercise
        )
        self._journal.append(draft)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@cache
def _hasher() -> PasswordHasher:
    """Argon2id with the library's own parameters, which follow RFC 9106's second choice."""
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _no_hash() -> str:
    """A hash that no password fits, to be checked where there is no user."""
    return _hasher().hash(secrets.token_urlsafe(32))
