"""The table of ages in the folder of a city: people of each origin by class of age, where a source knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import shapely

from takecover.errors import Faults
from takecover.io import geoparquet
from takecover.io.geoparquet import Field
from takecover.model.ages import AgeClass, Ages
from takecover.model.city import City

NAME = "ages.parquet"
"""Only a city that knows how old its people are has it; ``city.json`` names the classes."""


def write(city: City, folder: Path) -> None:
    """Write the ages of a city, where it knows them."""
    if city.ages is None:
        return
    demand = city.demand
    columns = {"origin_id": demand.origin_ids, "lon": demand.lon, "lat": demand.lat}
    for c, one in enumerate(city.ages.classes):
        columns[one.name] = city.ages.people[:, c]
    geoparquet.write(folder / NAME, columns, shapely.points(demand.lon, demand.lat))


def read(
    folder: Path,
    classes: Sequence[AgeClass],
    origins: Mapping[str, np.ndarray] | None,
    faults: Faults,
) -> Ages | None:
    """Read the ages of a city.

    Parameters
    ----------
    folder
        Folder of the city.
    classes
        Classes that ``city.json`` names; none where no ages are known.
    origins
        The table of origins, whose order the ages must have; None where it is broken itself.
    faults
        Takes everything that is wrong.

    Returns
    -------
    Ages or None
        None where no ages are known or anything is wrong.
    """
    if not classes:
        return None
    fields = (Field("origin_id", "text"), *(Field(one.name, "int") for one in classes))
    rows = geoparquet.read(folder / NAME, fields, faults)
    if rows is None or origins is None:
        return None
    if not np.array_equal(rows["origin_id"], origins["origin_id"]):
        faults.add(
            f"{NAME}: has other origins than origins.parquet, or in another order. Build the city again."
        )
        return None
    return Ages(tuple(classes), np.column_stack([rows[one.name] for one in classes]))
