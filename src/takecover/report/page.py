"""The report as one HTML file that needs no network: figures in, text out.

Nothing is computed here that ``plan.json`` does not carry; every name that comes from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

import takecover
from takecover import norms
from takecover.analysis.difference import Change, Difference
from takecover.report import assumed, citymap, curves, following, markup, sections, texts, whereabouts
from takecover.report.axes import Frame

REASONS = ("no_place", "door_too_narrow", "left_too_late", "too_far", "door_shut", "no_step_free_way")
"""Order in which reasons are shown."""

CONTENTS = (
    "overtime",
    "doors",
    "guidance",
    "turnouts",
    "places",
    "compare",
    "districts",
    "shelters",
    "proof",
    "assumptions",
    "sources",
    "cannot",
    "files",
)
"""Sections that the list of contents leads to."""

DIFFERENCE_ROWS = (
    "people",
    "scramble.under_cover",
    "under_cover",
    "gain",
    "unserved",
    *(f"unserved_by_reason.{reason}" for reason in REASONS),
)
"""Figures that are shown for two plans, in this order."""

OTHER_PAGES = ("check.html.j2", "public.html.j2")
"""Templates that the report for planners does not use."""

SHADES = 4
"""Shades that the style sheet has for squares on the map."""


def compiled() -> Environment:
    """The templates of the planners' report; compiling takes 0.15 s, which can pass while its figures are found."""
    templates = markup.environment()
    for name in templates.list_templates(["j2"]):
        if name not in OTHER_PAGES:
            templates.get_template(name)
    return templates


def render(
    figures: Mapping[str, Any],
    city_map: citymap.CityMap,
    files: Sequence[tuple[str, str]],
    *,
    lang: str = "en",
    difference: Difference | None = None,
    templates: Environment | None = None,
) -> str:
    """Write the report.

    Parameters
    ----------
    figures
        The figures of a plan, as in ``plan.json``.
    city_map
        The map.
    files
        Files beside the report: name, and the end of the phrase that says what it holds (``file.…``).
    lang
        Language that the page opens in; the other one is a click away.
    difference
        The comparison with another plan, shown above the result.
    templates
        What `compiled` gave, once for each report; compiled where None.

    Returns
    -------
    str
        HTML, whole.
    """
    templates = templates or markup.environment()
    templates.globals["label"] = lambda key, **values: markup.label(key, lang, **values)
    templates.globals["title_of"] = lambda code: _title(figures, code)
    is_public = figures["marking"] == "public"
    template = templates.get_template("public.html.j2" if is_public else "report.html.j2")
    return template.render(
        f=figures,
        lang=lang,
        notices=[
            markup.both(en, uk)
            for en, uk in zip(figures["city"]["notices"], figures["city"]["notices_uk"], strict=True)
        ],
        city_map=city_map,
        map_width=citymap.WIDTH,
        cell_m=citymap.CELL_M,
        shade=lambda level: round(level * (SHADES - 1) / max(len(city_map.cells) - 1, 1)),
        files=files,
        reasons=REASONS,
        difference=difference,
        difference_rows=_in_order(difference.changes) if difference else (),
        version=takecover.__version__,
        headline=_headline(figures),
        assumed=assumed.line(figures),
        parameter_rows=assumed.parameter_rows(figures),
        door_rows=assumed.door_rows(figures),
        norms=norms.profile(figures["scenario"]["norm_profile"]),
        has_costs="costs" in [holds for _, holds in files],
        **({} if is_public else _internal(figures)),
    )


def _internal(figures: Mapping[str, Any]) -> dict[str, Any]:
    """What only the report for planners shows."""
    has_districts = any(district["zone_id"] for district in figures["districts"])
    followed = figures["guidance"]["followed"]
    return {
        "places": sum(shelter["capacity"] for shelter in figures["shelters"]),
        "charts": _each_size(curves, partial(curves.draw, figures)),
        "marked": [mark for mark in curves.marked() if mark[1] <= figures["curves"]["time_s"][-1]],
        "moments": whereabouts.moments(figures),
        "fills": {
            crowd: ["".join(digits) for digits in zip(*figures["fill"][crowd], strict=True)]
            for crowd in whereabouts.CROWDS
        },
        "crowds": {
            crowd: _each_size(whereabouts, partial(whereabouts.draw, figures, crowd))
            for crowd in whereabouts.CROWDS
        },
        "following": _each_size(following, partial(following.draw, followed)),
        "verdict": following.verdict(followed),
        "cells": sections.cells(figures["guidance"]),
        "is_good": sections.is_good(figures["guidance"]),
        "worst_loss": sections.worst_loss(figures["guidance"]),
        "lost_at_most": sections.LOST_AT_MOST,
        "doors": {crowd: sections.doors(figures["doors"][crowd]) for crowd in whereabouts.CROWDS},
        "steps": sections.steps(figures["places"]),
        "place_districts": sections.place_districts(figures),
        "contents": [name for name in CONTENTS if name != "districts" or has_districts],
        "below": sections.below(figures),
        "worst": sections.worst(figures["shelters"]),
        "shelter_counts": sections.shelter_counts(figures["shelters"]),
        "expected": assumed.expected(figures),
        "proven": _proven(figures),
    }


def _each_size(module: Any, draw: Callable[[Frame], Any]) -> dict[str, Any]:
    """A figure for a wide and for a narrow page."""
    return {"desk": draw(module.DESK), "phone": draw(module.PHONE)}


def _proven(figures: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """Each side of the proof in people and seconds."""
    certificate = figures["certificate"]
    units = certificate["units_per_person"]
    return {
        side: (certificate[side][0] / units, certificate[side][1] / 10) for side in ("primal", "dual", "gap")
    }


def _in_order(changes: Sequence[Change]) -> list[Change]:
    """Those changes that are shown, in the order in which they are."""
    by_figure = {change.figure: change for change in changes}
    return [by_figure[figure] for figure in DIFFERENCE_ROWS]


def _headline(figures: Mapping[str, Any]) -> Markup:
    """The one sentence: three numbers, for the public three bands of shares, and the time limit."""
    is_public = figures["marking"] == "public"
    key = "{}_percent" if is_public else "{}"
    how = "percents" if is_public else "number"
    numbers = {
        "limit": (figures["time_limit_s"], "time"),
        "scramble": (figures["scramble"][key.format("under_cover")], how),
        "plan": (figures[key.format("under_cover")], how),
        "unserved": (figures[key.format("unserved")], how),
    }

    def sentence(lang: str) -> Markup:
        strong = {
            name: Markup('<b class="n-{}">{}</b>').format(name, texts.show(number, how, lang))
            for name, (number, how) in numbers.items()
        }
        return texts.say("public.sentence" if is_public else "headline.sentence", lang, **strong)

    return markup.in_each(sentence)


def _title(figures: Mapping[str, Any], lang: str) -> str:
    city = figures["city"]["title_uk" if lang == "uk" else "title"]
    return str(texts.say("page.title", lang, city=city, limit_s=figures["time_limit_s"]).unescape())
