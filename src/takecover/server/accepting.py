"""What a client takes, by the weights of its headers."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(256)
def takes_gzip(accepted: str) -> bool:
    """True where an ``Accept-Encoding`` names gzip, or all that it does not name, with a weight above 0.

    References
    ----------
    RFC 9110, HTTP Semantics (2022), sections 12.4.2 and 12.5.3.
    """
    weights = {}
    for each in accepted.lower().split(","):
        name, _, weight = each.partition(";")
        weights[name.strip()] = _is_above_nothing(weight)
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", False)))


def _is_above_nothing(weight: str) -> bool:
    name, _, number = weight.partition("=")
    if not name.strip():
        return True
    whole, _, tenths = number.strip().partition(".")
    return name.strip() == "q" and (whole + tenths).isdecimal() and (whole + tenths).strip("0") != ""
