"""What is wrong or doubtful in the tables of a city, in sentences for the person who builds it."""

from __future__ import annotations

from collections.abc import Mapping

from takecover.analysis.swap import Verdict


def of_swap(verdict: Verdict, is_swapped: bool, *, was_told: bool) -> tuple[str, ...]:
    """What is to be said of swapped coordinates; nothing where all is well."""
    evidence = (
        f"of {verdict.rows:,} rows, {verdict.inside_as_given:,} lie in the area of the streets as given "
        f"and {verdict.inside_swapped:,} with latitude and longitude exchanged"
    )
    if is_swapped:
        why = "as told" if was_told else "beyond doubt"
        return (f"Shelters: latitude and longitude are swapped: {evidence}. Put right ({why}).",)
    if not verdict.is_suspected:
        return ()
    if was_told:
        return (f"Shelters: latitude and longitude look swapped: {evidence}. Left as they are, as told.",)
    remedy = "Left as they are; build with --swap-lat-lon to put them right"
    return (f"Shelters: latitude and longitude look swapped: {evidence}. {remedy}.",)


def no_shelter(rows: int, verdict: Verdict, is_swapped: bool) -> str:
    """What to say where not one shelter is left."""
    text = (
        f"shelters: none of {rows:,} rows lies at a street of this city ({verdict.rows:,} have a position)."
    )
    if not is_swapped and verdict.inside_swapped:
        found = f"{verdict.inside_swapped:,} do with latitude and longitude exchanged"
        return f"{text} {found}: build with --swap-lat-lon."
    return f"{text} Give the shelters and the streets of one city, in degrees of WGS84."


def of_counts(counts: Mapping[str, int], limit_m: float) -> tuple[str, ...]:
    """One sentence for each kind of row that is left out, unreachable or of no use."""
    found = {name: f"{count:,}" for name, count in counts.items()}
    found["limit"] = f"{limit_m:g}"
    return tuple(text.format_map(found) for name, text in _SENTENCES.items() if counts.get(name))


_SENTENCES = {
    "islands": "Streets: {islands} pieces with {nodes_on_islands} nodes are joined to the rest by no way; the largest "
    "has {nodes_of_largest_island}.",
    "shelters_without_position": "Shelters: {shelters_without_position} of {shelters_read} rows have no position; "
    "listed in unplaced.parquet.",
    "shelters_outside_area": "Shelters: {shelters_outside_area} of {shelters_read} rows lie outside the area of the "
    "streets; listed in unplaced.parquet.",
    "shelters_off_street": "Shelters: {shelters_off_street} with {places_off_street} places lie more than {limit} m "
    "from every street; listed in unplaced.parquet.",
    "shelters_without_places": "Shelters: {shelters_without_places} have 0 places.",
    "shelters_on_islands": "Shelters: {shelters_on_islands} with {places_on_islands} places stand on streets that no "
    "way joins to the rest.",
    "shelters_step_free_unknown": "Shelters: whether a wheelchair gets in is not known for "
    "{shelters_step_free_unknown} of {shelters_placed}; taken as yes.",
    "people_off_street": "People: {people_off_street} are more than {limit} m from every street: out of reach.",
    "people_on_islands": "People: {people_on_islands} live on streets that no way joins to the rest.",
    "origins_outside_area": "People: {origins_outside_area} rows with {people_outside_area} people lie outside the "
    "area of the streets; listed in unplaced.parquet.",
    "areas_cut": "People: the edge of the streets cuts {areas_cut} areas; of their people as many are left out as "
    "their part outside makes up, listed in unplaced.parquet.",
    "areas_without_sites": "People: {areas_without_sites} of {areas_with_people} areas with people have no house and "
    "no street inside; their {people_at_middles} people stand at a point in their middle.",
    "houses_in_no_area": "People: {houses_in_no_area} houses lie in no area with people; nobody was put there.",
    "districts_empty": "Districts: {districts_empty} of {districts_read} hold neither people nor shelters of this "
    "city; left out.",
    "people_in_no_district": "Districts: {people_in_no_district} people are in none of the {districts_read}.",
    "shelters_in_no_district": "Districts: {shelters_in_no_district} shelters with {places_in_no_district} places are "
    "in none of the {districts_read}.",
}
