"""The commands ``takecover user ...``: they parse, ask for passwords and print; no arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from takecover.cli_actor import accounts_of, known, typed_password
from takecover.cli_errors import reported
from takecover.cli_journal import Address, opened_journal

if TYPE_CHECKING:
    from takecover.workflow.live.accounts import Accounts

user_app = typer.Typer(
    no_args_is_help=True,
    help="Say who may log in at the office. A role waits until a second person agrees to it.",
)

UserId = Annotated[str, typer.Argument(metavar="USER", help="Id of the user, such as duty-1.")]
By = Annotated[
    str,
    typer.Option(
        "--as", help="Your own id; your password is asked for. Only the first two users are made without."
    ),
]


@contextmanager
def _opened(journal: str | None) -> Iterator[Accounts]:
    with reported(), opened_journal(journal) as opened:
        yield accounts_of(opened)


def _actor(accounts: Accounts, by: str) -> str:
    return known(accounts, by).user_id


def _first(accounts: Accounts, by: str) -> str:
    """Who acts, or the console while nobody could say who they are."""
    from takecover.workflow.live.accounts import CONSOLE

    return CONSOLE if not by and not accounts.is_begun() else _actor(accounts, by)


@user_app.command()
def add(
    user: UserId,
    role: Annotated[str, typer.Option(help="viewer, warden, officer, second_officer or admin.")],
    by: By = "",
    journal: Address = None,
) -> None:
    """Add someone; their password is asked for (or read from the standard input, a line after yours)."""
    with _opened(journal) as accounts:
        actor = _first(accounts, by)
        made = accounts.add(user, role, typed_password(f"New password of {user}", is_new=True), actor)
        if made.role:
            typer.echo(f"{user} is {made.role} at once, being one of the first two who decide roles.")
        else:
            typer.echo(
                f"Asked for. It holds once a second person runs: takecover user confirm {user} --as ID"
            )


@user_app.command("list")
def list_users(journal: Address = None) -> None:
    """Show everyone: role, whether they may log in, and what waits for a second person."""
    with _opened(journal) as accounts:
        found = accounts.users()
        if not found:
            typer.echo("Nobody yet. Begin with: takecover user add ID --role admin")
        for each in found:
            waits = f"; {each.asked_role} asked for by {each.asked_by}" if each.asked_role else ""
            typer.echo(
                f"{each.user_id:<24} {each.role or '(no role)':<16} "
                f"{'may log in' if each.is_enabled else 'disabled'}{waits}"
            )


@user_app.command()
def role(
    user: UserId, wanted: Annotated[str, typer.Argument(metavar="ROLE")], by: By = "", journal: Address = None
) -> None:
    """Ask for another role for someone."""
    with _opened(journal) as accounts:
        accounts.ask_role(user, wanted, _actor(accounts, by))
        typer.echo(f"Asked for. It holds once a second person runs: takecover user confirm {user} --as ID")


@user_app.command()
def confirm(
    user: UserId,
    by: By = "",
    refuse: Annotated[bool, typer.Option("--refuse", help="Say no instead.")] = False,
    journal: Address = None,
) -> None:
    """Agree to what another person asked for somebody else, as the second person."""
    with _opened(journal) as accounts:
        found = accounts.decide_role(user, not refuse, _actor(accounts, by))
        typer.echo(f"{user} {'keeps' if refuse else 'is now'} {found.role or '(no role)'}.")


@user_app.command()
def disable(user: UserId, by: By = "", journal: Address = None) -> None:
    """Let someone log in no more, at once; what they have open ends."""
    with _opened(journal) as accounts:
        accounts.disable(user, _actor(accounts, by))
        typer.echo(f"{user} can no longer log in.")


@user_app.command()
def enable(user: UserId, by: By = "", journal: Address = None) -> None:
    """Ask to let someone log in again."""
    with _opened(journal) as accounts:
        accounts.enable(user, _actor(accounts, by))
        typer.echo(f"Asked for. It holds once a second person runs: takecover user confirm {user} --as ID")


@user_app.command()
def password(user: UserId, by: By = "", journal: Address = None) -> None:
    """Set a password. Somebody else's makes their role wait until a third person agrees."""
    with _opened(journal) as accounts:
        actor = _actor(accounts, by)
        found = accounts.set_password(user, typed_password(f"New password of {user}", is_new=True), actor)
        waits = "" if found.role else f" Their role waits for: takecover user confirm {user} --as ID"
        typer.echo(f"The password of {user} is set.{waits}")
