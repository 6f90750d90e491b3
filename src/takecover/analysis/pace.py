"""How long a group walks along each segment, in either direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover import parameters
from takecover.dtypes import INDEX
from takecover.model.network import Network

_FLOAT_NOISE_MS = 1e-6


@dataclass(frozen=True, eq=False)
class Pace:
    """Walks of one group along the s segments of a network.

    Attributes
    ----------
    forth_ms, back_ms
        Walk from tail to head and from head to tail [ms], not rounded; infinite where there is no way,
        shape (s,) float64.
    speed_m_s
        Speed on level ground [m/s].
    """

    forth_ms: np.ndarray
    back_ms: np.ndarray
    speed_m_s: float

    def straight_ms(self, length_m: np.ndarray) -> np.ndarray:
        """Walk over level ground [ms], not rounded, shape of `length_m`."""
        return length_m / self.speed_m_s * 1000.0


def pace(network: Network, speed_m_s: float, steps_speed_factor: float, needs_step_free: bool) -> Pace:
    """Time the walk along every segment.

    Parameters
    ----------
    network
        Streets.
    speed_m_s
        Speed of the group on level ground [m/s].
    steps_speed_factor
        Speed on stairs over speed on level ground.
    needs_step_free
        True where a stair is no way for the group.

    Returns
    -------
    Pace
        Walks in both directions.

    Notes
    -----
    Where the climb of a street is known, the speed is multiplied by Tobler's W(slope) / W(0). Stairs have a factor of
    their own instead, whatever their slope.

    References
    ----------
    Tobler W. (1993) Three presentations on geographical analysis and modeling. NCGIA Technical Report 93-1.
    """
    forth_ms = network.length_m / speed_m_s * 1000.0
    steps = np.flatnonzero(network.is_steps)
    forth_ms[steps] = np.inf if needs_step_free else forth_ms[steps] / steps_speed_factor
    back_ms = forth_ms.copy()
    sloped = np.flatnonzero(np.isfinite(network.climb_m) & (network.length_m > 0) & ~network.is_steps)
    if sloped.size:
        slope = network.climb_m[sloped] / network.length_m[sloped]
        forth_ms[sloped] *= _slowing(slope)
        back_ms[sloped] *= _slowing(-slope)
    back_ms[network.is_oneway] = np.inf
    return Pace(forth_ms, back_ms, speed_m_s)


def whole_ms(walk_ms: np.ndarray, limit_ms: int) -> np.ndarray:
    """Round walks up to whole milliseconds.

    Parameters
    ----------
    walk_ms
        Walks [ms], shape (n,) float64.
    limit_ms
        Longest walk that counts [ms].

    Returns
    -------
    np.ndarray
        Walks [ms], shape (n,) int32; -1 where longer than the limit.

    Notes
    -----
    A millionth of a millisecond is taken off first, so that a walk of exactly 80 s that a float makes
    80.000000000000001 s stays one of 80 s.
    """
    whole = np.ceil(walk_ms - _FLOAT_NOISE_MS)
    return np.where(whole <= limit_ms, whole, -1.0).astype(INDEX)


def _slowing(slope: np.ndarray) -> np.ndarray:
    """W(0) / W(slope) of Tobler's walking speed."""
    exponent, offset = parameters.value("tobler_exponent"), parameters.value("tobler_offset")
    return np.exp(exponent * (offset - np.abs(slope + offset)))
