"""The map's files: the city's own streets, water, districts and public shelters; withheld ones are in none of them."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response

from takecover.server.accepting import takes_gzip
from takecover.server.asked import TheSite
from takecover.workflow.live.mapping import CityMap, MapFile

router = APIRouter()
BASE = "/api/v1/map"
INDEX_S = 300
"""How long the list of files may be kept [s]; the files themselves are kept for ever, by their names."""

GEOJSON = "application/geo+json"


@router.get(
    f"{BASE}/city.json", responses={200: {"content": {"application/json": {}}}}, response_class=Response
)
async def index(site: TheSite) -> Response:
    """What a page has to know first to draw the city: title, extent, districts, attributions, and the layers."""
    content = await asyncio.to_thread(site.public_map.index)
    headers = {"Cache-Control": f"public, max-age={INDEX_S}"}
    return Response(content, media_type="application/json", headers=headers)


@router.get(f"{BASE}/{{name}}", responses={200: {"content": {GEOJSON: {}}}}, response_class=Response)
async def layer(
    request: Request,
    site: TheSite,
    name: Annotated[str, Path(max_length=100, description="As city.json names it.")],
) -> Response:
    """One layer as GeoJSON, by the name that `city.json` gives; a name never gets another content."""
    return await given_out(request, site.public_map, name, "public, max-age=31536000, immutable")


async def given_out(request: Request, city_map: CityMap, name: str, keeping: str) -> Response:
    """A file of a map, packed for those who can unpack it.

    Parameters
    ----------
    request
        Says whether it can.
    city_map
        The map.
    name
        Name of the file.
    keeping
        Who may keep it, for how long.

    Raises
    ------
    HTTPException
        404 where there is none of that name.
    """
    found: MapFile | None = await asyncio.to_thread(city_map.file, name)
    if found is None:
        raise HTTPException(404, f"There is no such layer. {BASE}/city.json names those that there are.")
    headers = {"Cache-Control": keeping, "Vary": "Accept-Encoding"}
    if takes_gzip(request.headers.get("accept-encoding", "")):
        return Response(found.packed, media_type=GEOJSON, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.plain, media_type=GEOJSON, headers=headers)
