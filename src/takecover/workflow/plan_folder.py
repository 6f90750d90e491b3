"""The folder of a plan: what stands in it, and how another one is read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from jinja2 import Environment

from takecover.analysis import difference
from takecover.analysis.reasons import Reasons
from takecover.errors import InputError
from takecover.io import files, geojson, json_text, tables, whole
from takecover.model.city import City
from takecover.model.plan import Plan
from takecover.model.scenario import Scenario
from takecover.model.timeline import Timeline
from takecover.report import citymap, page
from takecover.workflow.outcome import Choices, Outcome

MARKER = "plan.json"
"""The file that every plan's folder holds."""

MOST_BYTES = 500_000_000
"""Largest ``plan.json`` that is read."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
"""Made once: `json.dumps` makes one for each row."""


def refuse(out: Path) -> None:
    """Refuse a folder that is not ours to replace, before anything is computed.

    Raises
    ------
    InputError
        If it is not.
    """
    whole.refuse(out, MARKER)


class Parts:
    """Those parts of a plan's folder that need nothing but the plan; they can be made while the rest is worked out.

    Parameters
    ----------
    city, scenario
        What the plan is made from.
    folder
        The folder, which `whole.folder` gave.
    choices
        How it is shown; for the public there are none.
    """

    def __init__(self, city: City, scenario: Scenario, folder: Path, choices: Choices) -> None:
        self._city, self._scenario = city, scenario
        self._folder, self._choices = folder, choices
        self.named: list[tuple[str, str]] = []
        self.city_map: citymap.CityMap | None = None
        self.templates: Environment | None = None

    def jobs(self, plan: Plan, scramble: Timeline, reasons: Reasons) -> list[Callable[[], None]]:
        """What writes them, each apart from the others."""
        if self._choices.is_public:
            return []
        city, named = self._city, self.named
        named.append((MARKER, "plan_json"))
        built = {
            "flows": lambda: tables.flows(city, plan),
            "shelters": lambda: tables.shelters(city, plan, scramble),
            "origins": lambda: tables.origins(city, plan, reasons),
        }
        jobs = []
        for name, table in built.items():
            jobs.append(partial(self._write, name, table))
            named.append((f"{name}.parquet, {name}.geojson", name))
        if self._choices.has_costs:
            jobs.append(partial(self._write_costs, plan))
            named.append(("costs.parquet", "costs"))
        return [partial(self._draw, plan), *jobs, self._compile]

    def _draw(self, plan: Plan) -> None:
        self.city_map = citymap.draw(self._city, plan)

    def _compile(self) -> None:
        self.templates = page.compiled()

    def _write(self, name: str, table: Callable[[], pa.Table]) -> None:
        made, notes = table(), _notes(self._city, self._scenario, "internal")
        tables.write(made, self._folder / f"{name}.parquet", notes)
        geojson.write(made, self._folder / f"{name}.geojson", notes)

    def _write_costs(self, plan: Plan) -> None:
        notes = _notes(self._city, self._scenario, "internal")
        tables.write(tables.costs(self._city, plan.costs), self._folder / "costs.parquet", notes)


def write(outcome: Outcome, folder: Path, choices: Choices, parts: Parts) -> None:
    """Write the rest of the folder of a plan.

    Parameters
    ----------
    outcome
        What was worked out.
    folder
        The folder, which `whole.folder` gave.
    choices
        How it is shown.
    parts
        What is written already.
    """
    _write_json(folder / MARKER, outcome.document)
    named, city_map = parts.named, parts.city_map
    if city_map is None:
        named = _write_public(outcome, folder)
        city_map = citymap.draw_public(outcome.city, [s["level"] for s in outcome.document["shelters"]])
    text = page.render(
        outcome.document,
        city_map,
        named,
        lang=choices.lang,
        difference=outcome.difference,
        templates=parts.templates,
    )
    (folder / "report.html").write_text(text, encoding="utf-8", newline="\n")


def read(path: Path) -> Any:
    """Read the figures of a plan that was written before.

    Parameters
    ----------
    path
        The plan's folder, or its ``plan.json``.

    Returns
    -------
    dict
        The figures, fit for `difference.difference`.

    Raises
    ------
    SourceError
        If it cannot be read.
    InputError
        If it is no plan that can be compared.
    """
    file = path / MARKER if path.is_dir() else path
    content = files.read_bytes(file, MOST_BYTES)
    try:
        found = json_text.parse(content)
    except ValueError as error:
        raise InputError(f"{file}: is no JSON ({str(error)[:120]}). Give the folder of a plan.") from error
    difference.check(found, str(file))
    return found


def _write_public(outcome: Outcome, folder: Path) -> list[tuple[str, str]]:
    """Write the one table that the public gets."""
    geojson.write(
        tables.public_shelters(outcome.document["shelters"]),
        folder / "shelters.geojson",
        _notes(outcome.city, outcome.scenario, "public"),
    )
    return [(MARKER, "plan_json_public"), ("shelters.geojson", "shelters_public")]


def _notes(city: City, scenario: Scenario, marking: str) -> dict[str, Any]:
    """What every file must carry."""
    return {
        "marking": marking,
        "city": city.name,
        "notices": city.notices,
        "notices_uk": city.notices_uk,
        "attributions": city.attributions,
        "time_limit_s": scenario.time_limit_s,
    }


def _write_json(file: Path, document: Mapping[str, Any]) -> None:
    """Write one key a line, and one row a line where a key holds a table."""
    lines = ",\n".join(f" {_json(key)}: {_table(value)}" for key, value in document.items())
    file.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8", newline="\n")


def _table(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n  " + ",\n  ".join(map(_json, value)) + "\n ]"
    return _json(value)


def _json(value: Any) -> str:
    return _ENCODER.encode(value)
