"""Reads a file that may be packed (gzip, bzip2) piece by piece, and stops at one that unpacks without end."""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from takecover.errors import InputError, SourceError

MOST_TIMES_LARGER, NEVER_TOO_LARGE_BYTES = 100, 100_000_000
"""A file that unpacks to more times its size than this, and to more than so many bytes, is a bomb; real ones 20."""

PIECE_BYTES = 1 << 18

_MAGIC: dict[bytes, Callable[[], Any]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(wbits=31),
    b"BZh": bz2.BZ2Decompressor,
}


def pieces(path: Path, tell: Callable[[float], None] = lambda share: None) -> Iterator[bytes]:
    """The content of a file, unpacked where it is packed.

    Parameters
    ----------
    path
        The file; its first bytes say whether and how it is packed.
    tell
        Told how much of the file is read, 0 to 1.

    Yields
    ------
    bytes
        At most some 256 kB at a time, whatever the file holds.

    Raises
    ------
    SourceError
        If the file is not there or cannot be read.
    InputError
        If it is broken, cut off, or unpacks to far too much.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            begin = file.read(3)
            file.seek(0)
            make = next((make for magic, make in _MAGIC.items() if begin.startswith(magic)), None)
            read = iter(lambda: file.read(PIECE_BYTES), b"")
            unpacked = 0
            most = max(NEVER_TOO_LARGE_BYTES, MOST_TIMES_LARGER * size)
            for piece in read if make is None else _unpacked(read, make, path):
                unpacked += len(piece)
                if make is not None and unpacked > most:
                    raise InputError(
                        f"{path}: unpacks to more than {most / 1e6:,.0f} MB. Give the part that holds the city."
                    )
                tell(file.tell() / max(size, 1))
                yield piece
    except FileNotFoundError as error:
        raise SourceError(f"{path}: is not there. Give the path of a file.") from error
    except (OSError, zlib.error) as error:
        if isinstance(error, SourceError):
            raise
        if isinstance(error, zlib.error) or "Invalid data stream" in str(error):
            raise InputError(f"{path}: is packed and broken ({error}). Download it again.") from error
        raise SourceError(
            f"{path}: cannot be read ({error.strerror or error}). Give a file that can."
        ) from error


def begins_with(path: Path, count: int) -> bytes:
    """The first bytes of the content, unpacked where it is packed.

    Raises
    ------
    SourceError
        If the file is not there or cannot be read.
    InputError
        If it is packed and broken.
    """
    first = b""
    for piece in pieces(path):
        first += piece
        if len(first) >= count:
            break
    return first[:count]


def _unpacked(read: Iterator[bytes], make: Callable[[], Any], path: Path) -> Iterator[bytes]:
    """Unpacks member after member, never more than a piece at a time."""
    one = make()
    for packed in read:
        data = packed
        while True:
            if one.eof:
                if not data.strip(b"\0"):
                    break
                one = make()
            out = one.decompress(data, PIECE_BYTES)
            data = bytes(one.unused_data if one.eof else getattr(one, "unconsumed_tail", b""))
            if out:
                yield out
            elif not data:
                break
    if not one.eof:
        raise InputError(f"{path}: is packed and ends too soon. Download it again.")
