"""Makes a city of parsed tables and says what is wrong with them; nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from takecover.analysis import findings, notices, places
from takecover.analysis import people as people_of
from takecover.analysis import zones as zones_of
from takecover.analysis.islands import is_off_mainland, sizes
from takecover.analysis.notices import Notice
from takecover.analysis.origins import PlacedPeople
from takecover.analysis.parsed import ParsedDistricts, ParsedShelters, ParsedStreets
from takecover.analysis.people import People
from takecover.analysis.places import OFF_STREET, PlacedShelters, PublicCounts, Unplaced
from takecover.analysis.settle import Ground
from takecover.analysis.spread import is_pedestrian_town
from takecover.analysis.station_doors import MetroEntrances, join
from takecover.analysis.streets import area as area_of
from takecover.analysis.streets import lengths
from takecover.analysis.streets import network as network_of
from takecover.analysis.swap import judge
from takecover.errors import InputError
from takecover.model import check
from takecover.model.city import City, Source, Zones
from takecover.model.network import Network
from takecover.progress import Progress


@dataclass(frozen=True)
class Choices:
    """What the person who builds the city decides.

    Attributes
    ----------
    name
        Short name, fit for a folder.
    title, title_uk
        Name for a page, in English and Ukrainian.
    snap_limit_m
        Farthest that a shelter or an origin may lie from a street [m].
    step_free_share
        Share of people who need a step-free way, where the source does not say.
    entrance_radius_m
        Farthest that a metro entrance may lie from its station [m].
    least_floor_m2
        Houses with less floor for each person are told to be few [m2].
    is_swapped
        Whether the shelter list has latitude and longitude swapped; None to find out.
    """

    name: str
    title: str
    title_uk: str
    snap_limit_m: float
    step_free_share: float
    entrance_radius_m: float
    least_floor_m2: float
    is_swapped: bool | None = None


@dataclass(frozen=True, eq=False)
class BuildReport:
    """What was found on the way.

    Attributes
    ----------
    counts
        What was read, placed and left out, by name.
    findings
        What is wrong or doubtful, as sentences.
    unplaced
        Rows that are not in the city, with the reason.
    is_swapped
        True where latitude and longitude of the shelters were exchanged.
    """

    counts: Mapping[str, int]
    findings: tuple[str, ...]
    unplaced: tuple[Unplaced, ...] = field(repr=False)
    is_swapped: bool


def build(
    streets: ParsedStreets,
    shelters: ParsedShelters,
    people: People,
    choices: Choices,
    progress: Progress | None = None,
    *,
    districts: ParsedDistricts | None = None,
    entrances: MetroEntrances | None = None,
) -> tuple[City, BuildReport]:
    """Place shelters and people on the streets, and both in their districts.

    Parameters
    ----------
    streets, shelters
        Parsed tables.
    people
        Points with people, or a number of people to spread evenly along residential streets, by night; or what is
        known of each period.
    choices
        What the person decides.
    progress
        Told the stage and how far it is, 0 to 1.
    districts
        Outlines of districts; without them the city has none.
    entrances
        Entrances of metro stations, for the stations of the list.

    Returns
    -------
    City, BuildReport
        The city has passed the door of the model. The same rows in another order give the same city.

    Raises
    ------
    InputError
        If there is no walkable street, no shelter or no person in the area, or a rule of the model is broken.
    """
    tell = progress or (lambda stage, share: None)
    tell("ordering streets", 0.0)
    network, position = network_of(streets)
    area = area_of(check.network(network), choices.snap_limit_m)
    tell("placing shelters", 0.3)
    verdict = judge(shelters.lon, shelters.lat, area)
    is_swapped = verdict.is_beyond_doubt if choices.is_swapped is None else choices.is_swapped
    rows = replace(shelters, lon=shelters.lat, lat=shelters.lon) if is_swapped else shelters
    of_doors: tuple[str, ...] = ()
    if entrances is not None:
        doors, said = join(rows, entrances, choices.entrance_radius_m)
        rows, of_doors = replace(rows, doors=doors), (said,)
    placed = places.place(rows, network, area, choices.snap_limit_m)
    if len(placed.shelters) == 0:
        raise InputError(findings.no_shelter(len(shelters), verdict, is_swapped))
    tell("placing people", 0.6)
    known = people_of.periods_of(people)
    zones, of_zones = zones_of.zones(districts) if districts is not None else (zones_of.NONE, ())
    ground = Ground(streets, network, position, area, choices.snap_limit_m)
    settled, of_people = people_of.place(known, ground, zones, choices.step_free_share)
    tell("checking", 0.9)
    city = _in_zones(_city(choices, network, placed, settled, zones))
    counts = _counts(len(shelters), network, placed, settled) | _zone_counts(city, len(zones))
    of_people_told = people_of.told(
        known,
        is_pedestrian_town=is_pedestrian_town(streets, lengths(streets)),
        least_floor_m2=choices.least_floor_m2,
    )
    told = _notices(counts, placed.in_public, choices, of_people_told, is_swapped=is_swapped)
    sources = [*streets.sources, shelters.source, *people_of.sources(known)]
    sources += [extra.source for extra in (districts, entrances) if extra is not None]
    city = check.city(_labelled(city, tuple(sources), told))
    found = (
        *findings.of_swap(verdict, is_swapped, was_told=choices.is_swapped is not None),
        *findings.of_counts(counts, choices.snap_limit_m),
        *streets.findings,
        *shelters.findings,
        *of_doors,
        *people_of.findings(known),
        *of_people,
        *of_zones,
    )
    tell("built", 1.0)
    return city, BuildReport(counts, found, (*placed.unplaced, *settled.unplaced), is_swapped)


def _city(
    choices: Choices, network: Network, placed: PlacedShelters, settled: PlacedPeople, zones: Zones
) -> City:
    """The city without its sources and notices."""
    return City(
        name=choices.name,
        title=choices.title,
        title_uk=choices.title_uk,
        network=network,
        demand=settled.demand,
        shelters=placed.shelters,
        zones=zones,
        water=np.zeros(0, object),
        sources=(),
        notices=(),
        notices_uk=(),
        is_modelled=False,
        ages=settled.ages,
    )


def _in_zones(city: City) -> City:
    """The city with the district of every origin and shelter; districts that hold neither are left out."""
    demand, shelters = city.demand, city.shelters
    of_origins = zones_of.locate(city.zones, demand.lon, demand.lat)
    of_shelters = zones_of.locate(city.zones, shelters.lon, shelters.lat)
    # A district that holds nothing but withheld shelters would show the public that there are some.
    zones, position = zones_of.used(
        city.zones, np.concatenate([of_origins, of_shelters[~shelters.is_withheld]])
    )
    return replace(
        city,
        zones=zones,
        demand=replace(demand, zone_idx=position[of_origins]),
        shelters=replace(shelters, zone_idx=position[of_shelters]),
    )


def _labelled(city: City, sources: tuple[Source, ...], told: tuple[Notice, ...]) -> City:
    """The city with its sources and with what every output must say."""
    en, uk = tuple(notice.en for notice in told), tuple(notice.uk for notice in told)
    return replace(city, sources=sources, notices=en, notices_uk=uk)


def _zone_counts(city: City, read: int) -> dict[str, int]:
    """How much lies in no district, and districts in which nothing lies; 0 where there are none."""
    is_out = (city.demand.zone_idx < 0) & (read > 0)
    is_shelter_out = (city.shelters.zone_idx < 0) & (read > 0)
    return {
        "districts_read": read,
        "districts": len(city.zones),
        "districts_empty": read - len(city.zones),
        "people_in_no_district": int(city.demand.people[0, is_out].sum()),
        "shelters_in_no_district": int(is_shelter_out.sum()),
        "places_in_no_district": int(city.shelters.capacity[is_shelter_out].sum()),
    }


def _counts(read: int, network: Network, placed: PlacedShelters, settled: PlacedPeople) -> dict[str, int]:
    """Everything that is counted, by name."""
    shelters, demand = placed.shelters, settled.demand
    people = demand.people[0].sum(axis=1)
    is_off_street = demand.snap.segment_idx < 0
    is_island, islands = is_off_mainland(network), sizes(network)
    is_on_island = np.append(is_island, False)[demand.snap.segment_idx]
    doors = shelters.entrances
    on_mainland = np.bincount(doors.shelter_idx, ~is_island[doors.snap.segment_idx], len(shelters))
    is_shelter_on_island = on_mainland == 0
    reasons = Counter((row.subject, row.reason) for row in placed.unplaced)
    off_street = [row.amount for row in placed.unplaced if row.reason == OFF_STREET]
    return {
        "nodes": network.node_count,
        "segments": network.segment_count,
        "steps": int(network.is_steps.sum()),
        "islands": len(islands) - 1,
        "nodes_on_islands": sum(islands[1:]),
        "nodes_of_largest_island": islands[1] if len(islands) > 1 else 0,
        "shelters_read": read,
        "shelters_placed": len(shelters),
        "places_placed": int(shelters.capacity.sum()),
        "shelters_without_position": reasons["shelter", places.NO_POSITION],
        "shelters_outside_area": reasons["shelter", places.OUTSIDE],
        "shelters_off_street": len(off_street),
        "places_off_street": sum(off_street),
        "shelters_without_places": int((shelters.capacity == 0).sum()),
        "shelters_step_free_unknown": placed.unknown_step_free,
        "shelters_on_islands": int(is_shelter_on_island.sum()),
        "places_on_islands": int(shelters.capacity[is_shelter_on_island].sum()),
        "origins": len(demand),
        "people": int(people.sum()),
        "people_step_free": int(demand.people[0, :, 1].sum()),
        "people_off_street": int(people[is_off_street].sum()),
        "people_on_islands": int(people[is_on_island].sum()),
        "origins_outside_area": len(settled.unplaced),
        "people_outside_area": sum(row.amount for row in settled.unplaced),
        **settled.counts,
    }


def _notices(
    counts: Mapping[str, int],
    in_public: PublicCounts,
    choices: Choices,
    of_people: tuple[Notice, ...],
    *,
    is_swapped: bool,
) -> tuple[Notice, ...]:
    """What every output must say of this city; public ones too, so it counts no withheld shelter."""
    told = list(of_people)
    told.append(
        notices.doors_are_not_known(in_public.unknown_step_free, in_public.shelters, some=in_public.has_doors)
    )
    told.append(notices.step_free_is_a_share(choices.step_free_share))
    if is_swapped:
        told.append(notices.coordinates_were_swapped(in_public.rows))
    if in_public.off_street:
        lost = in_public.off_street, in_public.places_off_street
        told.append(notices.shelters_are_off_street(*lost, choices.snap_limit_m))
    if counts["people_off_street"]:
        told.append(notices.people_are_off_street(counts["people_off_street"], choices.snap_limit_m))
    return tuple(told)
