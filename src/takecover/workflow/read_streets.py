"""Reads the streets of a city, with heights where a map of them is given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from takecover.analysis import climb
from takecover.analysis.parsed import ParsedStreets
from takecover.analysis.streets import lengths, refuse_none
from takecover.io import elevation, streets_file
from takecover.progress import Progress
from takecover.workflow import fetched


def read_streets(
    path: Path,
    progress: Progress | None = None,
    heights: Path | None = None,
    *,
    is_private_open: bool = False,
) -> ParsedStreets:
    """Read walkable streets and how far they climb; those of a fetched file in the area that it was fetched for.

    Parameters
    ----------
    path
        Streets, in any form that `io.streets_file` reads.
    progress
        Told the stage and how far it is, 0 to 1.
    heights
        GeoTIFF with heights of the ground; None where there is none.
    is_private_open
        True to let people onto private ways.

    Raises
    ------
    SourceError
        If a file is not there or cannot be read.
    InputError
        If a file is broken or without a walkable street, or the heights are of another place.
    """
    within = fetched.area(path)
    streets = streets_file.read(path, progress, is_private_open=is_private_open, within=within)
    refuse_none(streets)
    if heights is None:
        return streets
    height_m = elevation.sample(heights, streets.lon, streets.lat, progress)
    streets = replace(streets, height_m=height_m, height_source=elevation.source(heights))
    told = []
    if without := int(np.isnan(height_m).sum()):
        told.append(
            f"Heights: {without:,} of {len(height_m):,} nodes have none; streets there are walked as level."
        )
    if steep := climb.steep(streets, lengths(streets)):
        told.append(
            f"Heights: {steep:,} segments rise more than they are long; the map is wrong or coarse there."
        )
    return replace(streets, findings=(*streets.findings, *told))
