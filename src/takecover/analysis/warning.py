"""The warning times of a scenario: a threat's, its own, or its one time limit."""

from __future__ import annotations

import numpy as np

from takecover import threats
from takecover.model.scenario import Scenario
from takecover.model.warning import WarningTimes


def warning(scenario: Scenario) -> WarningTimes:
    """How much time the strikes of a scenario leave, and with which weights.

    Parameters
    ----------
    scenario
        A scenario that has passed `model.check.scenario`.

    Returns
    -------
    WarningTimes
        Of the threat that it names; else its own times and weights; else its time limit alone.
    """
    if scenario.threat:
        chances = threats.threat(scenario.threat)
        times_s, weights = [c.time_s for c in chances], [c.permille for c in chances]
    elif scenario.warning_times_s:
        times_s, weights = list(scenario.warning_times_s), list(scenario.warning_weights)
    else:
        return WarningTimes.single(scenario.time_limit_s)
    return WarningTimes(np.array(times_s, np.int64), np.array(weights, np.int64))
