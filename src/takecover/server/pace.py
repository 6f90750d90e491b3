"""How often one may ask: so many at once, then so many a minute, by a key that is no address kept anywhere."""

from __future__ import annotations

from collections import OrderedDict

MOST_KEYS = 50_000
"""Keys remembered; the one that was quiet longest is forgotten first, and begins anew."""


class Pace:
    """A bucket for each key, refilled steadily.

    Parameters
    ----------
    at_once
        Requests that a key may make at once.
    per_minute
        Requests that come back each minute.
    """

    def __init__(self, at_once: int, per_minute: float) -> None:
        self._most, self._per_s = float(at_once), per_minute / 60.0
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, key: str, now_s: float) -> float:
        """0 where the key may ask now, and it is counted; else how long it has to wait [s].

        Parameters
        ----------
        key
            Who asks.
        now_s
            A clock that only goes forward [s].
        """
        left, then_s = self._left.pop(key, (self._most, now_s))
        left = min(self._most, left + max(0.0, now_s - then_s) * self._per_s)
        may = left >= 1.0
        self._left[key] = (left - 1.0 if may else left), now_s
        if len(self._left) > MOST_KEYS:
            self._left.popitem(last=False)
        return 0.0 if may else (1.0 - left) / self._per_s

    def forget(self, key: str) -> None:
        """Let a key begin anew."""
        self._left.pop(key, None)
