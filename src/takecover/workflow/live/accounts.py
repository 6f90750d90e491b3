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

    def user(self, user_id: str) -> User | None:
        """One by id; None where there is none."""
        return self._book.user(user_id)

    def add(self, user_id: str, role: str, password: str, by: str) -> User:
        """Add someone, whose role waits for a second person; the first two, who decide roles, hold theirs at once.

        Parameters
        ----------
        user_id, role, password
            Of the new one.
        by
            Who asks: a user's id, or `CONSOLE` for the first two.

        Raises
        ------
        InputError
            The id, role or password is none, the id is taken, one of the first two could decide no role, or the asker
            may not ask.
        StoreError
            The database cannot be reached.
        """
        check_new(user_id, role, password)
        if user_id == CONSOLE or user_id.startswith(PRACTICE):
            raise InputError(f"user: nobody can be called '{user_id}'. Give another id.")
        new = User(user_id, "", _hasher().hash(password), asked_role=role, asked_by=by, password_by=by)

        def made(there: list[User]) -> User:
            if not _is_begun(there):
                if "decide_role" not in RIGHTS[role]:
                    raise InputError(
                        "role: the first two users decide the roles of all others. Make them admin or second_officer."
                    )
                return replace(new, role=role, asked_role="", asked_by="")
            _check_asker(next((user for user in there if user.user_id == by), None), by)
            return new

        user = self._book.add(made)
        self._audit(f"user_at_first_{role}" if user.role else f"user_asked_{role}", user_id, by)
        return user

    def add_practice(self, user_id: str, password: str) -> None:
        """Add an officer to practise with, who logs in at an exercise alone; there already, give a new password.

        Raises
        ------
        InputError
            The server shows the real world.
        """
        if not self._is_exercise:
            raise InputError(f"user: nobody can be called '{user_id}'. Give another id.")
        user = User(user_id, "officer", _hasher().hash(password), password_by=CONSOLE)
        if self._book.user(user_id) is None:
            self._book.add(lambda there: user)
        else:
            self._book.change(user_id, lambda _: user)
        self._audit("practice_officer", user_id, CONSOLE)

    def ask_role(self, user_id: str, role: str, by: str) -> User:
        """Ask for another role; until a second person agrees the old one goes on.

        Raises
        ------
        InputError
            There is no such user or role, or the asker may not ask.
        """
        if role not in RIGHTS:
            raise InputError(f"role: {role!a:.60} is none. Give one of: {', '.join(RIGHTS)}.")
        self._check_may_ask(by)
        user = self._book.change(user_id, lambda user: replace(user, asked_role=role, asked_by=by))
        self._audit(f"role_asked_{role}", user_id, by)
        return user

    def decide_role(self, user_id: str, is_approved: bool, by: str) -> User:
        """Agree to what another person asked for somebody else, or refuse it.

        Raises
        ------
        InputError
            Nothing is asked for; or the decider asked for it, set the password, is the one whom it is for, or may not
            decide.
        """
        decider = self._book.user(by)
        if decider is None or not decider.may("decide_role"):
            raise InputError(f"role: {by!a:.60} may not decide it. Ask a second officer or an admin.")

        def decided(user: User) -> User:
            if not user.asked_role:
                raise InputError(f"role: nothing is asked for '{user_id}'.")
            if by in (user.user_id, user.asked_by, user.password_by):
                raise InputError(
                    "role: who asked for it, whom it is for, and who set the password cannot decide it. "
                    "Ask another person."
                )
            role = user.asked_role if is_approved else user.role
            return replace(
                user, role=role, asked_role="", asked_by="", is_enabled=user.is_enabled or is_approved
            )

        user = self._book.change(user_id, decided)
        self._audit(f"role_approved_{user.role}" if is_approved else "role_rejected", user_id, by)
        return user

    def disable(self, user_id: str, by: str) -> User:
        """Let someone log in no more, at once; their sessions end, and what was asked for them is asked no more.

        Raises
        ------
        InputError
            There is no such user, or the asker may not.
        """
        self._check_may_ask(by)
        user = self._book.change(
            user_id, lambda user: replace(user, is_enabled=False, asked_role="", asked_by="")
        )
        self._audit("user_disabled", user_id, by)
        return user

    def enable(self, user_id: str, by: str) -> User:
        """Ask to let someone log in again with the role they had; a second person agrees.

        Raises
        ------
        InputError
            There is no such user, or the asker may not.
        """
        self._check_may_ask(by)

        def changed(user: User) -> User:
            asked = user.role or user.asked_role or "viewer"
            return replace(user, role="", asked_role=asked, asked_by=by)

        user = self._book.change(user_id, changed)
        self._audit("user_enabling_asked", user_id, by)
        return user

    def set_password(self, user_id: str, password: str, by: str) -> User:
        """Set a password. Set by another person, the role waits until a third agrees, for it opens a second identity.

        Until a third has agreed, who set it stays who set it, though it is changed as the user's own: whoever knew the
        old one could have done that.

        Raises
        ------
        InputError
            There is no such user, the password is none, or another's is set by one who may not.
        """
        faults = Faults("user")
        password_faults(user_id, password, faults)
        faults.raise_if_any()
        if by != user_id:
            self._check_may_ask(by)
        new = _hasher().hash(password)

        def changed(user: User) -> User:
            is_own = by == user_id
            is_waiting = bool(user.asked_role) or not user.role
            setter = user.password_by if is_own and is_waiting else by
            own = replace(user, password_hash=new, password_by=setter)
            if is_own or not user.role:
                return own
            return replace(own, role="", asked_role=user.role, asked_by=by)

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

    def note_slowed(self, user_id: str) -> None:
        """Record that tries are slowed: of one account, or, without an id, of all browsers not known."""
        self._audit("login_slowed" if user_id else "logins_slowed", user_id, "")

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

    def is_begun(self) -> bool:
        """True once two people were added; it stays true whatever becomes of them."""
        return _is_begun(self._book.users())

    def _check_may_ask(self, by: str) -> None:
        _check_asker(self._book.user(by), by)

    def _audit(self, action: str, user_id: str, by: str) -> None:
        now = self._now()
        actor_id = f"user:{by}" if by else ""
        said = Audited(action, f"user:{user_id}" if user_id else "")
        draft = Draft(
            f"audit/{secrets.token_hex(12)}", now, "system:accounts", actor_id, said, self._is_exercise
        )
        self._journal.append(draft)


def _is_begun(there: list[User]) -> bool:
    """True once two people were ever added: users are disabled, never deleted, so nobody can go back behind it."""
    return sum(not user.user_id.startswith(PRACTICE) for user in there) >= 2


def _check_asker(user: User | None, by: str) -> None:
    """Refuse an act on users of one who may not do it.

    Raises
    ------
    InputError
        There is no such user, or their role lacks the right.
    """
    if user is None or not user.may("ask_role"):
        raise InputError(f"user: {by!a:.60} may not change users. Ask an admin.")


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
