"""Makes what is broadcast from a plan: one price for each shelter that leads a crowd where the plan sends it.

Optimal prices leave whole crowds undecided between two doors, and whichever way they all turn, one door is overrun. So
phones do not all take the best door: they take good doors with weights, and the prices are fitted to that.
"""

from __future__ import annotations

import numpy as np

from takecover import parameters
from takecover.analysis.guide import Options, hardship_ds, options
from takecover.analysis.tally import tally
from takecover.dtypes import COUNT, INDEX
from takecover.kernels import logit
from takecover.model.broadcast import Broadcast
from takecover.model.doorways import Doorways
from takecover.model.plan_over_time import PlanOverTime
from takecover.model.warning import WarningTimes

MOST_ROUNDS = 100
GOOD_ENOUGH = 0.01
"""Share of the people led elsewhere than the plan sends them at which the fitting stops."""

HIGHEST_DS = 100_000
"""No price is higher [ds]: nearly three hours of walk turn away everyone who can be."""


def broadcast(
    plan: PlanOverTime,
    doorways: Doorways,
    warning: WarningTimes,
    turnout: float,
    kind: str = "shelter",
    choice: Options | None = None,
) -> Broadcast:
    """Fit prices to a plan over time.

    Parameters
    ----------
    plan
        Whom it sends to which door.
    doorways
        The doors that it is for.
    warning
        When the strike may come.
    turnout
        Share of the people that the plan is for.
    kind
        ``shelter`` for one price for all doors of a shelter, ``entrance`` for one for each.
    choice
        What phones choose from, as `guide.options` gives it for these doors, cohorts and warning; found where None.

    Returns
    -------
    Broadcast
        Prices with the least at 0, whole deciseconds.

    Notes
    -----
    People whom the plan sends, each choosing by the weights of `model.broadcast.Broadcast`, shall fill every shelter as
    the plan does. In each round the price of a shelter rises by the spread times the logarithm of its load over what
    the plan sends there: the coordinate ascent of an entropic transport problem (Sinkhorn's iteration), which converges
    from any start. Since weights do not depend on how many come, a part of the crowd fills the same part of every
    shelter.

    References
    ----------
    Cuturi M. (2013) Sinkhorn distances: lightspeed computation of optimal transport. NIPS 26.
    McFadden D. (1974) Conditional logit analysis of qualitative choice behavior, in Frontiers in Econometrics.
    """
    is_by_door = kind == "entrance"
    owner_idx = np.arange(len(doorways), dtype=INDEX) if is_by_door else doorways.shelter_idx
    count = len(doorways) if is_by_door else len(plan.capacity)
    spread_ds = round(parameters.value("guidance_spread_s") * 10)
    costs, departures = plan.costs, plan.departures
    hardship = hardship_ds(warning)
    if choice is None:
        choice = options(costs, doorways, departures.delay_ds, warning, hardship)
    people = np.ascontiguousarray((departures.people - plan.unserved).T).ravel().astype(COUNT)
    owner = owner_idx[choice.entrance_idx]
    goal = tally(owner_idx[costs.entrance_idx[plan.entry_idx]], plan.people, count)
    price_ds, load, weight = np.zeros(count), np.empty(count), np.empty(choice.longest)
    misfit = 1.0
    for _ in range(MOST_ROUNDS):
        logit.pull(choice.indptr, choice.cost_ds, owner, people, price_ds, float(spread_ds), weight, load)
        misfit = float(np.abs(load - goal).sum() / 2 / max(plan.sent, 1))
        if misfit <= GOOD_ENOUGH:
            break
        price_ds += spread_ds * np.log((load + 0.5) / (goal + 0.5))
    is_reached: np.ndarray = np.zeros(count, np.bool_)
    is_reached[owner] = True
    least = price_ds[is_reached].min(initial=np.inf) if is_reached.any() else 0.0
    whole = np.where(is_reached, np.clip(np.rint(price_ds - least), 0, HIGHEST_DS), 0).astype(COUNT)
    return Broadcast(kind, whole[owner_idx], spread_ds, hardship, warning, turnout, count, misfit)
