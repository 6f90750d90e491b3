"""What people pass on the way into a shelter, one after another: doors, stairs, escalators, gates, ramps, corridors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.dtypes import COUNT, INDEX

DOOR, GATE, STAIR, ESCALATOR, RAMP, CORRIDOR = "door", "gate", "stair", "escalator", "ramp", "corridor"
KINDS = (DOOR, GATE, STAIR, ESCALATOR, RAMP, CORRIDOR)
"""What an element may be."""


@dataclass(frozen=True, eq=False)
class Elements:
    """k elements; those of one entrance or of one hall stand together, in the order in which people pass them.

    Attributes
    ----------
    entrance_idx
        Entrance that it is part of, shape (k,) int32; -1 where it is part of a hall.
    hall_idx
        Hall that it is part of, shape (k,) int32; -1 where it is part of an entrance.
    kinds
        One of `KINDS`, shape (k,) text.
    clear_width_m
        Width between walls, jambs or balustrades of one [m], shape (k,) float64; NaN where unknown.
    count
        How many like it stand side by side, 1 or more, shape (k,) int64.
    handrails
        Sides of one that have a handrail in place of a bare wall, 0 to 2, shape (k,) int64.
    length_m
        Way through it, along its slope [m], 0 or more, shape (k,) float64.
    drop_m
        How far it leads down [m], below 0 where it leads up, shape (k,) float64.
    is_running
        True where an escalator moves people down, shape (k,) bool.
    belt_speed_m_s
        Speed of an escalator that runs [m/s], shape (k,) float64; NaN where unknown.
    flow_per_s
        People whom all of them together let through, as measured [1/s], shape (k,) float64; NaN where nobody has.
    """

    entrance_idx: np.ndarray
    hall_idx: np.ndarray
    kinds: np.ndarray
    clear_width_m: np.ndarray
    count: np.ndarray
    handrails: np.ndarray
    length_m: np.ndarray
    drop_m: np.ndarray
    is_running: np.ndarray
    belt_speed_m_s: np.ndarray
    flow_per_s: np.ndarray

    def __len__(self) -> int:
        return len(self.kinds)

    @classmethod
    def none(cls) -> Elements:
        """A table without rows: nothing is known of any way in."""
        index, count, number = (np.empty(0, dtype) for dtype in (INDEX, COUNT, np.float64))
        return cls(
            entrance_idx=index,
            hall_idx=index.copy(),
            kinds=np.empty(0, "U9"),
            clear_width_m=number,
            count=count,
            handrails=count.copy(),
            length_m=number.copy(),
            drop_m=number.copy(),
            is_running=np.empty(0, np.bool_),
            belt_speed_m_s=number.copy(),
            flow_per_s=number.copy(),
        )

    def take(self, rows: np.ndarray) -> Elements:
        """Some of the rows, by position or mask, in their order."""
        return Elements(**{name: column[rows] for name, column in vars(self).items()})

    def and_then(self, other: Elements) -> Elements:
        """Both tables under each other."""
        mine, theirs = vars(self), vars(other)
        return Elements(**{name: np.concatenate([mine[name], theirs[name]]) for name in mine})
