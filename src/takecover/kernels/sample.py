"""A coarser cost table: one row of every few stands for all of them."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def sample(
    indptr: np.ndarray, key: np.ndarray, people: np.ndarray, stride: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Keep the middle row of every `stride` rows, with the people of all of them.

    Arrays: indptr (n + 1,) int32, key (a,) uint32 or uint64, people (n,) int32; rows in spatial order.
    Returns: indptr, key and people of the sample.
    """
    count = len(people)
    groups = (count + stride - 1) // stride
    new_indptr = np.zeros(groups + 1, np.int32)
    new_people = np.zeros(groups, np.int32)
    for g in range(groups):
        i = min(g * stride + stride // 2, count - 1)
        new_indptr[g + 1] = new_indptr[g] + indptr[i + 1] - indptr[i]
        for j in range(g * stride, min(count, (g + 1) * stride)):
            new_people[g] += people[j]
    new_key = np.empty(new_indptr[groups], key.dtype)
    for g in range(groups):
        i = min(g * stride + stride // 2, count - 1)
        # Entry by entry: a slice would bring in the text of an error about its shape, 4 s of compiling.
        for k in range(indptr[i + 1] - indptr[i]):
            new_key[new_indptr[g] + k] = key[indptr[i] + k]
    return new_indptr, new_key, new_people
