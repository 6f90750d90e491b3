"""Outlines: mended where it is safe, refused where it is not, compared, and points found in them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis import polygons

SQUARE = shapely.box(0, 0, 1, 1)


def ring(odd: float) -> shapely.Geometry:
    """A triangle with an odd longitude."""
    with np.errstate(invalid="ignore"):
        return shapely.polygons([[0.0, 0.0], [1.0, 0.0], [odd, 1.0], [0.0, 0.0]])


def shapes(*items: object) -> np.ndarray:
    table = np.empty(len(items), object)
    table[:] = items
    return table


def test_a_sound_outline_stays_as_it_is() -> None:
    mended = polygons.mend(shapes(SQUARE))
    assert mended.shapes[0] is SQUARE
    assert not mended.is_mended.any()
    assert mended.faults.tolist() == [""]


def test_a_slip_at_the_edge_is_mended() -> None:
    slip = shapely.from_wkt("POLYGON ((0 0, 10 0, 10 10, 5 10, 5.01 10.01, 4.99 10.01, 5 10, 0 10, 0 0))")
    assert not slip.is_valid
    mended = polygons.mend(shapes(slip))
    assert mended.is_mended.all()
    assert mended.shapes[0].is_valid
    assert mended.shapes[0].area == pytest.approx(slip.area, rel=0.01)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (shapely.from_wkt("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"), "crosses itself so that nobody can tell"),
        (None, "has no shape"),
        (shapely.Polygon(), "has no shape"),
        (shapely.Point(1, 1), "is no polygon"),
        (shapely.LineString([(0, 0), (1, 1)]), "is no polygon"),
        (shapely.box(100, 0, 200, 1), "is not on Earth"),
        (ring(np.nan), "is not on Earth"),
        (ring(np.inf), "is not on Earth"),
        (shapely.from_wkt("POLYGON ((0 0, 1 1, 2 2, 0 0))"), "crosses itself"),
    ],
)
def test_what_cannot_be_mended_is_said(shape: shapely.Geometry | None, said: str) -> None:
    mended = polygons.mend(shapes(SQUARE, shape))
    assert mended.faults[0] == ""
    assert said in mended.faults[1]


def test_a_hole_stays_a_hole() -> None:
    ring = SQUARE - shapely.box(0.4, 0.4, 0.6, 0.6)
    assert polygons.locate(
        polygons.mend(shapes(ring)).shapes, np.array([0.5, 0.1]), np.array([0.5, 0.1])
    ).tolist() == [-1, 0]


def test_a_pens_width_is_no_overlap_and_a_strip_is() -> None:
    touching, thin, strip = shapely.box(1, 0, 2, 1), shapely.box(0.999, 2, 2, 3), shapely.box(0.9, 0, 2, 1)
    assert polygons.overlaps(shapes(SQUARE, touching, thin)) == []
    assert polygons.overlaps(shapes(SQUARE, strip)) == [(0, 1)]


def test_a_point_in_two_outlines_is_in_the_first() -> None:
    table = shapes(shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3))
    found = polygons.locate(table, np.array([0.5, 1.5, 2.5, 9.0, 3.0]), np.array([0.5, 1.5, 2.5, 9.0, 3.0]))
    assert found.tolist() == [0, 0, 1, -1, 1]


def test_nothing_is_in_nothing() -> None:
    assert polygons.locate(shapes(), np.array([1.0]), np.array([1.0])).tolist() == [-1]
    assert polygons.locate(shapes(SQUARE), np.zeros(0), np.zeros(0)).tolist() == []


places = st.lists(st.tuples(st.floats(0, 4), st.floats(0, 4)), min_size=1, max_size=30)


@given(places)
def test_a_point_is_where_asking_each_outline_says_it_is(at: list[tuple[float, float]]) -> None:
    table = shapes(
        shapely.box(0, 0, 2, 2),
        shapely.box(1, 1, 3, 3),
        shapely.box(3, 0, 4, 1) - shapely.box(3.2, 0.2, 3.4, 0.4),
    )
    lon, lat = np.array(at).T
    by_hand = [next((k for k, s in enumerate(table) if s.intersects(shapely.Point(p))), -1) for p in at]
    assert polygons.locate(table, lon, lat).tolist() == by_hand
