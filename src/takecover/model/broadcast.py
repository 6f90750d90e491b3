"""What is broadcast so that each phone finds its own shelter: a price for each, and nothing about anyone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.model.warning import WarningTimes

KINDS = ("shelter", "entrance")
"""How finely prices are told: one for all doors of a shelter, or one for each door."""


@dataclass(frozen=True, eq=False)
class Broadcast:
    """Prices in deciseconds of walk, and how firmly they are followed.

    A phone adds up, for each open door in reach, the walk, the price, and `hardship_ds` times the chance that the
    strike comes before one is under cover by that door. It takes a door with a weight that falls by a factor e for
    every `spread_ds` that this sum is more.

    Attributes
    ----------
    kind
        One of `KINDS`.
    price_ds
        Price of each entrance [ds], 0 or more, shape (e,) int64.
    spread_ds
        Difference of two sums that makes one door e times as likely as the other [ds].
    hardship_ds
        What certainly being outside when the strike comes counts [ds].
    warning
        When the strike may come.
    turnout
        Share of the people that it was priced for.
    numbers
        How many prices have to be sent.
    misfit
        People whom the prices would lead elsewhere than the plan, as a share of all whom it sends.
    """

    kind: str
    price_ds: np.ndarray
    spread_ds: int
    hardship_ds: int
    warning: WarningTimes
    turnout: float
    numbers: int
    misfit: float
