"""The public state as bytes, made once for everybody, and what changed in it since a version that a client has."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from takecover.analysis.public_state import Object, PublicPlaces, Shown, public_areas, public_shelter
from takecover.analysis.situation import Rules, State
from takecover.analysis.situation_areas import ON
from takecover.analysis.situation_view import shelter
from takecover.model import canonical
from takecover.model.event_fields import read_moment, write_moment
from takecover.store.follower import Followed

MOST_VERSIONS = 5_000
"""Versions remembered; a client that has an older one fetches the whole state."""

SENT_IN = ("enter", "stay")
"""Stages of an alert in which people are in shelters or on the way."""

UNHURRIED = ("shelters", "prices")
"""Groups of which hundreds of objects may change within a second; anything else that is new is urgent."""

TOPICS = ("shelter", "count", "door")
"""What a public shelter is made from."""


@dataclass(frozen=True)
class PublicState:
    """What every client sees.

    Attributes
    ----------
    body
        The whole state as canonical JSON.
    etag
        Its entity tag: the same for the same bytes.
    version
        Grows with every change, also over a restart.
    """

    body: bytes
    etag: str
    version: int


@dataclass(frozen=True)
class Group:
    """One more kind of public objects, beside areas, sources and shelters.

    Attributes
    ----------
    name
        Its name in the state and in changes.
    id_name
        The field that tells its objects apart.
    make
        From the world that is shown and the server's time to its objects. One that is to end says so in an object
        that stays for a while: a change tells what is new, never what is gone.
    """

    name: str
    id_name: str
    make: Callable[[State, datetime], Iterable[Shown]]


@dataclass(frozen=True, slots=True)
class _Shelter:
    """A shelter as it was shown last: the words that it was made from, the object and its bytes."""

    trails: tuple[object, ...]
    shown: Shown | None
    content: bytes

    def holds(self, trails: tuple[object, ...], now: datetime) -> bool:
        """True while it would be made the same again."""
        is_same = all(a is b for a, b in zip(self.trails, trails, strict=True))
        turns_at = None if self.shown is None else self.shown.turns_at
        return is_same and (turns_at is None or now <= turns_at)


class Publisher:
    """Turns situations into public bytes; a version is new only where a public byte is.

    Parameters
    ----------
    city
        Name of the city.
    places
        Its public places.
    rules
        How long words are fresh.
    is_exercise
        The world that is shown.
    groups
        What else is public.

    Attributes
    ----------
    public
        The newest state.
    urgent_version
        The newest version that has something new beside shelters and prices.
    """

    def __init__(
        self,
        city: str,
        places: PublicPlaces,
        rules: Rules,
        is_exercise: bool,
        groups: Sequence[Group] = (),
    ) -> None:
        self._groups = tuple(groups)
        self._city, self._places, self._rules, self._is_exercise = city, places, rules, is_exercise
        self._shelters: dict[str, _Shelter] = {}
        self._objects: dict[tuple[str, str], bytes] = {}
        self._changed_in: dict[tuple[str, str], int] = {}
        self._versions: deque[int] = deque(maxlen=MOST_VERSIONS)
        self._known: set[int] = set()
        self._merged: dict[int, bytes] = {}
        self._areas: list[Object] = []
        self._seen: Followed | None = None
        self._turns_at: datetime | None = None
        self.public = PublicState(b"", "", 0)
        self.urgent_version = 0

    def publish(self, followed: Followed, now: datetime, *, is_forced: bool = False) -> bool:
        """Take a situation in; True where the public state is another than before.

        Parameters
        ----------
        followed
            The newest that was read of the journal.
        now
            The server's time.
        is_forced
            True where something of a group is another although the journal is not.
        """
        is_old = is_forced or (self._turns_at is not None and now > self._turns_at)
        if self._seen is not None and not is_old and _is_same(self._seen, followed):
            self._seen = followed
            return False
        state = followed.situation.state(self._is_exercise)
        areas = public_areas(state, self._places, now, self._rules, self._is_exercise)
        found = {("journal", ""): canonical.encode(_journal(followed, self._is_exercise))}
        for group, name in (("areas", "area_id"), ("sources", "source")):
            found.update(
                {(group, str(each[name])): canonical.encode(each) for each in _objects(areas.plain[group])}
            )
        self._areas = list(_objects(areas.plain["areas"]))
        turns = [areas.turns_at]
        for more in self._groups:
            for shown in more.make(state, now):
                found[more.name, str(shown.plain[more.id_name])] = canonical.encode(shown.plain)
                turns.append(shown.turns_at)
        for shelter_id, each in self._shown_shelters(state, now):
            if each.shown is not None:
                found["shelters", shelter_id] = each.content
                turns.append(each.shown.turns_at)
        self._seen = followed
        self._turns_at = min((time for time in turns if time is not None), default=None)
        return self._take(found, now)

    def bands(self) -> dict[str, str]:
        """The band of each shelter that is shown, by its id: from its public object alone."""
        return {
            name: str(each.shown.plain["status"])
            for name, each in self._shelters.items()
            if each.shown is not None
        }

    def sent_in_since(self) -> datetime | None:
        """The earliest that an alert to enter or stay began which is shown as on in some area; None where none is."""
        began = [
            read_moment(str(alert["onset_at"] or alert["as_of"]))
            for area in self._areas
            if area["word"] == ON
            for alert in _objects(area["alerts"])
            if alert["is_on"] and alert["stage"] in SENT_IN
        ]
        return min(began, default=None)

    def _shown_shelters(self, state: State, now: datetime) -> Iterable[tuple[str, _Shelter]]:
        """Public shelters that anything was said of; one of which nothing changed is not made anew."""
        ids = {
            topic.partition(":")[2]
            for topic in state.trails
            if topic.startswith(tuple(f"{t}:" for t in TOPICS))
        }
        for shelter_id in sorted(ids & self._places.capacity.keys()):
            trails = tuple(state.trails.get(f"{topic}:{shelter_id}", ()) for topic in TOPICS)
            found = self._shelters.get(shelter_id)
            if found is None or not found.holds(trails, now):
                view = shelter(state, shelter_id, now, self._rules)
                shown = public_shelter(view, self._places, now, self._is_exercise)
                content = b"" if shown is None else canonical.encode(shown.plain)
                found = self._shelters[shelter_id] = _Shelter(trails, shown, content)
            yield shelter_id, found

    def _take(self, encoded: dict[tuple[str, str], bytes], now: datetime) -> bool:
        """Take the bytes of all objects in; there is a version if anything of them is new."""
        changed = [key for key, content in encoded.items() if self._objects.get(key) != content]
        if not changed and self._objects.keys() <= encoded.keys() and self.public.version:
            return False
        version = max(self.public.version + 1, int(now.timestamp() * 1000))
        if any(group not in UNHURRIED for group, _ in changed):
            self.urgent_version = version
        self._objects = encoded
        self._changed_in.update(dict.fromkeys(changed, version))
        if len(self._versions) == MOST_VERSIONS:
            self._known.discard(self._versions[0])
        self._versions.append(version)
        self._known.add(version)
        self._merged.clear()
        body = self._body(encoded, {"city": canonical.encode(self._city)}, version)
        self.public = PublicState(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"', version)
        return True

    def _body(
        self, objects: Mapping[tuple[str, str], bytes], head: Mapping[str, bytes], version: int
    ) -> bytes:
        """The groups of some objects as one JSON object, names in ascending order."""
        names = ("areas", "shelters", "sources", *(group.name for group in self._groups))
        groups: dict[str, list[bytes]] = {name: [] for name in names}
        for (group, _), content in objects.items():
            if group in groups:
                groups[group].append(content)
        fields = {name: b"[" + b",".join(parts) + b"]" for name, parts in groups.items()}
        fields["journal"] = objects.get(("journal", ""), b"null")
        fields["is_exercise"] = b"true" if self._is_exercise else b"false"
        fields["version"] = str(version).encode()
        fields.update(head)
        return b"{" + b",".join(f'"{name}":'.encode() + fields[name] for name in sorted(fields)) + b"}"

    def changes(self, from_version: int) -> bytes | None:
        """Every object that changed after a version, as it is now; None where the version is not remembered."""
        if from_version not in self._known:
            return None
        found = self._merged.get(from_version)
        if found is None:
            changed = {
                key: content for key, content in self._objects.items() if self._changed_in[key] > from_version
            }
            found = self._body(changed, {"from_version": str(from_version).encode()}, self.public.version)
            self._merged[from_version] = found
        return found


def _is_same(seen: Followed, now: Followed) -> bool:
    return seen.situation is now.situation and bool(seen.failure) == bool(now.failure)


def _journal(followed: Followed, is_exercise: bool) -> Object:
    """Whether the journal is reached, and since when it is not; why is for the office alone."""
    return {
        "is_reached": not followed.failure,
        "last_reached_at": write_moment(followed.read_at) if followed.failure else None,
        "is_exercise": is_exercise,
    }


def _objects(plain: object) -> list[Object]:
    return [each for each in plain if isinstance(each, dict)] if isinstance(plain, list) else []
