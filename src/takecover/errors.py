"""What can go wrong, in four kinds, and the collector that gathers every fault before one is raised.

A shortage of places or an origin that reaches no shelter is a result, never an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


class TakecoverError(Exception):
    """Base of every error that Takecover raises on purpose."""

    def __init__(self, message: str, faults: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.faults: tuple[str, ...] = tuple(faults) or (message,)


class InputError(TakecoverError, ValueError):
    """The caller's data are at fault; the message names the row and the remedy."""


class SourceError(TakecoverError, OSError):
    """A file, feed or service could not be read or written."""


class StoreError(TakecoverError):
    """The live state could not be kept or read."""


class InternalError(TakecoverError):
    """A promise of ours is broken; the result must not be used."""


class Faults:
    """Gathers every fault of one input, to raise them all at once.

    Parameters
    ----------
    subject
        What is being checked, named at the head of the error: a file, a table.
    """

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.messages: list[str] = []

    def add(self, message: str) -> None:
        """Note one fault in words: what, which, found, allowed, what to do."""
        self.messages.append(message)

    def add_rows(
        self,
        field: str,
        is_bad: np.ndarray,
        ids: Sequence[Any] | np.ndarray,
        values: Any,
        what: str,
        remedy: str,
    ) -> None:
        """Note the rows of a column that break a rule; does nothing where none does.

        Parameters
        ----------
        field
            Table and column, such as ``shelters.capacity``.
        is_bad
            Boolean mask, shape (n,).
        ids
            Outside name of each row, shape (n,).
        values
            What was found in each row, shape (n,).
        what
            The rule broken, as it follows "rows": ``are negative``.
        remedy
            What to do: ``Give 0 or more``.
        """
        rows = is_bad.nonzero()[0]
        if rows.size == 0:
            return
        first = int(rows[0])
        found = f"id='{str(ids[first])[:80]}', {str(values[first])[:80]}"
        self.messages.append(f"{field}: {rows.size} of {len(is_bad)} rows {what} (first: {found}). {remedy}.")

    def raise_if_any(self) -> None:
        """Raise one `InputError` with every fault noted so far; do nothing where there is none."""
        if self.messages:
            count = len(self.messages)
            head = f"{self.subject}: {count} fault{'s' if count > 1 else ''} found."
            raise InputError("\n".join([head, *(f"  - {m}" for m in self.messages)]), self.messages)
