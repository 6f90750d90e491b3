"""Who may do what: the table of rights, and what is refused as an id, a role or a password."""

from __future__ import annotations

import pytest

from takecover.errors import InputError
from takecover.model.user import ALL_RIGHTS, RIGHTS, User, check_new


def test_no_role_holds_every_right_and_a_viewer_only_sees() -> None:
    assert all(rights < ALL_RIGHTS for rights in RIGHTS.values())
    assert RIGHTS["viewer"] == {"see"}


def test_who_alarms_and_who_gives_roles_are_different_people() -> None:
    assert not any("alarm" in rights and "ask_role" in rights for rights in RIGHTS.values())


def test_one_who_is_disabled_or_whose_role_waits_may_do_nothing() -> None:
    assert not User("a", "officer", "", is_enabled=False).may("see")
    assert not User("a", "", "", asked_role="officer", asked_by="b").may("see")


def test_a_right_that_does_not_exist_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="fly"):
        User("a", "admin", "").may("fly")


def test_everything_wrong_with_a_new_user_is_said_at_once() -> None:
    with pytest.raises(InputError) as error:
        check_new("Duty 1", "boss", "short")
    assert len(error.value.faults) == 3


@pytest.mark.parametrize(
    "password", ["duty-1 is my name", "aaaabbbbaaaa", "11 letters.", "abcdefg " * 16 + "a"]
)
def test_a_password_that_can_be_guessed_or_is_endless_is_refused(password: str) -> None:
    with pytest.raises(InputError, match="password"):
        check_new("duty-1", "officer", password)


@pytest.mark.parametrize("password", ["plum kettle!", "слива чайник", "abcdefg " * 16])
def test_a_password_of_twelve_to_128_characters_of_any_kind_is_taken(password: str) -> None:
    check_new("duty-1", "officer", password)
