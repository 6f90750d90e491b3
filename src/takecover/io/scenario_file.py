"""A scenario read from a TOML file: every fault of the file and of its values in one error."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from takecover import norms, threats
from takecover.errors import Faults, InputError
from takecover.io import toml_file
from takecover.model import check
from takecover.model.city import City
from takecover.model.scenario import Scenario

MOST_BYTES = 1_000_000
"""A scenario is a page of text; more is some other file."""

EXAMPLE = "time_limit_s = 600"

KEYS = tuple(field.name for field in fields(Scenario))
"""The keys of a scenario file: the fields of `Scenario`."""


def read(path: Path, city: City, default: Scenario) -> Scenario:
    """Read a scenario for a city.

    Parameters
    ----------
    path
        TOML file; its keys are the fields of `Scenario`, none of them needed.
    city
        The city that it is for; speeds, period and closed shelters are checked against it.
    default
        What holds where the file says nothing.

    Returns
    -------
    Scenario
        The scenario, checked.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        With every fault: no TOML, an unknown key (and the nearest known one), a value of the wrong kind or out of
        range.
    """
    faults = Faults(str(path))
    found = _keys(toml_file.read(path, MOST_BYTES, EXAMPLE), default, faults)
    scenario = replace(default, **found)
    for check_it in (lambda: check.scenario(scenario, city), lambda: norms.profile(scenario.norm_profile)):
        try:
            check_it()
        except InputError as error:
            faults.messages.extend(error.faults)
    faults.raise_if_any()
    return scenario


def _keys(parsed: Mapping[str, Any], default: Scenario, faults: Faults) -> dict[str, Any]:
    """The values of the known keys that are of the right kind."""
    found: dict[str, Any] = {}
    for key, value in parsed.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            remedy = f"Did you mean '{near[0]}'?" if near else f"Give one of: {', '.join(KEYS)}."
            faults.add(f"'{key:.80}' is no key of a scenario. {remedy}")
            continue
        is_right, kind = _KINDS[key]
        if not is_right(value):
            faults.add(f"{key}: {value!r:.80} is not {kind}. Give {kind}.")
            continue
        found[key] = tuple(value) if isinstance(value, list) else value
    for key in _TABLES:
        if key in found:
            found[key] = {**getattr(default, key), **{k: float(v) for k, v in found[key].items()}}
    if threat := found.get("threat"):
        found.setdefault("time_limit_s", _usual_time_s(threat, default.time_limit_s))
    elif usual_s := _usual_of_file(found):
        found.setdefault("time_limit_s", usual_s)
    if threat or "time_limit_s" in found or found.get("has_doors") is False:
        # Who names a threat or one time means that, and not the usual times of the default.
        found.setdefault("warning_times_s", ())
        found.setdefault("warning_weights", ())
    return found


def _usual_of_file(found: Mapping[str, Any]) -> int:
    """The time limit that goes with warning times of the file's own; 0 where it gives none, or no weight for each."""
    times_s, weights = found.get("warning_times_s", ()), found.get("warning_weights", ())
    return threats.usual_of(zip(times_s, weights, strict=True)) if len(times_s) == len(weights) else 0


def _usual_time_s(threat: str, otherwise_s: int) -> int:
    """The time limit that goes with a threat where the file gives none; an unknown threat is told of elsewhere."""
    return threats.usual_time_s(threat) if threat in threats.names() else otherwise_s


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return _is_whole(value) or isinstance(value, float)


def _is_list_of(is_right: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(is_right(item) for item in value)


def _is_table_of_numbers(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_number(number) for number in value.values())


_TABLES = ("speed_m_s", "delay_median_s", "delay_spread", "group_steps_factor")
"""Keys whose tables change the default where they name something, and leave the rest."""

_TEXT = (_is_text, 'text, such as "night"')
_WHOLE = (_is_whole, "a whole number")
_NUMBER = (_is_number, "a number")

_KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "name": _TEXT,
    "has_doors": (lambda value: isinstance(value, bool), "true or false"),
    "slot_s": _WHOLE,
    "dated": (_is_text, 'a date as text, such as "2026-11-24"'),
    "period": _TEXT,
    "time_limit_s": _WHOLE,
    "compare_limits_s": (_is_list_of(_is_whole), "a list of whole seconds, such as [240, 600, 1200]"),
    "turnout": _NUMBER,
    "speed_m_s": (_is_table_of_numbers, "a table of speeds, such as { walking = 1.1 }"),
    "steps_speed_factor": _NUMBER,
    "closed_shelter_ids": (_is_list_of(_is_text), 'a list of ids, such as ["S001"]'),
    "norm_profile": _TEXT,
    "seed": _WHOLE,
    "closed_entrance_ids": (_is_list_of(_is_text), 'a list of ids, such as ["S001-1"]'),
    "escalators_run": (lambda value: isinstance(value, bool), "true or false"),
    "count_on": (_is_text, 'text, such as "open"'),
    "delay_median_s": (_is_table_of_numbers, "a table of seconds by period, such as { night = 180 }"),
    "delay_spread": (_is_table_of_numbers, "a table of numbers by period, such as { night = 0.8 }"),
    "delay_cohorts": _WHOLE,
    "threat": (_is_text, 'text, such as "ballistic"'),
    "warning_times_s": (_is_list_of(_is_whole), "a list of whole seconds, such as [0, 240, 600]"),
    "warning_weights": (_is_list_of(_is_whole), "a list of whole thousandths, such as [400, 300, 300]"),
    "compare_turnouts": (_is_list_of(_is_number), "a list of numbers, such as [0.07, 0.3, 1]"),
    "group_shares": (_is_table_of_numbers, "a table of shares, such as { children = 0.15 }"),
    "group_shares_by_zone": (
        lambda value: isinstance(value, dict) and all(map(_is_table_of_numbers, value.values())),
        "a table of tables, such as { DAR = { children = 0.2 } }",
    ),
    "group_steps_factor": (_is_table_of_numbers, "a table of numbers, such as { children = 0.4 }"),
}
