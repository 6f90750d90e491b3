"""The levels of administration that OpenStreetMap knows: ``admin_level``, 1 to 11 in use, at most two digits."""

from __future__ import annotations

import re

_LEVEL = re.compile("[0-9]{1,2}")


def level(text: str) -> int | None:
    """The level that a text names; None where it names none.

    References
    ----------
    https://wiki.openstreetmap.org/wiki/Key:admin_level

    Examples
    --------
    >>> level("8"), level("²"), level("101"), level("")
    (8, None, None, None)
    """
    return int(text) if _LEVEL.fullmatch(text) else None
