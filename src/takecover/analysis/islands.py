"""Pieces of the network that no way joins to the rest."""

from __future__ import annotations

import numpy as np

from takecover.model.network import Network


def label(network: Network) -> np.ndarray:
    """The piece that each node belongs to, whichever way its streets may be walked.

    Returns
    -------
    np.ndarray
        Lowest position of a node of the same piece, shape (n,) int64.

    Notes
    -----
    Every piece hooks onto the lowest piece that it touches, then each node looks past its own mark; some
    log n passes over the segments in practice.
    """
    return pieces(network.tail, network.head, network.node_count)


def pieces(tail: np.ndarray, head: np.ndarray, count: int) -> np.ndarray:
    """The same for bare ends of lines between so many nodes."""
    mark = np.arange(count)
    while True:
        tails, heads = mark[tail], mark[head]
        if np.array_equal(tails, heads):
            return mark
        lowest = np.minimum(tails, heads)
        np.minimum.at(mark, tails, lowest)
        np.minimum.at(mark, heads, lowest)
        while not np.array_equal(mark, mark[mark]):
            mark = mark[mark]


def sizes(network: Network) -> list[int]:
    """Nodes of each piece, the largest first."""
    _, counts = np.unique(label(network), return_counts=True)
    return [int(count) for count in np.sort(counts)[::-1]]


def is_off_mainland(network: Network) -> np.ndarray:
    """True for each segment that is no part of the piece with the most nodes, shape (s,) bool."""
    mark = label(network)
    counts = np.bincount(mark, minlength=network.node_count)
    return np.asarray(mark[network.tail] != counts.argmax()) if network.segment_count else np.zeros(0, bool)
