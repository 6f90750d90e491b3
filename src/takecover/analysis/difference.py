"""Two plans side by side, from their ``plan.json``: what changes, in people, and where.

Never calls one of them better: two scenarios, or two cities, are compared as they are, and labelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from takecover.analysis.figures import FORMAT, REASONS
from takecover.errors import Faults

_TEXTS = ("city.name", "city.title", "city.title_uk", "scenario.name", "scenario.dated")
_FIGURES = (
    "people",
    "under_cover",
    "unserved",
    *(f"unserved_by_reason.{name}" for name in REASONS),
    "scramble.under_cover",
    "scramble.unserved",
    "gain",
)
_DISTRICT_FIGURES = (
    "people",
    "under_cover",
    "unserved",
    *REASONS,
    "scramble_under_cover",
    "capacity",
    "load",
)


@dataclass(frozen=True)
class Label:
    """Which plan it is.

    Attributes
    ----------
    city, title, title_uk
        Short name of the city, and its name for a page.
    scenario, dated
        Name of the scenario and date of its assumptions.
    time_limit_s
        Time limit of the plan [s].
    """

    city: str
    title: str
    title_uk: str
    scenario: str
    dated: str
    time_limit_s: int


@dataclass(frozen=True)
class Change:
    """One figure in both plans [people].

    Attributes
    ----------
    figure
        Where the figure stands in ``plan.json``: ``under_cover``, ``scramble.under_cover``.
    first, second
        People in each plan; None where the district is not in it.
    """

    figure: str
    first: int | None
    second: int | None

    @property
    def change(self) -> int | None:
        """Second less first; None where one of them is missing."""
        return None if self.first is None or self.second is None else self.second - self.first


@dataclass(frozen=True)
class DistrictChange:
    """The figures of one district in both plans."""

    zone_id: str
    name: str
    name_uk: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Difference:
    """Two plans side by side.

    Attributes
    ----------
    first, second
        Which plans they are.
    is_same_city, is_same_scenario, is_same_limit
        True where the cities have one name, the scenarios agree in every field, the time limits are the same.
    is_same_doors
        True where both count doors, queues and delays, or neither does.
    changes
        Figures of the whole city.
    districts
        Figures by district, those of the first plan, then those that only the second has; none for two cities.
    """

    first: Label
    second: Label
    is_same_city: bool
    is_same_scenario: bool
    is_same_limit: bool
    is_same_doors: bool
    changes: tuple[Change, ...]
    districts: tuple[DistrictChange, ...]


def difference(first: Any, second: Any, names: tuple[str, str] = ("first plan", "second plan")) -> Difference:
    """Set two plans side by side.

    Parameters
    ----------
    first, second
        What two ``plan.json`` files hold.
    names
        What errors call them: their file names.

    Returns
    -------
    Difference
        Every figure in both, labelled.

    Raises
    ------
    InputError
        If either is not an internal plan of this format; every fault of both is named.
    """
    faults = Faults("plans to compare")
    for name, found in zip(names, (first, second), strict=True):
        _check(name, found, faults)
    faults.raise_if_any()
    is_same_city = first["city"]["name"] == second["city"]["name"]
    return Difference(
        first=_label(first),
        second=_label(second),
        is_same_city=is_same_city,
        is_same_scenario=first["scenario"] == second["scenario"],
        is_same_limit=first["time_limit_s"] == second["time_limit_s"],
        is_same_doors=first["scenario"].get("has_doors") == second["scenario"].get("has_doors"),
        changes=tuple(Change(figure, _at(first, figure), _at(second, figure)) for figure in _FIGURES),
        districts=_districts(first, second) if is_same_city else (),
    )


def check(found: Any, name: str) -> None:
    """Refuse what cannot be compared, before any work is done for it.

    Parameters
    ----------
    found
        What a ``plan.json`` holds.
    name
        What errors call it: its file name.

    Raises
    ------
    InputError
        If it is not an internal plan of this format; every fault is named.
    """
    faults = Faults("plan to compare")
    _check(name, found, faults)
    faults.raise_if_any()


def _check(name: str, found: Any, faults: Faults) -> None:
    """Note every way in which a plan cannot be compared."""
    given = found.get("format") if isinstance(found, Mapping) else None
    if given != FORMAT:
        faults.add(
            f"{name}: format is {given!r:.80}, not {FORMAT!r}. Give a plan.json that this version wrote."
        )
        return
    if found.get("marking") == "public":
        faults.add(
            f"{name}: it is marked public, so it has bands and no counts. Give the internal plan.json."
        )
        return
    for key in _TEXTS:
        if not isinstance(_at(found, key), str):
            faults.add(
                f"{name}: {key} is {_at(found, key)!r:.80}, not text. Give the file as it was written."
            )
    for key in ("time_limit_s", *_FIGURES):
        _check_whole(name, key, _at(found, key), faults)
    districts = found.get("districts")
    if not isinstance(districts, list) or not all(isinstance(district, Mapping) for district in districts):
        faults.add(
            f"{name}: districts is {districts!r:.80}, not a list of districts. Give the file as it was written."
        )
        return
    zone_ids = [district.get("zone_id") for district in districts]
    for at, district in enumerate(districts):
        if zone_ids.index(zone_ids[at]) < at:
            faults.add(
                f"{name}: districts[{at}].zone_id is {zone_ids[at]!r:.80} once more. Give each district once."
            )
        for key in ("zone_id", "name", "name_uk"):
            if not isinstance(district.get(key), str):
                faults.add(
                    f"{name}: districts[{at}].{key} is {district.get(key)!r:.80}, not text. Give a name."
                )
        for key in _DISTRICT_FIGURES:
            _check_whole(name, f"districts[{at}].{key}", district.get(key), faults)


def _check_whole(name: str, key: str, value: Any, faults: Faults) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        faults.add(f"{name}: {key} is {value!r:.80}, not a whole number. Give the file as it was written.")


def _at(found: Any, path: str) -> Any:
    """What stands at a dotted path; None where nothing does."""
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _label(found: Mapping[str, Any]) -> Label:
    city, scenario = found["city"], found["scenario"]
    return Label(
        city=city["name"],
        title=city["title"],
        title_uk=city["title_uk"],
        scenario=scenario["name"],
        dated=scenario["dated"],
        time_limit_s=found["time_limit_s"],
    )


def _districts(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[DistrictChange, ...]:
    before, after = (
        {district["zone_id"]: district for district in plan["districts"]} for plan in (first, second)
    )
    return tuple(
        DistrictChange(
            zone_id=zone_id,
            name=district["name"],
            name_uk=district["name_uk"],
            changes=tuple(
                Change(key, before.get(zone_id, {}).get(key), after.get(zone_id, {}).get(key))
                for key in _DISTRICT_FIGURES
            ),
        )
        for zone_id, district in {**before, **{new: after[new] for new in after if new not in before}}.items()
    )
