"""A crowd on its way to shelters, and what became of it: who is where at each moment, until the last is under cover."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from takecover.model.doorways import Doorways


@dataclass(frozen=True, eq=False)
class Batches:
    """People who leave together for one door, b batches of them.

    Their order decides every tie: of two who come to a door in the same decisecond the earlier batch is first. So they
    stand by (row, cohort, entrance).

    Attributes
    ----------
    row_idx
        Row of the cost table (an origin and a group) that they belong to, shape (b,) int32.
    cohort_idx
        Cohort of the delay, shape (b,) int32.
    group_idx
        Mobility group, which decides where they walk on to, shape (b,) int32.
    entrance_idx
        Door that they set out for, shape (b,) int32.
    leave_ds
        From the siren to leaving [ds], shape (b,) int32.
    time_ds
        From the siren to the door [ds], shape (b,) int32.
    people
        Whole people, 0 or more, shape (b,) int64.
    """

    row_idx: np.ndarray
    cohort_idx: np.ndarray
    group_idx: np.ndarray
    entrance_idx: np.ndarray
    leave_ds: np.ndarray
    time_ds: np.ndarray
    people: np.ndarray

    def __len__(self) -> int:
        return len(self.row_idx)


@dataclass(frozen=True, eq=False)
class Peaks:
    """The worst of each of n lines, before doors or in halls.

    Attributes
    ----------
    queue
        Most people who stood there at once, shape (n,) int64.
    queue_ds
        When they first were that many [ds], 0 where nobody ever stood there, shape (n,) int64.
    wait_ds
        Longest time from coming to beginning to pass, to being turned away or to the horizon [ds], shape (n,) int64.
    wait_came_ds
        When those who waited that long had come [ds], 0 where nobody waited, shape (n,) int64.
    """

    queue: np.ndarray
    queue_ds: np.ndarray
    wait_ds: np.ndarray
    wait_came_ds: np.ndarray


@dataclass(frozen=True, eq=False)
class Events:
    """People to whom something happened by each of k moments and not by the one before; the last column is of later.

    Attributes
    ----------
    left, stranded
        As in `Timeline`, shape (k + 1,) int64 each.
    arrived, turned_full, turned_locked, begun, covered
        The same by door, shape (e, k + 1) int64 each.
    hall_came, hall_left
        The same by hall, shape (h, k + 1) int64 both.
    """

    left: np.ndarray
    stranded: np.ndarray
    arrived: np.ndarray
    turned_full: np.ndarray
    turned_locked: np.ndarray
    begun: np.ndarray
    covered: np.ndarray
    hall_came: np.ndarray
    hall_left: np.ndarray


@dataclass(frozen=True, eq=False)
class Timeline:
    """What became of the batches, at k moments, before e doors and in h halls, up to a horizon.

    Counts of events are people up to and including a moment; a person who is turned away counts once at each door. They
    are added up when they are first asked for: of most crowds it is never asked who stood before which door.

    Attributes
    ----------
    batches, doorways
        Who came, and through what.
    moment_ds
        The moments [ds], ascending, none after the horizon, shape (k,) int64.
    events
        What happened between the moments.
    doors, halls
        The worst queue and wait before each door and in each hall, e and h of them.
    batch_idx, row_idx, entrance_idx, shelter_idx
        People under cover by the horizon, those of a batch who are so by the same door in the same decisecond
        together: their batch, row, door and shelter, by hall or door and there in the order of passing, shape (n,)
        int32 each.
    people
        How many, shape (n,) int64.
    time_ds
        When they are under cover [ds], shape (n,) int32.
    met
        People of each batch who were turned away at least once, shape (b,) int64.
    met_ds
        When that first was [ds]; -1 where never, shape (b,) int32.
    horizon_ds
        Where it ends [ds].
    """

    batches: Batches
    doorways: Doorways
    moment_ds: np.ndarray
    events: Events
    doors: Peaks
    halls: Peaks
    batch_idx: np.ndarray
    row_idx: np.ndarray
    entrance_idx: np.ndarray
    shelter_idx: np.ndarray
    people: np.ndarray
    time_ds: np.ndarray
    met: np.ndarray
    met_ds: np.ndarray
    horizon_ds: int

    @cached_property
    def left(self) -> np.ndarray:
        """People who left for a door, shape (k,) int64."""
        return self._so_far(self.events.left)

    @cached_property
    def stranded(self) -> np.ndarray:
        """People turned away with no other door in reach before the horizon, shape (k,) int64."""
        return self._so_far(self.events.stranded)

    @cached_property
    def arrived(self) -> np.ndarray:
        """People who came to each door, shape (e, k) int64."""
        return self._so_far(self.events.arrived)

    @cached_property
    def turned_full(self) -> np.ndarray:
        """People turned away at each door because no place was left, shape (e, k) int64."""
        return self._so_far(self.events.turned_full)

    @cached_property
    def turned_locked(self) -> np.ndarray:
        """People turned away at each door because it was shut, shape (e, k) int64."""
        return self._so_far(self.events.turned_locked)

    @cached_property
    def begun(self) -> np.ndarray:
        """People who began to pass each door, shape (e, k) int64."""
        return self._so_far(self.events.begun)

    @cached_property
    def covered(self) -> np.ndarray:
        """People who are under cover by way of each door, shape (e, k) int64."""
        return self._so_far(self.events.covered)

    @cached_property
    def hall_came(self) -> np.ndarray:
        """People who came to the line in each hall, shape (h, k) int64."""
        return self._so_far(self.events.hall_came)

    @cached_property
    def hall_left(self) -> np.ndarray:
        """People who left the line in each hall, shape (h, k) int64."""
        return self._so_far(self.events.hall_left)

    def _so_far(self, happened: np.ndarray) -> np.ndarray:
        return np.asarray(np.cumsum(happened[..., : len(self.moment_ds)], axis=-1))

    @property
    def turned_away(self) -> np.ndarray:
        """People turned away at each door by each moment, for whatever reason, shape (e, k) int64."""
        return np.asarray(self.turned_full + self.turned_locked)

    @property
    def queueing(self) -> np.ndarray:
        """People who stand before each door at each moment, shape (e, k) int64."""
        return np.asarray(self.arrived - self.turned_away - self.begun)

    @property
    def in_hall(self) -> np.ndarray:
        """People who stand in line in each hall at each moment, shape (h, k) int64."""
        return np.asarray(self.hall_came - self.hall_left)
