"""The rules that look at where a row lies, and at rows that are one place twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import shapely

from takecover.analysis import spelling, streets
from takecover.analysis.register import Register
from takecover.analysis.remarks import DOUBTFUL, GAP, WHOLE_LIST, WRONG, Remark, Rule
from takecover.analysis.surroundings import Surroundings, nearest_m, plane, zone_of

FEW_SHELTERS = 5
"""A district of fewer shelters may well have one holder."""

FAR_APART_M = 300.0
"""Two rows of one address that lie farther apart are two places, and one of them is misplaced or misnamed."""


def no_position(register: Register, around: Surroundings) -> Iterator[Remark]:
    """It has no coordinates."""
    for row in np.flatnonzero(np.isnan(register.shelters.lon)).tolist():
        yield Remark(row, "no_position", {})


def outside_city(register: Register, around: Surroundings) -> Iterator[Remark]:
    """It lies outside every district; where there are none, outside the box of what is known of the city."""
    rows = register.shelters
    has_point = np.isfinite(rows.lon)
    if around.zones is not None and len(around.zones):
        is_in = zone_of(around.zones, rows.lon, rows.lat) >= 0
    elif around.area is not None:
        is_in = around.area.holds(rows.lon, rows.lat)
    else:
        return
    for row in np.flatnonzero(has_point & ~is_in).tolist():
        yield Remark(row, "outside_city", {"lon": float(rows.lon[row]), "lat": float(rows.lat[row])})


def off_street(register: Register, around: Surroundings) -> Iterator[Remark]:
    """It lies where the streets are, and far from every one."""
    rows = register.shelters
    points = around.snapped(rows.lon, rows.lat)
    if points is None or around.network is None:
        return
    is_in = streets.area(around.network, around.radii.street_m).holds(rows.lon, rows.lat)
    for row in np.flatnonzero(is_in & (points.offset_m > around.radii.street_m)).tolist():
        yield Remark(
            row, "off_street", {"distance": float(points.offset_m[row]), "limit": around.radii.street_m}
        )


def on_island(register: Register, around: Surroundings) -> Iterator[Remark]:
    """It stands at streets that no way joins to the rest."""
    points = around.snapped(register.shelters.lon, register.shelters.lat)
    if points is not None:
        for row in np.flatnonzero(around.is_on_island(points)).tolist():
            yield Remark(row, "on_island", {})


def in_water(register: Register, around: Surroundings) -> Iterator[Remark]:
    """It lies in the river or another water."""
    rows = register.shelters
    has_point = np.flatnonzero(np.isfinite(rows.lon))
    if around.water is not None and len(around.water) and has_point.size:
        tree = shapely.STRtree(around.water)
        hit, _ = tree.query(shapely.points(rows.lon[has_point], rows.lat[has_point]), predicate="within")
        for row in np.unique(has_point[hit]).tolist():
            yield Remark(int(row), "in_water", {})


def far_from_homes(register: Register, around: Surroundings) -> Iterator[Remark]:
    """It lies in the city and far from every building with people: a slip of its coordinates, or of no use at night."""
    rows = register.shelters
    if around.homes is None or around.area is None:
        return
    own, homes = plane(rows.lon, rows.lat, around.homes)
    distance = nearest_m(own, homes)
    is_in = around.area.holds(rows.lon, rows.lat)
    with np.errstate(invalid="ignore"):
        is_far = is_in & (distance > around.radii.home_m)
    for row in np.flatnonzero(is_far).tolist():
        yield Remark(row, "far_from_homes", {"distance": float(distance[row]), "limit": around.radii.home_m})


def district_differs(register: Register, around: Surroundings) -> Iterator[Remark]:
    """It lies in another district than its row says."""
    if around.zones is None:
        return
    zone_idx = zone_of(around.zones, register.shelters.lon, register.shelters.lat)
    names = _zone_keys(around)
    for row in np.flatnonzero((zone_idx >= 0) & (register.districts != "")).tolist():
        said = zone_keys(str(register.districts[row]))
        if any(said == key for keys in names for key in keys) and said not in names[zone_idx[row]]:
            here = str(around.zones.names[zone_idx[row]])
            yield Remark(row, "district_differs", {"said": str(register.districts[row]), "here": here})


def district_unknown(register: Register, around: Surroundings) -> Iterator[Remark]:
    """Its row names no district of the city."""
    if around.zones is None:
        return
    known = {key for keys in _zone_keys(around) for key in keys}
    for row, said in enumerate(register.districts.tolist()):
        if said and zone_keys(said) not in known:
            yield Remark(row, "district_unknown", {"said": said})


def district_missing(register: Register, around: Surroundings) -> Iterator[Remark]:
    """Its district is not stated."""
    for row in np.flatnonzero(register.districts == "").tolist():
        yield Remark(row, "district_missing", {})


_DISTRICT_WORDS = ("raion", "raon", "district", "borough", "bydel", "stadsdel", "dzielnica", "linnaosa")


def zone_keys(name: str) -> str:
    """A district's name without the word for district."""
    return " ".join(word for word in spelling.key(name)[0].split() if word not in _DISTRICT_WORDS)


