"""A plan over time as it stands at one time limit: who is under cover by then, as the doors let them in."""

from __future__ import annotations

import numpy as np

from takecover.analysis.tally import tally
from takecover.errors import InternalError
from takecover.model.plan import Plan
from takecover.model.plan_over_time import PlanOverTime
from takecover.model.timeline import Timeline


def headline(
    over_time: PlanOverTime, led: Timeline, limit_ds: int, gained: tuple[np.ndarray, np.ndarray]
) -> Plan:
    """Count who is under cover by a limit where everyone goes as planned.

    Parameters
    ----------
    over_time
        The plan.
    led
        Its people through the doors; whom the plan sends nowhere are not among them.
    limit_ds
        The limit [ds].
    gained
        What one more place in each shelter gains, as `gains.gains` finds it.

    Returns
    -------
    Plan
        By entry of the plan's own table, cut at the limit. Prices are what one more place in a shelter gains by the
        plan's slots: whole people, or parts of one where there are several warning times (people expected), and
        deciseconds. The certificate is that of the plan over time, in its own units.

    Raises
    ------
    InternalError
        If somebody is under cover by a door that the plan did not send them to.
    """
    costs = over_time.costs
    is_in = led.time_ds <= limit_ds
    door_count = int(costs.entrance_idx.max(initial=0)) + 1
    keys = costs.row_idx.astype(np.int64) * door_count + costs.entrance_idx
    order = np.argsort(keys, kind="stable")
    wanted = led.row_idx[is_in].astype(np.int64) * door_count + led.entrance_idx[is_in]
    at = np.minimum(np.searchsorted(keys[order], wanted), max(len(keys) - 1, 0))
    entry = order[at] if len(order) else np.zeros(0, np.int64)
    if len(wanted) and not np.array_equal(keys[entry], wanted):
        raise InternalError("headline: somebody is under cover by a door that the plan did not send them to.")
    flow = tally(entry, led.people[is_in], len(costs.walk_time_ds))
    is_kept = costs.walk_time_ds <= limit_ds
    table = costs.keep(is_kept, limit_ds)
    flow = flow[is_kept]
    people = over_time.departures.of_rows
    units, ds = gained
    whole = over_time.units_per_person
    return Plan(
        costs=table,
        people=people,
        capacity=over_time.capacity,
        flow=flow,
        unserved=people - tally(table.row_idx, flow, len(people)),
        load=tally(table.shelter_idx, flow, len(over_time.capacity)),
        price_people=units if whole == 1 else units / whole,
        price_ds=ds,
        certificate=over_time.certificate,
    )
