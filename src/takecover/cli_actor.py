"""Who acts at the command line: an id, a password that is asked for, and whether they may."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from takecover.errors import InputError

if TYPE_CHECKING:
    from takecover.model.user import User
    from takecover.store.journal import SqlJournal
    from takecover.workflow.live.accounts import Accounts

As = Annotated[
    str, typer.Option("--as", help="Your own id; your password is asked for, or read from what is piped in.")
]


def accounts_of(journal: SqlJournal) -> Accounts:
    """The users of a journal, in the real world."""
    from takecover.store.accounts import AccountBook
    from takecover.store.opening import server_time
    from takecover.workflow.live.accounts import Accounts

    return Accounts(AccountBook(journal.place), journal, server_time)


def typed_password(prompt: str, *, is_new: bool) -> str:
    """A password that a person types, or the next line of what is piped in."""
    if sys.stdin.isatty():
        return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=is_new))
    return sys.stdin.readline().rstrip("\n")


def known(accounts: Accounts, by: str) -> User:
    """Who acts, after their password was asked for.

    Raises
    ------
    InputError
        Nobody is named, or id and password do not fit.
    """
    if not by:
        raise InputError("user: who are you? Give --as with your own id.")
    user = accounts.fits(by, typed_password(f"Password of {by}", is_new=False))
    if user is None:
        raise InputError(f"user: id {by!a:.60} and password do not fit.")
    return user


def actor_with(journal: SqlJournal, by: str, right: str) -> str:
    """What the journal calls the person who acts, once they have shown who they are and may do it.

    Raises
    ------
    InputError
        As `known`; or their role lacks the right.
    """
    user = known(accounts_of(journal), by)
    if not user.may(right):
        raise InputError(f"user: the role {user.role or 'none'!a} of {by} may not do this.")
    return user.actor_id
