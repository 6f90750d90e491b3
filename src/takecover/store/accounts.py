"""Users and sessions, kept in the journal's own database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, text, update

from takecover.errors import InputError
from takecover.model.event_fields import read_moment, write_moment
from takecover.model.user import User
from takecover.store.connected import connected
from takecover.store.place import Place
from takecover.store.schema import sessions, users

Change = Callable[[User], User]


@dataclass(frozen=True, slots=True)
class Session:
    """Someone who is logged in.

    Attributes
    ----------
    token_hash
        SHA-256 of the token that the browser keeps, hexadecimal.
    user_id
        Whose it is.
    csrf
        What a page of this session must send along with whatever changes anything.
    made_at, seen_at
        When it began and was last used.
    """

    token_hash: str
    user_id: str
    csrf: str
    made_at: datetime
    seen_at: datetime


class AccountBook:
    """Reads and writes users and sessions; each call is one transaction.

    Parameters
    ----------
    place
        The journal's database.
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    def users(self) -> list[User]:
        """Everyone, by id."""
        with connected(self._place, self._place.reader) as connection:
            rows = connection.execute(select(users).order_by(users.c.user_id)).mappings()
            return [User(**row) for row in rows]

    def user(self, user_id: str) -> User | None:
        """One by id; None where there is none."""
        with connected(self._place, self._place.reader) as connection:
            row = connection.execute(select(users).where(users.c.user_id == user_id)).mappings().first()
        return None if row is None else User(**row)

    def add(self, make: Callable[[list[User]], User]) -> User:
        """Add someone as a function of those who are there, with nobody between.

        Parameters
        ----------
        make
            From everyone who ever was added to the new user; what it raises leaves everything as it was.

        Raises
        ------
        InputError
            The id is taken.
        """
        with connected(self._place, self._place.writer) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"))
            there = [User(**row) for row in connection.execute(select(users)).mappings()]
            user = make(there)
            if any(each.user_id == user.user_id for each in there):
                raise InputError(f"user: '{user.user_id}' is there already. Give another id.")
            connection.execute(insert(users).values(**asdict(user)))
        return user

    def change(self, user_id: str, how: Change) -> User:
        """Change someone as a function of how they stand, with nobody between.

        Parameters
        ----------
        user_id
            Whom.
        how
            From the user as read to the user as wanted; what it raises leaves everything as it was. The sessions of
            one who changed are ended.

        Raises
        ------
        InputError
            There is nobody of that id.
        """
        with connected(self._place, self._place.writer) as connection:
            asked = select(users).where(users.c.user_id == user_id).with_for_update()
            row = connection.execute(asked).mappings().first()
            if row is None:
                raise InputError(f"user: nobody is called {user_id!a:.60}. See: takecover user list")
            before = User(**row)
            after = how(before)
            if after != before:
                connection.execute(update(users).where(users.c.user_id == user_id).values(**asdict(after)))
                connection.execute(delete(sessions).where(sessions.c.user_id == user_id))
            return after

    def begin(self, session: Session) -> None:
        """Keep a new session."""
        row = {
            **asdict(session),
            "made_at": write_moment(session.made_at),
            "seen_at": write_moment(session.seen_at),
        }
        with connected(self._place, self._place.writer) as connection:
            connection.execute(insert(sessions).values(**row))

    def session(self, token_hash: str) -> tuple[Session, User] | None:
        """A session and whose it is; None where there is none."""
        asked = select(sessions, users).join(users).where(sessions.c.token_hash == token_hash)
        with connected(self._place, self._place.reader) as connection:
            row = connection.execute(asked).mappings().first()
        if row is None:
            return None
        user = User(**{column.name: row[column] for column in users.c})
        found = {column.name: row[column] for column in sessions.c}
        found["made_at"], found["seen_at"] = read_moment(found["made_at"]), read_moment(found["seen_at"])
        return Session(**found), user

    def touch(self, token_hash: str, seen_at: datetime) -> None:
        """Note that a session was used."""
        with connected(self._place, self._place.writer) as connection:
            there = sessions.c.token_hash == token_hash
            connection.execute(update(sessions).where(there).values(seen_at=write_moment(seen_at)))

    def end(self, token_hash: str) -> None:
        """End a session; one that is not there is ended already."""
        with connected(self._place, self._place.writer) as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    def end_old(self, made_before: datetime, seen_before: datetime) -> None:
        """End every session that is over by its age or its idleness."""
        made, seen = write_moment(made_before), write_moment(seen_before)
        with connected(self._place, self._place.writer) as connection:
            over = or_(sessions.c.made_at < made, sessions.c.seen_at < seen)
            connection.execute(delete(sessions).where(over))
