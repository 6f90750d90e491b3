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
    shelter; people (n,) int64; flow (a,), outside (n,) int32, offer (s,) int64 [pair], least (n,) int64 [pair],
    served (n,) int64, load (s,) int64: as last seen; is_stale (n,) bool; stale (n,) int32; sums (4,) int64: primal
    people, primal ds, and people and ds of the rows' part of the dual.
    """

    indptr: np.ndarray
    row: np.ndarray
    shelter: np.ndarray
    cost: np.ndarray
    by_shelter: np.ndarray
    row_of: np.ndarray
    people: np.ndarray
    flow: np.ndarray
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
def _see_flow(g: Ledger, flow: np.ndarray, outside: np.ndarray, entries: np.ndarray, rows: np.ndarray) -> int:
    """Take up every change of flow; the code of a fault.

    Arrays: a Ledger, flow (a,) int32, outside (n,) int32; entries and rows (any,) int64: where either has changed.
    """
    code = GOOD
    for i in rows:
        if outside[i] < 0:
            code = NEGATIVE
        g.sums[0] += np.int64(outside[i]) - g.outside[i]
        g.outside[i] = outside[i]
    for k in entries:
        if flow[k] < 0:
            code = NEGATIVE
        change = np.int64(flow[k]) - g.flow[k]
        g.flow[k] = flow[k]
        g.served[g.row[k]] += change
        g.load[g.shelter[k]] += change
        g.sums[1] += change * g.cost[k]
    for i in rows:
        if g.served[i] + g.outside[i] != g.people[i]:
            code = PEOPLE_LOST
    for k in entries:
        if g.served[g.row[k]] + g.outside[g.row[k]] != g.people[g.row[k]]:
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
    flow: np.ndarray,
    outside: np.ndarray,
    entries: np.ndarray,
    rows: np.ndarray,
    offer: np.ndarray,
    capacity: np.ndarray,
) -> tuple[int, int, int, int, int]:
    """Audit a plan against the one audited last.

    Arrays: a Ledger, flow (a,) and outside (n,) int32, entries and rows (any,) int64 where either differs from the
    ledger's, offer (s,) int64 [pair], capacity (s,) int64.
    Returns: code, primal people, primal ds, dual people, dual ds.
    """
    code = _see_flow(g, flow, outside, entries, rows)
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
