"""The independent check of a plan over time refuses whatever is not a plan, and whatever is not proven the best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from takecover.analysis.overtime import assign_over_time
from takecover.analysis.witness import certify
from takecover.errors import InternalError
from takecover.model.plan import Certificate
from takecover.model.warning import WarningTimes
from timeworlds import World, doors, world


@dataclass
class Claim:
    """What a plan says of itself, and its world."""

    made: World
    entry: np.ndarray
    cohort: np.ndarray
    people: np.ndarray
    served: np.ndarray
    price: tuple[np.ndarray, np.ndarray]
    place: tuple[np.ndarray, np.ndarray]

    def check(self) -> Certificate:
        costs, doorways, departures, capacity, warning, slot_ds = self.made
        return certify(
            costs,
            doorways,
            departures,
            capacity,
            warning,
            slot_ds,
            True,
            (self.entry, self.cohort, self.people),
            self.served,
            self.price,
            self.place,
        )


def claim() -> Claim:
    """Ten people of whom six get in: a door of three in a slot, two slots, seven places."""
    made = world([[(0, 0)]], doors([0], [100]), [[10]], [7], WarningTimes.single(85), 300)
    plan = assign_over_time(*made)
    return Claim(
        made,
        plan.entry_idx.copy(),
        plan.cohort_idx.copy(),
        plan.people.copy(),
        plan.served.copy(),
        (plan.price_units.copy(), plan.price_ds.copy()),
        (plan.place_units.copy(), plan.place_ds.copy()),
    )


def test_an_honest_claim_is_proven() -> None:
    found = claim().check()
    assert tuple(found.primal) == tuple(found.dual) == (4, 900)


def _invent(c: Claim) -> None:
    c.people[0] = 11


def _lose(c: Claim) -> None:
    c.people[0] = 5


def _hurry(c: Claim) -> None:
    c.served[0] = [6, 0]


def _overfill(c: Claim) -> None:
    c.made = c.made._replace(capacity=np.array([5]))


def _worse(c: Claim) -> None:
    c.people[0], c.served[0] = 5, [3, 2]


def _negative(c: Claim) -> None:
    c.place[1][0] = -1


def _impatient(c: Claim) -> None:
    c.price[1][0, 0] += 1


def _late(c: Claim) -> None:
    c.made = c.made._replace(departures=replace(c.made.departures, delay_ds=np.array([5000])))


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (_invent, "loses or invents"),
        (_lose, "loses or invents"),
        (_hurry, "more people pass"),
        (_overfill, "more people pass"),
        (_worse, "not proven the best"),
        (_negative, "below zero"),
        (_impatient, "waiting is worth more"),
        (_late, "after the last slot"),
    ],
)
def test_a_spoilt_claim_is_refused(spoil: Callable[[Claim], None], word: str) -> None:
    spoilt = claim()
    spoil(spoilt)
    with pytest.raises(InternalError, match=word):
        spoilt.check()
