"""A connection to a journal's database in one transaction; what goes wrong there is an error of ours, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from takecover.errors import StoreError
from takecover.store.place import Place


@contextmanager
def connected(place: Place, engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction of its own.

    Parameters
    ----------
    place
        The database.
    engine
        Its reader or its writer.

    Raises
    ------
    StoreError
        The database cannot be reached, or refuses.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise StoreError(f"{place.name}: {reason(error)}. Try again later.") from error


def reason(error: SQLAlchemyError) -> str:
    """The first line of what a database said: without the statement and the values, which can be an address."""
    said = str(error.orig) if isinstance(error, DBAPIError) and error.orig is not None else str(error)
    return next(iter(said.strip().splitlines()), "").rstrip(". ")[:300] or type(error).__name__
