"""Ages of people: those of an area shared out to its origins, and sums by stage of life for a district."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from takecover.analysis.tally import tally
from takecover.dtypes import COUNT
from takecover.model.city import City

CHILD_UNDER_YEARS = 15
"""Children, as statistics in classes of five years can tell them."""

OLD_FROM_YEARS = 65


class Stages(NamedTuple):
    """People of a place by stage of life.

    Attributes
    ----------
    children
        Under 15.
    adults
        15 to 64, and classes that reach over one of these bounds.
    old
        65 and over.
    """

    children: int
    adults: int
    old: int


def stages(city: City, zone_idx: int | None = None) -> Stages | None:
    """People of the city or of one district by stage of life; None where no ages are known.

    The shares of those with a known age are what a scenario's groups by district can be made from.

    Parameters
    ----------
    city
        The city.
    zone_idx
        Position of the district, -1 for those in none; None for everybody.
    """
    ages = city.ages
    if ages is None:
        return None
    is_wanted = np.ones(len(city.demand), bool) if zone_idx is None else city.demand.zone_idx == zone_idx
    people = ages.people[is_wanted].sum(axis=0)
    is_child = [c.to_years is not None and c.to_years < CHILD_UNDER_YEARS for c in ages.classes]
    is_old = [c.from_years >= OLD_FROM_YEARS for c in ages.classes]
    children, old = int(people[is_child].sum()), int(people[is_old].sum())
    return Stages(children, int(people.sum()) - children - old, old)


def of_areas(people: np.ndarray, ages: np.ndarray) -> np.ndarray:
    """Whole people by class of age of each area, which add up to its people.

    Parameters
    ----------
    people
        Whole people of each area, shape (r,) int64.
    ages
        Its people by class as the source has them, shape (r, a) float64; they need not add up to `people`.

    Returns
    -------
    np.ndarray
        Shape (r, a) int64: the source's own numbers where these add up, else in their proportion by largest
        remainder, the younger class first where remainders tie; 0 where the source has no ages.
    """
    known = ages.sum(axis=1)
    exact = people[:, None] * ages / np.where(known > 0, known, 1)[:, None]
    whole = np.floor(exact)
    short = np.where(known > 0, people - whole.sum(axis=1), 0)
    rank = np.argsort(np.argsort(whole - exact, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(whole + (rank < short[:, None]), dtype=COUNT)


def of_origins(people: np.ndarray, owner: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Share the ages of areas out to their origins; every origin and every class of an area adds up exactly.

    Parameters
    ----------
    people
        Whole people of each origin; origins of an area stand together and in spatial order, shape (n,) int64.
    owner
        Area of each origin, ascending, shape (n,) int64.
    totals
        People of each area by class, which add up to the people of its origins or to 0, shape (r, a) int64.

    Returns
    -------
    np.ndarray
        Shape (n, a) int64.

    Notes
    -----
    Class after class is taken out of those that are left, by cumulative rounding along the origins of an area: as a
    class is never larger than what is left, no origin gives more than it has.
    """
    sizes = tally(owner, people, len(totals))
    is_known = totals.sum(axis=1) == sizes
    rest = np.where(is_known[owner], people, 0)
    rest_of_area = np.where(is_known, sizes, 0)
    result = np.zeros((len(people), totals.shape[1]), COUNT)
    for c in range(totals.shape[1]):
        take = np.where(is_known, totals[:, c], 0)
        size = np.maximum(rest_of_area, 1)[owner]
        ends = np.cumsum(rest) - (np.cumsum(rest_of_area) - rest_of_area)[owner]
        taken = (2 * ends * take[owner] + size) // (2 * size)
        before = (2 * (ends - rest) * take[owner] + size) // (2 * size)
        result[:, c] = taken - before
        rest = rest - result[:, c]
        rest_of_area = rest_of_area - take
    return result
