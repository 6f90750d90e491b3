"""The map: streets as one small picture; water, districts, people left outside and shelters as shapes over it."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from takecover.analysis.tally import tally
from takecover.kernels import geodesy
from takecover.model.city import City
from takecover.model.plan import Plan
from takecover.report.texts import THIN

WIDTH = 1000
"""Width of the map in its own units."""

STREETS_PX = 1500
"""Longest side of the picture of streets [px]."""

INK_LEVELS, DARKEST = 8, 170
"""Shades of the picture of streets (few make a small file), and how little the darkest lets through [of 255]."""

CELL_M = 300
"""Side of the squares in which people left outside are counted [m]."""

ROUND_COUNTS = (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)
"""Where a class of squares may begin [people]."""

ROUND_LENGTHS_M = (50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)
"""Lengths that a scale bar may have [m]."""

MANY_SHELTERS = 1500
SMALL_SPOT, LARGE_SPOT, SPOT_GROWTH = 0.8, 2.6, 5.0
"""Radius of the smallest shelter where there are many, where there are few, and how much the largest has more."""

PUBLIC_SPOT = 2.2
"""Radius of every shelter on the public map."""

PADDING = 0.02
"""Room around the streets, as a share of the longer side."""


@dataclass(frozen=True)
class Cells:
    """Squares of one class: from `low` to `high` people outside (None: no upper end)."""

    level: int
    low: int
    high: int | None
    path: str


@dataclass(frozen=True)
class Spot:
    """A shelter on the map, by its position in the city; its state is a class of the style sheet."""

    x: float
    y: float
    radius: float
    state: str
    title: str
    shelter_idx: int


@dataclass(frozen=True)
class Label:
    """The name of a district, in per cent of the map's width and height."""

    x_percent: float
    y_percent: float
    name: str
    name_uk: str


@dataclass(frozen=True)
class CityMap:
    """Everything that the template draws.

    Attributes
    ----------
    height
        Height in the units in which the width is `WIDTH`.
    streets_uri
        The picture of streets, as a data URI.
    water, outlines
        Paths of all water and of all district borders.
    labels
        Names of the districts.
    cells
        People left outside, class by class, lightest first.
    spots
        Shelters, largest first.
    scale_m, scale_percent
        Length of the scale bar [m] and its share of the width [%].
    """

    height: int
    streets_uri: str
    water: str
    outlines: str
    labels: tuple[Label, ...]
    cells: tuple[Cells, ...]
    spots: tuple[Spot, ...]
    scale_m: int
    scale_percent: float


def draw(city: City, plan: Plan) -> CityMap:
    """Lay out the map for planners.

    Parameters
    ----------
    city
        The city as planned.
    plan
        The plan; people whom it leaves outside are shown in squares, shelters by their load.
    """
    outside = tally(plan.costs.origin_idx, plan.unserved, len(city.demand))
    states = np.select([plan.load == 0, plan.load >= plan.capacity], ["idle", "full"], "room")
    names = np.where(city.shelters.names == "", city.shelters.shelter_ids, city.shelters.names)
    titles = [
        f"{name}: {load:,} / {capacity:,}".replace(",", THIN)
        for name, load, capacity in zip(names, plan.load.tolist(), plan.capacity.tolist(), strict=True)
    ]
    return _draw(city, outside, states, _radius(city.shelters.capacity), titles)


def draw_public(city: City, levels: Sequence[str]) -> CityMap:
    """Lay out the map for the public: no squares, and shelters all of one size.

    Parameters
    ----------
    city
        The city without its withheld shelters.
    levels
        How full each shelter is: ``plenty``, ``filling`` or ``full``.
    """
    nobody = np.zeros(len(city.demand), np.int64)
    same = np.full(len(city.shelters), PUBLIC_SPOT)
    return _draw(city, nobody, np.array(levels, dtype=object), same, city.shelters.names.tolist())


