"""A folder, or one file, into which another program puts CAP messages; each is read once it is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from takecover.analysis.alert_areas import CityAreas
from takecover.analysis.cap_drafts import drafts
from takecover.errors import InputError, SourceError
from takecover.feeds.polite import UnheardError
from takecover.model.alert import Alert
from takecover.model.event import Draft
from takecover.model.feed import FeedSpec

SUFFIXES = (".cap", ".xml")


class FolderFeed:
    """Looks into the folder and reads each new or changed file once.

    A file that cannot be read is tried once more, since its writer may not be done with it, and then passed over.

    Parameters
    ----------
    spec
        The feed; its address is the path.
    areas
        The city's areas.
    read_file
        From a path to its alert and its bytes; raises `InputError` or `SourceError` where there is none.
    """

    def __init__(
        self, spec: FeedSpec, areas: CityAreas, read_file: Callable[[Path], tuple[Alert, bytes]]
    ) -> None:
        self.spec = spec
        self._path = Path(spec.address)
        self._areas = areas
        self._read_file = read_file
        self._seen: dict[Path, tuple[int, int]] = {}
        self._doubtful: dict[Path, tuple[int, int]] = {}

    async def ask(self, now: datetime) -> tuple[Draft, ...]:
        """The events of the files not seen before, by their names.

        Raises
        ------
        UnheardError
            If the folder is not there, or a file of it cannot be read; what can be is used all the same.
        """
        found: list[Draft] = []
        faults = []
        for path, mark in self._files():
            if self._seen.get(path) == mark:
                continue
            try:
                found += drafts(*self._read_file(path), self._areas, self.spec, now)
                self._seen[path] = mark
            except (InputError, SourceError) as error:
                faults.append(f"{path.name}: {error}")
                if self._doubtful.get(path) == mark:
                    self._seen[path] = mark
                self._doubtful[path] = mark
        if faults and not found:
            raise UnheardError(f"{len(faults)} files cannot be read, the first: {faults[0]}")
        return tuple(found)

    def _files(self) -> list[tuple[Path, tuple[int, int]]]:
        """The files to look at, each with its size and time of change."""
        try:
            paths = [self._path] if self._path.is_file() else sorted(self._path.iterdir())
            marks = [(path, path.stat()) for path in paths if path.suffix.lower() in SUFFIXES]
        except OSError as error:
            raise UnheardError(
                f"{self._path}: cannot be looked into ({error.strerror}). Give a folder that can."
            ) from error
        return [(path, (mark.st_mtime_ns, mark.st_size)) for path, mark in marks]
