"""A crowd on its way to shelters, and what became of it: who is where at each moment, until the last is under cover."""

from __future__ import annotations

from dataclasses import dataclass

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
class Timeline:
    """What became of the batches, at k moments, before e doors and in h halls, up to a horizon.

    Counts of events are people up to and including a moment. A person who is turned away counts once at each door.

    Attributes
    ----------
    batches, doorways
        Who came, and through what.
    moment_ds
        The moments [ds], ascending, none after the horizon, shape (k,) int64.
    left
        Left for a door, shape (k,) int64.
    stranded
        Turned away with no other door in reach before the horizon, shape (k,) int64.
    arrived, turned_full, turned_locked, begun, covered
        Came to each door; were turned away there because no place was left, or because it was shut; began to pass it;
        are under cover by way of it, shape (e, k) int64 each.
    hall_came, hall_left
        Came to the line in each hall, and left that line, shape (h, k) int64 both.
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
    left: np.ndarray
    stranded: np.ndarray
    arrived: np.ndarray
    turned_full: np.ndarray
    turned_locked: np.ndarray
    begun: np.ndarray
    covered: np.ndarray
    hall_came: np.ndarray
    hall_left: np.ndarray
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
