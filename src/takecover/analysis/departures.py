"""When people leave: the lognormal delay after the siren cut into cohorts, and whole people put into each."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from takecover.dtypes import COUNT
from takecover.model.city import City
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.scenario import Scenario

_DS_A_S = 10


def delays_ds(scenario: Scenario, period: str) -> np.ndarray:
    """The delay of each cohort, from the first to leave to the last.

    Parameters
    ----------
    scenario
        Median and spread of the delay, and how many cohorts.
    period
        The period that it is for.

    Returns
    -------
    np.ndarray
        Mean delay of each cohort, rounded up [ds], ascending, shape (c,) int64. A single 0 where the scenario has no
        delay for the period; one cohort where all leave together.

    Notes
    -----
    The delay is lognormal with the median m and the spread s of its logarithm. Cohort i of c holds the people between
    the quantiles i / c and (i + 1) / c; their mean is c m exp(s^2 / 2) (Phi(z' - s) - Phi(z - s)), with z and z' the
    normal quantiles of both ends. So the mean over all cohorts is the mean of the lognormal itself, whatever c is.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> case = SimpleNamespace(delay_median_s={"night": 60}, delay_spread={"night": 0.5}, delay_cohorts=2)
    >>> delays_ds(case, "night").tolist()
    [420, 941]
    """
    median_s, spread = scenario.delay_median_s.get(period, 0.0), scenario.delay_spread.get(period, 0.0)
    if median_s == 0 or spread == 0:
        return np.array([math.ceil(median_s * _DS_A_S)], COUNT)
    count, normal = scenario.delay_cohorts, NormalDist()
    below = [0.0, *(normal.cdf(normal.inv_cdf(i / count) - spread) for i in range(1, count)), 1.0]
    mean_ds = count * median_s * _DS_A_S * math.exp(spread**2 / 2)
    return np.ceil(mean_ds * np.diff(below) - 1e-6).astype(COUNT)


def departures(city: City, scenario: Scenario, costs: Costs, people: np.ndarray) -> Departures:
    """Put the people of every row into cohorts of equal size.

    Parameters
    ----------
    city
        Districts of the origins.
    scenario
        The delay, and the seed.
    costs
        The rows; of them only what they stand for counts.
    people
        People of each row, shape (r,) int64.

    Returns
    -------
    Departures
        Every row keeps its people. In all, in every group, in every district and in every group of a district, no
        two cohorts differ by more than one person.

    Notes
    -----
    The rows stand by district, within it by group, in the order of the table, which is spatial; their people are
    numbered through, and person number k of the whole city goes into cohort (k + first) mod c. So lone people, each
    an origin of their own, are spread over the cohorts as evenly as a crowd. The first cohort comes from the seed.
    """
    period = scenario.period or city.demand.periods[0]
    delay_ds = delays_ds(scenario, period)
    count = len(delay_ds)
    order = np.lexsort((costs.group_idx, city.demand.zone_idx[costs.origin_idx]))
    first = int(np.random.default_rng(scenario.seed).integers(count))
    end = np.cumsum(people[order]) + first
    begin = end - people[order]
    # Of the numbers below n, (n + c - 1 - k) // c leave the remainder k when divided by c.
    turn = count - 1 - np.arange(count)
    of_cohort: np.ndarray = np.empty((len(people), count), COUNT)
    of_cohort[order] = (end[:, None] + turn) // count - (begin[:, None] + turn) // count
    return Departures(delay_ds, of_cohort)
