"""The commands ``takecover journal ...``: they parse, call a workflow and print; no arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from takecover.cli_actor import As, actor_with
from takecover.cli_errors import reported
from takecover.cli_progress import shown_progress

if TYPE_CHECKING:
    from takecover.store.journal import SqlJournal

journal_app = typer.Typer(
    no_args_is_help=True,
    help="Keep the journal of a raid: carry it, check it, back it up, erase words beside it.",
)

Address = Annotated[
    str | None,
    typer.Option(
        "--journal",
        help="FILE, sqlite:///FILE or postgresql://...; else TAKECOVER_JOURNAL or TAKECOVER_JOURNAL_FILE; else "
        "takecover-journal.sqlite here. A password belongs into the environment or a file, not here.",
        show_default=False,
    ),
]


def address_of(given: str | None) -> str:
    """Address of the journal that is given, else of the one that the environment names."""
    from takecover import settings

    return given if given is not None else settings.read().journal.reveal()


@contextmanager
def opened_journal(given: str | None, *, is_read_only: bool = False) -> Iterator[SqlJournal]:
    """The journal of an address, or of the environment where none is given; closed after the body."""
    from takecover.store.opening import open_journal

    journal = open_journal(address_of(given), is_read_only=is_read_only)
    try:
        yield journal
    finally:
        journal.close()


@journal_app.command()
def export(
    file: Annotated[Path, typer.Argument(help="File to write: one event a line.")],
    without_words: Annotated[
        bool,
        typer.Option(
            "--without-words", help="Leave names and free words out; the chain can still be checked."
        ),
    ] = False,
    journal: Address = None,
) -> None:
    """Write the journal as JSON lines, also while it is being written to."""
    with reported(), opened_journal(journal, is_read_only=True) as opened, shown_progress() as tell:
        from takecover.workflow import journal as workflow

        carried = workflow.export(opened, file, without_words=without_words, tell=tell)
        typer.echo(f"Wrote {carried.seq:,} events to {file}.")


@journal_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Export to take in.")],
    journal: Address = None,
) -> None:
    """Take in an export: every line is checked; run again after a fault, it goes on where it ended."""
    with reported(), opened_journal(journal) as opened, shown_progress() as tell:
        from takecover.workflow import journal as workflow

        carried = workflow.import_lines(opened, file, tell)
        typer.echo(
            f"{carried.seq:,} events in {file}, {carried.new:,} of them new here. All follow one another."
        )


@journal_app.command()
def verify(journal: Address = None) -> None:
    """Check every event: its rules, its hash, the chain, the words beside it, and the newest snapshot."""
    with reported(), opened_journal(journal, is_read_only=True) as opened, shown_progress() as tell:
        from takecover.workflow import journal as workflow

        found = workflow.verify(opened, tell)
        typer.echo(f"Journal {opened.journal_id}: {found.seq:,} events, each follows the one before.")
        typer.echo(f"  Last hash  {found.hash}")
        typer.echo(
            f"  Snapshot   {f'at event {found.snapshot_seq:,}, right' if found.snapshot_seq else 'none'}"
        )
        typer.echo(
            f"  Words      {found.erased:,} fields erased by two people, {found.withheld:,} not in this copy"
        )


@journal_app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="SQLite file to write; it can be opened as a journal itself.")],
    journal: Address = None,
) -> None:
    """Copy the journal, from SQLite or PostgreSQL, into one file, while it is being written to."""
    with reported(), opened_journal(journal, is_read_only=True) as opened, shown_progress() as tell:
        from takecover.workflow import journal as workflow

        carried = workflow.backup(opened, file, tell)
        typer.echo(f"Copied {carried.seq:,} events to {file}, each checked.")


@journal_app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="File that `backup` wrote.")],
    journal: Address = None,
) -> None:
    """Copy a backup into an empty journal; run again after a fault, it goes on where it ended."""
    with reported(), opened_journal(journal) as opened, shown_progress() as tell:
        from takecover.workflow import journal as workflow

        carried = workflow.restore(file, opened, tell)
        typer.echo(f"{carried.seq:,} events in {file}, {carried.new:,} of them new here, each checked.")


@journal_app.command()
def migrate(journal: Address = None) -> None:
    """Make the journal's tables, or bring them to the form that this Takecover needs."""
    with reported():
        from takecover.store.schema import REVISION
        from takecover.workflow import journal as workflow

        had = workflow.migrate(address_of(journal))
        typer.echo(f"Schema {REVISION}; it was {had or 'not there'}.")


@journal_app.command()
def erase(
    event_id: Annotated[
        str, typer.Argument(help="Event whose words go; with --agree, the id of the request.")
    ],
    words: Annotated[
        list[str] | None, typer.Option(help="Field of words to erase. May be repeated.", show_default=False)
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, as one lower-case word.")] = "request",
    agree: Annotated[bool, typer.Option("--agree", help="A second person agrees, and the words go.")] = False,
    by: As = "",
    journal: Address = None,
) -> None:
    """Erase names or free words beside an event: one person asks, another agrees; the chain stays whole.

    An officer asks, a second officer agrees, each by their own password.
    """
    if agree == bool(words):
        raise typer.BadParameter(
            "name the words to ask for, or give --agree to a request", param_hint="--words"
        )
    with reported(), opened_journal(journal) as opened:
        from takecover.workflow import journal as workflow

        actor = actor_with(opened, by, "decide_erasure" if agree else "ask_erasure")
        if agree:
            workflow.agree_to_erasure(opened, event_id, actor)
            typer.echo(
                "Erased. The hash of the words stays in the chain. Older backups still hold them: erase those."
            )
            return
        request = workflow.ask_erasure(opened, event_id, tuple(words or ()), actor, reason)
        typer.echo("Asked; nothing is erased yet. Another person now runs:")
        typer.echo(f"  takecover journal erase {request.event_id} --agree --as ID")
