"""Reads OpenStreetMap data in XML (``.osm``, also packed), as a stream: no tree, no entity, no tag without end.

The parser is the standard library's; what it must never do is follow or expand an entity.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from xml.parsers import expat

import numpy as np

from takecover.errors import Faults, InputError
from takecover.io import unpacking
from takecover.io.osm_data import LARGEST_ID, Member, Node, Places, Relation, Way, done_share, places_of

MOST_FAULTS = 100
"""After so many broken elements reading stops."""

LONGEST_TAG_BYTES = 1_000_000
"""No tag of OpenStreetMap comes near this."""

DEEPEST = 8
"""Data of OpenStreetMap nest three deep."""

MOST_PARTS = 100_000
"""Most nodes of a way, members of a relation or tags of an element; OpenStreetMap allows 2,000, 32,000 and 5,000."""

_KINDS = frozenset({"node", "way", "relation"})
Found = Node | Way | Relation


class XmlFile:
    """A file in XML.

    Parameters
    ----------
    path
        The file, which may be packed.
    tell
        Told how far a reading is, 0 to 1.
    """

    def __init__(self, path: Path, tell: Callable[[float], None]) -> None:
        self._path = path
        self._tell = tell
        self._faults = Faults(str(path))
        self._readings = 0
        self.dated = ""

    def check(self) -> None:
        """Raise one `InputError` with every broken element found so far."""
        self._faults.raise_if_any()

    def tagged(self, kinds: frozenset[str], keys: Sequence[str]) -> Iterator[Found]:
        """Elements of these kinds that have one of the keys."""
        wanted = frozenset(keys)
        return (found for found in self._elements(kinds) if not wanted.isdisjoint(found.tags))

    def ways(self, way_ids: frozenset[int]) -> Iterator[Way]:
        """Ways by id."""
        for found in self._elements(frozenset({"way"})):
            if isinstance(found, Way) and found.osm_id in way_ids:
                yield found

    def places(self, node_ids: np.ndarray) -> Places:
        """Positions of those of the nodes that the file has."""
        wanted = frozenset(node_ids.tolist())
        ids, lon, lat = array("q"), array("d"), array("d")
        for found in self._elements(frozenset({"node"})):
            if isinstance(found, Node) and found.osm_id in wanted:
                ids.append(found.osm_id)
                lon.append(found.lon)
                lat.append(found.lat)
        return places_of(ids, lon, lat)

    def _elements(self, kinds: frozenset[str]) -> Iterator[Found]:
        """Elements of these kinds, in the order of the file."""
        reading = _Reading(kinds, self._faults)
        parser = _parser(reading)
        seen, silent = 0, 0
        self._readings += 1
        number = self._readings
        try:
            for piece in unpacking.pieces(self._path, lambda share: self._tell(done_share(number, share))):
                parser.Parse(piece, False)
                silent = 0 if reading.events > seen else silent + len(piece)
                seen = reading.events
                if silent > LONGEST_TAG_BYTES:
                    raise _RefusedError("a tag or text is longer than 1 MB")
                yield from reading.take()
                if len(self._faults.messages) >= MOST_FAULTS:
                    break
            else:
                parser.Parse(b"", True)
        except expat.ExpatError as error:
            place = f"line {error.lineno:,}: {expat.ErrorString(error.code)}"
            raise InputError(
                f"{self._path}: is no XML ({place}). Download or export the file again."
            ) from error
        except _RefusedError as error:
            raise InputError(
                f"{self._path}: is refused: {error}. Give a file of OpenStreetMap data."
            ) from error
        finally:
            self.dated = self.dated or reading.dated
        yield from reading.take()


class _RefusedError(Exception):
    """What no file of OpenStreetMap data holds."""


def _parser(reading: _Reading) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = False
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.EntityDeclHandler = _refuse_entity
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.ExternalEntityRefHandler = _refuse_entity
    return parser


def _refuse_entity(*declaration: object) -> int:
    raise _RefusedError("it declares an entity")


def _refuse_doctype(*declaration: object) -> None:
    raise _RefusedError("it declares a document type")


class _Reading:
    """Makes elements of what the parser meets."""

    def __init__(self, kinds: frozenset[str], faults: Faults) -> None:
        self.kinds = kinds
        self.faults = faults
        self.events = 0
        self.dated = ""
        self._depth = 0
        self._done: list[Found] = []
        self._kind = ""
        self._head: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._refs: list[int] = []
        self._members: list[Member] = []

    def take(self) -> list[Found]:
        """What is complete since the last time."""
        done, self._done = self._done, []
        return done

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """A tag opens."""
        self.events += 1
        self._depth += 1
        if self._depth > DEEPEST:
            raise _RefusedError(f"it nests more than {DEEPEST} deep")
        if self._depth == 1:
            if name != "osm":
                raise _RefusedError(f"it begins with <{name:.40}>, not <osm>")
            self._date(attributes.get("timestamp", ""))
        elif self._depth == 2:
            self._kind = name if name in self.kinds else ""
            if name == "meta":
                self._date(attributes.get("osm_base", ""))
            self._head, self._tags, self._refs, self._members = attributes, {}, [], []
        elif self._kind:
            self._part(name, attributes)

    def end(self, name: str) -> None:
        """A tag closes."""
        self.events += 1
        self._depth -= 1
        if self._depth == 1 and self._kind:
            if self._head.get("visible") != "false" and (found := self._element()) is not None:
                self._done.append(found)
            self._kind = ""

    def _date(self, stamp: str) -> None:
        if stamp and len(stamp) <= 30 and stamp.isascii() and stamp.isprintable():
            self.dated = stamp

    def _part(self, name: str, attributes: dict[str, str]) -> None:
        """A tag, a node of a way, or a member of a relation."""
        if len(self._tags) + len(self._refs) + len(self._members) >= MOST_PARTS:
            raise _RefusedError(f"an element has more than {MOST_PARTS:,} parts")
        if name == "tag":
            self._tags[attributes.get("k", "")] = attributes.get("v", "")
        elif name == "nd" and self._kind == "way":
            self._refs.append(self._id(attributes.get("ref"), f"{self._kind} {self._head.get('id')}: ref"))
        elif name == "member" and self._kind == "relation":
            ref = self._id(attributes.get("ref"), f"relation {self._head.get('id')}: ref")
            self._members.append(Member(attributes.get("type", ""), ref, attributes.get("role", "")))

    def _element(self) -> Found | None:
        osm_id = self._id(self._head.get("id"), f"{self._kind}: id")
        if self._kind == "way":
            return Way(osm_id, self._tags, self._refs)
        if self._kind == "relation":
            return Relation(osm_id, self._tags, self._members)
        lon, lat = self._head.get("lon"), self._head.get("lat")
        place = _degrees(lon, 180), _degrees(lat, 90)
        if None in place:
            self._fault(f"node {osm_id}: lon {lon!r:.40}, lat {lat!r:.40} is no place. Give degrees, WGS84.")
            return None
        return Node(osm_id, self._tags, place[0] or 0.0, place[1] or 0.0)

    def _id(self, text: str | None, where: str) -> int:
        """A whole number; 0 and a fault where it is none."""
        try:
            value = int(text or "")
        except ValueError:
            value = LARGEST_ID
        if len(text or "") > 20 or abs(value) >= LARGEST_ID:
            self._fault(f"{where:.60} is {text!r:.40}. Give a whole number.")
            return 0
        return value

    def _fault(self, message: str) -> None:
        if len(self.faults.messages) < MOST_FAULTS:
            self.faults.add(message)
        elif len(self.faults.messages) == MOST_FAULTS:
            self.faults.add(f"reading stopped after {MOST_FAULTS} faults. Export the file again.")


def _degrees(text: str | None, bound: int) -> float | None:
    """The number, where it is one of degrees within the bound."""
    if text is None or len(text) > 40:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= bound else None
