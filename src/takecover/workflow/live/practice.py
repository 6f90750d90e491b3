"""Two officers to practise with in an exercise: new passwords at each start, and no way into the real world."""

from __future__ import annotations

import secrets

from takecover.workflow.live.accounts import PRACTICE, Accounts

OFFICERS = (f"{PRACTICE}1", f"{PRACTICE}2")


def practice_officers(accounts: Accounts) -> dict[str, str]:
    """Password of each officer to practise with; none where the journal has users of its own.

    Parameters
    ----------
    accounts
        Of a server that shows an exercise.

    Raises
    ------
    InputError
        The server shows the real world.
    StoreError
        The database cannot be reached.
    """
    known = {user.user_id for user in accounts.users()}
    if not known <= set(OFFICERS):
        return {}
    passwords = {user_id: secrets.token_urlsafe(12) for user_id in OFFICERS}
    for user_id, password in passwords.items():
        accounts.add_practice(user_id, password)
    return passwords
