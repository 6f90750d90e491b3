"""Knows where Kontur keeps its hexagons of people."""

from __future__ import annotations

from takecover.errors import InputError
from takecover.feeds.courier import Wanted

URL = "https://geodata-eu-central-1-kontur-public.s3.amazonaws.com"

EDITION = "20231101"
"""Date of the last edition that is known to be there, as the files' names have it."""

MOST_BYTES = 1_000_000_000
LICENCE = "CC BY 4.0"


def hexagons(url: str, country: str, edition: str = EDITION) -> Wanted:
    """The order for the hexagons of a country: a GeoPackage in gzip.

    Parameters
    ----------
    url
        Address of the service.
    country
        ISO 3166 code of two letters.
    edition
        Date of the edition, YYYYMMDD.

    Raises
    ------
    InputError
        If the date or the code is none.

    Examples
    --------
    >>> hexagons(URL, "UA").url.rsplit("/", 1)[1]
    'kontur_population_UA_20231101.gpkg.gz'
    """
    if not (edition.isascii() and edition.isdigit() and len(edition) == 8):
        raise InputError(f"--edition: {edition!a:.30} is no date. Give YYYYMMDD, such as {EDITION}.")
    if not (country.isascii() and country.isalpha() and len(country) == 2):
        raise InputError(
            f"the country's code {country!a:.30} is not two letters. Give --country, such as UA."
        )
    name = f"kontur_population_{country.upper()}_{edition}.gpkg.gz"
    return Wanted(f"{url}/kontur_datasets/{name}", (b"\x1f\x8b",), MOST_BYTES)
