"""Reads OpenStreetMap data in Protocol Buffers (``.osm.pbf``), block by block, in little memory.

The frame around the blocks is checked here before osmium unpacks one: sizes, order, and how much they unpack to.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from takecover.errors import InputError, SourceError
from takecover.io.osm_data import Member, Node, Places, Relation, Way, done_share, places_of

MOST_HEADER_BYTES = 64 * 1024
MOST_BLOB_BYTES = 32 * 1024 * 1024
"""Limits that the format itself sets."""

MOST_TIMES_LARGER, NEVER_TOO_LARGE_BYTES = 100, 100_000_000
"""A file that unpacks to more times its size than this, and to more than so many bytes, is a bomb; real ones 10."""

_BATCH_BYTES = 500_000
_NODES_AT_A_TIME = 1_000_000
_RAW, _RAW_SIZE, _TYPE, _DATASIZE = 1, 2, 1, 3
_KINDS = {"n": "node", "w": "way", "r": "relation"}


class _Block(NamedTuple):
    kind: str
    data: bytes
    unpacked_bytes: int


class PbfFile:
    """A file in Protocol Buffers.

    Parameters
    ----------
    path
        The file.
    tell
        Told how far a reading is, 0 to 1.
    """

    def __init__(self, path: Path, tell: Callable[[float], None]) -> None:
        self._path = path
        self._tell = tell
        self._reached = 0
        self._readings = 0
        self.dated = ""

    def check(self) -> None:
        """Nothing is gathered: a broken block stops the reading."""

    def tagged(self, kinds: frozenset[str], keys: Sequence[str]) -> Iterator[Node | Way | Relation]:
        """Elements of these kinds that have one of the keys."""
        from osmium.filter import KeyFilter
        from osmium.osm import NODE, RELATION, WAY

        bits = {"node": NODE, "way": WAY, "relation": RELATION}
        wanted = reduce(or_, (bits[kind] for kind in kinds))
        for element in self._elements(wanted, KeyFilter(*keys)):
            tags = {tag.k: tag.v for tag in element.tags}
            if element.is_node():
                if element.location.valid():
                    yield Node(element.id, tags, element.location.lon, element.location.lat)
            elif element.is_way():
                yield Way(element.id, tags, [node.ref for node in element.nodes])
            else:
                members = [Member(_KINDS.get(m.type, ""), m.ref, m.role) for m in element.members]
                yield Relation(element.id, tags, members)

    def ways(self, way_ids: frozenset[int]) -> Iterator[Way]:
        """Ways by id."""
        from osmium.osm import WAY

        for way in self._elements(WAY):
            if way.id in way_ids:
                yield Way(way.id, {tag.k: tag.v for tag in way.tags}, [node.ref for node in way.nodes])

    def places(self, node_ids: np.ndarray) -> Places:
        """Positions of those of the nodes that the file has, where they are on earth."""
        from osmium.osm import NODE

        ids, lon, lat = array("q"), array("d"), array("d")
        kept: list[Places] = []
        for node in self._elements(NODE):
            location = node.location
            if location.valid():
                ids.append(node.id)
                lon.append(location.lon)
                lat.append(location.lat)
            if len(ids) >= _NODES_AT_A_TIME:
                kept.append(_chosen(ids, lon, lat, node_ids))
                ids, lon, lat = array("q"), array("d"), array("d")
        kept.append(_chosen(ids, lon, lat, node_ids))
        return places_of(
            np.concatenate([places.node_ids for places in kept]),
            np.concatenate([places.lon for places in kept]),
            np.concatenate([places.lat for places in kept]),
        )

    def _elements(self, kinds: Any, *filters: Any) -> Iterator[Any]:
        """Elements that pass the filters; each is valid until the next one."""
        import osmium

        for batch in self._batches():
            try:
                reading = osmium.FileProcessor(osmium.io.FileBuffer(batch, "pbf"), kinds)
                if not self.dated:
                    self._take_header(reading.header)
                for one in filters:
                    reading = reading.with_filter(one)
                yield from reading
            except InputError:
                raise
            except (RuntimeError, ValueError, OverflowError) as error:
                raise InputError(
                    f"{self._path}: a block is broken ({error!s:.100}). Download or export the file again."
                ) from error

    def _take_header(self, header: Any) -> None:
        stamp = header.get("osmosis_replication_timestamp") or header.get("timestamp")
        self.dated = stamp if len(stamp) <= 30 and stamp.isascii() and stamp.isprintable() else ""
        if header.has_multiple_object_versions:
            raise InputError(
                f"{self._path}: holds the history of each element. Give an extract of one day (.osm.pbf)."
            )

    def _batches(self) -> Iterator[bytes]:
        """Some megabytes of whole blocks at a time, each after the file's own header block."""
        try:
            size = self._path.stat().st_size
            with self._path.open("rb") as file:
                yield from self._batch(file, size)
        except FileNotFoundError as error:
            raise SourceError(f"{self._path}: is not there. Give the path of a file.") from error
        except OSError as error:
            if isinstance(error, SourceError):
                raise
            raise SourceError(
                f"{self._path}: cannot be read ({error.strerror or error}). Give a file that can."
            ) from error

    def _batch(self, file: BinaryIO, size: int) -> Iterator[bytes]:
        header, batch, unpacked = b"", bytearray(), 0
        self._readings += 1
        most = max(NEVER_TOO_LARGE_BYTES, MOST_TIMES_LARGER * size)
        while (block := self._block(file)) is not None:
            unpacked += block.unpacked_bytes
            if unpacked > most:
                raise InputError(
                    f"{self._path}: unpacks to more than {most / 1e6:,.0f} MB. Give an extract that holds the city."
                )
            if not header:
                if block.kind != "OSMHeader":
                    raise self._broken(f"begins with a block {block.kind!a:.30}")
                header = block.data
            elif block.kind == "OSMData":
                batch += block.data
            if len(batch) > _BATCH_BYTES:
                yield header + bytes(batch)
                batch.clear()
                self._tell(done_share(self._readings, file.tell() / size))
        yield header + bytes(batch)

    def _block(self, file: BinaryIO) -> _Block | None:
        """The next block with its frame; None at the end of the file."""
        self._reached = file.tell()
        prefix = file.read(4)
        if not prefix:
            return None
        length = int.from_bytes(prefix, "big")
        if len(prefix) < 4 or not 0 < length <= MOST_HEADER_BYTES:
            raise self._broken(f"a block header of {length:,} bytes")
        head = file.read(length)
        try:
            fields = dict(_fields(head))
            kind, body_bytes = bytes(fields[_TYPE]).decode("ascii"), int(fields[_DATASIZE])
        except (KeyError, ValueError, TypeError) as error:
            raise self._broken("a block header that says nothing") from error
        if not 0 < body_bytes <= MOST_BLOB_BYTES:
            raise self._broken(f"a block of {body_bytes:,} bytes")
        body = file.read(body_bytes)
        if len(head) < length or len(body) < body_bytes:
            raise InputError(
                f"{self._path}: ends in the middle of a block. Download or export the file again."
            )
        try:
            parts = dict(_fields(body))
        except ValueError as error:
            raise self._broken("a block whose parts do not fit") from error
        unpacked = parts.get(_RAW_SIZE, 0) if _RAW not in parts else body_bytes
        if not isinstance(unpacked, int) or unpacked > MOST_BLOB_BYTES:
            raise self._broken("a block that unpacks to more than 32 MB")
        return _Block(kind, prefix + head + body, unpacked)

    def _broken(self, what: str) -> InputError:
        return InputError(
            f"{self._path}: is no whole .osm.pbf file ({what} at byte {self._reached:,}). Download or export it again."
        )


def _chosen(ids: array[int], lon: array[float], lat: array[float], wanted: np.ndarray) -> Places:
    """Those of the nodes that are wanted."""
    is_wanted = np.isin(np.frombuffer(ids, np.int64), wanted)
    return Places(
        np.frombuffer(ids, np.int64)[is_wanted],
        np.frombuffer(lon, np.float64)[is_wanted],
        np.frombuffer(lat, np.float64)[is_wanted],
    )


def _fields(message: bytes) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field of a message; a later one of the same number counts.

    Raises
    ------
    ValueError
        If a field runs past the end, or is of a kind that the frame has not.
    """
    at, view = 0, memoryview(message)
    while at < len(message):
        key, at = _varint(message, at)
        if key & 7 == 0:
            value, at = _varint(message, at)
            yield key >> 3, value
        elif key & 7 == 2:
            length, at = _varint(message, at)
            if length > len(message) - at:
                raise ValueError("a field runs past the end")
            yield key >> 3, view[at : at + length]
            at += length
        else:
            raise ValueError("a field of an unknown kind")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number in base 128, and where the next byte is."""
    value = 0
    for shift in range(0, 64, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError("a number runs past the end")
