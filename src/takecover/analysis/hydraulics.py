"""How many people an element lets through, and how long they take, by the hydraulic model or as measured.

People are a fluid here: no element knows who is behind whom. See docs/method.md for what that leaves out.
"""

from __future__ import annotations

import math

import numpy as np

from takecover import parameters
from takecover.model.elements import CORRIDOR, DOOR, ESCALATOR, GATE, RAMP, STAIR, Elements


def specific_flow_per_m_s(constant_m_s: float) -> float:
    """Most people through a metre of effective width in a second, k / (4 a).

    Parameters
    ----------
    constant_m_s
        Speed constant k of the element [m/s].

    Returns
    -------
    float
        Flow [1/(m s)].

    Notes
    -----
    Speed falls with density D as S = k (1 - a D), so flow S D is greatest at D = 1 / (2 a), where people walk at k / 2.

    References
    ----------
    Gwynne S. M. V., Rosenbaum E. R. (2016) Employing the hydraulic model in assessing emergency movement. SFPE
    Handbook of Fire Protection Engineering, 5th ed., ch. 59.

    Examples
    --------
    >>> round(specific_flow_per_m_s(1.40), 2), round(specific_flow_per_m_s(1.08), 2)
    (1.32, 1.02)
    """
    return constant_m_s / (4 * parameters.value("crowd_slowing_m2"))


def flow_per_s(elements: Elements, *, escalators_run: bool = True) -> np.ndarray:
    """How many people each row lets through, all that stand side by side together.

    Parameters
    ----------
    elements
        The elements, k of them.
    escalators_run
        False where every escalator stands still.

    Returns
    -------
    np.ndarray
        Flow [1/s], shape (k,) float64: as measured where it was, else specific flow times effective width. A running
        escalator and a gate let through a fixed number each; a stopped escalator is a stair.
    """
    value = parameters.value
    is_belt = _runs(elements, escalators_run)
    one = specific_flow_per_m_s(1.0) * _constant_m_s(elements) * effective_width_m(elements)
    one[is_belt] = value("escalator_flow_per_s")
    one[elements.kinds == GATE] = value("gate_flow_per_s")
    # What was measured on a moving escalator says nothing of one that stands.
    was_moving = (elements.kinds == ESCALATOR) & elements.is_running & ~is_belt
    is_measured = np.isfinite(elements.flow_per_s) & ~was_moving
    return np.asarray(np.where(is_measured, elements.flow_per_s, one * elements.count))


def effective_width_m(elements: Elements) -> np.ndarray:
    """Clear width of one less the strip along either side that nobody walks in.

    Returns
    -------
    np.ndarray
        Width [m], shape (k,) float64, 0 or more; the usual width stands in for an unknown one.
    """
    value = parameters.value
    wall_m = np.select(
        [elements.kinds == DOOR, np.isin(elements.kinds, (STAIR, ESCALATOR))],
        [value("door_layer_m"), value("stair_layer_m")],
        value("corridor_layer_m"),
    )
    rails = np.where(np.isin(elements.kinds, (STAIR, ESCALATOR)), elements.handrails, 0)
    layers_m = (2 - rails) * wall_m + rails * value("handrail_layer_m")
    return np.asarray(np.maximum(_clear_width_m(elements) - layers_m, 0.0))


def passing_s(
    elements: Elements,
    *,
    escalators_run: bool = True,
    level_m_s: float = math.inf,
    stairs_m_s: float = math.inf,
) -> np.ndarray:
    """How long the way through each row takes in a crowd.

    Parameters
    ----------
    elements
        The elements, k of them.
    escalators_run
        False where every escalator stands still.
    level_m_s, stairs_m_s
        What a person walks at most, in no crowd, on level ground and ramps and on stairs [m/s].

    Returns
    -------
    np.ndarray
        Time [s], shape (k,) float64: on foot at the speed of the greatest flow, k / 2, or the person's own where that
        is less; on a belt at the belt's. Whoever is slow holds up nobody behind.
    """
    belt_m_s = np.where(
        np.isfinite(elements.belt_speed_m_s),
        elements.belt_speed_m_s,
        parameters.value("escalator_belt_speed_m_s"),
    )
    own_m_s = np.where(_is_stair(elements), stairs_m_s, level_m_s)
    on_foot_m_s = np.minimum(_constant_m_s(elements) / 2, own_m_s)
    return np.asarray(elements.length_m / np.where(_runs(elements, escalators_run), belt_m_s, on_foot_m_s))


def _runs(elements: Elements, escalators_run: bool) -> np.ndarray:
    return np.asarray((elements.kinds == ESCALATOR) & elements.is_running & escalators_run)


def _is_stair(elements: Elements) -> np.ndarray:
    """Stairs, and escalators, which are stairs where they stand still, shape (k,) bool."""
    return np.isin(elements.kinds, (STAIR, ESCALATOR))


def _constant_m_s(elements: Elements) -> np.ndarray:
    value = parameters.value
    return np.where(_is_stair(elements), value("stair_constant_m_s"), value("level_constant_m_s"))


def _clear_width_m(elements: Elements) -> np.ndarray:
    value = parameters.value
    usual_m = np.select(
        [elements.kinds == kind for kind in (DOOR, STAIR, ESCALATOR, RAMP, CORRIDOR)],
        [
            value("basement_door_width_m"),
            value("basement_stair_width_m"),
            value("stopped_escalator_width_m"),
            value("car_park_ramp_width_m"),
            value("corridor_width_m"),
        ],
        0.0,
    )
    return np.where(np.isfinite(elements.clear_width_m), elements.clear_width_m, usual_m)
