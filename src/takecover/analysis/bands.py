"""The one rule by which public output gives bands in place of counts.

A band never tells a count within a few people, whatever the report that it is read in.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

SMALLEST = 100
"""Counts below this are one band, nobody included."""

STEPS = (1, 2, 5)
"""From 1,000 on a band begins at each of these times a power of ten; below, at 0, 100, 500. Ours, as `SMALLEST`."""

PERCENT_STEP = 10
"""Width of a band of shares [%]; the last one holds 90 to 100."""

FILLING_FROM_PERCENT = 70
"""From here on a shelter is filling [% of its places]. Ours: time to look for another one."""

FULL_FROM_PERCENT = 95
"""From here on a shelter is full [% of its places]. Ours: nobody should be sent for the last few places."""

Level = Literal["plenty", "filling", "full"]
"""How full a shelter is, in public."""


class Band(NamedTuple):
    """Whole numbers from `low` to `high`, both included."""

    low: int
    high: int


def people(count: int) -> Band:
    """Band of a number of people or places.

    Parameters
    ----------
    count
        People, at least 0.

    Examples
    --------
    >>> people(0), people(612), people(1_650_000)
    (Band(low=0, high=99), Band(low=500, high=999), Band(low=1000000, high=1999999))
    """
    bounds = [0, SMALLEST, 5 * SMALLEST, 10 * SMALLEST]
    power = 10 * SMALLEST
    while bounds[-1] <= count:
        bounds.extend(step * power for step in STEPS if step * power > bounds[-1])
        power *= 10
    at = next(i for i in range(len(bounds) - 1, -1, -1) if bounds[i] <= count)
    return Band(bounds[at], bounds[at + 1] - 1)


def percent(part: int, whole: int) -> Band:
    """Band of a share [%]; 0 where the whole is nobody.

    Parameters
    ----------
    part, whole
        People, the part at most the whole.

    Examples
    --------
    >>> percent(1, 3), percent(3, 3)
    (Band(low=30, high=39), Band(low=90, high=100))
    """
    step = min(100 * part // max(whole, 1) // PERCENT_STEP, 100 // PERCENT_STEP - 1)
    low = step * PERCENT_STEP
    return Band(low, 100 if low + PERCENT_STEP == 100 else low + PERCENT_STEP - 1)


def level(load: int, capacity: int) -> Level:
    """How full a shelter is; one without places is full.

    Parameters
    ----------
    load
        People in it.
    capacity
        Its places.

    Examples
    --------
    >>> level(69, 100), level(70, 100), level(95, 100)
    ('plenty', 'filling', 'full')
    """
    if 100 * load >= FULL_FROM_PERCENT * capacity:
        return "full"
    return "filling" if 100 * load >= FILLING_FROM_PERCENT * capacity else "plenty"
