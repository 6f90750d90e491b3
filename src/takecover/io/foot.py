"""Which ways of OpenStreetMap people may walk, in which direction, and which are stairs.

The rules of every reader of OSM data. They look at tags alone, never at a file's form.
"""

from __future__ import annotations

from collections.abc import Mapping

WALKABLE = frozenset(
    {
        "footway",
        "path",
        "pedestrian",
        "steps",
        "corridor",
        "elevator",
        "platform",
        "living_street",
        "residential",
        "service",
        "unclassified",
        "road",
        "track",
        "cycleway",
        "bridleway",
        "tertiary",
        "tertiary_link",
        "secondary",
        "secondary_link",
        "primary",
        "primary_link",
    }
)
"""Kinds of way that are walked unless a tag forbids it."""

FAST = frozenset({"trunk", "trunk_link", "motorway", "motorway_link", "busway"})
"""Kinds of way that are walked only where ``foot`` or a sidewalk allows it."""

OPEN = frozenset({"yes", "designated", "permissive", "official", "destination", "customers", "public"})
"""Values of ``foot`` and ``access`` that let people in."""

SHUT = frozenset(
    {
        "no",
        "private",
        "use_sidepath",
        "military",
        "agricultural",
        "forestry",
        "delivery",
        "permit",
        "discouraged",
    }
)
"""Values of ``foot`` and ``access`` that keep people out; any other value decides nothing."""

_SIDEWALKS = frozenset({"both", "left", "right", "yes"})
_FORWARD, _BACKWARD, _BOTH = 1, -1, 0


def is_walkable(tags: Mapping[str, str]) -> bool:
    """True where people may walk along the way.

    Notes
    -----
    ``foot`` decides before ``access``, and ``access`` before the kind of way. Private ways are shut.

    References
    ----------
    https://wiki.openstreetmap.org/wiki/Key:access (foot, access),
    https://wiki.openstreetmap.org/wiki/Key:sidewalk

    Examples
    --------
    >>> is_walkable({"highway": "residential"}), is_walkable({"highway": "motorway"})
    (True, False)
    >>> is_walkable({"highway": "service", "access": "private", "foot": "yes"})
    True
    """
    kind = tags.get("highway")
    if kind not in WALKABLE and kind not in FAST:
        return False
    foot = tags.get("foot")
    if foot in OPEN or foot in SHUT:
        return foot in OPEN
    if tags.get("access") in SHUT:
        return False
    if kind in FAST or tags.get("motorroad") == "yes":
        return tags.get("sidewalk") in _SIDEWALKS
    return True


def is_stair(tags: Mapping[str, str]) -> bool:
    """True for a stair or escalator, unless it has a ramp for wheelchairs."""
    return tags.get("highway") == "steps" and tags.get("ramp:wheelchair") != "yes"


def direction(tags: Mapping[str, str]) -> int:
    """1 where people may walk only as the way is drawn, -1 only against it, 0 both ways.

    Notes
    -----
    ``oneway`` is for vehicles and does not count. An escalator runs as ``conveying`` says; where it is reversible or
    the sense is not known, both ways stand.

    References
    ----------
    https://wiki.openstreetmap.org/wiki/Key:oneway:foot, https://wiki.openstreetmap.org/wiki/Key:conveying
    """
    if (said := _SENSE.get(tags.get("oneway:foot", ""))) is not None:
        return said
    return {"forward": _FORWARD, "backward": _BACKWARD}.get(tags.get("conveying", ""), _BOTH)


_SENSE = {"yes": _FORWARD, "1": _FORWARD, "-1": _BACKWARD, "reverse": _BACKWARD, "no": _BOTH}
