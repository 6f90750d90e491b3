"""Small cost tables for tests: any shape that a city can take, ties, zero walks and empty rows among them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from takecover.model.costs import Costs


class Table(NamedTuple):
    """People of each row, places of each shelter, walk [ds] by shelter of each row, limit [ds]."""

    people: list[int]
    capacity: list[int]
    entries: list[dict[int, int]]
    limit_ds: int


def costs_of(table: Table) -> Costs:
    """The same table as `Costs`; each shelter has one door of its own number."""
    rows = [sorted((walk_ds, shelter) for shelter, walk_ds in entries.items()) for entries in table.entries]
    flat = [pair for row in rows for pair in row]
    shelters = np.array([s for _, s in flat], np.int32)
    return Costs(
        origin_idx=np.arange(len(rows), dtype=np.int32),
        group_idx=np.zeros(len(rows), np.int32),
        indptr=np.concatenate([[0], np.cumsum([len(r) for r in rows])]).astype(np.int32),
        shelter_idx=shelters,
        entrance_idx=shelters,
        walk_time_ds=np.array([w for w, _ in flat], np.int32),
        time_limit_ds=table.limit_ds,
    )


@st.composite
def tables(draw: st.DrawFn, most_rows: int = 12, most_shelters: int = 6, people: int = 4000) -> Table:
    """Scarce and ample places, ties, zero walks, empty rows, rows with nobody, shelters with no place."""
    rows = draw(st.integers(1, most_rows))
    shelters = draw(st.integers(1, most_shelters))
    limit_ds = draw(st.sampled_from([1, 5, 60, 9000]))
    walks = st.one_of(st.integers(0, limit_ds), st.sampled_from([0, limit_ds, limit_ds // 2]))
    entries = [
        draw(st.dictionaries(st.integers(0, shelters - 1), walks, max_size=shelters)) for _ in range(rows)
    ]
    most = draw(st.sampled_from([1, 3, 20, people]))
    people = draw(st.lists(st.integers(0, most), min_size=rows, max_size=rows))
    capacity = draw(st.lists(st.integers(0, 3 * most), min_size=shelters, max_size=shelters))
    return Table(people, capacity, entries, limit_ds)
