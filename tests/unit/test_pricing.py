"""What a sweep of the network simplex asks of a row."""

from __future__ import annotations

import numpy as np
import pytest

from takecover.kernels import pricing, tree

INDPTR = np.array([0, 3], np.int32)
SHIFT, MASK = 2, 3
ROW = 4
"""The node of the only row: after three shelters and the root."""


def key(*costs: int) -> np.ndarray:
    return np.array([cost << SHIFT | shelter for shelter, cost in enumerate(costs)], np.uint32)


def nodes(child: int = -1) -> np.ndarray:
    """The row uses shelter 0; the shelters hang on the root, or one of them on the row."""
    found = np.zeros(5, tree.NODE)
    found["parent"] = [3, 3, 3, -1, 0]
    found["arc"] = [tree.SPARE, tree.SPARE, tree.SPARE, 0, 0]
    found["first"] = -1
    if child >= 0:
        found["parent"][child], found["arc"][child], found["first"][ROW] = ROW, child, child
    return found


def best(costs: np.ndarray, price: list[int], tied: np.ndarray, lowest: int) -> tuple[int, int]:
    found: tuple[int, int] = pricing._best(
        INDPTR, costs, SHIFT, MASK, np.array([*price, 0], np.int64), tied, ROW, 0, lowest
    )
    return found


def test_the_best_other_entry_is_found_behind_a_dear_one_whose_price_is_below_zero() -> None:
    # A price may be below 0 while the tree is not yet optimal; a search that stopped at cost 20 > 12 missed 20 - 15.
    assert best(key(10, 12, 20), [0, 0, -15], nodes(), -15) == (5, 2)


def test_the_entries_in_use_are_not_the_best_other() -> None:
    assert best(key(10, 12, 20), [0, 0, 0], nodes(child=1), 0) == (20, 2)


def test_of_two_equal_entries_the_first_is_taken() -> None:
    assert best(key(10, 12, 20), [0, 8, 0], nodes(), 0) == (20, 1)


@pytest.mark.parametrize("lowest", [100, 90, -5])
def test_a_lower_bound_on_the_prices_changes_no_answer(lowest: int) -> None:
    assert best(key(10, 12, 20), [100, 130, 100], nodes(), lowest) == (120, 2)
