"""The report as one HTML file that needs no network: figures in, text out.

Nothing is computed here that ``plan.json`` does not carry; every name that comes from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

import takecover
from takecover import norms, parameters
from takecover.analysis.difference import Change, Difference
from takecover.report import citymap, curves, texts

REASONS = ("no_place", "too_far", "no_step_free_way")
"""Order in which reasons are shown."""

WORST, WORST_BELOW = 10, 5
"""Rows of each table of shelters, and stretches in which the plan is worse, that are shown."""

FLICKER = 0.02
"""A stretch that costs less than this share of the worst one is only counted."""

CONTENTS = ("compare", "districts", "shelters", "proof", "assumptions", "sources", "cannot", "files")
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

SHADES = 4
"""Shades that the style sheet has for squares on the map."""


@dataclass(frozen=True)
class ParameterRow:
    """A number behind the plan: what was used, and where it stands in the table of parameters."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    standing: str
    source: str
    is_own: bool


def render(
    figures: Mapping[str, Any],
    city_map: citymap.CityMap,
    files: Sequence[tuple[str, str]],
    *,
    lang: str = "en",
    difference: Difference | None = None,
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

    Returns
    -------
    str
        HTML, whole.
    """
    templates = environment()
    templates.globals["label"] = lambda key, **values: label(key, lang, **values)
    templates.globals["title_of"] = lambda code: _title(figures, code)
    is_public = figures["marking"] == "public"
    template = templates.get_template("public.html.j2" if is_public else "report.html.j2")
    return template.render(
        f=figures,
        lang=lang,
        notices=[
            both(en, uk)
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
        parameter_rows=parameter_rows(figures),
        norms=norms.profile(figures["scenario"]["norm_profile"]),
        has_costs="costs" in [holds for _, holds in files],
        **({} if is_public else _internal(figures)),
    )


def _internal(figures: Mapping[str, Any]) -> dict[str, Any]:
    """What only the report for planners shows."""
    has_districts = any(district["zone_id"] for district in figures["districts"])
    return {
        "places": sum(shelter["capacity"] for shelter in figures["shelters"]),
        "charts": {"desk": curves.draw(figures, curves.DESK), "phone": curves.draw(figures, curves.PHONE)},
        "contents": [name for name in CONTENTS if name != "districts" or has_districts],
        "below": _below(figures),
        "worst": _worst(figures["shelters"]),
        "shelter_counts": _shelter_counts(figures["shelters"]),
    }


def environment() -> Environment:
    """Templates with escaping on, and the words that they use."""
    templates = Environment(
        loader=PackageLoader("takecover.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        t=phrase,
        t_svg=phrase_svg,
        n=value,
        ts=value_svg,
        both=both,
        named=named,
        price=price,
        quantity=quantity,
    )
    return templates


def both(en: Any, uk: Any, tag: str = "span") -> Markup:
    """The same in two languages, one of which is shown; once where they do not differ."""
    english, ukrainian = escape(en), escape(uk)
    if english == ukrainian:
        return english
    return Markup(f'<{tag} lang="en">{english}</{tag}><{tag} lang="uk">{ukrainian}</{tag}>')


def _in_each(write: Callable[[str], Any], tag: str = "span") -> Markup:
    english, ukrainian = (write(lang) for lang in texts.LANGUAGES)
    return both(english, ukrainian, tag)


def phrase(key: str, **values: Any) -> Markup:
    """A phrase in both languages."""
    return _in_each(lambda lang: texts.say(key, lang, **values))


def phrase_svg(key: str, **values: Any) -> Markup:
    """A phrase in both languages, inside an SVG text."""
    return _in_each(lambda lang: texts.say(key, lang, **values), tag="tspan")


def label(key: str, lang: str, **values: Any) -> Markup:
    """A phrase as the label of a picture: in `lang`, with both languages beside it for the script to choose from."""
    said = {each: texts.say(key, each, **values).striptags() for each in texts.LANGUAGES}
    return Markup('aria-label="{}" data-label-en="{}" data-label-uk="{}"').format(
        said[lang], said["en"], said["uk"]
    )


def value(number: float, how: str = "number") -> Markup:
    """A number in both languages; `how` as in `texts.show`."""
    return _in_each(lambda lang: texts.show(number, how, lang))


def value_svg(number: float, how: str = "number") -> Markup:
    """A number in both languages, inside an SVG text."""
    return _in_each(lambda lang: texts.show(number, how, lang), tag="tspan")


def named(kind: str, name: str) -> Markup:
    """Our words for a group, kind of shelter, period or subject; its own name where we have none."""
    key = f"{kind}.{name}"
    return phrase(key) if key in texts.phrases() else escape(name)


def quantity(number: float, unit: str) -> Markup:
    """A parameter with its unit."""
    decimals = len(f"{number:g}".partition(".")[2])
    key = "unit." + unit.replace("/", "_")
    suffix = texts.NO_BREAK + "{}" if key in texts.phrases() else ""
    return _in_each(
        lambda lang: (
            texts.number(number, lang, decimals) + (suffix.format(texts.say(key, lang)) if suffix else "")
        )
    )


def price(shelter: Mapping[str, Any]) -> Markup:
    """What one more place in a shelter gains, in words."""
    people, seconds = shelter["price_people"], shelter["price_s"]
    if people > 0:
        key = "person_and_saves" if seconds > 0 else "person_and_costs" if seconds < 0 else "person"
    else:
        key = "saves" if seconds > 0 else "nothing"
    return phrase(f"price.{key}", s=abs(seconds))


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

    return _in_each(sentence)


def _title(figures: Mapping[str, Any], lang: str) -> str:
    city = figures["city"]["title_uk" if lang == "uk" else "title"]
    return str(texts.say("page.title", lang, city=city, limit_s=figures["time_limit_s"]).unescape())


def _worst(shelters: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The shelters at the head of each table; ties go to the larger, then to the lower id."""

    def first(rows: Sequence[Mapping[str, Any]], *keys: str) -> list[Mapping[str, Any]]:
        return sorted(rows, key=lambda s: (*(-s[key] for key in (*keys, "capacity")), s["shelter_id"]))[
            :WORST
        ]

    return {
        "price": first(
            [s for s in shelters if (s["price_people"], s["price_s"]) > (0, 0)], "price_people", "price_s"
        ),
        "turned_away": first([s for s in shelters if s["turned_away"]], "turned_away"),
        "full": first([s for s in shelters if s["load"]], "utilisation"),
    }


def _below(figures: Mapping[str, Any]) -> list[tuple[str, list[Mapping[str, Any]], int]]:
    """When the plan is worse, before its limit and after it: which, the stretches to tell, and how many more.

    At the limit itself it never is, so each stretch is on one side.
    """
    spans, limit_s = figures["below"], figures["time_limit_s"]
    found = []
    for which, own in (
        ("early", [span for span in spans if span["from_s"] < limit_s]),
        ("late", [span for span in spans if span["from_s"] >= limit_s]),
    ):
        told = _worst_below(own)
        if told:
            found.append((which, told, len(own) - len(told)))
    return found


def _worst_below(spans: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The stretches in which the plan lies farthest below the scramble, in the order of time; no mere flickers."""
    worst = sorted(spans, key=lambda span: -span["largest"])[:WORST_BELOW]
    return sorted(
        (span for span in worst if span["largest"] >= FLICKER * worst[0]["largest"]),
        key=lambda span: span["from_s"],
    )


def _shelter_counts(shelters: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {
        "count": len(shelters),
        "full": sum(0 < s["capacity"] <= s["load"] for s in shelters),
        "idle": sum(s["load"] == 0 for s in shelters),
        "with_gain": sum(s["price_people"] > 0 for s in shelters),
    }


def parameter_rows(figures: Mapping[str, Any]) -> list[ParameterRow]:
    """The numbers that this plan rests on, with what it used in place of the default."""
    scenario = figures["scenario"]
    used = {f"{group}_speed_m_s": speed for group, speed in scenario["speed_m_s"].items()}
    used["steps_speed_factor"] = scenario["steps_speed_factor"]
    rows = []
    for entry in parameters.table():
        if entry.name not in (*used, "step_free_share", "step_free_entrance_share", "snap_limit_m"):
            continue
        number = used.get(entry.name, entry.default)
        rows.append(
            ParameterRow(
                name=entry.name,
                unit=entry.unit,
                value=number,
                low=entry.low,
                high=entry.high,
                standing=entry.standing,
                source=entry.source,
                is_own=number != entry.default,
            )
        )
    return rows
