"""The check of a shelter list as one HTML file that needs no network, and its sentences for the annotated copy.

No holder, contact, phone or cell with personal data is in it; every text that comes from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from markupsafe import Markup

import takecover
from takecover.analysis import inspection as inspecting
from takecover.analysis.inspection import FIELDS, Inspection
from takecover.analysis.register import Register
from takecover.analysis.remarks import WHOLE_LIST, Remark
from takecover.model.city import Source, Zones, attributions
from takecover.report import markup, texts

SHOWN = 20
"""Remarks of each rule that stand on the page; all stand in the annotated copy."""

WEIGHTS = ("wrong", "doubtful", "gap")
MAP_WIDTH, MAP_HEIGHT = 640, 440
MOST_DOTS = 6000
"""More dots than a page should hold are thinned out, the clean ones first."""


@dataclass(frozen=True)
class About:
    """What a page says beside the findings.

    Attributes
    ----------
    title, title_uk
        What the list is of.
    day
        Day of the check, ISO 8601.
    copy_name
        File name of the annotated copy.
    reading
        How the list was read, as sentences.
    sources
        Where the list came from, and what it was checked with.
    notices, notices_uk
        What every output must say of the city, in both languages.
    files
        What was used beside the list, by the names of the files, as sentences.
    """

    title: str
    title_uk: str
    day: str
    copy_name: str
    reading: Sequence[str]
    sources: Sequence[Source]
    notices: Sequence[str] = ()
    notices_uk: Sequence[str] = ()
    files: Sequence[str] = ()

    @property
    def attributions(self) -> tuple[str, ...]:
        """Each line that an output must carry, once, in the order of the sources."""
        return attributions(self.sources)


def render(found: Inspection, register: Register, zones: Zones | None, about: About, lang: str = "en") -> str:
    """Write the page.

    Parameters
    ----------
    found
        What the check found.
    register
        The rows.
    zones
        Districts, for the map; None where there are none.
    about
        What the page says beside the findings.
    lang
        Language that the page opens in.
    """
    environment = markup.environment()
    counts = inspecting.weights(found)
    numbers = {**counts, "rows": len(register), "clean": len(register) - sum(counts.values())}
    environment.globals["title_of"] = lambda code: str(
        texts.say("check.title", code, city=_city(about, code)).unescape()
    )
    has_point = np.isfinite(register.shelters.lon)
    return environment.get_template("check.html.j2").render(
        lang=lang,
        about=about,
        found=found,
        register=register,
        headline=_headline(numbers),
        numbers=numbers,
        groups=_groups(found, register),
        missing=_missing(found),
        notices=[markup.both(en, uk) for en, uk in zip(about.notices, about.notices_uk, strict=True)],
        fields=FIELDS,
        completeness=(*found.districts, found.whole),
        dots=_dots(found, register, zones),
        outlines=_outlines(register, zones),
        map_size=(MAP_WIDTH, MAP_HEIGHT),
        placed=int(has_point.sum()),
        off_map=int((has_point & ~_is_on_map(register, zones)).sum()),
        shown=SHOWN,
        kept=sum(1 for count in found.checked.values() if count == 0),
        version=takecover.__version__,
    )


def sentence(remark: Remark, register: Register, lang: str) -> str:
    """What to mend, in one language, as plain text."""
    return str(_say(remark, register, lang).unescape())


def word(weight: str, lang: str) -> str:
    """A weight in one language, as plain text."""
    return str(texts.say(f"weight.{weight}", lang).unescape())


def copy_words(
    register: Register, attributed: Sequence[str], lang: str
) -> tuple[str, str, str, tuple[str, ...]]:
    """What is written into the annotated copy: heads of its two columns, name of the sheet of notes, and its lines.

    A sheet of notes is in a workbook only, so what must be said stands in the head too.
    """

    def say(key: str, **values: Any) -> str:
        return str(texts.say(key, lang, **values).unescape())

    guarded = ", ".join(register.columns_to_guard)
    personal = (say("check.copy_personal", columns=guarded),) if guarded else ()
    said = (*personal, *(["; ".join(attributed)] if attributed else []))
    head = say("check.copy_note") + "".join(f" ({line})" for line in said)
    return say("check.copy_weight"), head, say("check.copy_sheet"), (say("check.copy_lines"), *said)


def heaviest(remarks: Sequence[Remark]) -> str:
    """The heaviest weight among some remarks."""
    return min((inspecting.rule(remark.rule).weight for remark in remarks), key=WEIGHTS.index)


def _say(remark: Remark, register: Register, lang: str) -> Markup:
    values = dict(remark.values)
    if "other" in values:
        values["other"] = int(register.shelters.line[values["other"]])
        values["unit"] = texts.say(f"row_unit.{register.unit}", lang)
    if values.get("reason"):
        values["reason"] = texts.say(f"fault.{values['reason'].replace(' ', '_')}", lang)
    return texts.say(f"mend.{remark.rule}", lang, **values)


def _city(about: About, lang: str) -> str:
    return about.title_uk if lang == "uk" else about.title


def _headline(numbers: Mapping[str, int]) -> Markup:
    """The one sentence, its numbers in bold."""

    def say(lang: str) -> Markup:
        strong = {
            name: Markup('<b class="w-{}">{}</b>').format(name, texts.show(number, "number", lang))
            for name, number in numbers.items()
        }
        return texts.say("check.headline", lang, **strong)

    return markup.both(*(say(lang) for lang in texts.LANGUAGES))


def _groups(found: Inspection, register: Register) -> list[dict[str, Any]]:
    """The remarks of each rule that made one: heavier rules first, then those with more remarks."""
    by_rule: dict[str, list[Remark]] = {}
    for remark in found.remarks:
        by_rule.setdefault(remark.rule, []).append(remark)
    groups = [
        {
            "name": name,
            "weight": inspecting.rule(name).weight,
            "count": len(remarks),
            "rows": [_line(remark, register) for remark in remarks[:SHOWN]],
        }
        for name, remarks in by_rule.items()
    ]
    return sorted(
        groups,
        key=lambda group: (WEIGHTS.index(str(group["weight"])), -int(str(group["count"])), group["name"]),
    )


def _line(remark: Remark, register: Register) -> dict[str, Any]:
    row = remark.row_idx
    is_whole = row == WHOLE_LIST
    return {
        "line": None if is_whole else int(register.shelters.line[row]),
        "place": "" if is_whole else str(register.shelters.names[row] or register.shelters.shelter_ids[row]),
        "text": markup.both(*(_say(remark, register, lang) for lang in texts.LANGUAGES)),
    }


def _missing(found: Inspection) -> list[tuple[str, list[str]]]:
    """What was missing, with the rules that wait for it; what most rules wait for first."""
    waiting: dict[str, list[str]] = {}
    for name, needs in found.unchecked.items():
        for need in needs:
            waiting.setdefault(need, []).append(name)
    return sorted(waiting.items(), key=lambda each: (-len(each[1]), each[0]))


def _dots(found: Inspection, register: Register, zones: Zones | None) -> list[tuple[float, float, str]]:
    """A dot for each row with coordinates: x, y and its heaviest weight; heavy ones last, so that they lie on top."""
    by_row = found.of_row()
    x, y = _onto_map(register.shelters.lon, register.shelters.lat, register, zones)
    weights = [heaviest(by_row[row]) if row in by_row else "clean" for row in range(len(register))]
    order = ("clean", "gap", "doubtful", "wrong")
    is_on = _is_on_map(register, zones)
    rows = sorted(np.flatnonzero(is_on).tolist(), key=lambda row: order.index(weights[row]))
    return [(float(x[row]), float(y[row]), weights[row]) for row in rows[-MOST_DOTS:]]


def _is_on_map(register: Register, zones: Zones | None) -> np.ndarray:
    """Rows that lie on the map, shape (r,) bool; a row without coordinates does not."""
    x, y = _onto_map(register.shelters.lon, register.shelters.lat, register, zones)
    return np.asarray((x >= 0) & (x <= MAP_WIDTH) & (y >= 0) & (y <= MAP_HEIGHT))


def _outlines(register: Register, zones: Zones | None) -> list[str]:
    """Outlines of districts as paths."""
    if zones is None or len(zones) == 0 or not np.isfinite(register.shelters.lon).any():
        return []
    paths = []
    for shape in zones.outlines:
        for part in shapely.get_parts(shapely.simplify(shape, 1e-4)):
            ring = shapely.get_coordinates(shapely.get_exterior_ring(part))
            x, y = _onto_map(ring[:, 0], ring[:, 1], register, zones)
            paths.append("M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True)) + "Z")
    return paths


def _onto_map(
    lon: np.ndarray, lat: np.ndarray, register: Register, zones: Zones | None
) -> tuple[np.ndarray, np.ndarray]:
    """Places on the map, true in shape at its middle: it shows the districts, or else all rows but the strays."""
    if zones is not None and len(zones):
        west, south, east, north = shapely.total_bounds(zones.outlines)
    else:
        has_point = np.isfinite(register.shelters.lon)
        if not has_point.any():
            return np.full(len(lon), np.nan), np.full(len(lon), np.nan)
        west, east = np.percentile(register.shelters.lon[has_point], [0.5, 99.5])
        south, north = np.percentile(register.shelters.lat[has_point], [0.5, 99.5])
    squeeze = float(np.cos(np.radians((south + north) / 2)))
    scale = min(
        (MAP_WIDTH - 24) / max((east - west) * squeeze, 1e-6), (MAP_HEIGHT - 24) / max(north - south, 1e-6)
    )
    x = MAP_WIDTH / 2 + (lon - (west + east) / 2) * squeeze * scale
    y = MAP_HEIGHT / 2 - (lat - (south + north) / 2) * scale
    return x, y