def _draw(
    city: City, outside: np.ndarray, states: np.ndarray, radius: np.ndarray, titles: Sequence[str]
) -> CityMap:
    """Everything on its place."""
    ground = _Ground.of(city)
    scale_m = max((m for m in ROUND_LENGTHS_M if m <= ground.width_m * 0.3), default=ROUND_LENGTHS_M[0])
    return CityMap(
        height=ground.height,
        streets_uri=_streets(city, ground),
        water=_paths(city.water, ground),
        outlines=_paths(city.zones.outlines, ground),
        labels=_labels(city, ground),
        cells=_cells(city, outside, ground),
        spots=_spots(city, ground, states, radius, titles),
        scale_m=scale_m,
        scale_percent=100 * scale_m / ground.width_m,
    )


@dataclass(frozen=True)
class _Ground:
    """The city's plane, and how it lies on the map: equal scale in both directions, north up."""

    lon0: float
    lat0: float
    west_m: float
    north_m: float
    width_m: float
    height_m: float

    @classmethod
    def of(cls, city: City) -> _Ground:
        lon, lat = (
            np.concatenate([a, b])
            for a, b in zip(*[(t.lon, t.lat) for t in (city.network, city.shelters)], strict=True)
        )
        lon0, lat0 = float((lon.min() + lon.max()) / 2), float((lat.min() + lat.max()) / 2)
        x_m, y_m = geodesy.to_plane(lon, lat, lon0, lat0)
        pad = max(float(np.ptp(x_m)), float(np.ptp(y_m)), 100.0) * PADDING
        # A city in one line still gets a map that is a third as high or wide as it is long.
        width, height = float(np.ptp(x_m)) + 2 * pad, float(np.ptp(y_m)) + 2 * pad
        more_x, more_y = max(height / 3 - width, 0.0) / 2, max(width / 3 - height, 0.0) / 2
        return cls(
            lon0,
            lat0,
            float(x_m.min()) - pad - more_x,
            float(y_m.max()) + pad + more_y,
            width + 2 * more_x,
            height + 2 * more_y,
        )

    @property
    def per_m(self) -> float:
        """Map units in a metre."""
        return WIDTH / self.width_m

    @property
    def height(self) -> int:
        """Height of the map in its units."""
        return math.ceil(self.height_m * self.per_m)

    def place(self, lon: Any, lat: Any) -> tuple[np.ndarray, np.ndarray]:
        """Map units east of the west edge and south of the north edge."""
        x_m, y_m = geodesy.to_plane(lon, lat, self.lon0, self.lat0)
        return (x_m - self.west_m) * self.per_m, (self.north_m - y_m) * self.per_m


def _streets(city: City, ground: _Ground) -> str:
    """A grey picture with a clear ground, drawn at twice its size and shrunk, so that lines are smooth."""
    from PIL import Image, ImageDraw

    network = city.network
    px = STREETS_PX / max(WIDTH, ground.height)
    size = (math.ceil(WIDTH * px), math.ceil(ground.height * px))
    ink = Image.new("L", (size[0] * 2, size[1] * 2), 0)
    pen = ImageDraw.Draw(ink)
    x, y = ground.place(network.lon, network.lat)
    ends = np.column_stack([v[i] * px * 2 for i in (network.tail, network.head) for v in (x, y)])
    for line in ends.tolist():
        pen.line(line, fill=255, width=2)
    alpha = np.asarray(ink.resize(size, Image.Resampling.BOX), np.uint8) // (256 // INK_LEVELS)
    indexed = Image.frombytes("P", size, alpha.tobytes())
    indexed.putpalette([128] * (3 * INK_LEVELS))
    clear = bytes(round(DARKEST * level / (INK_LEVELS - 1)) for level in range(INK_LEVELS))
    out = io.BytesIO()
    indexed.save(out, "PNG", transparency=clear, bits=4, compress_level=6)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode("ascii")


