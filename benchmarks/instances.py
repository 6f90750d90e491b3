"""The cities that are measured, each made once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from benchmarks import porto
from benchmarks.measurement import LIMIT_S
from takecover import cities
from takecover.analysis import groups
from takecover.cities import model_kyiv
from takecover.cities.model_kyiv import cover, people, streets
from takecover.cities.model_kyiv.terrain import Terrain
from takecover.model.city import City
from takecover.model.scenario import REGISTERED, Scenario
from takecover.workflow import scenario

SIZES = (*cities.SIZES, porto.NAME)
"""Names that `instance` knows."""


@dataclass(frozen=True, eq=False)
class Instance:
    """A city with the scenario that it is measured in.

    Attributes
    ----------
    name
        City.
    size
        How fine it is.
    city, scenario
        The input of a plan.
    """

    name: str
    size: str
    city: City
    scenario: Scenario

    @property
    def label(self) -> str:
        """City and size in one."""
        return f"{self.name} {self.size}"


def instance(size: str) -> Instance:
    """The instance of a name in `SIZES`, made the first time that it is asked for.

    Raises
    ------
    AbsentError
        If its streets are not here.
    """
    if size == porto.NAME:
        return _of(porto.NAME, "whole", porto.city())
    return _kyiv(size)


@cache
def _kyiv(size: str) -> Instance:
    return _of("model-kyiv", size, cities.make(cities.MODEL_KYIV + size))


def kyiv_of(node_count: int, origin_count: int) -> Instance:
    """Model Kyiv with another number of nodes and origins than its sizes have."""
    terrain = Terrain.from_facts(model_kyiv.SEED)
    made = streets.build(terrain, node_count, model_kyiv.SEED)
    city = replace(
        instance("small").city,
        name=f"{cities.MODEL_KYIV}{node_count}",
        network=made.network,
        shelters=cover.place(terrain, made, model_kyiv.SEED),
        demand=people.settle(terrain, made, origin_count, model_kyiv.SEED),
    )
    return _of("model-kyiv", str(node_count), city)


def split(made: Instance) -> Instance:
    """The same city with children and older people as groups of their own, four in all."""
    wished = scenario.scenario_for(made.city, scenario.Wishes(is_split=True), "2026-01-01")
    assumed = replace(wished, count_on=REGISTERED, time_limit_s=LIMIT_S)
    return Instance(made.name, made.size, groups.split(made.city, assumed), assumed)


def _of(name: str, size: str, city: City) -> Instance:
    # Every registered place counts, so that the instances stay what they were when first measured.
    assumed = replace(scenario.default(city, "2026-01-01"), count_on=REGISTERED)
    return Instance(name, size, city, replace(assumed, time_limit_s=LIMIT_S))
