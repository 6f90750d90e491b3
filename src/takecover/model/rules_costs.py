"""The rules of a cost table."""

from __future__ import annotations

from collections.abc import MutableMapping

import numpy as np

from takecover.dtypes import INDEX, TIME_DS
from takecover.errors import Faults
from takecover.model import rules_arrays as shared
from takecover.model.costs import Costs
from takecover.model.rules_arrays import Column

COLUMNS = (
    Column("origin_idx", INDEX),
    Column("group_idx", INDEX),
    Column("indptr", INDEX, ("row + 1",)),
    Column("shelter_idx", INDEX, ("entry",)),
    Column("entrance_idx", INDEX, ("entry",)),
    Column("walk_time_ds", TIME_DS, ("entry",)),
)


def admit(costs: Costs, faults: Faults) -> Costs | None:
    """The table with frozen arrays; None where its shape is broken. Notes every fault."""
    sizes: MutableMapping[str, int] = {"row + 1": len(costs.origin_idx) + 1}
    checked = shared.admit_arrays(costs, "costs", COLUMNS, faults, sizes)
    if checked is None:
        return None
    for rule in (limit_is_positive, positions_are_positive, rows_stand_once, times_are_within_limit):
        rule(checked, faults)
    if rows_cover_entries(checked, faults):
        rows_are_sorted(checked, faults)
        targets_stand_once_in_a_row(checked, faults)
    return checked


def limit_is_positive(costs: Costs, faults: Faults) -> None:
    """The limit is a time."""
    if costs.time_limit_ds <= 0:
        faults.add(f"costs.time_limit_ds: {costs.time_limit_ds} ds is no limit. Give above 0.")


def positions_are_positive(costs: Costs, faults: Faults) -> None:
    """Every position is 0 or more: nothing in a cost table is unknown."""
    for name in ("origin_idx", "group_idx", "shelter_idx", "entrance_idx"):
        idx = getattr(costs, name)
        faults.add_rows(f"costs.{name}", idx < 0, np.arange(len(idx)), idx, "are negative", "Give 0 or more")


def rows_stand_once(costs: Costs, faults: Faults) -> None:
    """Rows stand group by group, and each origin has one row in a group."""
    group_idx = costs.group_idx.astype(np.int64)
    rows = np.arange(len(group_idx))
    is_back = np.zeros(len(rows), bool)
    is_back[1:] = group_idx[1:] < group_idx[:-1]
    faults.add_rows(
        "costs.group_idx", is_back, rows, group_idx, "stand after a higher group", "Sort rows by group"
    )
    key = group_idx * (int(costs.origin_idx.max(initial=0)) + 1) + costs.origin_idx
    shared.ids_are_unique("costs.origin_idx (in its group)", key, faults)


def times_are_within_limit(costs: Costs, faults: Faults) -> None:
    """Walks take 0 or more and at most the limit."""
    time_ds = costs.walk_time_ds
    is_bad = (time_ds < 0) | (time_ds > costs.time_limit_ds)
    remedy = f"Give 0 to {costs.time_limit_ds} ds"
    entries = np.arange(len(time_ds))
    faults.add_rows("costs.walk_time_ds", is_bad, entries, time_ds, "are outside the limit", remedy)


def rows_cover_entries(costs: Costs, faults: Faults) -> bool:
    """The rows begin at 0, never go back, and end with the last entry."""
    indptr, count = costs.indptr, len(costs.shelter_idx)
    if indptr[0] == 0 and indptr[-1] == count and (np.diff(indptr) >= 0).all():
        return True
    faults.add(f"costs.indptr: does not ascend from 0 to {count}. Give where the entries of each row begin.")
    return False


def _same_row_as_before(costs: Costs) -> np.ndarray:
    """True for each entry but the first of a row, shape (a - 1,)."""
    row_idx = costs.row_idx
    return np.asarray(row_idx[1:] == row_idx[:-1])


def rows_are_sorted(costs: Costs, faults: Faults) -> None:
    """Entries of a row ascend by time, then by shelter, or by entrance in a table by entrance."""
    time_ds = costs.walk_time_ds
    target = "entrance" if costs.is_per_entrance else "shelter"
    idx = getattr(costs, f"{target}_idx")
    is_later = (time_ds[1:] > time_ds[:-1]) | ((time_ds[1:] == time_ds[:-1]) & (idx[1:] > idx[:-1]))
    is_bad = np.zeros(len(time_ds), bool)
    is_bad[1:] = _same_row_as_before(costs) & ~is_later
    entries = np.arange(len(time_ds))
    remedy = f"Sort each row by time, then by {target}"
    faults.add_rows("costs.walk_time_ds", is_bad, entries, time_ds, "stand out of order in their row", remedy)


def targets_stand_once_in_a_row(costs: Costs, faults: Faults) -> None:
    """A row has one entry for a shelter, by its nearest door; for an entrance where the table is by entrance."""
    if costs.is_per_entrance:
        name, noun, remedy = "entrance_idx", "an entrance", "Keep the shortest walk alone"
    else:
        name, noun, remedy = "shelter_idx", "a shelter", "Keep the nearest door alone"
    idx = getattr(costs, name)
    key = costs.row_idx.astype(np.int64) * (int(idx.max(initial=0)) + 1) + idx
    order = np.argsort(key, kind="stable")
    is_bad = np.zeros(len(key), bool)
    is_bad[order[1:]] = key[order[1:]] == key[order[:-1]]
    entries = np.arange(len(key))
    faults.add_rows(f"costs.{name}", is_bad, entries, idx, f"repeat {noun} in their row", remedy)
