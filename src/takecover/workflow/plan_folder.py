"""The folder of a plan: what stands in it, and how another one is read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from takecover.analysis import difference
from takecover.errors import InputError
from takecover.io import files, geojson, json_text, tables, whole
from takecover.report import citymap, page
from takecover.workflow.outcome import Choices, Outcome

MARKER = "plan.json"
"""The file that every plan's folder holds."""

MOST_BYTES = 500_000_000
"""Largest ``plan.json`` that is read."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
"""Made once: `json.dumps` makes one for each row."""

TABLES = ("flows", "shelters", "origins")
"""Tables that every plan's folder for planners holds, as Parquet and as GeoJSON."""


def refuse(out: Path) -> None:
    """Refuse a folder that is not ours to replace, before anything is computed.

    Raises
    ------
    InputError
        If it is not.
    """
    whole.refuse(out, MARKER)


def write(outcome: Outcome, out: Path, choices: Choices) -> None:
    """Write the folder of a plan, whole or not at all.

    Parameters
    ----------
    outcome
        What was worked out.
    out
        The folder.
    choices
        How it is shown.
    """
    with whole.folder(out, MARKER) as folder:
        _write_json(folder / MARKER, outcome.document)
        if choices.is_public:
            named = _write_public(outcome, folder)
        else:
            named = _write_tables(outcome, folder, has_costs=choices.has_costs)
        text = page.render(
            outcome.document, _map(outcome, choices), named, lang=choices.lang, difference=outcome.difference
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


def _write_tables(outcome: Outcome, folder: Path, *, has_costs: bool) -> list[tuple[str, str]]:
    """Write the tables for planners; return the files, each with the phrase that says what it holds."""
    city, found = outcome.city, outcome.found
    notes = _notes(outcome)
    built = {
        "flows": tables.flows(city, found.plan),
        "shelters": tables.shelters(city, found.plan, found.scramble),
        "origins": tables.origins(city, found.plan, found.reasons),
    }
    named = [(MARKER, "plan_json")]
    for name in TABLES:
        tables.write(built[name], folder / f"{name}.parquet", notes)
        geojson.write(built[name], folder / f"{name}.geojson", notes)
        named.append((f"{name}.parquet, {name}.geojson", name))
    if has_costs:
        tables.write(tables.costs(city, found.plan.costs), folder / "costs.parquet", notes)
        named.append(("costs.parquet", "costs"))
    return named


def _write_public(outcome: Outcome, folder: Path) -> list[tuple[str, str]]:
    """Write the one table that the public gets."""
    geojson.write(
        tables.public_shelters(outcome.document["shelters"]), folder / "shelters.geojson", _notes(outcome)
    )
    return [(MARKER, "plan_json_public"), ("shelters.geojson", "shelters_public")]


def _map(outcome: Outcome, choices: Choices) -> citymap.CityMap:
    """The map of the report; for the public without the squares, and with levels in place of loads."""
    if choices.is_public:
        return citymap.draw_public(outcome.city, [s["level"] for s in outcome.document["shelters"]])
    return citymap.draw(outcome.city, outcome.found.plan)


def _notes(outcome: Outcome) -> dict[str, Any]:
    """What every file must carry."""
    city = outcome.document["city"]
    return {
        "marking": outcome.document["marking"],
        "city": city["name"],
        "notices": city["notices"],
        "notices_uk": city["notices_uk"],
        "attributions": city["attributions"],
        "time_limit_s": outcome.document["time_limit_s"],
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
