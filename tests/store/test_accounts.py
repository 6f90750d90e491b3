"""Users and sessions on both databases: roles by two people, sessions that end, acts in the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from takecover.errors import InputError
from takecover.model.event_payloads import Audited
from takecover.store.accounts import AccountBook
from takecover.store.journal import SqlJournal
from takecover.workflow.live.accounts import CONSOLE, Accounts
from takecover.workflow.live.practice import practice_officers

PASSWORD = "plum kettle orbit"


class _Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def accounts(journal: SqlJournal, clock: _Clock) -> Accounts:
    """A journal whose first two people may decide roles."""
    found = Accounts(AccountBook(journal.place), journal, clock)
    found.add("anna", "admin", PASSWORD, CONSOLE)
    found.add("bohdan", "second_officer", PASSWORD, "anna")
    return found


def _role(accounts: Accounts, user_id: str) -> str:
    return next(user.role for user in accounts.users() if user.user_id == user_id)


def test_the_first_two_hold_their_roles_at_once_and_the_journal_says_so(
    accounts: Accounts, journal: SqlJournal
) -> None:
    assert [(user.user_id, user.role) for user in accounts.users()] == [
        ("anna", "admin"),
        ("bohdan", "second_officer"),
    ]
    assert [
        (event.payload.action, event.payload.subject_id)
        for event in journal.read()
        if isinstance(event.payload, Audited)
    ] == [("user_at_first_admin", "user:anna"), ("user_at_first_second_officer", "user:bohdan")]


def test_a_third_holds_a_role_only_once_a_second_person_agrees(accounts: Accounts) -> None:
    accounts.add("cira", "officer", PASSWORD, "anna")
    assert _role(accounts, "cira") == ""
    with pytest.raises(InputError, match="cannot decide it"):
        accounts.decide_role("cira", True, "anna")
    accounts.decide_role("cira", True, "bohdan")
    assert _role(accounts, "cira") == "officer"


def test_nobody_agrees_to_their_own_role(accounts: Accounts) -> None:
    accounts.ask_role("bohdan", "admin", "anna")
    with pytest.raises(InputError, match="cannot decide it"):
        accounts.decide_role("bohdan", True, "bohdan")
    assert _role(accounts, "bohdan") == "second_officer"


def test_who_may_not_decide_decides_nothing_and_a_refusal_leaves_the_role(accounts: Accounts) -> None:
    accounts.add("cira", "officer", PASSWORD, "anna")
    accounts.decide_role("cira", True, "bohdan")
    with pytest.raises(InputError, match="may not change users"):
        accounts.ask_role("anna", "officer", "bohdan")
    with pytest.raises(InputError, match="may not decide"):
        accounts.decide_role("bohdan", True, "cira")
    accounts.ask_role("cira", "admin", "anna")
    accounts.decide_role("cira", False, "bohdan")
    assert _role(accounts, "cira") == "officer"
    with pytest.raises(InputError, match="nothing is asked for"):
        accounts.decide_role("cira", True, "bohdan")


def test_an_admin_who_sets_anothers_password_gains_no_second_identity(accounts: Accounts) -> None:
    accounts.set_password("bohdan", "stolen kettle orbit", "anna")
    assert _role(accounts, "bohdan") == ""
    with pytest.raises(InputError, match="cannot decide it"):
        accounts.decide_role("bohdan", True, "anna")
    accounts.set_password("anna", "another good phrase", "anna")
    assert _role(accounts, "anna") == "admin"


@pytest.mark.parametrize("is_refused", [False, True])
def test_who_set_a_password_stays_its_setter_though_they_change_it_as_the_user(
    accounts: Accounts, is_refused: bool
) -> None:
    accounts.add("dora", "admin", PASSWORD, "anna")
    accounts.decide_role("dora", True, "bohdan")
    accounts.set_password("bohdan", "stolen kettle orbit", "anna")
    if is_refused:
        accounts.decide_role("bohdan", False, "dora")
    accounts.set_password("bohdan", "washed kettle orbit", "bohdan")
    accounts.ask_role("bohdan", "second_officer", "dora")
    with pytest.raises(InputError, match="cannot decide it"):
        accounts.decide_role("bohdan", True, "anna")
    assert _role(accounts, "bohdan") == ""


def test_what_was_asked_for_one_who_is_put_out_lets_them_in_no_more(accounts: Accounts) -> None:
    accounts.add("cira", "officer", PASSWORD, "anna")
    accounts.disable("cira", "anna")
    with pytest.raises(InputError, match="nothing is asked for"):
        accounts.decide_role("cira", True, "bohdan")
    assert accounts.log_in("cira", PASSWORD) is None


def test_one_who_is_let_in_again_waits_for_a_second_person(accounts: Accounts) -> None:
    accounts.add("cira", "officer", PASSWORD, "anna")
    accounts.decide_role("cira", True, "bohdan")
    accounts.disable("cira", "anna")
    assert accounts.log_in("cira", PASSWORD) is None
    accounts.enable("cira", "anna")
    assert accounts.log_in("cira", PASSWORD) is None
    accounts.decide_role("cira", True, "bohdan")
    assert accounts.log_in("cira", PASSWORD) is not None


def test_an_id_is_given_once(accounts: Accounts) -> None:
    with pytest.raises(InputError, match="there already"):
        accounts.add("anna", "viewer", PASSWORD, "anna")
    with pytest.raises(InputError, match="nobody is called 'zoe'"):
        accounts.disable("zoe", "anna")


def test_neither_password_nor_token_is_kept_as_it_is(accounts: Accounts, journal: SqlJournal) -> None:
    token = accounts.log_in("anna", PASSWORD)
    assert token is not None
    with journal.place.reader.connect() as connection:
        kept = [
            str(row)
            for name in ("users", "sessions")
            for row in connection.execute(text(f"SELECT * FROM {name}"))
        ]
    assert len(kept) == 3
    assert not any(PASSWORD in row or token in row for row in kept)
    assert sum("$argon2id$" in row for row in kept) == 2


def test_a_session_ends_by_idleness_by_age_and_by_logging_out(accounts: Accounts, clock: _Clock) -> None:
    def begun() -> str:
        token = accounts.log_in("anna", PASSWORD)
        assert token is not None
        return token

    token = begun()
    clock.time += timedelta(minutes=29)
    assert accounts.signed(token) is not None
    clock.time += timedelta(minutes=29)
    assert accounts.signed(token) is not None
    clock.time += timedelta(minutes=30)
    assert accounts.signed(token) is None

    token = begun()
    for _ in range(24 * 2):
        clock.time += timedelta(minutes=15)
        alive = accounts.signed(token)
    assert alive is None

    token = begun()
    signed = accounts.signed(token)
    assert signed is not None
    accounts.log_out(signed)
    assert accounts.signed(token) is None


CHANGES: dict[str, Callable[[Accounts], object]] = {
    "disabled": lambda accounts: accounts.disable("bohdan", "anna"),
    "role asked": lambda accounts: accounts.ask_role("bohdan", "viewer", "anna"),
    "password by another": lambda accounts: accounts.set_password("bohdan", "stolen kettle orbit", "anna"),
    "own password": lambda accounts: accounts.set_password("bohdan", "another good phrase", "bohdan"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_someone_ends_what_they_have_open(accounts: Accounts, change: str) -> None:
    token, other = accounts.log_in("bohdan", PASSWORD), accounts.log_in("anna", PASSWORD)
    assert token is not None
    assert other is not None
    assert accounts.signed(token) is not None
    CHANGES[change](accounts)
    assert accounts.signed(token) is None
    assert accounts.signed(other) is not None


def test_a_role_that_is_agreed_to_or_refused_ends_what_was_open(accounts: Accounts) -> None:
    accounts.add("dora", "admin", PASSWORD, "anna")
    accounts.decide_role("dora", True, "bohdan")
    for is_approved in (False, True):
        accounts.ask_role("bohdan", "viewer", "anna")
        token = accounts.log_in("bohdan", PASSWORD)
        assert token is not None
        accounts.decide_role("bohdan", is_approved, "dora")
        assert accounts.signed(token) is None


@pytest.mark.parametrize("token", ["", "x" * 43, "\ud800"])
def test_a_token_of_no_session_signs_nobody_in(accounts: Accounts, token: str) -> None:
    assert accounts.signed(token) is None


def test_tokens_of_sessions_and_of_their_pages_are_long_random_and_never_the_same(accounts: Accounts) -> None:
    tokens = [accounts.log_in("anna", PASSWORD) for _ in range(3)]
    signed = [accounts.signed(token) for token in tokens if token is not None]
    found = [*tokens, *(each.csrf for each in signed if each is not None)]
    assert len(set(found)) == 6
    assert all(token is not None and len(token) >= 43 for token in found)


@pytest.mark.parametrize("user_id", ["anna' --", "anna' OR '1'='1", 'x"; DROP TABLE users; --'])
def test_an_id_that_reads_like_a_query_is_an_id_of_nobody(accounts: Accounts, user_id: str) -> None:
    assert accounts.log_in(user_id, PASSWORD) is None
    assert accounts.signed(user_id) is None
    with pytest.raises(InputError, match="nobody is called"):
        accounts.disable(user_id, "anna")
    assert [user.user_id for user in accounts.users()] == ["anna", "bohdan"]
    assert accounts.log_in("anna", PASSWORD) is not None


def test_officers_to_practise_with_get_new_passwords_and_never_reach_the_real_world(
    journal: SqlJournal, clock: _Clock
) -> None:
    book = AccountBook(journal.place)
    exercise, real = Accounts(book, journal, clock, is_exercise=True), Accounts(book, journal, clock)
    first, again = practice_officers(exercise), practice_officers(exercise)
    assert list(first) == list(again) == ["practice-1", "practice-2"]
    assert exercise.log_in("practice-1", first["practice-1"]) is None
    token = exercise.log_in("practice-1", again["practice-1"])
    assert token is not None
    assert real.log_in("practice-1", again["practice-1"]) is None
    assert real.signed(token) is None
    with pytest.raises(InputError, match="nobody can be called"):
        real.add("practice-3", "officer", PASSWORD, CONSOLE)
    with pytest.raises(InputError, match="nobody can be called"):
        practice_officers(real)


def test_a_journal_with_users_of_its_own_gets_no_officers_to_practise_with(accounts: Accounts) -> None:
    assert practice_officers(accounts) == {}
    assert len(accounts.users()) == 2


def test_the_first_two_decide_roles_or_are_refused(journal: SqlJournal, clock: _Clock) -> None:
    accounts = Accounts(AccountBook(journal.place), journal, clock)
    with pytest.raises(InputError, match="decide the roles of all others"):
        accounts.add("cira", "officer", PASSWORD, CONSOLE)


@pytest.mark.parametrize("how", ["disable", "set_password"])
def test_one_who_puts_the_other_out_does_not_become_the_first_again(accounts: Accounts, how: str) -> None:
    if how == "disable":
        accounts.disable("bohdan", "anna")
    else:
        accounts.set_password("bohdan", "stolen kettle orbit", "anna")
        accounts.disable("bohdan", "anna")
    accounts.add("puppet", "second_officer", PASSWORD, "anna")
    assert _role(accounts, "puppet") == ""
    with pytest.raises(InputError, match="may not change users"):
        accounts.add("other", "second_officer", PASSWORD, CONSOLE)


def test_only_an_admin_acts_on_others(accounts: Accounts) -> None:
    accounts.add("vera", "viewer", PASSWORD, "anna")
    accounts.decide_role("vera", True, "bohdan")
    for act in (
        lambda: accounts.add("puppet", "admin", PASSWORD, "vera"),
        lambda: accounts.ask_role("vera", "admin", "vera"),
        lambda: accounts.disable("anna", "vera"),
        lambda: accounts.enable("vera", "vera"),
        lambda: accounts.set_password("anna", "stolen kettle orbit", "vera"),
    ):
        with pytest.raises(InputError, match="may not change users"):
            act()
    assert [user.user_id for user in accounts.users()] == ["anna", "bohdan", "vera"]


def test_who_set_a_password_does_not_decide_the_role(accounts: Accounts) -> None:
    accounts.add("dora", "admin", PASSWORD, "anna")
    accounts.decide_role("dora", True, "bohdan")
    accounts.add("cira", "officer", PASSWORD, "anna")
    accounts.set_password("cira", "stolen kettle orbit", "dora")
    for party in ("anna", "dora"):
        with pytest.raises(InputError, match=r"cannot decide it"):
            accounts.decide_role("cira", True, party)
    accounts.decide_role("cira", True, "bohdan")
    assert _role(accounts, "cira") == "officer"
