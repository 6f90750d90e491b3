"""Which ways of OpenStreetMap people may walk, in which direction, and which are stairs.

The rules of every reader of OSM data. They look at tags alone, never at a file's form.
"""

from __future__ import annotations

from collections.abc import Mapping

KEYS = ("highway", "railway", "public_transport", "man_made", "place")
"""A way without one of these is never walked."""

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
        "pier",
        "square",
    }
)
"""Kinds of way that are walked unless a tag forbids it."""

FAST = frozenset({"trunk", "trunk_link", "motorway", "motorway_link", "busway"})
"""Kinds of way that are walked only where ``foot`` or a sidewalk allows it."""

OPEN = frozenset({"yes", "designated", "permissive", "official", "destination", "customers", "public"})
"""Values of ``foot`` and ``access`` that let people in."""

PRIVATE = frozenset({"private", "permit", "residents"})
"""Values that let in those who live or work there, and nobody else."""

SHUT = frozenset(
    {
        "no",
        "use_sidepath",
        "military",
        "agricultural",
        "forestry",
        "delivery",
        "discouraged",
    }
)
"""Values of ``foot`` and ``access`` that keep people out; any other value decides nothing."""

_NOTHING = frozenset({"", "no"})
_SIDEWALKS = frozenset({"both", "left", "right", "yes", "separate"})
_SURFACES = frozenset({"platform", "square"})
_FORWARD, _BACKWARD, _BOTH = 1, -1, 0


def kind(tags: Mapping[str, str]) -> str:
    """Kind of way: the value of ``highway``, or ``platform``, ``pier`` or ``square``; empty where it is none.

    Examples
    --------
    >>> kind({"highway": "steps"}), kind({"railway": "platform"}), kind({"route": "ferry"})
    ('steps', 'platform', '')
    """
    if said := tags.get("highway"):
        return said
    if tags.get("railway") == "platform" or tags.get("public_transport") == "platform":
        return "platform"
    if tags.get("man_made") == "pier":
        return "pier"
    return "square" if tags.get("place") == "square" else ""


def is_walkable(tags: Mapping[str, str], *, is_private_open: bool = False) -> bool:
    """True where people may walk along the way.

    Parameters
    ----------
    tags
        Tags of the way.
    is_private_open
        True to let people onto private ways, as those who live there would.

    Notes
    -----
    ``foot`` decides before ``access``, and ``access`` before the kind of way. Ways that are planned, being built,
    disused or a ferry's are of no kind that is walked.

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
    >>> yard = {"highway": "service", "access": "private"}
    >>> is_walkable(yard), is_walkable(yard, is_private_open=True)
    (False, True)
    """
    sort = kind(tags)
    if sort not in WALKABLE and sort not in FAST:
        return False
    if any(tags.get(key) == "yes" for key in ("abandoned", "disused", "construction")):
        return False
    doors = OPEN | PRIVATE if is_private_open else OPEN
    walls = SHUT if is_private_open else SHUT | PRIVATE
    foot = tags.get("foot")
    if foot in doors or foot in walls:
        return foot in doors
    if tags.get("access") in walls:
        return False
    if sort in FAST or tags.get("motorroad") == "yes":
        return any(tags.get(key, "no") in _SIDEWALKS for key in _SIDEWALK_KEYS)
    return True


_SIDEWALK_KEYS = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")


def is_area(tags: Mapping[str, str], *, is_closed: bool) -> bool:
    """True where the way is the edge of an area that people walk across, such as a square.

    Parameters
    ----------
    tags
        Tags of a walkable way or multipolygon.
    is_closed
        Whether it ends where it begins.

    Notes
    -----
    A closed way is a loop unless ``area=yes``; platforms and squares are areas unless ``area=no``. Stairs are never
    crossed but along their own line.

    References
    ----------
    https://wiki.openstreetmap.org/wiki/Key:area
    """
    if not is_closed or tags.get("area") == "no" or tags.get("highway") == "steps":
        return False
    return tags.get("area") == "yes" or ("highway" not in tags and kind(tags) in _SURFACES)


def is_stair(tags: Mapping[str, str]) -> bool:
    """True for a stair or escalator, unless it has a ramp for wheelchairs."""
    return tags.get("highway") == "steps" and tags.get("ramp:wheelchair") != "yes"


def is_off_ground(tags: Mapping[str, str]) -> bool:
    """True on a bridge and in a tunnel, where the height of the ground is not that of the way.

    Examples
    --------
    >>> [is_off_ground({"highway": "footway", **tags}) for tags in ({"bridge": "yes"}, {"tunnel": "building_passage"})]
    [True, False]
    """
    if tags.get("bridge", "") not in _NOTHING:
        return True
    return tags.get("tunnel", "") not in _NOTHING | {"building_passage"}


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
    for key in ("oneway:foot", "foot:oneway"):
        if (said := _SENSE.get(tags.get(key, ""))) is not None:
            return said
    return {"forward": _FORWARD, "backward": _BACKWARD}.get(tags.get("conveying", ""), _BOTH)


_SENSE = {"yes": _FORWARD, "1": _FORWARD, "-1": _BACKWARD, "reverse": _BACKWARD, "no": _BOTH}