def _paths(shapes: Iterable[Any], ground: _Ground) -> str:
    """The rings of polygons as one SVG path; shapes that are None are left out."""
    rings = []
    for shape in shapes:
        if shape is None:
            continue
        for polygon in shapely.get_parts(shape):
            for ring in (polygon.exterior, *polygon.interiors):
                rings.append(_ring(ring, ground))
    return "".join(rings)


def _ring(ring: Any, ground: _Ground) -> str:
    """One closed ring, with points nearer than half a unit to their line left out."""
    x, y = ground.place(*shapely.get_coordinates(ring).T)
    line = shapely.get_coordinates(shapely.simplify(shapely.linestrings(np.column_stack([x, y])), 0.5))
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in line) + "Z"


def _labels(city: City, ground: _Ground) -> tuple[Label, ...]:
    """The name of each district that has an outline, at a point inside it."""
    labels = []
    for outline, name, name_uk in zip(
        city.zones.outlines, city.zones.names, city.zones.names_uk, strict=True
    ):
        if outline is None:
            continue
        point = shapely.get_coordinates(shapely.point_on_surface(outline))[0]
        x, y = ground.place(point[:1], point[1:])
        labels.append(
            Label(
                float(x[0]) * 100 / WIDTH,
                float(y[0]) * 100 / ground.height,
                str(name),
                str(name_uk) or str(name),
            )
        )
    return tuple(labels)


def _cells(city: City, outside: np.ndarray, ground: _Ground) -> tuple[Cells, ...]:
    """People left outside, summed in squares, in at most four classes of about equally many squares."""
    x_m, y_m = geodesy.to_plane(city.demand.lon, city.demand.lat, ground.lon0, ground.lat0)
    column = np.floor((x_m - ground.west_m) / CELL_M).astype(np.int64)
    row = np.floor((ground.north_m - y_m) / CELL_M).astype(np.int64)
    is_out = outside > 0
    if not is_out.any():
        return ()
    squares, which = np.unique(np.column_stack([row, column])[is_out], axis=0, return_inverse=True)
    people = np.bincount(which.ravel(), weights=outside[is_out]).astype(np.int64)
    starts = _class_starts(people)
    level = np.searchsorted(starts, people, side="right") - 1
    side = CELL_M * ground.per_m
    return tuple(
        Cells(
            level=i,
            low=start,
            high=starts[i + 1] - 1 if i + 1 < len(starts) else None,
            path="".join(
                f"M{c * side:.1f} {r * side:.1f}h{side:.1f}v{side:.1f}h-{side:.1f}z"
                for r, c in squares[level == i]
            ),
        )
        for i, start in enumerate(starts)
    )


def _class_starts(people: np.ndarray) -> list[int]:
    """First count of each class: 1, then round numbers near the quartiles."""
    quartiles = np.quantile(people, [0.25, 0.5, 0.75])
    distance = np.abs(np.log(np.array(ROUND_COUNTS)[:, np.newaxis] / quartiles))
    near = {ROUND_COUNTS[i] for i in distance.argmin(axis=0).tolist()}
    return [1, *sorted(start for start in near if start <= int(people.max()))]


def _radius(capacity: np.ndarray) -> np.ndarray:
    """Radius of each shelter: its area grows with its places."""
    least = SMALL_SPOT if len(capacity) > MANY_SHELTERS else LARGE_SPOT
    found: np.ndarray = least + SPOT_GROWTH * np.sqrt(capacity / max(int(capacity.max(initial=0)), 1))
    return found


def _spots(
    city: City, ground: _Ground, states: np.ndarray, radius: np.ndarray, titles: Sequence[str]
) -> tuple[Spot, ...]:
    """Shelters as circles, the largest first so that none is hidden."""
    x, y = ground.place(city.shelters.lon, city.shelters.lat)
    return tuple(
        Spot(float(x[i]), float(y[i]), float(radius[i]), str(states[i]), titles[i], i)
        for i in np.argsort(-radius, kind="stable").tolist()
    )
