"""What a sweep of the network simplex remembers of a row."""

from __future__ import annotations

import numpy as np

from takecover.kernels import pricing


def test_the_second_best_entry_is_found_behind_a_dear_one_whose_price_is_below_zero() -> None:
    # A price may be below 0 while the tree is not yet optimal; a search that stopped at cost 20 > 12 missed 20 - 15.
    indptr = np.array([0, 3], np.int32)
    key = np.array([10 << 2 | 0, 12 << 2 | 1, 20 << 2 | 2], np.uint32)
    price = np.array([0, 0, -15, 0], np.int64)
    parent = np.array([3, 3, 3, -1, 0], np.int32)
    assert pricing._second(indptr, key, 2, 3, price, parent, 4, 0) == 5


def test_the_entries_in_use_are_no_second_best() -> None:
    indptr = np.array([0, 3], np.int32)
    key = np.array([10 << 2 | 0, 12 << 2 | 1, 20 << 2 | 2], np.uint32)
    parent = np.array([3, 4, 3, -1, 0], np.int32)
    assert pricing._second(indptr, key, 2, 3, np.zeros(4, np.int64), parent, 4, 0) == 20
