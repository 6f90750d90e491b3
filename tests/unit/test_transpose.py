"""Tables turned from shelter by shelter to row by row."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from takecover.kernels.transpose import arrange, transpose


@given(
    st.integers(1, 5), st.integers(1, 600), st.integers(0, 2**32 - 1), st.sampled_from([np.int32, np.int64])
)
def test_rows_hold_their_entries_by_time_then_shelter(row_count, shelter_count, seed, width):
    rng = np.random.default_rng(seed)
    first = np.cumsum(rng.integers(1, 4, shelter_count)).astype(np.int32)
    of_entrance = (np.searchsorted(first, np.arange(first[-1] + 4), side="right") - 1).astype(np.int32)
    entries = []
    for shelter in range(shelter_count):
        for row in rng.permutation(row_count)[: rng.integers(0, row_count + 1)].tolist():
            entries.append((row, int(rng.integers(0, 900)), shelter, int(rng.integers(0, 4))))
    count = np.bincount([e[2] for e in entries], minlength=shelter_count).astype(np.int32)
    label = np.array([(ms << 2) | door for _, ms, _, door in entries], width)
    row = np.array([e[0] for e in entries], np.int32)
    indptr, key = transpose(count, row, label, first, row_count, 2)
    columns = [np.empty(len(entries), np.int32) for _ in range(3)]
    arrange(0, row_count, indptr, key, of_entrance, *columns)
    found = list(
        zip(np.repeat(np.arange(row_count), np.diff(indptr)).tolist(), *map(list, columns), strict=True)
    )
    expected = sorted((row, -(-ms // 100), int(first[s]) + door) for row, ms, s, door in entries)
    assert [(r, ds, e) for r, _, e, ds in found] == expected
    assert columns[0].tolist() == of_entrance[columns[1]].tolist()
