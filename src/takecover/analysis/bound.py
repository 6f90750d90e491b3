"""The bound: for each time, the most people whom any plan could have under cover by then."""

from __future__ import annotations

import numpy as np

from takecover.analysis.overtime import by_queue
from takecover.analysis.queues import Queues
from takecover.analysis.witness import most_inside
from takecover.errors import InternalError
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.doorways import Doorways
from takecover.model.warning import WarningTimes


def bound(
    costs: Costs,
    doorways: Doorways,
    departures: Departures,
    capacity: np.ndarray,
    times_s: np.ndarray,
    slot_ds: int,
    proven_s: int | None = None,
) -> np.ndarray:
    """The most people under cover by each time, each time by a plan of its own; times rounded for us.

    No plan need reach it at all times at once (Gross, Kappmeier, Schmidt, Schmidt 2012), and since slots are rounded
    for us perhaps none reaches it at any.

    Parameters
    ----------
    costs, doorways, departures, capacity
        As `overtime.assign_over_time` takes them.
    times_s
        Times from the siren [s], ascending, shape (t,) int64.
    slot_ds
        Length of a slot [ds].
    proven_s
        One of the times that is checked besides the last, such as the time limit.

    Returns
    -------
    np.ndarray
        People, shape (t,) int64, ascending.

    Raises
    ------
    InternalError
        If the independent check does not confirm the bound at the times that are checked.

    Notes
    -----
    A later time only opens more slots, so each optimum begins from the one before. The last is checked, and one that is
    asked for: prices prove, in a separate computation, that nobody can have more.

    References
    ----------
    Gross M., Kappmeier J.-P.W., Schmidt D.R., Schmidt M. (2012) Approximating earliest arrival flows in arbitrary
    networks. ESA 2012, LNCS 7501:551-562.

    Examples
    --------
    One door that lets one person pass in 10 s, reached after 10 s by three:

    >>> import numpy as np
    >>> zero, none = np.zeros(1, np.int32), np.zeros(0, np.int64)
    >>> costs = Costs(zero, zero, np.array([0, 1], np.int32), zero, zero, np.array([100], np.int32), 900)
    >>> doorways = Doorways(zero, np.array([100]), zero - 1, zero[None], zero[None], none, none)
    >>> leaving = Departures(np.array([0]), np.array([[3]]))
    >>> bound(costs, doorways, leaving, np.array([9]), np.array([5, 10, 20, 60]), 100).tolist()
    [0, 1, 2, 3]
    """
    warning = WarningTimes.single(int(times_s[-1]))
    first_ds = int(times_s[0]) * 10
    queues = Queues(
        costs, doorways, departures, capacity, warning, slot_ds, is_late=False, counted_until_ds=first_ds
    )
    through_ds = queues.slots.through_ds
    people = []
    before_ds = first_ds
    for time_s in times_s.tolist():
        opened = np.flatnonzero((through_ds > before_ds) & (through_ds <= time_s * 10)).astype(np.int32)
        if len(opened):
            queues.change_service(opened, np.ones(len(opened), np.bool_))
        people.append(queues.inside())
        before_ds = time_s * 10
        if time_s in (proven_s, times_s[-1]):
            _prove(queues, time_s, people[-1])
    return np.array(people, np.int64)


def _prove(queues: Queues, until_s: int, people: int) -> None:
    """Refuse a bound that the prices of the optimum do not prove."""
    units, _ = queues.prices()
    proven = most_inside(
        queues.costs,
        queues.doorways,
        queues.departures,
        queues.capacity,
        until_s,
        queues.slots.slot_ds,
        by_queue(queues, units, queues.whole),
        units[-len(queues.capacity) :],
    )
    if proven != people:
        raise InternalError(
            f"bound: {people:,} people by {until_s} s, but {proven:,} are proven; it must not be used."
        )
