"""What a person at the terminal sees when something goes wrong: words on stderr and an exit code, no traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from takecover.errors import InputError, SourceError, TakecoverError

OUR_FAULT, WRONG_USE, BAD_INPUT, NO_SOURCE = 1, 2, 3, 4
"""Exit codes; 0 is done. Typer itself gives 2."""

MOST_LINES = 60
"""Lines of an error that a screen shows; the first faults say what kind of file it is."""

DEBUG = "TAKECOVER_DEBUG"
"""Environment variable that brings the traceback of an unforeseen error."""


def exit_code(error: TakecoverError) -> int:
    """The exit code of a kind of error."""
    if isinstance(error, InputError):
        return BAD_INPUT
    return NO_SOURCE if isinstance(error, SourceError) else OUR_FAULT


@contextmanager
def reported() -> Iterator[None]:
    """Turn every error of the body into words on stderr and the exit code of its kind.

    Raises
    ------
    typer.Exit
        With the exit code: 3 bad input, 4 source not reached, 1 our fault.
    """
    try:
        yield
    except TakecoverError as error:
        _say(f"error: {error}")
        raise typer.Exit(exit_code(error)) from None
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except BrokenPipeError:
        sys.stderr.close()
        raise typer.Exit(OUR_FAULT) from None
    except Exception as error:  # a composition root: nothing above us could say it better
        if os.environ.get(DEBUG):
            raise
        _say(f"error: Takecover failed ({type(error).__name__}: {error}).\nThis is our fault, not yours.")
        _say(f"Set {DEBUG}=1 to see where, and tell the project.")
        raise typer.Exit(OUR_FAULT) from None


def _say(text: str) -> None:
    """Print to stderr what cannot harm a terminal: printable characters, and not too many lines."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"  ... and {len(lines) - MOST_LINES:,} more."]
    for line in lines:
        typer.echo("".join(c if c.isprintable() else "\ufffd" for c in line), err=True)
