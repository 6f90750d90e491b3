"""Reads a file of settings as TOML, with whole numbers of 64 bits only, as its standard says."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from takecover.errors import Faults, InputError
from takecover.io.files import read_bytes


def read(path: Path, most_bytes: int, example: str) -> dict[str, Any]:
    """The tables of a file.

    Parameters
    ----------
    path
        File to read.
    most_bytes
        Largest size allowed; a larger file is some other file.
    example
        A line as it should be, for the person who has to mend the file.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is no TOML, or holds whole numbers beyond 64 bits.

    References
    ----------
    https://toml.io/en/v1.0.0#integer
    """
    content = read_bytes(path, most_bytes)
    try:
        # Windows' editor puts a mark before UTF-8, which TOML does not know.
        found = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text (byte {error.start}). Give a TOML file.") from error
    except RecursionError as error:
        raise InputError(f"{path}: is nested too deeply. Write it as: {example}") from error
    except ValueError as error:  # also a whole number of more digits than Python reads
        raise InputError(f"{path}: is no TOML: {error!s:.200}. Write it as: {example}") from error
    faults = Faults(str(path))
    for key in _too_large(found, ""):
        faults.add(f"{key:.80}: is a whole number of more than 64 bits. Give a smaller one.")
    faults.raise_if_any()
    return found


def _too_large(value: object, key: str) -> Iterator[str]:
    """Keys of whole numbers that TOML does not have."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _too_large(each, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for each in value:
            yield from _too_large(each, key)
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        yield key
