"""An independent audit that follows a plan through changes: it finds every change by itself and trusts none.

Shares nothing with the solver: its own table by shelter, its own sums, pairs of (people, deciseconds) held as one
number each, one person being `BASE`. Here: n rows, s shelters, a entries.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

BASE = 1 << 40
"""One person, in deciseconds: far above every walk and every price."""

GOOD, PEOPLE_LOST, OVERFULL, NEGATIVE, UNPROVEN = range(5)
"""What an audit finds."""


class Ledger(NamedTuple):
    """What was audited last.

    indptr (n + 1,) int32; row, shelter, cost (a,) int32; by_shelter (s + 1,), row_of (a,) int32: the rows that reach a
    shelter; people (n,) int64. As last seen: the shipments (entry, of_row, amount (m,) int32), offer (s,) int64
    [pair], least (n,) int64 [pair], served and outside (n,) int64, load (s,) int64; is_stale (n,) bool; stale (n,)
    int32; sums (4,) int64: primal people, primal ds, and people and ds of the rows' part of the dual.
    """

    indptr: np.ndarray
    row: np.ndarray
    shelter: np.ndarray
    cost: np.ndarray
    by_shelter: np.ndarray
    row_of: np.ndarray
    people: np.ndarray
    entry: np.ndarray
    of_row: np.ndarray
    amount: np.ndarray
    outside: np.ndarray
    offer: np.ndarray
    least: np.ndarray
    served: np.ndarray
    load: np.ndarray
    is_stale: np.ndarray
    stale: np.ndarray
    sums: np.ndarray


@njit(cache=True, nogil=True)
def _people(pair: int) -> int:
    """The people of a pair held as one number."""
    return (pair + BASE // 2) >> 40


@njit(cache=True, nogil=True)
def _count(g: Ledger, entry: int, row: int, amount: int) -> None:
    """Count a shipment in; a negative amount counts it out."""
    if entry >= 0:
        g.served[g.row[entry]] += amount
        g.load[g.shelter[entry]] += amount
        g.sums[1] += np.int64(amount) * g.cost[entry]
    elif row >= 0:
        g.outside[row] += amount
        g.sums[0] += amount


@njit(cache=True, nogil=True)
def _see_shipments(g: Ledger, entry: np.ndarray, row: np.ndarray, amount: np.ndarray) -> int:
    """Take up every shipment that has changed; the code of a fault.

    Arrays: a Ledger, entry, row, amount (m,) int32.
    """
    code = GOOD
    for j in range(len(entry)):
        if entry[j] != g.entry[j] or row[j] != g.of_row[j] or amount[j] != g.amount[j]:
            _count(g, g.entry[j], g.of_row[j], -g.amount[j])
            _count(g, entry[j], row[j], amount[j])
            g.entry[j], g.of_row[j], g.amount[j] = entry[j], row[j], amount[j]
        if amount[j] < 0:
            code = NEGATIVE
    for i in range(len(g.people)):
        if g.served[i] + g.outside[i] != g.people[i]:
            code = PEOPLE_LOST
    return code


@njit(cache=True, nogil=True)
def _see_prices(g: Ledger, offer: np.ndarray) -> None:
    """Take up every change of price: the least offer of each row that one touches is worked out anew.

    Arrays: a Ledger, offer (s,) int64 [pair].
    """
    count = 0
    for s in range(len(offer)):
        if offer[s] != g.offer[s]:
            g.offer[s] = offer[s]
            for j in range(g.by_shelter[s], g.by_shelter[s + 1]):
                i = g.row_of[j]
                if not g.is_stale[i]:
                    g.is_stale[i] = True
                    g.stale[count] = i
                    count += 1
    for j in range(count):
        i = g.stale[j]
        g.is_stale[i] = False
        least = np.int64(BASE)
        for k in range(g.indptr[i], g.indptr[i + 1]):
            least = min(least, g.offer[g.shelter[k]] + g.cost[k])
        if least != g.least[i]:
            gain = _people(least) - _people(g.least[i])
            g.sums[2] += gain * g.people[i]
            g.sums[3] += (least - g.least[i] - gain * BASE) * g.people[i]
            g.least[i] = least


@njit(cache=True, nogil=True)
def audit(
    g: Ledger,
    entry: np.ndarray,
    row: np.ndarray,
    amount: np.ndarray,
    offer: np.ndarray,
    capacity: np.ndarray,
) -> tuple[int, int, int, int, int]:
    """Audit a plan against the one audited last.

    Arrays: a Ledger; entry, row, amount (m,) int32: shipments along entries (row -1), or of people of a row left
    outside (entry -1), or none (entry -2); offer (s,) int64 [pair], capacity (s,) int64.
    Returns: code, primal people, primal ds, dual people, dual ds.
    """
    code = _see_shipments(g, entry, row, amount)
    _see_prices(g, offer)
    dual_people, dual_ds = g.sums[2], g.sums[3]
    for s in range(len(offer)):
        if g.load[s] > capacity[s]:
            code = OVERFULL
        if offer[s] < 0:
            code = NEGATIVE
        people = _people(offer[s])
        dual_people -= people * capacity[s]
        dual_ds -= (offer[s] - people * BASE) * capacity[s]
    if code == GOOD and (dual_people != g.sums[0] or dual_ds != g.sums[1]):
        code = UNPROVEN
    return code, g.sums[0], g.sums[1], dual_people, dual_ds
