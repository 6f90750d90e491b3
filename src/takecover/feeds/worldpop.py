"""Finds the newest grid of people of a country at WorldPop."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from takecover.errors import InputError, SourceError
from takecover.feeds.courier import Courier, Wanted

URL = "https://www.worldpop.org"

SET = "cic2020_UNadj_100m"
"""People within 100 m, placed only where buildings stand, adjusted to the United Nations' totals; of 2020."""

MOST_BYTES = 3_000_000_000
LARGEST_LIST_BYTES = 5_000_000
LICENCE = "CC BY 4.0"
_OLD, _NEW = "ftp://ftp.worldpop.org.uk", "https://data.worldpop.org"


class Grid(NamedTuple):
    """A grid of people: the order for it, and its year."""

    wanted: Wanted
    year: str


def grid(courier: Courier, url: str, country: str, data_set: str = SET) -> Grid:
    """The order for the newest grid of a country.

    Parameters
    ----------
    courier
        Asks the service.
    url, data_set
        Address of the service, and which of its sets.
    country
        ISO 3166 code of three letters.

    Raises
    ------
    SourceError
        If the service cannot be reached or answers with something else.
    InputError
        If it has no grid of the country.
    """
    address = f"{url}/rest/data/pop/{data_set}?iso3={country}"
    try:
        rows = json.loads(courier.text(address, LARGEST_LIST_BYTES))["data"]
        found = [grid for row in rows if (grid := _grid(row)) is not None]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SourceError(f"{address}: is no list of WorldPop ({error!s:.80}). Check the address.") from error
    if not found:
        raise InputError(
            f"WorldPop has no grid of {country} in {data_set}. Give another --country or --people-from kontur."
        )
    return max(found, key=lambda one: one.year)


def _grid(row: Any) -> Grid | None:
    """The grid of a row of the list; None where it has no GeoTIFF."""
    files = row.get("files") if isinstance(row, dict) else None
    if not isinstance(files, list):
        return None
    tiffs = [str(f).replace(_OLD, _NEW) for f in files if str(f).lower().endswith((".tif", ".tiff"))]
    if not tiffs or not tiffs[0].startswith(("http://", "https://")):
        return None
    year = str(row.get("popyear", ""))
    return Grid(
        Wanted(tiffs[0], (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), MOST_BYTES),
        year if year.isdigit() and len(year) == 4 else "",
    )
