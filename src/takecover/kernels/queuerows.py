"""The entries of an assignment over time: for everyone who leaves together, the slots in which they reach each door."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, inline="always")
def _slot(at_ds: int, slot_ds: int, is_late: bool) -> int:
    """The slot that an arrival belongs to; the next one where it is counted late."""
    return (at_ds + slot_ds - 1) // slot_ds if is_late else at_ds // slot_ds


@njit(cache=True, nogil=True)
def enter(
    indptr: np.ndarray,
    walk_ds: np.ndarray,
    entrance: np.ndarray,
    group: np.ndarray,
    people: np.ndarray,
    delay_ds: np.ndarray,
    first: np.ndarray,
    joins: np.ndarray,
    slot_ds: int,
    is_late: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """List the rows over time, cohort by cohort: who has people and reaches a door in a slot that they may join.

    Arrays: indptr (r + 1,), walk_ds [ds] and entrance (a,), group (r,) int32; people (r, c) int64; delay_ds (c,) int64;
    first (e,) int32: the first slot of each entrance; joins (g, e) int32: how many of them each group may join.
    Returns: indptr (n + 1,) int64, cost [ds] and slot (b,) int32, row and cohort (n,) int32.
    """
    found, kept = 0, 0
    for c in range(len(delay_ds)):
        for i in range(len(indptr) - 1):
            if people[i, c] == 0:
                continue
            before = kept
            for k in range(indptr[i], indptr[i + 1]):
                if _slot(delay_ds[c] + walk_ds[k], slot_ds, is_late) < joins[group[i], entrance[k]]:
                    kept += 1
            found += kept > before
    new_indptr = np.zeros(found + 1, np.int64)
    cost = np.empty(kept, np.int32)
    slot = np.empty(kept, np.int32)
    row = np.empty(found, np.int32)
    cohort = np.empty(found, np.int32)
    found, kept = 0, 0
    for c in range(len(delay_ds)):
        for i in range(len(indptr) - 1):
            if people[i, c] == 0:
                continue
            before = kept
            for k in range(indptr[i], indptr[i + 1]):
                at = _slot(delay_ds[c] + walk_ds[k], slot_ds, is_late)
                if at < joins[group[i], entrance[k]]:
                    cost[kept], slot[kept] = walk_ds[k], first[entrance[k]] + at
                    kept += 1
            if kept > before:
                row[found], cohort[found] = i, c
                found += 1
                new_indptr[found] = kept
    return new_indptr, cost, slot, row, cohort


@njit(cache=True, nogil=True)
def sample(
    indptr: np.ndarray,
    cost: np.ndarray,
    slot: np.ndarray,
    people: np.ndarray,
    stride: int,
    merged: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Keep the middle row of every `stride` rows, with the people of all of them, and merge slots.

    Arrays: indptr (n + 1,) int64, cost and slot (a,) int32, people (n,) int64, merged (m,) int32: the new slots.
    Returns: indptr, cost, slot, people of the sample.
    """
    count = len(people)
    groups = (count + stride - 1) // stride
    new_indptr = np.zeros(groups + 1, np.int64)
    new_people = np.zeros(groups, np.int64)
    for g in range(groups):
        i = min(g * stride + stride // 2, count - 1)
        new_indptr[g + 1] = new_indptr[g] + indptr[i + 1] - indptr[i]
        for j in range(g * stride, min(count, (g + 1) * stride)):
            new_people[g] += people[j]
    new_cost = np.empty(new_indptr[groups], np.int32)
    new_slot = np.empty(new_indptr[groups], np.int32)
    for g in range(groups):
        i = min(g * stride + stride // 2, count - 1)
        at = new_indptr[g]
        for k in range(indptr[i], indptr[i + 1]):
            new_cost[at], new_slot[at] = cost[k], merged[slot[k]]
            at += 1
    return new_indptr, new_cost, new_slot, new_people


@njit(cache=True, nogil=True)
def origin_entries(
    row: np.ndarray,
    slot: np.ndarray,
    indptr: np.ndarray,
    entrance: np.ndarray,
    first: np.ndarray,
    count: np.ndarray,
) -> np.ndarray:
    """Find the entry of the cost table that leads a row to a slot.

    Arrays: row and slot (f,) int32; indptr (r + 1,), entrance (a,) int32; first and count (e,) int32.
    Returns: entry (f,) int32; -1 where there is none.
    """
    entry = np.full(len(row), -1, np.int32)
    for j in range(len(row)):
        for k in range(indptr[row[j]], indptr[row[j] + 1]):
            e = entrance[k]
            if first[e] <= slot[j] < first[e] + count[e]:
                entry[j] = k
                break
    return entry
