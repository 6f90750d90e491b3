"""Reads a file into memory within a stated size, or says why not."""

from __future__ import annotations

import os
from pathlib import Path

from takecover.errors import InputError, SourceError


def read_bytes(path: Path, most_bytes: int) -> bytes:
    """The content of a file.

    Parameters
    ----------
    path
        File to read.
    most_bytes
        Largest size allowed; a larger file is not read.

    Raises
    ------
    SourceError
        If the file is not there or cannot be read.
    InputError
        If it is larger than allowed.
    """
    try:
        with path.open("rb") as file:
            is_large = os.fstat(file.fileno()).st_size > most_bytes
            data = b"" if is_large else file.read(most_bytes + 1)
    except FileNotFoundError as error:
        raise SourceError(f"{path}: is not there. Give the path of a file.") from error
    except OSError as error:
        raise SourceError(
            f"{path}: cannot be read ({error.strerror or error}). Give a file that can."
        ) from error
    if is_large or len(data) > most_bytes:
        raise InputError(
            f"{path}: is larger than {most_bytes / 1e6:,.0f} MB. Give the part that holds the city."
        )
    return data