def _zone_keys(around: Surroundings) -> list[set[str]]:
    """Spellings of each district's names, with and without the word for district."""
    if around.zones is None:
        return []
    pairs = zip(around.zones.names.tolist(), around.zones.names_uk.tolist(), strict=True)
    return [
        {key for name in pair if name for key in (zone_keys(name), spelling.key(name)[0])} for pair in pairs
    ]


def duplicate_place(register: Register, around: Surroundings) -> Iterator[Remark]:
    """The same kind of shelter stands twice at one address, under the same or another spelling of it, or an old one."""
    keys = [spelling.key(text) for text in register.addresses.tolist()]
    old = [spelling.key(text) for text in register.former_addresses.tolist()]
    blocks: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for row, ((words, number), (old_words, old_number)) in enumerate(zip(keys, old, strict=True)):
        district = str(register.districts[row])
        if words and number:
            blocks[district, number].append((row, words))
        if old_words and old_number and (old_words, old_number) != (words, number):
            blocks[district, old_number].append((row, old_words))
    own = plane(register.shelters.lon, register.shelters.lat)[0]
    first: dict[int, int] = {}
    for block in blocks.values():
        for at, (row, words) in enumerate(block):
            for other, other_words in block[:at]:
                is_one = other != row and spelling.is_near(words, other_words)
                if is_one and _is_same(register, own, row, other):
                    first.setdefault(max(row, other), min(row, other))
    for row, other in sorted(first.items()):
        yield Remark(row, "duplicate_place", {"other": other, "address": str(register.addresses[other])})


def _is_same(register: Register, own: np.ndarray, row: int, other: int) -> bool:
    """True where two rows of one address do not say that they are two places."""
    shelters = register.shelters
    if shelters.kinds[row] != shelters.kinds[other] or register.kinds_said[row] != register.kinds_said[other]:
        return False
    both_given = min(shelters.capacity[row], shelters.capacity[other]) > 0
    if both_given and shelters.capacity[row] != shelters.capacity[other]:
        return False
    apart = float(np.hypot(*(own[row] - own[other])))
    return not apart > FAR_APART_M


def near_in_space(register: Register, around: Surroundings) -> Iterator[Remark]:
    """Two rows lie so near that they look like one place, and their names do not tell them apart."""
    shelters = register.shelters
    own = plane(shelters.lon, shelters.lat)[0]
    has_point = np.flatnonzero(np.isfinite(own).all(axis=1))
    if has_point.size < 2:
        return
    tree = shapely.STRtree(shapely.points(own[has_point]))
    near = tree.query(shapely.points(own[has_point]), predicate="dwithin", distance=around.radii.duplicate_m)
    pairs = [(int(has_point[a]), int(has_point[b])) for a, b in near.T.tolist() if a > b]
    told: set[int] = set()
    for row, other in sorted(pairs):
        words, number = spelling.key(str(shelters.names[row]))
        other_words, other_number = spelling.key(str(shelters.names[other]))
        alike = number == other_number and spelling.is_near(words, other_words)
        if alike and shelters.kinds[row] == shelters.kinds[other] and row not in told:
            told.add(row)
            apart = float(np.hypot(*(own[row] - own[other])))
            yield Remark(row, "near_in_space", {"other": other, "distance": apart})


def same_point(register: Register, around: Surroundings) -> Iterator[Remark]:
    """Rows of different addresses share one point to the last digit."""
    shelters = register.shelters
    first: dict[tuple[float, float], int] = {}
    for row in np.flatnonzero(np.isfinite(shelters.lon)).tolist():
        point = (float(shelters.lon[row]), float(shelters.lat[row]))
        other = first.setdefault(point, row)
        if other != row and spelling.key(str(shelters.names[row])) != spelling.key(
            str(shelters.names[other])
        ):
            yield Remark(row, "same_point", {"other": other})


