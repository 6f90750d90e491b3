"""Files and folders that appear whole or not at all.

Nothing is ever written in place, and nothing that Takecover did not write is ever replaced.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from takecover.errors import InputError, InternalError, SourceError

OUR_SUFFIXES = frozenset({".parquet", ".geojson", ".json", ".html", ".csv", ".xlsx"})
"""Kinds of file that our folders hold; a folder with anything else in it is not replaced."""


@contextmanager
def folder(path: str | os.PathLike[str], marker: str) -> Iterator[Path]:
    """Write a folder whole or not at all.

    The body of the ``with`` writes into a new folder beside the target, on the same disk. When the body is
    done, the folder is forced to the disk and takes the target's name; when the body fails, nothing is left
    and the target is as it was.

    Parameters
    ----------
    path
        Folder to appear. Missing parents are made. It may exist if it is empty, or if it is one of ours: it
        holds the marker, and nothing but files of the kinds that we write.
    marker
        Name of the file that every folder of this kind holds, such as ``city.json``; the body must write it.

    Yields
    ------
    The folder to write into.

    Raises
    ------
    InputError
        If the target is a file, or a folder that is not ours. Nothing has been touched.
    SourceError
        If the disk refuses. The target is as it was.
    InternalError
        If the body ends without having written the marker.

    Notes
    -----
    Replacing takes two renames. A power cut between them leaves the old folder beside the target, under a
    hidden name that ends in ``.old``; it never leaves a mixture.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "plan"
    >>> with folder(target, marker="plan.json") as fresh:
    ...     _ = (fresh / "plan.json").write_text("{}")
    >>> [file.name for file in target.iterdir()]
    ['plan.json']
    """
    target = Path(path).resolve()
    refuse(target, marker)
    with _beside(target) as fresh:
        fresh.mkdir()
        yield fresh
        if not (fresh / marker).is_file():
            raise InternalError(f"{target}: {marker} was not written into the folder.")
        _sync_tree(fresh)
        _swap(fresh, target)


def refuse(path: str | os.PathLike[str], marker: str) -> None:
    """Refuse a target that `folder` would not replace; for jobs that want to know before their work.

    Parameters
    ----------
    path, marker
        As in `folder`.

    Raises
    ------
    InputError
        Unless the target is free, an empty folder, or a folder of ours.
    """
    target = Path(path).resolve()
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise InputError(f"{target}: is a file, not a folder. Name a new folder.")
    found = sorted(target.iterdir())
    if not found:
        return
    count, remedy = len(found), "Name a new folder, or empty this one yourself."
    if not (target / marker).is_file():
        raise InputError(f"{target}: holds {count} entries but no {marker}: not ours to replace. {remedy}")
    foreign = [entry.name for entry in found if entry.suffix not in OUR_SUFFIXES or not entry.is_file()]
    if foreign:
        raise InputError(
            f"{target}: would be replaced, but holds {len(foreign)} entries that Takecover did not write "
            f"(first: '{foreign[0]}'). {remedy}"
        )


@contextmanager
def file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Write a file whole or not at all; an existing file is replaced only when the new one is complete.

    Parameters
    ----------
    path
        File to appear. Missing parents are made.

    Yields
    ------
    The path to write to, on the same disk.

    Raises
    ------
    InputError
        If the target is a folder.
    SourceError
        If the disk refuses. The target is as it was.
    """
    target = Path(path).resolve()
    if target.is_dir():
        raise InputError(f"{target}: is a folder, not a file. Name a file.")
    with _beside(target) as fresh:
        yield fresh
        _sync(fresh)
        os.replace(fresh, target)
        _sync(target.parent)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A free name beside the target, in whose place nothing is left if the body fails."""
    made = [parent for parent in target.parents if not parent.exists()]
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield fresh
    except BaseException as error:
        _remove(fresh)
        for parent in made:
            with suppress(OSError):
                parent.rmdir()
        if isinstance(error, OSError) and not isinstance(error, SourceError):
            raise SourceError(f"{target}: could not be written ({error}). Nothing was changed.") from error
        raise


def _swap(fresh: Path, target: Path) -> None:
    """Give the new folder the target's name; on failure put the old one back."""
    old = target.with_name(f".{target.name}.{secrets.token_hex(4)}.old")
    had_old = target.exists()
    if had_old:
        os.rename(target, old)
    try:
        os.rename(fresh, target)
    except BaseException:
        if had_old:
            os.rename(old, target)
        raise
    _sync(target.parent)
    if had_old:
        shutil.rmtree(old, ignore_errors=True)


def _remove(path: Path) -> None:
    """Remove a file or folder of ours, whether or not it is there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _sync_tree(top: Path) -> None:
    """Force every file of a folder, and the folder itself, to the disk."""
    for place, _, names in os.walk(top):
        for name in names:
            _sync(Path(place) / name)
        _sync(Path(place))


def _sync(path: Path) -> None:
    """Force one file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
