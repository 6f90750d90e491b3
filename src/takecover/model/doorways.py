"""What a queue needs to know of the ways into shelters: how many pass in a second, and how long it takes from there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

UNMETERED_PER_KS = 1_000_000_000
"""The flow of an entrance that nothing holds up [people per 1,000 s]."""


@dataclass(frozen=True, eq=False)
class Doorways:
    """The e entrances of a city, in their order, and the h halls that some of them share, for its g mobility groups.

    Each entrance is a queue before its narrowest element. Behind it may stand one hall, a second queue that other
    entrances of the same shelter lead to as well. A flow of F lets at most floor(F t / 10,000) people through in t
    deciseconds; the n-th of a busy span that begins at b is through at b + ceil(10,000 n / F). Queues serve all groups
    alike; what lies between and behind them takes each group its own time.

    Attributes
    ----------
    shelter_idx
        Shelter that each entrance leads into, shape (e,) int32.
    flow_per_ks
        People whom each entrance lets through in 1,000 s: 0 where it is shut, `UNMETERED_PER_KS` where nothing holds
        them up, shape (e,) int64.
    hall_idx
        Hall behind each entrance, shape (e,) int32; -1 where there is none.
    to_hall_ds
        From being through the entrance to the queue before the hall [ds], by group, 0 where there is none, shape (g, e)
        int32.
    to_cover_ds
        From being through the hall, or the entrance where there is no hall, to being under cover [ds], by group, shape
        (g, e) int32. A group that an entrance does not let in stands, here as above, with the fastest that it does.
    hall_flow_per_ks
        People whom each hall lets through in 1,000 s; 0 where it is shut, shape (h,) int64.
    hall_shelter_idx
        Shelter of each hall, shape (h,) int32.
    """

    shelter_idx: np.ndarray
    flow_per_ks: np.ndarray
    hall_idx: np.ndarray
    to_hall_ds: np.ndarray
    to_cover_ds: np.ndarray
    hall_flow_per_ks: np.ndarray
    hall_shelter_idx: np.ndarray

    def __len__(self) -> int:
        return len(self.shelter_idx)

    @property
    def is_shut(self) -> np.ndarray:
        """True where nobody gets in: the entrance or the hall behind it is shut, shape (e,) bool."""
        has_hall = self.hall_idx >= 0
        is_shut = self.flow_per_ks == 0
        is_shut[has_hall] |= self.hall_flow_per_ks[self.hall_idx[has_hall]] == 0
        return np.asarray(is_shut)

    @property
    def behind_ds(self) -> np.ndarray:
        """From being through each entrance to cover where no queue stands in the hall [ds], shape (g, e) int32."""
        return np.asarray(self.to_hall_ds + self.to_cover_ds)

    @property
    def holds_nobody_up(self) -> bool:
        """Whether cover is right behind every entrance and everyone passes at once."""
        is_open = (self.flow_per_ks >= UNMETERED_PER_KS) & (self.hall_idx < 0)
        return bool(is_open.all() and not self.to_cover_ds.any())