def station_without_entrance(register: Register, around: Surroundings) -> Iterator[Remark]:
    """A metro station of the register has no entrance among those that are known, by name or by distance."""
    if around.entrances is None:
        return
    shelters = register.shelters
    names = {spelling.key(name)[0] for name in around.entrances.names.tolist() if name}
    own, doors = plane(shelters.lon, shelters.lat, around.entrances)
    distance = nearest_m(own, doors)
    for row in np.flatnonzero(shelters.kinds == "metro_station").tolist():
        said = (
            f" {spelling.key(str(register.addresses[row]))[0]} {spelling.key(str(shelters.names[row]))[0]} "
        )
        is_named = any(f" {name} " in said for name in names if name)
        if not is_named and not distance[row] <= around.radii.entrance_m:
            yield Remark(row, "station_without_entrance", {"address": str(register.addresses[row])})


def station_missing(register: Register, around: Surroundings) -> Iterator[Remark]:
    """A station with known entrances stands in no row."""
    if around.entrances is None:
        return
    is_metro = register.shelters.kinds == "metro_station"
    said = " | ".join(
        spelling.key(f"{a} {b}")[0]
        for a, b in zip(
            register.addresses[is_metro].tolist(), register.shelters.names[is_metro].tolist(), strict=True
        )
    )
    names = around.entrances.names.tolist()
    for name in sorted({name for name in names if name}):
        if f" {spelling.key(name)[0]} " not in f" {said} ".replace("|", " "):
            yield Remark(WHOLE_LIST, "station_missing", {"station": name, "entrances": names.count(name)})


def one_holder(register: Register, around: Surroundings) -> Iterator[Remark]:
    """All shelters of a district are in one holder's hand; the holder is not named."""
    for district in sorted(set(register.districts.tolist()) - {""}):
        rows = register.districts == district
        holders = set(register.holder_idx[rows].tolist())
        if int(rows.sum()) >= FEW_SHELTERS and len(holders) == 1 and -1 not in holders:
            yield Remark(WHOLE_LIST, "one_holder", {"district": district, "rows": int(rows.sum())})


def district_empty(register: Register, around: Surroundings) -> Iterator[Remark]:
    """A district of the city has not one row."""
    if around.zones is None:
        return
    said = {zone_keys(name) for name in register.districts.tolist() if name}
    lies_in = set(zone_of(around.zones, register.shelters.lon, register.shelters.lat).tolist())
    for idx, keys in enumerate(_zone_keys(around)):
        if idx not in lies_in and not keys & said:
            yield Remark(WHOLE_LIST, "district_empty", {"district": str(around.zones.names[idx])})


RULES = (
    Rule("no_position", GAP, "lat", ("positions",), no_position),
    Rule("outside_city", DOUBTFUL, "lat", ("positions", "area"), outside_city),
    Rule("off_street", WRONG, "lat", ("positions", "streets"), off_street),
    Rule("on_island", DOUBTFUL, "lat", ("positions", "streets"), on_island),
    Rule("in_water", WRONG, "lat", ("positions", "water"), in_water),
    Rule("far_from_homes", DOUBTFUL, "lat", ("positions", "homes"), far_from_homes),
    Rule("district_differs", WRONG, "district", ("positions", "districts", "district"), district_differs),
    Rule("district_unknown", WRONG, "district", ("districts", "district"), district_unknown),
    Rule("district_missing", GAP, "district", ("district",), district_missing),
    Rule("duplicate_place", WRONG, "address", ("address",), duplicate_place),
    Rule("near_in_space", DOUBTFUL, "address", ("positions",), near_in_space),
    Rule("same_point", WRONG, "lat", ("positions",), same_point),
    Rule("station_without_entrance", WRONG, "address", ("kind", "stations"), station_without_entrance),
    Rule("station_missing", DOUBTFUL, "", ("kind", "stations"), station_missing),
    Rule("one_holder", DOUBTFUL, "holder", ("holder", "district"), one_holder),
    Rule("district_empty", DOUBTFUL, "", ("districts",), district_empty),
)
"""Every rule of places, in the order in which a report tells them."""
