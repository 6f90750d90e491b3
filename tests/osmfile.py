"""Writes small data of OpenStreetMap in every form that there is, for the tests of what reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Element = dict[str, Any]


def node(osm_id: int, lon: float, lat: float, **tags: str) -> Element:
    """A point; a tag's colon is written as two underscores."""
    return {"type": "node", "id": osm_id, "lon": lon, "lat": lat, "tags": _tags(tags)}


def way(osm_id: int, nodes: Sequence[int], **tags: str) -> Element:
    """A line."""
    return {"type": "way", "id": osm_id, "nodes": list(nodes), "tags": _tags(tags)}


def relation(osm_id: int, members: Sequence[tuple[str, int, str]], **tags: str) -> Element:
    """A set of others: kind, id and role of each."""
    parts = [{"type": kind, "ref": ref, "role": role} for kind, ref, role in members]
    return {"type": "relation", "id": osm_id, "members": parts, "tags": _tags(tags)}


def _tags(tags: dict[str, str]) -> dict[str, str]:
    return {name.replace("__", ":"): value for name, value in tags.items()}


def write(path: Path, elements: Sequence[Element]) -> Path:
    """The elements in a file whose form its name says: ``.json`` (Overpass), ``.osm.pbf`` and others."""
    if path.suffix == ".json":
        path.write_text(json.dumps({"elements": list(elements)}), encoding="utf-8")
        return path
    import osmium

    order = {"node": 0, "way": 1, "relation": 2}
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for e in sorted(elements, key=lambda e: (order[e["type"]], e["id"])):
            if e["type"] == "node":
                place = (e["lon"], e["lat"])
                writer.add_node(osmium.osm.mutable.Node(id=e["id"], location=place, tags=e["tags"]))
            elif e["type"] == "way":
                writer.add_way(osmium.osm.mutable.Way(id=e["id"], nodes=e["nodes"], tags=e["tags"]))
            else:
                members = [(m["type"][0], m["ref"], m["role"]) for m in e["members"]]
                writer.add_relation(osmium.osm.mutable.Relation(id=e["id"], members=members, tags=e["tags"]))
    return path


def everything(path: Path) -> list[Element]:
    """Every element of a file, read by osmium."""
    import osmium

    found = []
    for e in osmium.FileProcessor(str(path)):
        tags = {t.k: t.v for t in e.tags}
        if e.is_node():
            found.append(
                {"type": "node", "id": e.id, "lon": e.location.lon, "lat": e.location.lat, "tags": tags}
            )
        elif e.is_way():
            found.append({"type": "way", "id": e.id, "nodes": [n.ref for n in e.nodes], "tags": tags})
        else:
            names = {"n": "node", "w": "way", "r": "relation"}
            members = [(names[m.type], m.ref, m.role) for m in e.members]
            found.append(relation(e.id, members) | {"tags": tags})
    return found
